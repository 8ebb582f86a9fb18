/**
 * A way to a kernel that is busy: comms over a subshell of the page's own (ipykernel 7).
 *
 * By messages of Jupyter's protocol, not by JupyterLab's comms: after a reload those wait for the kernel's first answer on
 * its main shell, which is the one that is busy, and before JupyterLab 4.4 they know no subshells.
 */

import { randomId } from "../vdom.js";
import { COMM_TARGET } from "./output_type.js";

/** @typedef {import("./lab_api.js").Kernel} Kernel */
/** @typedef {import("./lab_api.js").Message} Message */
/**
 * @typedef {object} Ends
 * @property {(data: any, buffers: Message["buffers"]) => void} heard
 * @property {() => void} closed by the kernel: it has no such widget, or not any more
 */
/** @typedef {{send: (data: unknown) => void, close: () => void, viewed: () => void}} Comm */

/**
 * A thread of the kernel's, as long as a comm needs it.
 * @typedef {object} Subshell
 * @property {string} id
 * @property {number} comms how many use it
 * @property {() => void} leave
 */

const LINGER = 2000;
const PATIENCE = 10_000;

/** @type {WeakMap<Kernel, Promise<Subshell | null>>} the one of each kernel; null where there are none */
const subshells = new WeakMap();

/**
 * @param {Kernel} kernel
 * @param {string} type
 * @param {string} channel
 * @param {object} content
 * @param {string} [subshell]
 * @returns {Message}
 */
function message(kernel, type, channel, content, subshell) {
  const header = {
    msg_id: randomId(),
    msg_type: type,
    username: kernel.username,
    session: kernel.clientId,
    date: new Date().toISOString(),
    version: "5.4",
    ...(subshell ? { subshell_id: subshell } : {}),
  };
  return { channel, header, parent_header: {}, metadata: {}, content, buffers: [] };
}

/**
 * Asks on the control channel, which a kernel listens to while it is busy.
 * @param {Kernel} kernel
 * @param {string} type
 * @param {object} [content]
 * @returns {Promise<any>} the content of the reply
 */
function ask(kernel, type, content = {}) {
  return new Promise((resolve, reject) => {
    const future = kernel.sendControlMessage(message(kernel, type, "control", content), true, true);
    future.onReply = (reply) => resolve(reply.content);
    setTimeout(() => reject(new Error(`no answer to ${type}`)), PATIENCE);
  });
}

/**
 * @param {Kernel} kernel
 * @returns {Promise<Subshell | null>}
 */
async function createSubshell(kernel) {
  const { supported_features } = await ask(kernel, "kernel_info_request");
  if (!supported_features?.includes("kernel subshells")) return null;
  const { subshell_id: id } = await ask(kernel, "create_subshell_request");
  if (typeof id !== "string") return null;
  return {
    id,
    comms: 0,
    leave() {
      subshells.delete(kernel);
      if (reachable(kernel))
        ask(kernel, "delete_subshell_request", { subshell_id: id }).catch(() => {});
    },
  };
}

/** @param {Kernel} kernel */
const reachable = (kernel) => !kernel.isDisposed && kernel.status !== "dead";

/**
 * Opens a comm to a widget.
 * @param {Kernel} kernel
 * @param {string} modelId
 * @param {Ends} ends
 * @returns {Promise<Comm | null>} null where this kernel has no subshells
 */
export async function openComm(kernel, modelId, { heard, closed }) {
  const known = subshells.get(kernel) ?? createSubshell(kernel);
  subshells.set(kernel, known);
  // A connection that dies meanwhile says nothing of it.
  known.catch(() => subshells.delete(kernel));
  const subshell = /** @type {Subshell} */ (await known);
  if (subshell === null || kernel.isDisposed) return null;
  const { id, leave } = subshell;
  const comm_id = randomId();

  /**
   * @param {string} type
   * @param {object} content
   */
  function say(type, content) {
    if (!reachable(kernel)) return;
    kernel.sendShellMessage(
      message(kernel, type, "shell", { comm_id, ...content }, id),
      false,
      true,
    );
  }

  /**
   * @param {Kernel} _kernel
   * @param {Message} said
   */
  function listen(_kernel, { header, content, buffers }) {
    if (content.comm_id !== comm_id) return;
    if (header.msg_type === "comm_msg") heard(content.data, buffers ?? []);
    if (header.msg_type === "comm_close") {
      end();
      closed();
    }
  }

  /** @param {string} [last] */
  function end(last) {
    kernel.iopubMessage.disconnect(listen);
    if (last) say(last, { data: {} });
    subshell.comms -= 1;
    // What was said last is heard first.
    setTimeout(() => subshell.comms === 0 && subshells.get(kernel) === known && leave(), LINGER);
  }

  subshell.comms += 1;
  kernel.iopubMessage.connect(listen);
  say("comm_open", { target_name: COMM_TARGET, data: { model_id: modelId } });
  return {
    send: (data) => say("comm_msg", { data }),
    close: () => end("comm_close"),
    viewed() {
      // A page that goes takes its subshell with it, after what its views say then.
      removeEventListener("pagehide", leave);
      addEventListener("pagehide", leave);
    },
  };
}

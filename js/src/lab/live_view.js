/**
 * A widget of ours drawn without JupyterLab's widget manager: by the frontend that the kernel sends with the widget's state,
 * as anywidget does it, so that it fits the kernel whatever the version of this extension.
 */

import { openComm } from "./subshell.js";

/** @typedef {import("./lab_api.js").Message} Message */
/** @typedef {(...values: any[]) => void} Listener */

/** @type {Map<string, object>} by model, what its views share: their frontend knows them by the object of their layout */
const layouts = new Map();

/** @type {Map<string, Promise<any>>} by source */
const modules = new Map();

/** @param {string} source */
function load(source) {
  const known = modules.get(source);
  if (known) return known;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const module = import(/* @vite-ignore */ url).finally(() => URL.revokeObjectURL(url));
  modules.set(source, module);
  return module;
}

/**
 * Puts binary values where they belong.
 * @param {any} state
 * @param {(string | number)[][]} paths
 * @param {Message["buffers"]} buffers
 */
export function putBuffers(state, paths, buffers) {
  for (const [index, path] of paths.entries()) {
    const buffer = buffers[index];
    const [last, ...rest] = [...path].reverse();
    const holder = rest.reduceRight((value, key) => value[key], state);
    if (buffer === undefined || last === undefined) continue;
    holder[last] = ArrayBuffer.isView(buffer)
      ? new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
      : new DataView(buffer);
  }
}

/**
 * A model as a frontend knows it, fed by messages of the widget protocol.
 * @param {string} id
 * @param {(data: unknown) => void} say to the kernel
 */
export function createModel(id, say) {
  const layout = layouts.get(id) ?? {};
  layouts.set(id, layout);
  /** @type {Record<string, unknown>} */
  const state = {};
  /** @type {Map<string, Set<Listener>>} */
  const listeners = new Map();
  /** @type {Record<string, unknown>} */
  let unsaved = {};

  /**
   * @param {string} event
   * @param {unknown[]} values
   */
  function emit(event, ...values) {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...values);
  }

  const model = {
    /** @param {string} name */
    get: (name) => (name === "layout" ? layout : state[name]),
    /**
     * @param {string} name
     * @param {unknown} value
     */
    set(name, value) {
      state[name] = value;
      unsaved[name] = value;
    },
    save_changes() {
      if (Object.keys(unsaved).length > 0)
        say({ method: "update", state: unsaved, buffer_paths: [] });
      unsaved = {};
    },
    /** @param {unknown} content */
    send: (content) => say({ method: "custom", content }),
    /**
     * @param {string} event
     * @param {Listener} listener
     */
    on(event, listener) {
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener));
    },
    /**
     * @param {string} event
     * @param {Listener} listener
     */
    off(event, listener) {
      listeners.get(event)?.delete(listener);
    },
  };

  /**
   * Takes in what the kernel says.
   * @param {any} data
   * @param {Message["buffers"]} buffers
   */
  function hear(data, buffers) {
    if (data?.method === "custom") emit("msg:custom", data.content, buffers);
    if (data?.method !== "update") return;
    const changed = data.state;
    putBuffers(changed, data.buffer_paths ?? [], buffers);
    delete changed.layout;
    Object.assign(state, changed);
    for (const name of Object.keys(changed)) emit(`change:${name}`);
    emit("change");
  }

  return { model, hear };
}

/**
 * Shows a widget in `el`, live, until `signal` aborts.
 * @param {object} options
 * @param {import("./lab_api.js").Kernel} options.kernel
 * @param {string} options.modelId
 * @param {HTMLElement} options.el
 * @param {AbortSignal} options.signal
 * @param {() => void} options.shown called once it is there
 * @param {() => void} options.gone called where the kernel has no such widget, or not any more
 * @returns {Promise<boolean>} whether the kernel can be asked at all
 */
export async function showLive({ kernel, modelId, el, signal, shown, gone }) {
  let begun = false;
  const ends = new AbortController();
  /** @type {ReturnType<typeof createModel> | undefined} */
  let made;
  const comm = await openComm(kernel, modelId, { heard, closed: gone });
  if (comm === null) return false;
  made = createModel(modelId, comm.send);
  signal.addEventListener("abort", () => {
    ends.abort();
    comm.close();
  });
  if (signal.aborted) comm.close();
  return true;

  /**
   * @param {any} data
   * @param {Message["buffers"]} buffers
   */
  function heard(data, buffers) {
    made?.hear(data, buffers);
    if (begun || data?.method !== "update") return;
    begun = true;
    void begin();
  }

  async function begin() {
    const { model } = /** @type {NonNullable<typeof made>} */ (made);
    const { default: frontend } = await load(String(model.get("_esm")));
    if (signal.aborted) return;
    const style = document.createElement("style");
    style.textContent = String(model.get("_css") ?? "");
    const root = document.createElement("div");
    el.replaceChildren(style, root);
    const end = frontend.initialize?.({ model, signal: ends.signal });
    frontend.render({ model, el: root, signal: ends.signal });
    comm?.viewed();
    // The view says goodbye, so before the comm is closed.
    ends.signal.addEventListener("abort", () => {
      end?.();
      el.replaceChildren();
    });
    shown();
  }
}

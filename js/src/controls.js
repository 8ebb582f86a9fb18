/** Check now, Stop watching, Resume. A click only sends: what then becomes of the job, the kernel says. */

import { icon } from "./icons.js";
import { CHECK, RESUME, STOP } from "./protocol.js";
import { monotonic } from "./ticker.js";
import { button, h, randomId } from "./vdom.js";

/** Seconds after which a click without an answer is owned up to. */
const PATIENCE = 5;

/**
 * Milliseconds after which a click without an answer is sent again. In the first moment of a card JupyterLab does not know
 * its subshell yet, and what it sends waits for the end of the cell that runs.
 */
const AGAIN = 1000;

/** @type {Record<string, [import("./icons.js").IconName, string, string]>} icon, label, and label while no answer has come */
const ACTIONS = {
  [CHECK]: ["again", "Check now", "Checking…"],
  [STOP]: ["stop", "Stop watching", "Stopping the watch…"],
  [RESUME]: ["play", "Resume watching", "Resuming…"],
};

/**
 * A click that waits for its answer.
 * @typedef {object} Asked
 * @property {string} action
 * @property {string} click names it, so that the kernel knows what is sent again
 * @property {number} since in seconds of this page's clock
 */

/**
 * @param {(type: string, click: string) => void} send to the kernel
 * @param {() => void} redraw
 * @param {{asked?: Asked}} memory of the widget: a notebook may draw its view anew while an answer is waited for
 * @param {AbortSignal} signal
 */
export function createControls(send, redraw, memory, signal) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const isSlow = () => memory.asked !== undefined && monotonic() - memory.asked.since >= PATIENCE;

  function answered() {
    delete memory.asked;
    clearInterval(timer);
  }

  /** @param {Asked} asked */
  function sendAgain(asked) {
    clearInterval(timer);
    timer = setInterval(() => {
      if (memory.asked !== asked || isSlow()) clearInterval(timer);
      else send(asked.action, asked.click);
    }, AGAIN);
  }

  /** @param {string} action */
  function press(action) {
    if (memory.asked && !isSlow()) return;
    const asked = { action, click: randomId(), since: monotonic() };
    memory.asked = asked;
    send(action, asked.click);
    sendAgain(asked);
    redraw();
  }

  // Whether an older one was answered meanwhile, nobody has seen.
  if (isSlow()) answered();
  else if (memory.asked) sendAgain(memory.asked);
  signal.addEventListener("abort", () => clearInterval(timer));

  return {
    /** Whether a click has not been answered yet. */
    waiting: () => memory.asked !== undefined,
    /** The kernel was heard of: the other actions it answers by what it then shows. */
    news() {
      if (memory.asked?.action === CHECK) answered();
    },
    /**
     * The buttons, and where an answer that does not come is owned up to.
     * @param {Record<string, boolean>} offered by action: whether it makes sense now
     * @param {boolean} reachable whether a click would reach the kernel; one that was made before may do so later
     */
    view(offered, reachable) {
      const pending = memory.asked?.action ?? "";
      if (!offered[pending]) answered();
      // Not `disabled`: that would throw the keyboard's focus away.
      const slow = isSlow();
      const disabled = memory.asked && !slow ? "true" : null;
      const buttons = Object.entries(ACTIONS).map(([action, [name, label, busy]]) => {
        if (!offered[action] || !reachable) return null;
        const mine = pending === action;
        const title = mine ? busy : label;
        const onclick = () => press(action);
        return button(
          "",
          { key: action, title, "aria-disabled": disabled, onclick },
          icon(mine ? "spinner" : name),
          h("span.fw-button-word", {}, title),
        );
      });
      const asked = ACTIONS[pending]?.[1];
      const excuse = slow && `No answer to “${asked}” yet: the kernel may be busy.`;
      return {
        buttons: h("div.fw-controls", {}, buttons),
        note: h("div.fw-note", { role: "status" }, excuse),
      };
    },
  };
}

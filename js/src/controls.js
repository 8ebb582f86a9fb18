/** Check now, Stop watching, Resume. A click only sends: what then becomes of the job, the kernel says. */

import { icon } from "./icons.js";
import { CHECK, RESUME, STOP } from "./protocol.js";
import { monotonic } from "./ticker.js";
import { button, h } from "./vdom.js";

/** Seconds after which a click without an answer is owned up to. */
const PATIENCE = 5;

/** @type {Record<string, [import("./icons.js").IconName, string, string]>} icon, label, and label while no answer has come */
const ACTIONS = {
  [CHECK]: ["again", "Check now", "Checking…"],
  [STOP]: ["stop", "Stop watching", "Stopping the watch…"],
  [RESUME]: ["play", "Resume watching", "Resuming…"],
};

/**
 * @param {(type: string) => void} send
 * @param {() => void} redraw
 */
export function createControls(send, redraw) {
  /** The action that waits for its answer, "" for none. */
  let pending = "";
  let since = 0;
  const slow = () => pending !== "" && monotonic() - since >= PATIENCE;

  /** @param {string} action */
  function press(action) {
    if (pending && !slow()) return;
    pending = action;
    since = monotonic();
    send(action);
    redraw();
  }

  return {
    /** Whether a click has not been answered yet. */
    waiting: () => pending !== "",
    /** The kernel was heard of: the other actions it answers by what it then shows. */
    news() {
      if (pending === CHECK) pending = "";
    },
    /**
     * The buttons, and where an answer that does not come is owned up to.
     * @param {Record<string, boolean>} offered
     */
    view(offered) {
      if (!offered[pending]) pending = "";
      // Not `disabled`: that would throw the keyboard's focus away.
      const disabled = pending !== "" && !slow() ? "true" : null;
      const buttons = Object.entries(ACTIONS).map(([action, [name, label, busy]]) => {
        if (!offered[action]) return null;
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
      const excuse = slow() && `No answer to “${asked}” yet: the kernel may be busy.`;
      return {
        buttons: h("div.fw-controls", {}, buttons),
        note: h("div.fw-note", { role: "status" }, excuse),
      };
    },
  };
}

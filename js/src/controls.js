/** Check now, Stop watching, Resume. A click only sends: what then becomes of the job, the kernel says. */

import { element, patch } from "./dom.js";
import { createIcon } from "./icons.js";

/** Seconds after which a click without an answer is owned up to. */
const PATIENCE = 5;

/** @typedef {"check" | "stop" | "resume"} Action */
/** @typedef {import("./present.js").Presentation} Presentation */
/** @typedef {import("./present.js").JobFields} JobFields */

/** @type {Record<Action, {icon: import("./icons.js").IconName, label: string, busy: string, answered: (fields: JobFields) => boolean}>} */
const ACTIONS = {
  check: { icon: "again", label: "Check now", busy: "Checking…", answered: () => true },
  stop: {
    icon: "stop",
    label: "Stop watching",
    busy: "Stopping the watch…",
    answered: ({ clock }) => !clock.running,
  },
  resume: {
    icon: "play",
    label: "Resume watching",
    busy: "Resuming…",
    answered: ({ clock }) => clock.running,
  },
};

/**
 * @typedef {object} Controls
 * @property {HTMLElement} node
 * @property {HTMLElement} note where an answer that does not come is owned up to
 * @property {(fields: JobFields) => void} news the kernel was heard of
 * @property {(shown: Presentation["controls"], now: number) => void} update
 * @property {() => boolean} waiting whether a click has not been answered yet
 */

/**
 * @param {object} options
 * @param {(message: {type: Action}) => void} options.send
 * @param {() => void} options.clicked called after a click was sent
 * @param {() => number} options.now seconds by the page's monotonic clock
 * @param {AbortSignal} options.signal
 * @returns {Controls}
 */
export function createControls({ send, clicked, now, signal }) {
  const node = element("div", "fw-controls");
  const note = element("div", "fw-note", { role: "status" });
  /** @type {{action: Action, since: number} | undefined} */
  let pending;
  const slow = () => pending !== undefined && now() - pending.since >= PATIENCE;

  const buttons = Object.entries(ACTIONS).map(([key, { icon, label, busy }]) => {
    const action = /** @type {Action} */ (key);
    const word = element("span", "fw-button-word");
    const glyph = createIcon(icon);
    const button = element("button", "fw-button", { type: "button", hidden: "" }, [
      glyph.node,
      word,
    ]);
    button.addEventListener(
      "click",
      () => {
        if (pending !== undefined && !slow()) return;
        pending = { action, since: now() };
        send({ type: action });
        clicked();
      },
      { signal },
    );
    node.append(button);
    return {
      button,
      /** @param {boolean} visible */
      update(visible) {
        const mine = pending?.action === action;
        const said = mine ? busy : label;
        patch(word, { text: said });
        glyph.draw(mine ? "spinner" : icon);
        // Not `disabled`: that would throw the keyboard's focus away.
        const disabled = pending !== undefined && !slow() ? "true" : null;
        patch(button, { hidden: !visible, title: said, "aria-disabled": disabled });
      },
      action,
    };
  });

  /** @type {Controls["update"]} */
  function update(shown) {
    if (pending !== undefined && !shown[pending.action]) pending = undefined;
    const focused = buttons.some(({ button }) => button === button.ownerDocument.activeElement);
    for (const { action, update: write } of buttons) write(shown[action]);
    const first = buttons.find(({ action }) => shown[action]);
    const lostFocus = focused && buttons.some(({ button }) => button.hidden && isActive(button));
    if (lostFocus) first?.button.focus();
    patch(note, { text: slow() ? "No answer from the kernel yet: it may be busy." : "" });
  }

  return {
    node,
    note,
    update,
    news(fields) {
      if (pending !== undefined && ACTIONS[pending.action].answered(fields)) pending = undefined;
    },
    waiting: () => pending !== undefined,
  };
}

/** @param {HTMLElement} node */
const isActive = (node) => node === node.ownerDocument.activeElement;

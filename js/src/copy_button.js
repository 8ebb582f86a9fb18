/** Buttons that copy a text, with a way for pages that have no clipboard (plain http, embedded frames). */

import { icon } from "./icons.js";
import { button, h } from "./vdom.js";

const SHOWN_FOR_MS = 2000;

/**
 * @param {string} text
 * @param {HTMLElement} near where the focus is, and beside which a helper element may stand for a moment
 * @returns {boolean} whether it was copied
 */
function copyBySelection(text, near) {
  const area = document.createElement("textarea");
  area.className = "fw-offscreen";
  area.value = text;
  near.after(area);
  area.focus();
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    near.focus();
  }
}

/** @typedef {(label: string, text: string) => import("./vdom.js").VNode} CopyButton what a screen reader calls it, and what it copies */

/**
 * @param {() => void} redraw
 * @param {AbortSignal} signal
 */
export function createCopying(redraw, signal) {
  /** What became of the last one, for a while: the button's label, and a word. */
  let said = ["", ""];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string[]} next */
  function say(...next) {
    if (signal.aborted) return;
    said = next;
    clearTimeout(timer);
    if (next[1]) timer = setTimeout(say, SHOWN_FOR_MS, "", "");
    redraw();
  }

  signal.addEventListener("abort", () => clearTimeout(timer));
  /** @param {string} label */
  const wordOf = (label) => (said[0] === label && said[1]) || "";
  return {
    /** Changes with every word that a button says. */
    said: () => said,
    wordOf,
    /** @type {CopyButton} */
    button(label, text) {
      const called = wordOf(label);
      /** @param {MouseEvent} event */
      async function onclick({ currentTarget }) {
        let copied = true;
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          copied = copyBySelection(text, /** @type {HTMLElement} */ (currentTarget));
        }
        say(label, copied ? "Copied" : "Not copied");
      }
      return button(
        ".fw-copy",
        { "aria-label": called || label, title: label, onclick },
        icon("copy"),
        h("span.fw-button-word", { "aria-live": "polite" }, called || "Copy"),
      );
    },
  };
}

/** A button that copies a text, with a way for pages that have no clipboard (plain http, embedded frames). */

import { element, patch } from "./dom.js";
import { createIcon } from "./icons.js";

const SHOWN_FOR_MS = 2000;

/**
 * @param {string} text
 * @param {HTMLElement} near beside which a helper element may stand for a moment
 * @returns {Promise<boolean>} whether it was copied
 */
async function copyText(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, near);
  }
}

/**
 * @param {string} text
 * @param {HTMLElement} near
 */
function copyBySelection(text, near) {
  const focused = document.activeElement;
  const area = element("textarea", "fw-offscreen", { "aria-hidden": "true", tabindex: "-1" });
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
    if (focused instanceof HTMLElement) focused.focus();
  }
}

/**
 * @param {object} options
 * @param {string} options.label what a screen reader calls the button, such as "Copy job id"
 * @param {() => string} options.text what to copy, asked at the click
 * @param {AbortSignal} options.signal
 * @returns {HTMLButtonElement}
 */
export function createCopyButton({ label, text, signal }) {
  const word = element("span", "fw-button-word", { "aria-live": "polite" }, ["Copy"]);
  const button = element(
    "button",
    "fw-button fw-copy",
    { type: "button", "aria-label": label, title: label },
    [createIcon("copy").node, word],
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} said */
  function say(said) {
    patch(word, { text: said });
    patch(button, { "aria-label": said === "Copy" ? label : said });
  }

  async function click() {
    const copied = await copyText(text(), button);
    if (signal.aborted) return;
    say(copied ? "Copied" : "Not copied");
    clearTimeout(timer);
    timer = setTimeout(() => say("Copy"), SHOWN_FOR_MS);
  }

  button.addEventListener("click", click, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return button;
}

/** Told when it is over, to those who asked: by a mark in the title of a hidden page, and by a notification where it may. */

import { element, patch } from "./dom.js";
import { createIcon } from "./icons.js";
import { clip } from "./words.js";

/** @typedef {import("./present.js").Presentation} Presentation */

const MARKS = { ok: "✓ ", bad: "✗ ", idle: "■ ", run: "", warn: "" };

/** @param {import("./words.js").Tone} tone */
function markTitle(tone) {
  const mark = MARKS[tone];
  if (document.title.startsWith(mark)) return;
  document.title = mark + document.title;
  function seen() {
    if (document.hidden) return;
    // The host may have given its page another title meanwhile.
    if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    document.removeEventListener("visibilitychange", seen);
  }
  document.addEventListener("visibilitychange", seen);
}

/** @returns {NotificationPermission} */
const permission = () => globalThis.Notification?.permission ?? "denied";

/**
 * @param {Presentation} shown
 * @param {string} jobId
 */
function notify({ name, word, failure, subtitle }, jobId) {
  if (permission() !== "granted") return;
  try {
    const body = clip(failure?.reason ?? subtitle, 200);
    // Two views of one job tell once.
    const said = new Notification(`${word}: ${clip(name, 80)}`, { body, tag: jobId, silent: true });
    said.onclick = () => globalThis.focus();
  } catch {
    // Some phones allow it to service workers only; the title is marked.
  }
}

/**
 * What tells of the end, where it was asked to.
 * @param {import("./card.js").Memory} memory
 * @returns {(shown: Presentation, fields: import("./present.js").JobFields) => void}
 */
export function createTeller(memory) {
  /** @type {boolean | undefined} */
  let over;
  return (shown, fields) => {
    memory.notify ??= fields.notify;
    const news = over === false && shown.final && !memory.told;
    over = shown.final;
    // Two views of one card tell once.
    memory.told = shown.final;
    if (!news || !memory.notify || !document.hidden) return;
    markTitle(shown.tone);
    notify(shown, fields.jobId);
  };
}

/**
 * The button that asks for it.
 * @param {import("./card.js").Memory} memory
 * @param {AbortSignal} signal
 * @returns {{node: HTMLElement, update: (offered: boolean) => void}}
 */
export function createBell(memory, signal) {
  const icon = createIcon("bell").node;
  const button = element("button", "fw-button", { type: "button" }, [
    icon,
    "Tell me when it is over",
  ]);
  const hint = element("span", "fw-hint", { role: "status" });
  const node = element("div", "fw-bell", {}, [button, hint]);

  function draw() {
    const on = memory.notify === true;
    const how = permission() === "granted" ? "a notification" : "a mark in the title";
    patch(button, { "aria-pressed": String(on) });
    patch(hint, { text: on ? `By ${how}, while this page is hidden.` : "" });
  }

  button.addEventListener(
    "click",
    async () => {
      memory.notify = memory.notify !== true;
      draw();
      // Browsers let a page ask only in answer to a click.
      if (memory.notify && permission() === "default") await Notification.requestPermission();
      if (!signal.aborted) draw();
    },
    { signal },
  );
  draw();
  return { node, update: (offered) => patch(node, { hidden: !offered }) };
}

/** Told when it is over, to those who asked: by a mark in the title of a hidden page, and by a notification where it may. */

import { icon } from "./icons.js";
import { markTitle } from "./title_mark.js";
import { button, clip, h } from "./vdom.js";

/** @typedef {import("./card.js").Memory} Memory */
/** @typedef {import("./view_model.js").Presentation} Presentation */
/** @typedef {Pick<Presentation, "final" | "tone" | "word" | "name" | "what" | "failure">} End */

const permission = () => globalThis.Notification?.permission ?? "denied";

/**
 * @param {End} shown
 * @param {string} tag the same for all views of a job, which together tell once
 */
function notify({ name, word, failure, what }, tag) {
  if (permission() !== "granted") return;
  try {
    const body = clip(failure?.reason ?? what, 200);
    const told = new Notification(`${word}: ${clip(name, 80)}`, { body, tag, silent: true });
    told.onclick = () => globalThis.focus();
  } catch {
    // Some phones allow it to service workers only; the title is marked.
  }
}

/**
 * What tells of the end, where it was asked to.
 * @param {Memory} memory
 * @returns {(shown: End, job: { job_id: string, _notify?: boolean }) => void}
 */
export function createTeller(memory) {
  let watched = false;
  return (shown, job) => {
    memory.notify ??= job._notify;
    const news = watched && shown.final && !memory.told;
    watched = !shown.final;
    // Two views of one card tell once.
    memory.told = shown.final;
    if (!news || !memory.notify || !document.hidden) return;
    markTitle(shown.tone);
    notify(shown, job.job_id);
  };
}

/**
 * The button that asks for it.
 * @param {Memory} memory
 * @param {() => void} redraw
 */
export function bell(memory, redraw) {
  const on = memory.notify === true;
  const how = permission() === "granted" ? "a notification" : "a mark in the title";

  async function onclick() {
    memory.notify = !on;
    redraw();
    // Browsers let a page ask only in answer to a click.
    if (memory.notify && permission() === "default") await Notification.requestPermission();
    redraw();
  }

  return h(
    "div.fw-bell",
    {},
    button("", { "aria-pressed": String(on), onclick }, icon("bell"), "Tell me when it is over"),
    h("span.fw-hint", { role: "status" }, on && `By ${how}, while this page is hidden.`),
  );
}

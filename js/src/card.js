/** The card of one job: what it looks like, and the page's own clock behind it. Every widget that shows a job uses this module. */

import { createControls } from "./controls.js";
import { createCopying } from "./copy_button.js";
import { createDetails } from "./details.js";
import { ageAtLoad, fairAtLoad, staleAfter } from "./durations.js";
import { createFailure } from "./failure.js";
import { icon } from "./icons.js";
import { createSpeech } from "./live_region.js";
import { createTeller } from "./notify.js";
import { monotonic, pageTicker } from "./ticker.js";
import { draw, h, linked, randomId } from "./vdom.js";
import { present } from "./view_model.js";

/** @typedef {import("./view_model.js").Job} Job */
/** @typedef {{shown: import("./view_model.js").Presentation, job: Job, moment: import("./view_model.js").Moment}} Given */

/**
 * What of the reader's doing outlives a view.
 * @typedef {object} Memory
 * @property {boolean} [open] whether the details are
 * @property {boolean | undefined} [notify] whether to tell of the end
 * @property {boolean} [told] whether that was done
 * @property {import("./controls.js").Asked} [asked] a click that waits for its answer
 * @property {boolean} [toldByModel] whether the widget's model does so, and no view need
 */

/**
 * Puts the card of one job into `el` and keeps it true until `signal` aborts.
 * @param {object} options
 * @param {HTMLElement} options.el
 * @param {() => Job} options.read the job as the kernel last told it
 * @param {(type: string, click: string) => void} options.send to the kernel
 * @param {Memory} options.memory
 * @param {AbortSignal} options.signal
 * @param {(shown: import("./view_model.js").Presentation) => void} [options.speak] what a screen reader is told through
 * @returns {() => void} to be called at each news from the kernel
 */
export function createCard({ el, read, send, memory, signal, speak = createSpeech() }) {
  const ticker = pageTicker();
  const root = document.createElement("div");
  let job = read();
  // A page that loads finds a clock that was written some seconds ago.
  let newsAt = monotonic() - ageAtLoad(job._clock, Date.now() / 1000);
  // News that the page may have missed, asleep or not yet loaded, gets a fair time to arrive.
  let trustedSince = monotonic() - staleAfter(job._clock) + fairAtLoad(job._clock);

  const controls = createControls(send, render, memory, signal);
  const view = createView(controls, createCopying(render, signal), memory, render);
  const tell = createTeller(memory);

  function render() {
    const now = monotonic();
    const silent = now - Math.max(newsAt, trustedSince) >= staleAfter(job._clock);
    const moment = { sinceNews: Math.max(0, now - newsAt), silent, wall: Date.now() / 1000 };
    const shown = present(job, moment);
    const focused = root.querySelector(".fw-controls :focus");
    draw(root, [view({ shown, job, moment })]);
    // A button that goes away leaves its focus to the one that takes its place.
    if (focused && !focused.isConnected) root.querySelector("button")?.focus();
    if (!memory.toldByModel) tell(shown, job);
    speak(shown);
    const ticks = (job._clock.running && !shown.final) || controls.waiting();
    ticker[ticks && !signal.aborted ? "add" : "remove"](tick);
  }

  /** @param {boolean} woke */
  function tick(woke) {
    if (woke) trustedSince = monotonic();
    render();
  }

  render();
  el.append(root);
  signal.addEventListener("abort", () => {
    ticker.remove(tick);
    root.remove();
  });
  return () => {
    job = read();
    newsAt = monotonic();
    controls.news();
    render();
  };
}

/**
 * @param {ReturnType<typeof createControls>} controls
 * @param {ReturnType<typeof createCopying>} copying
 * @param {Memory} memory
 * @param {() => void} redraw
 */
function createView(controls, copying, memory, redraw) {
  const id = randomId();
  const dir = "auto";
  const details = createDetails(memory, redraw, copying);
  const failure = createFailure(redraw, copying.button);

  /** @param {Given} given */
  return (given) => {
    const { shown, job } = given;
    const { buttons, note } = controls.view(shown.controls, shown.reachable);
    const look = {
      "data-fw-tone": shown.tone,
      "data-fw-moving": shown.moving,
      "data-fw-health": job.health,
      "data-fw-held": shown.held,
      "data-fw-lost": shown.lost,
    };
    const range = {
      role: "progressbar",
      "aria-label": `Progress of ${shown.name}`,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": shown.percent === null ? null : shown.percentText.slice(0, -2),
      "aria-valuetext": shown.valueText,
      "data-fw-unknown": shown.unknown,
    };
    const filled = `scaleX(${(shown.percent ?? 0) / 100})`;
    return h(
      "div.fw-card",
      { role: "group", "aria-labelledby": id, ...look },
      h(
        "div.fw-head",
        {},
        h(
          "span.fw-badge",
          {},
          icon(shown.icon),
          h("bdi.fw-word", { dir, title: shown.word }, shown.word),
        ),
        h("bdi.fw-name", { id, dir, title: shown.name }, linked(shown.link, shown.name)),
        h("span.fw-percent", { "aria-hidden": "true" }, shown.percentText),
        h("div.fw-actions", {}, buttons, details.toggle()),
      ),
      h(
        "div.fw-sub",
        {},
        h("bdi.fw-what", { dir, title: shown.what || null }, shown.what),
        h(
          "span.fw-when",
          {},
          h("span.fw-chip", {}, shown.chip),
          h("span.fw-subtasks", { "data-fw-ill": shown.ill }, shown.tasks),
          h("span.fw-left", { "data-fw-stalled": shown.stalled }, shown.left),
          h("span.fw-time", {}, shown.time),
        ),
      ),
      note,
      h("div.fw-bar", range, h("div.fw-fill", { "style.transform": filled })),
      shown.notice && noticeOf(shown.notice),
      failure(shown.failure, job.error_message),
      shown.next && h("div.fw-next", {}, shown.next),
      details.view(given),
    );
  };
}

/** @param {import("./view_model.js").Notice} notice */
export function noticeOf({ tone, icon: name, head, detail }) {
  return h(
    "div.fw-notice",
    { "data-fw-tone": tone },
    icon(name),
    h(
      "div.fw-notice-text",
      {},
      h("bdi.fw-notice-head", { dir: "auto" }, head),
      h("bdi.fw-notice-detail", { dir: "auto" }, detail),
    ),
  );
}

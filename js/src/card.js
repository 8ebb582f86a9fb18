/** The card of one job: the DOM, and the page's own clock behind it. Every widget that shows a job uses this module. */

import { createTeller } from "./bell.js";
import { ageAtLoad, STALE_AFTER } from "./clock.js";
import { createControls } from "./controls.js";
import { createDetails } from "./details.js";
import { element, patch, randomId } from "./dom.js";
import { createFailure } from "./failure.js";
import { createIcon } from "./icons.js";
import { present } from "./present.js";
import { createSpeech, pageSpeaker } from "./speech.js";
import { monotonic, pageTicker } from "./ticker.js";

/** Seconds within which a page that has just loaded must hear the kernel's heart beat, which it does every five. */
const FAIR_AT_LOAD = 7;

/** @typedef {import("./present.js").JobFields} JobFields */
/** @typedef {import("./present.js").Presentation} Presentation */
/** @typedef {{open?: boolean, notify?: boolean, told?: boolean}} Memory whether the details are open, whether to tell of the end, and whether that was done */

/**
 * Puts the card of one job into `el` and keeps it true until `signal` aborts.
 * @param {object} options
 * @param {HTMLElement} options.el
 * @param {() => JobFields} options.read the job as the kernel last told it
 * @param {(message: {type: string}) => void} options.send to the kernel
 * @param {Memory} options.memory what of the reader's doing is to outlive this view
 * @param {AbortSignal} options.signal
 * @returns {() => void} to be called at each news from the kernel
 */
export function createCard({ el, read, send, memory, signal }) {
  const ticker = pageTicker();
  let fields = read();
  // A page that loads finds a clock that was written some seconds ago.
  let newsAt = monotonic() - ageAtLoad(fields.clock, Date.now() / 1000);
  // News that the page may have missed, asleep or not yet loaded, gets a fair time to arrive.
  let trustedSince = monotonic() - STALE_AFTER + FAIR_AT_LOAD;
  let ticking = false;

  const controls = createControls({ send, clicked: render, now: monotonic, signal });
  const face = createFace(controls, memory, signal);

  function render() {
    const now = monotonic();
    const lost = now - Math.max(newsAt, trustedSince) >= STALE_AFTER;
    const moment = { sinceNews: Math.max(0, now - newsAt), lost, wall: Date.now() / 1000 };
    const shown = present(fields, moment);
    face(shown, fields, moment);
    controls.update(shown.controls, now);
    keepTicking((fields.clock.running && !shown.final) || controls.waiting());
  }

  /** @param {boolean} wanted */
  function keepTicking(wanted) {
    if (wanted === ticking) return;
    ticking = wanted;
    if (wanted) ticker.add(tick);
    else ticker.remove(tick);
  }

  /** @param {boolean} woke */
  function tick(woke) {
    if (woke) trustedSince = monotonic();
    render();
  }

  function news() {
    fields = read();
    newsAt = monotonic();
    controls.news(fields);
    render();
  }

  render();
  el.append(face.node);
  signal.addEventListener(
    "abort",
    () => {
      keepTicking(false);
      face.node.remove();
    },
    { once: true },
  );
  return news;
}

/**
 * The card's elements and what writes to them.
 * @param {import("./controls.js").Controls} controls
 * @param {Memory} memory
 * @param {AbortSignal} signal
 * @returns {((shown: Presentation, fields: JobFields, moment: import("./present.js").Moment) => void) & {node: HTMLElement}}
 */
function createFace(controls, memory, signal) {
  const nameId = randomId();
  const icon = createIcon("dots");
  const word = element("bdi", "fw-word", { dir: "auto" });
  const name = element("bdi", "fw-name", { id: nameId, dir: "auto" });
  const percent = element("span", "fw-percent", { "aria-hidden": "true" });
  const what = element("bdi", "fw-what", { dir: "auto" });
  const chip = element("span", "fw-chip");
  const tasks = element("span", "fw-subtasks");
  const left = element("span", "fw-left");
  const time = element("span", "fw-time");
  const fill = element("div", "fw-fill");
  const range = { role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" };
  const bar = element("div", "fw-bar", range, [fill]);
  const notice = lazily("fw-notice", createNotice);
  const failure = lazily("fw-failure", (node) => createFailure(node, signal));
  const next = element("div", "fw-next");
  const tell = createTeller(memory);
  const details = createDetails({ memory, signal });
  const card = element("div", "fw-card", { role: "group", "aria-labelledby": nameId }, [
    element("div", "fw-head", {}, [
      element("span", "fw-badge", {}, [icon.node, word]),
      name,
      percent,
      element("div", "fw-actions", {}, [controls.node, details.toggle]),
    ]),
    element("div", "fw-sub", {}, [what, element("span", "fw-when", {}, [chip, tasks, left, time])]),
    controls.note,
    bar,
    notice.node,
    failure.node,
    next,
    details.node,
  ]);
  const speech = createSpeech();
  const say = pageSpeaker();
  /** @type {number | null} */
  let filled = null;

  /** @type {(shown: Presentation, fields: JobFields, moment: import("./present.js").Moment) => void} */
  function write(shown, fields, moment) {
    patch(card, {
      "data-fw-tone": shown.tone,
      "data-fw-moving": shown.moving,
      "data-fw-health": fields.health,
      "data-fw-held": shown.held,
      "data-fw-lost": shown.lost,
    });
    icon.draw(shown.icon);
    patch(word, { text: shown.word, title: shown.word });
    patch(name, { text: shown.name, title: shown.name });
    patch(percent, { text: shown.percentText });
    patch(what, { text: shown.subtitle, title: shown.subtitle || null });
    patch(chip, { text: shown.chip });
    patch(tasks, { text: shown.tasks, "data-fw-ill": shown.ill });
    patch(left, { text: shown.left, "data-fw-stalled": shown.stalled });
    patch(time, { text: shown.time });
    patch(bar, {
      "aria-label": `Progress of ${shown.name}`,
      "aria-valuenow": shown.percent === null ? null : String(Math.floor(shown.percent * 10) / 10),
      "aria-valuetext": shown.valueText,
      "data-fw-unknown": shown.unknown,
    });
    if (shown.percent !== filled) {
      filled = shown.percent;
      fill.style.transform = `scaleX(${(filled ?? 0) / 100})`;
    }
    notice.update(shown.notice);
    failure.update(shown.failure);
    patch(next, { text: shown.next, hidden: shown.next === "" });
    details.update(shown, fields, moment);
    tell(shown, fields);
    const said = speech(shown);
    if (said) say(said);
  }
  return Object.assign(write, { node: card });
}

/**
 * A part that most cards never show: nothing of it is built before it is.
 * @template T
 * @param {string} className
 * @param {(node: HTMLElement) => (value: T) => void} create
 */
function lazily(className, create) {
  const node = element("div", className, { hidden: "" });
  /** @type {((value: T) => void) | undefined} */
  let write;
  /** @param {T | null} value */
  function update(value) {
    patch(node, { hidden: value === null });
    if (value === null) return;
    write ??= create(node);
    write(value);
  }
  return { node, update };
}

/**
 * @param {HTMLElement} node
 * @returns {(notice: NonNullable<Presentation["notice"]>) => void}
 */
function createNotice(node) {
  const icon = createIcon("info");
  const head = element("bdi", "fw-notice-head", { dir: "auto" });
  const detail = element("bdi", "fw-notice-detail", { dir: "auto" });
  node.append(icon.node, element("div", "fw-notice-text", {}, [head, detail]));
  return (notice) => {
    patch(node, { "data-fw-tone": notice.tone });
    icon.draw(notice.icon);
    patch(head, { text: notice.head });
    patch(detail, { text: notice.detail });
  };
}

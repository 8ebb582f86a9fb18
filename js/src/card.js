/** The card of one job: the DOM, and the page's own clock behind it. Every widget that shows a job uses this module. */

import { ageAtLoad, STALE_AFTER } from "./clock.js";
import { createControls } from "./controls.js";
import { createDetails } from "./details.js";
import { attributeWriter, element, randomId, textWriter, visibilityWriter } from "./dom.js";
import { createFailure } from "./failure.js";
import { createIcon } from "./icons.js";
import { present } from "./present.js";
import { createSpeech } from "./speech.js";
import { monotonic, pageTicker } from "./ticker.js";

/** Seconds within which a page that has just loaded must hear the kernel's heart beat, which it does every five. */
const FAIR_AT_LOAD = 7;

/** @typedef {import("./present.js").JobFields} JobFields */
/** @typedef {import("./present.js").Presentation} Presentation */

/**
 * Puts the card of one job into `el` and keeps it true until `signal` aborts.
 * @param {object} options
 * @param {HTMLElement} options.el
 * @param {() => JobFields} options.read the job as the kernel last told it
 * @param {(message: {type: string}) => void} options.send to the kernel
 * @param {{open?: boolean}} options.memory what of the reader's doing is to outlive this view
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
    face(shown, fields);
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
 * @param {{open?: boolean}} memory
 * @param {AbortSignal} signal
 * @returns {((shown: Presentation, fields: JobFields) => void) & {node: HTMLElement}}
 */
function createFace(controls, memory, signal) {
  const nameId = randomId();
  const icon = createIcon("dots");
  const word = element("bdi", "fw-word", { dir: "auto" });
  const name = element("bdi", "fw-name", { id: nameId, dir: "auto" });
  const percent = element("span", "fw-percent", { "aria-hidden": "true" });
  const what = element("bdi", "fw-what", { dir: "auto" });
  const chip = element("span", "fw-chip");
  const left = element("span", "fw-left");
  const time = element("span", "fw-time");
  const fill = element("div", "fw-fill");
  const bar = element(
    "div",
    "fw-bar",
    {
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    [fill],
  );
  const notice = createNotice();
  const failure = createFailure(signal);
  const details = createDetails({ memory, signal });
  const spoken = element("div", "fw-speech fw-offscreen", {
    role: "status",
    "aria-live": "polite",
  });
  const card = element("div", "fw-card", { role: "group", "aria-labelledby": nameId }, [
    element("div", "fw-head", {}, [
      element("span", "fw-badge", {}, [icon.node, word]),
      name,
      percent,
      element("div", "fw-actions", {}, [controls.node, details.toggle]),
    ]),
    element("div", "fw-sub", {}, [what, element("span", "fw-when", {}, [chip, left, time])]),
    controls.note,
    bar,
    notice.node,
    failure.node,
    details.node,
    spoken,
  ]);

  const writers = {
    tone: attributeWriter(card, "data-fw-tone"),
    moving: attributeWriter(card, "data-fw-moving"),
    health: attributeWriter(card, "data-fw-health"),
    held: attributeWriter(card, "data-fw-held"),
    lost: attributeWriter(card, "data-fw-lost"),
    word: textWriter(word),
    name: textWriter(name),
    nameTitle: attributeWriter(name, "title"),
    percent: textWriter(percent),
    what: textWriter(what),
    whatTitle: attributeWriter(what, "title"),
    chip: textWriter(chip),
    left: textWriter(left),
    time: textWriter(time),
    label: attributeWriter(bar, "aria-label"),
    value: attributeWriter(bar, "aria-valuenow"),
    valueText: attributeWriter(bar, "aria-valuetext"),
    unknown: attributeWriter(bar, "data-fw-unknown"),
    spoken: textWriter(spoken),
  };
  const speech = createSpeech();
  /** @type {number | null} */
  let filled = null;

  /** @type {(shown: Presentation, fields: JobFields) => void} */
  function write(shown, fields) {
    writers.tone(shown.tone);
    writers.moving(shown.moving ? "" : null);
    writers.health(fields.health);
    writers.held(shown.held ? "" : null);
    writers.lost(shown.lost ? "" : null);
    icon.draw(shown.icon);
    writers.word(shown.word);
    writers.name(shown.name);
    writers.nameTitle(shown.name);
    writers.percent(shown.percentText);
    writers.what(shown.subtitle);
    writers.whatTitle(shown.subtitle || null);
    writers.chip(shown.chip);
    writers.left(shown.left);
    writers.time(shown.time);
    writers.label(`Progress of ${shown.name}`);
    writers.value(shown.percent === null ? null : String(Math.floor(shown.percent * 10) / 10));
    writers.valueText(shown.valueText);
    writers.unknown(shown.unknown ? "" : null);
    if (shown.percent !== filled) {
      filled = shown.percent;
      fill.style.transform = `scaleX(${(filled ?? 0) / 100})`;
    }
    notice.update(shown.notice);
    failure.update(shown.failure);
    details.update(fields, shown.lost);
    const said = speech(shown);
    if (said) writers.spoken(said);
  }
  return Object.assign(write, { node: card });
}

/** @returns {{node: HTMLElement, update: (notice: Presentation["notice"]) => void}} */
function createNotice() {
  const icon = createIcon("info");
  const head = element("bdi", "fw-notice-head", { dir: "auto" });
  const detail = element("bdi", "fw-notice-detail", { dir: "auto" });
  const node = element("div", "fw-notice", { hidden: "" }, [
    icon.node,
    element("div", "fw-notice-text", {}, [head, detail]),
  ]);
  const show = visibilityWriter(node);
  const writeTone = attributeWriter(node, "data-fw-tone");
  const writeHead = textWriter(head);
  const writeDetail = textWriter(detail);
  return {
    node,
    update(notice) {
      show(notice !== null);
      if (notice === null) return;
      writeTone(notice.tone);
      icon.draw(notice.icon);
      writeHead(notice.head);
      writeDetail(notice.detail);
    },
  };
}

/** Progress over time above the phases of the job: a small drawing, whose values a keyboard and a screen reader reach too. */

import { duration, percentWords, timeOfDay } from "./durations.js";
import { h } from "./vdom.js";

/** @typedef {import("./protocol.js").Step} Step */
/** @typedef {import("./protocol.js").HistoryPayload} History */

/** @type {Record<string, string>} */
const KINDS = {
  q: "queued",
  r: "running",
  t: "retrying",
  o: "outage",
  u: "not watched",
  x: "another status",
  e: "over",
};
/** @type {Record<string, number>} how many steps a key goes */
const MOVES = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  Home: -Infinity,
  End: Infinity,
};

/** From the back to the front. */
const PARTS = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick", "dot"];

/**
 * The drawing in a box of 1000 × 100: a path for the progress that was seen, one for what lies between where nobody saw, the
 * area below both, and a path for each kind of phase; and how long each kind lasted, in seconds.
 * @param {Step[]} steps
 * @param {number} end seconds since the start, of the right edge
 */
export function layout(steps, end) {
  const x = (/** @type {number} */ at) => Math.round((Math.min(at, end) / end) * 10_000) / 10;
  const y = (/** @type {number} */ percent) => Math.round(780 - percent * 7.2) / 10;
  /** @type {Record<string, string>} */
  const paths = { seen: "", between: "", area: "" };
  /** @type {Record<string, number>} */
  const lasted = {};
  for (const [index, [at, percent, kind]] of steps.entries()) {
    if (kind === "e") break;
    const [to, then] = steps[index + 1] ?? [end, percent];
    // One stroke for a run of steps: dashes that begin anew at each would be another pattern.
    const move = steps[index - 1]?.[2] === kind ? "" : `M${x(at)} 92`;
    paths[kind] = `${paths[kind] ?? ""}${move}H${x(to)}`;
    lasted[kind] = (lasted[kind] ?? 0) + Math.max(0, to - at);
    if (percent === null || then === null) continue;
    const piece = `M${x(at)} ${y(percent)}L${x(to)} ${y(then)}`;
    paths.area += `${piece}V78H${x(at)}Z`;
    paths[kind === "o" || kind === "u" ? "between" : "seen"] += piece;
  }
  return { paths, lasted, x, y };
}

/** @param {() => void} redraw */
export function createTimeline(redraw) {
  /** @type {Step[]} */
  let steps = [];
  let end = 1;
  let held = 0;
  /** @type {Step | undefined} where the reader looks */
  let looked;
  let focused = false;
  let [told, spoken] = ["", ""];

  /** Its place among the steps; the kernel may have left it out since, or told of others at the same time. */
  function picked() {
    if (!looked) return steps.length - 1;
    const same = String(looked);
    const index = steps.findIndex((step) => String(step) === same);
    return index < 0 ? nearest(looked[0]) : index;
  }

  /** @param {number} at */
  function nearest(at) {
    const far = steps.map((step) => Math.abs(step[0] - at));
    return far.lastIndexOf(Math.min(...far));
  }

  /**
   * @param {Event} event
   * @param {Step} [step]
   */
  function look({ currentTarget }, step) {
    const plot = /** @type {HTMLElement} */ (currentTarget);
    // What is below does not jump while the reader goes from step to step.
    const legend = /** @type {HTMLElement} */ (plot.parentElement?.lastElementChild);
    if (!looked) held = legend.offsetHeight;
    looked = step;
    redraw();
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    const move = Object.hasOwn(MOVES, event.key) ? MOVES[event.key] : undefined;
    const away = event.key === "Escape" && looked;
    // With a modifier it is the browser's: Alt and an arrow go back a page.
    if (event.altKey || event.ctrlKey || event.metaKey || (move === undefined && !away)) return;
    const index = picked() + (move ?? 0);
    look(event, away ? undefined : steps[Math.min(steps.length - 1, Math.max(0, index))]);
    // What is understood here is not for the notebook, where Escape and arrows leave the cell.
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event */
  function point(event) {
    const plot = /** @type {HTMLElement} */ (event.currentTarget);
    // A finger leaves as soon as it is lifted: what it picked stays for as long as the focus does.
    if (event.type === "pointerdown") plot.focus({ preventScroll: true });
    const { left, width } = plot.getBoundingClientRect();
    look(event, steps[nearest(((event.clientX - left) / (width || 1)) * end)]);
  }

  const listeners = {
    onkeydown,
    onpointerdown: point,
    onpointermove: point,
    onpointerleave: (/** @type {Event} */ event) => focused || look(event),
    onfocus: () => {
      focused = true;
    },
    onblur: (/** @type {Event} */ event) => {
      focused = false;
      look(event);
    },
  };

  /**
   * @param {string} label
   * @param {number} start epoch seconds
   * @param {number} wall epoch seconds
   * @param {string} until what the right edge is
   */
  function viewOf(label, start, wall, until) {
    const { paths, lasted, x, y } = layout(steps, end);
    const index = picked();
    const [at, percent, kind] = steps[index] ?? [0, null, "x"];
    // Without a line only the strip of phases is in sight.
    const flat = !paths.area;
    const top = flat ? 80 : 0;
    if (!flat) paths.full = "M0 6H1000";
    if (looked) paths.pick = `M${x(at)} ${top}V100`;
    if (looked && percent !== null && !flat) paths.dot = `M${x(at)} ${y(percent)}h.01`;

    const far = percent === null ? "" : `, ${percentWords(percent)}`;
    const when = `${duration(at)} after the first look, at ${timeOfDay(start + at, wall)}`;
    const said = `${when}: ${KINDS[kind]}${far}`;
    // A screen reader speaks whenever the value that it is on changes: not at each heartbeat for the time alone.
    const value = `${index} ${kind} ${percent}`;
    if (value !== told || !focused) spoken = said;
    told = value;
    const plot = {
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-valuemin": "0",
      "aria-valuemax": String(steps.length - 1),
      "aria-valuenow": String(index),
      "aria-valuetext": spoken,
      "data-fw-flat": flat,
      ...listeners,
    };
    const box = `0 ${top} 1000 ${100 - top}`;
    const drawing = { viewBox: box, preserveAspectRatio: "none", "aria-hidden": "true" };
    const keys = Object.entries(lasted).map(([one, seconds]) =>
      h(
        "span",
        {},
        h("svg", { viewBox: "0 0 20 10", "aria-hidden": "true" }, stroke(one, "M0 5H20")),
        `${KINDS[one]} ${duration(seconds)}`,
      ),
    );
    return h(
      "div.fw-timeline",
      {},
      h(
        "div.fw-plot",
        plot,
        !flat && h("span.fw-full", { "aria-hidden": "true" }, "100 %"),
        h(
          "svg",
          drawing,
          PARTS.map((part) => stroke(part, paths[part] ?? "")),
        ),
      ),
      h("div.fw-axis", {}, h("span", {}, timeOfDay(start, wall)), h("span", {}, until)),
      h("div.fw-legend", { "style.minHeight": looked ? `${held}px` : "" }, looked ? said : keys),
    );
  }

  /** @param {import("./card.js").Given} given */
  return ({ shown, job: { _history: history, _clock: clock }, moment: { wall, sinceNews } }) => {
    const last = history.steps?.at(-1);
    if (!last || !history.start) return null;
    const { start } = history;
    const [at, , kind] = last;
    const news = clock.now - start;
    const going = clock.running && kind !== "e";
    const now = going && !shown.lost;
    // The kernel tells of the past now and then; where the job is, it tells at once.
    steps = history.steps ?? [];
    if (going && news > at) steps = [...steps, [news, shown.percent, kind]];
    const until = kind === "e" ? at : news + (now ? sinceNews : 0);
    end = Math.max(until, steps.at(-1)?.[0] ?? 0);
    const prefix = kind === "e" ? "ended by " : now ? "now " : "";
    const label = `Timeline of ${shown.name}`;
    if (until < 1) return null;
    return viewOf(label, start, wall, prefix + timeOfDay(start + end, wall));
  };
}

/**
 * @param {string} part
 * @param {string} d
 */
const stroke = (part, d) => h("path.fw-stroke", { "data-fw-part": part, d });

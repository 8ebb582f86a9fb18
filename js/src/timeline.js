/** Progress over time above the phases of the job: a small drawing, whose values a keyboard and a screen reader reach too. */

import { duration, timeOfDay } from "./clock.js";
import { element, patch, svg } from "./dom.js";
import { percentWords } from "./words.js";

/** @typedef {{at: number, percent: number | null, kind: string}} Step seconds since the start, and what is so from then on */
/** @typedef {{start: number, steps: Step[]}} History epoch seconds, and at least one step */

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
const MOST_STEPS = 100;
const WIDTH = 1000;

/**
 * Reads the `_history` trait, whatever its shape.
 * @param {unknown} value
 * @returns {History | null}
 */
export function readHistory(value) {
  const { start, steps } = Object(value);
  if (!Number.isFinite(start) || !Array.isArray(steps)) return null;
  /** @type {Step[]} */
  const read = [];
  for (const step of steps.slice(0, MOST_STEPS)) {
    const [at, percent, kind] = Array.isArray(step) ? step : [];
    if (!Number.isFinite(at) || at < (read.at(-1)?.at ?? 0)) continue;
    const known = Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null;
    read.push({ at, percent: known, kind: Object.hasOwn(KINDS, kind) ? kind : "x" });
  }
  return read.length > 0 ? { start, steps: read } : null;
}

/**
 * The drawing in a box of 1000 × 100: a path for the progress that was seen, one for what lies between where nobody saw, the
 * area below both, and a path for each kind of phase; and how long each kind lasted, in seconds.
 * @param {Step[]} steps
 * @param {number} end seconds since the start, of the right edge
 */
export function layout(steps, end) {
  const x = (/** @type {number} */ at) => Math.round((Math.min(at, end) / end) * WIDTH * 10) / 10;
  const y = (/** @type {number} */ percent) => Math.round(780 - percent * 7.2) / 10;
  let [seen, between, area] = ["", "", ""];
  /** @type {Map<string, {path: string, seconds: number}>} */
  const phases = new Map();
  for (const [index, { at, percent, kind }] of steps.entries()) {
    if (kind === "e") break;
    const next = steps[index + 1];
    const to = next?.at ?? end;
    const phase = phases.get(kind) ?? { path: "", seconds: 0 };
    phases.set(kind, phase);
    // One stroke for a run of steps: dashes that begin anew at each would be another pattern.
    phase.path += `${steps[index - 1]?.kind === kind ? "" : `M${x(at)} 92`}H${x(to)}`;
    phase.seconds += Math.max(0, to - at);
    const then = next === undefined ? percent : next.percent;
    if (percent === null || then === null) continue;
    const piece = `M${x(at)} ${y(percent)}L${x(to)} ${y(then)}`;
    area += `${piece}V78H${x(at)}Z`;
    if (kind === "o" || kind === "u") between += piece;
    else seen += piece;
  }
  return { seen, between, area, phases, x, y };
}

/**
 * @param {object} options
 * @param {AbortSignal} options.signal
 */
export function createTimeline({ signal }) {
  const paths = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick", "dot"].map(
    (part) => svg("path", { class: "fw-stroke", "data-fw-part": part }),
  );
  const drawing = svg("svg", { preserveAspectRatio: "none" }, paths);
  drawing.setAttribute("aria-hidden", "true");
  const plot = element("div", "fw-plot", { role: "slider", tabindex: "0" }, [drawing]);
  const from = element("span", "");
  const to = element("span", "");
  const legend = element("div", "fw-legend");
  const axis = element("div", "fw-axis", {}, [from, to]);
  const node = element("div", "fw-timeline", { hidden: "" }, [plot, axis, legend]);

  /** @type {Step[]} */
  let steps = [];
  let start = 0;
  let end = 1;
  let wall = 0;
  /** @type {History | undefined} */
  let drawn;
  let drawnAt = 0;
  /** @type {Step | null} where the reader looks */
  let looked = null;
  let told = "";

  /** Its place among the steps; the kernel may have left it out since, or told of others at the same time. */
  function picked() {
    if (looked === null) return steps.length - 1;
    const { at, percent, kind } = looked;
    const same = (/** @type {Step} */ step) =>
      step.at === at && step.percent === percent && step.kind === kind;
    const index = steps.findIndex(same);
    return index < 0 ? nearest(at) : index;
  }

  /** @param {number} at */
  function nearest(at) {
    const far = steps.map((step) => Math.abs(step.at - at));
    return far.lastIndexOf(Math.min(...far));
  }

  /** @param {Step | null} [step] */
  function look(step = null) {
    looked = step;
    draw();
  }

  function draw() {
    const { seen, between, area, phases, x, y } = layout(steps, end);
    const index = picked();
    const { at, percent, kind } = steps[index] ?? { at: 0, percent: null, kind: "x" };
    // Without a line only the strip of phases is in sight.
    const top = area === "" ? 80 : 0;
    patch(drawing, { viewBox: `0 ${top} 1000 ${100 - top}` });
    /** @type {Record<string, string>} */
    const wanted = {
      seen,
      between,
      area,
      full: area && "M0 6H1000",
      pick: looked === null ? "" : `M${x(at)} ${top}V100`,
      dot: looked === null || percent === null || top > 0 ? "" : `M${x(at)} ${y(percent)}h.01`,
    };
    for (const [name, { path }] of phases) wanted[name] = path;
    for (const path of paths)
      patch(path, { d: wanted[path.getAttribute("data-fw-part") ?? ""] ?? "" });

    patch(plot, { "data-fw-flat": top > 0 });
    const far = percent === null ? "" : `, ${percentWords(percent)}`;
    const when = `${duration(at)} after the first look, at ${timeOfDay(start + at, wall)}`;
    const said = `${when}: ${KINDS[kind]}${far}`;
    patch(plot, { "aria-valuemax": String(steps.length - 1), "aria-valuenow": String(index) });
    // A screen reader speaks whenever the value that it is on changes: not at each heartbeat for the time alone.
    const value = `${index} ${kind} ${percent}`;
    if (value !== told || !plot.matches(":focus")) patch(plot, { "aria-valuetext": said });
    told = value;
    const lasted = [...phases].map(([name, { seconds }]) => [
      name,
      `${KINDS[name]} ${duration(seconds)}`,
    ]);
    const shows = looked === null ? JSON.stringify(lasted) : said;
    if (legend.dataset.fwShows === shows) return;
    legend.dataset.fwShows = shows;
    // What is below does not jump while the reader goes from step to step.
    legend.style.minHeight = looked === null ? "" : `${legend.getBoundingClientRect().height}px`;
    legend.replaceChildren(...(looked === null ? lasted.map(keyOf) : [said]));
  }

  /** @param {string[]} of */
  function keyOf([name = "", text = ""]) {
    const sample = svg("path", { class: "fw-stroke", "data-fw-part": name, d: "M0 5H20" });
    const key = svg("svg", { viewBox: "0 0 20 10", "aria-hidden": "true" }, [sample]);
    return element("span", "", {}, [key, text]);
  }

  plot.addEventListener(
    "keydown",
    (event) => {
      const { key } = event;
      // With a modifier it is the browser's: Alt and an arrow go back a page.
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (key === "Escape" && looked !== null) look();
      else if (Object.hasOwn(MOVES, key)) {
        const index = picked() + (MOVES[key] ?? 0);
        look(steps[Math.min(steps.length - 1, Math.max(0, index))]);
      } else return;
      // What is understood here is not for the notebook, where Escape and arrows leave the cell.
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  plot.addEventListener("blur", () => look(), { signal });
  plot.addEventListener("pointerleave", () => plot.matches(":focus") || look(), { signal });
  /** @param {PointerEvent} event */
  function point({ clientX, type }) {
    // A finger leaves as soon as it is lifted: what it picked stays for as long as the focus does.
    if (type === "pointerdown") plot.focus({ preventScroll: true });
    const { left, width } = plot.getBoundingClientRect();
    look(steps[nearest(((clientX - left) / (width || 1)) * end)]);
  }
  plot.addEventListener("pointerdown", point, { signal });
  plot.addEventListener("pointermove", point, { signal });

  /**
   * @param {import("./present.js").Presentation} shown
   * @param {import("./present.js").JobFields} fields
   * @param {import("./present.js").Moment} moment
   */
  function update(shown, { history, clock }, moment) {
    const last = history?.steps.at(-1);
    if (!history || !last) return patch(node, { hidden: true });
    // A second moves the drawing by less than can be seen; the past is drawn at once when it is told.
    if (history === drawn && moment.wall - drawnAt < 1 && !shown.final) return;
    drawn = history;
    drawnAt = moment.wall;
    const news = clock.now - history.start;
    const going = clock.running && last.kind !== "e";
    steps = history.steps;
    // The kernel tells of the past now and then; where the job is, it tells at once.
    if (going && news > last.at) steps = [...steps, { ...last, at: news, percent: shown.percent }];
    const until =
      last.kind === "e" ? last.at : news + (going && !shown.lost ? moment.sinceNews : 0);
    patch(node, { hidden: until < 1 });
    if (until < 1) return;
    ({ start } = history);
    ({ wall } = moment);
    end = Math.max(until, steps.at(-1)?.at ?? 0);
    patch(plot, { "aria-label": `Timeline of ${shown.name}`, "aria-valuemin": "0" });
    patch(from, { text: timeOfDay(start, wall) });
    const prefix = last.kind === "e" ? "over " : going && !shown.lost ? "now " : "";
    patch(to, { text: prefix + timeOfDay(start + end, wall) });
    draw();
  }
  return { node, update };
}

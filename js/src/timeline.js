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
    phase.path += `M${x(at)} 92H${x(to)}`;
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
  const paths = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick"].map((part) =>
    svg("path", { class: "fw-stroke", "data-fw-part": part }),
  );
  const drawing = svg("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none" }, paths);
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
  /** @type {number | null} when the reader looks, in seconds since the start */
  let looked = null;

  function picked() {
    const at = looked ?? Infinity;
    const far = (/** @type {number} */ index) => Math.abs((steps[index]?.at ?? 0) - at);
    let best = steps.length - 1;
    if (looked !== null) for (const index of steps.keys()) if (far(index) < far(best)) best = index;
    return best;
  }

  /** @param {number | null} at */
  function look(at) {
    looked = at;
    draw();
  }

  function draw() {
    const { seen, between, area, phases, x, y } = layout(steps, end);
    const index = picked();
    const { at, percent, kind } = steps[index] ?? { at: 0, percent: null, kind: "x" };
    const dot = percent === null ? "" : `M${x(at)} ${y(percent)}h.01`;
    /** @type {Record<string, string>} */
    const wanted = {
      seen,
      between,
      area,
      full: area && "M0 6H1000",
      pick: looked === null ? "" : `M${x(at)} 0V84${dot}`,
    };
    for (const [name, { path }] of phases) wanted[name] = path;
    for (const path of paths)
      patch(path, { d: wanted[path.getAttribute("data-fw-part") ?? ""] ?? "" });

    patch(plot, { "data-fw-flat": area === "" });
    const far = percent === null ? "" : `, ${percentWords(percent)}`;
    const when = `${duration(at)} after the first look, at ${timeOfDay(start + at, wall)}`;
    const said = `${when}: ${KINDS[kind]}${far}`;
    patch(plot, { "aria-valuemax": String(steps.length - 1), "aria-valuenow": String(index) });
    patch(plot, { "aria-valuetext": said });
    const lasted = [...phases].map(([name, { seconds }]) => [
      name,
      `${KINDS[name]} ${duration(seconds)}`,
    ]);
    const shows = looked === null ? JSON.stringify(lasted) : said;
    if (legend.dataset.fwShows === shows) return;
    legend.dataset.fwShows = shows;
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
      const last = steps.length - 1;
      const index = looked === null && event.key === "ArrowLeft" ? last : picked();
      const moves = {
        ArrowLeft: -1,
        ArrowDown: -1,
        ArrowRight: 1,
        ArrowUp: 1,
        Home: -last,
        End: last,
      };
      if (event.key === "Escape" && looked !== null) look(null);
      else if (Object.hasOwn(moves, event.key)) {
        const move = moves[/** @type {keyof typeof moves} */ (event.key)];
        look(steps[Math.min(last, Math.max(0, index + move))]?.at ?? null);
      } else return;
      // What is understood here is not for the notebook, where Escape and arrows leave the cell.
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  plot.addEventListener("blur", () => look(null), { signal });
  plot.addEventListener("pointerleave", () => plot.matches(":focus") || look(null), { signal });
  plot.addEventListener(
    "pointermove",
    ({ clientX }) => {
      const { left, width } = plot.getBoundingClientRect();
      look((Math.max(0, clientX - left) / (width || 1)) * end);
    },
    { signal },
  );

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

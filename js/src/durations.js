/** Durations in words, and what the page's own clock says about how fresh the news is. Pure: every time comes in as a number of seconds. */

/** Heartbeats without news after which the card no longer calls its data current: two may be late, and some of a third. */
const STALE_BEATS = 2.4;
/** Heartbeats within which a page that has just loaded must hear one. */
const FAIR_BEATS = 1.4;

/**
 * Seconds without news after which the card no longer calls its data current.
 * @param {Pick<Clock, "beat">} clock
 */
export const staleAfter = ({ beat }) => STALE_BEATS * beat;

/**
 * Seconds within which a page that has just loaded must hear the kernel's heart beat.
 * @param {Pick<Clock, "beat">} clock
 */
export const fairAtLoad = ({ beat }) => FAIR_BEATS * beat;

/** How much older than its receipt a clock found at page load may be, before it is taken for a skewed clock. */
const OLDEST_AT_LOAD = 10;

/** @typedef {import("./protocol.js").Clock} Clock */

/**
 * A range of durations, as coarse as a reader takes it in: "2–3 min left", "about 40 s left", "under 5 s left".
 * @param {number} low seconds
 * @param {number} high seconds
 * @returns {string}
 */
export function rangeLeft(low, high) {
  let [unit, word, step] = [1, "s", 1];
  if (high >= 5400) [unit, word, step] = [3600, "h", high < 36_000 ? 0.5 : 1];
  else if (high >= 90) [unit, word] = [60, "min"];
  else if (high >= 20) step = 5;
  const from = Math.floor(Math.max(0, low) / unit / step) * step;
  const to = Math.max(step, Math.ceil(high / unit / step) * step);
  // Of a range this wide only its end helps.
  if (from < to / 4) return `under ${to} ${word} left`;
  return from === to ? `about ${to} ${word} left` : `${from}–${to} ${word} left`;
}

/**
 * How old a clock is that was already there when the page loaded.
 *
 * The kernel's clock and the page's may differ, so an age that cannot be right counts as "just received".
 * @param {Pick<Clock, "now" | "running">} clock
 * @param {number} wall epoch seconds by the page's clock
 * @returns {number} seconds
 */
export function ageAtLoad({ now, running }, wall) {
  const age = wall - now;
  return running && age >= 0 && age <= OLDEST_AT_LOAD ? age : 0;
}

/** @type {[number, string][]} */
const UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/**
 * A duration in at most two units: "12 s", "3 min 12 s", "1 h 4 min", "2 d 3 h".
 * @param {number} seconds
 * @returns {string}
 */
export function duration(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const words = UNITS.flatMap(([length, unit]) => {
    const count = Math.floor(rest / length);
    rest %= length;
    return [count ? `${count} ${unit}` : ""];
  });
  const first = words.findIndex(Boolean);
  return first < 0 ? "0 s" : `${words[first]} ${words[first + 1] ?? ""}`.trim();
}

/** @type {Intl.DateTimeFormat | undefined} made once, and late: it costs as much as a hundred updates */
let hours;

/**
 * The time of day of an epoch time, with the date unless it is today's.
 * @param {number} epoch seconds
 * @param {number} wall epoch seconds by the page's clock
 * @returns {string}
 */
export function timeOfDay(epoch, wall) {
  const then = new Date(epoch * 1000);
  hours ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
  const time = hours.format(then);
  const sameDay = then.toDateString() === new Date(wall * 1000).toDateString();
  return sameDay ? time : `${then.toLocaleDateString()}, ${time}`;
}

/**
 * Per cent as shown: one decimal when there is one, cut and not rounded, so that 100 % means 100.
 * @param {number} percent 0 to 100
 * @returns {string}
 */
export const percentWords = (percent) => `${Math.floor(percent * 10 + 1e-9) / 10} %`;

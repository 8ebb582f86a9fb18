/** Durations in words, and what the page's own clock says about how fresh the news is. Pure: every time comes in as a number of seconds. */

/** Seconds without news after which the card no longer calls its data current. */
export const STALE_AFTER = 12;

/** A gap between two ticks longer than this means that the page itself was asleep. */
export const ASLEEP_AFTER = 5;

/** How much older than its receipt a clock found at page load may be, before it is taken for a skewed clock. */
const OLDEST_AT_LOAD = 10;

/**
 * The `_clock` trait after checking; seconds throughout, `now` in epoch seconds by the kernel's clock.
 * @typedef {{now: number, watched: number, running: boolean, silent: number | null, retry: number | null, phase: number, still: number, stall: number | null, retries: number}} Clock
 */

/**
 * @param {unknown} value
 * @returns {number | null}
 */
function secondsOrNull(value) {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : null;
}

/**
 * Reads the `_clock` trait, whatever its shape.
 * @param {unknown} value
 * @returns {Clock}
 */
export function readClock(value) {
  const raw = /** @type {Record<string, unknown>} */ (
    typeof value === "object" && value !== null ? value : {}
  );
  return {
    now: secondsOrNull(raw.now) ?? 0,
    watched: secondsOrNull(raw.watched) ?? 0,
    running: raw.running === true,
    silent: secondsOrNull(raw.silent),
    retry: secondsOrNull(raw.retry),
    phase: secondsOrNull(raw.phase) ?? 0,
    still: secondsOrNull(raw.still) ?? 0,
    stall: secondsOrNull(raw.stall),
    retries: Math.floor(secondsOrNull(raw.retries) ?? 0),
  };
}

/**
 * Reads the `time_left` trait, whatever its shape.
 * @param {unknown} value
 * @returns {[number, number] | null} seconds, from and to
 */
export function readRange(value) {
  if (!Array.isArray(value)) return null;
  const [low, high] = value.map(secondsOrNull);
  return low === undefined || low === null || high === undefined || high === null || low > high
    ? null
    : [low, high];
}

/**
 * @param {number} seconds
 * @returns {[number, string, number]} seconds of the unit, its word, and how many of it make a step
 */
function scaleOf(seconds) {
  if (seconds < 20) return [1, "s", 1];
  if (seconds < 90) return [1, "s", 5];
  if (seconds < 5400) return [60, "min", 1];
  return [3600, "h", seconds < 36_000 ? 0.5 : 1];
}

/**
 * A range of durations, as coarse as a reader takes it in: "2–3 min left", "about 40 s left", "under 5 s left".
 * @param {number} low seconds
 * @param {number} high seconds
 * @returns {string}
 */
export function rangeLeft(low, high) {
  const [unit, word, step] = scaleOf(high);
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
 * @param {Clock} clock
 * @param {number} wall epoch seconds by the page's clock
 * @returns {number} seconds
 */
export function ageAtLoad(clock, wall) {
  const age = wall - clock.now;
  return clock.running && age >= 0 && age <= OLDEST_AT_LOAD ? age : 0;
}

/**
 * A duration in at most two units: "12 s", "3 min 12 s", "1 h 4 min", "2 d 3 h".
 * @param {number} seconds
 * @returns {string}
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return pair(minutes, "min", whole % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/**
 * @param {number} big
 * @param {string} bigUnit
 * @param {number} small
 * @param {string} smallUnit
 */
function pair(big, bigUnit, small, smallUnit) {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** @type {Intl.DateTimeFormat | undefined} made once, and late: it costs as much as a hundred updates */
let hours;

/**
 * The time of day of an epoch time, with the date unless it is today's; "" when there is none.
 * @param {number} epoch seconds
 * @param {number} wall epoch seconds by the page's clock
 * @returns {string}
 */
export function timeOfDay(epoch, wall) {
  if (!(epoch > 0)) return "";
  const then = new Date(epoch * 1000);
  hours ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
  const time = hours.format(then);
  const sameDay = then.toDateString() === new Date(wall * 1000).toDateString();
  return sameDay ? time : `${then.toLocaleDateString()}, ${time}`;
}

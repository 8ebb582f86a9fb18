/** From a row's columns and one moment in time to what the row shows. Pure: no DOM, no clock of its own. */

import { percentWords, rangeLeft } from "./durations.js";

/** @typedef {import("./board_store.js").Store} Store */
/** @typedef {ReturnType<import("./board_feed.js").Feed["moment"]>} Moment */
/** @typedef {ReturnType<typeof wordsOf>} Words */

/** Pauses between two looks after which a row says when it was seen; one may be late, and so may another. */
const PAUSES = 3;
/** Seconds that no row is old after, however short its pauses. */
const NEVER_OLD = 15;

/** @type {[number, string][]} */
const UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/**
 * A duration in one unit: a thousand rows do not count seconds.
 * @param {number} seconds
 */
export function roughly(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [length, unit] = UNITS.find(([length]) => whole >= length) ?? [1, "s"];
  return `${Math.floor(whole / length)} ${unit}`;
}

/**
 * @param {Store} store
 * @param {number} row
 * @param {Pick<Moment, "lost" | "kernel">} moment
 */
export function wordsOf({ texts, numbers, flags }, row, { lost, kernel }) {
  const status = texts.status[row] ?? "";
  const final = flags.final[row] === 1;
  const held = flags.held[row] === 1 && !final;
  const [seen, pause] = [Number(numbers.seen[row]), Number(numbers.pause[row])];
  const ago = kernel - seen;
  // Where looks fail, what was last seen is no longer said as if it were so now, as on the card.
  const patience =
    texts.health[row] === "retrying" ? NEVER_OLD : Math.max(PAUSES * pause, NEVER_OLD);
  const stale = !final && !held && ago > 0 && (lost || ago > patience);
  const known = numbers.progress[row] ?? Number.NaN;
  const percent =
    status === "SUCCESS" ? 100 : Number.isNaN(known) ? null : Math.min(100, Math.max(0, known));
  return {
    status,
    word: texts.word[row] ?? "",
    tone: texts.tone[row] ?? "idle",
    icon: /** @type {import("./icons.js").IconName} */ (texts.icon[row] || "question"),
    name: texts.name[row] ?? "",
    what: texts.what[row] ?? "",
    error: texts.error[row] ?? "",
    trouble: final ? "" : (texts.trouble[row] ?? ""),
    final,
    /** What was last seen may no longer be so. */
    held: held || stale,
    stale,
    percent,
    percentText: percent === null || (status === "" && !percent) ? "" : percentWords(percent),
    unknown: percent === null && !final && status !== "",
    time: stale ? `seen ${roughly(ago)} ago` : timeOf(),
  };

  function timeOf() {
    const took = Number(numbers.took[row]);
    if (final) return Number.isNaN(took) ? "" : `took ${roughly(took)}`;
    if (held) return "not watched";
    if (!status) return "";
    const since = kernel - Number(numbers.phase[row]);
    if (status === "PENDING") return `queued for ${roughly(since)}`;
    const [low, high] = [Number(numbers.low[row]), Number(numbers.high[row])];
    const passed = Math.max(0, ago || 0);
    if (!Number.isNaN(high)) return rangeLeft((low || 0) - passed, high - passed);
    return Number.isNaN(since) ? "" : `running for ${roughly(since)}`;
  }
}

/** @type {Intl.DateTimeFormat | undefined} made once, and late */
let hours;
/** @type {Intl.DateTimeFormat | undefined} */
let days;
/** @type {Map<number, string>} by minute */
let said = new Map();
let saidOn = 0;

/**
 * When a row began: the time where that was today, else the day.
 * @param {number} epoch seconds
 * @param {number} wall epoch seconds by the page's clock
 * @param {boolean} [quick] whether to say nothing rather than to wait for what the browser needs for it: a third of the time
 *   that a page's first rows take
 */
export function beganAt(epoch, wall, quick = false) {
  if (Number.isNaN(epoch) || (quick && !hours)) return "";
  const midnight = new Date(wall * 1000).setHours(0, 0, 0, 0);
  if (midnight !== saidOn || said.size > 5000) [said, saidOn] = [new Map(), midnight];
  const minute = Math.floor(epoch / 60);
  let word = said.get(minute);
  if (word === undefined) {
    const today = epoch * 1000 >= midnight;
    // Each is made only where it is needed: it costs as much as some rows.
    if (today) hours ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
    else days ??= new Intl.DateTimeFormat([], { day: "numeric", month: "short" });
    word = (today ? hours : days)?.format(new Date(epoch * 1000)) ?? "";
    said.set(minute, word);
  }
  return word;
}

/** @type {Record<string, [string, import("./protocol.js").Tone, import("./icons.js").IconName]>} word, tone and icon of a status */
const STATUSES = {
  "": ["connecting", "idle", "dots"],
  PENDING: ["queued", "idle", "clock"],
  STARTED: ["running", "run", "spinner"],
  RETRY: ["retrying", "warn", "retry"],
  SUCCESS: ["succeeded", "ok", "tick"],
  FAILURE: ["failed", "bad", "cross"],
  REVOKED: ["revoked", "idle", "barred"],
};

/**
 * How a status is called where its jobs are counted.
 * @param {string} status
 * @returns {[string, import("./protocol.js").Tone, import("./icons.js").IconName]}
 */
export const badgeOf = (status) => STATUSES[status] ?? [status.toLowerCase(), "idle", "question"];

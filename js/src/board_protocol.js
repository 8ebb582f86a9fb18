/** What a board's page and kernel say to each other, besides what cards say (`protocol.js`). Times are in seconds. */

/** Page to kernel: these `rows` are in view. */
export const LOOK = "look";
/** Page to kernel: send the whole card of `row`. */
export const OPEN = "open";
/** Page to kernel: the card of `row` is not needed any more. */
export const SHUT = "shut";
/** Page to kernel: take away the jobs that are over. */
export const CLEAR = "clear";
/** Page to kernel: bring back what was taken away last. */
export const RESTORE = "restore";

/** The columns of a row that hold texts; in a `Table` they are indexes into its strings. */
export const TEXTS = /** @type {const} */ ([
  "id",
  "name",
  "what",
  "project",
  "model",
  "kind",
  "status",
  "word",
  "tone",
  "icon",
  "health",
  "trouble",
  "error",
  "link",
]);
/** Those that hold numbers, or null. */
export const NUMBERS = /** @type {const} */ ([
  "progress",
  "low",
  "high",
  "began",
  "phase",
  "seen",
  "pause",
  "took",
]);
/** Those of them that hold epoch seconds; in a `Table` they are seconds before its `base`. */
export const TIMES = /** @type {const} */ (["began", "phase", "seen"]);
/** Those that hold true or false. */
export const FLAGS = /** @type {const} */ (["final", "held"]);

/** @typedef {(typeof TEXTS)[number]} TextName */
/** @typedef {(typeof NUMBERS)[number]} NumberName */
/** @typedef {(typeof FLAGS)[number]} FlagName */
/** @typedef {TextName | NumberName | FlagName} ColumnName */

/**
 * All rows, in trait `_table` as bytes of UTF-8 JSON.
 * @typedef {object} Table
 * @property {number} number of the last change that it holds
 * @property {number} now epoch seconds by the kernel's clock
 * @property {number} base epoch seconds before which times are
 * @property {number[]} rows small numbers, never given twice
 * @property {string[]} strings
 * @property {Record<string, (number | boolean | null)[]>} columns
 */

/**
 * What has changed since the one before, in trait `_delta`.
 * @typedef {object} Delta
 * @property {number} number one more than that of the change before
 * @property {number} now
 * @property {number[]} rows that changed; new ones come with all columns
 * @property {Record<string, unknown[]>} columns those in which one of these rows has changed
 * @property {number[]} removed
 */

/**
 * What concerns the board as a whole, and its sign of life, in trait `_head`.
 * @typedef {object} Head
 * @property {number} beat between two heartbeats of a kernel that watches
 * @property {number} now
 * @property {number} number of the last change
 * @property {boolean} watching whether the kernel watches any of its jobs
 * @property {import("./protocol.js").Notice | null} notice
 * @property {[number, number] | null} left from what to what the whole may take yet
 * @property {number} done
 * @property {number} total
 * @property {number} cleared how many were taken away last, and can be brought back
 * @property {boolean} controls whether a click can reach the kernel
 */

/** @typedef {"attention" | "newest" | "name" | "progress" | "left"} Order */
/** @typedef {"" | "project" | "model" | "kind" | "status"} GroupBy */

/**
 * How the reader looks at it, in trait `_view`; written by the page.
 * @typedef {object} View
 * @property {Order} order
 * @property {boolean} descending whether it is turned round
 * @property {string[]} statuses those that are shown; none stands for all
 * @property {GroupBy} group
 * @property {string[]} shut the groups that are closed
 * @property {number[]} open the rows whose cards are, the one opened last at the end
 * @property {number[]} looked the failed ones that were opened once
 */

/**
 * What the frontend reads of the widget.
 * @typedef {object} BoardTraits
 * @property {DataView} _table
 * @property {Delta | Record<string, never>} _delta
 * @property {Head} _head
 * @property {Record<string, import("./job_widget.js").JobTraits>} _cards by row
 * @property {Partial<View>} _view
 * @property {string} filter
 * @property {number} progress per cent of the whole
 * @property {number} _height of the rows, in pixels; 0 for the usual
 * @property {boolean} [_notify] whether the page is to tell when all are over
 * @property {unknown} layout
 */

/** The subtasks in `extras` of any shape: counted, the failed ones first. Pure. */

const MOST_SUBTASKS = 1000;

/** @typedef {{id: string, status: string, detail: string}} Subtask */
/** @typedef {{total: number, done: number, failed: number, shown: Subtask[]}} Subtasks */

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} the value where it is an object, else an empty one
 */
function record(value) {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return /** @type {Record<string, unknown>} */ (isRecord ? value : {});
}

/**
 * @param {unknown} value
 * @returns {string} the text of a plain value, "" where there is none
 */
function plain(value) {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

const ORDER = ["FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS"];

/** @param {Subtask} subtask */
function rank({ status }) {
  const place = ORDER.indexOf(status);
  return place < 0 ? ORDER.indexOf("") : place;
}

/** @type {WeakMap<object, Subtasks>} */
const known = new WeakMap();

/**
 * The subtasks in `extras`, failed ones first, at most a thousand of them. Counted once, however often it is asked.
 * @param {unknown} extras
 * @returns {Subtasks}
 */
export function subtasks(extras) {
  const given = record(extras);
  const counted = known.get(given) ?? count(given);
  known.set(given, counted);
  return counted;
}

/**
 * @param {Record<string, unknown>} extras
 * @returns {Subtasks}
 */
function count(extras) {
  const all = Object.entries(extras).map(([id, value]) => {
    const task = record(value);
    return { id, status: plain(task.status), detail: plain(task.error_message) };
  });
  all.sort((one, other) => rank(one) - rank(other));
  const shown = all.slice(0, MOST_SUBTASKS);
  const of = (/** @type {string} */ wanted) => all.filter(({ status }) => status === wanted).length;
  return { total: all.length, done: of("SUCCESS"), failed: of("FAILURE"), shown };
}

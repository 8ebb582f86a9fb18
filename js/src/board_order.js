/** Which rows are shown, in which order and in which groups. Pure. */

import { createSearched, filterOf } from "./board_filter.js";

/** @typedef {import("./board_store.js").Store} Store */
/** @typedef {import("./board_protocol.js").View} View */
/** @typedef {import("./board_protocol.js").Order} Order */

/** Ranks of the order "attention": what failed and was not looked at, trouble, running, queued, over. */
const RANKS = 5;

/**
 * @param {Store} store
 * @param {number} row
 * @param {Set<number>} looked the failed ones that were opened
 */
export function rankOf({ texts, flags }, row, looked) {
  const status = texts.status[row];
  if (status === "FAILURE" && !looked.has(row)) return 0;
  if (flags.final[row]) return 4;
  if (texts.trouble[row]) return 1;
  return status === "PENDING" || status === "" ? 3 : 2;
}

/** Groups of statuses stand in this order, and chips too; others come after the live ones. */
const STATUSES = ["FAILURE", "RETRY", "STARTED", "PENDING", "", "?", "SUCCESS", "REVOKED"];

/** @param {string} status */
export function placeOfStatus(status) {
  const place = STATUSES.indexOf(status);
  return place < 0 ? STATUSES.indexOf("?") : place;
}

/** @typedef {{name: string, rows: number, failed: number, live: number, shut: boolean}} Group */
/**
 * @typedef {object} Arrangement
 * @property {Int32Array} items rows as `itemOfRow`, cards as `itemOfCard`, groups as `itemOfGroup` have them
 * @property {Group[]} groups
 * @property {number} shown rows, in closed groups too
 * @property {Float64Array} keys by which each row got its place; NaN for those that are not shown
 */

/** @param {number} row */
export const itemOfRow = (row) => row * 2;
/** @param {number} row */
export const itemOfCard = (row) => row * 2 + 1;
/** @param {number} group */
export const itemOfGroup = (group) => -1 - group;
/** @param {number} item */
export const isGroup = (item) => item < 0;
/** @param {number} item */
export const isCard = (item) => item > 0 && item % 2 === 1;
/** @param {number} item a row or its card */
export const rowOf = (item) => item >> 1;

/**
 * Remembers what takes time: the texts that are searched, and orders that change only as rows come.
 * @param {Store} store
 */
export function createOrdering(store) {
  const textOf = createSearched(store);
  let newest = new Uint32Array(0);
  let named = new Float64Array(0);
  let [newestOf, namedOf] = [-1, -1];

  /** All rows, the newest first. */
  function rowsByAge() {
    if (newestOf === store.members) return newest;
    newestOf = store.members;
    newest = new Uint32Array(store.total);
    let count = 0;
    for (let row = store.room - 1; row >= 0; row -= 1) if (store.has(row)) newest[count++] = row;
    const { began } = store.numbers;
    const before = (/** @type {number} */ a, /** @type {number} */ b) =>
      Number(began[b]) - Number(began[a]) || b - a;
    // As they come, they are nearly always in order.
    let sorted = true;
    for (let at = 1; at < count && sorted; at += 1)
      sorted = before(Number(newest[at - 1]), Number(newest[at])) <= 0;
    if (!sorted) newest.sort(before);
    return newest;
  }

  /** The place of each row's name among all names. */
  function placesOfNames() {
    if (namedOf === store.members) return named;
    namedOf = store.members;
    const names = new Map([...new Set(store.texts.name)].map((name) => [name, 0]));
    const order = new Intl.Collator(undefined, { numeric: true }).compare;
    [...names.keys()].sort(order).forEach((name, place) => {
      names.set(name, place);
    });
    named = new Float64Array(store.room);
    store.texts.name.forEach((name, row) => {
      named[row] = names.get(name) ?? 0;
    });
    return named;
  }

  /**
   * @param {Order} order
   * @param {Set<number>} looked
   * @returns {(row: number) => number}
   */
  function keyOf(order, looked) {
    if (order === "attention") return (row) => rankOf(store, row, looked);
    const { progress, began, low, high } = store.numbers;
    if (order === "progress") return (row) => knownOf(Number(progress[row]));
    if (order === "left") return (row) => knownOf((Number(low[row]) + Number(high[row])) / 2);
    if (order === "newest") return (row) => Number(began[row]);
    const places = placesOfNames();
    return (row) => Number(places[row]);
  }

  /**
   * What tells whether a row is shown.
   * @param {Pick<View, "statuses">} view
   * @param {string} filter
   * @returns {(row: number) => boolean}
   */
  function shownBy({ statuses }, filter) {
    const matches = filterOf(filter);
    const wanted = statuses.length ? new Set(statuses) : null;
    const status = store.texts.status;
    return (row) =>
      store.has(row) &&
      (!wanted || wanted.has(status[row] ?? "")) &&
      (!matches || matches(textOf(row)));
  }

  /**
   * The rows in their order.
   * @param {View} view
   * @param {Uint32Array} rows that are shown, the newest first
   * @param {Float64Array} keys
   */
  function sort({ order, descending }, rows, keys) {
    if (order === "newest") return descending ? rows.reverse() : rows;
    if (order === "attention") {
      const sorted = new Uint32Array(rows.length);
      let count = 0;
      for (let rank = 0; rank < RANKS; rank += 1)
        for (const row of rows) if (keys[row] === rank) sorted[count++] = row;
      return descending ? sorted.reverse() : sorted;
    }
    const sign = descending ? -1 : 1;
    return rows.sort((a, b) => {
      const [one, other] = [Number(keys[a]), Number(keys[b])];
      // What is not known comes last, whichever way round.
      if (one === other) return 0;
      if (one === UNKNOWN || other === UNKNOWN) return one === UNKNOWN ? 1 : -1;
      return (one - other) * sign;
    });
  }

  return {
    /** Makes now what the first letter of a search would have to wait for. */
    prepare() {
      for (let row = 0; row < store.room; row += 1) if (store.has(row)) textOf(row);
    },
    /**
     * Those of some rows that would have another place by now, or none.
     * @param {Arrangement} arrangement
     * @param {Iterable<number>} rows
     * @param {View} view
     * @param {string} filter
     * @param {Set<number>} looked
     * @returns {number[]}
     */
    moved({ keys }, rows, view, filter, looked) {
      const shows = shownBy(view, filter);
      const key = keyOf(view.order, looked);
      return [...rows].filter((row) => {
        const now = shows(row) ? key(row) : Number.NaN;
        return !Object.is(now, keys[row] ?? Number.NaN) && store.has(row);
      });
    },
    /**
     * The same rows in the same order, without those that are gone, and with the cards that are open now.
     * @param {Arrangement} arrangement
     * @param {number[]} open
     * @returns {Arrangement}
     */
    again(arrangement, open) {
      const items = [];
      for (const item of arrangement.items) {
        if (isCard(item) || (!isGroup(item) && !store.has(rowOf(item)))) continue;
        items.push(item);
        if (!isGroup(item) && open.includes(rowOf(item))) items.push(item + 1);
      }
      return { ...arrangement, items: Int32Array.from(items) };
    },
    /**
     * @param {View} view
     * @param {string} filter
     * @param {Set<number>} looked
     * @returns {Arrangement}
     */
    arrange(view, filter, looked) {
      const shows = shownBy(view, filter);
      const all = rowsByAge();
      const keys = new Float64Array(store.room).fill(Number.NaN);
      const key = keyOf(view.order, looked);
      const rows = new Uint32Array(all.length);
      let count = 0;
      for (const row of all) {
        if (!shows(row)) continue;
        keys[row] = key(row);
        rows[count++] = row;
      }
      const sorted = sort(view, rows.subarray(0, count), keys);
      const open = new Set(view.open);
      return view.group
        ? { ...inGroups(store, view, sorted, open), shown: count, keys }
        : { items: itemsOf(sorted, open), groups: [], shown: count, keys };
    },
  };
}

const UNKNOWN = Number.POSITIVE_INFINITY;
/** @param {number} value */
const knownOf = (value) => (Number.isNaN(value) ? UNKNOWN : value);

/**
 * @param {Uint32Array | number[]} rows
 * @param {Set<number>} open
 */
function itemsOf(rows, open) {
  const items = new Int32Array(rows.length + open.size);
  let count = 0;
  for (const row of rows) {
    items[count++] = itemOfRow(row);
    if (open.has(row)) items[count++] = itemOfCard(row);
  }
  return items.subarray(0, count);
}

/**
 * @param {Store} store
 * @param {View} view
 * @param {Uint32Array} rows in their order
 * @param {Set<number>} open
 */
function inGroups({ texts, flags }, { group, shut }, rows, open) {
  /** @type {Map<string, number[]>} */
  const members = new Map();
  for (const row of rows) {
    const name = texts[/** @type {"project"} */ (group)][row] ?? "";
    const found = members.get(name);
    if (found) found.push(row);
    else members.set(name, [row]);
  }
  const order = new Intl.Collator(undefined, { numeric: true }).compare;
  const names = [...members.keys()].sort((a, b) =>
    group === "status"
      ? placeOfStatus(a) - placeOfStatus(b) || order(a, b)
      : Number(!a) - Number(!b) || order(a, b),
  );
  /** @type {Group[]} */
  const groups = [];
  /** @type {number[]} */
  const items = [];
  for (const name of names) {
    const own = members.get(name) ?? [];
    let [failed, live] = [0, 0];
    for (const row of own) {
      failed += Number(texts.status[row] === "FAILURE");
      live += 1 - Number(flags.final[row]);
    }
    const closed = shut.includes(name);
    items.push(itemOfGroup(groups.length));
    groups.push({ name, rows: own.length, failed, live, shut: closed });
    if (!closed) for (const item of itemsOf(own, open)) items.push(item);
  }
  return { items: Int32Array.from(items), groups };
}

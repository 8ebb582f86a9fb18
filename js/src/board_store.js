/** The rows as the page knows them, in columns; and whether a message was lost on the way. Pure: no DOM, no clock. */

import { FLAGS, NUMBERS, TEXTS, TIMES } from "./board_protocol.js";

/** @typedef {import("./board_protocol.js").Table} Table */
/** @typedef {import("./board_protocol.js").Delta} Delta */
/** @typedef {ReturnType<typeof createStore>} Store */

/** @type {string[]} */
const ALL = [...TEXTS, ...NUMBERS, ...FLAGS];

/**
 * @template {string} Name
 * @template Column
 * @param {readonly Name[]} names
 * @param {() => Column} make
 */
const columnsOf = (names, make) =>
  /** @type {Record<Name, Column>} */ (Object.fromEntries(names.map((name) => [name, make()])));

/** @param {number} size */
function emptyColumns(size) {
  return {
    texts: columnsOf(TEXTS, () => /** @type {string[]} */ ([])),
    numbers: columnsOf(NUMBERS, () => new Float64Array(size)),
    flags: columnsOf(FLAGS, () => new Uint8Array(size)),
    alive: new Uint8Array(size),
    versions: new Float64Array(size),
  };
}

/** A row's number is its place in every column: rows are numbered from 0, and none is numbered anew. */
export function createStore() {
  let columns = emptyColumns(0);
  let stamp = 0;
  /** Of the newest change that was taken, with a gap before it or without. */
  let newest = -1;

  /**
   * Makes room for this row.
   * @param {number} row
   */
  function reserve(row) {
    const room = columns.alive.length;
    if (row < room) return;
    const wider = emptyColumns(Math.max(64, row + 1, room * 2));
    wider.texts = columns.texts;
    wider.alive.set(columns.alive);
    wider.versions.set(columns.versions);
    for (const name of NUMBERS) wider.numbers[name].set(columns.numbers[name]);
    for (const name of FLAGS) wider.flags[name].set(columns.flags[name]);
    columns = wider;
  }

  /**
   * Counts a row in or out.
   * @param {number} row
   * @param {1 | -1} by
   */
  function count(row, by) {
    const status = columns.texts.status[row] ?? "";
    const now = (store.counts.get(status) ?? 0) + by;
    if (now) store.counts.set(status, now);
    else store.counts.delete(status);
    store.total += by;
    store.over += by * (columns.flags.final[row] ?? 0);
  }

  /**
   * @param {string} name
   * @param {number} row
   * @param {unknown} value
   */
  function set(name, row, value) {
    /** @type {Record<string, string[]>} */
    const texts = columns.texts;
    /** @type {Record<string, Float64Array | Uint8Array>} */
    const others = name in columns.numbers ? columns.numbers : columns.flags;
    const [text, other] = [texts[name], others[name]];
    if (text) text[row] = String(value ?? "");
    else if (other) other[row] = typeof value === "boolean" ? Number(value) : numberOf(value);
  }

  /** @param {Delta} delta */
  function write({ rows, columns: given, removed }) {
    stamp += 1;
    const whole = ALL.every((name) => given[name]);
    const names = Object.keys(given);
    for (const [index, row] of rows.entries()) {
      const known = store.has(row);
      // What is changed of a row that was added in a message that was lost.
      if (!known && !whole) continue;
      reserve(row);
      if (known) count(row, -1);
      const [began, name] = [columns.numbers.began[row], columns.texts.name[row]];
      for (const one of names) set(one, row, given[one]?.[index]);
      columns.alive[row] = 1;
      columns.versions[row] = stamp;
      count(row, 1);
      if (began !== columns.numbers.began[row] || name !== columns.texts.name[row])
        store.members += 1;
    }
    for (const row of removed ?? []) {
      if (!store.has(row)) continue;
      count(row, -1);
      columns.alive[row] = 0;
      store.members += 1;
    }
  }

  const store = {
    /** Of the last change before which none is missing; -1 before the first table. */
    number: -1,
    /** Of the last change that is known to have been. */
    highest: -1,
    /** Changes whenever rows come or go, or turn out to have another name or beginning. */
    members: 0,
    /** How many rows there are. */
    total: 0,
    /** How many of them are over. */
    over: 0,
    /** @type {Map<string, number>} how many there are of each status */
    counts: new Map(),
    get texts() {
      return columns.texts;
    },
    /** NaN stands for null. */
    get numbers() {
      return columns.numbers;
    },
    /** 1 for true. */
    get flags() {
      return columns.flags;
    },
    /** What changes with every change of a row. */
    get versions() {
      return columns.versions;
    },
    /** More than the highest number of a row. */
    get room() {
      return columns.alive.length;
    },
    /** @param {number} row */
    has: (row) => columns.alive[row] === 1,
    /** Whether nothing is missing. */
    complete: () => store.number >= store.highest,
    /**
     * Something says that there was a change of this number.
     * @param {number} number
     */
    expect(number) {
      store.highest = Math.max(store.highest, number);
    },
    /**
     * Takes all rows anew, unless they are older than those that are here.
     * @param {Table} table
     * @returns {boolean} whether they were taken
     */
    load({ number, base, rows, strings, columns: given }) {
      if (number < store.number) return false;
      const size = rows.reduce((most, row) => Math.max(most, row + 1), 0);
      columns = emptyColumns(size);
      for (const name of TEXTS) {
        const [to, from] = [columns.texts[name], given[name] ?? []];
        for (let row = 0; row < size; row += 1) to.push("");
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = strings[Number(from[index])] ?? "";
      }
      for (const name of NUMBERS) {
        const [to, from] = [columns.numbers[name], given[name] ?? []];
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = numberOf(from[index]);
      }
      for (const name of TIMES) {
        const times = columns.numbers[name];
        for (const row of rows) times[row] = base - Number(times[row]);
      }
      for (const name of FLAGS) {
        const [to, from] = [columns.flags[name], given[name] ?? []];
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = from[index] ? 1 : 0;
      }
      stamp += 1;
      store.counts.clear();
      [store.total, store.over] = [0, 0];
      for (const row of rows) {
        columns.alive[row] = 1;
        columns.versions[row] = stamp;
        count(row, 1);
      }
      store.members += 1;
      store.number = newest = number;
      store.expect(number);
      return true;
    },
    /**
     * Takes a change. One that comes after a gap is taken all the same, since its values are the newest there are; but the
     * gap stays until a table fills it.
     * @param {Delta} delta
     * @returns {boolean} whether it was news
     */
    apply(delta) {
      store.expect(delta.number);
      if (store.number < 0 || delta.number <= newest) return false;
      write(delta);
      newest = delta.number;
      if (delta.number === store.number + 1) store.number = delta.number;
      return true;
    },
  };
  return store;
}

/**
 * @param {unknown} value
 * @returns {number}
 */
const numberOf = (value) => (typeof value === "number" ? value : Number.NaN);

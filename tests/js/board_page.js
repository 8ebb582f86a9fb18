/** A kernel's board and a page to show it on: a model as strict as the card's, and rows that are made by the hundred. */

import { FLAGS, NUMBERS, TEXTS, TIMES } from "../../js/src/board_protocol.js";
import widget from "../../js/src/job_board.js";
import { NOW, pass } from "./fake_model.js";

/** @typedef {import("../../js/src/board_protocol.js").BoardTraits} BoardTraits */
/** @typedef {import("../../js/src/board_protocol.js").Table} Table */
/** @typedef {import("../../js/src/board_protocol.js").Delta} Delta */
/** @typedef {Record<string, string | number | boolean | null>} Row */
/** @typedef {{type: string, row?: number, rows?: number[], have?: number}} Message */
/** @typedef {(...args: unknown[]) => void} Listener */

/** @type {Record<string, [string, string, string, boolean]>} word, tone, icon, and whether it is over */
const FACES = {
  "": ["Connecting", "idle", "dots", false],
  PENDING: ["Queued", "idle", "clock", false],
  STARTED: ["Running", "run", "spinner", false],
  RETRY: ["Retrying", "warn", "retry", false],
  SUCCESS: ["Succeeded", "ok", "tick", true],
  FAILURE: ["Failed", "bad", "cross", true],
};
const COLUMNS = [...TEXTS, ...NUMBERS, ...FLAGS];

/**
 * A row as the kernel has it.
 * @param {Row} [changes]
 * @returns {Row}
 */
export function rowOf(changes = {}) {
  const status = String(changes.status ?? "STARTED");
  const [word, tone, icon, final] = FACES[status] ?? [status, "idle", "question", false];
  const texts = { id: "e9a2a782", name: "Upload", what: "project a", project: "a", model: "m" };
  const more = {
    kind: "Upload",
    health: final ? "over" : "live",
    trouble: "",
    error: "",
    link: "",
  };
  const standing = { status, word, tone, icon, final, held: false };
  const numbers = { progress: final ? 100 : 40, low: null, high: null, began: NOW - 60 };
  const times = { phase: NOW - 60, seen: NOW, pause: 5, took: final ? 30 : null };
  return { ...texts, ...more, ...standing, ...numbers, ...times, ...changes };
}

/**
 * All rows as one table.
 * @param {Map<number, Row>} rows
 * @param {number} number
 * @param {number} [now]
 * @returns {Table}
 */
export function tableOf(rows, number, now = NOW) {
  /** @type {string[]} */
  const strings = [];
  /** @param {unknown} value */
  function place(value) {
    if (!strings.includes(String(value))) strings.push(String(value));
    return strings.indexOf(String(value));
  }
  const all = [...rows.values()];
  const isText = (/** @type {string} */ name) =>
    /** @type {readonly string[]} */ (TEXTS).includes(name);
  const isTime = (/** @type {string} */ name) =>
    /** @type {readonly string[]} */ (TIMES).includes(name);
  const base = Math.round(now);
  /**
   * @param {string} name
   * @param {Row} row
   */
  function given(name, row) {
    if (isText(name)) return place(row[name]);
    return isTime(name) && row[name] !== null ? base - Number(row[name]) : row[name];
  }
  const columns = COLUMNS.map((name) => [name, all.map((row) => given(name, row))]);
  const [numbers, texts] = [[...rows.keys()], strings];
  return { number, now, base, rows: numbers, strings: texts, columns: Object.fromEntries(columns) };
}

/** @param {Table} table */
export const bytesOf = (table) =>
  new DataView(Uint8Array.from(new TextEncoder().encode(JSON.stringify(table))).buffer);

/** A kernel's rows, and the messages that it writes about them. */
export class Kernel {
  /** @type {Map<number, Row>} */
  rows = new Map();
  number = 0;
  next = 0;
  watching = true;
  /** @type {object} */
  head = {};

  /** @param {Row[]} rows */
  constructor(rows) {
    for (const row of rows) {
      this.rows.set(this.next, row);
      this.next += 1;
    }
  }

  now = () => Date.now() / 1000;

  /** @returns {Partial<BoardTraits>} */
  beat() {
    const over = [...this.rows.values()].filter(({ final }) => final).length;
    return {
      _head: {
        beat: 5,
        now: this.now(),
        number: this.number,
        watching: this.watching,
        notice: null,
        left: null,
        done: over,
        total: this.rows.size,
        cleared: 0,
        controls: true,
        ...this.head,
      },
    };
  }

  /** @returns {Partial<BoardTraits>} */
  whole = () => ({ _table: bytesOf(tableOf(this.rows, this.number, this.now())), ...this.beat() });

  /**
   * Rows change, come or go.
   * @param {Record<number, Row>} changes
   * @param {Row[]} [added]
   * @param {number[]} [removed]
   * @returns {Partial<BoardTraits>} the message that says so
   */
  change(changes, added = [], removed = []) {
    const rows = Object.keys(changes).map(Number);
    for (const row of rows) this.rows.set(row, { ...this.rows.get(row), ...changes[row] });
    for (const row of added) {
      rows.push(this.next);
      this.rows.set(this.next, row);
      this.next += 1;
    }
    for (const row of removed) this.rows.delete(row);
    const changed = new Set(Object.values(changes).flatMap((row) => Object.keys(row)));
    const names = added.length ? COLUMNS : COLUMNS.filter((name) => changed.has(name));
    const columns = names.map((name) => [name, rows.map((row) => this.rows.get(row)?.[name])]);
    this.number += 1;
    const delta = { number: this.number, now: this.now(), rows, removed };
    return { _delta: { ...delta, columns: Object.fromEntries(columns) }, ...this.beat() };
  }
}

const TYPES = [
  ...["hello", "ready", "bye", "need", "look", "open", "shut"],
  ...["check", "stop", "resume", "clear", "restore"],
];
const WRITTEN = ["_view", "filter"];

/** A model stricter than the real one. */
export class BoardModel {
  /** @type {Record<string, unknown>} */
  traits;
  /** @type {[string, Listener][]} */
  listeners = [];
  /** @type {Message[]} */
  sent = [];
  /** How often the model, not a view, has said that it is there. */
  ready = 0;
  saved = 0;

  /** @param {Partial<BoardTraits>} traits */
  constructor(traits) {
    const rest = { _delta: {}, _cards: {}, _view: {}, filter: "", progress: 50, _height: 0 };
    this.traits = { ...rest, _notify: false, layout: {}, ...traits };
  }

  /** @param {string} name */
  get(name) {
    if (!Object.hasOwn(this.traits, name)) throw new Error(`there is no trait ${name}`);
    return this.traits[name];
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    if (!WRITTEN.includes(name)) throw new Error(`the frontend wrote ${name}`);
    this.update({ [name]: structuredClone(value) });
  }

  save_changes() {
    this.saved += 1;
  }

  /** @param {Message} message */
  send(message) {
    if (!TYPES.includes(message.type)) throw new Error(`the frontend sent ${message.type}`);
    if (message.type === "ready") this.ready += 1;
    else this.sent.push(structuredClone(message));
  }

  /**
   * @param {string} event
   * @param {Listener} callback
   */
  on(event, callback) {
    if (event.startsWith("change:")) this.get(event.slice(7));
    this.listeners.push([event, callback]);
  }

  /**
   * @param {string} event
   * @param {Listener} callback
   */
  off(event, callback) {
    const index = this.listeners.findIndex((one) => one[0] === event && one[1] === callback);
    if (index < 0) throw new Error(`does not listen to ${event}`);
    this.listeners.splice(index, 1);
  }

  /**
   * @param {string} event
   * @param {unknown[]} content
   */
  emit(event, ...content) {
    for (const [heard, callback] of [...this.listeners]) if (heard === event) callback(...content);
  }

  /** @param {Partial<BoardTraits> | undefined} changes one update message of the kernel */
  update(changes = {}) {
    for (const name of Object.keys(changes)) this.get(name);
    Object.assign(this.traits, changes);
    for (const name of Object.keys(changes)) this.emit(`change:${name}`);
    this.emit("change");
  }

  /** @param {string} type */
  of(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

/** @type {{model: BoardModel, controller: AbortController, end: () => void}[]} */
const shown = [];

/**
 * Shows one view of a board, as anywidget would.
 * @param {Kernel | Row[]} of
 * @param {Partial<BoardTraits> | BoardModel} [traits]
 */
export function showBoard(of, traits = {}) {
  const kernel = of instanceof Kernel ? of : new Kernel(of);
  const known = traits instanceof BoardModel;
  const model = known ? traits : new BoardModel({ ...kernel.whole(), ...traits });
  const el = document.createElement("div");
  document.body.append(el);
  const controller = new AbortController();
  const props = /** @type {unknown} */ ({ model, el, signal: controller.signal });
  const end = known
    ? () => {}
    : widget.initialize(/** @type {Parameters<typeof widget.initialize>[0]} */ (props));
  shown.push({ model, controller, end: /** @type {() => void} */ (end) });
  widget.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
  // What is around the rows in sight follows in the next frame.
  pass(0.1);
  /** @param {string} selector */
  const all = (selector) => /** @type {HTMLElement[]} */ ([...el.querySelectorAll(selector)]);
  /** @param {string} selector */
  function part(selector) {
    const found = all(selector);
    if (found.length !== 1) throw new Error(`${found.length} elements are ${selector}`);
    return /** @type {HTMLElement} */ (found[0]);
  }
  /** @param {string} words */
  function button(words) {
    const found = all("button").find(
      (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === words,
    );
    if (!found) throw new Error(`there is no button ${words}`);
    return found;
  }
  const scroller = part(".fw-board-scroller");
  return {
    kernel,
    model,
    el,
    all,
    part,
    button,
    scroller,
    remove: () => controller.abort(),
    /** @param {Partial<BoardTraits>} message */
    tell(message) {
      model.update(message);
      pass(0.05);
    },
    names: () => all(".fw-board-name").map(({ textContent }) => textContent),
    /** @param {number} row */
    row: (row) => part(`[data-fw-item="${row * 2}"]`),
    /** @param {number} to in pixels */
    scroll(to) {
      scroller.scrollTop = to;
      scroller.dispatchEvent(new Event("scroll"));
      pass(0.05);
    },
    /**
     * @param {string} key
     * @param {KeyboardEventInit} [more]
     */
    press(key, more = {}) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
      document.activeElement?.dispatchEvent(event);
      pass(0.05);
      return event;
    },
    /** @param {string} text */
    search(text) {
      const field = /** @type {HTMLInputElement} */ (part("input"));
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      pass(0.05);
    },
    point: () => scroller.dispatchEvent(new Event("pointerenter")),
    /** @param {Element | null} [to] what the pointer is over then; nothing of this page without it */
    leave(to = null) {
      scroller.dispatchEvent(Object.assign(new Event("pointerleave"), { relatedTarget: to }));
      pass(0.05);
    },
  };
}

/**
 * So many rows, each with a name of its own.
 * @param {number} count
 * @param {Row} [changes]
 */
export const many = (count, changes = {}) =>
  Array.from({ length: count }, (_, index) =>
    rowOf({ name: `Job ${index}`, id: `id-${index}`, began: NOW - 10_000 + index, ...changes }),
  );

afterEach(() => {
  for (const { controller } of shown) controller.abort();
  for (const { model, end } of shown.splice(0)) {
    end();
    if (!shown.some((one) => one.model === model))
      expect(model.listeners, "listeners left behind").toEqual([]);
  }
});

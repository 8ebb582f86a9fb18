/** What one row of the board shows, as plain objects; made anew only where something in it has changed. */

import { counted } from "./board_speech.js";
import { badgeOf, beganAt, wordsOf } from "./board_words.js";
import { icon } from "./icons.js";
import { h } from "./vdom.js";

/** @typedef {import("./vdom.js").VNode} VNode */
/** @typedef {import("./board_store.js").Store} Store */
/** @typedef {import("./board_words.js").Words} Words */
/** @typedef {import("./board_protocol.js").Order} Order */

/**
 * Where something stands in the grid.
 * @typedef {object} Place
 * @property {number} index among all items
 * @property {number} offset in pixels
 * @property {number | null} column that the keyboard is on; null where it is in another row
 */

/** @type {[string, Order | null][]} heading of each column, and the order that it stands for */
export const COLUMNS = [
  ["Status", null],
  ["Job", "name"],
  ["Progress", "progress"],
  ["Time", "left"],
  ["Began", "newest"],
  ["Details", null],
];
export const LAST_COLUMN = COLUMNS.length - 1;
/** The column that goes first where there is little room. */
export const BEGAN_COLUMN = 4;

/**
 * @param {number | null} at the column that the keyboard is on
 * @param {number} column
 */
const tab = (at, column) => (at === column ? "0" : "-1");

/**
 * @param {string} look
 * @param {number | null} at
 * @param {number} column
 * @param {Record<string, unknown>} attributes
 * @param {...import("./vdom.js").Child} children
 */
const cell = (look, at, column, attributes, ...children) =>
  h(
    `div.fw-board-cell.fw-board-${look}`,
    { role: "gridcell", "data-fw-column": column, tabindex: tab(at, column), ...attributes },
    ...children,
  );

/**
 * @param {Words} words
 * @param {string} began
 * @param {number | null} at
 * @param {boolean} open
 */
function cellsOf(words, began, at, open) {
  const { percent, percentText, name, what, error, trouble } = words;
  const filled = `scaleX(${(percent ?? 0) / 100})`;
  const known = words.unknown ? { "aria-label": "Progress not known" } : {};
  const dir = "auto";
  return [
    cell(
      "status",
      at,
      0,
      {},
      icon(words.icon),
      h("bdi.fw-board-word", { dir, title: words.word }, words.word),
    ),
    cell(
      "job",
      at,
      1,
      { role: "rowheader", title: [name, error, what].filter(Boolean).join("\n") },
      h("bdi.fw-board-name", { dir }, name),
      trouble && h("span.fw-board-trouble", {}, trouble),
      error && h("bdi.fw-board-error", { dir }, error),
      what && h("bdi.fw-board-what", { dir }, what),
    ),
    cell(
      "progress",
      at,
      2,
      known,
      h(
        "div.fw-board-track",
        { "data-fw-unknown": words.unknown, "aria-hidden": "true" },
        h("div.fw-fill", { "style.transform": filled }),
      ),
      h("span.fw-board-percent", {}, percentText),
    ),
    cell("time", at, 3, { title: words.time || null }, h("span.fw-board-text", {}, words.time)),
    cell("began", at, BEGAN_COLUMN, {}, h("span.fw-board-text", {}, began)),
    h(
      "div.fw-board-cell.fw-board-open",
      { role: "gridcell" },
      h("button.fw-board-toggle", {
        type: "button",
        tabindex: tab(at, LAST_COLUMN),
        "data-fw-column": LAST_COLUMN,
        "aria-expanded": String(open),
        "aria-label": `Details of ${name}`,
      }),
    ),
  ];
}

/** @param {Store} store */
export function createRows(store) {
  /** @type {Map<number, {says: string, cells: VNode[], placed: string, row: VNode | null}>} */
  let made = new Map();

  return {
    /** Forgets all but those that were shown since the last time. */
    sweep() {
      if (made.size > 500) made = new Map();
    },
    /**
     * @param {number} row
     * @param {Place} place
     * @param {boolean} open whether its card is
     * @param {import("./board_words.js").Moment} moment
     * @param {boolean} quick whether what takes long may be left for the next time
     * @returns {VNode}
     */
    row(row, { index, offset, column }, open, moment, quick) {
      const words = wordsOf(store, row, moment);
      const began = beganAt(Number(store.numbers.began[row]), moment.wall, quick);
      const version = Number(store.versions[row]);
      const says = `${version} ${words.time} ${began} ${column} ${open}`;
      const placed = `${index} ${offset} ${words.held} ${words.tone}`;
      let kept = made.get(row);
      if (kept?.says === says && kept.placed === placed && kept.row) return kept.row;
      if (kept?.says !== says) {
        kept = { says, cells: cellsOf(words, began, column, open), placed: "", row: null };
        made.set(row, kept);
      }
      kept.placed = placed;
      kept.row = h(
        "div.fw-board-row",
        {
          key: `r${row}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": row * 2,
          "data-fw-tone": words.tone,
          "data-fw-held": words.held,
          "data-fw-stale": words.stale,
          "data-fw-final": words.final,
          "data-fw-open": open,
          "style.transform": `translateY(${offset}px)`,
        },
        kept.cells,
      );
      return kept.row;
    },
    /**
     * The row that holds an open card, which is put into it from outside.
     * @param {number} item
     * @param {Place} place
     */
    card(item, { index, offset, column }) {
      const inner = {
        role: "gridcell",
        "aria-colspan": COLUMNS.length,
        "aria-label": `Card of ${store.texts.name[item >> 1] ?? ""}`,
        "data-fw-column": 0,
        tabindex: column === null ? "-1" : "0",
      };
      return h(
        "div.fw-board-row.fw-board-card",
        {
          key: `c${item >> 1}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": item,
          "style.transform": `translateY(${offset}px)`,
        },
        h("div.fw-board-cardcell", inner, HOLE),
      );
    },
    /**
     * @param {import("./board_order.js").Group} group
     * @param {number} item
     * @param {Place} place
     * @param {import("./board_protocol.js").GroupBy} by
     */
    group({ name, rows, failed, live, shut }, item, { index, offset, column }, by) {
      const called =
        by === "status" ? (badgeOf(name)[0] ?? name) : name || `Without a ${by || "group"}`;
      const counts = [
        `${counted(rows)} ${rows === 1 ? "job" : "jobs"}`,
        failed && by !== "status" && `${counted(failed)} failed`,
        live && by !== "status" && `${counted(live)} not over`,
      ];
      return h(
        "div.fw-board-row.fw-board-group",
        {
          key: `g${name}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": item,
          "style.transform": `translateY(${offset}px)`,
        },
        h(
          "div.fw-board-cell.fw-board-grouphead",
          { role: "rowheader", "aria-colspan": COLUMNS.length },
          h(
            "button.fw-board-toggle.fw-board-grouptoggle",
            {
              type: "button",
              tabindex: column === null ? "-1" : "0",
              "data-fw-column": 0,
              "aria-expanded": String(!shut),
            },
            h("bdi.fw-board-groupname", { dir: "auto" }, called),
          ),
          h("span.fw-board-groupcounts", {}, counts.filter(Boolean).join(" · ")),
        ),
      );
    },
    /**
     * The headings, each with the button that sorts by it.
     * @param {Pick<import("./board_protocol.js").View, "order" | "descending">} view
     * @param {number | null} column that the keyboard is on
     */
    headings({ order, descending }, column) {
      return h(
        "div.fw-board-row.fw-board-headings",
        { role: "row", "aria-rowindex": "1", "data-fw-item": HEADINGS },
        COLUMNS.map(([heading, by], index) => {
          const on = { "data-fw-column": index, tabindex: tab(column, index) };
          const sorted = by !== null && by === order;
          // The newest first is a falling order.
          const falls = descending !== (by === "newest");
          return h(
            "div.fw-board-cell",
            {
              role: "columnheader",
              "aria-sort": sorted ? (falls ? "descending" : "ascending") : null,
              ...(by ? {} : on),
            },
            by
              ? h("button.fw-board-sort", { type: "button", "data-fw-order": by, ...on }, heading)
              : h("span.fw-board-heading", {}, heading),
          );
        }),
      );
    },
  };
}

/** The item that the headings are. */
export const HEADINGS = -(2 ** 31);
/** What is put into the cell of a card stays: this never changes. */
const HOLE = h("div.fw-board-hole");

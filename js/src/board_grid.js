/** The rows on the page: only those in sight are there, and the one that the keyboard is on. */

import { createHold } from "./board_hold.js";
import { isCard, isGroup, rowOf } from "./board_order.js";
import { BEGAN_COLUMN, createRows, HEADINGS, LAST_COLUMN } from "./board_rows.js";
import { createScroll } from "./board_scroll.js";
import { offsetOf } from "./board_window.js";
import { draw, h } from "./vdom.js";

/** @typedef {import("./board_order.js").Arrangement} Arrangement */

/** Rows around those in sight, ready for a reader who scrolls. */
const AROUND = 8;

/**
 * @param {object} options
 * @param {import("./board_feed.js").Feed} options.feed
 * @param {ReturnType<typeof import("./board_settings.js").createSettings>} options.settings
 * @param {(row: number) => HTMLElement} options.hostOf a row's card
 * @param {number} options.most height of the rows, in pixels; 0 for the usual
 * @param {HTMLElement} options.foot has the button that puts the rows in order
 * @param {() => void} options.released called when the reader holds the rows no more
 * @param {() => void} options.schedule has `paint` called soon
 * @param {AbortSignal} options.signal
 */
export function createGrid({ feed, settings, hostOf, most, foot, released, schedule, signal }) {
  const rows = createRows(feed.store);
  const element = document.createElement("div");
  element.className = "fw-board-grid";
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", "Jobs");
  const top = document.createElement("div");
  top.className = "fw-board-top";
  top.setAttribute("role", "rowgroup");
  const scroller = document.createElement("div");
  scroller.className = "fw-board-scroller";
  scroller.setAttribute("role", "rowgroup");
  // Some browsers stop at whatever scrolls.
  scroller.tabIndex = -1;
  element.append(top, scroller);

  /** @type {Arrangement} */
  let arrangement = { items: new Int32Array(0), groups: [], shown: 0, keys: new Float64Array(0) };
  /** Where the keyboard is, or would be. */
  let [active, column] = [HEADINGS, 1];
  /** Its place when it was last painted. */
  let lastAt = 0;
  let painting = false;
  /** Whether only what is in sight is to be painted: what is new all over comes in two strokes. */
  let brief = true;
  let moment = feed.moment();
  /** The element that has the focus, also where the board is in a shadow. */
  const current = () => /** @type {Document} */ (element.getRootNode()).activeElement ?? null;
  const hold = createHold({
    element,
    scroller,
    foot,
    painting: () => painting,
    released,
    signal,
  });
  const scroll = createScroll({
    scroller,
    most,
    items: () => arrangement.items,
    open: () => settings.view.open,
    held: hold.held,
    kept: () => (hold.focused ? active : null),
  });

  /**
   * @param {number} index
   * @param {import("./board_window.js").Heights} heights
   */
  function vnodeOf(index, heights) {
    const item = Number(arrangement.items[index]);
    const at = scroll.wide ? column : Math.min(column, BEGAN_COLUMN - 1);
    const place = { index, offset: offsetOf(heights, index), column: item === active ? at : null };
    if (isCard(item)) return rows.card(item, place);
    if (!isGroup(item)) {
      const row = rowOf(item);
      return rows.row(row, place, settings.view.open.includes(row), moment, brief);
    }
    const group = arrangement.groups[-1 - item];
    return group ? rows.group(group, item, place, settings.view.group) : h("div");
  }

  /**
   * The places of the items that are to be on the page.
   * @param {import("./board_window.js").Heights} heights
   */
  function placesOf(heights) {
    const { items } = arrangement;
    const [first, end] = scroll.range(0, heights);
    const [from, to] = scroll.range(brief ? 1 : AROUND, heights);
    let at = items.indexOf(active);
    const away =
      active === HEADINGS ? !hold.focused : at < 0 || (!hold.focused && (at < first || at >= end));
    if (away && items.length) {
      // Where the keyboard is not, the one stop for Tab is in sight; where its row is gone, the next one takes its place.
      at = hold.focused ? Math.min(lastAt, items.length - 1) : first;
      active = Number(items[at]);
    }
    lastAt = at;
    const places = [];
    if (at >= 0 && at < from) places.push(at);
    for (let index = from; index < to; index += 1) places.push(index);
    if (at >= to) places.push(at);
    return places;
  }

  /** Draws what is in sight. */
  function paint() {
    moment = feed.moment();
    const heights = scroll.heights();
    const places = placesOf(heights);
    const inRows = hold.focused && scroller.contains(current());
    painting = true;
    const count = String(arrangement.items.length + 1);
    if (element.getAttribute("aria-rowcount") !== count)
      element.setAttribute("aria-rowcount", count);
    element.toggleAttribute("data-fw-narrow", !scroll.wide);
    draw(top, [rows.headings(settings.view, active === HEADINGS ? column : null)]);
    const height = `${scroll.sightOf(heights)}px`;
    if (scroller.style.height !== height) scroller.style.height = height;
    const spacer = { role: "presentation", "style.height": `${scroll.wholeOf(heights)}px` };
    const shown = places.map((index) => vnodeOf(index, heights));
    draw(scroller, [h("div.fw-board-spacer", spacer), ...shown]);
    rows.sweep();
    for (const index of places) {
      const item = Number(arrangement.items[index]);
      if (!isCard(item)) continue;
      const hole = scroller.querySelector(`[data-fw-item="${item}"] .fw-board-hole`);
      const host = hostOf(rowOf(item));
      if (hole && host.parentNode !== hole) hole.append(host);
    }
    scroll.settle();
    if (inRows && !scroller.contains(current())) focus();
    painting = false;
    if (brief) schedule();
    brief = false;
  }

  function focus() {
    const host = active === HEADINGS ? top : scroller;
    const found = host.querySelector(`[data-fw-item="${active}"] [tabindex="0"]`);
    /** @type {HTMLElement | null} */ (found)?.focus({ preventScroll: true });
  }

  /** @param {number} item */
  function go(item) {
    active = item;
    const index = arrangement.items.indexOf(active);
    if (index >= 0) scroll.reveal(index);
    paint();
    focus();
  }

  /** @param {import("./board_keys.js").Command} command */
  function move({ rows: down = 0, pages = 0, columns = 0 }) {
    const { items } = arrangement;
    if (columns) {
      const last = scroll.wide ? LAST_COLUMN : BEGAN_COLUMN - 1;
      column = Math.max(0, Math.min(last, column + columns));
      go(active);
      return;
    }
    const from = active === HEADINGS ? -1 : items.indexOf(active);
    // The headings are above the first row, but a whole way up ends at that row.
    const least = scroll.wide && down === -1 ? -1 : 0;
    const to = Math.max(least, Math.min(items.length - 1, from + down + pages * scroll.page()));
    go(to < 0 ? HEADINGS : Number(items[to]));
  }

  /** @param {{ target: any }} event on an element */
  function placeOf({ target: at }) {
    const line = at.closest("[data-fw-item]");
    const cell = at.closest("[data-fw-column]");
    if (!line) return null;
    return {
      item: Number(line.getAttribute("data-fw-item")),
      column: cell ? Number(cell.getAttribute("data-fw-column")) : column,
    };
  }

  const on = { signal };
  scroller.addEventListener("scroll", () => scroll.scrolledByReader() && schedule(), {
    signal,
    passive: true,
  });
  element.addEventListener(
    "focusin",
    (event) => {
      const place = placeOf(event);
      if (!place || (place.item === active && place.column === column)) return;
      [active, column] = [place.item, place.column];
      schedule();
    },
    on,
  );
  return {
    element,
    placeOf,
    move,
    go,
    paint,
    focus,
    hold,
    current,
    get active() {
      return active;
    },
    get scrolled() {
      return scroll.scrolled;
    },
    /**
     * Begins where another view was left, with the pointer over its rows.
     * @param {Arrangement} last
     * @param {number} scrolled in pixels
     */
    take(last, scrolled) {
      arrangement = last;
      hold.pointed = true;
      scroll.scrollTo(scrolled);
    },
    get arrangement() {
      return arrangement;
    },
    /**
     * @param {Arrangement} next
     * @param {boolean} [fromTop] whether the reader has asked for something else
     */
    show(next, fromTop = false) {
      scroll.inPlace(() => {
        arrangement = next;
      });
      if (!fromTop) return;
      scroll.scrollTo(0);
      brief = true;
    },
    /**
     * @param {number} row
     * @param {number} height of its card, in pixels
     */
    cardMeasured(row, height) {
      if (scroll.measure(row, height)) schedule();
    },
    /** @param {number} width of the board, in pixels; 0 while it is not to be seen */
    resize(width) {
      scroll.resize(width);
      schedule();
    },
    /** @returns {number[]} the rows in sight */
    inSight() {
      const [from, to] = scroll.range(0);
      return [...arrangement.items.subarray(from, to)]
        .filter((item) => !isGroup(item) && !isCard(item))
        .map(rowOf);
    },
  };
}

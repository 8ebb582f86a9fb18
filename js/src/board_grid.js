/** The rows on the page: only those in sight are there, and the one that the keyboard is on. */

import { isCard, isGroup, itemOfCard, rowOf } from "./board_order.js";
import { BEGAN_COLUMN, createRows, HEADINGS, LAST_COLUMN } from "./board_rows.js";
import { offsetOf, rangeOf, scrolledTo } from "./board_window.js";
import { draw, h } from "./vdom.js";

/** @typedef {import("./board_order.js").Arrangement} Arrangement */

/** Heights of a row, in pixels: with one line, and with two where there is less room than that. */
const ONE_LINE = 32;
const TWO_LINES = 52;
const ROOM_FOR_ONE = 600;
/** Of all rows in sight, unless the widget says otherwise. */
const USUAL_HEIGHT = 480;
/** Of a card that was never measured. */
const CARD = 118;
/** Rows around those in sight. */
const AROUND = 8;

/**
 * @param {object} options
 * @param {import("./board_feed.js").Feed} options.feed
 * @param {ReturnType<typeof import("./board_settings.js").createSettings>} options.settings
 * @param {(row: number) => HTMLElement} options.hostOf a row's card
 * @param {number} options.most height of the rows, in pixels; 0 for the usual
 * @param {() => void} options.released called when neither pointer nor focus is in the rows any more
 * @param {() => void} options.schedule has `paint` called soon
 * @param {AbortSignal} options.signal
 */
export function createGrid({ feed, settings, hostOf, most, released, schedule, signal }) {
  const { store } = feed;
  const rows = createRows(store);
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
  let [active, column] = [HEADINGS, 1];
  let scrolled = 0;
  /** Where to scroll to when the rows are there. */
  let wanted = -1;
  let wide = true;
  let hidden = false;
  let [pointed, focused] = [false, false];
  /** @type {Map<number, number>} */
  const measured = new Map();

  const usual = () => (wide ? ONE_LINE : TWO_LINES);

  function heightsOf() {
    /** @type {[number, number][]} */
    const others = [];
    for (const row of settings.view.open) {
      const index = arrangement.items.indexOf(itemOfCard(row));
      if (index >= 0) others.push([index, measured.get(row) ?? CARD]);
    }
    return { usual: usual(), others: others.sort(([a], [b]) => a - b) };
  }

  /** @param {ReturnType<typeof heightsOf>} heights */
  const wholeOf = (heights) => offsetOf(heights, arrangement.items.length);
  /** @param {ReturnType<typeof heightsOf>} heights */
  const sightOf = (heights) => Math.min(wholeOf(heights), most || USUAL_HEIGHT);

  /** @param {number} around */
  function range(around, heights = heightsOf()) {
    const sight = { top: scrolled, height: sightOf(heights), around };
    return rangeOf(heights, arrangement.items.length, sight);
  }

  /** The items in sight and their distances from the upper edge, the one that the reader is at before all others. */
  function anchors() {
    const heights = heightsOf();
    const [from, to] = range(0, heights);
    /** @type {[number, number][]} */
    const found = [];
    for (let index = from; index < to; index += 1)
      found.push([Number(arrangement.items[index]), offsetOf(heights, index) - scrolled]);
    if (!focused) return found;
    const mine = found.filter(([item]) => item === active);
    return [...mine, ...found];
  }

  /**
   * Changes what is shown, and keeps what the reader looks at where it is.
   * @param {() => void} change
   */
  function inPlace(change) {
    const held = pointed || focused;
    const before = held || scrolled > 0 ? anchors() : [];
    change();
    const heights = heightsOf();
    for (const [item, distance] of before) {
      const index = arrangement.items.indexOf(item);
      if (index < 0) continue;
      scrollTo(offsetOf(heights, index) - distance, heights);
      return;
    }
    scrollTo(scrolled, heights);
  }

  /** @param {number} to */
  function scrollTo(to, heights = heightsOf()) {
    const place = Math.max(0, Math.min(to, wholeOf(heights) - sightOf(heights)));
    if (place === scrolled) return;
    scrolled = wanted = place;
  }

  /** @param {number} index */
  function vnodeOf(index, heights = heightsOf()) {
    const item = Number(arrangement.items[index]);
    const at = item === active ? (!wide && column === BEGAN_COLUMN ? column - 1 : column) : null;
    const place = { index, offset: offsetOf(heights, index), column: at };
    if (isGroup(item)) {
      const group = arrangement.groups[-1 - item];
      return group ? rows.group(group, item, place, settings.view.group) : h("div");
    }
    if (isCard(item)) return rows.card(item, place);
    const row = rowOf(item);
    return rows.row(row, place, settings.view.open.includes(row), moment);
  }

  let moment = feed.moment();

  /** Draws what is in sight. */
  function paint() {
    const { items } = arrangement;
    moment = feed.moment();
    const heights = heightsOf();
    const [from, to] = range(AROUND, heights);
    let at = items.indexOf(active);
    // Where the keyboard is not, the one stop for Tab is in sight.
    if (active === HEADINGS ? !focused && items.length > 0 : at < 0 || (!focused && !inside(at))) {
      const [first] = range(0, heights);
      at = focused && at < 0 ? Math.min(lastAt, items.length - 1) : first;
      active = items[at] ?? HEADINGS;
    }
    lastAt = at;
    const indexes = [];
    if (at >= 0 && at < from) indexes.push(at);
    for (let index = from; index < to; index += 1) indexes.push(index);
    if (at >= to) indexes.push(at);
    const whole = wholeOf(heights);
    const height = sightOf(heights);
    const lost = focused && !top.contains(document.activeElement);
    element.setAttribute("aria-rowcount", String(items.length + 1));
    draw(top, [rows.headings(settings.view, active === HEADINGS ? column : null)]);
    scroller.style.height = `${height}px`;
    const spacer = { role: "presentation", "style.height": `${whole}px` };
    draw(scroller, [
      h("div.fw-board-spacer", spacer),
      ...indexes.map((index) => vnodeOf(index, heights)),
    ]);
    rows.sweep();
    for (const index of indexes) {
      const item = Number(items[index]);
      if (!isCard(item)) continue;
      const hole = scroller.querySelector(`[data-fw-item="${item}"] .fw-board-hole`);
      const host = hostOf(rowOf(item));
      if (hole && host.parentNode !== hole) hole.append(host);
    }
    if (wanted >= 0 && !hidden) {
      scroller.scrollTop = wanted;
      wanted = -1;
    }
    // The row that had the focus is gone: its neighbour has it now.
    if (lost && !element.contains(document.activeElement)) focus();
  }
  let lastAt = 0;

  /** @param {number} index */
  function inside(index) {
    const [from, to] = range(0);
    return index >= from && index < to;
  }

  function focus() {
    const host = active === HEADINGS ? top : scroller;
    const found = host.querySelector(`[data-fw-item="${active}"] [tabindex="0"]`);
    /** @type {HTMLElement | null} */ (found)?.focus({ preventScroll: true });
  }

  /** @param {import("./board_keys.js").Command} command */
  function move({ rows: down = 0, pages = 0, columns = 0 }) {
    const { items } = arrangement;
    const heights = heightsOf();
    if (columns) {
      const left = column + columns;
      column = Math.max(0, Math.min(LAST_COLUMN, left));
      if (column === BEGAN_COLUMN && !wide) column += Math.sign(columns);
    } else {
      const page = Math.max(1, Math.floor(sightOf(heights) / usual()) - 1);
      const from = active === HEADINGS ? -1 : items.indexOf(active);
      // The headings are above the first row, but a whole way up ends at that row.
      const least = wide && down === -1 ? -1 : 0;
      const to = Math.max(least, Math.min(items.length - 1, from + down + pages * page));
      active = to < 0 ? HEADINGS : Number(items[to]);
    }
    reveal(heights);
    paint();
    focus();
  }

  function reveal(heights = heightsOf()) {
    const index = arrangement.items.indexOf(active);
    if (index < 0) return;
    const [begin, end] = [offsetOf(heights, index), offsetOf(heights, index + 1)];
    scrollTo(scrolledTo(scrolled, sightOf(heights), begin, end), heights);
  }

  /** @param {Event} event */
  function placeOf({ target }) {
    const at = /** @type {HTMLElement} */ (target);
    const line = at.closest("[data-fw-item]");
    const cell = at.closest("[data-fw-column]");
    if (!line) return null;
    return {
      item: Number(line.getAttribute("data-fw-item")),
      column: cell ? Number(cell.getAttribute("data-fw-column")) : column,
    };
  }

  function changed() {
    if (!pointed && !focused) released();
  }

  const on = { signal };
  scroller.addEventListener(
    "scroll",
    () => {
      if (hidden || wanted >= 0) return;
      scrolled = scroller.scrollTop;
      schedule();
    },
    { ...on, passive: true },
  );
  scroller.addEventListener(
    "pointerenter",
    ({ pointerType }) => {
      // A finger is not seen to leave.
      pointed = pointerType !== "touch";
    },
    on,
  );
  scroller.addEventListener(
    "pointerleave",
    () => {
      pointed = false;
      changed();
    },
    on,
  );
  element.addEventListener(
    "focusin",
    (event) => {
      focused = true;
      const place = placeOf(event);
      if (!place || (place.item === active && place.column === column)) return;
      [active, column] = [place.item, place.column];
      schedule();
    },
    on,
  );
  element.addEventListener(
    "focusout",
    ({ relatedTarget }) => {
      // The button that puts the rows in order is beside them.
      const to = /** @type {Element | null} */ (relatedTarget);
      focused = element.contains(to) || Boolean(to?.closest(".fw-board-update"));
      changed();
    },
    on,
  );

  return {
    element,
    placeOf,
    move,
    paint,
    focus,
    held: () => pointed || focused,
    get active() {
      return active;
    },
    get arrangement() {
      return arrangement;
    },
    /**
     * @param {Arrangement} next
     * @param {boolean} [fromTop] whether the reader has asked for something else
     */
    show(next, fromTop = false) {
      inPlace(() => {
        arrangement = next;
      });
      if (fromTop) scrollTo(0);
    },
    /**
     * @param {number} row
     * @param {number} height of its card, in pixels
     */
    cardMeasured(row, height) {
      if (measured.get(row) === height) return;
      inPlace(() => measured.set(row, height));
      schedule();
    },
    /** @param {number} width of the board, in pixels; 0 while it is not to be seen */
    resize(width) {
      if (width > 0 && hidden) wanted = scrolled;
      hidden = width === 0;
      if (!hidden && wide !== width >= ROOM_FOR_ONE) {
        inPlace(() => {
          wide = width >= ROOM_FOR_ONE;
        });
      }
      element.toggleAttribute("data-fw-narrow", !wide);
      schedule();
    },
    /** @param {number} item to which the keyboard goes */
    go(item) {
      active = item;
      reveal();
      paint();
      focus();
    },
    /** @returns {number[]} the rows in sight */
    inSight() {
      const [from, to] = range(0);
      return [...arrangement.items.subarray(from, to)]
        .filter((item) => !isGroup(item) && !isCard(item))
        .map(rowOf);
    },
  };
}

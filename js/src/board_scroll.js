/** Where the reader is in the rows: what is in sight, and that it stays there while rows come, go and grow. */

import { itemOfCard } from "./board_order.js";
import { offsetOf, rangeOf, scrolledTo } from "./board_window.js";

/** @typedef {import("./board_window.js").Heights} Heights */

/** Heights of a row, in pixels: with one line, and with two where there is less room than that. */
const ONE_LINE = 32;
const TWO_LINES = 52;
const ROOM_FOR_ONE = 600;
/** Of all rows in sight, unless the widget says otherwise. */
const USUAL_HEIGHT = 480;
/** Of a card that was never measured. */
const CARD = 118;

/**
 * @param {object} options
 * @param {HTMLElement} options.scroller
 * @param {number} options.most height of the rows, in pixels; 0 for the usual
 * @param {() => Int32Array} options.items
 * @param {() => number[]} options.open rows whose cards are
 * @param {() => boolean} options.held whether the reader is in the rows
 * @param {() => number | null} options.kept the item that is to stay where it is before all others
 */
export function createScroll({ scroller, most, items, open, held, kept }) {
  let scrolled = 0;
  /** Where to scroll to when the rows are there; less than 0 for nowhere. */
  let wanted = -1;
  let wide = true;
  /** Whether the board is not to be seen: what has no size has lost its place, too. */
  let hidden = false;
  /** @type {Map<number, number>} */
  const measured = new Map();

  const usual = () => (wide ? ONE_LINE : TWO_LINES);

  /** @returns {Heights} */
  function heights() {
    /** @type {[number, number][]} */
    const others = [];
    for (const row of open()) {
      const index = items().indexOf(itemOfCard(row));
      if (index >= 0) others.push([index, measured.get(row) ?? CARD]);
    }
    return { usual: usual(), others: others.sort(([a], [b]) => a - b) };
  }

  /** @param {Heights} all */
  const wholeOf = (all) => offsetOf(all, items().length);
  /** @param {Heights} all */
  const sightOf = (all) => Math.min(wholeOf(all), most || USUAL_HEIGHT);

  /** @param {number} around */
  function range(around, all = heights()) {
    const sight = { top: scrolled, height: sightOf(all), around };
    return rangeOf(all, items().length, sight);
  }

  /** The items in sight and their distances from the upper edge. */
  function anchors() {
    const all = heights();
    const [from, to] = range(0, all);
    /** @type {[number, number][]} */
    const found = [];
    for (let index = from; index < to; index += 1)
      found.push([Number(items()[index]), offsetOf(all, index) - scrolled]);
    const first = found.filter(([item]) => item === kept());
    return [...first, ...found];
  }

  /** @param {number} to */
  function scrollTo(to, all = heights()) {
    const place = Math.max(0, Math.min(to, wholeOf(all) - sightOf(all)));
    if (place === scrolled) return;
    scrolled = wanted = place;
  }

  /**
   * Changes what is shown, and keeps what the reader looks at where it is.
   * @param {() => void} change
   */
  function inPlace(change) {
    // At the top, what is new is what the reader wants to see.
    const before = held() || scrolled > 0 ? anchors() : [];
    change();
    const all = heights();
    for (const [item, distance] of before) {
      const index = items().indexOf(item);
      if (index < 0) continue;
      scrollTo(offsetOf(all, index) - distance, all);
      return;
    }
    scrollTo(scrolled, all);
  }

  return {
    heights,
    wholeOf,
    sightOf,
    range,
    inPlace,
    scrollTo,
    get wide() {
      return wide;
    },
    get scrolled() {
      return scrolled;
    },
    /** @returns {boolean} whether the reader has scrolled */
    scrolledByReader() {
      if (hidden || wanted >= 0) return false;
      scrolled = scroller.scrollTop;
      return true;
    },
    /** Goes where it was to go to, now that the rows are there. */
    settle() {
      if (wanted < 0 || hidden) return;
      scroller.scrollTop = wanted;
      wanted = -1;
    },
    /** How many rows a page has. */
    page: (all = heights()) => Math.max(1, Math.floor(sightOf(all) / usual()) - 1),
    /**
     * Scrolls so that an item is in sight.
     * @param {number} index
     */
    reveal(index, all = heights()) {
      const [begin, end] = [offsetOf(all, index), offsetOf(all, index + 1)];
      scrollTo(scrolledTo(scrolled, sightOf(all), begin, end), all);
    },
    /**
     * @param {number} row
     * @param {number} height of its card, in pixels
     * @returns {boolean} whether that is new
     */
    measure(row, height) {
      if (measured.get(row) === height) return false;
      inPlace(() => measured.set(row, height));
      return true;
    },
    /** @param {number} width of the board, in pixels; 0 while it is not to be seen */
    resize(width) {
      if (width > 0 && hidden) wanted = scrolled;
      hidden = width === 0;
      if (hidden || wide === width >= ROOM_FOR_ONE) return;
      inPlace(() => {
        wide = width >= ROOM_FOR_ONE;
      });
    },
  };
}

/** One timer for all cards of the page. anywidget loads this module once per widget, so the ticker lives on the page, not in the module. */

import { ASLEEP_AFTER } from "./clock.js";

/** @typedef {(woke: boolean) => void} Tick called about once a second; `woke` when the page had been asleep before it */

/**
 * @typedef {object} Ticker
 * @property {(tick: Tick) => void} add
 * @property {(tick: Tick) => void} remove
 */

const KEY = Symbol.for("fiddler_widgets.ticker.1");

/** @returns {number} the page's monotonic clock, in seconds */
export const monotonic = () => performance.now() / 1000;

/** @returns {Ticker} */
function createTicker() {
  /** @type {Set<Tick>} */
  const ticks = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let last = 0;

  function run() {
    const now = monotonic();
    const woke = now - last > ASLEEP_AFTER;
    last = now;
    for (const tick of [...ticks]) tick(woke);
  }

  // A hidden page's timers are throttled to one a minute: look at once when it comes back.
  function shown() {
    if (document.visibilityState === "visible") run();
  }

  return {
    add(tick) {
      ticks.add(tick);
      if (timer !== undefined) return;
      last = monotonic();
      timer = setInterval(run, 1000);
      document.addEventListener("visibilitychange", shown);
    },
    remove(tick) {
      ticks.delete(tick);
      if (ticks.size > 0 || timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      document.removeEventListener("visibilitychange", shown);
    },
  };
}

/** @returns {Ticker} the one ticker of this page */
export function pageTicker() {
  const page = /** @type {Record<symbol, Ticker | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  page[KEY] ??= createTicker();
  return page[KEY];
}

/** One timer for all cards of the page. anywidget loads this module once per widget, so the ticker lives on the page, not in the module. */

/** A gap between two ticks longer than this, in seconds, means that the page itself was asleep. */
const ASLEEP_AFTER = 5;

/** @typedef {(woke: boolean) => void} Tick called about once a second; `woke` when the page had been asleep before it */

const KEY = Symbol.for("fiddler_widgets.ticker.1");

/** @returns {number} the page's monotonic clock, in seconds */
export const monotonic = () => performance.now() / 1000;

function createTicker() {
  /** @type {Set<Tick>} */
  const ticks = new Set();
  let timer = 0;
  let last = 0;

  function run() {
    const woke = monotonic() - last > ASLEEP_AFTER;
    last = monotonic();
    for (const tick of [...ticks]) tick(woke);
  }

  // A hidden page's timers are throttled to one a minute: look at once when it comes back.
  function shown() {
    if (!document.hidden) run();
  }

  return {
    /** @param {Tick} tick */
    add(tick) {
      if (!ticks.size) {
        last = monotonic();
        timer = window.setInterval(run, 1000);
        document.addEventListener("visibilitychange", shown);
      }
      ticks.add(tick);
    },
    /** @param {Tick} tick */
    remove(tick) {
      if (!ticks.delete(tick) || ticks.size) return;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", shown);
    },
  };
}

/** @returns {ReturnType<typeof createTicker>} the one ticker of this page */
export function pageTicker() {
  /** @type {Record<symbol, any>} */
  const page = globalThis;
  page[KEY] ??= createTicker();
  return page[KEY];
}

/** Tells the kernel which rows the reader has in view: it looks at their jobs first. */

import { LOOK } from "./board_protocol.js";
import { monotonic } from "./ticker.js";

/** Seconds after which the rows in view are named again, in case nobody heard. */
const AGAIN = 30;
/** Seconds from one message to the next, at least. */
const PAUSE = 1;

/**
 * @param {object} options
 * @param {HTMLElement} options.root of the board
 * @param {import("./board_feed.js").Feed} options.feed
 * @param {() => number[]} options.inSight the rows that are drawn where the reader has scrolled to
 * @param {(message: {type: string, rows: number[]}) => void} options.send to the kernel
 * @param {() => void} options.schedule has the board painted, which tells again
 * @param {AbortSignal} options.signal
 * @returns {() => void} to be called after each painting
 */
export function createSight({ root, feed, inSight, send, schedule, signal }) {
  let visible = true;
  let told = "";
  let toldAt = Number.NEGATIVE_INFINITY;

  function tell() {
    const now = monotonic();
    const rows = visible && !document.hidden ? inSight() : [];
    const isDue = feed.head.watching && rows.length > 0 && now - toldAt >= AGAIN;
    if ((String(rows) === told && !isDue) || now - toldAt < PAUSE) return;
    told = String(rows);
    toldAt = now;
    send({ type: LOOK, rows });
  }

  const observer =
    globalThis.IntersectionObserver &&
    new IntersectionObserver((entries) => {
      visible = entries.at(-1)?.isIntersecting ?? true;
      schedule();
    });
  observer?.observe(root);
  document.addEventListener("visibilitychange", tell, { signal });
  signal.addEventListener("abort", () => observer?.disconnect());
  return tell;
}

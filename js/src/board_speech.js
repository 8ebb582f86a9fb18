/** What a screen reader is told of a board: a sum, now and then; at once only what cannot wait. */

import { say } from "./live_region.js";

/** Seconds between two sentences. */
const PAUSE = 10;
/** Of what is over, each tenth of the whole is worth a word. */
const PARTS = 10;

/**
 * @typedef {object} Summary
 * @property {number} total
 * @property {number} over
 * @property {number} running
 * @property {number} failed
 * @property {string} trouble of the board as a whole, "" for none
 */

/** @param {number} count */
export const counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** @param {Summary} summary */
export function sentenceOf({ total, over, running, failed, trouble }) {
  const parts = [];
  if (trouble) parts.push(trouble);
  if (failed) parts.push(`${counted(failed)} failed`);
  if (over < total && running) parts.push(`${counted(running)} running`);
  parts.push(
    over < total ? `${counted(over)} of ${counted(total)} over` : `all ${counted(total)} over`,
  );
  return `Board: ${parts.join(", ")}`;
}

/** @param {(sentence: string) => void} [speak] */
export function createSpeaker(speak = say) {
  /** @type {Summary | undefined} what was last said, or was there at first */
  let told;
  let toldAt = Number.NEGATIVE_INFINITY;

  return {
    /**
     * @param {Summary} summary
     * @param {number} now seconds by the page's clock
     */
    tell(summary, now) {
      const { total, over, failed, trouble } = summary;
      const before = told ?? summary;
      told ??= summary;
      const partOf = (/** @type {Summary} */ one) => Math.floor((one.over / one.total) * PARTS);
      const ended = total > 0 && over === total && (before.over < before.total || !before.total);
      const firstFailure = failed > 0 && before.failed === 0;
      const lost = trouble !== before.trouble && trouble.includes("kernel");
      const changed =
        failed !== before.failed ||
        trouble !== before.trouble ||
        (total > 0 && partOf(summary) !== partOf(before));
      if (!ended && !firstFailure && !lost && (!changed || now - toldAt < PAUSE)) return;
      told = summary;
      toldAt = now;
      speak(sentenceOf(summary));
    },
  };
}

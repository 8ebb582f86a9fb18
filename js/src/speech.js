/** What a screen reader is told: changes of status and health, and each quarter of the way; nothing else. */

import { element } from "./dom.js";
import { clip } from "./words.js";

/** @typedef {import("./present.js").Presentation} Presentation */

/** @param {Presentation} shown */
const quarterOf = ({ percent }) => (percent === null ? 0 : Math.floor(percent / 25));

/** @param {Presentation} shown */
function healthSpoken({ lost, notice, chip }) {
  if (lost) return "connection to the kernel lost";
  // The countdown after the colon changes every second: it is not a change of health.
  if (notice?.head) return notice.head.split(":", 1)[0] ?? "";
  return chip;
}

/**
 * Remembers what was said, and finds what is new.
 * @returns {(shown: Presentation) => string} what to say now, "" for nothing
 */
export function createSpeech() {
  /** @type {{word: string, health: string, quarter: number} | undefined} */
  let before;
  return (shown) => {
    const now = { word: shown.status, health: healthSpoken(shown), quarter: quarterOf(shown) };
    const last = before;
    before = now;
    if (last === undefined) return "";
    const news = [];
    if (now.word !== last.word) news.push(now.word.toLowerCase());
    if (now.health !== last.health && now.health !== "") news.push(now.health);
    if (now.quarter > last.quarter && !shown.final) news.push(`${now.quarter * 25} %`);
    if (news.length === 0) return "";
    const reason = shown.final && shown.failure ? `: ${clip(shown.failure.reason, 200)}` : "";
    return `${clip(shown.name, 80)}: ${news.join(", ")}${reason}`;
  };
}

const KEY = Symbol.for("fiddler_widgets.speaker.1");
const KEPT = 3;

/**
 * The one live region of this page. It outlives the cards: a host takes a card away at the very moment that it has news,
 * to draw it anew or as a static one, and what a region says on its way out nobody hears. Nor do two views speak twice.
 * @returns {(text: string) => void}
 */
export function pageSpeaker() {
  const page = /** @type {Record<symbol, HTMLElement | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  const region = page[KEY]?.isConnected
    ? page[KEY]
    : element("div", "fw-speech", { role: "status", "aria-live": "polite" });
  page[KEY] = region;
  if (!region.isConnected) {
    // By hand: no style sheet of the card's reaches it, and a page may forbid style attributes in markup.
    Object.assign(region.style, {
      position: "fixed",
      width: "1px",
      height: "1px",
      overflow: "hidden",
      clipPath: "inset(50%)",
      whiteSpace: "nowrap",
    });
    document.body.append(region);
  }
  return (text) => {
    if (region.lastElementChild?.textContent === text) return;
    region.append(element("div", "", { dir: "auto" }, [text]));
    if (region.childElementCount > KEPT) region.firstElementChild?.remove();
  };
}

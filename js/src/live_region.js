/** What a screen reader is told: changes of status and health, and each quarter of the way; nothing else. */

import { clip } from "./vdom.js";

/** @typedef {import("./view_model.js").Presentation} Presentation */

const KEY = Symbol.for("fiddler_widgets.speaker.1");
const KEPT = 3;
// By hand: no style sheet of the card's reaches it, and a page may forbid style attributes in markup.
const UNSEEN =
  "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";

/**
 * The one live region of this page. It outlives the cards: a host takes a card away at the very moment that it has news,
 * to draw it anew or as a static one, and what a region says on its way out nobody hears. Nor do two views speak twice.
 * @returns {HTMLElement}
 */
function pageRegion() {
  /** @type {Record<symbol, any>} */
  const page = globalThis;
  /** @type {HTMLElement | undefined} */
  let region = page[KEY];
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "fw-speech";
    region.role = "status";
    region.ariaLive = "polite";
    region.style.cssText = UNSEEN;
    document.body.append(region);
    page[KEY] = region;
  }
  return region;
}

/**
 * Says a sentence, unless it was the last one said.
 * @param {string} said
 */
export function say(said) {
  const region = pageRegion();
  if (region.lastElementChild?.textContent === said) return;
  const line = document.createElement("div");
  line.dir = "auto";
  line.append(said);
  region.append(line);
  if (region.childElementCount > KEPT) region.firstElementChild?.remove();
}

/**
 * Remembers what was said, and says what is new.
 * @returns {(shown: Presentation) => void}
 */
export function createSpeech() {
  // A region that is there before it speaks is heard.
  pageRegion();
  /** @type {[string, string, number] | undefined} */
  let before;
  return (shown) => {
    const health = shown.trouble || shown.chip;
    const quarter = Math.floor((shown.percent ?? 0) / 25);
    const [status, last, reached] = before ?? [shown.status, health, quarter];
    before = [shown.status, health, quarter];
    const news = [];
    if (shown.status !== status) news.push(shown.status.toLowerCase());
    if (health !== last && health) news.push(health);
    if (quarter > reached && !shown.final) news.push(`${quarter * 25} %`);
    const reason = shown.final && shown.failure ? `: ${clip(shown.failure.reason, 200)}` : "";
    if (news.length) say(`${clip(shown.name, 80)}: ${news.join(", ")}${reason}`);
  };
}

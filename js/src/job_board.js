/** The entry of JobBoard's frontend: many jobs in one widget. */

import { createFeed } from "./board_feed.js";
import { counted } from "./board_speech.js";
import { createBoard } from "./board_view.js";
import { createTeller } from "./notify.js";
import { BYE, HELLO, PING, sayReady } from "./protocol.js";
import { randomId } from "./vdom.js";

/** @typedef {import("./board_protocol.js").BoardTraits} BoardTraits */
/** @typedef {import("./board_feed.js").BoardModel} BoardModel */
/**
 * @typedef {object} Kept
 * @property {import("./board_feed.js").Feed} feed
 * @property {Map<number, import("./card.js").Memory>} memories of the cards
 * @property {import("./board_view.js").Place} place
 */

/** @type {WeakMap<object, Kept>} what all views of a board share, by the one thing that they, and no other board's, are given */
const boards = new WeakMap();

/** @param {BoardModel} model */
function keyOf(model) {
  const layout = model.get("layout");
  return typeof layout === "object" && layout !== null ? layout : model;
}

/**
 * Tells those who asked for it when all jobs are over.
 * @param {BoardModel} model
 * @param {import("./board_feed.js").Feed} feed
 * @returns {() => void} to be called when the feed goes
 */
function tellOfTheEnd(model, { store }) {
  const tell = createTeller({ notify: model.get("_notify") === true });
  const tag = randomId();
  function look() {
    const { total, over, counts } = store;
    const failed = counts.get("FAILURE") ?? 0;
    /** @type {import("./notify.js").End} */
    const shown = {
      final: total > 0 && over === total,
      tone: failed ? "bad" : "ok",
      word: failed ? `${counted(failed)} failed` : "All over",
      name: `${counted(total)} jobs`,
      what: "",
      failure: null,
    };
    tell(shown, { job_id: tag });
  }
  look();
  model.on("change", look);
  return () => model.off("change", look);
}

/**
 * Follows the kernel from the first message on, whether or not there is a view.
 * @type {import("@anywidget/types").Initialize<BoardTraits>}
 */
function initialize({ model }) {
  sayReady(model);
  const key = keyOf(model);
  const feed = createFeed(model);
  const silence = tellOfTheEnd(model, feed);
  boards.set(key, { feed, memories: new Map(), place: {} });
  return () => {
    boards.delete(key);
    silence();
    feed.end();
  };
}

/**
 * Shows the board in `el` until the host aborts `signal` or calls what this returns.
 * @type {import("@anywidget/types").Render<BoardTraits>}
 */
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const remove = () => controller.abort();
  const view = randomId();
  let kept = boards.get(keyOf(model));
  if (!kept) {
    // A host whose views share nothing with the model.
    const feed = createFeed(model);
    kept = { feed, memories: new Map(), place: {} };
    signal.addEventListener("abort", feed.end);
  }
  const { feed, memories, place } = kept;

  /** @param {object} message */
  function send(message) {
    try {
      model.send(message);
    } catch {
      // A model whose kernel is gone cannot send; the silence that follows shows on the board.
    }
  }

  const hello = () => send({ type: HELLO, view, have: feed.store.number });
  const bye = () => send({ type: BYE, view });

  /** @param {{type?: unknown} | null} content */
  function message(content) {
    // The kernel asks whether anybody can hear it.
    if (content?.type === PING) hello();
  }

  hello();
  createBoard({ el, model, feed, memories, former: place, send, signal });
  model.on("msg:custom", message);

  // A page that is closed or reloaded removes no view; one that comes back out of the browser's cache made none.
  window.addEventListener("pagehide", bye, { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && hello(), { signal });

  signal.addEventListener("abort", () => {
    host?.removeEventListener("abort", remove);
    model.off("msg:custom", message);
    bye();
  });
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}

export default { initialize, render };

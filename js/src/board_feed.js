/** From the widget's model to the store of rows, once for all views: what came, what is missing, and since when nothing came. */

import { createSpeaker } from "./board_speech.js";
import { createStore } from "./board_store.js";
import { ageAtLoad, fairAtLoad, staleAfter } from "./durations.js";
import { ASKED_ENOUGH, KEEN, pauseAfter } from "./lost_messages.js";
import { NEED } from "./protocol.js";
import { monotonic, pageTicker } from "./ticker.js";

/** @typedef {import("./board_protocol.js").BoardTraits} BoardTraits */
/** @typedef {import("@anywidget/types").AnyModel<BoardTraits>} BoardModel */
/** @typedef {ReturnType<typeof createFeed>} Feed */

/**
 * What is called at news, and at each second while there may be any.
 * @callback View
 * @param {boolean} heard whether the kernel was heard of
 * @param {number[] | null} rows that changed; null for all of them
 * @returns {void}
 */

/** Seconds without an answer after which the reader is told that something is missing. */
const TOLD_AFTER = 5;

/** @type {import("./board_protocol.js").Head} */
const NO_HEAD = {
  beat: 5,
  now: 0,
  number: -1,
  watching: false,
  notice: null,
  left: null,
  done: 0,
  total: 0,
  cleared: 0,
  controls: false,
};

/**
 * @param {DataView | null | undefined} bytes
 * @returns {import("./board_protocol.js").Table | null}
 */
function tableOf(bytes) {
  if (!bytes?.byteLength) return null;
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Follows the model until `end` is called.
 * @param {BoardModel} model
 */
export function createFeed(model) {
  const ticker = pageTicker();
  const store = createStore();
  const speaker = createSpeaker();
  /** @type {Set<View>} */
  const views = new Set();
  /** @type {unknown} */
  let table;
  /** @type {unknown} */
  let delta;
  let head = headOf();
  let newsAt = monotonic();
  let trustedSince = newsAt;
  /** What the kernel's clock showed when it was last heard of. */
  let kernelThen = 0;
  let askedAt = -KEEN;
  let asked = 0;
  /** Since when something has been missing. */
  let missingSince = 0;

  function headOf() {
    return { ...NO_HEAD, ...model.get("_head") };
  }

  /**
   * Takes what is new of the traits.
   * @returns {number[] | null} the rows that changed; null for all of them
   */
  function take() {
    /** @type {number[] | null} */
    let rows = [];
    if (model.get("_table") !== table) {
      table = model.get("_table");
      const found = tableOf(/** @type {DataView} */ (table));
      if (found) {
        if (store.load(found)) rows = null;
        kernelThen = Math.max(kernelThen, found.now);
      }
    }
    if (model.get("_delta") !== delta) {
      delta = model.get("_delta");
      const change = /** @type {import("./board_protocol.js").Delta} */ (delta);
      if (change?.number !== undefined) {
        if (store.apply(change)) rows = rows && [...change.rows, ...(change.removed ?? [])];
        kernelThen = Math.max(kernelThen, change.now);
      }
    }
    head = headOf();
    store.expect(head.number);
    kernelThen = Math.max(kernelThen, head.now);
    return rows;
  }

  const isSilent = () =>
    head.watching && monotonic() - Math.max(newsAt, trustedSince) >= staleAfter(head);

  /** Asks for what is missing, and for a sign of life. */
  function look() {
    const now = monotonic();
    const complete = store.complete();
    // A heart that beats was not heard: that may have been its last message too.
    const quiet = head.watching && now - newsAt >= fairAtLoad(head);
    if (complete) missingSince = now;
    if (complete && !quiet) asked = 0;
    else if (asked < ASKED_ENOUGH && now - askedAt >= pauseAfter(asked)) {
      asked += 1;
      askedAt = now;
      try {
        model.send({ type: NEED });
      } catch {
        // The connection is known to be away; the next question may find it back.
      }
    }
    ticker[head.watching || !complete ? "add" : "remove"](tick);
    if (views.size) speaker.tell(summary(), now);
  }

  function summary() {
    const { total, over, counts } = store;
    const running = total - over - (counts.get("PENDING") ?? 0) - (counts.get("") ?? 0);
    const trouble = isSilent() ? "connection to the kernel lost" : (head.notice?.head ?? "");
    return { total, over, running, failed: counts.get("FAILURE") ?? 0, trouble };
  }

  function news() {
    const [before, was] = [[table, delta], head.now];
    const rows = take();
    // What the page itself writes into the model is no news from the kernel.
    const heard = before[0] !== table || before[1] !== delta || was !== head.now;
    if (heard) newsAt = monotonic();
    look();
    for (const view of [...views]) view(heard, rows);
  }

  /** @param {boolean} woke */
  function tick(woke) {
    if (woke) {
      asked = 0;
      trustedSince = monotonic();
    }
    look();
    for (const view of [...views]) view(false, []);
  }

  /** A page that was offline asks also where nothing was watched when it was last heard of. */
  function online() {
    asked = 0;
    if (store.over < store.total) store.expect(store.number + 1);
    look();
  }

  take();
  // A page that loads finds a clock that was written some seconds ago.
  newsAt = monotonic() - ageAtLoad({ now: kernelThen, running: head.watching }, Date.now() / 1000);
  trustedSince = monotonic() - staleAfter(head) + fairAtLoad(head);
  missingSince = monotonic();
  model.on("change", news);
  window.addEventListener("online", online);
  look();

  return {
    store,
    get head() {
      return head;
    },
    /** How it stands with what the page knows. */
    moment() {
      const now = monotonic();
      const sinceNews = Math.max(0, now - newsAt);
      return {
        sinceNews,
        /** Whether nothing was heard for too long of a kernel that watches. */
        lost: isSilent(),
        /** Whether something has been missing for so long that the reader is told. */
        old: !store.complete() && now - missingSince >= TOLD_AFTER,
        /** What the kernel's clock shows now. */
        kernel: kernelThen + sinceNews,
        wall: Date.now() / 1000,
      };
    },
    /**
     * @param {View} view
     * @returns {() => void} to be called when it goes
     */
    follow(view) {
      views.add(view);
      look();
      return () => views.delete(view);
    },
    end() {
      model.off("change", news);
      window.removeEventListener("online", online);
      ticker.remove(tick);
    },
  };
}

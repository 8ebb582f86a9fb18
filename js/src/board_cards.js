/** The whole cards of the open rows. They live on while they are scrolled out of sight. */

import { wordsOf } from "./board_words.js";
import { createCard } from "./card.js";

/** @typedef {import("./job_widget.js").JobTraits} Job */
/** @typedef {import("./board_feed.js").Feed} Feed */

/**
 * What is known of a job whose card has not come yet: its row.
 * @param {Feed} feed
 * @param {number} row
 * @returns {Job}
 */
function jobOfRow({ store, head, moment }, row) {
  const { texts, numbers } = store;
  const now = moment();
  const words = wordsOf(store, row, now);
  const since = (/** @type {number | undefined} */ epoch) =>
    Math.max(0, now.kernel - Number(epoch)) || 0;
  const seen = Number(numbers.seen[row]);
  const [low, high] = [Number(numbers.low[row]), Number(numbers.high[row])];
  return {
    job_id: texts.id[row] ?? "",
    status: words.status,
    progress: words.percent ?? 0,
    indeterminate: words.percent === null,
    error_message: words.error,
    health: texts.health[row] ?? "live",
    time_left: Number.isNaN(high) ? null : [low, high],
    _clock: {
      now: now.kernel,
      watched: words.final ? numbers.took[row] || 0 : since(numbers.began[row]),
      running: head.watching && !words.final && store.flags.held[row] !== 1,
      beat: head.beat,
      silent: Number.isNaN(seen) ? null : since(seen),
      retry: null,
      phase: since(numbers.phase[row]),
      still: 0,
      stall: null,
      retries: 0,
    },
    _said: {
      status: words.word,
      tone: /** @type {import("./protocol.js").Tone} */ (words.tone),
      icon: words.icon,
      final: words.final,
      held: store.flags.held[row] === 1 && !words.final,
      name: words.name,
      what: words.what,
      chip: "",
      tasks: "",
      ill: false,
      notice: null,
      // Its row has the reason and the beginning of the message in one.
      failure: words.error
        ? { tone: "bad", reason: words.error.split(": ")[0] ?? "", lead: "" }
        : null,
      next: "",
      rows: [
        ["Status", words.word],
        ["Watching", texts.health[row] ?? ""],
      ],
      facts: [],
      platform: "",
      link: texts.link[row] ?? "",
    },
    _tasks: {},
    _history: {},
    _controls: false,
    _notify: false,
    _number: 0,
  };
}

/**
 * A card that was written some time ago, as it would be written now: the board's heart beats for all of them.
 * @param {Job} job
 * @param {number} kernel what the kernel's clock shows
 * @param {number} beat
 * @returns {Job}
 */
function asOf(job, kernel, beat) {
  const { _clock: clock, time_left: left } = job;
  const passed = Math.max(0, kernel - clock.now);
  const more = clock.running ? passed : 0;
  return {
    ...job,
    time_left: left && [left[0] - passed, left[1] - passed],
    _clock: {
      ...clock,
      now: clock.now + passed,
      beat,
      watched: clock.watched + more,
      silent: clock.silent === null ? null : clock.silent + passed,
      retry: clock.retry === null ? null : clock.retry - passed,
      phase: clock.phase + more,
      still: clock.still + more,
    },
  };
}

/**
 * @param {object} options
 * @param {Feed} options.feed
 * @param {() => Record<string, Job>} options.cards as the kernel last told them
 * @param {(type: string, row: number, click: string) => void} options.send
 * @param {(row: number, height: number) => void} options.measured
 * @param {Map<number, import("./card.js").Memory>} options.memories what outlives the view
 * @param {AbortSignal} options.signal
 */
export function createCards({ feed, cards, send, measured, memories, signal }) {
  /** @type {Map<number, {host: HTMLElement, news: () => void, controller: AbortController}>} */
  const made = new Map();
  const Observer = globalThis.ResizeObserver;
  const observer =
    Observer &&
    new Observer((entries) => {
      for (const { target, borderBoxSize } of entries) {
        const height = borderBoxSize[0]?.blockSize ?? 0;
        // A card that is out of sight has no height, but keeps its own.
        if (height > 0) measured(Number(/** @type {HTMLElement} */ (target).dataset.fwRow), height);
      }
    });
  signal.addEventListener("abort", () => {
    observer?.disconnect();
    for (const { controller } of made.values()) controller.abort();
  });

  /** @param {number} row */
  function make(row) {
    const host = document.createElement("div");
    host.className = "fw-board-cardhost";
    host.dataset.fwRow = String(row);
    const controller = new AbortController();
    const memory = memories.get(row) ?? {};
    memories.set(row, memory);
    function read() {
      const job = cards()[row];
      const { kernel, sinceNews } = feed.moment();
      return job ? asOf(job, kernel - sinceNews, feed.head.beat) : jobOfRow(feed, row);
    }
    const news = createCard({
      el: host,
      read,
      send: (type, click) => send(type, row, click),
      memory,
      signal: controller.signal,
      // The board has one voice.
      speak: () => {},
    });
    observer?.observe(host);
    const card = { host, news, controller };
    made.set(row, card);
    return card;
  }

  return {
    /** @param {number} row */
    host: (row) => (made.get(row) ?? make(row)).host,
    /** The kernel was heard of. */
    news() {
      for (const { news } of made.values()) news();
    },
    /**
     * Ends those that are not open any more.
     * @param {number[]} open
     */
    keep(open) {
      for (const [row, { host, controller }] of made) {
        if (open.includes(row)) continue;
        observer?.unobserve(host);
        controller.abort();
        made.delete(row);
      }
    },
  };
}

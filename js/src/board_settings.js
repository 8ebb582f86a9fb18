/** How the reader looks at the board: kept in the widget's traits, so that it survives a reload and Python can read it. */

/** @typedef {import("./board_protocol.js").View} View */

/** Milliseconds that a change waits for the next one before it is written. */
const PAUSE_MS = 300;
/** Cards that are open at the same time. */
export const MOST_OPEN = 20;
/** Failures that the page remembers having been looked at. */
const MOST_LOOKED = 500;

/** @type {View} */
const USUAL = {
  order: "attention",
  descending: false,
  statuses: [],
  group: "",
  shut: [],
  open: [],
  looked: [],
};

/**
 * @param {import("./board_feed.js").BoardModel} model
 * @param {() => void} changed called where somebody else has changed them
 * @param {AbortSignal} signal
 */
export function createSettings(model, changed, signal) {
  /** @type {View} */
  let view = { ...USUAL, ...model.get("_view") };
  let filter = String(model.get("filter") ?? "");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function write() {
    clearTimeout(timer);
    try {
      if (JSON.stringify({ ...USUAL, ...model.get("_view") }) !== JSON.stringify(view))
        model.set("_view", view);
      if (model.get("filter") !== filter) model.set("filter", filter);
      model.save_changes();
    } catch {
      // A model whose kernel is gone keeps nothing; the page goes on.
    }
    // Not before: the first of the two that is written is no reason to read the other.
    timer = undefined;
  }

  function put() {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE_MS);
  }

  function adopt() {
    // What the reader is about to change counts more than what comes from elsewhere.
    if (timer !== undefined) return;
    const theirs = { ...USUAL, ...model.get("_view") };
    const text = String(model.get("filter") ?? "");
    if (text === filter && JSON.stringify(theirs) === JSON.stringify(view)) return;
    [view, filter] = [theirs, text];
    changed();
  }

  model.on("change:_view", adopt);
  model.on("change:filter", adopt);
  signal.addEventListener("abort", () => {
    if (timer !== undefined) write();
    model.off("change:_view", adopt);
    model.off("change:filter", adopt);
  });

  return {
    get view() {
      return view;
    },
    get filter() {
      return filter;
    },
    /** @param {string} text */
    search(text) {
      filter = text;
      put();
    },
    /** @param {Partial<View>} changes */
    set(changes) {
      view = { ...view, ...changes };
      put();
    },
    /**
     * Opens or closes the card of a row.
     * @param {number} row
     * @param {boolean} failed
     * @returns {number[]} the rows that were closed
     */
    toggle(row, failed) {
      const { open } = view;
      const rest = open.filter((one) => one !== row);
      const shut = open.includes(row)
        ? [row]
        : rest.slice(0, Math.max(0, rest.length + 1 - MOST_OPEN));
      const kept = open.includes(row) ? rest : [...rest.slice(shut.length), row];
      const looked = failed
        ? [...view.looked.filter((one) => one !== row), row].slice(-MOST_LOOKED)
        : view.looked;
      this.set({ open: kept, looked });
      return shut;
    },
  };
}

/**
 * Writes what the kernel publishes in the place of a widget's outputs into the notebook, where JupyterLab does not: after a
 * reload it does not know where that is. In a notebook that several readers have open, one of them writes: to put an output
 * into a list of outputs is to take one out and to put one in, and of two who do so at once both would stay.
 */

import { modelIdOf } from "./output_type.js";

/** @typedef {import("./lab_api.js").Awareness} Awareness */
/** @typedef {import("./lab_api.js").Bundle} Bundle */
/** @typedef {import("./lab_api.js").NotebookModel} NotebookModel */
/** @typedef {import("./lab_api.js").Outputs} Outputs */
/** @typedef {{data: Bundle, metadata: Bundle}} Published */

/** Milliseconds in which all readers' pages have heard of each other, and of what the page that ran the cell has written. */
const ANNOUNCED = 1000;

/** Milliseconds in which what another page has written is here. */
const TURN = 2000;

/**
 * The outputs of ours in a notebook, each with its place.
 * @param {NotebookModel | null} model
 */
export function* outputsOf(model) {
  for (const { outputs, trusted } of model?.cells ?? []) {
    for (let index = 0; index < (outputs?.length ?? 0); index += 1) {
      const all = /** @type {Outputs} */ (outputs);
      const output = all.get(index);
      const id = modelIdOf(output.data);
      if (id) yield { id, output, outputs: all, index, trusted };
    }
  }
}

/**
 * Whether two bundles hold the same, in whatever order.
 * @param {Bundle} one
 * @param {Bundle} other
 */
const same = (one, other) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(
    ([type, value]) => JSON.stringify(value) === JSON.stringify(other[type]),
  );

/**
 * How many other readers' pages write before this one, in an order that all of them know.
 * @param {Awareness | undefined} awareness
 */
function placeAmong(awareness) {
  if (!awareness) return 0;
  const ids = [...awareness.getStates().keys()].sort((one, other) => one - other);
  return Math.max(0, ids.indexOf(awareness.clientID));
}

/**
 * @param {() => NotebookModel | null} modelNow
 * @param {() => void} written called after each look at whether there is something to write
 */
export function createOutputWriter(modelNow, written) {
  /** @type {Map<string, {published: Published, timer: ReturnType<typeof setTimeout> | undefined}>} by widget */
  const waiting = new Map();

  /** @param {string} widget */
  function put(widget) {
    const published = waiting.get(widget)?.published;
    waiting.delete(widget);
    if (!published) return;
    for (const { id, output, outputs, index } of [...outputsOf(modelNow())]) {
      if (id !== widget || same(output.data, published.data)) continue;
      outputs.set(index, { ...output.toJSON(), ...published });
    }
    written();
  }

  /** @param {string} widget */
  function takeTurn(widget) {
    const place = placeAmong(modelNow()?.sharedModel?.awareness);
    const entry = waiting.get(widget);
    if (place === 0 || !entry) put(widget);
    else entry.timer = setTimeout(put, place * TURN, widget);
  }

  return {
    /**
     * Writes at once, or when it is this page's turn; of what was published meanwhile only the last.
     * @param {string} widget
     * @param {Published} published
     */
    write(widget, published) {
      clearTimeout(waiting.get(widget)?.timer);
      const model = modelNow();
      if (!model?.collaborative) {
        waiting.set(widget, { published, timer: undefined });
        put(widget);
        return;
      }
      // A page that was opened earlier is not known to this one until it says something.
      const awareness = model.sharedModel?.awareness;
      awareness?.setLocalState(awareness.getLocalState());
      waiting.set(widget, { published, timer: setTimeout(takeTurn, ANNOUNCED, widget) });
    },
    end() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

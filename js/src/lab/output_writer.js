/**
 * Writes what the kernel publishes in the place of a widget's outputs into the notebook, where JupyterLab does not: after a
 * reload it does not know where that is. In a notebook that several readers have open, one of them writes: to put an output
 * into a list of outputs is to take one out and to put one in, and of two who do so at once both would stay.
 */

import { modelIdOf } from "./output_type.js";

/** @typedef {import("./lab_api.js").Bundle} Bundle */
/** @typedef {import("./lab_api.js").NotebookModel} NotebookModel */
/** @typedef {import("./lab_api.js").Outputs} Outputs */
/** @typedef {{data: Bundle, metadata: Bundle}} Published */

/** Milliseconds in which another reader's page has written, and this one knows of it. */
const TURN = 1000;

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
 * Milliseconds until it is this page's turn: first comes the page that ran the cell, whose JupyterLab writes by itself,
 * then each reader's, in an order that all of them know.
 * @param {NotebookModel | null} model
 */
function untilTurn(model) {
  if (!model?.collaborative) return 0;
  const awareness = model.sharedModel?.awareness;
  const readers = [...(awareness?.getStates().keys() ?? [])].sort((one, other) => one - other);
  const place = awareness ? readers.indexOf(awareness.clientID) : -1;
  // One that nobody knows of yet is the last.
  return TURN * (1 + (place === -1 ? readers.length : place));
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

  return {
    /**
     * Writes at once, or when it is this page's turn; of what was published meanwhile only the last.
     * @param {string} widget
     * @param {Published} published
     */
    write(widget, published) {
      clearTimeout(waiting.get(widget)?.timer);
      const pause = untilTurn(modelNow());
      const timer = pause > 0 ? setTimeout(put, pause, widget) : undefined;
      waiting.set(widget, { published, timer });
      if (pause === 0) put(widget);
    },
    end() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

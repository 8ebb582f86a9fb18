/**
 * Writes what the kernel publishes in the place of a widget's outputs into the notebook, where JupyterLab does not: after a
 * reload it does not know where that is. In a notebook that several readers have open, one of them writes: to put an output
 * into a list of outputs is to take one out and to put one in, and of two who do so at once both stay. Where pages hear of
 * each other too late for that, what stands there twice is removed.
 */

import { modelIdOf, outputIdOf } from "./output_type.js";
import { createSingleOutputs } from "./single_outputs.js";

/** @typedef {import("./lab_api.js").Awareness} Awareness */
/** @typedef {import("./lab_api.js").Bundle} Bundle */
/** @typedef {import("./lab_api.js").NotebookModel} NotebookModel */
/** @typedef {import("./lab_api.js").Outputs} Outputs */
/** @typedef {{data: Bundle, metadata: Bundle}} Published */
/** @typedef {{widget: string, published: Published, timer?: ReturnType<typeof setTimeout>}} Entry */

/** Milliseconds in which all readers' pages have heard of each other, and of what the page that ran the cell has written. */
const ANNOUNCED = 1000;

/** Milliseconds in which what another page has written is here. */
const TURN = 2000;

/**
 * The outputs of ours in a notebook, each with its place, and with the ids of its widget, if that is live, and its own.
 * @param {NotebookModel | null} model
 */
function* allOutputsOf(model) {
  for (const cell of model?.cells ?? []) {
    for (let index = 0; index < (cell.outputs?.length ?? 0); index += 1) {
      const outputs = /** @type {Outputs} */ (cell.outputs);
      const output = outputs.get(index);
      const [id, outputId] = [modelIdOf(output.data), outputIdOf(output.metadata)];
      if (id || outputId) yield { id, outputId, output, outputs, index, cell };
    }
  }
}

/**
 * Those that show a live widget.
 * @param {NotebookModel | null} model
 */
export function* outputsOf(model) {
  for (const { id, output, cell } of allOutputsOf(model))
    if (id) yield { id, output, trusted: cell.trusted };
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
  /** @type {Map<string, Entry>} by output, or by widget where the kernel does not name the output */
  const waiting = new Map();

  /** @type {Map<string, Entry>} by output, what is to be in a shared notebook */
  const last = new Map();

  const single = createSingleOutputs((outputId) => {
    const entry = last.get(outputId);
    // The one that is left may be the older.
    if (entry) write(entry.widget, entry.published);
  });

  /** @param {string} key */
  function put(key) {
    const entry = waiting.get(key);
    waiting.delete(key);
    if (!entry) return;
    const { widget, published } = entry;
    const wanted = outputIdOf(published.metadata);
    const model = modelNow();
    for (const { id, outputId, output, outputs, index, cell } of [...allOutputsOf(model)]) {
      const isThatOne = wanted && outputId ? outputId === wanted : id === widget;
      if (!isThatOne) continue;
      if (id && !same(output.data, published.data))
        outputs.set(index, { ...output.toJSON(), ...published });
      if (wanted && model?.collaborative) single.keep(cell);
    }
    written();
  }

  /** @param {string} key */
  function takeTurn(key) {
    const place = placeAmong(modelNow()?.sharedModel?.awareness);
    const entry = waiting.get(key);
    if (place === 0 || !entry) put(key);
    else entry.timer = setTimeout(put, place * TURN, key);
  }

  /**
   * @param {string} widget
   * @param {Published} published
   */
  function write(widget, published) {
    const outputId = outputIdOf(published.metadata);
    const key = outputId || widget;
    clearTimeout(waiting.get(key)?.timer);
    const model = modelNow();
    if (!model?.collaborative) {
      waiting.set(key, { widget, published });
      put(key);
      return;
    }
    // A page that was opened earlier is not known to this one until it says something.
    const awareness = model.sharedModel?.awareness;
    awareness?.setLocalState(awareness.getLocalState());
    if (outputId) last.set(outputId, { widget, published });
    waiting.set(key, { widget, published, timer: setTimeout(takeTurn, ANNOUNCED, key) });
  }

  return {
    /** Writes at once, or when it is this page's turn; of what was published meanwhile only the last. */
    write,
    end() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      single.end();
    },
  };
}

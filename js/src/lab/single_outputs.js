/**
 * Keeps each output single in a notebook that several readers have open: where two pages have replaced the same output at
 * once, both replacements are in the document. Pages may hear of each other as late as they like; once they have, each of
 * them removes all but the first. Which one is first is the same for all of them, so none removes what another keeps.
 */

import { outputIdOf } from "./output_type.js";

/** @typedef {import("./lab_api.js").CellModel} CellModel */
/** @typedef {import("./lab_api.js").Outputs} Outputs */

/**
 * Removes the later ones of outputs with the same id.
 * @param {CellModel} cell
 * @returns {Set<string>} the ids of what was there more than once
 */
function removeCopies({ outputs, sharedModel }) {
  const known = new Set();
  /** @type {[number, string][]} */
  const copies = [];
  for (let index = 0; index < (outputs?.length ?? 0); index += 1) {
    const id = outputIdOf(outputs?.get(index).metadata);
    if (id && known.has(id)) copies.push([index, id]);
    known.add(id);
  }
  for (const [index] of copies.reverse()) sharedModel.updateOutputs?.(index, index + 1, []);
  return new Set(copies.map(([, id]) => id));
}

/** @param {(outputId: string) => void} removed called where there was more than one, when one is left */
export function createSingleOutputs(removed) {
  /** @type {Map<Outputs, CellModel>} */
  const cells = new Map();
  /** @type {Set<Outputs>} */
  const changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function look() {
    timer = undefined;
    const cellsNow = [...changed].flatMap((outputs) => cells.get(outputs) ?? []);
    changed.clear();
    for (const cell of cellsNow) for (const id of removeCopies(cell)) removed(id);
  }

  /** @param {Outputs} outputs */
  function lookSoon(outputs) {
    changed.add(outputs);
    // What a change consists of is in the list only when all who are told of it have returned.
    timer ??= setTimeout(look, 0);
  }

  return {
    /**
     * From now on each output of that cell's is there once.
     * @param {CellModel} cell
     */
    keep(cell) {
      const { outputs } = cell;
      if (!outputs || cells.has(outputs)) return;
      cells.set(outputs, cell);
      outputs.changed.connect(lookSoon);
      lookSoon(outputs);
    },
    end() {
      clearTimeout(timer);
      for (const outputs of cells.keys()) outputs.changed.disconnect(lookSoon);
      cells.clear();
    },
  };
}

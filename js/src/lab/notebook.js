/** What the extension does for one notebook: renders its outputs of ours, and keeps what is saved of them true. */

import { createCardOutput } from "./card_output.js";
import { modelIdOf, OUTPUT_TYPE, PUBLISHED_AGAIN, WIDGET_TYPE } from "./output_type.js";

/** @typedef {import("./card_output.js").CardOutput} CardOutput */
/** @typedef {import("./lab_api.js").Message} Message */
/** @typedef {import("./lab_api.js").NotebookPanel} NotebookPanel */
/** @typedef {import("./lab_api.js").Outputs} Outputs */

/** Before the widgets' own renderer, which has -10. */
const RANK = -20;

/** Milliseconds after which the outputs in view are drawn, and models are made for the others. */
const DRAWN = 1500;

/**
 * The outputs of ours in a notebook, each with its place.
 * @param {NotebookPanel} notebook
 */
function* outputsOf({ content }) {
  for (const { outputs, trusted } of content.model?.cells ?? []) {
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
 * @param {Record<string, unknown>} one
 * @param {Record<string, unknown>} other
 */
const same = (one, other) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(
    ([type, value]) => JSON.stringify(value) === JSON.stringify(other[type]),
  );

/**
 * @param {import("./card_output.js").Lumino} lumino
 * @param {NotebookPanel} notebook
 */
export function serveNotebook(lumino, notebook) {
  const { content, context, sessionContext } = notebook;
  /** @type {Set<CardOutput>} */
  const drawn = new Set();
  /** @type {Map<string, CardOutput>} drawn on no page, by model */
  const unseen = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next;

  function create() {
    try {
      const output = createCardOutput(lumino, notebook);
      drawn.add(output);
      return output;
    } catch (error) {
      console.warn(error);
      return content.rendermime.createRenderer(WIDGET_TYPE);
    }
  }

  content.rendermime.addFactory(
    { safe: false, mimeTypes: [OUTPUT_TYPE], createRenderer: create },
    RANK,
  );

  /**
   * Has a model for each output that JupyterLab does not draw because it is far from view: its frontend tells of the end,
   * and the kernel knows that somebody has it open.
   */
  function followUnseen() {
    for (const output of drawn) if (output.isDisposed) drawn.delete(output);
    const shown = new Set([...drawn].map((output) => output.modelId()));
    const wanted = new Map(
      [...outputsOf(notebook)].filter(({ trusted }) => trusted).map((each) => [each.id, each]),
    );
    for (const [id, output] of unseen) {
      if (wanted.has(id) && !shown.has(id)) continue;
      unseen.delete(id);
      output.dispose();
    }
    for (const [id, { output }] of wanted) {
      if (shown.has(id) || unseen.has(id)) continue;
      const keeper = createCardOutput(lumino, notebook);
      unseen.set(id, keeper);
      const { data } = output;
      keeper.renderModel({ data, metadata: {}, trusted: true }).catch(() => {});
    }
    // Until all of them are drawn: JupyterLab makes models by itself for what comes later.
    clearTimeout(next);
    if (unseen.size > 0 && !notebook.isDisposed) next = setTimeout(followUnseen, DRAWN);
  }

  /**
   * Takes what the kernel publishes in the place of a widget's outputs. After a reload JupyterLab does not know where that
   * is; where it does, the output holds it already.
   * @param {unknown} _sender
   * @param {Message} message
   */
  function publishedAgain(_sender, { header, content: { transient, data, metadata } }) {
    if (header.msg_type !== "update_display_data" || !transient?.[PUBLISHED_AGAIN]) return;
    for (const { id, output, outputs, index } of [...outputsOf(notebook)]) {
      if (id !== transient[PUBLISHED_AGAIN] || same(output.data, data)) continue;
      outputs.set(index, { ...output.toJSON(), data, metadata });
    }
    followUnseen();
  }

  sessionContext.iopubMessage.connect(publishedAgain);
  context.ready.then(() => {
    next = setTimeout(followUnseen, DRAWN);
  });
  notebook.disposed.connect(() => {
    clearTimeout(next);
    for (const output of unseen.values()) output.dispose();
  });
}

/** What the extension does for one notebook: renders its outputs of ours, and keeps what is saved of them true. */

import { createCardOutput } from "./card_output.js";
import { OUTPUT_TYPE, PUBLISHED_AGAIN, WIDGET_TYPE } from "./output_type.js";
import { createOutputWriter, outputsOf } from "./output_writer.js";

/** @typedef {import("./card_output.js").CardOutput} CardOutput */
/** @typedef {import("./lab_api.js").Message} Message */
/** @typedef {import("./lab_api.js").NotebookPanel} NotebookPanel */

/** Before the widgets' own renderer, which has -10. */
const RANK = -20;

/** Milliseconds after which the outputs in view are drawn, and models are made for the others. */
const DRAWN = 1500;

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
      [...outputsOf(content.model)].filter(({ trusted }) => trusted).map((each) => [each.id, each]),
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

  const writer = createOutputWriter(() => content.model, followUnseen);

  /**
   * @param {unknown} _sender
   * @param {Message} message
   */
  function publishedAgain(_sender, { header, content: { transient, data, metadata } }) {
    if (header.msg_type !== "update_display_data" || !transient?.[PUBLISHED_AGAIN]) return;
    writer.write(transient[PUBLISHED_AGAIN], { data, metadata });
  }

  sessionContext.iopubMessage.connect(publishedAgain);
  context.ready.then(() => {
    next = setTimeout(followUnseen, DRAWN);
  });
  notebook.disposed.connect(() => {
    clearTimeout(next);
    writer.end();
    for (const output of unseen.values()) output.dispose();
  });
}

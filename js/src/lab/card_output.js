/**
 * What the extension shows for an output that holds a live widget of ours: the widget's own view whenever the page can have
 * its model; until then, and where it cannot, the static HTML that is in the output, with a line that says why; and where
 * the kernel is busy but can be heard, a live view by a comm of its own.
 */

import { showLive } from "./live_view.js";
import { modelIdOf, WIDGET_TYPE } from "./output_type.js";

/** @typedef {import("./lab_api.js").MimeModel} MimeModel */
/** @typedef {import("./lab_api.js").NotebookPanel} NotebookPanel */
/** @typedef {import("./lab_api.js").Panel} Panel */
/** @typedef {import("./lab_api.js").Renderer} Renderer */
/** @typedef {import("./lab_api.js").Widget} Widget */
/**
 * The classes that JupyterLab shares.
 * @typedef {object} Lumino
 * @property {new () => Panel} Panel
 * @property {new () => Widget} Widget
 */
/**
 * @typedef {Renderer & {modelId: () => string, hasView: () => boolean}} CardOutput
 */

/** Milliseconds in which a widget's own view is there, as a rule: nothing else is shown before. */
const GRACE = 500;

/** Milliseconds in which a kernel that is not busy has answered, as a rule. */
const ANSWER = 1000;

/** Milliseconds between two looks at whether it has come. */
const LOOK = 250;

const WHY = {
  connecting: "Not live yet: waiting for the kernel.",
  busy: "Not live now: the kernel is busy. This is what it said last.",
  none: "Not live: no kernel is running. This is what was known last.",
  gone: "Not live: the kernel no longer watches this. This is what was known last.",
};

/**
 * What an output shows without its widget; as text, where it was displayed without HTML.
 * @param {import("./lab_api.js").Bundle} data
 */
function staticHtml(data) {
  if ("text/html" in data) return data["text/html"];
  const text = document.createElement("pre");
  text.textContent = String(data["text/plain"] ?? "");
  return text.outerHTML;
}

/**
 * @param {Lumino} lumino
 * @param {NotebookPanel} notebook
 * @returns {CardOutput}
 */
export function createCardOutput({ Panel, Widget }, notebook) {
  const { sessionContext } = notebook;
  const { rendermime } = notebook.content;
  const panel = new Panel();
  panel.addClass("jp-fiddler-output");
  const spare = rendermime.createRenderer("text/html");
  const note = new Widget();
  note.node.setAttribute("role", "note");
  note.node.style.cssText =
    "padding: 4px 0; font: var(--jp-ui-font-size1) var(--jp-ui-font-family); color: var(--jp-ui-font-color2)";
  const live = new Widget();
  for (const child of [spare, note, live]) {
    panel.addWidget(child);
    child.hide();
  }

  let id = "";
  /** @type {MimeModel} */
  let model;
  /** @type {(Renderer & {widgets?: readonly Widget[]}) | null} */
  let inner = null;
  /** @type {object | undefined} */
  let factory;
  let begunAt = 0;
  let connectedAt = Number.POSITIVE_INFINITY;
  let viewed = false;
  let isLive = false;
  let isGone = false;
  /** @type {AbortController | null} */
  let asking = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let looking;

  /** @type {unknown} */
  let spareHtml = null;

  /** @param {boolean} wanted */
  function showSpare(wanted) {
    const html = wanted ? staticHtml(model.data) : null;
    spare.setHidden(!wanted);
    note.setHidden(!wanted);
    if (html === spareHtml) return;
    spareHtml = html;
    // Nothing of it stays on the page unseen.
    if (html === null) spare.node.replaceChildren();
    else
      spare
        .renderModel({ data: { "text/html": html }, metadata: {}, trusted: model.trusted })
        .catch(() => {});
  }

  const hasView = () => (inner?.widgets?.length ?? 0) > 0;

  function makeInner() {
    inner?.dispose();
    factory = rendermime.getFactory(WIDGET_TYPE);
    inner = null;
    if (factory === undefined) return;
    inner = rendermime.createRenderer(WIDGET_TYPE);
    panel.insertWidget(0, inner);
    inner.renderModel(model).catch(() => {});
  }

  function endLive() {
    asking?.abort();
    asking = null;
    isLive = false;
    live.hide();
  }

  function askForLive() {
    const kernel = sessionContext.session?.kernel;
    if (asking !== null || kernel?.connectionStatus !== "connected") return;
    asking = new AbortController();
    const { signal } = asking;
    const options = { kernel, modelId: id, el: live.node, signal };
    const shown = () => {
      if (signal.aborted) return;
      isLive = true;
      look();
    };
    const gone = () => {
      if (signal.aborted) return;
      endLive();
      isGone = true;
      look();
    };
    showLive({ ...options, shown, gone }).catch(() => {
      // Asked again at the next look.
      if (!signal.aborted) endLive();
    });
  }

  function why() {
    const { session } = sessionContext;
    const now = performance.now();
    if (!sessionContext.isReady) return WHY.connecting;
    if (!session?.kernel || session.kernel.status === "dead") return WHY.none;
    if (session.kernel.connectionStatus !== "connected") connectedAt = Number.POSITIVE_INFINITY;
    else connectedAt = Math.min(connectedAt, now);
    // The manager has heard which models there are, or nobody manages widgets here.
    const answered = inner === null || inner.node.textContent?.startsWith("Error") === true;
    if (answered || isGone) return WHY.gone;
    return now - connectedAt >= ANSWER ? WHY.busy : WHY.connecting;
  }

  /** Shows what there is now. */
  function look() {
    if (panel.isDisposed) return;
    if (hasView()) {
      viewed = true;
      rest();
      return;
    }
    if (viewed || inner?.isHidden) {
      // It was closed.
      rest();
      panel.hide();
      return;
    }
    if (rendermime.getFactory(WIDGET_TYPE) !== factory) makeInner();
    if (performance.now() - begunAt < GRACE) return;
    const reason = why();
    if (reason === WHY.busy) askForLive();
    if (inner) inner.node.style.display = "none";
    live.setHidden(!isLive);
    showSpare(!isLive);
    if (note.node.textContent !== reason) note.node.textContent = reason;
  }

  /** The view is there: nothing but it is needed. */
  function rest() {
    clearInterval(looking);
    looking = undefined;
    endLive();
    if (inner) inner.node.style.display = "";
    showSpare(false);
  }

  function watch() {
    isGone = false;
    if (!panel.isDisposed && !viewed && looking === undefined) looking = setInterval(look, LOOK);
  }

  function changedKernel() {
    endLive();
    watch();
  }

  function changedStatus() {
    if (sessionContext.session?.kernel?.status.endsWith("restarting")) changedKernel();
  }

  sessionContext.kernelChanged.connect(changedKernel);
  sessionContext.statusChanged.connect(changedStatus);

  /** @param {MimeModel} given */
  async function renderModel(given) {
    const before = id;
    model = given;
    id = modelIdOf(given.data);
    if (spareHtml !== null) showSpare(true);
    // Drawn already: what changed is in the view.
    if (id === before && (hasView() || isLive)) return;
    endLive();
    viewed = false;
    begunAt = performance.now();
    panel.show();
    makeInner();
    watch();
    look();
  }

  const dispose = panel.dispose.bind(panel);
  return Object.assign(panel, {
    renderModel,
    modelId: () => id,
    hasView,
    dispose() {
      if (panel.isDisposed) return;
      clearInterval(looking);
      endLive();
      sessionContext.kernelChanged.disconnect(changedKernel);
      sessionContext.statusChanged.disconnect(changedStatus);
      dispose();
    },
  });
}

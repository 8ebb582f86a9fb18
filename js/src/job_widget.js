/** The entry of JobWidget's frontend: one card, fed by the model's traits. */

import { createCard } from "./card.js";
import { askForWhatIsLost } from "./lost_messages.js";
import { createTeller } from "./notify.js";
import { BYE, HELLO, PING, sayReady } from "./protocol.js";
import { randomId } from "./vdom.js";
import { present } from "./view_model.js";

/**
 * What the frontend reads of the widget (`fiddler_widgets/widget/traits.py`).
 * @typedef {object} JobTraits
 * @property {string} job_id
 * @property {string} status
 * @property {number} progress
 * @property {boolean} indeterminate
 * @property {string} error_message
 * @property {string} health
 * @property {[number, number] | null} time_left
 * @property {import("./protocol.js").Clock} _clock
 * @property {import("./protocol.js").Said} _said
 * @property {import("./protocol.js").Tasks} _tasks
 * @property {import("./protocol.js").HistoryPayload} _history
 * @property {boolean} _controls whether a click can reach the kernel
 * @property {boolean} _notify whether the page is to tell of the end
 * @property {number} _number of the message that came last
 * @property {number | undefined} [_whole] changes where a message held the whole state
 */

/** @typedef {keyof Omit<JobTraits, "_number" | "_whole">} Name */
/** @type {Name[]} */
const NAMES = [
  "job_id",
  "status",
  "progress",
  "indeterminate",
  "error_message",
  "health",
  "time_left",
  "_clock",
  "_said",
  "_tasks",
  "_history",
  "_controls",
  "_notify",
];

/** For so many milliseconds a view of a job that is over may be on no page before it is taken to be forgotten. */
const FORGOTTEN = 3000;

/** @type {WeakMap<object, import("./card.js").Memory>} */
const memories = new WeakMap();

/**
 * What outlives one view of a widget: a host draws it anew whenever the output around it is published again.
 * @param {unknown} layout the one thing that all views of a widget, and no other widget's, are given
 * @returns {import("./card.js").Memory}
 */
function memoryOf(layout) {
  if (typeof layout !== "object" || layout === null) return {};
  const memory = memories.get(layout) ?? {};
  memories.set(layout, memory);
  return memory;
}

/** @typedef {{get(name: Name): unknown}} Readable */

/**
 * The job as the kernel last told it.
 * @param {unknown} model
 * @returns {JobTraits}
 */
const jobOf = (model) =>
  /** @type {JobTraits} */ (
    Object.fromEntries(NAMES.map((name) => [name, /** @type {Readable} */ (model).get(name)]))
  );

/**
 * Tells of the end, once for a widget, whatever becomes of its views: a notebook that is drawn anew at that moment has none.
 * @param {import("@anywidget/types").AnyModel<JobTraits & {layout: unknown}>} model
 * @returns {() => void} to be called when the model ends
 */
function tellOfTheEnd(model) {
  const layout = model.get("layout");
  // Where views share no memory with the model, their bell would not be heard here: each of them tells by itself.
  if (typeof layout !== "object" || layout === null) return () => {};
  const memory = memoryOf(layout);
  const tell = createTeller(memory);
  memory.toldByModel = true;
  function look() {
    const job = jobOf(model);
    tell(present(job, { sinceNews: 0, silent: false, wall: Date.now() / 1000 }), job);
  }
  look();
  model.on("change", look);
  return () => model.off("change", look);
}

/**
 * What is done once for a widget, however many views it has.
 * @type {import("@anywidget/types").Initialize<JobTraits & {layout: unknown}>}
 */
function initialize({ model }) {
  sayReady(model);
  const ends = [tellOfTheEnd(model), askForWhatIsLost(model)];
  return () => {
    for (const end of ends) end();
  };
}

/**
 * Shows the job in `el` until the host aborts `signal` or calls what this returns.
 * @type {import("@anywidget/types").Render<JobTraits & {layout: unknown}>}
 */
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const remove = () => controller.abort();
  const view = randomId();

  /**
   * @param {string} type
   * @param {string} [click]
   */
  function send(type, click) {
    try {
      const more = type === HELLO ? { have: model.get("_number") } : click ? { click } : {};
      model.send({ type, view, ...more });
    } catch {
      // A model whose kernel is gone cannot send; the silence that follows shows on the card.
    }
  }

  const read = () => jobOf(model);
  const draw = createCard({ el, read, send, memory: memoryOf(model.get("layout")), signal });

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /**
   * Says goodbye for a view that is on no page once its job is over: JupyterLab makes one for an output that was cleared
   * meanwhile, and never removes it.
   */
  function lookForPage() {
    if (timer !== undefined || el.isConnected || model.get("health") !== "over") return;
    timer = setTimeout(() => {
      timer = undefined;
      if (!el.isConnected) send(BYE);
    }, FORGOTTEN);
  }

  function news() {
    draw();
    lookForPage();
  }

  /** @param {{type?: unknown} | null} content */
  function message(content) {
    // The kernel asks whether anybody can hear it.
    if (content?.type === PING) send(HELLO);
    news();
  }

  model.on("change", news);
  model.on("msg:custom", message);
  send(HELLO);
  lookForPage();

  // A page that is closed or reloaded removes no view; one that comes back out of the browser's cache made none.
  window.addEventListener("pagehide", () => send(BYE), { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && send(HELLO), { signal });

  signal.addEventListener("abort", () => {
    host?.removeEventListener("abort", remove);
    clearTimeout(timer);
    model.off("change", news);
    model.off("msg:custom", message);
    send(BYE);
  });
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}

export default { initialize, render };

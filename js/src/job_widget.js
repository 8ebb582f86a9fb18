/** The entry of JobWidget's frontend: one card, fed by the model's traits. */

import { createCard } from "./card.js";
import { readClock, readRange } from "./clock.js";
import { randomId } from "./dom.js";
import { readHistory } from "./timeline.js";

/**
 * @typedef {object} JobTraits
 * @property {string} job_id
 * @property {string} name
 * @property {string} status
 * @property {number} progress
 * @property {boolean} indeterminate
 * @property {string} error_reason
 * @property {string} error_message
 * @property {Record<string, unknown>} extras
 * @property {string} health
 * @property {string} health_detail
 * @property {unknown} time_left
 * @property {Record<string, unknown>} _clock
 * @property {Record<string, unknown>} _said
 * @property {Record<string, unknown>} _history
 * @property {boolean} _controls
 * @property {boolean} _notify
 * @property {unknown} layout
 */

/** @typedef {import("@anywidget/types").AnyModel<JobTraits>} JobModel */

/**
 * @param {unknown} value
 * @returns {import("./present.js").Said}
 */
function readSaid(value) {
  const { what, facts, lead, next } = Object(value);
  const rows = Array.isArray(facts) ? facts.filter(Array.isArray) : [];
  return { what: text(what), facts: rows, lead: text(lead), next: text(next) };
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/**
 * @param {JobModel} model
 * @returns {import("./present.js").JobFields}
 */
function readJob(model) {
  return {
    jobId: text(model.get("job_id")),
    name: text(model.get("name")),
    status: text(model.get("status")),
    progress: model.get("progress"),
    indeterminate: model.get("indeterminate") === true,
    errorReason: text(model.get("error_reason")),
    errorMessage: text(model.get("error_message")),
    said: readSaid(model.get("_said")),
    extras: model.get("extras"),
    health: text(model.get("health")),
    healthDetail: text(model.get("health_detail")),
    timeLeft: readRange(model.get("time_left")),
    clock: readClock(model.get("_clock")),
    history: readHistory(model.get("_history")),
    controls: model.get("_controls") === true,
    notify: model.get("_notify") === true,
  };
}

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

/**
 * Shows the job in `el` until the host aborts `signal` or calls what this returns.
 * @type {import("@anywidget/types").Render<JobTraits>}
 */
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const view = randomId();

  /** @param {{type: string, view?: string}} message */
  function send(message) {
    try {
      model.send(message);
    } catch {
      // A model whose kernel is gone cannot send; the silence that follows shows on the card.
    }
  }

  /** @param {"hello" | "bye"} type */
  const greet = (type) => send({ type, view });

  const memory = memoryOf(model.get("layout"));
  const news = createCard({ el, read: () => readJob(model), send, memory, signal });

  /** @param {unknown} content */
  function message(content) {
    // The kernel asks whether anybody can hear it.
    if (/** @type {{type?: unknown} | null} */ (content)?.type === "ping") greet("hello");
    news();
  }

  model.on("change", news);
  model.on("msg:custom", message);
  greet("hello");

  // A page that is closed or reloaded removes no view; one that comes back out of the browser's cache made none.
  window.addEventListener("pagehide", () => greet("bye"), { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && greet("hello"), { signal });

  function remove() {
    if (signal.aborted) return;
    host?.removeEventListener("abort", remove);
    controller.abort();
    model.off("change", news);
    model.off("msg:custom", message);
    greet("bye");
  }
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}

export default { render };

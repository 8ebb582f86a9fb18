/** A model stricter than the real one, and a page to show it on. What a test leaves behind makes it fail. */

import widget from "../../js/src/job_widget.js";

/** The page's wall clock at the start of every test, in epoch seconds. */
export const NOW = 1_772_539_200;

/** @typedef {import("../../js/src/job_widget.js").JobTraits} JobTraits */
/** @typedef {(...args: unknown[]) => void} Listener */
/** @typedef {{type: string, view?: string}} Message */

/**
 * A clock as the kernel writes it.
 * @param {Record<string, unknown>} [changes]
 */
export function clockOf(changes = {}) {
  const usual = { now: NOW, watched: 10, running: true, beat: 5, silent: 0, retry: null };
  return { ...usual, ...changes };
}

/**
 * The traits of a running job that is watched.
 * @param {Partial<JobTraits>} [changes]
 * @returns {JobTraits}
 */
export function traitsOf(changes = {}) {
  return {
    job_id: "e9a2a782-1db4-4bb8-8db0-3fa5a278c068",
    name: "Ingestion dataset Upload",
    status: "STARTED",
    progress: 42.5,
    indeterminate: false,
    error_reason: "",
    error_message: "",
    _said: {},
    extras: {},
    health: "live",
    health_detail: "",
    time_left: null,
    _clock: clockOf(),
    _history: {},
    _controls: true,
    _notify: false,
    layout: {},
    ...changes,
  };
}

/** The traits of a job that is over. */
export const over = { health: "over", _clock: clockOf({ running: false }) };

/**
 * The traits of a job that is no longer watched.
 * @param {string} health
 * @param {string} [detail]
 */
export function unwatched(health, detail = "") {
  return { health, health_detail: detail, _clock: clockOf({ running: false }) };
}

const TYPES = ["hello", "bye", "stop", "resume", "check"];

export class FakeModel {
  /** @type {Record<string, unknown>} */
  #traits;
  /** @type {{event: string, callback: Listener}[]} */
  #listeners = [];
  /** @type {Message[]} */
  sent = [];
  alive = true;

  /** @param {JobTraits} traits */
  constructor(traits) {
    this.#traits = { ...traits };
  }

  /** @param {string} name */
  get(name) {
    if (!Object.hasOwn(this.#traits, name)) throw new Error(`there is no trait ${name}`);
    return this.#traits[name];
  }

  /** @param {string} name */
  set(name) {
    throw new Error(`the frontend wrote ${name}`);
  }

  save_changes() {
    throw new Error("the frontend saved");
  }

  /** @param {Message} message */
  send(message) {
    if (!this.alive) throw new Error("the comm is closed");
    if (!TYPES.includes(message.type)) throw new Error(`the frontend sent ${message.type}`);
    this.sent.push(structuredClone(message));
  }

  /**
   * @param {string} event
   * @param {Listener} callback
   */
  on(event, callback) {
    const trait = event.startsWith("change:") ? event.slice(7) : undefined;
    if (trait !== undefined) this.get(trait);
    else if (event !== "change" && event !== "msg:custom") throw new Error(`no event ${event}`);
    if (this.#find(event, callback) >= 0) throw new Error(`listens to ${event} twice`);
    this.#listeners.push({ event, callback });
  }

  /**
   * @param {string} event
   * @param {Listener} callback
   */
  off(event, callback) {
    const index = this.#find(event, callback);
    if (index < 0) throw new Error(`does not listen to ${event}`);
    this.#listeners.splice(index, 1);
  }

  get listening() {
    return this.#listeners.length;
  }

  /** @returns {string[]} what was asked of the kernel, without greetings */
  get asked() {
    return this.sent.map(({ type }) => type).filter((type) => type !== "hello" && type !== "bye");
  }

  /**
   * One update message of the kernel.
   * @param {Partial<JobTraits>} changes
   */
  update(changes) {
    for (const name of Object.keys(changes)) this.get(name);
    Object.assign(this.#traits, changes);
    for (const name of Object.keys(changes)) this.#emit(`change:${name}`);
    this.#emit("change");
  }

  /**
   * One heartbeat of the kernel.
   * @param {Record<string, unknown>} [changes]
   */
  beat(changes = {}) {
    this.update({ _clock: clockOf(changes) });
  }

  /**
   * One custom message of the kernel.
   * @param {unknown} [content]
   */
  message(content = {}) {
    this.#emit("msg:custom", content);
  }

  /**
   * @param {string} event
   * @param {Listener} callback
   */
  #find(event, callback) {
    return this.#listeners.findIndex((one) => one.event === event && one.callback === callback);
  }

  /**
   * @param {string} event
   * @param {unknown[]} content
   */
  #emit(event, ...content) {
    for (const { event: heard, callback } of [...this.#listeners]) {
      if (heard === event) callback(...content);
    }
  }
}

/** @type {{model: FakeModel, controller: AbortController}[]} */
const shown = [];

/**
 * Shows one view of a model, as anywidget would.
 * @param {Partial<JobTraits> | FakeModel} [of] what differs from a running job, or a model that is shown already
 * @param {typeof widget} [frontend]
 */
export function show(of = {}, frontend = widget) {
  const model = of instanceof FakeModel ? of : new FakeModel(traitsOf(of));
  const el = document.createElement("div");
  document.body.append(el);
  const controller = new AbortController();
  shown.push({ model, controller });
  const props = /** @type {unknown} */ ({ model, el, signal: controller.signal });
  frontend.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
  const card = /** @type {HTMLElement} */ (el.firstElementChild);
  /** @param {string} selector */
  const all = (selector) => /** @type {HTMLElement[]} */ ([...el.querySelectorAll(selector)]);
  /** @param {string} selector */
  function part(selector) {
    const found = all(selector);
    if (found.length !== 1) throw new Error(`${found.length} elements are ${selector}`);
    return /** @type {HTMLElement} */ (found[0]);
  }
  /** @param {string} selector */
  const text = (selector) => (visible(part(selector)) ? part(selector).textContent : null);
  /** @param {string} label */
  const button = (label) =>
    all("button").find(
      (one) =>
        visible(one) && (one.getAttribute("aria-label") ?? one.textContent?.trim()) === label,
    );
  /** @param {string} label */
  function click(label) {
    const found = button(label);
    if (found === undefined) throw new Error(`there is no button ${label}`);
    found.click();
  }
  return {
    model,
    el,
    card,
    all,
    part,
    text,
    button,
    click,
    remove: () => controller.abort(),
    /** @returns {string | null} head and detail of the notice */
    notice: () => text(".fw-notice"),
    bar: () => part("[role=progressbar]"),
  };
}

/** @param {HTMLElement} node */
const visible = (node) => node.closest("[hidden]") === null;

/**
 * Lets time pass as a page that runs sees it.
 * @param {number} seconds
 */
export const pass = (seconds) => vi.advanceTimersByTime(seconds * 1000);

/**
 * Lets the page sleep: its clock goes on, its timers do not.
 * @param {number} seconds
 */
export function sleep(seconds) {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + seconds * 1000);
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 });
});

afterEach(() => {
  const models = shown.map(({ model }) => model);
  for (const { controller } of shown.splice(0)) controller.abort();
  const left = models.map(({ listening }) => listening);
  // jsdom itself puts off a few things by no time at all, such as what follows a change of focus.
  vi.advanceTimersByTime(0);
  const timers = vi.getTimerCount();
  document.body.replaceChildren();
  vi.useRealTimers();
  expect(left, "listeners left behind").toEqual(left.map(() => 0));
  expect(timers, "timers left behind").toBe(0);
});

/** A model stricter than the real one, and a page to show it on. What a test leaves behind makes it fail. */

import widget from "../../js/src/job_widget.js";
import contents from "../shared/card_content.json";

/** The page's wall clock at the start of every test, in epoch seconds. */
export const NOW = 1_772_539_200;

/** @typedef {import("../../js/src/job_widget.js").JobTraits & {layout: unknown}} JobTraits */
/** @typedef {import("../../js/src/protocol.js").Said} Said */
/** @typedef {Partial<Omit<JobTraits, "_said">> & {_said?: Partial<Said>}} Changes */
/** @typedef {(...args: unknown[]) => void} Listener */
/** @typedef {{type: string, view?: string, have?: number, click?: string}} Message */

/**
 * A clock as the kernel writes it.
 * @param {Partial<import("../../js/src/protocol.js").Clock>} [changes]
 */
export function clockOf(changes = {}) {
  const usual = { now: NOW, watched: 10, running: true, beat: 5, silent: 0, retry: null };
  const since = { phase: 0, still: 0, stall: null, retries: 0 };
  return { ...usual, ...since, ...changes };
}

/**
 * What the kernel says of such a job, in its own words (`tests/unit/shared_card_content.py`).
 * @param {string} status
 * @param {string} health
 * @returns {Said}
 */
export function faceOf(status, health) {
  const content = /** @type {Record<string, unknown>} */ (contents)[`${status}|${health}`];
  if (!content) throw new Error(`no content for ${status} and ${health}`);
  return /** @type {Said} */ (content);
}

/**
 * The traits of a running job that is watched.
 * @param {Changes} [changes]
 * @returns {JobTraits}
 */
export function traitsOf({ _said, ...changes } = {}) {
  const traits = {
    job_id: "e9a2a782-1db4-4bb8-8db0-3fa5a278c068",
    status: "STARTED",
    progress: 42.5,
    indeterminate: false,
    error_message: "",
    health: "live",
    time_left: null,
    _clock: clockOf(),
    _tasks: {},
    _history: {},
    _controls: true,
    _notify: false,
    _number: 0,
    _whole: undefined,
    layout: {},
    ...changes,
  };
  return { ...traits, _said: { ...faceOf(traits.status, traits.health), ..._said } };
}

/** The traits of a job that is over. */
export const over = { health: "over", _clock: clockOf({ running: false }) };

/**
 * The traits of a job that is no longer watched.
 * @param {string} health
 */
export function unwatched(health) {
  return { health, _clock: clockOf({ running: false }) };
}

/**
 * What the kernel says of subtasks (`fiddler_widgets/rendering/card_content.py`).
 * @param {[string, string, string?][]} tasks id, status and error, in the order in which they are shown
 * @param {import("../../js/src/subtasks.js").Tasks} [changes]
 * @returns {import("../../js/src/subtasks.js").Tasks}
 */
export function tasksOf(tasks, changes = {}) {
  const statuses = [...new Set(tasks.map(([, status]) => status))];
  return {
    counted: `${tasks.length} counted`,
    kinds: statuses.map((status) => {
      const { status: word, tone, icon } = faceOf(status, "over");
      return [word, tone, icon];
    }),
    rows: tasks.map(([id, status, error = ""]) => [id, statuses.indexOf(status), error]),
    more: "",
    ...changes,
  };
}

const TYPES = ["hello", "ready", "bye", "need", "stop", "resume", "check"];

export class FakeModel {
  /** @type {Record<string, unknown>} */
  #traits;
  /** @type {{event: string, callback: Listener}[]} */
  #listeners = [];
  /** @type {Message[]} */
  sent = [];
  /** How often the model, not a view, has said that it is there. */
  ready = 0;
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
    if (message.type === "ready") this.ready += 1;
    else this.sent.push(structuredClone(message));
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

  /** @returns {(string | undefined)[]} which clicks these were */
  get clicks() {
    return this.sent
      .filter(({ type }) => type !== "hello" && type !== "bye")
      .map(({ click }) => click);
  }

  /**
   * One update message of the kernel.
   * @param {Changes} given
   */
  update({ _said, ...changes }) {
    for (const name of Object.keys(changes)) this.get(name);
    Object.assign(this.#traits, changes);
    // The kernel says something else whenever the status or the health does.
    const { status, health } = /** @type {JobTraits} */ (/** @type {unknown} */ (this.#traits));
    const news = "status" in changes || "health" in changes;
    const before = news ? faceOf(status, health) : this.#traits._said;
    Object.assign(this.#traits, { _said: { .../** @type {Said} */ (before), ..._said } });
    for (const name of Object.keys(changes)) this.#emit(`change:${name}`);
    this.#emit("change");
  }

  /**
   * One heartbeat of the kernel.
   * @param {Parameters<typeof clockOf>[0]} [changes]
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
 * @param {Changes | FakeModel} [of] what differs from a running job, or a model that is shown already
 * @param {typeof widget} [frontend]
 */
export function show(of = {}, frontend = widget) {
  const model = of instanceof FakeModel ? of : new FakeModel(traitsOf(of));
  const el = document.createElement("div");
  document.body.append(el);
  const controller = new AbortController();
  const known = shown.some((one) => one.model === model);
  shown.push({ model, controller });
  if (!known) initialize(model, controller.signal, frontend);
  const props = /** @type {unknown} */ ({ model, el, signal: controller.signal });
  frontend.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
  const card = /** @type {HTMLElement} */ (el.querySelector(".fw-card"));
  /** @param {string} selector */
  const all = (selector) => /** @type {HTMLElement[]} */ ([...el.querySelectorAll(selector)]);
  /** @param {string} selector */
  function part(selector) {
    const found = all(selector);
    if (found.length !== 1) throw new Error(`${found.length} elements are ${selector}`);
    return /** @type {HTMLElement} */ (found[0]);
  }
  /**
   * @param {string} selector
   * @returns {string | null} null where there is none to be seen
   */
  const text = (selector) =>
    all(selector).filter(visible).length > 0 ? part(selector).textContent : null;
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

/** @type {WeakMap<FakeModel, () => void>} */
const ends = new WeakMap();

/**
 * Begins a model, as anywidget would: once, before its first view, and until the model's end.
 * @param {FakeModel} model
 * @param {AbortSignal} signal
 * @param {typeof widget} frontend
 */
function initialize(model, signal, frontend) {
  const props = /** @type {unknown} */ ({ model, signal });
  const end = frontend.initialize(/** @type {Parameters<typeof widget.initialize>[0]} */ (props));
  if (typeof end === "function") ends.set(model, /** @type {() => void} */ (end));
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
  for (const model of new Set(models)) ends.get(model)?.();
  const left = models.map(({ listening }) => listening);
  // jsdom itself puts off a few things by no time at all, such as what follows a change of focus.
  vi.advanceTimersByTime(0);
  const timers = vi.getTimerCount();
  document.body.replaceChildren();
  vi.useRealTimers();
  expect(left, "listeners left behind").toEqual(left.map(() => 0));
  expect(timers, "timers left behind").toBe(0);
});

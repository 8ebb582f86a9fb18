/** Views come and go; each writes no more than it must and leaves nothing behind. */

import widget from "../../js/src/job_widget.js";
import { clockOf, FakeModel, over, pass, show, traitsOf } from "./fake_model.js";

/**
 * Counts what is written to the page.
 * @param {HTMLElement} card
 */
function writes(card) {
  const observer = new MutationObserver(() => {});
  const everything = { attributes: true, characterData: true, childList: true, subtree: true };
  observer.observe(card, everything);
  return () =>
    observer.takeRecords().map(({ target, attributeName }) => {
      const node = target instanceof Text ? target.parentElement : target;
      return `${/** @type {HTMLElement} */ (node).className} ${attributeName ?? "text"}`.trim();
    });
}

/**
 * How many timers are left once the model itself has none to wait for.
 * @param {FakeModel} model
 */
function ticking(model) {
  model.update({ status: "SUCCESS", ...over });
  return vi.getTimerCount();
}

describe("a view", () => {
  // The kernel knows who is looking.
  it("says hello with an id of its own, and goodbye with the same", () => {
    const one = show();
    const other = show(one.model);
    one.remove();
    const [hello, second, bye] = one.model.sent;
    expect([hello?.type, second?.type, bye?.type]).toEqual(["hello", "hello", "bye"]);
    expect(bye?.view).toBe(hello?.view);
    expect(second?.view).not.toBe(hello?.view);
    other.remove();
    expect(one.model.sent).toHaveLength(4);
  });

  // A kernel that hears nothing writes a static card into the output: a widget out of view is no reason.
  it("is not needed for the page to say that it can draw the widget", () => {
    const { model, remove } = show();
    expect(model.ready).toBe(1);
    show(model);
    remove();
    expect(model.ready).toBe(1);
  });

  // The kernel asks who can hear it, and the page answers.
  it("answers a ping with its hello", () => {
    const { model } = show();
    model.message({ type: "ping" });
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "hello"]);
    expect(model.sent[1]).toEqual(model.sent[0]);
  });

  // Other messages, of any shape, need no answer.
  it.each([[null], ["ping"], [{ type: "pong" }]])("does not answer %j", (content) => {
    const { model } = show();
    model.message(content);
    expect(model.sent).toHaveLength(1);
  });

  // A page that is closed or reloaded removes no view; it says goodbye all the same.
  it("says goodbye with the page, and hello when the page comes back", () => {
    const { model, remove } = show();
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: false }));
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye"]);
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye", "hello"]);
    remove();
    window.dispatchEvent(new Event("pagehide"));
    expect(model.sent).toHaveLength(4);
  });

  // JupyterLab makes a view for an output that was cleared meanwhile, puts it nowhere, and never removes it.
  it("on no page says goodbye once its job is over", () => {
    const { model, el, remove } = show();
    el.remove();
    pass(4);
    model.update({ status: "SUCCESS", ...over });
    pass(2);
    expect(model.sent.map(({ type }) => type)).toEqual(["hello"]);
    pass(1);
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye"]);
    expect(model.sent[1]?.view).toBe(model.sent[0]?.view);
    model.message({ type: "ping" });
    pass(3);
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye", "hello", "bye"]);
    model.message({ type: "ping" });
    remove();
    expect(vi.getTimerCount()).toBe(0);
  });

  // The job may be over before anything is drawn; no news comes then.
  it("on no page says goodbye for a job that was over before", () => {
    const model = new FakeModel(traitsOf({ status: "SUCCESS", ...over }));
    const el = document.createElement("div");
    const { signal } = new AbortController();
    const props = /** @type {unknown} */ ({ model, el, signal });
    const remove = widget.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
    pass(3);
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye"]);
    if (typeof remove === "function") remove();
  });

  // Hosts draw first and put the drawing on the page later.
  it("stays where it comes to a page later", () => {
    const { model, el } = show(new FakeModel(traitsOf({ status: "SUCCESS", ...over })));
    el.remove();
    model.update({});
    pass(2);
    document.body.append(el);
    pass(60);
    expect(model.sent.map(({ type }) => type)).toEqual(["hello"]);
  });

  // Nothing of a removed view is left.
  it("leaves nothing behind", () => {
    const { model, el, remove } = show();
    expect(model.listening).toBe(4);
    remove();
    // The model's own: what tells of the end, and what asks for it where it is lost.
    expect(model.listening).toBe(2);
    expect(ticking(model)).toBe(0);
    expect(el.childElementCount).toBe(0);
  });

  // A click that still waits for its answer does not outlive its view.
  it("leaves nothing behind while a click is pending", () => {
    const { click, model, remove } = show();
    click("Stop watching");
    remove();
    expect(ticking(model)).toBe(0);
  });

  // JupyterLab draws an output anew when it is published again: the click is the reader's, whatever becomes of the view.
  it("goes on with a click of the view before it", () => {
    const { click, model, remove } = show();
    click("Stop watching");
    remove();
    const { button } = show(model);
    expect(button("Stopping the watch…")).toBeDefined();
    pass(1);
    expect(model.asked).toEqual(["stop", "stop"]);
    expect(new Set(model.clicks).size).toBe(1);
  });

  // Nobody has seen whether there was an answer meanwhile.
  it("forgets a click of long ago", () => {
    const { click, model, remove } = show();
    click("Check now");
    remove();
    pass(60);
    const { text, button } = show(model);
    expect(text(".fw-note")).toBe("");
    expect(button("Check now")).toBeDefined();
  });

  // A host may abort the signal, call what render returned, or both.
  it("is removed once, however often the host asks", () => {
    const model = new FakeModel(traitsOf());
    const controller = new AbortController();
    const props = /** @type {unknown} */ ({
      model,
      el: document.createElement("div"),
      signal: controller.signal,
    });
    const remove = widget.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
    if (typeof remove === "function") remove();
    controller.abort();
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "bye"]);
    expect(model.listening).toBe(0);
  });

  // A view that was removed before it was drawn is removed all the same.
  it("does not stay when its signal was aborted before", () => {
    const model = new FakeModel(traitsOf());
    const el = document.createElement("div");
    const props = /** @type {unknown} */ ({ model, el, signal: AbortSignal.abort() });
    widget.render(/** @type {Parameters<typeof widget.render>[0]} */ (props));
    expect(model.listening).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(el.childElementCount).toBe(0);
  });

  // A kernel that is gone cannot hear a goodbye.
  it("goes quietly when the comm is closed", () => {
    const { model, remove } = show();
    model.alive = false;
    remove();
    expect(model.listening).toBe(2);
  });
});

describe("several views of one model", () => {
  // They tell the same story, also after one was closed.
  it("stay in step", () => {
    const one = show();
    const other = show(one.model);
    one.model.update({ progress: 60, status: "RETRY" });
    pass(1);
    for (const part of [".fw-badge", ".fw-percent", ".fw-time"]) {
      expect(other.text(part)).toBe(one.text(part));
    }
    one.remove();
    one.model.update({ status: "SUCCESS", ...over });
    expect(other.text(".fw-badge")).toBe("Succeeded");
  });

  // What one reader opened is not opened for the other.
  it("keep their details to themselves", () => {
    const one = show();
    const other = show(one.model);
    one.click("Details");
    expect(other.part(".fw-details").hidden).toBe(true);
  });
});

describe("writing to the page", () => {
  // The clock of a card that ticks is one text.
  it("is one write a second while nothing else changes", () => {
    const { card } = show();
    const written = writes(card);
    pass(1);
    expect(written()).toEqual(["fw-time text"]);
  });

  // A heartbeat that says what the page already knows writes nothing.
  it("is none at a heartbeat that brings nothing new", () => {
    const { card, model } = show();
    const written = writes(card);
    model.beat();
    expect(written()).toEqual([]);
  });

  // Progress writes the bar and its words, each once.
  it("is no more than the bar at a step of progress", () => {
    const { card, model } = show();
    const written = writes(card);
    model.update({ progress: 43, _clock: clockOf() });
    expect(written().sort()).toEqual([
      "fw-bar aria-valuenow",
      "fw-bar aria-valuetext",
      "fw-fill style",
      "fw-percent text",
    ]);
  });

  // A message with many changes is drawn once.
  it("is once per message, however many traits it changes", () => {
    const { card, model } = show();
    const written = writes(card);
    model.update({
      status: "RETRY",
      progress: 0,
      _said: { name: "Other" },
      health: "live",
      _clock: clockOf(),
    });
    const all = written();
    expect(new Set(all).size).toBe(all.length);
  });
});

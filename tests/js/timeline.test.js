/** The timeline in the details: what is drawn, what it says, and that a keyboard reaches it. */

import { layout } from "../../js/src/timeline.js";
import { clockOf, NOW, over, pass, show, unwatched } from "./fake_model.js";

/** @type {import("../../js/src/timeline.js").Step[]} */
const STEPS = [
  [0, 0, "q"],
  [40, 0, "r"],
  [60, 20, "o"],
  [80, 30, "r"],
];
const HISTORY = { start: NOW - 100, steps: STEPS };

/** @param {Parameters<typeof show>[0]} [of] */
function opened(of = {}) {
  const card = show({ _history: HISTORY, ...of });
  card.click("Details");
  const plot = card.part(".fw-plot");
  return {
    ...card,
    plot,
    said: () => plot.getAttribute("aria-valuetext"),
    legend: () => card.all(".fw-legend > span").map(({ textContent }) => textContent),
    /**
     * @param {string} key
     * @param {KeyboardEventInit} [held]
     */
    press: (key, held = {}) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
      plot.dispatchEvent(event);
      return event;
    },
    /** @param {string} part */
    path: (part) => card.part(`.fw-plot [data-fw-part=${part}]`).getAttribute("d"),
  };
}

describe("layout", () => {
  // Phases fill the time from the first look to now.
  it("gives each phase its place and its duration", () => {
    const { paths, lasted } = layout(STEPS, 100);
    expect(lasted).toEqual({ q: 40, r: 40, o: 20 });
    expect(paths.r).toBe("M400 92H600M800 92H1000");
  });

  // Dashes go on from step to step.
  it("draws a phase of several steps in one stroke", () => {
    /** @type {typeof STEPS} */
    const several = [
      [0, 1, "t"],
      [10, 1, "t"],
      [20, 1, "t"],
    ];
    expect(layout(several, 40).paths.t).toBe("M0 92H250H500H1000");
  });

  // What nobody saw is not drawn as if it had been seen.
  it("draws progress through an outage apart", () => {
    const { seen, between } = layout(STEPS, 100).paths;
    expect(between).toBe("M600 63.6L800 56.4");
    expect(seen).not.toContain("M600");
  });

  // A job without figures has phases only.
  it("draws no line where progress is not known", () => {
    const { seen, area } = layout([[0, null, "r"]], 10).paths;
    expect([seen, area]).toEqual(["", ""]);
  });
});

describe("the timeline", () => {
  // Phases with their durations, in words beside the drawing.
  it("has a legend of the phases that there were", () => {
    expect(opened().legend()).toEqual(["queued 40 s", "running 40 s", "outage 20 s"]);
  });

  // The right edge is now, by the page's clock; the present figure needs no history.
  it("goes on without traffic and ends at the present progress", () => {
    const { legend, path, model } = opened();
    pass(10);
    expect(legend()[1]).toBe("running 50 s");
    model.update({ progress: 60, _clock: clockOf({ now: NOW + 10 }) });
    pass(1);
    expect(path("seen")).toMatch(/L[\d.]+ 34\.8/);
  });

  // Where news has stopped, so has the drawing.
  it.each([
    ["is over", { status: "SUCCESS", ...over }],
    ["is not watched", unwatched("stopped")],
  ])("stands still for a job that %s", (_, traits) => {
    /** @type {typeof STEPS} */
    const steps = [...STEPS, [100, 100, "e"]];
    const { legend } = opened({ ...traits, _history: { start: NOW - 100, steps } });
    const before = legend();
    pass(30);
    expect(legend()).toEqual(before);
  });

  // A lost kernel tells nothing of what has been since.
  it("stops at the last news when the kernel is lost", () => {
    const { legend } = opened();
    pass(30);
    expect(legend()[1]).toBe("running 40 s");
  });

  // Nothing seen yet, or all at once: nothing to draw.
  /** @type {[import("../../js/src/timeline.js").History][]} */
  const NOTHING = [[{}], [{ start: NOW, steps: [[0, 100, "e"]] }]];
  it.each(NOTHING)("is not shown for %j", (_history) => {
    const card = show({ _history, status: "SUCCESS", ...over });
    card.click("Details");
    expect(card.all(".fw-timeline")).toEqual([]);
  });

  // A slider over the steps, with its value in words.
  it("is a slider that says the latest at first", () => {
    const { plot, said } = opened();
    expect(plot.getAttribute("role")).toBe("slider");
    expect(plot.tabIndex).toBe(0);
    expect(plot.getAttribute("aria-label")).toBe("Timeline of Ingestion dataset Upload");
    expect(plot.getAttribute("aria-valuemax")).toBe("4");
    expect(said()).toMatch(/^1 min 40 s after the first look, at .*: running, 42\.5 %$/);
  });

  // Arrow keys go through the steps, and what stands there is said and shown.
  it("is moved by the arrow keys, Home and End", () => {
    const { press, said, text } = opened();
    press("ArrowLeft");
    expect(said()).toMatch(/^1 min 20 s .*: running, 30 %$/);
    expect(text(".fw-legend")).toBe(said());
    press("ArrowLeft");
    expect(said()).toMatch(/^1 min after .*: outage, 20 %$/);
    press("Home");
    expect(said()).toMatch(/^0 s .*: queued, 0 %$/);
    press("ArrowLeft");
    expect(said()).toMatch(/^0 s /);
    press("End");
    expect(said()).toMatch(/42\.5 %$/);
  });

  // Escape, and leaving, bring the legend back.
  it("gives the legend back at Escape and when it is left", () => {
    const { press, legend, plot } = opened();
    press("Home");
    expect(legend()).toEqual([]);
    expect(press("Escape").defaultPrevented).toBe(true);
    expect(legend()).toHaveLength(3);
    press("Home");
    plot.dispatchEvent(new FocusEvent("blur"));
    expect(legend()).toHaveLength(3);
  });

  // The notebook has keys of its own: those that mean nothing here are left to it.
  it("leaves other keys alone", () => {
    const { press } = opened();
    expect(press("ArrowLeft").defaultPrevented).toBe(true);
    expect(press("j").defaultPrevented).toBe(false);
    press("Escape");
    expect(press("Escape").defaultPrevented).toBe(false);
  });

  // Alt and an arrow go back a page, in the browser.
  it.each(["altKey", "ctrlKey", "metaKey"])("leaves keys with %s alone", (held) => {
    const { press, legend } = opened();
    expect(press("ArrowLeft", { [held]: true }).defaultPrevented).toBe(false);
    expect(legend()).toHaveLength(3);
  });

  // The last progress and an outage may have the same time: neither way does a key stop between them.
  it.each([
    ["Home", "ArrowRight", ["50 s running", "50 s outage", "80 s running"]],
    ["End", "ArrowLeft", ["80 s running", "50 s outage", "50 s running"]],
  ])("goes from %s by %s through steps of the same time", (from, key, expected) => {
    /** @type {typeof STEPS} */
    const steps = [
      [0, 0, "r"],
      [50, 31, "r"],
      [50, 31, "o"],
      [80, 40, "r"],
    ];
    const { press, said } = opened({ _history: { start: NOW - 100, steps } });
    press(from);
    const walk = expected.map(() => press(key) && said());
    const brief = walk.map((one) => one?.replace("1 min 20 s", "80 s"));
    expect(brief.map((one) => one?.replace(/ after .*: (\w+), .*/, " $1"))).toEqual(expected);
  });

  // What the reader looks at stays while news comes in.
  it("keeps its place through news", () => {
    const { press, said, model } = opened();
    press("Home");
    model.update({ progress: 70, _clock: clockOf({ now: NOW + 3 }) });
    expect(said()).toMatch(/^0 s .*: queued/);
  });

  // A screen reader on the slider would speak at each heartbeat, of nothing but the time.
  it("has a value that rests while it has the focus and nothing happens", () => {
    const { plot, said, model } = opened();
    plot.focus();
    const before = said();
    pass(5);
    model.beat({ now: NOW + 5 });
    expect(said()).toBe(before);
    model.update({ progress: 60, _clock: clockOf({ now: NOW + 6 }) });
    pass(1);
    expect(said()).toMatch(/running, 60 %$/);
  });

  // A hairline and a dot, where the reader looks and nowhere else.
  it("marks the step that is picked", () => {
    const { press, path } = opened();
    expect([path("pick"), path("dot")]).toEqual(["", ""]);
    press("ArrowLeft");
    expect([path("pick"), path("dot")]).toEqual(["M800 0V100", "M800 56.4h.01"]);
  });

  // Without a line there is no empty room above the strip, and no dot.
  it("is a strip of phases where progress is not known", () => {
    const { plot, press, path } = opened({
      indeterminate: true,
      _history: { start: NOW - 100, steps: [[0, null, "r"]] },
    });
    press("Home");
    expect(plot.querySelector("svg")?.getAttribute("viewBox")).toBe("0 80 1000 20");
    expect([path("pick"), path("dot")]).toEqual(["M0 80V100", ""]);
  });

  // A finger is lifted at once: what it picked stays until the reader goes elsewhere.
  it("keeps what a tap has picked", () => {
    const { plot, said, text, legend } = opened();
    vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 200, 64));
    plot.dispatchEvent(new MouseEvent("pointerdown", { clientX: 85 }));
    plot.dispatchEvent(new MouseEvent("pointerleave"));
    expect(text(".fw-legend")).toBe(said());
    expect(said()).toMatch(/^40 s /);
    plot.blur();
    expect(legend()).toHaveLength(3);
  });

  // Where nothing is new, nothing is written.
  it("leaves the page alone between two seconds", async () => {
    const { part, model } = opened();
    const seen = vi.fn();
    const observer = new MutationObserver(seen);
    const everything = { attributes: true, childList: true, characterData: true, subtree: true };
    observer.observe(part(".fw-timeline"), everything);
    model.beat();
    model.beat();
    await Promise.resolve();
    observer.disconnect();
    expect(seen).not.toHaveBeenCalled();
  });

  // The mouse picks the nearest step.
  it("follows the pointer", () => {
    const { plot, said, legend } = opened();
    vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 200, 64));
    plot.dispatchEvent(new MouseEvent("pointermove", { clientX: 85 }));
    expect(said()).toMatch(/^40 s .*: running, 0 %$/);
    plot.dispatchEvent(new MouseEvent("pointerleave"));
    expect(legend()).toHaveLength(3);
  });
});

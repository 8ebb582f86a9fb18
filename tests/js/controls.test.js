/** Stop watching, Resume, Check now: shown when they work, and honest when no answer comes. */

import { clockOf, over, pass, show, unwatched } from "./fake_model.js";

const LABELS = ["Check now", "Stop watching", "Resume watching"];

/** @param {ReturnType<typeof show>} card */
const offered = ({ button }) => LABELS.filter((label) => button(label) !== undefined);

describe("the controls on offer", () => {
  // Only what makes sense now.
  it.each([
    ["live", ["Check now", "Stop watching"]],
    ["starting", ["Check now", "Stop watching"]],
    ["retrying", ["Check now", "Stop watching"]],
  ])("while %s are %j", (health, labels) => {
    expect(offered(show({ health }))).toEqual(labels);
  });

  // Where watching ended, it can begin again.
  it.each([["stopped"], ["timed out"], ["refused"], ["not found"], ["error"]])(
    "when %s are Resume alone",
    (health) => {
      expect(offered(show(unwatched(health)))).toEqual(["Resume watching"]);
    },
  );

  // Nothing is left to do for a job that is over.
  it("are none when the job is over", () => {
    expect(offered(show({ status: "FAILURE", ...over }))).toEqual([]);
  });

  // A button that cannot reach the kernel is not shown.
  it("are none when no click can reach the kernel", () => {
    const card = show({ _controls: false });
    expect(offered(card)).toEqual([]);
    card.model.update({ _controls: true });
    expect(offered(card)).toEqual(["Check now", "Stop watching"]);
  });

  // Nor while nothing is heard of it.
  it("are none when the connection is lost, and come back with it", () => {
    const card = show();
    pass(12);
    expect(offered(card)).toEqual([]);
    card.model.beat();
    expect(offered(card)).toEqual(["Check now", "Stop watching"]);
  });
});

describe("a click", () => {
  // The message is all there is to it.
  it.each([
    ["Check now", "check", {}],
    ["Stop watching", "stop", {}],
    ["Resume watching", "resume", unwatched("stopped")],
  ])("on %s sends %s once", (label, type, traits) => {
    const { click, model } = show(traits);
    click(label);
    expect(model.asked).toEqual([type]);
  });

  // What becomes of the job, the kernel says.
  it("changes no status by itself", () => {
    const { click, text, card } = show();
    const before = [text(".fw-badge"), text(".fw-chip"), card.dataset.fwTone];
    click("Stop watching");
    expect([text(".fw-badge"), text(".fw-chip"), card.dataset.fwTone]).toEqual(before);
  });

  // A second click while the first is on its way is not sent.
  it("is shown as pending, and others wait", () => {
    const { click, button, model } = show();
    click("Stop watching");
    expect(button("Stopping the watch…")?.getAttribute("aria-disabled")).toBe("true");
    click("Stopping the watch…");
    click("Check now");
    expect(model.asked).toEqual(["stop"]);
  });

  // A kernel that computes cannot answer: the card says so after five seconds, and lets one ask again.
  it("without an answer is owned up to after 5 s", () => {
    const { click, text, model } = show();
    click("Stop watching");
    pass(4);
    expect(text(".fw-note")).toBe("");
    pass(1);
    expect(text(".fw-note")).toBe("No answer to “Stop watching” yet: the kernel may be busy.");
    const clicks = new Set(model.clicks);
    click("Stopping the watch…");
    expect(clicks).not.toContain(model.clicks.at(-1));
    expect(text(".fw-note")).toBe("");
  });

  // What JupyterLab sends in a card's first moment waits for the end of the cell, and what comes after it does not.
  it("is sent again every second until it is answered, as the same click", () => {
    const { click, model } = show();
    click("Stop watching");
    pass(2);
    expect(model.asked).toEqual(["stop", "stop", "stop"]);
    expect(new Set(model.clicks).size).toBe(1);
    model.update(unwatched("stopped"));
    pass(5);
    expect(model.asked).toEqual(["stop", "stop", "stop"]);
  });

  // A kernel that takes the page to be out of reach for a moment has not answered by that.
  it("is sent again also while no buttons are shown", () => {
    const { click, model, button, text } = show();
    click("Stop watching");
    model.update({ _controls: false });
    pass(1);
    expect(model.asked).toEqual(["stop", "stop"]);
    pass(4);
    expect(text(".fw-note")).toBe("No answer to “Stop watching” yet: the kernel may be busy.");
    model.update({ _controls: true });
    expect(button("Stopping the watch…")).toBeDefined();
  });

  // Whoever clicks just before a connection dies is told that nothing has come of it.
  it("is sent again and owned up to while the connection is lost", () => {
    const { click, card, model, text } = show();
    pass(11);
    click("Stop watching");
    pass(2);
    expect(card.hasAttribute("data-fw-lost")).toBe(true);
    expect(model.asked.filter((type) => type === "stop")).toHaveLength(3);
    pass(3);
    expect(text(".fw-note")).toBe("No answer to “Stop watching” yet: the kernel may be busy.");
  });

  // By then the reader knows that there is no answer, and may ask again.
  it("is not sent again once it is owned up to", () => {
    const { click, model } = show();
    click("Stop watching");
    pass(30);
    expect(model.asked.filter((type) => type === "stop")).toHaveLength(5);
  });

  // The kernel must not take the second for the first that has come late.
  it("is another one when it is made again", () => {
    const { click, model } = show();
    for (let turn = 0; turn < 2; turn += 1) {
      click("Check now");
      model.beat();
    }
    expect(new Set(model.clicks).size).toBe(2);
  });

  // A heartbeat is no answer to "stop": it comes from a kernel that is still watching.
  it("to stop is not answered by a heartbeat", () => {
    const { click, text, model, button } = show();
    click("Stop watching");
    model.beat();
    pass(5);
    expect(text(".fw-note")).not.toBe("");
    model.update(unwatched("stopped"));
    expect(text(".fw-note")).toBe("");
    expect(button("Resume watching")).toBeDefined();
  });

  // Also a card that had nothing to tick for notices that no answer comes.
  it("to resume is waited for though nothing else ticks", () => {
    const { click, text, model } = show(unwatched("stopped"));
    click("Resume watching");
    pass(5);
    expect(text(".fw-note")).not.toBe("");
    model.update({ health: "live", _clock: clockOf() });
    expect(text(".fw-note")).toBe("");
  });

  // A click on a dead comm is a silence like any other.
  it("does not throw when the comm is closed", () => {
    const { click, model, text } = show();
    model.alive = false;
    click("Check now");
    pass(5);
    expect(text(".fw-note")).not.toBe("");
    model.alive = true;
  });
});

describe("the keyboard", () => {
  // The focus does not fall to the page when its button goes away.
  it("finds itself on the button that takes the place of its own", () => {
    const { button, click, model } = show();
    button("Stop watching")?.focus();
    click("Stop watching");
    model.update(unwatched("stopped"));
    expect(document.activeElement).toBe(button("Resume watching"));
  });

  // Every control is a real button, which Tab and Enter know.
  it("reaches every control", () => {
    const { all } = show({ status: "FAILURE", error_message: "boom", ...over });
    for (const button of all("button")) expect(button.getAttribute("type")).toBe("button");
    expect(all(".fw-message").map(({ tabIndex }) => tabIndex)).toEqual([0]);
  });
});

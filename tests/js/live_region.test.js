/** What a screen reader hears and finds. */

import { clockOf, over, pass, show, unwatched } from "./fake_model.js";

const BAD = /** @type {const} */ ({ tone: "bad", reason: "Bad file", lead: "" });

const region = () =>
  /** @type {HTMLElement} */ (document.querySelector("body > [role=status].fw-speech"));

/** Listens to the page's live region, from now on. */
function hear() {
  /** @type {(string | null)[]} */
  const heard = [];
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) heard.push(node.textContent);
    }
  });
  observer.observe(region(), { childList: true, characterData: true, subtree: true });
  return async () => {
    await Promise.resolve();
    return heard;
  };
}

describe("the live region", () => {
  // Polite, and silent while nothing happens.
  it("is polite and says nothing at first", () => {
    show();
    expect(region().getAttribute("aria-live")).toBe("polite");
    expect(region().textContent).toBe("");
  });

  // A notebook takes the card away at its end, to show it without the widget; what it had to say is said all the same.
  it("outlives the card that spoke", async () => {
    const card = show();
    const heard = hear();
    card.model.update({ status: "SUCCESS", ...over });
    card.remove();
    expect(await heard()).toEqual(["Ingestion dataset Upload: succeeded"]);
    expect(region().textContent).toMatch(/succeeded/);
  });

  // Two views of one card are one voice.
  it("is one for the whole page, and says a thing once", async () => {
    const { model } = show();
    show(model);
    const heard = hear();
    model.update({ status: "SUCCESS", ...over });
    expect(await heard()).toHaveLength(1);
    expect(document.querySelectorAll(".fw-speech")).toHaveLength(1);
  });

  // What was said long ago does not pile up.
  it("keeps the last three things said", async () => {
    const { model } = show({ progress: 0 });
    for (const progress of [25, 50, 75]) model.update({ progress });
    model.update({ status: "SUCCESS", ...over });
    expect(region().childElementCount).toBe(3);
  });

  // Each quarter once, not each per cent.
  it("speaks at each quarter of the way", async () => {
    const card = show({ progress: 0 });
    const heard = hear();
    for (let progress = 0; progress < 100; progress += 1) {
      card.model.update({ progress, _clock: clockOf() });
      await heard();
    }
    expect(await heard()).toEqual([
      "Ingestion dataset Upload: 25 %",
      "Ingestion dataset Upload: 50 %",
      "Ingestion dataset Upload: 75 %",
    ]);
  });

  // A job that starts over goes the same way again; that it fell back is told by its status.
  it("does not speak of progress that falls back", async () => {
    const card = show({ progress: 60 });
    const heard = hear();
    card.model.update({ progress: 10 });
    expect(await heard()).toEqual([]);
  });

  // Each change of status and of health, with the reason of a failure.
  it("speaks of changes of status and health", async () => {
    const card = show({ status: "PENDING", progress: 0 });
    const heard = hear();
    for (const change of [
      { status: "STARTED" },
      { health: "retrying", _clock: clockOf({ retry: 9, silent: 2 }) },
      { health: "live", _clock: clockOf() },
      unwatched("stopped"),
      { status: "FAILURE", ...over, _said: { failure: BAD } },
    ]) {
      card.model.update(change);
      await heard();
    }
    expect(await heard()).toEqual([
      "Ingestion dataset Upload: running",
      "Ingestion dataset Upload: Reconnecting",
      "Ingestion dataset Upload: live",
      "Ingestion dataset Upload: Stopped watching",
      "Ingestion dataset Upload: failed: Bad file",
    ]);
  });

  // A countdown and a clock are for the eye.
  it("does not chatter while time passes", async () => {
    show({ health: "retrying", _clock: clockOf({ retry: 30, silent: 2 }) });
    const heard = hear();
    for (let second = 0; second < 10; second += 1) {
      pass(1);
      await heard();
    }
    expect(await heard()).toEqual([]);
  });

  // Silence of the kernel is said once, and so is its return.
  it("speaks of a lost connection once", async () => {
    const { model } = show();
    const heard = hear();
    for (let second = 0; second < 20; second += 1) {
      pass(1);
      await heard();
    }
    model.beat();
    expect(await heard()).toEqual([
      "Ingestion dataset Upload: connection to the kernel lost",
      "Ingestion dataset Upload: live",
    ]);
  });
});

describe("the progress bar", () => {
  // Bar and card carry the job's name.
  it("is named after the job", () => {
    const { bar, card, part } = show();
    expect(bar().getAttribute("aria-label")).toBe("Progress of Ingestion dataset Upload");
    expect(bar().getAttribute("aria-valuemin")).toBe("0");
    expect(bar().getAttribute("aria-valuemax")).toBe("100");
    expect(card.getAttribute("role")).toBe("group");
    expect(card.getAttribute("aria-labelledby")).toBe(part(".fw-name").id);
  });
});

describe("the icons", () => {
  // Words always stand beside them.
  it("are hidden from assistive technology", () => {
    for (const icon of show().all("svg")) expect(icon.getAttribute("aria-hidden")).toBe("true");
  });
});

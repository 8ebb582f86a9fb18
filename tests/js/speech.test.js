/** What a screen reader hears and finds. */

import { clockOf, over, pass, show, unwatched } from "./fake_model.js";

/**
 * Listens to the card's live region.
 * @param {ReturnType<typeof show>} card
 */
function hear({ part }) {
  const region = part(".fw-speech");
  /** @type {(string | null)[]} */
  const heard = [];
  const observer = new MutationObserver(() => heard.push(region.textContent));
  observer.observe(region, { childList: true, characterData: true, subtree: true });
  return async () => {
    await Promise.resolve();
    return heard;
  };
}

describe("the live region", () => {
  // Polite, and silent while nothing happens.
  it("is polite and says nothing at first", () => {
    const { part } = show();
    expect(part(".fw-speech").getAttribute("role")).toBe("status");
    expect(part(".fw-speech").getAttribute("aria-live")).toBe("polite");
    expect(part(".fw-speech").textContent).toBe("");
  });

  // Each quarter once, not each per cent.
  it("speaks at each quarter of the way", async () => {
    const card = show({ progress: 0 });
    const heard = hear(card);
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
    const heard = hear(card);
    card.model.update({ progress: 10 });
    expect(await heard()).toEqual([]);
  });

  // Each change of status and of health, with the reason of a failure.
  it("speaks of changes of status and health", async () => {
    const card = show({ status: "PENDING", progress: 0 });
    const heard = hear(card);
    for (const change of [
      { status: "STARTED" },
      { health: "retrying", _clock: clockOf({ retry: 9, silent: 2 }) },
      { health: "live", _clock: clockOf() },
      unwatched("stopped"),
      { status: "FAILURE", error_reason: "Bad file", ...over },
    ]) {
      card.model.update(change);
      await heard();
    }
    expect(await heard()).toEqual([
      "Ingestion dataset Upload: running",
      "Ingestion dataset Upload: No good answer",
      "Ingestion dataset Upload: live",
      "Ingestion dataset Upload: Stopped watching",
      "Ingestion dataset Upload: failed: Bad file",
    ]);
  });

  // A countdown and a clock are for the eye.
  it("does not chatter while time passes", async () => {
    const card = show({ health: "retrying", _clock: clockOf({ retry: 30, silent: 2 }) });
    const heard = hear(card);
    for (let second = 0; second < 10; second += 1) {
      pass(1);
      await heard();
    }
    expect(await heard()).toEqual([]);
  });

  // Silence of the kernel is said once, and so is its return.
  it("speaks of a lost connection once", async () => {
    const card = show();
    const heard = hear(card);
    for (let second = 0; second < 20; second += 1) {
      pass(1);
      await heard();
    }
    card.model.beat();
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

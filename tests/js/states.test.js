/** What the card says in each status and each health. */

import { clockOf, faceOf, over, pass, show, unwatched } from "./fake_model.js";

describe("the badge", () => {
  // Nobody knows whether a job still runs that nobody watches.
  it("says that it is only the last that was seen where nobody watches", () => {
    expect(show(unwatched("stopped")).text(".fw-badge")).toBe("Last seen: running");
    expect(show({ status: "SUCCESS", ...over }).text(".fw-badge")).toBe("Succeeded");
  });

  // Icon, word and tone together: never colour alone.
  it.each([
    "PENDING",
    "STARTED",
    "RETRY",
    "SUCCESS",
    "FAILURE",
    "REVOKED",
    "",
    "WAITING_FOR_QUOTA",
  ])("of %j has the kernel's word, tone and icon, also after a change", (status) => {
    const said = faceOf(status, "live");
    const { text, card, part, model } = show({ status: "RETRY" });
    model.update({ status });
    expect(text(".fw-badge")).toBe(said.status);
    expect(card.dataset.fwTone).toBe(said.tone);
    expect(part(".fw-badge svg").dataset.fwIcon).toBe(said.icon);
  });

  // Nothing was ever seen of a job that is not found.
  it("does not say Connecting of a job that is not watched", () => {
    expect(show({ status: "", ...unwatched("not found") }).text(".fw-badge")).toBe("Unknown");
  });
});

describe("the bar", () => {
  // Known progress has a value and a width.
  it("shows the per cent", () => {
    const { bar, part, text } = show({ progress: 42.5 });
    expect(text(".fw-percent")).toBe("42.5 %");
    expect(part(".fw-fill").style.transform).toBe("scaleX(0.425)");
    expect(bar().getAttribute("aria-valuenow")).toBe("42.5");
    expect(bar().getAttribute("aria-valuetext")).toBe("42.5 %");
    expect(bar().hasAttribute("data-fw-unknown")).toBe(false);
  });

  // A value that nobody knows is not given as 0.
  it("has no value while progress is not known", () => {
    const { bar, text, model } = show({ indeterminate: true, progress: 0 });
    expect(bar().hasAttribute("aria-valuenow")).toBe(false);
    expect(bar().getAttribute("aria-valuetext")).toBe("not known");
    expect(bar().hasAttribute("data-fw-unknown")).toBe(true);
    expect(text(".fw-percent")).toBe("");
    model.update({ indeterminate: false, progress: 3 });
    expect(bar().getAttribute("aria-valuenow")).toBe("3");
  });

  // Success is the whole way, whatever was last heard of progress.
  it("is full at success", () => {
    const { bar, part } = show({ status: "SUCCESS", progress: 97, ...over });
    expect(part(".fw-fill").style.transform).toBe("scaleX(1)");
    expect(bar().getAttribute("aria-valuenow")).toBe("100");
  });

  // Where a job ended is worth knowing.
  it.each([["FAILURE"], ["REVOKED"]])("stays where it was at %s", (status) => {
    const { part } = show({ status, progress: 70, ...over });
    expect(part(".fw-fill").style.transform).toBe("scaleX(0.7)");
  });

  // A job that is over does not move.
  it("does not sweep when the job is over", () => {
    const { bar, card } = show({ status: "FAILURE", indeterminate: true, ...over });
    expect(bar().hasAttribute("data-fw-unknown")).toBe(false);
    expect(card.hasAttribute("data-fw-moving")).toBe(false);
  });
});

describe("health", () => {
  // Good health is a quiet word.
  it("is a word beside the time while live", () => {
    const { text, notice, card } = show();
    expect(text(".fw-chip")).toBe("live");
    expect(notice()).toBeNull();
    expect(card.hasAttribute("data-fw-moving")).toBe(true);
  });

  // What the kernel says of a live job is shown too.
  it("passes on a sentence while live", () => {
    const detail = "Stopped waiting; the job goes on.";
    const { notice, text } = show({
      _said: { notice: { tone: "idle", icon: "info", head: "", detail } },
    });
    expect(notice()).toBe("Stopped waiting; the job goes on.");
    expect(text(".fw-chip")).toBe("live");
  });

  // An outage says when it tries again, why, and how old the state is; nothing moves meanwhile.
  it("explains an outage", () => {
    const { notice, text, card } = show({
      health: "retrying",
      _clock: clockOf({ silent: 40, retry: 4 }),
    });
    expect(text(".fw-notice-head")).toBe("Reconnecting: next try in 4 s");
    expect(notice()).toContain(
      "503 (Service Unavailable). The card keeps trying. Last good answer 40 s ago.",
    );
    expect(text(".fw-chip")).toBe("");
    expect(card.hasAttribute("data-fw-moving")).toBe(false);
  });

  // A blink of the network changes nothing; what has been out of sight for long is only the last that was seen.
  it("holds what was last seen once an outage lasts", () => {
    const { text, card } = show({ health: "retrying", _clock: clockOf({ silent: 8, retry: 9 }) });
    expect(text(".fw-badge")).toBe("Running");
    expect(card.hasAttribute("data-fw-held")).toBe(false);
    pass(5);
    expect(text(".fw-badge")).toBe("Last seen: running");
    expect(card.hasAttribute("data-fw-held")).toBe(true);
  });

  // What no button can do is not offered in words either.
  it("speaks of Resume watching only where there is the button", () => {
    const { notice } = show({ ...unwatched("stopped"), _controls: false });
    expect(notice()).not.toContain("Resume");
  });

  // Without a first answer there is none to be old.
  it("does not speak of a last answer before the first", () => {
    const { notice } = show({ health: "retrying", _clock: clockOf({ silent: null, retry: null }) });
    expect(notice()).toMatch(/^Reconnecting: trying again/);
    expect(notice()).not.toContain("Last good answer");
  });

  // Where watching ended, the card says why and that it shows the past.
  it.each([
    ["stopped", "Stopped watching", "idle"],
    ["timed out", "Watching timed out", "warn"],
    ["refused", "Watching ended: token refused", "warn"],
    ["not found", "Watching ended: job not found", "warn"],
    ["error", "Watching ended: error", "warn"],
  ])("%s says %s", (health, words, tone) => {
    const { text, part, card } = show(unwatched(health));
    expect(text(".fw-notice-head")).toBe(words);
    expect(text(".fw-notice-detail")).toMatch(
      /\. Last seen at 12:00.*\. (Resume watching \(▶\) follows it again|Then: Resume watching \(▶\))\.$/,
    );
    expect(part(".fw-notice").dataset.fwTone).toBe(tone);
    expect(card.hasAttribute("data-fw-held")).toBe(true);
    expect(card.hasAttribute("data-fw-moving")).toBe(false);
    expect(text(".fw-time")).toBe("watched for 10 s");
  });

  // What the kernel waits for stands where the job's own particulars will: the card does not jump.
  it("starting tells what is waited for in the second line", () => {
    const { text, notice, model } = show({ status: "", health: "starting" });
    expect(text(".fw-what")).toBe("Waiting for the first answer.");
    expect([text(".fw-badge"), text(".fw-time"), notice()]).toEqual(["Connecting", "", null]);
    model.update({ _said: { what: "project bank" } });
    expect(text(".fw-what")).toBe("project bank");
  });

  // The end of a job is not trouble.
  it("is not mentioned when the job is over", () => {
    const { notice, text } = show({ status: "SUCCESS", ...over });
    expect(notice()).toBeNull();
    expect(text(".fw-chip")).toBe("");
  });

  // Status and health arrive together or not: the status alone ends the show.
  it("of a final status is over, whatever else is said", () => {
    const { notice, card } = show({ status: "SUCCESS", health: "retrying" });
    expect(notice()).toBeNull();
    expect(card.hasAttribute("data-fw-moving")).toBe(false);
  });
});

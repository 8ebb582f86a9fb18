/** The page's own clock: time watched, silence of the kernel, sleep of the page. */

import widget from "../../js/src/job_widget.js";
import { clockOf, NOW, over, pass, show, sleep, unwatched } from "./fake_model.js";

/** @type {[number, number]} */
const RANGE = [130, 175];

describe("time left", () => {
  // It counts down by the page's own clock.
  it("is a range that shrinks without traffic", () => {
    const { text, model } = show({ time_left: [130, 175] });
    expect(text(".fw-left")).toBe("2–3 min left");
    model.beat({ watched: 12 });
    model.update({ time_left: [7, 12], _clock: clockOf() });
    expect(text(".fw-left")).toBe("7–12 s left");
    pass(3);
    expect(text(".fw-left")).toBe("4–9 s left");
  });

  // Nothing is said that is not known: before there is a pace, in an outage, and once it is over.
  it.each([
    [null, {}],
    [RANGE, { health: "retrying" }],
    [RANGE, { status: "SUCCESS", ...over }],
    [RANGE, unwatched("stopped")],
  ])("of %j is not shown for %j", (time_left, traits) => {
    expect(show({ time_left, ...traits }).text(".fw-left")).toBe("");
  });
});

describe("a job that does not move", () => {
  const stalling = clockOf({ still: 350, stall: 355 });

  // Its own pace is the measure; the page counts on.
  it("is said not to, in place of the time left, once that is out of keeping with its pace", () => {
    const { text, part, model } = show({ time_left: [130, 175], _clock: stalling });
    expect(text(".fw-left")).toBe("2–3 min left");
    pass(10);
    expect(text(".fw-left")).toBe("no progress for 6 min");
    expect(part(".fw-left").dataset.fwStalled).toBe("");
    expect(text(".fw-next")).toMatch(/^What now: wait, or see on the platform/);
    model.update({ progress: 50, _clock: clockOf({ still: 0, stall: 355 }) });
    expect(text(".fw-left")).toBe("2–3 min left");
    expect(text(".fw-next")).toBeNull();
  });

  // Where nothing can be known, nothing is said.
  it.each([
    [{ health: "retrying" }],
    [{ _clock: clockOf({ still: 350, stall: null }) }],
    [{ status: "SUCCESS", ...over }],
    [unwatched("stopped")],
  ])("is not blamed for %j", (traits) => {
    const { text } = show({ _clock: stalling, ...traits });
    pass(10);
    expect(text(".fw-left")).toBe("");
  });
});

describe("the phases of a job", () => {
  // In the queue, what counts is how long it has waited there.
  it("give the time in the queue, as watched", () => {
    const { text } = show({ status: "PENDING", _clock: clockOf({ watched: 60, phase: 38 }) });
    pass(2);
    expect(text(".fw-time")).toBe("queued for 40 s");
  });

  // Details have what a glance does not need.
  it("give retries and the expected end in the details", () => {
    const card = show({ time_left: [3600, 7200], _clock: clockOf({ retries: 2 }) });
    card.click("Details");
    const rows = card.all("dt").map((one) => [one.textContent, one.nextSibling?.textContent]);
    expect(rows).toContainEqual(["Retries seen", "2"]);
    expect(rows.find(([label]) => label === "Expected end")?.[1]).toMatch(/^\S+.* to \S+/);
  });

  // The end as a time of day, to whoever comes back later.
  it("give the time of day of the end", () => {
    const clock = clockOf({ running: false, watched: 95 });
    const { text } = show({ status: "FAILURE", health: "over", _clock: clock });
    const time = new Date(NOW * 1000).toLocaleTimeString([], {
      hour: "2-digit",
      minute: "2-digit",
    });
    expect(text(".fw-time")).toBe(`watched for 1 min 35 s · ended by ${time}`);
  });
});

describe("time watched", () => {
  // Between two heartbeats the page counts by itself.
  it("ticks without traffic", () => {
    const { text } = show();
    expect(text(".fw-time")).toBe("watching for 10 s");
    pass(3);
    expect(text(".fw-time")).toBe("watching for 13 s");
  });

  // The kernel's count is the truth.
  it("starts from what the kernel last said", () => {
    const { text, model } = show();
    pass(3);
    model.beat({ watched: 70 });
    expect(text(".fw-time")).toBe("watching for 1 min 10 s");
    pass(2);
    expect(text(".fw-time")).toBe("watching for 1 min 12 s");
  });

  // A page that loads finds a clock that is some seconds old.
  it("adds the age of a clock found at load", () => {
    const { text } = show({ _clock: clockOf({ now: NOW - 4 }) });
    expect(text(".fw-time")).toBe("watching for 14 s");
  });

  // A kernel whose clock is an hour off is not an hour old.
  it.each([[-3600], [3600], [-11]])("does not trust a clock that is off by %d s", (skew) => {
    const { text } = show({ _clock: clockOf({ now: NOW + skew }) });
    expect(text(".fw-time")).toBe("watching for 10 s");
  });

  // Nothing ticks for a card that is over.
  it("stands still when the job is over", () => {
    const { text } = show({ status: "SUCCESS", ...over });
    expect(text(".fw-time")).toMatch(/^watched for 10 s · ended by \d/);
    expect(vi.getTimerCount()).toBe(0);
  });

  // Nor for one that nobody watches.
  it("stands still when watching was stopped", () => {
    show(unwatched("stopped"));
    expect(vi.getTimerCount()).toBe(0);
  });

  // A job that was over at the first look was not watched.
  it("is not given where there was nothing to watch", () => {
    const { text } = show({
      status: "SUCCESS",
      health: "over",
      _clock: clockOf({ watched: 0.2, running: false }),
    });
    expect(text(".fw-time")).toMatch(/^ended by /);
  });
});

describe("an outage", () => {
  // Both numbers move by the page's clock.
  it("counts down to the next try and up from the last good answer", () => {
    const { text } = show({ health: "retrying", _clock: clockOf({ silent: 40, retry: 4 }) });
    pass(3);
    expect(text(".fw-notice-head")).toBe("Reconnecting: next try in 1 s");
    expect(text(".fw-notice-detail")).toMatch(/ Last good answer 43 s ago\.$/);
    pass(2);
    expect(text(".fw-notice-head")).toBe("Reconnecting: trying now");
  });
});

describe("a kernel that falls silent", () => {
  // Twelve seconds are two heartbeats and some; the reader knows within fifteen.
  it("is called lost after 12 s, not before", () => {
    const { text, card, notice } = show();
    pass(11);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    pass(1);
    expect(text(".fw-notice-head")).toBe("Connection to the kernel lost: no news for 12 s");
    pass(2);
    expect(notice()).toContain("no news for 14 s");
    expect(text(".fw-time")).toBe("as of 14 s ago");
  });

  // A kernel that beats every ten seconds is given twice as long.
  it("is given as long as its heart beats slowly", () => {
    const { card } = show({ _clock: clockOf({ beat: 10 }) });
    pass(23);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    pass(1);
    expect(card.hasAttribute("data-fw-lost")).toBe(true);
  });

  // Old data is not shown as if it were live.
  it("stops all that moves", () => {
    const { text, card, bar } = show({ indeterminate: true });
    pass(12);
    expect(card.hasAttribute("data-fw-moving")).toBe(false);
    expect(card.hasAttribute("data-fw-held")).toBe(true);
    expect(text(".fw-chip")).toBe("");
    expect(bar().getAttribute("aria-valuetext")).toContain("connection to the kernel lost");
  });

  // A heartbeat is enough, so is a message.
  it.each([["beat"], ["message"]])("is back at the next %s", (/** @type {string} */ how) => {
    const { model, card, notice } = show();
    pass(20);
    model[/** @type {"beat" | "message"} */ (how)]();
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    expect(notice()).toBeNull();
  });

  // A kernel that beats is never lost.
  it("is not suspected while it beats", () => {
    const { model, card } = show();
    for (let beats = 0; beats < 12; beats += 1) {
      pass(5);
      expect(card.hasAttribute("data-fw-lost")).toBe(false);
      model.beat();
    }
  });

  // The wall clock may jump; the page's monotonic clock does not.
  it("is not suspected because the wall clock was set", () => {
    const { card } = show();
    vi.setSystemTime((NOW + 3600) * 1000);
    pass(2);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
  });

  // No heartbeat is due for a job that is not watched.
  it("is not missed when nothing is watched", () => {
    const { card } = show(unwatched("stopped"));
    pass(60);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
  });

  // A clock found at load counts from when it was written, but a heartbeat always gets the time to arrive.
  it("is found sooner when the clock was old at load", () => {
    const { card } = show({ _clock: clockOf({ now: NOW - 4 }) });
    pass(7);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    pass(1);
    expect(card.hasAttribute("data-fw-lost")).toBe(true);
  });
});

describe("a page that slept", () => {
  // The laptop was closed: the kernel may be well.
  it("waits for news before it calls the kernel lost", () => {
    const { card, text } = show();
    pass(2);
    sleep(3600);
    pass(1);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    pass(11);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    pass(1);
    expect(text(".fw-time")).toMatch(/^as of 1 h/);
  });

  // A hidden page's timers are throttled; it looks again when it is shown.
  it("looks at once when it is shown again", () => {
    const { text } = show();
    sleep(3);
    expect(text(".fw-time")).toBe("watching for 10 s");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(text(".fw-time")).toBe("watching for 13 s");
  });
});

describe("the ticker", () => {
  // anywidget loads the module anew for each widget.
  it("is one for all cards, also from several copies of the module", async () => {
    show();
    vi.resetModules();
    const copy = await import("../../js/src/job_widget.js");
    expect(copy.default).not.toBe(widget);
    const other = show({}, copy.default);
    expect(vi.getTimerCount()).toBe(1);
    pass(1);
    expect(other.text(".fw-time")).toBe("watching for 11 s");
  });

  // The last card that needs it takes it along.
  it("stops with the last card that needs it", () => {
    const one = show();
    const other = show();
    one.model.update({ status: "SUCCESS", ...over });
    one.remove();
    expect(vi.getTimerCount()).toBe(1);
    other.model.update({ status: "SUCCESS", ...over });
    expect(vi.getTimerCount()).toBe(0);
    other.model.update({ status: "STARTED", health: "live", _clock: clockOf() });
    expect(vi.getTimerCount()).toBe(1);
  });
});

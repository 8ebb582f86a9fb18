/** Why a job failed, and text that means harm. */

import { over, show } from "./fake_model.js";

const FAILED = { status: "FAILURE", ...over };

describe("a failure", () => {
  // Reason as headline, message below.
  it("gives reason and message", () => {
    const { text, part } = show({
      ...FAILED,
      error_reason: "Bad file",
      error_message: "row 3\nrow 4",
    });
    expect(text(".fw-reason")).toBe("Bad file");
    expect(text(".fw-message")).toBe("row 3\nrow 4");
    expect(text(".fw-cut")).toBeNull();
    expect(part(".fw-failure").dataset.fwTone).toBe("bad");
  });

  // A platform that does not say why is not papered over.
  it.each([
    ["", "", "The job failed without saying why", null],
    ["", "boom", "The job failed", "boom"],
    ["boom", "boom", "boom", null],
  ])("with reason %j and message %j has the headline %j", (reason, message, headline, below) => {
    const { text } = show({ ...FAILED, error_reason: reason, error_message: message });
    expect(text(".fw-reason")).toBe(headline);
    expect(text(".fw-message")).toBe(below);
  });

  // A retry may tell what went wrong before.
  it("is not claimed of a job that only reports an error", () => {
    const { text, part } = show({ status: "RETRY", error_message: "worker lost" });
    expect(text(".fw-reason")).toBe("The platform reports an error");
    expect(part(".fw-failure").dataset.fwTone).toBe("warn");
  });

  // Where all went well there is nothing to explain.
  it("is not shown where there is none", () => {
    expect(show().text(".fw-failure")).toBeNull();
  });

  // A megabyte is folded, bounded on the page when it is unfolded, and the card says so.
  it("is bounded on the screen", () => {
    const _said = { lead: "xxx…" };
    const { text, click } = show({ ...FAILED, error_message: "x".repeat(1_048_576), _said });
    expect(text(".fw-message")).toBe("xxx…");
    expect(text(".fw-cut")).toBeNull();
    click("Show the whole message");
    expect(text(".fw-message")).toHaveLength(20_000);
    expect(text(".fw-cut")).toBe("The first 20,000 of 1,048,576 characters; Copy takes them all.");
  });
});

describe("a long message", () => {
  const LINES = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n");
  const LONG = { error_message: LINES, _said: { lead: "line 1" } };

  // What the kernel finds to say most comes first.
  it("is folded to its lead", () => {
    expect(show({ ...FAILED, ...LONG }).text(".fw-message")).toBe("line 1");
  });

  // The reader decides, and the news of the next second does not undo it.
  it("is unfolded and folded at a click, and stays so", () => {
    const { text, click, model, button } = show({ status: "RETRY", ...LONG });
    click("Show the whole message");
    expect(text(".fw-message")).toBe(LINES);
    expect(button("Show less")?.getAttribute("aria-expanded")).toBe("true");
    model.beat({ watched: 20 });
    expect(text(".fw-message")).toBe(LINES);
    click("Show less");
    expect(text(".fw-message")).toBe("line 1");
  });

  // A short one has nothing to fold.
  it("is not folded where it is short", () => {
    expect(show({ ...FAILED, error_message: "row 3\nrow 4" }).text(".fw-fold")).toBeNull();
  });
});

describe("what to do now", () => {
  // The kernel knows; the card says it where the failure is, or where there is none to tell.
  it.each(["FAILURE", "REVOKED"])("is said of a job with status %s", (status) => {
    const next = "What now: start it again.";
    expect(show({ status, ...over, _said: { next } }).text(".fw-next")).toBe(next);
  });

  // A job that runs or went well needs nothing.
  it("is not there where there is nothing to say", () => {
    expect(show().text(".fw-next")).toBeNull();
  });
});

describe("hostile text", () => {
  const HTML = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

  // Text of the server is text, wherever it stands.
  it("never becomes markup", () => {
    const { click, el, text } = show({
      ...FAILED,
      name: HTML,
      job_id: HTML,
      error_reason: `reason ${HTML}`,
      error_message: HTML,
      _said: { what: HTML, next: HTML, facts: [[HTML, HTML]] },
      extras: { [HTML]: { status: HTML, error_message: HTML } },
      health_detail: HTML,
    });
    click("Details");
    expect(el.querySelectorAll("img, script")).toHaveLength(0);
    expect(text(".fw-name")).toBe(HTML);
    expect(text(".fw-message")).toBe(HTML);
  });

  // The same for the words that are not known.
  it("never becomes markup as a status or health", () => {
    const { el, text } = show({ status: HTML, health: HTML, health_detail: HTML });
    expect(el.querySelectorAll("img, script")).toHaveLength(0);
    expect(text(".fw-badge")).toContain("<img");
  });

  // A name of a megabyte does not reach the page.
  it("is bounded in names", () => {
    const { text, part, click, el } = show({
      name: "n".repeat(1_000_000),
      job_id: "i".repeat(1_000_000),
      status: "s".repeat(1_000_000),
      health_detail: "d".repeat(1_000_000),
      _said: { what: "m".repeat(1_000_000), facts: [["a", "f".repeat(1_000_000)]] },
    });
    click("Details");
    expect(text(".fw-name")).toHaveLength(300);
    expect(part(".fw-name").title).toHaveLength(300);
    expect(el.innerHTML.length).toBeLessThan(20_000);
  });

  // A right-to-left override stays within its own element.
  it("is isolated in its direction", () => {
    const { all } = show({ name: "\u202egnorw", ...FAILED, error_message: "\u202egnorw" });
    for (const node of all(".fw-name, .fw-what, .fw-word, .fw-reason, .fw-message")) {
      expect(node.dir).toBe("auto");
    }
    expect(all(".fw-name")[0]?.tagName).toBe("BDI");
  });

  // Traits of the wrong type do not break the card.
  it("is tolerated in traits of any type", () => {
    const wrong = /** @type {never} */ (/** @type {unknown} */ (null));
    const { text } = show({
      name: wrong,
      progress: wrong,
      _said: wrong,
      extras: wrong,
      _clock: wrong,
    });
    expect(text(".fw-badge")).toBe("Running");
  });
});

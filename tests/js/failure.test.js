/** Why a job failed, and text that means harm. */

import { over, show } from "./fake_model.js";

const FAILED = { status: "FAILURE", ...over };

/**
 * @param {string} reason
 * @param {string} [lead]
 */
const said = (reason, lead = "") => ({
  failure: /** @type {const} */ ({ tone: "bad", reason, lead }),
});

describe("a failure", () => {
  // Reason as headline, message below.
  it("gives reason and message", () => {
    const _said = said("Bad file");
    const { text, part } = show({ ...FAILED, error_message: "row 3\nrow 4", _said });
    expect(text(".fw-reason")).toBe("Bad file");
    expect(text(".fw-message")).toBe("row 3\nrow 4");
    expect(text(".fw-cut")).toBeNull();
    expect(part(".fw-failure").dataset.fwTone).toBe("bad");
  });

  // A long one scrolls on a narrow card, which a keyboard can do only where the focus is.
  it.each([
    ["Bad file", null],
    ["Column 'balance' holds text in 1,204 rows ".repeat(4), "0"],
  ])("takes the focus where its reason %j may scroll", (reason, tabindex) => {
    const { part } = show({ ...FAILED, _said: said(reason) });
    expect(part(".fw-reason").getAttribute("tabindex")).toBe(tabindex);
    expect(part(".fw-reason").getAttribute("role")).toBe(tabindex && "group");
  });

  // What the headline says is not said again below.
  it.each([
    ["", "The job failed without saying why", null],
    ["boom", "boom", null],
    ["boom", "The job failed", "boom"],
  ])("with message %j and headline %j shows %j below", (error_message, reason, below) => {
    const { text } = show({ ...FAILED, error_message, _said: said(reason) });
    expect(text(".fw-reason")).toBe(reason);
    expect(text(".fw-message")).toBe(below);
  });

  // It goes when the platform tries again.
  it("goes with its cause", () => {
    const { text, model } = show({ status: "RETRY", error_message: "lost", _said: said("Lost") });
    expect(text(".fw-reason")).toBe("Lost");
    model.update({ status: "STARTED", error_message: "" });
    expect(text(".fw-failure")).toBeNull();
  });

  // Where all went well there is nothing to explain.
  it("is not shown where there is none", () => {
    expect(show().text(".fw-failure")).toBeNull();
  });

  // A megabyte is folded, bounded on the page when it is unfolded, and the card says so.
  it("is bounded on the screen", () => {
    const _said = said("Too long", "xxx…");
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
  const LONG = { error_message: LINES, _said: said("Trouble", "line 1") };

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
    const error_message = "row 3\nrow 4";
    expect(show({ ...FAILED, error_message, _said: said("Bad") }).text(".fw-fold")).toBeNull();
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
      job_id: HTML,
      error_message: HTML,
      _said: {
        ...said(`reason ${HTML}`),
        status: HTML,
        name: HTML,
        what: HTML,
        next: HTML,
        tasks: HTML,
        rows: [
          [HTML, HTML],
          [HTML, HTML],
        ],
        facts: [[HTML, HTML]],
        notice: { tone: "bad", icon: "warning", head: HTML, detail: HTML },
      },
      _tasks: {
        counted: HTML,
        kinds: [[HTML, "bad", "cross"]],
        rows: [[HTML, 0, HTML]],
        more: HTML,
      },
    });
    click("Details");
    expect(el.querySelectorAll("img, script")).toHaveLength(0);
    expect(text(".fw-name")).toBe(HTML);
    expect(text(".fw-badge")).toBe(HTML);
    expect(text(".fw-message")).toBe(HTML);
    expect(text(".fw-notice-head")).toBe(HTML);
    expect(text(".fw-task-detail")).toBe(HTML);
  });

  // An id of a megabyte does not reach the page; all other texts the kernel bounds.
  it("is bounded in the id", () => {
    const { click, el } = show({ job_id: "i".repeat(1_000_000) });
    click("Details");
    expect(el.innerHTML.length).toBeLessThan(20_000);
  });

  // A right-to-left override stays within its own element.
  it("is isolated in its direction", () => {
    const { all } = show({ ...FAILED, error_message: "\u202egnorw", _said: said("\u202edab") });
    const nodes = all(".fw-name, .fw-what, .fw-word, .fw-reason, .fw-message");
    expect(nodes.map(({ dir }) => dir)).toEqual(["auto", "auto", "auto", "auto", "auto"]);
    expect(all(".fw-name")[0]?.tagName).toBe("BDI");
  });
});

/** The list of subtasks in the details. */

import { show } from "./fake_model.js";

/** @param {Record<string, unknown>} extras */
function opened(extras) {
  const card = show({ extras });
  card.click("Details");
  return card;
}

/** @param {ReturnType<typeof show>} card */
const ids = ({ all }) => all(".fw-task-id").map(({ textContent }) => textContent);

const many = (/** @type {number} */ count, changes = {}) => ({
  ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, { status: "PENDING" }])),
  ...changes,
});

describe("subtasks", () => {
  // At a glance, without a click.
  it("are counted on the card itself", () => {
    const done = { a: { status: "SUCCESS" }, b: { status: "STARTED" } };
    expect(show({ extras: done }).text(".fw-subtasks")).toBe("1 of 2 subtasks done");
    const failed = { ...done, c: { status: "FAILURE" } };
    expect(show({ extras: failed }).text(".fw-subtasks")).toBe("1 of 3 subtasks failed");
    expect(show().text(".fw-subtasks")).toBe("");
  });

  // A row stays the same element while its subtask is there, so that a selection in it survives news.
  it("keep their rows when others change", () => {
    const error = { status: "FAILURE", error_message: "no space" };
    const card = opened({ a: error, b: { status: "STARTED" } });
    const [row] = card.all(".fw-task");
    card.model.update({ extras: { a: error, b: { status: "SUCCESS" } } });
    expect(card.all(".fw-task")[0]).toBe(row);
    expect(card.all(".fw-task").map(({ dataset }) => dataset.fwTone)).toEqual(["bad", "ok"]);
  });

  // Whatever fails comes to the top.
  it("are put in order anew when one fails, and leave with their subtask", () => {
    const card = opened({ a: { status: "STARTED" }, b: { status: "STARTED" } });
    expect(ids(card)).toEqual(["a", "b"]);
    card.model.update({ extras: { a: { status: "STARTED" }, b: { status: "FAILURE" } } });
    expect(ids(card)).toEqual(["b", "a"]);
    card.model.update({ extras: { a: { status: "STARTED" } } });
    expect(ids(card)).toEqual(["a"]);
  });

  // Each error can be taken along.
  it("have errors that can be copied in full", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const message = "e".repeat(5000);
    const card = opened({ a: { status: "FAILURE", error_message: message } });
    expect(card.text(".fw-task-detail")).toHaveLength(2000);
    card.click("Copy the error of a");
    await vi.waitFor(() => expect(card.button("Copied")).toBeDefined());
    expect(writeText).toHaveBeenCalledWith(message);
    vi.advanceTimersByTime(2000);
    vi.unstubAllGlobals();
  });

  // One change among a thousand touches one row.
  it("cost one row when one of a thousand changes", async () => {
    const card = opened(many(1000));
    expect(card.all(".fw-task")).toHaveLength(1000);
    const seen = vi.fn();
    const observer = new MutationObserver(seen);
    const watched = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(card.part(".fw-tasklist"), watched);
    card.model.update({ extras: many(1000, { t0: { status: "STARTED" } }) });
    const records = observer.takeRecords();
    observer.disconnect();
    const [first] = card.all(".fw-task");
    expect(records.length).toBeGreaterThan(0);
    expect(records.every(({ target }) => first?.contains(target))).toBe(true);
  });

  // What is beyond a thousand is counted.
  it("are bounded at a thousand", () => {
    const card = opened(many(1200));
    expect(card.all(".fw-task")).toHaveLength(1001);
    expect(card.text(".fw-more")).toBe("and 200 more");
  });
});

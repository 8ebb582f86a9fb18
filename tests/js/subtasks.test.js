/** The list of subtasks in the details. */

import { show, tasksOf } from "./fake_model.js";

/** @typedef {Parameters<typeof tasksOf>[0]} Given */

/** @param {import("../../js/src/subtasks.js").Tasks} _tasks */
function opened(_tasks) {
  const card = show({ _tasks });
  card.click("Details");
  return card;
}

/** @param {ReturnType<typeof show>} card */
const ids = ({ all }) => all(".fw-task-id").map(({ textContent }) => textContent);

/**
 * @param {number} count
 * @param {(number: number) => string} [statusOf]
 */
const many = (count, statusOf = () => "PENDING") =>
  tasksOf(/** @type {Given} */ (Array.from({ length: count }, (_, i) => [`t${i}`, statusOf(i)])));

describe("subtasks", () => {
  // At a glance, without a click.
  it("are counted on the card itself", () => {
    const { text, part } = show({ _said: { tasks: "1 of 3 subtasks failed", ill: true } });
    expect(text(".fw-subtasks")).toBe("1 of 3 subtasks failed");
    expect(part(".fw-subtasks").dataset.fwIll).toBe("");
    expect(show().text(".fw-subtasks")).toBe("");
  });

  // A row stays the same element while its subtask is there, so that a selection in it survives news.
  it("keep their rows when others change", () => {
    /** @type {Given[0]} */
    const failed = ["a", "FAILURE", "no space"];
    const card = opened(tasksOf([failed, ["b", "STARTED"]]));
    const [row] = card.all(".fw-task");
    card.model.update({ _tasks: tasksOf([failed, ["b", "SUCCESS"]]) });
    expect(card.all(".fw-task")[0]).toBe(row);
    expect(card.all(".fw-task").map(({ dataset }) => dataset.fwTone)).toEqual(["bad", "ok"]);
  });

  // Whatever fails comes to the top.
  it("are put in order anew when one fails, and leave with their subtask", () => {
    const card = opened(
      tasksOf([
        ["a", "STARTED"],
        ["b", "STARTED"],
      ]),
    );
    expect(ids(card)).toEqual(["a", "b"]);
    const news = tasksOf([
      ["b", "FAILURE"],
      ["a", "STARTED"],
    ]);
    card.model.update({ _tasks: news });
    expect(ids(card)).toEqual(["b", "a"]);
    card.model.update({ _tasks: tasksOf([["a", "STARTED"]]) });
    expect(ids(card)).toEqual(["a"]);
  });

  // Whatever is done goes to the end: that one row moves, and not the thousand that it passes.
  it("move only the one that changes its place", () => {
    const card = opened(many(1000));
    const rows = card.all(".fw-task");
    const observer = new MutationObserver(() => {});
    observer.observe(card.part(".fw-tasklist"), { childList: true });
    const { kinds = [], rows: [first, ...others] = [] } = many(1000);
    const last = /** @type {NonNullable<typeof first>} */ (first);
    card.model.update({ _tasks: { kinds, rows: [...others, last] } });
    expect(card.all(".fw-task")).toEqual([...rows.slice(1), rows[0]]);
    const moved = observer.takeRecords().flatMap(({ addedNodes }) => [...addedNodes]);
    expect(moved).toEqual([rows[0]]);
    observer.disconnect();
  });

  // Each error can be taken along.
  it("have errors that can be copied in full", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const message = "e".repeat(5000);
    const card = opened(tasksOf([["a", "FAILURE", message]]));
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
    card.model.update({ _tasks: many(1000, (i) => (i === 0 ? "STARTED" : "PENDING")) });
    const records = observer.takeRecords();
    observer.disconnect();
    const [first] = card.all(".fw-task");
    expect(records.length).toBeGreaterThan(0);
    expect(records.every(({ target }) => first?.contains(target))).toBe(true);
  });

  // What the kernel left out is said, after all the others, and goes when it is no longer so.
  it("end with how many are left out", () => {
    const card = opened({ ...many(3), more: "and 200 more" });
    expect(card.all(".fw-task").at(-1)?.textContent).toBe("and 200 more");
    card.model.update({ _tasks: many(4) });
    expect(ids(card)).toEqual(["t0", "t1", "t2", "t3"]);
    expect(card.all(".fw-more")).toEqual([]);
  });
});

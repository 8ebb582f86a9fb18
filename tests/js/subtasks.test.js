/** `extras` of any shape. */

import { subtasks } from "../../js/src/subtasks.js";

describe("subtasks", () => {
  // What needs the reader's eye comes first.
  it("puts failed ones first and successful ones last", () => {
    const { shown, ...counts } = subtasks({
      a: { status: "SUCCESS" },
      b: { status: "STARTED" },
      c: { status: "FAILURE", error_message: "no space" },
      d: { status: "ODD" },
    });
    expect(shown.map(({ id }) => id)).toEqual(["c", "b", "d", "a"]);
    expect(shown[0]?.detail).toBe("no space");
    expect(counts).toEqual({ total: 4, done: 1, failed: 1 });
  });

  // Anything may be missing.
  it("tolerates subtasks of any type", () => {
    const { shown, total } = subtasks({
      a: null,
      b: "SUCCESS",
      c: { status: 3, error_message: {} },
    });
    expect(total).toBe(3);
    expect(shown.every(({ detail }) => detail === "")).toBe(true);
    expect(subtasks(null).total).toBe(0);
    expect(subtasks([1]).total).toBe(0);
  });

  // Thousands of subtasks are counted, a thousand shown.
  it("is bounded", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`t${i}`, {}]));
    expect(subtasks(many)).toMatchObject({ total: 5000 });
    expect(subtasks(many).shown).toHaveLength(1000);
  });
});

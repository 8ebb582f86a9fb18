/** `info` and `extras` of any shape. */

import { facts, subtasks, subtitle } from "../../js/src/facts.js";

const INFO = {
  resource_type: "DATASET",
  resource_name: "churn_2025",
  project_name: "bank",
  resource: { id: "1", name: "churn_2025" },
  project: { id: "2", name: "bank" },
  model: { id: "3", name: "churn", version: "v1" },
};

describe("subtitle", () => {
  // The contract's own example.
  it("names project, model with version, and resource", () => {
    expect(subtitle(INFO)).toBe("project bank · model churn v1 · dataset churn_2025");
  });

  // A resource that is the model is not named twice.
  it("does not repeat the model as the resource", () => {
    const info = { ...INFO, resource_type: "MODEL", resource_name: "churn" };
    expect(subtitle(info)).toBe("project bank · model churn v1");
  });

  // Whatever is missing or of another type is left out.
  it.each([
    [null, ""],
    [[1, 2], ""],
    ["text", ""],
    [{ model: 7, project: [], resource: { name: { deep: 1 } } }, "model 7"],
    [{ project: "plain" }, "project plain"],
    [{ resource_name: "r", resource_type: null }, "resource r"],
  ])("of %j is %j", (info, line) => {
    expect(subtitle(info)).toBe(line);
  });

  // A megabyte in a name does not reach the page.
  it("is bounded", () => {
    expect(subtitle({ project_name: "x".repeat(1_000_000) }).length).toBeLessThanOrEqual(400);
  });
});

describe("facts", () => {
  // Unknown fields are shown, known ones first and once.
  it("lists the subjects first, then the rest", () => {
    expect(facts({ env_name: "prod", rows: 12, nested: { a: 1 }, none: null, ...INFO })).toEqual([
      { label: "Project", value: "bank" },
      { label: "Model", value: "churn v1" },
      { label: "Dataset", value: "churn_2025" },
      { label: "Env name", value: "prod" },
      { label: "Rows", value: "12" },
      { label: "Nested", value: '{"a":1}' },
    ]);
  });

  // Ten thousand fields do not make ten thousand rows.
  it("is bounded", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, "v"]));
    expect(facts(many).length).toBeLessThan(30);
  });
});

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

  // Thousands of subtasks are counted, a hundred shown.
  it("is bounded", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`t${i}`, {}]));
    expect(subtasks(many)).toMatchObject({ total: 5000 });
    expect(subtasks(many).shown).toHaveLength(100);
  });
});

/** The rows as the page knows them, and what it makes of messages that are lost, late or doubled. */

import { createStore } from "../../js/src/board_store.js";
import { Kernel, many, rowOf, tableOf } from "./board_page.js";

/** @typedef {import("../../js/src/board_protocol.js").Delta} Delta */

/** @param {import("../../js/src/board_store.js").Store} store */
const namesOf = (store) =>
  Array.from({ length: store.room }, (_, row) => (store.has(row) ? store.texts.name[row] : null));

/** @param {ReturnType<Kernel["change"]>} message */
const deltaOf = ({ _delta }) => /** @type {Delta} */ (_delta);

describe("the store", () => {
  // Texts come as indexes, null as what is no number.
  it("reads a table", () => {
    const store = createStore();
    expect(store.load(tableOf(new Map([[3, rowOf({ low: null, progress: 12 })]]), 7))).toBe(true);
    expect([store.number, store.total, store.over]).toEqual([7, 1, 0]);
    expect(store.texts.name[3]).toBe("Upload");
    expect(store.numbers.progress[3]).toBe(12);
    expect(store.numbers.low[3]).toBeNaN();
    expect(store.has(0)).toBe(false);
  });

  // What is the same everywhere, and nothing, is not sent.
  it("reads a table without its empty columns", () => {
    const store = createStore();
    store.load({
      number: 0,
      now: 0,
      base: 0,
      rows: [0],
      strings: ["a"],
      columns: { name: [0], final: [1] },
    });
    expect([store.texts.error[0], store.flags.held[0], store.over]).toEqual(["", 0, 1]);
    expect(store.numbers.took[0]).toBeNaN();
  });

  // Ten digits a time would be a sixth of a table.
  it("reads times from what they are before the table's", () => {
    const store = createStore();
    const columns = { began: [60, null], phase: [30, 0], seen: [null, -1] };
    store.load({
      number: 0,
      now: 1_800_000_000.4,
      base: 1_800_000_000,
      rows: [0, 2],
      strings: [],
      columns,
    });
    const { began, phase, seen } = store.numbers;
    expect([began[0], phase[0], phase[2], seen[2]]).toEqual([
      1_799_999_940, 1_799_999_970, 1_800_000_000, 1_800_000_001,
    ]);
    expect([began[2], seen[0]]).toEqual([Number.NaN, Number.NaN]);
  });

  // Counts follow without anybody counting anew.
  it("counts as rows change, come and go", () => {
    const kernel = new Kernel(many(3));
    const store = createStore();
    store.load(tableOf(kernel.rows, 0));
    store.apply(deltaOf(kernel.change({ 1: rowOf({ status: "FAILURE" }) }, [rowOf()], [0])));
    expect([store.total, store.over]).toEqual([3, 1]);
    expect(Object.fromEntries(store.counts)).toEqual({ STARTED: 2, FAILURE: 1 });
  });

  // A row that was added in a message that was lost is not half there.
  it("leaves out what is changed of a row that it does not know", () => {
    const store = createStore();
    store.load(tableOf(new Map([[0, rowOf()]]), 0));
    store.apply({ number: 2, now: 0, rows: [0, 9], columns: { progress: [80, 90] }, removed: [] });
    expect([store.total, store.complete()]).toEqual([1, false]);
    expect(store.numbers.progress[0]).toBe(80);
  });

  // An old one would undo what is newer.
  it("takes no message twice, and none that is older than what it has", () => {
    const kernel = new Kernel(many(1));
    const store = createStore();
    store.load(tableOf(kernel.rows, 0));
    const [first, second] = [
      deltaOf(kernel.change({ 0: { progress: 50 } })),
      deltaOf(kernel.change({ 0: { progress: 60 } })),
    ];
    expect([store.apply(second), store.apply(first), store.apply(second)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([store.numbers.progress[0], store.complete()]).toEqual([60, false]);
    expect(store.load(tableOf(kernel.rows, 2))).toBe(true);
    expect([store.complete(), store.load(tableOf(kernel.rows, 1))]).toEqual([true, false]);
  });

  // Whatever becomes of messages, a table that is new enough ends at the kernel's truth.
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "heals after losses, by seed %i",
    (seed) => {
      let state = seed + 1;
      function random() {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return state / 2 ** 31;
      }
      const kernel = new Kernel(many(20));
      const store = createStore();
      store.load(tableOf(kernel.rows, 0));
      /** @type {Delta[]} */
      const late = [];
      for (let step = 0; step < 60; step += 1) {
        const known = [...kernel.rows.keys()];
        const row = known[Math.floor(random() * known.length)] ?? 0;
        const status = ["STARTED", "SUCCESS", "FAILURE"][Math.floor(random() * 3)] ?? "";
        const added = random() < 0.2 ? [rowOf({ name: `New ${step}` })] : [];
        const removed =
          random() < 0.1 && known.length > 3 ? [/** @type {number} */ (known[0])] : [];
        const changes = removed.includes(row)
          ? {}
          : { [row]: rowOf({ status, name: `Step ${step}` }) };
        const delta = deltaOf(kernel.change(changes, added, removed));
        const fate = random();
        if (fate < 0.7) store.apply(delta);
        if (fate < 0.1) store.apply(delta);
        if (fate >= 0.7 && fate < 0.85) late.push(delta);
        if (random() < 0.2) store.apply(late.pop() ?? delta);
        if (random() < 0.1) store.load(tableOf(kernel.rows, kernel.number));
        // It never believes itself complete where it is not.
        store.expect(kernel.number);
        if (store.complete()) expect(namesOf(store)).toEqual(truth(kernel, store.room));
      }
      store.load(tableOf(kernel.rows, kernel.number));
      expect(store.complete()).toBe(true);
      expect(namesOf(store)).toEqual(truth(kernel, store.room));
      const statuses = [...kernel.rows.values()].map(({ status }) => status);
      for (const [status, count] of store.counts)
        expect(statuses.filter((one) => one === status).length).toBe(count);
      expect([store.total, store.over]).toEqual([
        kernel.rows.size,
        [...kernel.rows.values()].filter(({ final }) => final).length,
      ]);
    },
  );
});

/**
 * @param {Kernel} kernel
 * @param {number} room
 */
const truth = ({ rows }, room) =>
  Array.from({ length: room }, (_, row) => rows.get(row)?.name ?? null);

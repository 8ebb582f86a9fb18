/** What the search field of a board finds: the same as the kernel, by one file of examples. */

import { createSearched, filterOf } from "../../js/src/board_filter.js";
import { createStore } from "../../js/src/board_store.js";
import examples from "../shared/board_filter.json";
import { rowOf, tableOf } from "./board_page.js";

describe("the search", () => {
  // The kernel reads the same file.
  it.each(examples.map((one) => [one.filter, one]))("finds by %j", (filter, { row, shown }) => {
    const store = createStore();
    store.load(tableOf(new Map([[0, rowOf(row)]]), 0));
    const matches = filterOf(filter);
    expect(matches === null || matches(createSearched(store)(0))).toBe(shown);
  });

  // What is searched is remembered for as long as the row does not change.
  it("looks at what a row says now", () => {
    const store = createStore();
    store.load(tableOf(new Map([[0, rowOf({ word: "Queued" })]]), 0));
    const searched = createSearched(store);
    expect(filterOf("queued")?.(searched(0))).toBe(true);
    store.apply({ number: 1, now: 0, rows: [0], columns: { word: ["Running"] }, removed: [] });
    expect(filterOf("queued")?.(searched(0))).toBe(false);
  });
});

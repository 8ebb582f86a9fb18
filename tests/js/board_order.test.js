/** In which order rows stand, and that they stay there under the reader's hand. */

import { createOrdering, isGroup, rowOf as rowOfItem } from "../../js/src/board_order.js";
import { createStore } from "../../js/src/board_store.js";
import { many, rowOf, showBoard, tableOf } from "./board_page.js";
import { NOW, pass } from "./fake_model.js";

/** @typedef {import("../../js/src/board_protocol.js").View} View */

/** @type {View} */
const VIEW = {
  order: "attention",
  descending: false,
  statuses: [],
  group: "",
  shut: [],
  open: [],
  looked: [],
};

/**
 * The numbers of the rows in their order.
 * @param {import("./board_page.js").Row[]} rows
 * @param {Partial<View>} [view]
 * @param {string} [filter]
 */
function order(rows, view = {}, filter = "") {
  const store = createStore();
  store.load(tableOf(new Map(rows.entries()), 0));
  const { looked = [] } = view;
  const made = createOrdering(store).arrange({ ...VIEW, ...view }, filter, new Set(looked));
  return [...made.items].map((item) => (isGroup(item) ? made.groups[-1 - item]?.name : item / 2));
}

const ONE_OF_EACH = [
  rowOf({ status: "SUCCESS" }),
  rowOf({ status: "PENDING" }),
  rowOf({ status: "STARTED" }),
  rowOf({ status: "STARTED", trouble: "no answer" }),
  rowOf({ status: "FAILURE" }),
  rowOf({ status: "" }),
];

describe("the order", () => {
  // What failed, what is in trouble, what runs, what waits, what is over.
  it("puts first what asks for attention, and the newest before the older", () => {
    expect(order(ONE_OF_EACH)).toEqual([4, 3, 2, 5, 1, 0]);
  });

  // A failure that was looked at asks for nothing.
  it("puts a failure that was looked at among what is over", () => {
    expect(order(ONE_OF_EACH, { looked: [4] })).toEqual([3, 2, 5, 1, 4, 0]);
  });

  // By when they began, however they are numbered.
  it("knows the newest by when they began", () => {
    const rows = [30, 10, 20].map((began) => rowOf({ began: NOW - began }));
    expect(order(rows, { order: "newest" })).toEqual([1, 2, 0]);
    expect(order(rows, { order: "newest", descending: true })).toEqual([0, 2, 1]);
  });

  // Numbers in names count as numbers.
  it("sorts names as people do", () => {
    const rows = ["Job 10", "Job 9", "job 1"].map((name) => rowOf({ name }));
    expect(order(rows, { order: "name" })).toEqual([2, 1, 0]);
    expect(order(rows, { order: "name", descending: true })).toEqual([0, 1, 2]);
  });

  // Whichever way round.
  it("puts what is not known last", () => {
    const rows = [null, 70, 20].map((progress) => rowOf({ progress }));
    expect(order(rows, { order: "progress" })).toEqual([2, 1, 0]);
    expect(order(rows, { order: "progress", descending: true })).toEqual([1, 2, 0]);
    const left = [null, 70, 20].map((low) => rowOf({ low, high: low }));
    expect(order(left, { order: "left" })).toEqual([2, 1, 0]);
  });

  // Chips and search hold both.
  it("shows what chips and search let through", () => {
    expect(order(ONE_OF_EACH, { statuses: ["PENDING", "FAILURE"] })).toEqual([4, 1]);
    expect(order(ONE_OF_EACH, { statuses: ["PENDING", "FAILURE"] }, "!failed")).toEqual([1]);
  });

  // What has no name of its own comes last; a closed group shows none of its rows.
  it("puts rows into groups", () => {
    const rows = ["b", "a", "", "b"].map((project) => rowOf({ project }));
    expect(order(rows, { group: "project" })).toEqual(["a", 1, "b", 3, 0, "", 2]);
    expect(order(rows, { group: "project", shut: ["b"] })).toEqual(["a", 1, "b", "", 2]);
    expect(order(ONE_OF_EACH, { group: "status", shut: ["STARTED"] })).toEqual([
      ...["FAILURE", 4, "STARTED", "PENDING", 1, "", 5, "SUCCESS", 0],
    ]);
  });

  // What a reader of the list sees is what the numbers say.
  it("knows a card's row", () => {
    expect([rowOfItem(14), rowOfItem(15)]).toEqual([7, 7]);
  });
});

describe("rows on the page", () => {
  const failed = { status: "FAILURE", word: "Failed", tone: "bad", icon: "cross", final: true };

  // The reader is about to click.
  it("do not move under the pointer, and say that they would", () => {
    const { kernel, names, point, leave, tell, all } = showBoard(many(5));
    const before = names();
    point();
    tell(kernel.change({ 0: failed, 1: failed }));
    expect(names()).toEqual(before);
    expect(all(".fw-board-update").map(({ textContent }) => textContent)).toEqual([
      "2 rows moved · Update order",
    ]);
    leave();
    expect(names().slice(0, 2)).toEqual(["Job 1", "Job 0"]);
    expect(all(".fw-board-update")).toEqual([]);
  });

  // The way to the button leads out of the rows.
  it("stay while the pointer is on the button that moves them, until it is pressed", () => {
    const { kernel, names, point, leave, tell, button } = showBoard(many(5));
    const before = names();
    point();
    tell(kernel.change({ 0: failed }));
    const update = button("1 row moved · Update order");
    leave(update);
    expect(names()).toEqual(before);
    expect(update.isConnected).toBe(true);
    update.click();
    pass(0.05);
    expect(names()[0]).toBe("Job 0");
  });

  // The foot is the end of what holds them.
  it("move when the pointer leaves by way of the foot", () => {
    const { kernel, names, point, leave, tell, all } = showBoard(many(5));
    point();
    tell(kernel.change({ 0: failed }));
    const [foot] = all(".fw-board-foot");
    leave(foot);
    expect(names()[0]).toBe("Job 4");
    foot?.parentElement?.dispatchEvent(new Event("pointerleave"));
    pass(0.05);
    expect(names()[0]).toBe("Job 0");
  });

  // Whoever turns down what the button offers still gets the order.
  it("move when the focus leaves the button unpressed", () => {
    const { kernel, names, tell, row, button } = showBoard(many(5));
    /** @type {HTMLElement} */ (row(4).querySelector("[tabindex='0']")).focus();
    tell(kernel.change({ 0: failed }));
    const update = button("1 row moved · Update order");
    update.focus();
    pass(0.05);
    expect(names()[0]).toBe("Job 4");
    update.blur();
    pass(0.05);
    expect(names()[0]).toBe("Job 0");
  });

  // Values go on: only places are held.
  it("go on to say what is new while they are held", () => {
    const { kernel, point, tell, row } = showBoard(many(3));
    point();
    tell(kernel.change({ 0: failed }));
    expect(row(0).textContent).toContain("Failed");
  });

  // A keyboard is a hand too, and the button beside the rows is no way out.
  it("do not move while the focus is in them, until the button is pressed", () => {
    const { kernel, names, tell, row, button } = showBoard(many(5));
    const before = names();
    const cell = /** @type {HTMLElement} */ (row(4).querySelector("[tabindex='0']"));
    cell.focus();
    tell(kernel.change({ 0: failed }));
    expect(names()).toEqual(before);
    const update = button("1 row moved · Update order");
    update.focus();
    expect(names()).toEqual(before);
    update.click();
    pass(0.05);
    expect(names()[0]).toBe("Job 0");
    expect(document.activeElement).toBe(cell);
  });

  // New ones wait, those that are gone go.
  it("let in nothing new while they are held, and keep nothing that is gone", () => {
    const { kernel, names, point, leave, tell } = showBoard(many(3));
    point();
    tell(kernel.change({}, [rowOf({ name: "New", began: NOW })], [1]));
    expect(names()).toEqual(["Job 2", "Job 0"]);
    leave();
    expect(names()).toEqual(["New", "Job 2", "Job 0"]);
  });

  // Nothing that a reader looks at jumps.
  it("stay where they are on the screen when new ones come above", () => {
    const { kernel, scroll, scroller, tell, row } = showBoard(many(200));
    scroll(3200);
    const place = () => Number(/translateY\((\d+)px/.exec(row(90).style.transform)?.[1]);
    const before = place() - scroller.scrollTop;
    tell(kernel.change({}, [rowOf({ began: NOW }), rowOf({ began: NOW })]));
    expect(scroller.scrollTop).toBe(3264);
    expect(place() - scroller.scrollTop).toBe(before);
  });

  // Whoever is at the top wants to see what is new.
  it("make room for new ones at the top", () => {
    const { kernel, names, tell, scroller } = showBoard(many(200));
    tell(kernel.change({}, [rowOf({ name: "New", began: NOW })]));
    expect(names()[0]).toBe("New");
    expect(scroller.scrollTop).toBe(0);
  });

  // Else they would never rest.
  it("that are sorted by progress move every few seconds only", () => {
    const _view = /** @type {const} */ ({ order: "progress", descending: true });
    const { kernel, names, tell } = showBoard(many(3), { _view });
    tell(kernel.change({ 0: { progress: 90 } }));
    expect(names()).toEqual(["Job 2", "Job 1", "Job 0"]);
    pass(6);
    expect(names()).toEqual(["Job 0", "Job 2", "Job 1"]);
  });

  // The failure whose card the reader has open stays where it is; afterwards it is one of those that are over.
  it("do not jump away when they are opened", () => {
    const { names, row, leave, point, model } = showBoard([...many(2), rowOf(failed)]);
    point();
    row(2).click();
    pass(0.5);
    expect(names()[0]).toBe("Upload");
    leave();
    expect(names()[0]).toBe("Upload");
    row(2).click();
    leave();
    pass(0.5);
    expect(names().at(-1)).toBe("Upload");
    expect(model.get("_view")).toMatchObject({ open: [], looked: [2] });
  });
});

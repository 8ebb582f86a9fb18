/** The board for those who use a keyboard or a screen reader: a grid with one stop for Tab. */

import { commandOf } from "../../js/src/board_keys.js";
import { many, rowOf, showBoard } from "./board_page.js";
import { pass } from "./fake_model.js";

/** @param {string} key @param {object} [more] @param {boolean} [rtl] */
const command = (key, more = {}, rtl = false) =>
  commandOf({ key, altKey: false, ctrlKey: false, metaKey: false, ...more }, rtl);

/** The row that has the focus, or the one of a card's. */
const focusedItem = () =>
  Number(document.activeElement?.closest("[data-fw-item]")?.getAttribute("data-fw-item"));
const focusedRow = () => focusedItem() / 2;

/** @param {ReturnType<typeof showBoard>} board */
function enter(board) {
  const stops = board.all(".fw-board-grid [tabindex='0']");
  expect(stops.length).toBe(1);
  stops[0]?.focus();
  return stops[0];
}

describe("a key", () => {
  // With a modifier it is the browser's.
  it("with Alt or Meta is not the board's", () => {
    expect(command("ArrowDown", { altKey: true })).toBeNull();
    expect(command("/", { metaKey: true })).toBeNull();
    expect(command("ArrowDown", { ctrlKey: true })).toBeNull();
    expect(command("a")).toBeNull();
  });

  // An arrow goes where it points.
  it("goes to the other side where lines run from right to left", () => {
    expect(command("ArrowRight")).toEqual({ columns: 1 });
    expect(command("ArrowRight", {}, true)).toEqual({ columns: -1 });
  });
});

describe("the grid", () => {
  // So many rows, of which few are in the page.
  it("says how many rows there are, and which each one is", () => {
    const { part, all, scroll } = showBoard(many(1000));
    expect(part("[role=grid]").getAttribute("aria-rowcount")).toBe("1001");
    const places = () => all("[role=row]").map((row) => Number(row.getAttribute("aria-rowindex")));
    expect(places()[0]).toBe(1);
    scroll(16_000);
    expect(places().slice(1, 3)).not.toEqual([2, 3]);
    expect(places()).toEqual([...places()].sort((a, b) => a - b));
  });

  // Each row by its name, each cell within reach.
  it("has a row header and cells that can have the focus in every row", () => {
    const { row } = showBoard(many(2));
    expect(row(0).querySelectorAll("[role=rowheader]").length).toBe(1);
    for (const cell of row(0).querySelectorAll("[role=gridcell], [role=rowheader]"))
      expect(cell.matches("[tabindex]") || cell.querySelector("[tabindex]")).toBeTruthy();
  });

  // Down, up, by pages, to both ends.
  it("goes through the rows by keys", () => {
    const board = showBoard(many(100));
    enter(board);
    const at = [focusedRow()];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "PageDown", "PageUp"]) {
      expect(board.press(key).defaultPrevented).toBe(true);
      at.push(focusedRow());
    }
    expect(at).toEqual([99, 98, 97, 98, 84, 98]);
    board.press("End", { ctrlKey: true });
    expect(focusedRow()).toBe(0);
    expect(board.scroller.scrollTop).toBe(100 * 32 - 480);
    board.press("Home", { ctrlKey: true });
    expect([focusedRow(), board.scroller.scrollTop]).toEqual([99, 0]);
  });

  // The headings are a row too, which sorts.
  it("goes up to the headings, and sorts by the one it is on", () => {
    const board = showBoard(many(3));
    enter(board);
    board.press("ArrowUp");
    expect(document.activeElement?.textContent).toBe("Job");
    board.press("Enter");
    expect(board.names()).toEqual(["Job 0", "Job 1", "Job 2"]);
    const sorted = () =>
      document.activeElement?.closest("[role=columnheader]")?.getAttribute("aria-sort");
    expect(sorted()).toBe("ascending");
    board.press("Enter");
    expect(sorted()).toBe("descending");
    expect(board.all("[aria-sort]").length).toBe(1);
  });

  // And there are cells.
  it("goes through the cells by keys", () => {
    const board = showBoard(many(3));
    enter(board);
    const column = () => document.activeElement?.getAttribute("data-fw-column");
    board.press("ArrowRight");
    expect(column()).toBe("2");
    board.press("End");
    expect(column()).toBe("5");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Details of Job 2");
    board.press("Home");
    expect(column()).toBe("0");
    board.press("ArrowLeft");
    expect(column()).toBe("0");
    expect(board.all(".fw-board-grid [tabindex='0']").length).toBe(1);
  });

  // What the notebook would do with the same keys is not asked for.
  it("keeps its keys from the notebook, and only those", () => {
    const board = showBoard(many(3));
    enter(board);
    /** @type {string[]} */
    const heard = [];
    const hear = (/** @type {KeyboardEvent} */ { key }) => heard.push(key);
    document.addEventListener("keydown", hear);
    for (const key of ["ArrowDown", "Enter", "Escape", "a", "/"]) board.press(key);
    document.removeEventListener("keydown", hear);
    expect(heard).toEqual(["Escape", "a"]);
    expect(document.activeElement).toBe(board.part("input"));
  });

  // Letters are for the field: "dd" would delete the cell.
  it("keeps letters in the search field", () => {
    const board = showBoard(many(3));
    board.part("input").focus();
    let heard = 0;
    const hear = () => {
      heard += 1;
    };
    document.addEventListener("keydown", hear);
    expect(board.press("d").defaultPrevented).toBe(false);
    expect(board.press("/").defaultPrevented).toBe(false);
    document.removeEventListener("keydown", hear);
    expect(heard).toBe(0);
    board.search("Job 1");
    board.press("Escape");
    expect(board.names().length).toBe(3);
    board.press("Escape");
    expect(focusedRow()).toBe(1);
  });

  // Enter opens, the arrow goes into the card's row, Enter into the card, Escape out of it.
  it("opens a card, goes into it and out again", () => {
    const board = showBoard(many(3));
    enter(board);
    board.press("Enter");
    expect(board.all(".fw-board-card .fw-card").length).toBe(1);
    expect(board.model.of("open")).toEqual([{ type: "open", row: 2 }]);
    board.press("ArrowDown");
    expect(focusedItem()).toBe(5);
    board.press("Enter");
    expect(document.activeElement?.closest(".fw-card")).not.toBeNull();
    expect(board.press("ArrowDown").defaultPrevented).toBe(false);
    board.press("Escape");
    expect(document.activeElement?.getAttribute("role")).toBe("gridcell");
    board.press("Escape");
    expect(focusedRow()).toBe(2);
    board.press("Enter");
    expect(board.all(".fw-board-card")).toEqual([]);
    expect(board.model.of("shut")).toEqual([{ type: "shut", row: 2 }]);
  });

  // Else the keyboard would be nowhere.
  it("keeps the row that has the focus in the page when it is scrolled away", () => {
    const board = showBoard(many(1000));
    const cell = enter(board);
    board.scroll(20_000);
    expect(document.activeElement).toBe(cell);
    expect(board.all(".fw-board-row").length).toBeLessThan(40);
    board.press("ArrowDown");
    expect([focusedRow(), board.scroller.scrollTop]).toEqual([998, 32]);
  });

  // The stop is where the reader looks.
  it("has its stop for Tab in sight where the focus is elsewhere", () => {
    const board = showBoard(many(1000));
    board.scroll(20_000);
    const [stop] = board.all(".fw-board-grid [tabindex='0']");
    expect(stop?.closest("[data-fw-item]")).toBe(board.row(1000 - 1 - 625));
  });

  // The neighbour has it.
  it("hands the focus on when its row goes", () => {
    const board = showBoard(many(3));
    enter(board);
    board.press("ArrowDown");
    board.tell(board.kernel.change({}, [], [1]));
    expect(focusedRow()).toBe(0);
  });

  // A group is a row with a button.
  it("opens and closes groups by keys", () => {
    const board = showBoard([rowOf({ project: "a" }), rowOf({ project: "b" })], {
      _view: { group: "project" },
    });
    const stop = enter(board);
    expect([stop?.localName, stop?.getAttribute("aria-expanded")]).toEqual(["button", "true"]);
    board.press("Enter");
    expect(document.activeElement?.getAttribute("aria-expanded")).toBe("false");
    expect(board.names().length).toBe(1);
    expect(board.part("[role=grid]").getAttribute("aria-rowcount")).toBe("4");
    pass(0.5);
    expect(board.model.get("_view")).toMatchObject({ shut: ["a"] });
  });
});

describe("a notebook that takes keys on their way down", () => {
  // JupyterLab listens on the document before whatever has the focus does.
  it("does not get those that the board understands, and gets all others", () => {
    /** @type {string[]} */
    const taken = [];
    const take = (/** @type {KeyboardEvent} */ { key }) => taken.push(key);
    document.addEventListener("keydown", take, { capture: true });
    const board = showBoard(many(3));
    enter(board);
    for (const key of ["ArrowDown", "Enter", "x"]) board.press(key);
    board.press("s", { ctrlKey: true });
    board.part("input").focus();
    for (const key of ["d", "d"]) board.press(key);
    board.button("3 running").focus();
    for (const key of ["Enter", "ArrowDown"]) board.press(key);
    document.removeEventListener("keydown", take, { capture: true });
    expect(taken).toEqual(["x", "s", "ArrowDown"]);
  });

  // The board takes no key of another widget's.
  it("gets all keys that are pressed elsewhere", () => {
    showBoard(many(3));
    const elsewhere = document.body.appendChild(document.createElement("button"));
    const event = new KeyboardEvent("keydown", {
      key: "ArrowDown",
      bubbles: true,
      cancelable: true,
    });
    elsewhere.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});

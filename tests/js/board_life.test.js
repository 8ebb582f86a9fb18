/** A board and its kernel: news, losses, silence, and what survives a reload. */

import { BoardModel, bytesOf, Kernel, many, rowOf, showBoard, tableOf } from "./board_page.js";
import { NOW, pass } from "./fake_model.js";

const BEAT = 5;
const failed = { status: "FAILURE", word: "Failed", tone: "bad", icon: "cross", final: true };
const done = { status: "SUCCESS", word: "Succeeded", tone: "ok", icon: "tick", final: true };

/** @param {ReturnType<typeof showBoard>} board */
const notice = ({ all }) => all(".fw-notice").map(({ textContent }) => textContent);

/**
 * Lets the kernel's heart beat while time passes.
 * @param {ReturnType<typeof showBoard>} board
 * @param {number} beats
 */
function beat({ kernel, model }, beats) {
  for (let count = 0; count < beats; count += 1) {
    pass(BEAT);
    model.update(kernel.beat());
  }
}

describe("a board that is drawn anew", () => {
  // A host does so whenever the output around it is published, as it is at the first failure.
  it("keeps its rows where they were under the pointer", () => {
    const first = showBoard(many(5));
    first.point();
    const before = first.names();
    first.remove();
    first.model.update(first.kernel.change({ 0: failed }));
    const second = showBoard(first.kernel, first.model);
    expect(second.names()).toEqual(before);
    expect(second.button("1 row moved · Update order")).toBeDefined();
    // No pointer is over this one: soon it knows, and the failure goes to the top.
    pass(1);
    expect(second.names()[0]).toBe("Job 0");
  });

  // Nobody points at it.
  it("puts its rows in order", () => {
    const first = showBoard(many(5));
    first.remove();
    first.model.update(first.kernel.change({ 0: failed }));
    expect(showBoard(first.kernel, first.model).names()[0]).toBe("Job 0");
  });
});

describe("a board", () => {
  // Some are on the page, however many there are.
  it("has few elements in the page, whatever its size", () => {
    const { all, scroll } = showBoard(many(3000));
    const counts = [all("*").length];
    for (const to of [100, 5000, 96_000 - 480]) {
      scroll(to);
      counts.push(all("*").length);
    }
    expect(Math.max(...counts)).toBeLessThan(800);
    expect(all(".fw-board-row").length).toBeLessThan(40);
  });

  // A reader who scrolls finds rows already there.
  it("shows the rows where the reader has scrolled to", () => {
    const { names, scroll } = showBoard(many(3000));
    scroll(32_000);
    expect(names()).toContain(`Job ${3000 - 1 - 1000}`);
    expect(names()).toContain(`Job ${3000 - 1 - 1014}`);
  });

  // What does not change is not touched: readers select texts.
  it("leaves alone what has not changed", async () => {
    const { kernel, el, tell } = showBoard(many(10));
    /** @type {MutationRecord[]} */
    const seen = [];
    const observer = new MutationObserver((records) => seen.push(...records));
    observer.observe(el, { subtree: true, childList: true, attributes: true, characterData: true });
    tell(kernel.change({ 3: { progress: 55 } }));
    await Promise.resolve();
    observer.disconnect();
    const rows = seen.map(({ target }) =>
      (target instanceof Element ? target : target.parentElement)?.closest("[data-fw-item]"),
    );
    expect(new Set(rows.map((row) => row?.getAttribute("data-fw-item")))).toEqual(new Set(["6"]));
  });

  // Counts are chips that filter, and say so.
  it("filters by its chips", () => {
    const { names, button, all, part } = showBoard([...many(3), rowOf(failed)]);
    const chip = button("1 failed");
    chip.click();
    pass(0.05);
    expect(chip.getAttribute("aria-pressed")).toBe("true");
    expect(names()).toEqual(["Upload"]);
    expect(part(".fw-board-foot").textContent).toContain("1 of 4 jobs shown");
    button("Show all").click();
    pass(0.05);
    expect(names().length).toBe(4);
    expect(all(".fw-board-all")).toEqual([]);
  });

  // The sum is said in words, and drawn.
  it("says how the whole does", () => {
    const rows = [...many(2), rowOf(done), rowOf(failed)];
    const { part, all } = showBoard(rows, { progress: 62 });
    expect(part(".fw-board-sum").textContent).toBe("2 of 4 over");
    const bar = part(".fw-board-bar");
    expect(bar.getAttribute("aria-valuetext")).toBe("62 %, 2 of 4 over, 1 failed");
    expect(all(".fw-board-part").map((one) => [one.dataset.fwTone, one.style.width])).toEqual([
      ["ok", "25%"],
      ["bad", "25%"],
      ["run", "12%"],
    ]);
  });

  // Where nothing is to be seen, a word says why.
  it("says why there are no rows", () => {
    const board = showBoard(many(2));
    board.search("nothing of the kind");
    expect(board.part(".fw-board-empty").textContent).toBe("No job matches.");
    expect(board.part("[role=grid]").hidden).toBe(true);
    expect(showBoard([]).part(".fw-board-sum").textContent).toBe("No jobs yet");
  });

  // Each message to the kernel is one of those that it knows.
  it("asks the kernel to clear, to bring back, to stop and to look", () => {
    const kernel = new Kernel([...many(1), rowOf(done)]);
    kernel.head = { cleared: 7 };
    const { model, button } = showBoard(kernel);
    for (const words of ["Clear finished", "Bring back 7", "Stop watching"]) button(words).click();
    pass(0.05);
    expect(model.sent.map(({ type }) => type)).toEqual([
      ...["hello", "look", "clear", "restore", "stop"],
    ]);
    expect(model.of("look")[0]?.rows).toEqual([0, 1]);
  });

  // A kernel that is busy, or is not there any more.
  it("owns up to a click that is not answered", () => {
    const kernel = new Kernel(many(1));
    kernel.watching = false;
    const { button, part } = showBoard(kernel);
    button("Resume watching").click();
    pass(6);
    expect(part(".fw-note").textContent).toContain("No answer to “Resume watching” yet");
  });

  // At most once a second, and when it changes.
  it("tells which rows are in sight", () => {
    const { model, scroll, kernel } = showBoard(many(100));
    for (let to = 32; to < 320; to += 32) scroll(to);
    expect(model.of("look").length).toBe(1);
    pass(1);
    model.update(kernel.beat());
    pass(0.1);
    expect(model.of("look").length).toBe(2);
    expect(model.of("look")[1]?.rows?.[0]).toBe(99 - 9);
  });

  // Whoever can hear answers, with what it has.
  it("greets, answers and says farewell", () => {
    const { model, remove } = showBoard(many(1));
    model.emit("msg:custom", { type: "ping" });
    remove();
    expect(model.sent.map(({ type }) => type)).toEqual(["hello", "look", "hello", "bye"]);
    expect(model.of("hello")[0]?.have).toBe(0);
  });

  // A row that was not looked at for long says so, by itself.
  it("greys a row that was not seen for three pauses", () => {
    const board = showBoard([rowOf({ pause: 60 }), rowOf({ pause: 5 })]);
    beat(board, 4);
    pass(0.1);
    expect(board.row(0).hasAttribute("data-fw-stale")).toBe(false);
    expect(board.row(1).hasAttribute("data-fw-stale")).toBe(true);
    expect(board.row(1).querySelector(".fw-board-time")?.textContent).toBe("seen 20 s ago");
    beat(board, 36);
    pass(0.1);
    expect(board.row(0).querySelector(".fw-board-time")?.textContent).toBe("seen 3 min ago");
  });

  // Nobody knows whether it still runs: its time does not go on.
  it("says since when a row was not seen as soon as looks at it fail", () => {
    const rows = [rowOf({ pause: 9 }), rowOf({ pause: 9, health: "retrying" })];
    const board = showBoard(rows);
    beat(board, 4);
    pass(0.1);
    const time = (/** @type {number} */ row) =>
      board.row(row).querySelector(".fw-board-time")?.textContent;
    expect([time(0), time(1)]).toEqual(["running for 1 min", "seen 20 s ago"]);
  });

  // Its own facts stand in the card until the whole card has come.
  it("opens a card at once, and completes it when the kernel answers", () => {
    const { model, row, part, kernel } = showBoard(many(1));
    row(0).click();
    pass(0.05);
    expect(part(".fw-card .fw-name").textContent).toBe("Job 0");
    const said = { status: "Running", tone: "run", icon: "spinner", final: false, held: false };
    const more = { name: "The whole", what: "", chip: "live", tasks: "2 of 3 done", ill: false };
    const rest = {
      notice: null,
      failure: null,
      next: "",
      rows: [
        ["", ""],
        ["", ""],
      ],
      facts: [],
    };
    const clock = { now: NOW, watched: 10, running: true, beat: 5, silent: 0, retry: null };
    const card = {
      ...{ job_id: "x", status: "STARTED", progress: 40, indeterminate: false },
      ...{ error_message: "", health: "live", time_left: null, _tasks: {}, _history: {} },
      ...{ _controls: true, _notify: false, _number: 1 },
      _clock: { ...clock, phase: 0, still: 0, stall: null, retries: 0 },
      _said: { ...said, ...more, ...rest, platform: "", link: "" },
    };
    const _cards = /** @type {Record<string, import("../../js/src/job_widget.js").JobTraits>} */ (
      /** @type {unknown} */ ({ 0: card })
    );
    model.update({ _cards, ...kernel.beat() });
    expect(part(".fw-card .fw-name").textContent).toBe("The whole");
    // The board's heart beats for its cards: their times go on, and none of them calls its kernel lost.
    for (let count = 0; count < 6; count += 1) {
      pass(BEAT);
      model.update(kernel.beat());
    }
    expect(part(".fw-card").hasAttribute("data-fw-lost")).toBe(false);
    expect(part(".fw-card .fw-time").textContent).toBe("watching for 40 s");
    const buttons = [...part(".fw-card").querySelectorAll("button")];
    buttons.find(({ textContent }) => textContent?.trim() === "Stop watching")?.click();
    expect(model.of("stop")).toMatchObject([{ type: "stop", row: 0 }]);
  });

  // Twenty at most: the one that was opened first goes.
  it("keeps twenty cards open", () => {
    const _view = { open: Array.from({ length: 20 }, (_, row) => row) };
    const { model, row } = showBoard(many(25), { _view });
    row(24).click();
    pass(0.5);
    expect(/** @type {{open: number[]}} */ (model.get("_view")).open.length).toBe(20);
    expect(model.of("shut")).toEqual([{ type: "shut", row: 0 }]);
  });
});

describe("a message that is lost", () => {
  // Noticed by the next one, asked for at once, healed by the answer.
  it("is noticed by its number, and asked for within a second", () => {
    const { kernel, model, tell, names } = showBoard(many(2));
    kernel.change({}, [rowOf({ name: "Lost", began: NOW })]);
    tell(kernel.change({ 0: { progress: 50 } }));
    expect(model.of("need").length).toBe(1);
    tell(kernel.whole());
    expect(names()).toContain("Lost");
    pass(1);
    expect(model.of("need").length).toBe(1);
  });

  // Nothing came after it, but the heart beats and knows the number.
  it("is noticed by the next heartbeat where it was the last", () => {
    const { kernel, model, tell } = showBoard(many(2));
    kernel.change({ 0: { progress: 50 } });
    tell(kernel.beat());
    expect(model.of("need").length).toBe(1);
  });

  // Never silently.
  it("is owned up to when no answer comes for five seconds", () => {
    const board = showBoard(many(2));
    const { kernel } = board;
    kernel.change({ 0: { progress: 50 } });
    board.tell(kernel.beat());
    pass(4);
    expect(notice(board)).toEqual([]);
    pass(1.2);
    expect(notice(board)[0]).toContain("Some rows may be old");
    board.tell(kernel.whole());
    expect(notice(board)).toEqual([]);
  });

  // By chance, but always the same one for a seed.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("leaves no trace, whatever is lost (seed %i)", (seed) => {
    let state = seed;
    function random() {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state / 2 ** 31;
    }
    const board = showBoard(many(8));
    const { kernel, model } = board;
    let answered = 0;
    function answer() {
      // The kernel is free; its answer may get lost too.
      const needs = model.of("need").length;
      if (needs > answered && random() < 0.7) model.update(kernel.whole());
      answered = needs;
    }
    for (let step = 0; step < 80; step += 1) {
      const rows = [...kernel.rows.keys()];
      const row = rows[Math.floor(random() * rows.length)] ?? 0;
      const added = random() < 0.2 ? [rowOf({ name: `New ${step}`, began: NOW + step })] : [];
      const message = kernel.change({ [row]: { progress: Math.floor(random() * 100) } }, added);
      if (random() < 0.6) model.update(message);
      pass(0.5);
      answer();
    }
    // From here on nothing is lost.
    model.update(kernel.beat());
    pass(1);
    for (let second = 0; second < 4; second += 1) {
      if (model.of("need").length > answered) model.update(kernel.whole());
      answered = model.of("need").length;
      pass(1);
    }
    board.tell(kernel.beat());
    const truth = [...kernel.rows.values()].map(({ name, progress }) => `${name}: ${progress} %`);
    const shown = board.all(".fw-board-scroller .fw-board-row").map((row) => {
      const [name, percent] = [".fw-board-name", ".fw-board-percent"].map(
        (part) => row.querySelector(part)?.textContent,
      );
      return `${name}: ${percent}`;
    });
    expect(new Set(truth.slice(-8))).toEqual(
      new Set(shown.filter((one) => truth.slice(-8).includes(one))),
    );
    expect(notice(board)).toEqual([]);
  });
});

describe("a kernel that falls silent", () => {
  // As the card says it, and as soon.
  it("is called lost, once for the whole board", () => {
    const board = showBoard(many(3));
    pass(11);
    expect(notice(board)).toEqual([]);
    pass(2);
    expect(notice(board).length).toBe(1);
    expect(notice(board)[0]).toContain("Connection to the kernel lost: no news for 13 s");
    expect(board.all("[data-fw-stale]").length).toBe(3);
    board.tell(board.kernel.beat());
    expect(notice(board)).toEqual([]);
  });

  // What is over needs no heart.
  it("is not missed when all is over", () => {
    const kernel = new Kernel([rowOf(done)]);
    kernel.watching = false;
    const board = showBoard(kernel);
    pass(120);
    expect(notice(board)).toEqual([]);
    expect(board.model.of("need")).toEqual([]);
  });

  // What the page writes is no sign of life.
  it("is lost all the same while the reader types", () => {
    const board = showBoard(many(3));
    for (let second = 0; second < 14; second += 1) {
      board.search(`Job ${second}`);
      pass(1);
    }
    expect(notice(board)[0]).toContain("Connection to the kernel lost");
  });
});

describe("how the reader looks at it", () => {
  // Debounced, and in the traits that Python reads.
  it("is written to the widget a little later", () => {
    const { model, search, button } = showBoard([...many(2), rowOf(failed)]);
    const saved = model.saved;
    for (const text of ["J", "Jo", "Job"]) search(text);
    button("1 failed").click();
    pass(0.2);
    expect([model.saved, model.get("filter")]).toEqual([saved, ""]);
    pass(0.2);
    expect(model.saved).toBe(saved + 1);
    expect(model.get("filter")).toBe("Job");
    expect(model.get("_view")).toMatchObject({ statuses: ["FAILURE"] });
  });

  // A reload makes the page anew from the traits.
  it("survives a reload", () => {
    const _view = { order: /** @type {const} */ ("name"), statuses: ["STARTED"], open: [1] };
    const { names, part, model } = showBoard([...many(3), rowOf(failed)], { _view, filter: "!2" });
    expect(names()).toEqual(["Job 0", "Job 1"]);
    expect(/** @type {HTMLInputElement} */ (part("input")).value).toBe("!2");
    expect(part(".fw-board-card .fw-name").textContent).toBe("Job 1");
    expect(model.of("open")).toEqual([{ type: "open", row: 1 }]);
  });

  // Python and other views change it too.
  it("follows what is written elsewhere", () => {
    const { model, names } = showBoard(many(3));
    model.update({ filter: "Job 1" });
    pass(0.05);
    expect(names()).toEqual(["Job 1"]);
  });

  // What was about to be written is, when the view goes.
  it("is not lost with the view", () => {
    const { model, search, remove } = showBoard(many(3));
    search("Job 1");
    remove();
    expect(model.get("filter")).toBe("Job 1");
  });

  // One widget, two views: one set of rows.
  it("is the same in two views of a board", () => {
    const kernel = new Kernel(many(3));
    const first = showBoard(kernel);
    const second = showBoard(kernel, first.model);
    first.search("Job 2");
    pass(0.5);
    expect(second.names()).toEqual(["Job 2"]);
    first.model.update(kernel.change({ 2: { progress: 77 } }));
    pass(0.05);
    expect(second.row(2).textContent).toContain("77 %");
  });
});

describe("where there is little room", () => {
  // Sizes are told by an observer, which this page does not have.
  it("has rows of two lines, and keeps its place when it is hidden", () => {
    /** @type {((entries: unknown[]) => void)[]} */
    const observers = [];
    vi.stubGlobal(
      "ResizeObserver",
      class {
        /** @param {(entries: unknown[]) => void} callback */
        constructor(callback) {
          observers.push(callback);
        }
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
    const { row, scroller, scroll, part } = showBoard(many(100));
    const resize = (/** @type {number} */ width) => {
      for (const tell of observers.slice(1)) tell([{ contentRect: { width } }]);
      pass(0.05);
    };
    resize(320);
    expect(part("[role=grid]").hasAttribute("data-fw-narrow")).toBe(true);
    expect(row(98).style.transform).toBe("translateY(52px)");
    scroll(520);
    resize(0);
    scroller.scrollTop = 0;
    scroller.dispatchEvent(new Event("scroll"));
    resize(320);
    expect(scroller.scrollTop).toBe(520);
    vi.unstubAllGlobals();
  });
});

describe("a table", () => {
  // A kernel without a page has none yet.
  it("may be empty at first", () => {
    const kernel = new Kernel(many(2));
    const model = new BoardModel({ ...kernel.beat(), _table: new DataView(new ArrayBuffer(0)) });
    expect(model.get("_table")).toBeInstanceOf(DataView);
    const board = showBoard(kernel, { _table: new DataView(new ArrayBuffer(0)) });
    expect(board.model.of("need").length).toBe(1);
    board.tell({ _table: bytesOf(tableOf(kernel.rows, 0)) });
    expect(board.names()).toEqual(["Job 1", "Job 0"]);
  });
});

describe("a table that comes again", () => {
  // What is not in it any more is gone, also where it was the last.
  it("takes away the rows that it does not have", () => {
    const { kernel, tell, names } = showBoard(many(5));
    kernel.change({}, [], [4, 1]);
    tell(kernel.whole());
    expect(names()).toEqual(["Job 3", "Job 2", "Job 0"]);
  });
});

describe("whoever asked to be told", () => {
  // In the title of a page that nobody sees.
  it("is told when all is over, and how it went", () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.title = "Notebook";
    const { kernel, tell } = showBoard(many(2), { _notify: true });
    tell(kernel.change({ 0: done }));
    expect(document.title).toBe("Notebook");
    tell(kernel.change({ 1: failed }));
    expect(document.title).toBe("✗ Notebook");
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(document.title).toBe("Notebook");
  });
});

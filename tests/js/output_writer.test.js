/** What the kernel publishes again is written into a notebook once, however many pages have it open. */

import { OUTPUT_TYPE } from "../../js/src/lab/output_type.js";
import { createOutputWriter } from "../../js/src/lab/output_writer.js";

const MARK = { fiddler_widgets: { output_id: "place" } };
const LIVE = { [OUTPUT_TYPE]: { model_id: "one" }, "text/html": "20 %" };
const LATER = { data: { ...LIVE, "text/html": "60 %" }, metadata: MARK };
const OVER = { data: { "text/html": "Succeeded" }, metadata: MARK };
const OVER_BY_OLD_KERNEL = { data: OVER.data, metadata: {} };

/** @typedef {{place: string, output: any}} Item in the document, in the order of places */
/** @typedef {(items: Item[]) => Item[]} Change */

/**
 * One notebook as its readers' pages see it. A page's change is there for the others after `delay` milliseconds. Of two that
 * replaced the same output in that time both replacements are there, in the same order for all. A page knows of itself, and
 * of who has said something since.
 * @param {{delay?: number, first?: any[]}} options `first`: the outputs in the beginning
 */
function shared({ delay = 100, first = [{ data: LIVE, metadata: MARK }] } = {}) {
  const begin = first.map((output, index) => ({ place: String(index), output }));
  /** @type {Map<number, {items: Item[], changed: () => void, model: any}>} */
  const pages = new Map();
  /** @type {Map<number, object>} */
  const announced = new Map();

  /** @param {number} clientID */
  function open(clientID) {
    /** @type {Set<() => void>} */
    const slots = new Set();
    const page = {
      items: begin,
      changed() {
        for (const slot of slots) slot();
      },
    };

    /** @param {Change} change */
    function make(change) {
      apply(page, change);
      for (const other of pages.values())
        if (other !== page) setTimeout(apply, delay, other, change);
    }

    /** @param {number} index */
    const remove = (index) => {
      const { place } = /** @type {Item} */ (page.items[index]);
      return (/** @type {Item[]} */ items) => items.filter((item) => item.place !== place);
    };
    const outputs = {
      get length() {
        return page.items.length;
      },
      /** @param {number} index */
      get(index) {
        const output = page.items[index]?.output;
        return { ...output, toJSON: () => ({ output_type: "display_data" }) };
      },
      /**
       * @param {number} index
       * @param {any} output
       */
      set(index, output) {
        const without = remove(index);
        const place = `${page.items[index]?.place}.${clientID}`;
        make((items) => [...without(items), { place, output }]);
      },
      changed: {
        /** @param {(sender: unknown) => void} slot */
        connect: (slot) => slots.add(() => slot(outputs)),
        disconnect: () => slots.clear(),
      },
    };
    const cell = {
      type: "code",
      trusted: true,
      outputs,
      sharedModel: {
        /** @param {number} start */
        updateOutputs: (start) => make(remove(start)),
      },
    };
    const awareness = {
      clientID,
      getStates: () => new Map([...announced, [clientID, {}]]),
      getLocalState: () => ({}),
      /** @param {object} state */
      setLocalState: (state) => setTimeout(() => announced.set(clientID, state), delay),
    };
    return Object.assign(page, {
      model: { cells: [cell], collaborative: true, sharedModel: { awareness } },
    });
  }

  /**
   * @param {{items: Item[], changed: () => void}} page
   * @param {Change} change
   */
  function apply(page, change) {
    page.items = change(page.items).sort((one, other) => (one.place < other.place ? -1 : 1));
    page.changed();
  }

  return {
    /** @param {number} clientID */
    page(clientID) {
      const page = pages.get(clientID) ?? open(clientID);
      pages.set(clientID, page);
      return page.model;
    },
    /** What each page sees. */
    seen: () => [...pages.values()].map(({ items }) => items.map(({ output }) => output)),
  };
}

/** @param {{data: object, metadata: object}} published */
const written = (published) => ({ output_type: "display_data", ...published });

/** @param {any} model */
const writerOf = (model) =>
  createOutputWriter(
    () => model,
    () => {},
  );

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("is written at once by the only page", () => {
  const notebook = shared();
  const alone = { ...notebook.page(7), collaborative: false };
  const looked = vi.fn();
  createOutputWriter(() => alone, looked).write("one", OVER);
  expect(looked).toHaveBeenCalledOnce();
  expect(notebook.seen()).toEqual([[written(OVER)]]);
});

it("is written by one of several readers, once", () => {
  const notebook = shared();
  const writers = [7, 8, 9].map((id) => writerOf(notebook.page(id)));
  // No older kernel's output is known again, so this is by turns alone.
  for (const writer of writers) writer.write("one", OVER_BY_OLD_KERNEL);
  vi.advanceTimersByTime(10_000);
  for (const seen of notebook.seen()) expect(seen).toEqual([written(OVER_BY_OLD_KERNEL)]);
});

it("is there once where readers hear of each other too late", () => {
  const notebook = shared({ delay: 30_000 });
  const writers = [7, 8, 9].map((id) => writerOf(notebook.page(id)));
  for (const writer of writers) writer.write("one", OVER);
  vi.advanceTimersByTime(10_000);
  expect(notebook.seen()).toEqual([[written(OVER)], [written(OVER)], [written(OVER)]]);
  vi.advanceTimersByTime(60_000);
  expect(notebook.seen()).toEqual([[written(OVER)], [written(OVER)], [written(OVER)]]);
});

it("is there once where the page that ran the cell writes late", () => {
  const notebook = shared({ delay: 5000 });
  const [ran, reader] = [notebook.page(7), notebook.page(8)];
  writerOf(reader).write("one", OVER);
  vi.advanceTimersByTime(2000);
  ran.cells[0].outputs.set(0, written(OVER));
  vi.advanceTimersByTime(20_000);
  for (const seen of notebook.seen()) expect(seen).toEqual([written(OVER)]);
});

it("is the end, where what is left of two was older", () => {
  const notebook = shared({ delay: 30_000 });
  const [early, late] = [7, 8].map((id) => writerOf(notebook.page(id)));
  for (const writer of [early, late]) writer?.write("one", LATER);
  vi.advanceTimersByTime(5000);
  late?.write("one", OVER);
  vi.advanceTimersByTime(100_000);
  for (const seen of notebook.seen()) expect(seen).toEqual([written(OVER)]);
});

it("is written where it belongs, if the widget is displayed twice", () => {
  const other = { fiddler_widgets: { output_id: "other" } };
  const first = [MARK, other].map((metadata) => ({ data: LIVE, metadata }));
  const notebook = shared({ first });
  const writer = writerOf(notebook.page(7));
  for (const metadata of [MARK, other]) writer.write("one", { ...OVER, metadata });
  vi.advanceTimersByTime(10_000);
  const expected = [MARK, other].map((metadata) => written({ ...OVER, metadata }));
  expect(notebook.seen()).toEqual([expected]);
});

it("leaves alone what else is there", () => {
  const others = [{ data: { "text/plain": "3" }, metadata: {} }];
  const first = [...others, { data: LIVE, metadata: MARK }, ...others, ...others];
  const notebook = shared({ delay: 30_000, first });
  for (const id of [7, 8]) writerOf(notebook.page(id)).write("one", OVER);
  vi.advanceTimersByTime(100_000);
  for (const seen of notebook.seen())
    expect(seen).toEqual([...others, written(OVER), ...others, ...others]);
});

it("is left to the page that ran the cell", () => {
  const notebook = shared();
  const [ran, reader] = [notebook.page(7), notebook.page(8)];
  writerOf(reader).write("one", OVER);
  ran.cells[0].outputs.set(0, OVER);
  vi.advanceTimersByTime(10_000);
  for (const seen of notebook.seen()) expect(seen).toEqual([OVER]);
});

it("is what was published last", () => {
  const notebook = shared();
  const writer = writerOf(notebook.page(7));
  writer.write("one", LATER);
  vi.advanceTimersByTime(500);
  writer.write("one", OVER);
  vi.advanceTimersByTime(10_000);
  expect(notebook.seen()).toEqual([[written(OVER)]]);
});

it("is not written by a page that is gone", () => {
  const notebook = shared();
  const writer = writerOf(notebook.page(7));
  writer.write("one", OVER);
  writer.end();
  vi.advanceTimersByTime(10_000);
  expect(notebook.seen()).toEqual([[{ data: LIVE, metadata: MARK }]]);
});

it("is no more looked after by a page that is gone", () => {
  const notebook = shared({ delay: 30_000 });
  const writers = [7, 8].map((id) => writerOf(notebook.page(id)));
  for (const writer of writers) writer.write("one", OVER);
  vi.advanceTimersByTime(10_000);
  for (const writer of writers) writer.end();
  vi.advanceTimersByTime(100_000);
  for (const seen of notebook.seen()) expect(seen).toHaveLength(2);
});

it("waits for its turn also where nobody knows the readers", () => {
  const notebook = shared();
  const model = { ...notebook.page(7), sharedModel: {} };
  writerOf(model).write("one", OVER);
  expect(notebook.seen()).toEqual([[{ data: LIVE, metadata: MARK }]]);
  vi.advanceTimersByTime(2000);
  expect(notebook.seen()).toEqual([[written(OVER)]]);
});

/** What the kernel publishes again is written into a notebook once, however many pages have it open. */

import { OUTPUT_TYPE } from "../../js/src/lab/output_type.js";
import { createOutputWriter } from "../../js/src/lab/output_writer.js";

const LIVE = { [OUTPUT_TYPE]: { model_id: "one" }, "text/html": "20 %" };
const OVER = { data: { "text/html": "Succeeded" }, metadata: {} };

/**
 * One notebook as its readers' pages see it; a change by one of them reaches the others in 100 ms, and of two changes that
 * were made in that time both stay. A page knows of itself, and of who has said something since.
 */
function shared() {
  /** @type {{data: any}[]} */
  const outputs = [{ data: LIVE }];
  /** @type {Map<number, object>} */
  const announced = new Map();
  /** @type {{data: any} | null} */
  let written = null;
  return {
    outputs,
    /** @param {number} clientID */
    page(clientID) {
      const cell = {
        type: "code",
        trusted: true,
        outputs: {
          length: 1,
          get: () => ({ data: outputs[0]?.data, toJSON: () => ({ output_type: "display_data" }) }),
          /**
           * @param {number} index
           * @param {any} output
           */
          set(index, output) {
            if (written) outputs.push(output);
            written = output;
            setTimeout(() => {
              outputs[index] = output;
              written = null;
            }, 100);
          },
        },
      };
      const awareness = {
        clientID,
        getStates: () => new Map([...announced, [clientID, {}]]),
        getLocalState: () => ({}),
        /** @param {object} state */
        setLocalState: (state) => setTimeout(() => announced.set(clientID, state), 100),
      };
      return /** @type {any} */ ({
        cells: [cell],
        collaborative: true,
        sharedModel: { awareness },
      });
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("is written at once by the only page", () => {
  const notebook = shared();
  const alone = { ...notebook.page(7), collaborative: false };
  const written = vi.fn();
  createOutputWriter(() => alone, written).write("one", OVER);
  expect(written).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(100);
  expect(notebook.outputs).toEqual([{ output_type: "display_data", ...OVER }]);
});

it("is written by one of several readers, once", () => {
  const notebook = shared();
  for (const id of [7, 8, 9])
    createOutputWriter(
      () => notebook.page(id),
      () => {},
    ).write("one", OVER);
  vi.advanceTimersByTime(10_000);
  expect(notebook.outputs).toEqual([{ output_type: "display_data", ...OVER }]);
});

it("is left to the page that ran the cell", () => {
  const notebook = shared();
  createOutputWriter(
    () => notebook.page(8),
    () => {},
  ).write("one", OVER);
  notebook.outputs[0] = { data: OVER.data };
  vi.advanceTimersByTime(10_000);
  expect(notebook.outputs).toEqual([{ data: OVER.data }]);
});

it("is what was published last", () => {
  const notebook = shared();
  const model = notebook.page(7);
  const writer = createOutputWriter(
    () => model,
    () => {},
  );
  writer.write("one", { data: { ...LIVE, "text/html": "60 %" }, metadata: {} });
  vi.advanceTimersByTime(500);
  writer.write("one", OVER);
  vi.advanceTimersByTime(10_000);
  expect(notebook.outputs).toEqual([{ output_type: "display_data", ...OVER }]);
});

it("is not written by a page that is gone", () => {
  const notebook = shared();
  const writer = createOutputWriter(
    () => notebook.page(7),
    () => {},
  );
  writer.write("one", OVER);
  writer.end();
  vi.advanceTimersByTime(10_000);
  expect(notebook.outputs).toEqual([{ data: LIVE }]);
});

it("waits for its turn also where nobody knows the readers", () => {
  const notebook = shared();
  const model = { ...notebook.page(7), sharedModel: {} };
  createOutputWriter(
    () => model,
    () => {},
  ).write("one", OVER);
  expect(notebook.outputs).toEqual([{ data: LIVE }]);
  vi.advanceTimersByTime(2000);
  expect(notebook.outputs).toEqual([{ output_type: "display_data", ...OVER }]);
});

/** What a screen reader hears of a board: a sum now and then, and at once only what cannot wait. */

import { createSpeaker, sentenceOf } from "../../js/src/board_speech.js";

const SUM = { total: 1000, over: 100, running: 12, failed: 0, trouble: "" };

/** Hears what is said of one summary after the other, one a second unless told otherwise. */
function listen() {
  /** @type {string[]} */
  const heard = [];
  const speaker = createSpeaker((sentence) => heard.push(sentence));
  let now = 0;
  return {
    heard,
    /**
     * @param {Partial<typeof SUM>} changes
     * @param {number} [after] seconds
     */
    tell(changes, after = 1) {
      now += after;
      speaker.tell({ ...SUM, ...changes }, now);
      return heard.length;
    },
  };
}

describe("the board's voice", () => {
  // One sentence, in numbers.
  it("says a sum", () => {
    expect(sentenceOf({ ...SUM, failed: 3, over: 985 })).toBe(
      "Board: 3 failed, 12 running, 985 of 1,000 over",
    );
    expect(sentenceOf({ ...SUM, failed: 3, over: 1000 })).toBe("Board: 3 failed, all 1,000 over");
  });

  // Whoever opens a page knows what is on it.
  it("is silent at first, and while nothing happens", () => {
    const { tell } = listen();
    expect([tell({}), tell({}, 60), tell({ over: 101 }, 60)]).toEqual([0, 0, 0]);
  });

  // It cannot wait.
  it("says the first failure at once", () => {
    const { tell } = listen();
    tell({});
    expect([tell({ over: 200 }, 20), tell({ over: 201, failed: 1 })]).toEqual([1, 2]);
  });

  // A thousand failures are not a thousand sentences.
  it("says no more than one sentence in ten seconds", () => {
    const { tell, heard } = listen();
    tell({});
    for (let failed = 1; failed <= 100; failed += 1) tell({ failed });
    expect(heard.length).toBe(10);
  });

  // Nor can these.
  it("says the end and the loss of the kernel at once", () => {
    const { tell, heard } = listen();
    tell({});
    tell({ failed: 1 });
    tell({ failed: 1, trouble: "connection to the kernel lost" });
    tell({ failed: 1, over: 1000, running: 0 });
    expect(heard).toEqual([
      "Board: 1 failed, 12 running, 100 of 1,000 over",
      "Board: connection to the kernel lost, 1 failed, 12 running, 100 of 1,000 over",
      "Board: 1 failed, all 1,000 over",
    ]);
  });
});

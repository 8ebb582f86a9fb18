/** Which items are in sight: arithmetic, compared with adding up one by one. */

import { indexAt, offsetOf, rangeOf, scrolledTo } from "../../js/src/board_window.js";

/** @type {import("../../js/src/board_window.js").Heights} */
const heights = {
  usual: 32,
  others: [
    [0, 100],
    [4, 250],
    [5, 20],
    [9, 118],
  ],
};
const COUNT = 12;

/** The same, item by item. */
const list = Array.from(
  { length: COUNT },
  (_, index) => heights.others.find(([place]) => place === index)?.[1] ?? heights.usual,
);

describe("the window", () => {
  // Every item begins where those before it end.
  it("knows where each item begins", () => {
    let begin = 0;
    for (const [index, height] of list.entries()) {
      expect(offsetOf(heights, index)).toBe(begin);
      begin += height;
    }
    expect(offsetOf(heights, COUNT)).toBe(begin);
  });

  // And the other way round, for every pixel.
  it("knows which item is at each pixel", () => {
    let offset = 0;
    for (const [index, height] of list.entries()) {
      for (const end = offset + height; offset < end; offset += 1)
        expect(indexAt(heights, offset, COUNT)).toBe(index);
    }
    expect(indexAt(heights, offset + 500, COUNT)).toBe(COUNT - 1);
  });

  // All that a reader can see is there, with as many around it as were asked for.
  it("holds what is in sight, and some around it", () => {
    expect(rangeOf(heights, COUNT, { top: 0, height: 120, around: 0 })).toEqual([0, 2]);
    expect(rangeOf(heights, COUNT, { top: 0, height: 120, around: 3 })).toEqual([0, 5]);
    expect(
      rangeOf({ usual: 32, others: [] }, 10_000, { top: 32_000, height: 480, around: 8 }),
    ).toEqual([992, 1023]);
    expect(rangeOf(heights, 0, { top: 0, height: 0, around: 8 })).toEqual([0, 0]);
  });

  // Moving as little as possible; what is larger than the window begins at its upper edge.
  it("scrolls no further than it must", () => {
    expect(scrolledTo(100, 480, 200, 232)).toBe(100);
    expect(scrolledTo(100, 480, 68, 100)).toBe(68);
    expect(scrolledTo(100, 480, 576, 608)).toBe(128);
    expect(scrolledTo(100, 480, 300, 900)).toBe(300);
  });
});

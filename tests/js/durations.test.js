/** Durations in words, and how old a clock is that the page found at load. */

import { ageAtLoad, rangeLeft, timeOfDay } from "../../js/src/durations.js";
import { clockOf } from "./fake_model.js";

describe("rangeLeft", () => {
  // As coarse as a reader takes it in, and never more exact than it is.
  it.each([
    [-3, 0.4, "under 1 s left"],
    [0, 4.2, "under 5 s left"],
    [7, 12, "7–12 s left"],
    [5, 62, "under 65 s left"],
    [33, 52, "30–55 s left"],
    [61, 62, "60–65 s left"],
    [40, 95, "under 2 min left"],
    [130, 175, "2–3 min left"],
    [180, 180, "about 3 min left"],
    [3000, 5400, "0.5–1.5 h left"],
    [6000, 9000, "1.5–2.5 h left"],
    [40_000, 80_000, "11–23 h left"],
  ])("says %d to %d seconds as %s", (low, high, words) => {
    expect(rangeLeft(low, high)).toBe(words);
  });
});

describe("ageAtLoad", () => {
  const clock = clockOf({ now: 1000 });

  // The clocks of kernel and page may differ: only a likely age counts.
  it.each([
    [1004, 4],
    [1010, 10],
    [1011, 0],
    [999, 0],
  ])("at %d is %d", (wall, age) => {
    expect(ageAtLoad(clock, wall)).toBe(age);
  });

  // What is not watched does not grow older.
  it("is nought for a clock that does not run", () => {
    expect(ageAtLoad({ ...clock, running: false }, 1004)).toBe(0);
  });
});

describe("timeOfDay", () => {
  // A time of another day comes with its date.
  it("gives the date only when it is not today's", () => {
    const noon = 1_772_539_200;
    const today = timeOfDay(noon, noon + 60);
    const later = timeOfDay(noon, noon + 90_000);
    expect(today).toMatch(/^12:00/);
    expect(later).toMatch(/2026.*12:00/);
  });
});

/** What the page and Python both say, from the files in tests/shared that the Python tests read too. */

import { duration, percentWords } from "../../js/src/durations.js";
import durations from "../shared/durations.json";
import percents from "../shared/percents.json";

describe("duration", () => {
  // At most two units that follow each other, the smaller one left out where it is nought.
  it.each(durations)("says %d seconds as %s", (seconds, words) => {
    expect(duration(Number(seconds))).toBe(words);
  });
});

describe("percentWords", () => {
  // Cut, not rounded: 100 % is said of nothing less.
  it.each(percents)("says %d as %s", (percent, words) => {
    expect(percentWords(Number(percent))).toBe(words);
  });
});

/** The reader's words for what the wire says. */

import { clip, head, jobName, percentWords, statusWords } from "../../js/src/words.js";

describe("percentWords", () => {
  // Cut and not rounded: 100 % is said of nothing that is not done.
  it.each([
    [0, "0 %"],
    [42.5, "42.5 %"],
    [42.04, "42 %"],
    [70.1, "70.1 %"],
    [99.99, "99.9 %"],
    [100, "100 %"],
  ])("says %d as %s", (percent, words) => {
    expect(percentWords(percent)).toBe(words);
  });
});

describe("jobName", () => {
  // A job without a name goes by the short form of its id.
  it.each([
    ["Upload", "e9a2a782-1db4", "Upload"],
    ["  ", "e9a2a782-1db4", "Job e9a2a782"],
    ["", "", "Job"],
    ["", "x".repeat(99), `Job ${"x".repeat(12)}…`],
  ])("of %j with id %j is %j", (name, id, called) => {
    expect(jobName(name, id)).toBe(called);
  });
});

describe("statusWords", () => {
  // Words that happen to be properties of every object are no statuses.
  it.each([["constructor"], ["__proto__"], ["WAITING"]])("shows %s as it came", (status) => {
    expect(statusWords(status)).toMatchObject({ word: status, final: false });
  });
});

describe("clip", () => {
  // Half of a surrogate pair would show as a broken character.
  it("never cuts a character in two", () => {
    expect(head("ab😀", 3)).toBe("ab");
    expect(clip("ab😀cd", 4)).toBe("ab…");
    expect(clip("abcd", 4)).toBe("abcd");
  });
});

/** What the search field finds. Pure; the kernel has the same in `board/row_filter.py`. */

/** Blanks of all kinds are one; columns are told apart by a line feed, which no word has. */
const BLANKS = /[\t\r\n\u00a0]/g;
/** Sign, phrase or word: `tests/shared/board_filter.json` has what follows for the odd cases. */
const WORDS = /(!?)(?:"([^"]*)"?|([^ ]+))/g;
/** The columns in which words are looked for. */
export const SEARCHED = /** @type {const} */ (["name", "what", "id", "word", "error"]);

/**
 * What tells whether a search shows a row.
 * @param {string} filter
 * @returns {((searched: string) => boolean) | null} of the text that `createSearched` makes; null where all are shown
 */
export function filterOf(filter) {
  /** @type {[string, boolean][]} */
  const words = [];
  for (const [, sign, phrase, word] of filter.replace(BLANKS, " ").matchAll(WORDS)) {
    const found = (phrase || word || "").toLowerCase();
    // An exclamation mark alone is the beginning of a word.
    if (found && (sign || word !== "!")) words.push([found, !sign]);
  }
  if (!words.length) return null;
  return (searched) => words.every(([word, wanted]) => searched.includes(word) === wanted);
}

/** Texts that are remembered in the form in which they are searched. */
const REMEMBERED = 50_000;

/**
 * The text of a row in which words are looked for, made when it is first asked for.
 * @param {import("./board_store.js").Store} store
 * @returns {(row: number) => string}
 */
export function createSearched(store) {
  /** @type {[number, string][]} version and text */
  const made = [];
  /** @type {Map<string, string>} */
  const plain = new Map();

  /** @param {string} value */
  function plainOf(value) {
    let text = plain.get(value);
    if (text === undefined) {
      text = value.replace(BLANKS, " ").toLowerCase();
      if (plain.size > REMEMBERED) plain.clear();
      plain.set(value, text);
    }
    return text;
  }

  return (row) => {
    const version = Number(store.versions[row]);
    const before = made[row];
    if (before?.[0] === version) return before[1];
    const { name, what, id, word, error } = store.texts;
    // Few of them but ids are one row's alone.
    const searched = `${plainOf(name[row] ?? "")}\n${plainOf(what[row] ?? "")}\n${(id[row] ?? "")
      .replace(BLANKS, " ")
      .toLowerCase()}\n${plainOf(word[row] ?? "")}\n${plainOf(error[row] ?? "")}`;
    made[row] = [version, searched];
    return searched;
  };
}

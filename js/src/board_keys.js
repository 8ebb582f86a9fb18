/** What a key asks of the board. Pure. */

/**
 * @typedef {object} Command
 * @property {number} [rows] how many to go down; less than nothing goes up
 * @property {number} [pages] the same in pages
 * @property {number} [columns] how many to go on
 * @property {"open" | "leave" | "search"} [act]
 */

/** @typedef {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey">} Key */

/** @type {Record<string, Command>} */
const PLAIN = {
  ArrowDown: { rows: 1 },
  ArrowUp: { rows: -1 },
  PageDown: { pages: 1 },
  PageUp: { pages: -1 },
  Home: { columns: -Infinity },
  End: { columns: Infinity },
  Enter: { act: "open" },
  " ": { act: "open" },
  Escape: { act: "leave" },
  "/": { act: "search" },
};
/** @type {Record<string, Command>} */
const CONTROLLED = { Home: { rows: -Infinity }, End: { rows: Infinity } };
/** @type {Record<string, number>} */
const SIDEWAYS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * @param {Key} event
 * @param {boolean} rtl whether lines run from right to left
 * @returns {Command | null} null where the key is not the board's
 */
export function commandOf({ key, altKey, ctrlKey, metaKey }, rtl) {
  // With a modifier it is the browser's: Alt and an arrow go back a page.
  if (altKey || metaKey) return null;
  const commands = ctrlKey ? CONTROLLED : PLAIN;
  if (Object.hasOwn(commands, key)) return commands[key] ?? null;
  const columns = ctrlKey ? undefined : SIDEWAYS[key];
  return columns === undefined ? null : { columns: rtl ? -columns : columns };
}

/** Elements that take letters themselves. */
export const TAKES_LETTERS = "input, select, textarea, [contenteditable]";
/** What a keyboard can reach inside a card. */
export const REACHABLE = "a[href], button:not([disabled]), [tabindex='0']";

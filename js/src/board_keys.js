/** What keys and clicks ask of the board. Keys are understood only where the focus is inside. */

import { isCard } from "./board_order.js";
import { HEADINGS } from "./board_rows.js";

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
const TAKES_LETTERS = "input, select, textarea, [contenteditable]";
/** What a keyboard can reach inside a card. */
const REACHABLE = "a[href], button:not([disabled]), [tabindex='0']";

/**
 * Listens to keys and clicks until `signal` aborts.
 * @param {object} options
 * @param {HTMLElement} options.root of the board
 * @param {ReturnType<typeof import("./board_grid.js").createGrid>} options.grid
 * @param {(item: number) => void} options.open a row, or close it, and so with a group
 * @param {(order: import("./board_protocol.js").Order) => void} options.sortBy
 * @param {(text: string) => void} options.search
 * @param {() => void} options.paint at once
 * @param {AbortSignal} options.signal
 */
export function listen({ root, grid, open, sortBy, search, paint, signal }) {
  /**
   * Notebooks take their keys on the way down to whatever has the focus, arrows, Enter and single letters among them: what
   * is understood here has to be taken before.
   * @param {KeyboardEvent} event
   */
  function onwaydown(event) {
    const [target] = event.composedPath();
    if (!(target instanceof HTMLElement) || !root.contains(target)) return;
    // A card has keys of its own, which come first.
    if (!target.closest(".fw-card")) onkeydown(event, target);
  }

  /** @param {KeyboardEvent} event */
  function onwayup(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest(".fw-card")) onkeydown(event, target);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   */
  function onkeydown(event, target) {
    const { altKey, ctrlKey, metaKey } = event;
    const command = commandOf(event, getComputedStyle(root).direction === "rtl");
    const field = target.matches(TAKES_LETTERS);
    const done = field ? inField(event, target, command) : command !== null && act(command, target);
    if (done) event.preventDefault();
    const typed = field && !altKey && !ctrlKey && !metaKey;
    const pressed = command?.act === "open" && target.localName === "button";
    if (done || typed || pressed) event.stopPropagation();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   * @param {Command | null} command
   * @returns {boolean} whether the key was not for the field
   */
  function inField({ key }, target, command) {
    if (!(target instanceof HTMLInputElement)) return false;
    if (command?.act === "leave" && target.value) {
      target.value = "";
      search("");
      return true;
    }
    if (command?.act !== "leave" && key !== "ArrowDown" && key !== "Enter") return false;
    paint();
    grid.focus();
    return true;
  }

  /**
   * @param {Command} command
   * @param {HTMLElement} target
   * @returns {boolean} whether the key was for the board
   */
  function act(command, target) {
    if (command.act === "search") {
      root.querySelector("input")?.focus();
      return true;
    }
    if (!grid.element.contains(target)) return false;
    if (target.closest(".fw-card")) {
      if (command.act !== "leave") return false;
      grid.focus();
      return true;
    }
    const { active } = grid;
    if (command.act === "leave") {
      if (!isCard(active)) return false;
      grid.go(active - 1);
    } else if (command.act !== "open") grid.move(command);
    else if (active === HEADINGS) target.click();
    else if (isCard(active))
      /** @type {HTMLElement | null} */ (target.querySelector(REACHABLE))?.focus();
    else open(active);
    return true;
  }

  /** @param {MouseEvent} event */
  function onclick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const by = target.closest("[data-fw-order]")?.getAttribute("data-fw-order");
    if (by) return sortBy(/** @type {import("./board_protocol.js").Order} */ (by));
    const place = grid.placeOf(event);
    if (!place || place.item === HEADINGS || isCard(place.item)) return;
    // Whoever selects a text does not mean to open it.
    const selection = getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(target, true)) return;
    open(place.item);
  }

  window.addEventListener("keydown", onwaydown, { capture: true, signal });
  root.addEventListener("keydown", onwayup);
  grid.element.addEventListener("click", onclick);
}

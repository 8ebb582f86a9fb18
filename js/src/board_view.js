/** One view of a board: brings together what is known, how the reader looks at it, and what is on the page. */

import { createCards } from "./board_cards.js";
import { createGrid } from "./board_grid.js";
import { createHead } from "./board_head.js";
import { listen } from "./board_keys.js";
import { createOrdering, isGroup, itemOfRow, rowOf } from "./board_order.js";
import { CLEAR, OPEN, RESTORE, SHUT } from "./board_protocol.js";
import { createSettings } from "./board_settings.js";
import { createSight } from "./board_sight.js";
import { createControls } from "./controls.js";
import { monotonic, pageTicker } from "./ticker.js";
import { draw, h } from "./vdom.js";

/** @typedef {import("./board_protocol.js").View} View */

/**
 * Where the reader was in a view that is gone or about to go: a host draws all anew when the output around it is published.
 * @typedef {object} Place
 * @property {() => {arrangement: import("./board_order.js").Arrangement, scrolled: number, pointed: boolean, at: number}} [last]
 * @property {import("./controls.js").Asked} [asked] a click that waits for its answer
 */

/** Seconds after which a view that comes is no more the one that has just gone. */
const ANEW = 2;
/** Milliseconds after which the pointer is known to be over the new view, or not to be. */
const POINTER_MS = 500;
/** Seconds between two orders of rows whose keys move all the time. */
const CALM = 5;

/**
 * Puts a board into `el` and keeps it true until `signal` aborts.
 * @param {object} options
 * @param {HTMLElement} options.el
 * @param {import("./board_feed.js").BoardModel} options.model
 * @param {import("./board_feed.js").Feed} options.feed
 * @param {Map<number, import("./card.js").Memory>} options.memories of the cards
 * @param {Place} options.former
 * @param {(message: {type: string, row?: number, rows?: number[], click?: string}) => void} options.send to the kernel
 * @param {AbortSignal} options.signal
 */
export function createBoard({ el, model, feed, memories, former, send, signal }) {
  const { store } = feed;
  const ticker = pageTicker();
  const ordering = createOrdering(store);
  const settings = createSettings(model, () => arrange(true), signal);
  /** @type {(type: string, click: string) => void} */
  const ask = (type, click) => send({ type, click });
  const controls = createControls(ask, schedule, former, signal);
  const cards = createCards({
    feed,
    cards: () => model.get("_cards") ?? {},
    send: (type, row, click) => send({ type, row, click }),
    measured: (row, height) => grid.cardMeasured(row, height),
    memories,
    signal,
  });
  const below = document.createElement("div");
  const grid = createGrid({
    feed,
    settings,
    hostOf: cards.host,
    most: model.get("_height") || 0,
    foot: below,
    released: () => pending.size && arrange(),
    schedule,
    signal,
  });
  const head = createHead(feed, {
    chip: (status) => change({ statuses: toggled(settings.view.statuses, status) }),
    search: (text) => {
      settings.search(text);
      arrange(true);
    },
    prepare: () => ordering.prepare(),
    group: (group) => change({ group, shut: [] }),
    order: (order) => change({ order, descending: false }),
    clear: () => send({ type: CLEAR }),
    restore: () => send({ type: RESTORE }),
    all: () => {
      settings.search("");
      change({ statuses: [] });
    },
    update: () => {
      arrange();
      grid.paint();
      grid.focus();
    },
    more: () => {
      more = !more;
      schedule();
    },
  });

  const root = document.createElement("div");
  root.className = "fw-board";
  const above = root.appendChild(document.createElement("div"));
  root.append(grid.element);
  const empty = root.appendChild(document.createElement("div"));
  root.append(below);

  let more = false;
  let frame = 0;
  let arrangedAt = 0;
  /** @type {Set<number>} rows that have changed since they were put in order */
  let pending = new Set();
  let moved = 0;
  const tellWhatIsSeen = createSight({
    root,
    feed,
    inSight: grid.inSight,
    send,
    schedule,
    signal,
  });

  /** Failures that were looked at; one whose card is still open stays where it is. */
  const seen = () =>
    new Set(settings.view.looked.filter((row) => !settings.view.open.includes(row)));

  function schedule() {
    if (!frame && !signal.aborted) frame = requestAnimationFrame(paint);
  }

  /** @param {boolean} [fromTop] whether the reader has asked for something else */
  function arrange(fromTop = false) {
    grid.show(ordering.arrange(settings.view, settings.filter, seen()), fromTop);
    cards.keep(settings.view.open);
    pending = new Set();
    moved = 0;
    arrangedAt = monotonic();
    schedule();
  }

  /** @param {Partial<View>} changes */
  function change(changes) {
    settings.set(changes);
    arrange(true);
  }

  /** @param {number} row */
  function toggle(row) {
    const open = !settings.view.open.includes(row);
    const shut = settings.toggle(row, store.texts.status[row] === "FAILURE");
    for (const one of shut) send({ type: SHUT, row: one });
    if (open) send({ type: OPEN, row });
    cards.keep(settings.view.open);
    grid.show(ordering.again(grid.arrangement, settings.view.open));
    // A failure that was looked at has another place, once the reader is elsewhere.
    pending.add(row);
    schedule();
  }

  /** @param {number} item */
  function open(item) {
    if (isGroup(item)) {
      const name = grid.arrangement.groups[-1 - item]?.name ?? "";
      settings.set({ shut: toggled(settings.view.shut, name) });
      arrange();
    } else toggle(rowOf(item));
  }

  /** @param {View["order"]} order */
  function sortBy(order) {
    const { order: now, descending } = settings.view;
    change({ order, descending: order === now && !descending });
  }

  function paint() {
    frame = 0;
    const moment = feed.moment();
    const { total, over } = store;
    const { watching, controls: reachable } = feed.head;
    const offered = { check: watching, stop: watching, resume: !watching && over < total };
    const buttons = controls.view(offered, reachable && !moment.lost);
    const { view, filter } = settings;
    const shown = grid.arrangement.shown;
    draw(above, [head.view(view, feed.head, moment, model.get("progress"), buttons, more)]);
    const field = root.querySelector("input");
    if (field && field !== grid.current() && field.value !== filter) field.value = filter;
    for (const select of root.querySelectorAll("select")) {
      const chosen = select.querySelector("option[selected]")?.getAttribute("value");
      if (chosen !== undefined && chosen !== null) select.value = chosen;
    }
    grid.paint();
    grid.element.hidden = shown === 0;
    const says = total ? "No job matches." : "Each job that is added appears here.";
    draw(empty, shown ? [] : [h("div.fw-board-empty", {}, says)]);
    const exact = view.order !== "progress" && view.order !== "left";
    const filtered = view.statuses.length > 0 || filter.trim() !== "";
    draw(below, [head.foot(shown, moved, filtered, exact)]);
    root.toggleAttribute("data-fw-lost", moment.lost);
    // A click that is not answered is owned up to, also where no heart beats.
    ticker[controls.waiting() ? "add" : "remove"](schedule);
    tellWhatIsSeen();
  }

  /**
   * @param {boolean} heard whether the kernel was heard of
   * @param {number[] | null} rows that changed; null for all of them
   */
  function news(heard, rows) {
    if (heard) {
      controls.news();
      cards.news();
    }
    const most = Math.max(store.room, grid.arrangement.keys.length);
    if (rows === null) for (let row = 0; row < most; row += 1) pending.add(row);
    else for (const row of rows) pending.add(row);
    const still = settings.view.open.filter(store.has);
    if (rows !== null && still.length < settings.view.open.length) {
      settings.set({ open: still });
      cards.keep(still);
    }
    if (pending.size) place();
    schedule();
  }

  function place() {
    const { view, filter } = settings;
    const { arrangement } = grid;
    const gone = [...pending].some(
      (row) => !store.has(row) && arrangement.items.includes(itemOfRow(row)),
    );
    const changed = ordering.moved(arrangement, pending, view, filter, seen());
    const restless = view.order === "progress" || view.order === "left";
    const calm = !restless || monotonic() - arrangedAt >= CALM;
    if (!grid.hold.held() && calm && (changed.length || gone)) arrange();
    else {
      if (gone) grid.show(ordering.again(arrangement, view.open));
      pending = new Set(changed);
      moved = grid.hold.held() ? changed.length : 0;
    }
  }

  listen({
    root,
    grid,
    open,
    sortBy,
    search: (text) => {
      settings.search(text);
      arrange(true);
    },
    paint,
    signal,
  });
  el.append(root);
  if (root.clientWidth) grid.resize(root.clientWidth);
  const before = former.last?.();
  if (before?.pointed && monotonic() - before.at < ANEW) {
    // The rows stand as they stood under the pointer.
    grid.take(ordering.again(before.arrangement, settings.view.open), before.scrolled);
    cards.keep(settings.view.open);
    setTimeout(grid.hold.check, POINTER_MS);
    news(false, null);
  } else arrange();
  const here = () => ({
    arrangement: grid.arrangement,
    scrolled: grid.scrolled,
    pointed: grid.hold.pointed,
    at: monotonic(),
  });
  former.last = here;
  paint();
  for (const row of settings.view.open) send({ type: OPEN, row });

  const unfollow = feed.follow(news);
  const sizes =
    globalThis.ResizeObserver &&
    new ResizeObserver(([entry]) => grid.resize(entry?.contentRect.width ?? 0));
  sizes?.observe(root);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    ticker.remove(schedule);
    unfollow();
    sizes?.disconnect();
    if (former.last === here) {
      const last = here();
      former.last = () => last;
    }
    root.remove();
  });
}

/**
 * A list with something put in, or taken out where it was there.
 * @template Item
 * @param {Item[]} list
 * @param {Item} item
 */
const toggled = (list, item) =>
  list.includes(item) ? list.filter((one) => one !== item) : [...list, item];

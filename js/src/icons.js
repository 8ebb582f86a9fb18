/** The icons: inline SVG on a 16 × 16 grid, drawn in the colour of the text. */

import { h } from "./vdom.js";

/** @typedef {keyof typeof PATHS} IconName */

const PATHS = {
  again: "M13 8a5 5 0 1 1-1.6-3.7L13 5.8 M13 2.6v3.2h-3.2",
  barred: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M3.8 12.2l8.4-8.4",
  bell: "M3.2 11.6h9.6 M4.4 11.6V7.4a3.6 3.6 0 0 1 7.2 0v4.2 M6.8 13.8h2.4",
  chevron: "M4 6l4 4 4-4",
  clock: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M8 4.6V8l2.3 1.6",
  copy: "M6 6h7.2v7.2H6z M10 6V2.8H2.8V10H6",
  cross: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4",
  dots: "M3.2 8h.01 M8 8h.01 M12.8 8h.01",
  info: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M8 7.4v3.4 M8 5.1h.01",
  lock: "M3.5 7.2h9v6.3h-9z M5.3 7.2V5.3a2.7 2.7 0 0 1 5.4 0v1.9",
  plug: "M2 14l3-3 M4.2 7.4l4.4 4.4-1.3 1.3a3.1 3.1 0 0 1-4.4-4.4z M11.8 8.6L7.4 4.2l1.3-1.3a3.1 3.1 0 0 1 4.4 4.4z M14 2l-1.2 1.2",
  play: "M5 3.2l7.6 4.8L5 12.8z",
  question:
    "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2 M8 11.3h.01",
  retry:
    "M3 7.4a5 5 0 0 1 8.8-2.6L13 6.2 M13 3v3.2H9.8 M13 8.6a5 5 0 0 1-8.8 2.6L3 9.8 M3 13V9.8h3.2",
  spinner: "M8 2a6 6 0 1 1-6 6",
  stop: "M4.2 4.2h7.6v7.6H4.2z",
  tick: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M5.3 8.2l1.9 1.9 3.6-4",
  warning: "M8 2.2l6.3 11.3H1.7z M8 6.5v3.2 M8 11.5h.01",
};

/**
 * An icon, hidden from assistive technology: words always stand beside it.
 * @param {IconName} name
 */
export const icon = (name) =>
  h(
    "svg.fw-icon",
    { viewBox: "0 0 16 16", "aria-hidden": "true", "data-fw-icon": name },
    h("path", { d: PATHS[name] }),
  );

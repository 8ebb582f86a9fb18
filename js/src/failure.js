/** Why a job failed: the reason, and its message; a long one is folded, and bounded on the screen. */

import { icon } from "./icons.js";
import { button, clip, h } from "./vdom.js";

/** Characters of a reason above which it may scroll, on the narrowest card, and so has to take the focus. */
const REASON_LENGTH = 60;

/** Characters of a message that the page is asked to lay out; Copy takes all of it. */
const MESSAGE_LIMIT = 20_000;

/** @param {string} reason */
const focusable = (reason) =>
  reason.length > REASON_LENGTH ? { role: "group", "aria-label": "Reason", tabindex: "0" } : {};

/**
 * @param {() => void} redraw
 * @param {import("./copy_button.js").CopyButton} copyButton
 */
export function createFailure(redraw, copyButton) {
  let unfolded = false;

  function onclick() {
    unfolded = !unfolded;
    redraw();
  }

  /**
   * @param {import("./protocol.js").Said["failure"]} failure
   * @param {string} message all of it
   */
  return (failure, message) => {
    if (!failure) return null;
    const { tone, reason, lead } = failure;
    const most = lead && !unfolded ? lead : clip(message, MESSAGE_LIMIT, "");
    const isCut = most !== lead && most.length < message.length;
    const counts = [most, message].map(({ length }) => length.toLocaleString("en-US"));
    const text = { dir: "auto", role: "group", "aria-label": "Error message", tabindex: "0" };
    const expanded = { "aria-expanded": String(unfolded), onclick };
    return h(
      "div.fw-failure",
      { "data-fw-tone": tone },
      h(
        "div.fw-failure-head",
        {},
        icon("warning"),
        h("bdi.fw-reason", { dir: "auto", ...focusable(reason) }, reason),
        copyButton("Copy error message", message || reason),
      ),
      most && most !== reason && h("div.fw-message", text, most),
      lead && button(".fw-fold", expanded, unfolded ? "Show less" : "Show the whole message"),
      isCut &&
        h("div.fw-cut", {}, `The first ${counts.join(" of ")} characters; Copy takes them all.`),
    );
  };
}

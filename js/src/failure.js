/** Why a job failed: the reason, and its message; a long one is folded, and bounded on the screen. */

import { createCopyButton } from "./copy.js";
import { element, patch } from "./dom.js";
import { createIcon } from "./icons.js";
import { head } from "./words.js";

/** Characters of a message that the page is asked to lay out; Copy takes all of it. */
export const MESSAGE_LIMIT = 20_000;

/** @typedef {NonNullable<import("./present.js").Presentation["failure"]>} Failure */

/**
 * @param {HTMLElement} node
 * @param {AbortSignal} signal
 * @returns {(failure: Failure) => void}
 */
export function createFailure(node, signal) {
  let full = "";
  let unfolded = false;
  const reason = element("bdi", "fw-reason", { dir: "auto" });
  const message = element("div", "fw-message", {
    dir: "auto",
    role: "group",
    "aria-label": "Error message",
    tabindex: "0",
  });
  const cut = element("div", "fw-cut");
  const fold = element("button", "fw-button fw-fold", { type: "button" });
  const copy = createCopyButton({ label: "Copy error message", text: () => full, signal });
  node.append(
    element("div", "fw-failure-head", {}, [createIcon("warning").node, reason, copy]),
    message,
    fold,
    cut,
  );
  /** @type {Failure | undefined} */
  let last;

  fold.addEventListener(
    "click",
    () => {
      unfolded = !unfolded;
      if (last) update(last);
    },
    { signal },
  );

  /** @param {Failure} failure */
  function update(failure) {
    last = failure;
    full = failure.message || failure.reason;
    patch(node, { "data-fw-tone": failure.tone });
    patch(reason, { text: failure.reason });
    const most = head(failure.message, MESSAGE_LIMIT);
    const folded = failure.lead !== failure.message;
    const shown = folded && !unfolded ? failure.lead : most;
    patch(message, { text: shown, hidden: shown === "" || shown === failure.reason });
    patch(fold, {
      text: unfolded ? "Show less" : "Show the whole message",
      "aria-expanded": String(unfolded),
      hidden: !folded,
    });
    const isCut = shown === most && most.length < failure.message.length;
    const counts = [most, failure.message].map(({ length }) => length.toLocaleString("en-US"));
    const said = `The first ${counts.join(" of ")} characters; Copy takes them all.`;
    patch(cut, { text: isCut ? said : "", hidden: !isCut });
  }
  return update;
}

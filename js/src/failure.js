/** Why a job failed: the reason, and its message in full length but bounded on the screen. */

import { createCopyButton } from "./copy.js";
import { attributeWriter, element, textWriter, visibilityWriter } from "./dom.js";
import { createIcon } from "./icons.js";
import { head } from "./words.js";

/** Characters of a message that the page is asked to lay out; Copy takes all of it. */
export const MESSAGE_LIMIT = 20_000;

/** @typedef {import("./present.js").Presentation["failure"]} Failure */

/**
 * @param {AbortSignal} signal
 * @returns {{node: HTMLElement, update: (failure: Failure) => void}}
 */
export function createFailure(signal) {
  let full = "";
  const reason = element("bdi", "fw-reason", { dir: "auto" });
  const message = element("div", "fw-message", {
    dir: "auto",
    role: "region",
    "aria-label": "Error message",
    tabindex: "0",
  });
  const cut = element("div", "fw-cut");
  const copy = createCopyButton({ label: "Copy error message", text: () => full, signal });
  const node = element("div", "fw-failure", { hidden: "" }, [
    element("div", "fw-failure-head", {}, [createIcon("warning").node, reason, copy]),
    message,
    cut,
  ]);

  const writeTone = attributeWriter(node, "data-fw-tone");
  const writeReason = textWriter(reason);
  const writeMessage = textWriter(message);
  const writeCut = textWriter(cut);
  const show = visibilityWriter(node);
  const showMessage = visibilityWriter(message);
  const showCut = visibilityWriter(cut);

  /** @param {Failure} failure */
  function update(failure) {
    show(failure !== null);
    if (failure === null) return;
    full = failure.message || failure.reason;
    writeTone(failure.tone);
    writeReason(failure.reason);
    const shown = head(failure.message, MESSAGE_LIMIT);
    writeMessage(shown);
    showMessage(shown !== "" && shown !== failure.reason);
    const isCut = shown.length < failure.message.length;
    showCut(isCut);
    if (isCut) {
      writeCut(
        `The first ${count(shown.length)} of ${count(failure.message.length)} characters; Copy takes them all.`,
      );
    }
  }
  return { node, update };
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en-US");

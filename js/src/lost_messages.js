/** Whether all that the kernel said of a widget has arrived; where not, asks for all of it. Connections die without a word. */

import { fairAtLoad } from "./durations.js";
import { NEED } from "./protocol.js";
import { monotonic, pageTicker } from "./ticker.js";

/** Seconds between a question that was answered and the next one. */
const SOON = 1;
/** Seconds between questions that get no answer: the connection may come back at any moment. */
export const KEEN = 3;
/** The same, when it has not come back for long. */
const PATIENT = 30;
/** Questions after which to become patient, by and by: two minutes. */
const KEEN_FOR = 40;
/** Questions after which to ask no more until something happens: an hour. */
export const ASKED_ENOUGH = 150;

/** @typedef {Pick<import("./job_widget.js").JobTraits, "_number" | "_whole" | "_clock" | "_said">} Told */

/**
 * Seconds until the next question.
 * @param {number} asked how often, without an answer
 */
export function pauseAfter(asked) {
  if (!asked) return SOON;
  return Math.min(PATIENT, KEEN * 2 ** Math.max(0, asked - KEEN_FOR));
}

/**
 * Looks after one model, for all of its views, until the function that this returns is called.
 * @param {import("@anywidget/types").AnyModel<Told>} model
 * @returns {() => void}
 */
export function askForWhatIsLost(model) {
  const ticker = pageTicker();
  let number = model.get("_number");
  let highest = number;
  let whole = model.get("_whole");
  // A model begins with the whole state.
  let complete = true;
  let newsAt = monotonic();
  let askedAt = -KEEN;
  let asked = 0;

  function look() {
    const now = monotonic();
    const clock = model.get("_clock");
    const final = model.get("_said").final;
    const watched = clock.running && !final;
    // A heart that beats was not heard: that may have been its last message too.
    const silent = watched && now - newsAt >= fairAtLoad(clock);
    if (complete && !silent) asked = 0;
    else if (asked < ASKED_ENOUGH && now - askedAt >= pauseAfter(asked)) {
      asked += 1;
      askedAt = now;
      try {
        model.send({ type: NEED });
      } catch {
        // The connection is known to be away; the next question may find it back.
      }
    }
    ticker[watched || !complete ? "add" : "remove"](tick);
  }

  function news() {
    const before = number;
    number = model.get("_number");
    newsAt = monotonic();
    if (model.get("_whole") !== whole) {
      whole = model.get("_whole");
      complete = number >= highest;
    } else if (number !== before && number !== before + 1) {
      complete = false;
    }
    highest = Math.max(highest, number);
    look();
  }

  /** @param {boolean} woke */
  function tick(woke) {
    if (woke) asked = 0;
    look();
  }

  /** A page that was offline asks also of a job that nobody watched when it was last heard of. */
  function online() {
    asked = 0;
    if (!model.get("_said").final) complete = false;
    look();
  }

  model.on("change", news);
  window.addEventListener("online", online);
  look();
  return () => {
    model.off("change", news);
    window.removeEventListener("online", online);
    ticker.remove(tick);
  };
}

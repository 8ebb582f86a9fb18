/** What page and kernel say to each other; the kernel's side is `fiddler_widgets/widget/protocol.py`. Times are in seconds. */

/** Kernel to page: is anybody there? A page answers with HELLO. */
export const PING = "ping";
/** Page to kernel: a view is there, whose page has all messages up to number `have`. */
export const HELLO = "hello";
/** Page to kernel: the widget's model is there, so the page can draw it, whether or not there is a view. */
export const READY = "ready";

/**
 * Says that this page can draw a widget.
 * @param {{send(content: object): void}} model
 */
export function sayReady(model) {
  try {
    model.send({ type: READY });
  } catch {
    // A model whose kernel is gone cannot send; nor is there anybody to be told.
  }
}

/** Page to kernel: a view goes. */
export const BYE = "bye";
/** Page to kernel: a message was lost, or none has come for too long; send the whole state. */
export const NEED = "need";
/** Page to kernel: look at the job now. Until answered this and the next two come again, with the same `click`. */
export const CHECK = "check";
/** Page to kernel: stop watching. */
export const STOP = "stop";
/** Page to kernel: watch again. */
export const RESUME = "resume";

/** @typedef {"idle" | "run" | "warn" | "ok" | "bad"} Tone */
/** @typedef {import("./icons.js").IconName} IconName */

/**
 * Times that the page counts on from.
 * @typedef {object} Clock
 * @property {number} now epoch seconds by the kernel's clock
 * @property {number} watched
 * @property {boolean} running whether the kernel watches
 * @property {number} beat between two heartbeats of a kernel that watches
 * @property {number | null} silent since the last good answer
 * @property {number | null} retry to the next try
 * @property {number} phase since the job was first seen with its status
 * @property {number} still since its progress was last seen to move
 * @property {number | null} stall without progress that are out of keeping with its own pace
 * @property {number} retries how often it was seen to begin anew
 */

/**
 * What the card says of its health.
 * @typedef {object} Notice
 * @property {Tone} tone
 * @property {IconName} icon
 * @property {string} head
 * @property {string} detail
 */

/**
 * Why the job failed.
 * @typedef {object} Failure
 * @property {Tone} tone
 * @property {string} reason
 * @property {string} lead what of a long message to show first; empty for a short one
 */

/**
 * All that the card says besides its times and progress.
 * @typedef {object} Said
 * @property {string} status in the reader's words
 * @property {Tone} tone
 * @property {IconName} icon
 * @property {boolean} final whether the job is over
 * @property {boolean} held whether nobody watches it though it may go on
 * @property {string} name
 * @property {string} what it works on
 * @property {string} chip a quiet word on a good health
 * @property {string} tasks how its subtasks do
 * @property {boolean} ill whether some of them failed
 * @property {Notice | null} notice on the health
 * @property {Failure | null} failure
 * @property {string} next what to do now
 * @property {[[string, string], [string, string]]} rows for the details: status and watching
 * @property {[string, string][]} facts for the details: what it works on
 * @property {string} platform its address, http or https; empty where it is not known
 * @property {string} link the address of the job's page, likewise
 */

/** @typedef {[string, Tone, IconName]} Kind word, tone and icon */
/** @typedef {[string, number, string]} Row id, which of the kinds, and error */

/**
 * The subtasks; nothing where there are none.
 * @typedef {object} Tasks
 * @property {string} [counted] how they do
 * @property {Kind[]} [kinds]
 * @property {Row[]} [rows] those first that need looking at
 * @property {string} [more] how many are left out, in words
 */

/** @typedef {[number, number | null, string]} Step seconds since the start; per cent and kind of phase from then on */

/**
 * What was seen of the job; nothing before the first answer.
 * @typedef {object} HistoryPayload
 * @property {number} [start] epoch seconds of the first answer
 * @property {Step[]} [steps]
 */

/** From a job's fields and one moment in time to everything the card shows. Pure: no DOM, no clock of its own. */

import { duration, rangeLeft, timeOfDay } from "./clock.js";
import { subtasks } from "./subtasks.js";
import { clip, healthWords, jobName, percentWords, statusWords } from "./words.js";

/** @typedef {import("./words.js").Tone} Tone */
/** @typedef {import("./icons.js").IconName} IconName */

/**
 * What the kernel found in the job's state, in the words that the saved card and the terminal use too.
 * @typedef {object} Said
 * @property {string} what it works on
 * @property {unknown[][]} facts labels and values
 * @property {string} lead what of a long error message to show first
 * @property {string} next what to do now that the job has not gone well
 */

/**
 * One job as the kernel last told it.
 * @typedef {object} JobFields
 * @property {string} jobId
 * @property {string} name
 * @property {string} status
 * @property {number} progress per cent
 * @property {boolean} indeterminate
 * @property {string} errorReason
 * @property {string} errorMessage
 * @property {Said} said
 * @property {unknown} extras
 * @property {string} health
 * @property {string} healthDetail
 * @property {[number, number] | null} timeLeft seconds that the job may take yet, from and to, when the news came
 * @property {import("./clock.js").Clock} clock
 * @property {import("./timeline.js").History | null} history what was seen of the job, for its timeline
 * @property {boolean} controls whether a click can reach the kernel
 * @property {boolean} notify whether the page is to tell of the end
 */

/**
 * When the card is looked at, by the page's clocks.
 * @typedef {object} Moment
 * @property {number} sinceNews seconds since the kernel was last heard of
 * @property {boolean} lost whether that is too long ago
 * @property {number} wall epoch seconds
 */

/** @typedef {{tone: Tone, icon: IconName, head: string, detail: string}} Notice */

/**
 * @typedef {object} Presentation
 * @property {Tone} tone
 * @property {IconName} icon
 * @property {string} status in the reader's words
 * @property {string} word the same for the badge, which says where it is only the last that was seen
 * @property {boolean} final
 * @property {string} name
 * @property {string} subtitle
 * @property {number | null} percent null where it is not known
 * @property {string} percentText
 * @property {string} valueText the bar's value for a screen reader
 * @property {boolean} unknown whether the bar shows that progress is not known
 * @property {boolean} moving whether what is shown is current, so that it may move
 * @property {string} chip a quiet word on the health, "" where a notice says more
 * @property {string} tasks how many of its subtasks are done, "" where it has none
 * @property {boolean} ill whether some of them failed
 * @property {string} left how much longer the job may take, or that it does not move; "" where that is unknown
 * @property {boolean} stalled whether it does not move
 * @property {string} time
 * @property {boolean} held whether what is shown is only the last that was known
 * @property {boolean} lost
 * @property {Notice | null} notice
 * @property {{tone: Tone, reason: string, message: string, lead: string} | null} failure
 * @property {string} next what to do now that the job has not gone well
 * @property {{check: boolean, stop: boolean, resume: boolean}} controls
 */

/**
 * @param {JobFields} fields
 * @param {Moment} moment
 * @returns {Presentation}
 */
export function present(fields, moment) {
  const health = healthWords(fields.health);
  const status = statusWords(fields.status, fields.clock.running || health.watching);
  const watching = fields.clock.running && !status.final;
  const lost = moment.lost && watching;
  const held = lost || (!watching && !status.final && !health.watching);
  const percent = percentOf(fields);
  const still = stillFor(fields, moment, watching && !lost);
  const percentText = percent === null ? "" : percentWords(percent);
  return {
    tone: status.tone,
    icon: status.icon,
    status: status.word,
    // What nobody follows any more is not said as if it were so now.
    word: held && fields.status !== "" ? `Last seen: ${status.word.toLowerCase()}` : status.word,
    final: status.final,
    name: jobName(fields.name, fields.jobId),
    subtitle: clip(fields.said.what, 400) || awaited(fields),
    percent,
    percentText,
    valueText: `${percentText || "not known"}${lost ? ", connection to the kernel lost" : ""}`,
    unknown: percent === null && !status.final && fields.status !== "",
    moving: watching && !lost && (fields.health === "live" || fields.health === "starting"),
    chip: chipOf(fields, watching && !lost),
    tasks: tasksText(fields),
    ill: subtasks(fields.extras).failed > 0,
    left:
      still > 0
        ? `no progress for ${duration(still)}`
        : leftText(fields, moment, watching && !lost),
    stalled: still > 0,
    time: timeText(fields, moment, watching, lost),
    held,
    lost,
    notice: lost ? lostNotice(moment) : status.final ? null : noticeOf(fields, health, moment),
    failure: failureOf(fields),
    next: clip(fields.said.next, 400),
    controls: controlsOf(fields, watching, lost, status.final || health.watching),
  };
}

/**
 * @param {JobFields} fields
 * @returns {number | null}
 */
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  const known = status !== "" && !indeterminate && Number.isFinite(progress);
  return known ? Math.min(100, Math.max(0, progress)) : null;
}

/**
 * @param {JobFields} fields
 * @returns {string} what the kernel waits for, while there is nothing else to say
 */
function awaited({ health, healthDetail }) {
  return health === "starting" ? clip(healthDetail.trim(), 400) : "";
}

/**
 * @param {JobFields} fields
 * @param {boolean} current
 */
function chipOf({ health }, current) {
  return current && (health === "live" || health === "starting") ? healthWords(health).word : "";
}

/**
 * @param {JobFields} fields
 * @param {Moment} moment
 * @param {boolean} watching
 * @param {boolean} lost
 * @returns {string}
 */
function timeText({ clock, status, health }, { sinceNews, wall }, watching, lost) {
  if (lost) return `as of ${duration(sinceNews)} ago`;
  if (watching && status === "PENDING") return `queued for ${duration(clock.phase + sinceNews)}`;
  if (watching) return `watching for ${duration(clock.watched + sinceNews)}`;
  const watched = clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
  const seen = health === "over" ? timeOfDay(clock.now - (clock.silent ?? 0), wall) : "";
  return [watched, seen && `over by ${seen}`].filter(Boolean).join(" · ");
}

/**
 * How long a job has not moved, where that is out of keeping with its own pace; else 0.
 * @param {JobFields} fields
 * @param {Moment} moment
 * @param {boolean} current
 * @returns {number} seconds
 */
function stillFor({ health, clock }, { sinceNews }, current) {
  const still = clock.still + sinceNews;
  // In an outage nobody knows whether it moves.
  return current && health === "live" && clock.stall !== null && still >= clock.stall ? still : 0;
}

/**
 * @param {JobFields} fields
 * @returns {string}
 */
function tasksText({ extras }) {
  const { total, done, failed } = subtasks(extras);
  if (total === 0) return "";
  return failed > 0 ? `${failed} of ${total} subtasks failed` : `${done} of ${total} subtasks done`;
}

/**
 * @param {JobFields} fields
 * @param {Moment} moment
 * @param {boolean} current
 * @returns {string}
 */
function leftText({ health, timeLeft }, { sinceNews }, current) {
  // In an outage nobody knows whether the job keeps its pace.
  if (!current || health !== "live" || timeLeft === null) return "";
  return rangeLeft(timeLeft[0] - sinceNews, timeLeft[1] - sinceNews);
}

/**
 * @param {Moment} moment
 * @returns {Notice}
 */
function lostNotice({ sinceNews }) {
  return {
    tone: "warn",
    icon: "plug",
    head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
    detail: "The job may still go on. When the kernel is back, run the cell again.",
  };
}

/**
 * @param {JobFields} fields
 * @param {import("./words.js").HealthWords} health
 * @param {Moment} moment
 * @returns {Notice | null}
 */
function noticeOf(fields, health, moment) {
  const { clock } = fields;
  const detail = clip(fields.healthDetail.trim(), 1000);
  if (fields.health === "over" || fields.health === "starting") return null;
  if (fields.health === "live") {
    return detail ? { tone: "idle", icon: "info", head: "", detail } : null;
  }
  let head = health.word;
  const said = detail ? [beyond(head, detail)] : [];
  if (fields.health === "retrying") {
    head = `${head}: ${nextTry(clock.retry, moment.sinceNews)}`;
    if (clock.silent !== null) {
      said.push(`Last good answer ${duration(clock.silent + moment.sinceNews)} ago.`);
    }
  } else if (fields.status !== "" && !clock.running) {
    const seen = timeOfDay(clock.now - (clock.silent ?? 0), moment.wall);
    if (seen) said.push(`Shown as last seen at ${seen}.`);
  }
  return { tone: health.tone, icon: health.icon, head, detail: said.join(" ") };
}

/**
 * @param {number | null} retry seconds to the next try when the news came
 * @param {number} since
 */
function nextTry(retry, since) {
  if (retry === null) return "trying again";
  const left = Math.ceil(retry - since);
  return left <= 0 ? "trying now" : `next try in ${duration(left)}`;
}

/**
 * A sentence without what its heading has said already: "Stopped watching; the job goes on." becomes "The job goes on."
 * @param {string} heading
 * @param {string} text
 */
function beyond(heading, text) {
  const repeats = text.toLowerCase().startsWith(`${heading.toLowerCase()};`);
  const rest = repeats ? text.slice(heading.length + 1).trim() : text;
  const full = /[.!?…]$/.test(rest) ? rest : `${rest}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}

/**
 * @param {JobFields} fields
 * @returns {Presentation["failure"]}
 */
function failureOf({ status, errorReason, errorMessage, said }) {
  const reason = clip(errorReason.trim(), 500);
  const failed = status === "FAILURE";
  if (!failed && reason === "" && errorMessage === "") return null;
  const headless = failed ? "The job failed" : "The platform reports an error";
  const none = failed && reason === "" && errorMessage === "";
  return {
    tone: failed ? "bad" : "warn",
    reason: none ? "The job failed without saying why" : reason || headless,
    message: errorMessage,
    lead: said.lead || errorMessage,
  };
}

/**
 * @param {JobFields} fields
 * @param {boolean} watching
 * @param {boolean} lost
 * @param {boolean} noResume
 * @returns {Presentation["controls"]}
 */
function controlsOf({ controls, clock }, watching, lost, noResume) {
  const usable = controls && !lost;
  return {
    check: usable && watching,
    stop: usable && watching,
    resume: usable && !clock.running && !noResume,
  };
}

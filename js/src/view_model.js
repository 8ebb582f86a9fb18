/** From what the kernel told and one moment in time to everything the card shows. Pure: no DOM, no clock of its own. */

import { duration, percentWords, rangeLeft, staleAfter, timeOfDay } from "./durations.js";

const STALLED =
  "What now: wait, or see on the platform what holds it up. It has not moved for longer than it usually takes.";

/** @typedef {import("./protocol.js").Notice} Notice */
/** @typedef {import("./job_widget.js").JobTraits} Job */

/**
 * When the card is looked at, by the page's clocks.
 * @typedef {object} Moment
 * @property {number} sinceNews seconds since the kernel was last heard of
 * @property {boolean} silent whether that is too long ago for one that watches
 * @property {number} wall epoch seconds
 */

/** @typedef {ReturnType<typeof present>} Presentation */

/**
 * @param {Job} job
 * @param {Moment} moment
 */
export function present(job, moment) {
  const { _said: said, _clock: clock, health } = job;
  const watching = clock.running && !said.final;
  const lost = watching && moment.silent;
  const current = watching && !lost;
  // In an outage that lasts, what was last seen is not said as if it were so now, nor is it where nobody watches any more.
  const { silent } = clock;
  const stale =
    health === "retrying" && silent !== null && silent + moment.sinceNews > staleAfter(clock);
  const held = lost || said.held || stale;
  const percent = percentOf(job);
  const percentText = percent === null ? "" : percentWords(percent);
  // In an outage nobody knows whether the job moves, or keeps its pace.
  const known = current && health === "live";
  const still = clock.still + moment.sinceNews;
  const stalled = known && clock.stall !== null && still >= clock.stall;
  const left = known && job.time_left?.map((seconds) => seconds - moment.sinceNews);
  const resume = said.held && !clock.running;
  return {
    ...said,
    word: held && job.status ? `Last seen: ${said.status.toLowerCase()}` : said.status,
    percent,
    percentText,
    valueText: `${percentText || "not known"}${lost ? ", connection to the kernel lost" : ""}`,
    unknown: percent === null && !said.final && job.status !== "",
    moving: current && (health === "live" || health === "starting"),
    chip: lost ? "" : said.chip,
    /** The same for trouble, without its times: a countdown is no change of health. */
    trouble: lost ? "connection to the kernel lost" : said.notice?.head,
    left: stalled
      ? `no progress for ${duration(still)}`
      : left
        ? rangeLeft(.../** @type {[number, number]} */ (left))
        : "",
    stalled,
    time: timeText(job, moment, watching, lost),
    held,
    lost,
    notice: lost ? lostNotice(job, moment) : noticeOf(job, moment, resume && job._controls),
    next: stalled ? STALLED : said.next,
    /** @type {Record<string, boolean>} what makes sense now */
    controls: {
      check: watching,
      stop: watching,
      resume,
    },
    /** Whether a click would reach the kernel. */
    reachable: job._controls && !lost,
  };
}

/**
 * @param {Job} job
 * @returns {number | null} null where it is not known
 */
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  return status === "" || indeterminate ? null : Math.min(100, Math.max(0, progress));
}

/**
 * @param {Job} job
 * @param {Moment} moment
 * @param {boolean} watching
 * @param {boolean} lost
 */
function timeText({ _clock: clock, _said: said, status }, { sinceNews, wall }, watching, lost) {
  if (lost) return `as of ${duration(sinceNews)} ago`;
  if (watching && status === "PENDING") return `queued for ${duration(clock.phase + sinceNews)}`;
  if (watching && !status) return "";
  if (watching) return `watching for ${duration(clock.watched + sinceNews)}`;
  const watched = clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
  const over = said.final ? `ended by ${timeOfDay(seenAt(clock), wall)}` : "";
  return [watched, over].filter(Boolean).join(" · ");
}

/** @param {import("./protocol.js").Clock} clock */
const seenAt = ({ now, silent }) => now - (silent ?? 0);

/**
 * @param {Job} job
 * @param {Moment} moment
 * @returns {Notice}
 */
function lostNotice({ job_id: id }, { sinceNews }) {
  return {
    tone: "warn",
    icon: "plug",
    head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
    // Running the cell again may start another job.
    detail: `The job may still go on. When the kernel is back, follow it with fiddler_widgets.JobWidget("${id}").`,
  };
}

/**
 * What the kernel says of the health, with its times.
 * @param {Job} job
 * @param {Moment} moment
 * @param {boolean} resume whether a button can do so
 * @returns {Notice | null}
 */
function noticeOf({ _said: said, _clock: clock, health, status }, { sinceNews, wall }, resume) {
  if (!said.notice) return null;
  let { head, detail } = said.notice;
  if (health === "retrying") {
    const left = Math.ceil((clock.retry ?? 0) - sinceNews);
    const next = left > 0 ? `next try in ${duration(left)}` : "trying now";
    head += `: ${clock.retry === null ? "trying again" : next}`;
    if (clock.silent !== null)
      detail += ` Last good answer ${duration(clock.silent + sinceNews)} ago.`;
  } else if (said.held && status) {
    detail += ` Last seen at ${timeOfDay(seenAt(clock), wall)}.`;
  }
  const mended = health === "stopped" || health === "timed out";
  if (resume)
    detail += mended ? " Resume watching (▶) follows it again." : " Then: Resume watching (▶).";
  return { ...said.notice, head, detail: detail.trim() };
}

/** Details on demand: timeline, id, health, times, what the job works on, subtasks. Nothing is made before it is asked for. */

import { timeOfDay } from "./durations.js";
import { icon } from "./icons.js";
import { bell } from "./notify.js";
import { createTasks } from "./subtasks.js";
import { createTimeline } from "./timeline.js";
import { button, clip, h, linked, randomId } from "./vdom.js";

/** @typedef {import("./card.js").Given} Given */

/**
 * @param {import("./card.js").Memory} memory
 * @param {() => void} redraw
 * @param {ReturnType<typeof import("./copy_button.js").createCopying>} copying
 */
export function createDetails(memory, redraw, copying) {
  const id = randomId();
  const timeline = createTimeline(redraw);
  const tasks = createTasks(copying);
  let open = memory.open === true;

  function onclick() {
    open = memory.open = !open;
    redraw();
  }

  /** @param {Given} given */
  function contents(given) {
    const { job_id: jobId, _clock: clock, _tasks, _said } = given.job;
    return [
      timeline(given),
      h(
        "div.fw-idrow",
        {},
        h("span.fw-term", {}, "Job id"),
        h(
          "span.fw-idvalue",
          {},
          h("code.fw-id", {}, clip(jobId, 200)),
          copying.button("Copy job id", jobId),
        ),
      ),
      h(
        "dl.fw-facts",
        {},
        rowsOf(given).flatMap(([term, value]) => [
          h("dt.fw-term", {}, term),
          h("dd.fw-value", { dir: "auto" }, value),
        ]),
        _said.platform && [
          h("dt.fw-term", {}, "Platform"),
          h("dd.fw-value", {}, linked(_said.platform, _said.platform)),
        ],
      ),
      clock.running && !_said.final && bell(memory, redraw),
      tasks(_tasks),
    ];
  }

  return {
    toggle() {
      const reach = { "aria-controls": id, "aria-expanded": String(open) };
      const word = h("span.fw-button-word", {}, "Details");
      return button(".fw-toggle", { title: "Details", ...reach, onclick }, word, icon("chevron"));
    },
    /** @param {Given} given */
    view: (given) => h("div.fw-details", { id, hidden: !open }, open && contents(given)),
  };
}

/**
 * @param {Given} given
 * @returns {[string, string][]}
 */
function rowsOf({ shown, job: { _clock: clock, time_left: left }, moment }) {
  const { wall, sinceNews } = moment;
  const [status, watching] = shown.rows;
  /** @type {[string, string][]} */
  const rows = [status, shown.lost ? ["Watching", "connection to the kernel lost"] : watching];
  if (clock.retries > 0) rows.push(["Retries seen", String(clock.retries)]);
  if (left && shown.left && !shown.stalled) {
    const [from, to] = left.map((seconds) => timeOfDay(wall - sinceNews + seconds, wall));
    rows.push(["Expected end", from === to ? `about ${from}` : `${from} to ${to}`]);
  }
  return [...rows, ...shown.facts];
}

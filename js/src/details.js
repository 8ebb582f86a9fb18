/** Details on demand: timeline, id, health, times, what the job works on, subtasks. Nothing is built before it is asked for. */

import { createBell } from "./bell.js";
import { timeOfDay } from "./clock.js";
import { createCopyButton } from "./copy.js";
import { element, patch, randomId } from "./dom.js";
import { createIcon } from "./icons.js";
import { createTasks } from "./tasks.js";
import { createTimeline } from "./timeline.js";
import { clip, healthWords } from "./words.js";

/** @typedef {import("./present.js").JobFields} JobFields */
/** @typedef {import("./present.js").Presentation} Presentation */
/** @typedef {import("./present.js").Moment} Moment */
/** @typedef {{shown: Presentation, fields: JobFields, moment: Moment}} Given */

/**
 * @typedef {object} Details
 * @property {HTMLButtonElement} toggle
 * @property {HTMLElement} node
 * @property {(shown: Presentation, fields: JobFields, moment: Moment) => void} update
 */

/**
 * @param {object} options
 * @param {import("./card.js").Memory} options.memory what outlives a view, since hosts draw views anew
 * @param {AbortSignal} options.signal
 * @returns {Details}
 */
export function createDetails({ memory, signal }) {
  const id = randomId();
  const toggle = element(
    "button",
    "fw-button fw-toggle",
    { type: "button", "aria-expanded": "false", "aria-controls": id, title: "Details" },
    [element("span", "fw-button-word", {}, ["Details"]), createIcon("chevron").node],
  );
  const node = element("div", "fw-details", { id, hidden: "" });
  let open = false;
  /** @type {Given | undefined} */
  let last;
  /** @type {((given: Given) => void)[]} */
  let parts = [];

  toggle.addEventListener(
    "click",
    () => {
      memory.open = !open;
      turn();
    },
    { signal },
  );

  function turn() {
    open = memory.open === true;
    if (open && parts.length === 0) parts = build();
    refresh();
    patch(toggle, { "aria-expanded": String(open) });
    patch(node, { hidden: !open });
  }

  function build() {
    const jobId = element("code", "fw-id");
    const text = () => last?.fields.jobId ?? "";
    const copy = createCopyButton({ label: "Copy job id", text, signal });
    const list = element("dl", "fw-facts");
    const timeline = createTimeline({ signal });
    const bell = createBell(memory, signal);
    const tasks = createTasks(signal);
    node.append(
      timeline.node,
      element("div", "fw-idrow", {}, [
        element("span", "fw-term", {}, ["Job id"]),
        element("span", "fw-idvalue", {}, [jobId, copy]),
      ]),
      list,
      bell.node,
      tasks.node,
    );
    let rows = "";

    /** @type {((given: Given) => void)[]} */
    const writers = [
      ({ fields }) => patch(jobId, { text: clip(fields.jobId, 200) }),
      (given) => {
        const wanted = factRows(given);
        // Built again only when they say something else, so that a selection in them survives.
        if (JSON.stringify(wanted) === rows) return;
        rows = JSON.stringify(wanted);
        list.replaceChildren(
          ...wanted.flatMap(([label, value]) => [
            element("dt", "fw-term", {}, [label]),
            element("dd", "fw-value", { dir: "auto" }, [value]),
          ]),
        );
      },
      ({ shown, fields }) => bell.update(fields.clock.running && !shown.final),
      ({ fields }) => tasks.update(fields.extras),
      ({ shown, fields, moment }) => timeline.update(shown, fields, moment),
    ];
    return writers;
  }

  function refresh() {
    if (open && last !== undefined) for (const write of parts) write(last);
  }

  return {
    toggle,
    node,
    update(shown, fields, moment) {
      const first = last === undefined;
      last = { shown, fields, moment };
      if (first && memory.open) turn();
      else refresh();
    },
  };
}

/**
 * @param {Given} given
 * @returns {[string, string][]}
 */
function factRows({ shown, fields, moment }) {
  const { status, health, healthDetail, timeLeft, clock, said } = fields;
  const word = shown.lost ? "connection to the kernel lost" : healthWords(health).word;
  const detail = clip(healthDetail.trim(), 1000);
  /** @type {[string, string][]} */
  const rows = [
    ["Status", clip(status, 200) || "not known yet"],
    ["Watching", detail && !shown.lost ? `${word}: ${detail}` : word],
  ];
  if (clock.retries > 0) rows.push(["Retries seen", String(clock.retries)]);
  if (timeLeft !== null && shown.left && !shown.stalled) {
    const at = (/** @type {number} */ left) =>
      timeOfDay(moment.wall - moment.sinceNews + left, moment.wall);
    const [from, to] = [at(timeLeft[0]), at(timeLeft[1])];
    rows.push(["Expected end", from === to ? `about ${from}` : `${from} to ${to}`]);
  }
  for (const [label, value] of said.facts) rows.push([String(label), clip(String(value), 500)]);
  return rows;
}

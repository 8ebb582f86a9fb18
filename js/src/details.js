/** Details on demand: id, health, what the job works on, subtasks. Nothing is built before it is asked for. */

import { createCopyButton } from "./copy.js";
import { attributeWriter, element, randomId, visibilityWriter } from "./dom.js";
import { facts, subtasks } from "./facts.js";
import { createIcon } from "./icons.js";
import { clip, healthWords, statusWords } from "./words.js";

/** @typedef {import("./present.js").JobFields} JobFields */

/**
 * @typedef {object} Details
 * @property {HTMLButtonElement} toggle
 * @property {HTMLElement} node
 * @property {(fields: JobFields, lost: boolean) => void} update
 */

/**
 * @param {object} options
 * @param {{open?: boolean}} options.memory whether the reader has them open; outlives a view, since hosts draw views anew
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
  const show = visibilityWriter(node);
  const writeExpanded = attributeWriter(toggle, "aria-expanded");
  let open = false;
  /** @type {{fields: JobFields, lost: boolean} | undefined} */
  let last;
  /** @type {(() => void)[]} */
  const parts = [];

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
    writeExpanded(String(open));
    if (open && parts.length === 0) build();
    refresh();
    show(open);
  }

  function build() {
    const jobId = element("code", "fw-id");
    const copy = createCopyButton({
      label: "Copy job id",
      text: () => last?.fields.jobId ?? "",
      signal,
    });
    const idRow = element("div", "fw-idrow", {}, [
      element("span", "fw-term", {}, ["Job id"]),
      element("span", "fw-idvalue", {}, [jobId, copy]),
    ]);
    const list = element("dl", "fw-facts");
    const tasks = element("div", "fw-tasks");
    node.append(idRow, list, tasks);
    parts.push(
      part(
        ({ fields }) => [fields.jobId],
        ({ fields }) => {
          jobId.textContent = clip(fields.jobId, 200);
        },
      ),
      part(
        ({ fields, lost }) => [
          fields.info,
          fields.status,
          fields.health,
          fields.healthDetail,
          String(lost),
        ],
        ({ fields, lost }) => list.replaceChildren(...factRows(fields, lost)),
      ),
      part(
        ({ fields }) => [fields.extras],
        ({ fields }) => tasks.replaceChildren(...taskRows(fields.extras)),
      ),
    );
  }

  /**
   * A part that is built again only when what it shows was replaced, so that a selection in it survives.
   * @param {(given: {fields: JobFields, lost: boolean}) => unknown[]} inputs
   * @param {(given: {fields: JobFields, lost: boolean}) => void} write
   */
  function part(inputs, write) {
    /** @type {unknown[] | undefined} */
    let seen;
    return () => {
      if (last === undefined) return;
      const now = inputs(last);
      if (seen !== undefined && now.every((value, index) => value === seen?.[index])) return;
      seen = now;
      write(last);
    };
  }

  function refresh() {
    if (open) for (const write of parts) write();
  }

  return {
    toggle,
    node,
    update(fields, lost) {
      const first = last === undefined;
      last = { fields, lost };
      if (first && memory.open) turn();
      else refresh();
    },
  };
}

/**
 * @param {JobFields} fields
 * @param {boolean} lost
 * @returns {Node[]}
 */
function factRows(fields, lost) {
  const health = lost ? "connection to the kernel lost" : healthWords(fields.health).word;
  const detail = clip(fields.healthDetail.trim(), 1000);
  const rows = [
    { label: "Status", value: clip(fields.status, 200) || "not known yet" },
    { label: "Watching", value: detail && !lost ? `${health}: ${detail}` : health },
    ...facts(fields.info),
  ];
  return rows.flatMap(({ label, value }) => [
    element("dt", "fw-term", {}, [label]),
    element("dd", "fw-value", { dir: "auto" }, [value]),
  ]);
}

/**
 * @param {unknown} extras
 * @returns {Node[]}
 */
function taskRows(extras) {
  const { total, done, failed, shown } = subtasks(extras);
  if (total === 0) return [];
  const counted = `${done} of ${total} done${failed > 0 ? `, ${failed} failed` : ""}`;
  const rows = shown.map(({ id, status, detail }) => {
    const words = statusWords(status, false);
    const row = element("li", "fw-task", { "data-fw-tone": words.tone }, [
      element("span", "fw-task-word", {}, [createIcon(words.icon).node, words.word]),
      element("code", "fw-task-id", { title: id }, [id]),
    ]);
    if (detail) row.append(element("span", "fw-task-detail", { dir: "auto" }, [detail]));
    return row;
  });
  const left = total - shown.length;
  if (left > 0) rows.push(element("li", "fw-task fw-more", {}, [`and ${left} more`]));
  return [
    element("div", "fw-tasks-head", {}, ["Subtasks", element("span", "fw-count", {}, [counted])]),
    element("ul", "fw-tasklist", { tabindex: "0", "aria-label": "Subtasks" }, rows),
  ];
}

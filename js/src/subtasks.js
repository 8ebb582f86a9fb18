/** The subtasks of a job: the failed ones first, each with its error open. */

import { icon } from "./icons.js";
import { clip, h } from "./vdom.js";

/** Characters of one error that are laid out; Copy takes all. */
const LONGEST = 2000;

/** @typedef {import("./protocol.js").Kind} Kind */
/** @typedef {import("./protocol.js").Row} Row */
/** @typedef {import("./protocol.js").Tasks} Tasks */

/** @param {ReturnType<typeof import("./copy_button.js").createCopying>} copying */
export function createTasks(copying) {
  /** @type {import("./vdom.js").VNode | null} */
  let view = null;
  /** @type {unknown[]} */
  let seen = [];
  /** @type {Map<string, [string, import("./vdom.js").VNode]>} */
  const rows = new Map();

  /**
   * @param {Kind} kind
   * @param {Row} row
   */
  function rowOf([word, tone, name], [id, , error]) {
    const label = `Copy the error of ${id}`;
    const says = [word, error, copying.wordOf(label)].join();
    const before = rows.get(id);
    if (before?.[0] === says) return before[1];
    const row = h(
      "li.fw-task",
      { key: id, "data-fw-tone": tone },
      h("span.fw-task-word", {}, icon(name), h("span", {}, word)),
      h("code.fw-task-id", { title: id }, id),
      error && copying.button(label, error),
      error && h("span.fw-task-detail", { dir: "auto" }, clip(error, LONGEST)),
    );
    rows.set(id, [says, row]);
    return row;
  }

  /** @param {Tasks} tasks */
  return (tasks) => {
    // A thousand rows are looked at only when one of them has changed, and made anew only where it has.
    if (seen[0] === tasks && seen[1] === copying.said()) return view;
    seen = [tasks, copying.said()];
    const { counted, kinds = [], rows: given, more } = tasks;
    view = !given
      ? null
      : h(
          "div.fw-tasks",
          {},
          h("div.fw-tasks-head", {}, "Subtasks", h("span.fw-count", {}, counted)),
          h(
            "ul.fw-tasklist",
            { tabindex: "0", "aria-label": "Subtasks" },
            given.map((row) => rowOf(/** @type {Kind} */ (kinds[row[1]]), row)),
            more && h("li.fw-task.fw-more", {}, more),
          ),
        );
    return view;
  };
}

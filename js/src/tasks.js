/** The subtasks of a job: the failed ones first, each with its error open. A row is kept as long as its subtask, so that a selection in it survives. */

import { createCopyButton } from "./copy.js";
import { element, patch } from "./dom.js";
import { createIcon } from "./icons.js";
import { subtasks } from "./subtasks.js";
import { clip, statusWords } from "./words.js";

/** Characters of one error that are laid out; Copy takes all. */
const LONGEST = 2000;

/**
 * @param {AbortSignal} signal
 * @returns {{node: HTMLElement, update: (extras: unknown) => void}}
 */
export function createTasks(signal) {
  const counted = element("span", "fw-count");
  const list = element("ul", "fw-tasklist", { tabindex: "0", "aria-label": "Subtasks" });
  const more = element("li", "fw-task fw-more");
  const node = element("div", "fw-tasks", { hidden: "" }, [
    element("div", "fw-tasks-head", {}, ["Subtasks", counted]),
    list,
  ]);
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  let rows = new Map();
  /** @type {unknown} */
  let seen;

  /** @param {unknown} extras */
  function update(extras) {
    if (extras === seen) return;
    seen = extras;
    const { total, done, failed, shown } = subtasks(extras);
    patch(node, { hidden: total === 0 });
    const ill = failed > 0 ? `, ${failed} failed` : "";
    patch(counted, { text: `${done} of ${total} done${ill}` });
    /** @type {typeof rows} */
    const kept = new Map();
    for (const task of shown) {
      const row = rows.get(task.id) ?? createRow(task.id, signal);
      kept.set(task.id, row);
      row.update(task);
      // Only what is out of its place moves: a move would drop the selection.
      const place = list.children[kept.size - 1];
      if (place !== row.node) list.insertBefore(row.node, place ?? null);
    }
    for (const [id, row] of rows) if (!kept.has(id)) row.node.remove();
    rows = kept;
    const left = total - shown.length;
    patch(more, { text: `and ${left} more` });
    if (left > 0) list.append(more);
    else more.remove();
  }
  return { node, update };
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
function createRow(id, signal) {
  const icon = createIcon("question");
  const word = element("span", "");
  const node = element("li", "fw-task", {}, [
    element("span", "fw-task-word", {}, [icon.node, word]),
    element("code", "fw-task-id", { title: id }, [clip(id, 60)]),
  ]);
  /** @type {HTMLElement | undefined} */
  let detail;
  /** @type {HTMLElement | undefined} */
  let copy;
  let full = "";
  return {
    node,
    /** @param {import("./subtasks.js").Subtask} task */
    update(task) {
      const words = statusWords(task.status, false);
      patch(node, { "data-fw-tone": words.tone });
      icon.draw(words.icon);
      patch(word, { text: words.word });
      full = task.detail;
      if (full && detail === undefined) {
        const label = `Copy the error of ${clip(id, 60)}`;
        copy = createCopyButton({ label, text: () => full, signal });
        detail = element("span", "fw-task-detail", { dir: "auto" });
        node.append(copy, detail);
      }
      if (detail) patch(detail, { text: clip(full, LONGEST), hidden: full === "" });
      if (copy) patch(copy, { hidden: full === "" });
    },
  };
}

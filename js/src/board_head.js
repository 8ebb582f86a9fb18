/** The lines above and below the rows: how the whole does, and what the reader can do about it. */

import { placeOfStatus } from "./board_order.js";
import { counted } from "./board_speech.js";
import { badgeOf } from "./board_words.js";
import { noticeOf } from "./card.js";
import { duration, rangeLeft } from "./durations.js";
import { icon } from "./icons.js";
import { button, h } from "./vdom.js";

/** @typedef {import("./board_protocol.js").View} View */
/** @typedef {import("./board_words.js").Moment} Moment */
/** @typedef {import("./board_feed.js").Feed} Feed */

/** @type {[View["order"], string][]} */
const ORDERS = [
  ["attention", "Attention"],
  ["newest", "Newest"],
  ["name", "Name"],
  ["progress", "Progress"],
  ["left", "Time left"],
];
/** @type {[View["group"], string][]} */
const GROUPS = [
  ["", "None"],
  ["project", "Project"],
  ["model", "Model"],
  ["kind", "Kind"],
  ["status", "Status"],
];

/** @type {import("./protocol.js").Notice} */
const OLD = {
  tone: "warn",
  icon: "warning",
  head: "Some rows may be old",
  detail: "A message from the kernel was lost, and it has not sent it again yet: it may be busy.",
};

/** @param {number} sinceNews @returns {import("./protocol.js").Notice} */
const lost = (sinceNews) => ({
  tone: "warn",
  icon: "plug",
  head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
  // Running the cell again may start the jobs again.
  detail:
    "The jobs may still go on. When the kernel is back, fiddler_widgets.JobBoard.recent() follows them.",
});

/**
 * @typedef {object} Doing
 * @property {(status: string) => void} chip
 * @property {(text: string) => void} search
 * @property {() => void} prepare for a search
 * @property {(group: View["group"]) => void} group
 * @property {(order: View["order"]) => void} order
 * @property {() => void} clear
 * @property {() => void} restore
 * @property {() => void} all take away what filters
 * @property {() => void} update the order
 * @property {() => void} more
 */

/**
 * @param {Feed} feed
 * @param {Doing} doing
 */
export function createHead({ store }, doing) {
  /** @param {number} progress per cent of the whole */
  function bar(progress) {
    const { total, over, counts } = store;
    const failed = counts.get("FAILURE") ?? 0;
    const succeeded = counts.get("SUCCESS") ?? 0;
    const part = (/** @type {number} */ count) => (total ? (count / total) * 100 : 0);
    /** @type {[string, number][]} tone and per cent of the whole */
    const parts = [
      ["ok", part(succeeded)],
      ["bad", part(failed)],
      ["idle", part(over - succeeded - failed)],
      ["run", over < total ? Math.max(0, progress - part(over)) : 0],
    ];
    const says = [
      `${counted(over)} of ${counted(total)} over`,
      failed && `${counted(failed)} failed`,
    ];
    return h(
      "div.fw-board-bar",
      {
        role: "progressbar",
        "aria-label": "Progress of all jobs",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "aria-valuenow": Math.floor(progress),
        "aria-valuetext": `${Math.floor(progress)} %, ${says.filter(Boolean).join(", ")}`,
      },
      parts.map(
        ([tone, width]) =>
          width > 0 &&
          h("div.fw-board-part", { key: tone, "data-fw-tone": tone, "style.width": `${width}%` }),
      ),
    );
  }

  /** @param {string[]} pressed */
  function chips(pressed) {
    const statuses = [...new Set([...store.counts.keys(), ...pressed])].sort(
      (a, b) => placeOfStatus(a) - placeOfStatus(b) || a.localeCompare(b),
    );
    return h(
      "div.fw-board-chips",
      { role: "group", "aria-label": "Show only" },
      statuses.map((status) => {
        const [word, tone, name] = badgeOf(status);
        const on = pressed.includes(status);
        return button(
          ".fw-board-chip",
          {
            key: status,
            "aria-pressed": String(on),
            "data-fw-tone": tone,
            onclick: () => doing.chip(status),
          },
          icon(name),
          h("span.fw-board-count", {}, `${counted(store.counts.get(status) ?? 0)} ${word}`),
        );
      }),
    );
  }

  /**
   * @template {string} Value
   * @param {string} label
   * @param {[Value, string][]} options
   * @param {Value} chosen
   * @param {(value: Value) => void} choose
   */
  function pick(label, options, chosen, choose) {
    /** @param {Event} event */
    const onchange = ({ target }) =>
      choose(/** @type {Value} */ (/** @type {HTMLSelectElement} */ (target).value));
    return h(
      "label.fw-board-pick",
      { key: label },
      h("span", {}, label),
      h(
        "select.fw-board-select",
        { onchange },
        options.map(([value, word]) =>
          h("option", { key: value, value, selected: value === chosen }, word),
        ),
      ),
    );
  }

  const field = h(
    "label.fw-board-search",
    {},
    h("span.fw-offscreen", {}, "Search; !word excludes"),
    h("input.fw-board-input", {
      type: "search",
      placeholder: "Search, !word excludes",
      autocomplete: "off",
      spellcheck: "false",
      onfocus: () => doing.prepare(),
      oninput: (/** @type {Event} */ { target }) =>
        doing.search(/** @type {HTMLInputElement} */ (target).value),
    }),
  );

  return {
    /**
     * @param {View} view
     * @param {import("./board_protocol.js").Head} head
     * @param {Moment} moment
     * @param {number} progress
     * @param {{buttons: import("./vdom.js").VNode, note: import("./vdom.js").VNode}} controls
     * @param {boolean} more whether the tools are shown where there is little room
     */
    view(view, head, moment, progress, controls, more) {
      const { total, over } = store;
      const left = !moment.lost && over < total && head.left;
      const passed = moment.sinceNews;
      const notice = moment.lost ? lost(passed) : moment.old ? OLD : head.notice;
      const usable = head.controls && !moment.lost;
      const whole = total ? `${counted(over)} of ${counted(total)} over` : "No jobs yet";
      return h(
        "div.fw-board-head",
        { "data-fw-more": more },
        h(
          "div.fw-board-line",
          {},
          h("span.fw-board-sum", {}, whole),
          bar(progress),
          h(
            "span.fw-board-left",
            {},
            moment.lost
              ? `as of ${duration(passed)} ago`
              : left && rangeLeft(left[0] - passed, left[1] - passed),
          ),
          h(
            "div.fw-board-actions",
            {},
            controls.buttons,
            button(
              ".fw-board-more",
              { title: "Group, order, clear", "aria-expanded": String(more), onclick: doing.more },
              h("span.fw-offscreen", {}, "Group, order, clear"),
              icon("chevron"),
            ),
          ),
        ),
        h(
          "div.fw-board-line.fw-board-tools",
          {},
          chips(view.statuses),
          h(
            "div.fw-board-find",
            {},
            field,
            h(
              "div.fw-board-menu",
              {},
              pick("Group", GROUPS, view.group, doing.group),
              pick("Order", ORDERS, view.order, doing.order),
              usable &&
                over > 0 &&
                button("", { key: "clear", onclick: doing.clear }, "Clear finished"),
              usable &&
                head.cleared > 0 &&
                button(
                  "",
                  { key: "restore", onclick: doing.restore },
                  icon("retry"),
                  `Bring back ${counted(head.cleared)}`,
                ),
            ),
          ),
        ),
        controls.note,
        notice && noticeOf(notice),
      );
    },
    /**
     * @param {number} shown rows
     * @param {number} moved rows that would have another place by now
     * @param {boolean} filtered
     * @param {boolean} exact whether those that moved are counted, and not those that changed
     */
    foot(shown, moved, filtered, exact) {
      const { total } = store;
      const jobs = total === 1 ? "job" : "jobs";
      const says = filtered
        ? `${counted(shown)} of ${counted(total)} ${jobs} shown`
        : `${counted(total)} ${jobs}`;
      const rows = moved === 1 ? "row" : "rows";
      return h(
        "div.fw-board-foot",
        {},
        h("span.fw-board-count", {}, says),
        filtered && button(".fw-board-all", { onclick: doing.all }, "Show all"),
        moved > 0 &&
          button(
            ".fw-board-update",
            { onclick: doing.update },
            icon("again"),
            h(
              "span.fw-board-count",
              {},
              `${counted(moved)} ${rows} ${exact ? "moved" : "changed"} · Update order`,
            ),
          ),
      );
    },
  };
}

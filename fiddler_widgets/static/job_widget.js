// src/clock.js
var STALE_AFTER = 12;
var ASLEEP_AFTER = 5;
var OLDEST_AT_LOAD = 10;
function secondsOrNull(value) {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : null;
}
function readClock(value) {
  const raw = (
    /** @type {Record<string, unknown>} */
    typeof value === "object" && value !== null ? value : {}
  );
  return {
    now: secondsOrNull(raw.now) ?? 0,
    watched: secondsOrNull(raw.watched) ?? 0,
    running: raw.running === true,
    silent: secondsOrNull(raw.silent),
    retry: secondsOrNull(raw.retry)
  };
}
function readRange(value) {
  if (!Array.isArray(value)) return null;
  const [low, high] = value.map(secondsOrNull);
  return low === void 0 || low === null || high === void 0 || high === null || low > high ? null : [low, high];
}
function scaleOf(seconds) {
  if (seconds < 20) return [1, "s", 1];
  if (seconds < 90) return [1, "s", 5];
  if (seconds < 5400) return [60, "min", 1];
  return [3600, "h", seconds < 36e3 ? 0.5 : 1];
}
function rangeLeft(low, high) {
  const [unit, word, step] = scaleOf(high);
  const from = Math.floor(Math.max(0, low) / unit / step) * step;
  const to = Math.max(step, Math.ceil(high / unit / step) * step);
  if (from < to / 4) return `under ${to} ${word} left`;
  return from === to ? `about ${to} ${word} left` : `${from}–${to} ${word} left`;
}
function ageAtLoad(clock, wall) {
  const age = wall - clock.now;
  return clock.running && age >= 0 && age <= OLDEST_AT_LOAD ? age : 0;
}
function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return pair(minutes, "min", whole % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}
function pair(big, bigUnit, small, smallUnit) {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
function timeOfDay(epoch, wall) {
  if (!(epoch > 0)) return "";
  const then = new Date(epoch * 1e3);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const sameDay = then.toDateString() === new Date(wall * 1e3).toDateString();
  return sameDay ? time : `${then.toLocaleDateString()}, ${time}`;
}

// src/dom.js
function element(tag, className, attributes = {}, children = []) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function textWriter(node) {
  let written = "";
  return (text2) => {
    if (text2 === written) return;
    written = text2;
    node.textContent = text2;
  };
}
function attributeWriter(node, name) {
  let written = node.getAttribute(name);
  return (value) => {
    if (value === written) return;
    written = value;
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  };
}
function visibilityWriter(node) {
  const write = attributeWriter(node, "hidden");
  return (shown) => write(shown ? null : "");
}
function randomId() {
  const part = () => Math.random().toString(36).slice(2, 12);
  return `fw-${part()}${part()}`;
}

// src/icons.js
var SVG = "http://www.w3.org/2000/svg";
var PATHS = {
  again: "M13 8a5 5 0 1 1-1.6-3.7L13 5.8 M13 2.6v3.2h-3.2",
  barred: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M3.8 12.2l8.4-8.4",
  chevron: "M4 6l4 4 4-4",
  clock: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M8 4.6V8l2.3 1.6",
  copy: "M6 6h7.2v7.2H6z M10 6V2.8H2.8V10H6",
  cross: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4",
  dots: "M3.2 8h.01 M8 8h.01 M12.8 8h.01",
  info: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M8 7.4v3.4 M8 5.1h.01",
  lock: "M3.5 7.2h9v6.3h-9z M5.3 7.2V5.3a2.7 2.7 0 0 1 5.4 0v1.9",
  plug: "M2 14l3-3 M4.2 7.4l4.4 4.4-1.3 1.3a3.1 3.1 0 0 1-4.4-4.4z M11.8 8.6L7.4 4.2l1.3-1.3a3.1 3.1 0 0 1 4.4 4.4z M14 2l-1.2 1.2",
  play: "M5 3.2l7.6 4.8L5 12.8z",
  question: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2 M8 11.3h.01",
  spinner: "M8 2a6 6 0 1 1-6 6",
  stop: "M4.2 4.2h7.6v7.6H4.2z",
  tick: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M5.3 8.2l1.9 1.9 3.6-4",
  warning: "M8 2.2l6.3 11.3H1.7z M8 6.5v3.2 M8 11.5h.01"
};
function createIcon(name) {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("class", "fw-icon");
  node.setAttribute("viewBox", "0 0 16 16");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  node.append(path);
  let drawn;
  function draw(next) {
    if (next === drawn) return;
    drawn = next;
    path.setAttribute("d", PATHS[next]);
    node.setAttribute("data-fw-icon", next);
  }
  draw(name);
  return { node, draw };
}

// src/controls.js
var PATIENCE = 5;
var ACTIONS = {
  check: { icon: "again", label: "Check now", busy: "Checking…", answered: () => true },
  stop: {
    icon: "stop",
    label: "Stop watching",
    busy: "Stopping…",
    answered: ({ clock }) => !clock.running
  },
  resume: {
    icon: "play",
    label: "Resume",
    busy: "Resuming…",
    answered: ({ clock }) => clock.running
  }
};
function createControls({ send, clicked, now, signal }) {
  const node = element("div", "fw-controls");
  const note = element("div", "fw-note", { role: "status" });
  const writeNote = textWriter(note);
  let pending;
  const slow = () => pending !== void 0 && now() - pending.since >= PATIENCE;
  const buttons = Object.entries(ACTIONS).map(([key, { icon, label, busy }]) => {
    const action = (
      /** @type {Action} */
      key
    );
    const word = element("span", "fw-button-word");
    const glyph = createIcon(icon);
    const button = element("button", "fw-button", { type: "button", hidden: "" }, [
      glyph.node,
      word
    ]);
    const write = textWriter(word);
    const writeTitle = attributeWriter(button, "title");
    const writeDisabled = attributeWriter(button, "aria-disabled");
    const show = visibilityWriter(button);
    button.addEventListener(
      "click",
      () => {
        if (pending !== void 0 && !slow()) return;
        pending = { action, since: now() };
        send({ type: action });
        clicked();
      },
      { signal }
    );
    node.append(button);
    return {
      button,
      /** @param {boolean} visible */
      update(visible) {
        const mine = pending?.action === action;
        show(visible);
        write(mine ? busy : label);
        writeTitle(mine ? busy : label);
        glyph.draw(mine ? "spinner" : icon);
        writeDisabled(pending !== void 0 && !slow() ? "true" : null);
      },
      action
    };
  });
  function update(shown) {
    if (pending !== void 0 && !shown[pending.action]) pending = void 0;
    const focused = buttons.some(({ button }) => button === button.ownerDocument.activeElement);
    for (const { action, update: write } of buttons) write(shown[action]);
    const first = buttons.find(({ action }) => shown[action]);
    const lostFocus = focused && buttons.some(({ button }) => button.hidden && isActive(button));
    if (lostFocus) first?.button.focus();
    writeNote(slow() ? "No answer from the kernel yet: it may be busy." : "");
  }
  return {
    node,
    note,
    update,
    news(fields) {
      if (pending !== void 0 && ACTIONS[pending.action].answered(fields)) pending = void 0;
    },
    waiting: () => pending !== void 0
  };
}
var isActive = (node) => node === node.ownerDocument.activeElement;

// src/copy.js
var SHOWN_FOR_MS = 2e3;
async function copyText(text2, near) {
  try {
    await navigator.clipboard.writeText(text2);
    return true;
  } catch {
    return copyBySelection(text2, near);
  }
}
function copyBySelection(text2, near) {
  const focused = document.activeElement;
  const area = element("textarea", "fw-offscreen", { "aria-hidden": "true", tabindex: "-1" });
  area.value = text2;
  near.after(area);
  area.focus();
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
function createCopyButton({ label, text: text2, signal }) {
  const word = element("span", "fw-button-word", { "aria-live": "polite" }, ["Copy"]);
  const write = textWriter(word);
  const button = element(
    "button",
    "fw-button fw-copy",
    { type: "button", "aria-label": label, title: label },
    [createIcon("copy").node, word]
  );
  write("Copy");
  let timer;
  function say(said) {
    write(said);
    button.setAttribute("aria-label", said === "Copy" ? label : said);
  }
  async function click() {
    const copied = await copyText(text2(), button);
    if (signal.aborted) return;
    say(copied ? "Copied" : "Not copied");
    clearTimeout(timer);
    timer = setTimeout(() => say("Copy"), SHOWN_FOR_MS);
  }
  button.addEventListener("click", click, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return button;
}

// src/words.js
var STATUSES = {
  "": { word: "Starting", tone: "idle", icon: "dots", final: false },
  PENDING: { word: "Queued", tone: "idle", icon: "clock", final: false },
  STARTED: { word: "Running", tone: "run", icon: "spinner", final: false },
  RETRY: { word: "Retrying", tone: "warn", icon: "again", final: false },
  SUCCESS: { word: "Succeeded", tone: "ok", icon: "tick", final: true },
  FAILURE: { word: "Failed", tone: "bad", icon: "cross", final: true },
  REVOKED: { word: "Revoked", tone: "idle", icon: "barred", final: true }
};
var NEVER_SEEN = { word: "Unknown", tone: "idle", icon: "question", final: false };
function statusWords(status, awaited2 = true) {
  if (status === "" && !awaited2) return NEVER_SEEN;
  const known = Object.hasOwn(STATUSES, status) ? STATUSES[status] : void 0;
  return known ?? { word: clip(status, 60), tone: "idle", icon: "question", final: false };
}
var HEALTHS = {
  starting: { word: "connecting", tone: "idle", icon: "dots", watching: true },
  live: { word: "live", tone: "ok", icon: "dots", watching: true },
  retrying: { word: "No good answer", tone: "warn", icon: "warning", watching: true },
  stopped: { word: "Stopped watching", tone: "idle", icon: "stop", watching: false },
  "timed out": { word: "Timed out", tone: "warn", icon: "clock", watching: false },
  refused: { word: "Token refused", tone: "bad", icon: "lock", watching: false },
  "not found": { word: "Job not found", tone: "bad", icon: "question", watching: false },
  error: { word: "Watching ended with an error", tone: "bad", icon: "warning", watching: false },
  over: { word: "over", tone: "idle", icon: "tick", watching: false }
};
function healthWords(health) {
  const known = Object.hasOwn(HEALTHS, health) ? HEALTHS[health] : void 0;
  return known ?? { word: clip(health, 60), tone: "warn", icon: "question", watching: true };
}
function percentWords(percent) {
  const cut = Math.floor(percent * 10 + 1e-9) / 10;
  return `${cut} %`;
}
function clip(text2, limit) {
  return text2.length <= limit ? text2 : `${head(text2, limit - 1)}…`;
}
function head(text2, limit) {
  const cut = text2.slice(0, limit);
  const last = cut.charCodeAt(cut.length - 1);
  return text2.length > limit && last >= 55296 && last <= 56319 ? cut.slice(0, -1) : cut;
}
function jobName(name, id) {
  if (name.trim() !== "") return clip(name, 300);
  return id === "" ? "Job" : `Job ${clip(id.split("-", 1)[0] || id, 13)}`;
}

// src/facts.js
var LONGEST = 400;
var MOST_SUBTASKS = 100;
var MOST_ROWS = 24;
function record(value) {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return (
    /** @type {Record<string, unknown>} */
    isRecord ? value : {}
  );
}
function plain(value) {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
function nameOf(info, key) {
  const nested = record(info[key]).name;
  return clip(plain(info[`${key}_name`]) || plain(nested) || plain(info[key]), LONGEST);
}
function subjects(value) {
  const info = record(value);
  const version = plain(record(info.model).version) || plain(info.model_version);
  const project = nameOf(info, "project");
  const model = nameOf(info, "model");
  const resource = nameOf(info, "resource");
  const kind = clip(plain(info.resource_type).toLowerCase().replaceAll("_", " "), 40) || "resource";
  const facts2 = [];
  if (project) facts2.push({ label: "project", value: project });
  if (model)
    facts2.push({ label: "model", value: version ? `${model} ${clip(version, 40)}` : model });
  const named = { project, model }[kind];
  if (resource && resource !== named) facts2.push({ label: kind, value: resource });
  return facts2;
}
function subtitle(info) {
  const parts = subjects(info).map(({ label, value }) => `${label} ${value}`);
  return clip(parts.join(" · "), LONGEST);
}
var FAMILIES = ["project", "model", "resource"];
function facts(value) {
  const rows = subjects(value);
  for (const [key, item] of Object.entries(record(value))) {
    if (rows.length >= MOST_ROWS) break;
    if (FAMILIES.some((family) => key === family || key.startsWith(`${family}_`))) continue;
    const text2 = typeof item === "object" && item !== null ? json(item) : plain(item);
    if (text2) rows.push({ label: clip(key.replaceAll("_", " "), 60), value: clip(text2, LONGEST) });
  }
  return rows.map(({ label, value: value2 }) => ({
    label: label.charAt(0).toUpperCase() + label.slice(1),
    value: value2
  }));
}
function json(value) {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
var ORDER = ["FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS"];
function rank({ status }) {
  const place = ORDER.indexOf(status);
  return place < 0 ? ORDER.indexOf("") : place;
}
function subtasks(extras) {
  const all = Object.entries(record(extras)).map(([id, value]) => {
    const task = record(value);
    const error = plain(task.error_message);
    return { id: clip(id, 60), status: plain(task.status), detail: clip(error, LONGEST) };
  });
  all.sort((one, other) => rank(one) - rank(other));
  return {
    total: all.length,
    done: all.filter(({ status }) => status === "SUCCESS").length,
    failed: all.filter(({ status }) => status === "FAILURE").length,
    shown: all.slice(0, MOST_SUBTASKS)
  };
}

// src/details.js
function createDetails({ memory, signal }) {
  const id = randomId();
  const toggle = element(
    "button",
    "fw-button fw-toggle",
    { type: "button", "aria-expanded": "false", "aria-controls": id, title: "Details" },
    [element("span", "fw-button-word", {}, ["Details"]), createIcon("chevron").node]
  );
  const node = element("div", "fw-details", { id, hidden: "" });
  const show = visibilityWriter(node);
  const writeExpanded = attributeWriter(toggle, "aria-expanded");
  let open = false;
  let last;
  const parts = [];
  toggle.addEventListener(
    "click",
    () => {
      memory.open = !open;
      turn();
    },
    { signal }
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
      signal
    });
    const idRow = element("div", "fw-idrow", {}, [
      element("span", "fw-term", {}, ["Job id"]),
      element("span", "fw-idvalue", {}, [jobId, copy])
    ]);
    const list = element("dl", "fw-facts");
    const tasks = element("div", "fw-tasks");
    node.append(idRow, list, tasks);
    parts.push(
      part(
        ({ fields }) => [fields.jobId],
        ({ fields }) => {
          jobId.textContent = clip(fields.jobId, 200);
        }
      ),
      part(
        ({ fields, lost }) => [
          fields.info,
          fields.status,
          fields.health,
          fields.healthDetail,
          String(lost)
        ],
        ({ fields, lost }) => list.replaceChildren(...factRows(fields, lost))
      ),
      part(
        ({ fields }) => [fields.extras],
        ({ fields }) => tasks.replaceChildren(...taskRows(fields.extras))
      )
    );
  }
  function part(inputs, write) {
    let seen;
    return () => {
      if (last === void 0) return;
      const now = inputs(last);
      if (seen !== void 0 && now.every((value, index) => value === seen?.[index])) return;
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
      const first = last === void 0;
      last = { fields, lost };
      if (first && memory.open) turn();
      else refresh();
    }
  };
}
function factRows(fields, lost) {
  const health = lost ? "connection to the kernel lost" : healthWords(fields.health).word;
  const detail = clip(fields.healthDetail.trim(), 1e3);
  const rows = [
    { label: "Status", value: clip(fields.status, 200) || "not known yet" },
    { label: "Watching", value: detail && !lost ? `${health}: ${detail}` : health },
    ...facts(fields.info)
  ];
  return rows.flatMap(({ label, value }) => [
    element("dt", "fw-term", {}, [label]),
    element("dd", "fw-value", { dir: "auto" }, [value])
  ]);
}
function taskRows(extras) {
  const { total, done, failed, shown } = subtasks(extras);
  if (total === 0) return [];
  const counted = `${done} of ${total} done${failed > 0 ? `, ${failed} failed` : ""}`;
  const rows = shown.map(({ id, status, detail }) => {
    const words = statusWords(status, false);
    const row = element("li", "fw-task", { "data-fw-tone": words.tone }, [
      element("span", "fw-task-word", {}, [createIcon(words.icon).node, words.word]),
      element("code", "fw-task-id", { title: id }, [id])
    ]);
    if (detail) row.append(element("span", "fw-task-detail", { dir: "auto" }, [detail]));
    return row;
  });
  const left = total - shown.length;
  if (left > 0) rows.push(element("li", "fw-task fw-more", {}, [`and ${left} more`]));
  return [
    element("div", "fw-tasks-head", {}, ["Subtasks", element("span", "fw-count", {}, [counted])]),
    element("ul", "fw-tasklist", { tabindex: "0", "aria-label": "Subtasks" }, rows)
  ];
}

// src/failure.js
var MESSAGE_LIMIT = 2e4;
function createFailure(signal) {
  let full = "";
  const reason = element("bdi", "fw-reason", { dir: "auto" });
  const message = element("div", "fw-message", {
    dir: "auto",
    role: "region",
    "aria-label": "Error message",
    tabindex: "0"
  });
  const cut = element("div", "fw-cut");
  const copy = createCopyButton({ label: "Copy error message", text: () => full, signal });
  const node = element("div", "fw-failure", { hidden: "" }, [
    element("div", "fw-failure-head", {}, [createIcon("warning").node, reason, copy]),
    message,
    cut
  ]);
  const writeTone = attributeWriter(node, "data-fw-tone");
  const writeReason = textWriter(reason);
  const writeMessage = textWriter(message);
  const writeCut = textWriter(cut);
  const show = visibilityWriter(node);
  const showMessage = visibilityWriter(message);
  const showCut = visibilityWriter(cut);
  function update(failure) {
    show(failure !== null);
    if (failure === null) return;
    full = failure.message || failure.reason;
    writeTone(failure.tone);
    writeReason(failure.reason);
    const shown = head(failure.message, MESSAGE_LIMIT);
    writeMessage(shown);
    showMessage(shown !== "" && shown !== failure.reason);
    const isCut = shown.length < failure.message.length;
    showCut(isCut);
    if (isCut) {
      writeCut(
        `The first ${count(shown.length)} of ${count(failure.message.length)} characters; Copy takes them all.`
      );
    }
  }
  return { node, update };
}
var count = (number) => number.toLocaleString("en-US");

// src/present.js
function present(fields, moment) {
  const health = healthWords(fields.health);
  const status = statusWords(fields.status, fields.clock.running || health.watching);
  const watching = fields.clock.running && !status.final;
  const lost = moment.lost && watching;
  const percent = percentOf(fields);
  const percentText = percent === null ? "" : percentWords(percent);
  return {
    tone: status.tone,
    icon: status.icon,
    word: status.word,
    final: status.final,
    name: jobName(fields.name, fields.jobId),
    subtitle: subtitle(fields.info) || awaited(fields),
    percent,
    percentText,
    valueText: `${percentText || "not known"}${lost ? ", connection to the kernel lost" : ""}`,
    unknown: percent === null && !status.final && fields.status !== "",
    moving: watching && !lost && (fields.health === "live" || fields.health === "starting"),
    chip: chipOf(fields, watching && !lost),
    left: leftText(fields, moment, watching && !lost),
    time: timeText(fields, moment, watching, lost),
    held: lost || !watching && !status.final && !health.watching,
    lost,
    notice: lost ? lostNotice(moment) : status.final ? null : noticeOf(fields, health, moment),
    failure: failureOf(fields),
    controls: controlsOf(fields, watching, lost, status.final || health.watching)
  };
}
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  const known = status !== "" && !indeterminate && Number.isFinite(progress);
  return known ? Math.min(100, Math.max(0, progress)) : null;
}
function awaited({ health, healthDetail }) {
  return health === "starting" ? clip(healthDetail.trim(), 400) : "";
}
function chipOf({ health }, current) {
  return current && (health === "live" || health === "starting") ? healthWords(health).word : "";
}
function timeText({ clock }, moment, watching, lost) {
  if (lost) return `as of ${duration(moment.sinceNews)} ago`;
  if (watching) return `watching for ${duration(clock.watched + moment.sinceNews)}`;
  return clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
}
function leftText({ health, timeLeft }, { sinceNews }, current) {
  if (!current || health !== "live" || timeLeft === null) return "";
  return rangeLeft(timeLeft[0] - sinceNews, timeLeft[1] - sinceNews);
}
function lostNotice({ sinceNews }) {
  return {
    tone: "warn",
    icon: "plug",
    head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
    detail: "The job itself may well go on."
  };
}
function noticeOf(fields, health, moment) {
  const { clock } = fields;
  const detail = clip(fields.healthDetail.trim(), 1e3);
  if (fields.health === "over" || fields.health === "starting") return null;
  if (fields.health === "live") {
    return detail ? { tone: "idle", icon: "info", head: "", detail } : null;
  }
  let head2 = health.word;
  const said = detail ? [beyond(head2, detail)] : [];
  if (fields.health === "retrying") {
    head2 = `${head2}: ${nextTry(clock.retry, moment.sinceNews)}`;
    if (clock.silent !== null) {
      said.push(`Last good answer ${duration(clock.silent + moment.sinceNews)} ago.`);
    }
  } else if (fields.status !== "" && !clock.running) {
    const seen = timeOfDay(clock.now - (clock.silent ?? 0), moment.wall);
    if (seen) said.push(`Shown as last seen at ${seen}.`);
  }
  return { tone: health.tone, icon: health.icon, head: head2, detail: said.join(" ") };
}
function nextTry(retry, since) {
  if (retry === null) return "trying again";
  const left = Math.ceil(retry - since);
  return left <= 0 ? "trying now" : `next try in ${duration(left)}`;
}
function beyond(heading, text2) {
  const repeats = text2.toLowerCase().startsWith(`${heading.toLowerCase()};`);
  const rest = repeats ? text2.slice(heading.length + 1).trim() : text2;
  const full = /[.!?…]$/.test(rest) ? rest : `${rest}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}
function failureOf({ status, errorReason, errorMessage }) {
  const reason = clip(errorReason.trim(), 500);
  const failed = status === "FAILURE";
  if (!failed && reason === "" && errorMessage === "") return null;
  const headless = failed ? "The job failed" : "The platform reports an error";
  const none = failed && reason === "" && errorMessage === "";
  return {
    tone: failed ? "bad" : "warn",
    reason: none ? "The job failed without saying why" : reason || headless,
    message: errorMessage
  };
}
function controlsOf({ controls, clock }, watching, lost, noResume) {
  const usable = controls && !lost;
  return {
    check: usable && watching,
    stop: usable && watching,
    resume: usable && !clock.running && !noResume
  };
}

// src/speech.js
var quarterOf = ({ percent }) => percent === null ? 0 : Math.floor(percent / 25);
function healthSpoken({ lost, notice, chip }) {
  if (lost) return "connection to the kernel lost";
  if (notice?.head) return notice.head.split(":", 1)[0] ?? "";
  return chip;
}
function createSpeech() {
  let before;
  return (shown) => {
    const now = { word: shown.word, health: healthSpoken(shown), quarter: quarterOf(shown) };
    const last = before;
    before = now;
    if (last === void 0) return "";
    const news = [];
    if (now.word !== last.word) news.push(now.word.toLowerCase());
    if (now.health !== last.health && now.health !== "") news.push(now.health);
    if (now.quarter > last.quarter && !shown.final) news.push(`${now.quarter * 25} %`);
    if (news.length === 0) return "";
    const reason = shown.final && shown.failure ? `: ${clip(shown.failure.reason, 200)}` : "";
    return `${clip(shown.name, 80)}: ${news.join(", ")}${reason}`;
  };
}

// src/ticker.js
var KEY = /* @__PURE__ */ Symbol.for("fiddler_widgets.ticker.1");
var monotonic = () => performance.now() / 1e3;
function createTicker() {
  const ticks = /* @__PURE__ */ new Set();
  let timer;
  let last = 0;
  function run() {
    const now = monotonic();
    const woke = now - last > ASLEEP_AFTER;
    last = now;
    for (const tick of [...ticks]) tick(woke);
  }
  function shown() {
    if (document.visibilityState === "visible") run();
  }
  return {
    add(tick) {
      ticks.add(tick);
      if (timer !== void 0) return;
      last = monotonic();
      timer = setInterval(run, 1e3);
      document.addEventListener("visibilitychange", shown);
    },
    remove(tick) {
      ticks.delete(tick);
      if (ticks.size > 0 || timer === void 0) return;
      clearInterval(timer);
      timer = void 0;
      document.removeEventListener("visibilitychange", shown);
    }
  };
}
function pageTicker() {
  const page = (
    /** @type {Record<symbol, Ticker | undefined>} */
    /** @type {unknown} */
    globalThis
  );
  page[KEY] ??= createTicker();
  return page[KEY];
}

// src/card.js
var FAIR_AT_LOAD = 7;
function createCard({ el, read, send, memory, signal }) {
  const ticker = pageTicker();
  let fields = read();
  let newsAt = monotonic() - ageAtLoad(fields.clock, Date.now() / 1e3);
  let trustedSince = monotonic() - STALE_AFTER + FAIR_AT_LOAD;
  let ticking = false;
  const controls = createControls({ send, clicked: render2, now: monotonic, signal });
  const face = createFace(controls, memory, signal);
  function render2() {
    const now = monotonic();
    const lost = now - Math.max(newsAt, trustedSince) >= STALE_AFTER;
    const moment = { sinceNews: Math.max(0, now - newsAt), lost, wall: Date.now() / 1e3 };
    const shown = present(fields, moment);
    face(shown, fields);
    controls.update(shown.controls, now);
    keepTicking(fields.clock.running && !shown.final || controls.waiting());
  }
  function keepTicking(wanted) {
    if (wanted === ticking) return;
    ticking = wanted;
    if (wanted) ticker.add(tick);
    else ticker.remove(tick);
  }
  function tick(woke) {
    if (woke) trustedSince = monotonic();
    render2();
  }
  function news() {
    fields = read();
    newsAt = monotonic();
    controls.news(fields);
    render2();
  }
  render2();
  el.append(face.node);
  signal.addEventListener(
    "abort",
    () => {
      keepTicking(false);
      face.node.remove();
    },
    { once: true }
  );
  return news;
}
function createFace(controls, memory, signal) {
  const nameId = randomId();
  const icon = createIcon("dots");
  const word = element("bdi", "fw-word", { dir: "auto" });
  const name = element("bdi", "fw-name", { id: nameId, dir: "auto" });
  const percent = element("span", "fw-percent", { "aria-hidden": "true" });
  const what = element("bdi", "fw-what", { dir: "auto" });
  const chip = element("span", "fw-chip");
  const left = element("span", "fw-left");
  const time = element("span", "fw-time");
  const fill = element("div", "fw-fill");
  const bar = element(
    "div",
    "fw-bar",
    {
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": "100"
    },
    [fill]
  );
  const notice = createNotice();
  const failure = createFailure(signal);
  const details = createDetails({ memory, signal });
  const spoken = element("div", "fw-speech fw-offscreen", {
    role: "status",
    "aria-live": "polite"
  });
  const card = element("div", "fw-card", { role: "group", "aria-labelledby": nameId }, [
    element("div", "fw-head", {}, [
      element("span", "fw-badge", {}, [icon.node, word]),
      name,
      percent,
      element("div", "fw-actions", {}, [controls.node, details.toggle])
    ]),
    element("div", "fw-sub", {}, [what, element("span", "fw-when", {}, [chip, left, time])]),
    controls.note,
    bar,
    notice.node,
    failure.node,
    details.node,
    spoken
  ]);
  const writers = {
    tone: attributeWriter(card, "data-fw-tone"),
    moving: attributeWriter(card, "data-fw-moving"),
    health: attributeWriter(card, "data-fw-health"),
    held: attributeWriter(card, "data-fw-held"),
    lost: attributeWriter(card, "data-fw-lost"),
    word: textWriter(word),
    name: textWriter(name),
    nameTitle: attributeWriter(name, "title"),
    percent: textWriter(percent),
    what: textWriter(what),
    whatTitle: attributeWriter(what, "title"),
    chip: textWriter(chip),
    left: textWriter(left),
    time: textWriter(time),
    label: attributeWriter(bar, "aria-label"),
    value: attributeWriter(bar, "aria-valuenow"),
    valueText: attributeWriter(bar, "aria-valuetext"),
    unknown: attributeWriter(bar, "data-fw-unknown"),
    spoken: textWriter(spoken)
  };
  const speech = createSpeech();
  let filled = null;
  function write(shown, fields) {
    writers.tone(shown.tone);
    writers.moving(shown.moving ? "" : null);
    writers.health(fields.health);
    writers.held(shown.held ? "" : null);
    writers.lost(shown.lost ? "" : null);
    icon.draw(shown.icon);
    writers.word(shown.word);
    writers.name(shown.name);
    writers.nameTitle(shown.name);
    writers.percent(shown.percentText);
    writers.what(shown.subtitle);
    writers.whatTitle(shown.subtitle || null);
    writers.chip(shown.chip);
    writers.left(shown.left);
    writers.time(shown.time);
    writers.label(`Progress of ${shown.name}`);
    writers.value(shown.percent === null ? null : String(Math.floor(shown.percent * 10) / 10));
    writers.valueText(shown.valueText);
    writers.unknown(shown.unknown ? "" : null);
    if (shown.percent !== filled) {
      filled = shown.percent;
      fill.style.transform = `scaleX(${(filled ?? 0) / 100})`;
    }
    notice.update(shown.notice);
    failure.update(shown.failure);
    details.update(fields, shown.lost);
    const said = speech(shown);
    if (said) writers.spoken(said);
  }
  return Object.assign(write, { node: card });
}
function createNotice() {
  const icon = createIcon("info");
  const head2 = element("bdi", "fw-notice-head", { dir: "auto" });
  const detail = element("bdi", "fw-notice-detail", { dir: "auto" });
  const node = element("div", "fw-notice", { hidden: "" }, [
    icon.node,
    element("div", "fw-notice-text", {}, [head2, detail])
  ]);
  const show = visibilityWriter(node);
  const writeTone = attributeWriter(node, "data-fw-tone");
  const writeHead = textWriter(head2);
  const writeDetail = textWriter(detail);
  return {
    node,
    update(notice) {
      show(notice !== null);
      if (notice === null) return;
      writeTone(notice.tone);
      icon.draw(notice.icon);
      writeHead(notice.head);
      writeDetail(notice.detail);
    }
  };
}

// src/job_widget.js
var text = (value) => typeof value === "string" ? value : "";
function readJob(model) {
  return {
    jobId: text(model.get("job_id")),
    name: text(model.get("name")),
    status: text(model.get("status")),
    progress: model.get("progress"),
    indeterminate: model.get("indeterminate") === true,
    errorReason: text(model.get("error_reason")),
    errorMessage: text(model.get("error_message")),
    info: model.get("info"),
    extras: model.get("extras"),
    health: text(model.get("health")),
    healthDetail: text(model.get("health_detail")),
    timeLeft: readRange(model.get("time_left")),
    clock: readClock(model.get("_clock")),
    controls: model.get("_controls") === true
  };
}
var memories = /* @__PURE__ */ new WeakMap();
function memoryOf(layout) {
  if (typeof layout !== "object" || layout === null) return {};
  const memory = memories.get(layout) ?? {};
  memories.set(layout, memory);
  return memory;
}
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const view = randomId();
  function send(message2) {
    try {
      model.send(message2);
    } catch {
    }
  }
  const greet = (type) => send({ type, view });
  const memory = memoryOf(model.get("layout"));
  const news = createCard({ el, read: () => readJob(model), send, memory, signal });
  function message(content) {
    if (
      /** @type {{type?: unknown} | null} */
      content?.type === "ping"
    ) greet("hello");
    news();
  }
  model.on("change", news);
  model.on("msg:custom", message);
  greet("hello");
  window.addEventListener("pagehide", () => greet("bye"), { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && greet("hello"), { signal });
  function remove() {
    if (signal.aborted) return;
    host?.removeEventListener("abort", remove);
    controller.abort();
    model.off("change", news);
    model.off("msg:custom", message);
    greet("bye");
  }
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}
var job_widget_default = { render };
export {
  job_widget_default as default
};

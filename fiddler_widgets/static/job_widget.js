// src/dom.js
function element(tag, className, attributes = {}, children = []) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function svg(tag, attributes, children = []) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
var written = /* @__PURE__ */ new WeakMap();
function patch(node, wanted) {
  const before = written.get(node) ?? {};
  written.set(node, before);
  for (const name in wanted) {
    const given = wanted[name] ?? null;
    const value = given === true ? "" : given === false ? null : given;
    if (before[name] === value) continue;
    before[name] = value;
    if (name === "text") node.textContent = value;
    else if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}
function randomId() {
  const part = () => Math.random().toString(36).slice(2, 12);
  return `fw-${part()}${part()}`;
}

// src/icons.js
var PATHS = {
  again: "M13 8a5 5 0 1 1-1.6-3.7L13 5.8 M13 2.6v3.2h-3.2",
  barred: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M3.8 12.2l8.4-8.4",
  bell: "M3.2 11.6h9.6 M4.4 11.6V7.4a3.6 3.6 0 0 1 7.2 0v4.2 M6.8 13.8h2.4",
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
  const path = svg("path", {});
  const look = { class: "fw-icon", viewBox: "0 0 16 16", "aria-hidden": "true" };
  const node = svg("svg", look, [path]);
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
  const known2 = Object.hasOwn(STATUSES, status) ? STATUSES[status] : void 0;
  return known2 ?? { word: clip(status, 60), tone: "idle", icon: "question", final: false };
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
  const known2 = Object.hasOwn(HEALTHS, health) ? HEALTHS[health] : void 0;
  return known2 ?? { word: clip(health, 60), tone: "warn", icon: "question", watching: true };
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

// src/bell.js
var MARKS = { ok: "✓ ", bad: "✗ ", idle: "■ ", run: "", warn: "" };
function markTitle(tone) {
  const mark = MARKS[tone];
  if (document.title.startsWith(mark)) return;
  document.title = mark + document.title;
  function seen() {
    if (document.hidden) return;
    if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    document.removeEventListener("visibilitychange", seen);
  }
  document.addEventListener("visibilitychange", seen);
}
var permission = () => globalThis.Notification?.permission ?? "denied";
function notify({ name, word, failure, subtitle }, jobId) {
  if (permission() !== "granted") return;
  try {
    const body = clip(failure?.reason ?? subtitle, 200);
    const said = new Notification(`${word}: ${clip(name, 80)}`, { body, tag: jobId, silent: true });
    said.onclick = () => globalThis.focus();
  } catch {
  }
}
function createTeller(memory) {
  let over;
  return (shown, fields) => {
    memory.notify ??= fields.notify;
    const news = over === false && shown.final && !memory.told;
    over = shown.final;
    memory.told = shown.final;
    if (!news || !memory.notify || !document.hidden) return;
    markTitle(shown.tone);
    notify(shown, fields.jobId);
  };
}
function createBell(memory, signal) {
  const icon = createIcon("bell").node;
  const button = element("button", "fw-button", { type: "button" }, [
    icon,
    "Tell me when it is over"
  ]);
  const hint = element("span", "fw-hint", { role: "status" });
  const node = element("div", "fw-bell", {}, [button, hint]);
  function draw() {
    const on = memory.notify === true;
    const how = permission() === "granted" ? "a notification" : "a mark in the title";
    patch(button, { "aria-pressed": String(on) });
    patch(hint, { text: on ? `By ${how}, while this page is hidden.` : "" });
  }
  button.addEventListener(
    "click",
    async () => {
      memory.notify = memory.notify !== true;
      draw();
      if (memory.notify && permission() === "default") await Notification.requestPermission();
      if (!signal.aborted) draw();
    },
    { signal }
  );
  draw();
  return { node, update: (offered) => patch(node, { hidden: !offered }) };
}

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
    retry: secondsOrNull(raw.retry),
    phase: secondsOrNull(raw.phase) ?? 0,
    still: secondsOrNull(raw.still) ?? 0,
    stall: secondsOrNull(raw.stall),
    retries: Math.floor(secondsOrNull(raw.retries) ?? 0)
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
  const hours2 = Math.floor(minutes / 60);
  if (hours2 < 24) return pair(hours2, "h", minutes % 60, "min");
  return pair(Math.floor(hours2 / 24), "d", hours2 % 24, "h");
}
function pair(big, bigUnit, small, smallUnit) {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
var hours;
function timeOfDay(epoch, wall) {
  if (!(epoch > 0)) return "";
  const then = new Date(epoch * 1e3);
  hours ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
  const time = hours.format(then);
  const sameDay = then.toDateString() === new Date(wall * 1e3).toDateString();
  return sameDay ? time : `${then.toLocaleDateString()}, ${time}`;
}

// src/controls.js
var PATIENCE = 5;
var ACTIONS = {
  check: { icon: "again", label: "Check now", busy: "Checking…", answered: () => true },
  stop: {
    icon: "stop",
    label: "Stop watching",
    busy: "Stopping the watch…",
    answered: ({ clock }) => !clock.running
  },
  resume: {
    icon: "play",
    label: "Resume watching",
    busy: "Resuming…",
    answered: ({ clock }) => clock.running
  }
};
function createControls({ send, clicked, now, signal }) {
  const node = element("div", "fw-controls");
  const note = element("div", "fw-note", { role: "status" });
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
        const said = mine ? busy : label;
        patch(word, { text: said });
        glyph.draw(mine ? "spinner" : icon);
        const disabled = pending !== void 0 && !slow() ? "true" : null;
        patch(button, { hidden: !visible, title: said, "aria-disabled": disabled });
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
    patch(note, { text: slow() ? "No answer from the kernel yet: it may be busy." : "" });
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
  const button = element(
    "button",
    "fw-button fw-copy",
    { type: "button", "aria-label": label, title: label },
    [createIcon("copy").node, word]
  );
  let timer;
  function say(said) {
    patch(word, { text: said });
    patch(button, { "aria-label": said === "Copy" ? label : said });
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

// src/subtasks.js
var MOST_SUBTASKS = 1e3;
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
var ORDER = ["FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS"];
function rank({ status }) {
  const place = ORDER.indexOf(status);
  return place < 0 ? ORDER.indexOf("") : place;
}
var known = /* @__PURE__ */ new WeakMap();
function subtasks(extras) {
  const given = record(extras);
  const counted = known.get(given) ?? count(given);
  known.set(given, counted);
  return counted;
}
function count(extras) {
  const all = Object.entries(extras).map(([id, value]) => {
    const task = record(value);
    return { id, status: plain(task.status), detail: plain(task.error_message) };
  });
  all.sort((one, other) => rank(one) - rank(other));
  const shown = all.slice(0, MOST_SUBTASKS);
  const of = (wanted) => all.filter(({ status }) => status === wanted).length;
  return { total: all.length, done: of("SUCCESS"), failed: of("FAILURE"), shown };
}

// src/tasks.js
var LONGEST = 2e3;
function createTasks(signal) {
  const counted = element("span", "fw-count");
  const list = element("ul", "fw-tasklist", { tabindex: "0", "aria-label": "Subtasks" });
  const more = element("li", "fw-task fw-more");
  const node = element("div", "fw-tasks", { hidden: "" }, [
    element("div", "fw-tasks-head", {}, ["Subtasks", counted]),
    list
  ]);
  let rows = /* @__PURE__ */ new Map();
  let seen;
  function update(extras) {
    if (extras === seen) return;
    seen = extras;
    const { total, done, failed, shown } = subtasks(extras);
    patch(node, { hidden: total === 0 });
    const ill = failed > 0 ? `, ${failed} failed` : "";
    patch(counted, { text: `${done} of ${total} done${ill}` });
    const kept = /* @__PURE__ */ new Map();
    for (const task of shown) {
      const row = rows.get(task.id) ?? createRow(task.id, signal);
      kept.set(task.id, row);
      row.update(task);
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
function createRow(id, signal) {
  const icon = createIcon("question");
  const word = element("span", "");
  const node = element("li", "fw-task", {}, [
    element("span", "fw-task-word", {}, [icon.node, word]),
    element("code", "fw-task-id", { title: id }, [clip(id, 60)])
  ]);
  let detail;
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
      if (full && detail === void 0) {
        const label = `Copy the error of ${clip(id, 60)}`;
        copy = createCopyButton({ label, text: () => full, signal });
        detail = element("span", "fw-task-detail", { dir: "auto" });
        node.append(copy, detail);
      }
      if (detail) patch(detail, { text: clip(full, LONGEST), hidden: full === "" });
      if (copy) patch(copy, { hidden: full === "" });
    }
  };
}

// src/timeline.js
var KINDS = {
  q: "queued",
  r: "running",
  t: "retrying",
  o: "outage",
  u: "not watched",
  x: "another status",
  e: "over"
};
var MOVES = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  Home: -Infinity,
  End: Infinity
};
var MOST_STEPS = 100;
var WIDTH = 1e3;
function readHistory(value) {
  const { start, steps } = Object(value);
  if (!Number.isFinite(start) || !Array.isArray(steps)) return null;
  const read = [];
  for (const step of steps.slice(0, MOST_STEPS)) {
    const [at, percent, kind] = Array.isArray(step) ? step : [];
    if (!Number.isFinite(at) || at < (read.at(-1)?.at ?? 0)) continue;
    const known2 = Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null;
    read.push({ at, percent: known2, kind: Object.hasOwn(KINDS, kind) ? kind : "x" });
  }
  return read.length > 0 ? { start, steps: read } : null;
}
function layout(steps, end) {
  const x = (at) => Math.round(Math.min(at, end) / end * WIDTH * 10) / 10;
  const y = (percent) => Math.round(780 - percent * 7.2) / 10;
  let [seen, between, area] = ["", "", ""];
  const phases = /* @__PURE__ */ new Map();
  for (const [index, { at, percent, kind }] of steps.entries()) {
    if (kind === "e") break;
    const next = steps[index + 1];
    const to = next?.at ?? end;
    const phase = phases.get(kind) ?? { path: "", seconds: 0 };
    phases.set(kind, phase);
    phase.path += `${steps[index - 1]?.kind === kind ? "" : `M${x(at)} 92`}H${x(to)}`;
    phase.seconds += Math.max(0, to - at);
    const then = next === void 0 ? percent : next.percent;
    if (percent === null || then === null) continue;
    const piece = `M${x(at)} ${y(percent)}L${x(to)} ${y(then)}`;
    area += `${piece}V78H${x(at)}Z`;
    if (kind === "o" || kind === "u") between += piece;
    else seen += piece;
  }
  return { seen, between, area, phases, x, y };
}
function createTimeline({ signal }) {
  const paths = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick", "dot"].map(
    (part) => svg("path", { class: "fw-stroke", "data-fw-part": part })
  );
  const drawing = svg("svg", { preserveAspectRatio: "none" }, paths);
  drawing.setAttribute("aria-hidden", "true");
  const plot = element("div", "fw-plot", { role: "slider", tabindex: "0" }, [drawing]);
  const from = element("span", "");
  const to = element("span", "");
  const legend = element("div", "fw-legend");
  const axis = element("div", "fw-axis", {}, [from, to]);
  const node = element("div", "fw-timeline", { hidden: "" }, [plot, axis, legend]);
  let steps = [];
  let start = 0;
  let end = 1;
  let wall = 0;
  let drawn;
  let drawnAt = 0;
  let looked = null;
  let told = "";
  function picked() {
    if (looked === null) return steps.length - 1;
    const { at, percent, kind } = looked;
    const same = (step) => step.at === at && step.percent === percent && step.kind === kind;
    const index = steps.findIndex(same);
    return index < 0 ? nearest(at) : index;
  }
  function nearest(at) {
    const far = steps.map((step) => Math.abs(step.at - at));
    return far.lastIndexOf(Math.min(...far));
  }
  function look(step = null) {
    looked = step;
    draw();
  }
  function draw() {
    const { seen, between, area, phases, x, y } = layout(steps, end);
    const index = picked();
    const { at, percent, kind } = steps[index] ?? { at: 0, percent: null, kind: "x" };
    const top = area === "" ? 80 : 0;
    patch(drawing, { viewBox: `0 ${top} 1000 ${100 - top}` });
    const wanted = {
      seen,
      between,
      area,
      full: area && "M0 6H1000",
      pick: looked === null ? "" : `M${x(at)} ${top}V100`,
      dot: looked === null || percent === null || top > 0 ? "" : `M${x(at)} ${y(percent)}h.01`
    };
    for (const [name, { path }] of phases) wanted[name] = path;
    for (const path of paths)
      patch(path, { d: wanted[path.getAttribute("data-fw-part") ?? ""] ?? "" });
    patch(plot, { "data-fw-flat": top > 0 });
    const far = percent === null ? "" : `, ${percentWords(percent)}`;
    const when = `${duration(at)} after the first look, at ${timeOfDay(start + at, wall)}`;
    const said = `${when}: ${KINDS[kind]}${far}`;
    patch(plot, { "aria-valuemax": String(steps.length - 1), "aria-valuenow": String(index) });
    const value = `${index} ${kind} ${percent}`;
    if (value !== told || !plot.matches(":focus")) patch(plot, { "aria-valuetext": said });
    told = value;
    const lasted = [...phases].map(([name, { seconds }]) => [
      name,
      `${KINDS[name]} ${duration(seconds)}`
    ]);
    const shows = looked === null ? JSON.stringify(lasted) : said;
    if (legend.dataset.fwShows === shows) return;
    legend.dataset.fwShows = shows;
    legend.style.minHeight = looked === null ? "" : `${legend.getBoundingClientRect().height}px`;
    legend.replaceChildren(...looked === null ? lasted.map(keyOf) : [said]);
  }
  function keyOf([name = "", text2 = ""]) {
    const sample = svg("path", { class: "fw-stroke", "data-fw-part": name, d: "M0 5H20" });
    const key = svg("svg", { viewBox: "0 0 20 10", "aria-hidden": "true" }, [sample]);
    return element("span", "", {}, [key, text2]);
  }
  plot.addEventListener(
    "keydown",
    (event) => {
      const { key } = event;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (key === "Escape" && looked !== null) look();
      else if (Object.hasOwn(MOVES, key)) {
        const index = picked() + (MOVES[key] ?? 0);
        look(steps[Math.min(steps.length - 1, Math.max(0, index))]);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal }
  );
  plot.addEventListener("blur", () => look(), { signal });
  plot.addEventListener("pointerleave", () => plot.matches(":focus") || look(), { signal });
  function point({ clientX, type }) {
    if (type === "pointerdown") plot.focus({ preventScroll: true });
    const { left, width } = plot.getBoundingClientRect();
    look(steps[nearest((clientX - left) / (width || 1) * end)]);
  }
  plot.addEventListener("pointerdown", point, { signal });
  plot.addEventListener("pointermove", point, { signal });
  function update(shown, { history, clock }, moment) {
    const last = history?.steps.at(-1);
    if (!history || !last) return patch(node, { hidden: true });
    if (history === drawn && moment.wall - drawnAt < 1 && !shown.final) return;
    drawn = history;
    drawnAt = moment.wall;
    const news = clock.now - history.start;
    const going = clock.running && last.kind !== "e";
    steps = history.steps;
    if (going && news > last.at) steps = [...steps, { ...last, at: news, percent: shown.percent }];
    const until = last.kind === "e" ? last.at : news + (going && !shown.lost ? moment.sinceNews : 0);
    patch(node, { hidden: until < 1 });
    if (until < 1) return;
    ({ start } = history);
    ({ wall } = moment);
    end = Math.max(until, steps.at(-1)?.at ?? 0);
    patch(plot, { "aria-label": `Timeline of ${shown.name}`, "aria-valuemin": "0" });
    patch(from, { text: timeOfDay(start, wall) });
    const prefix = last.kind === "e" ? "over " : going && !shown.lost ? "now " : "";
    patch(to, { text: prefix + timeOfDay(start + end, wall) });
    draw();
  }
  return { node, update };
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
  let open = false;
  let last;
  let parts = [];
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
    if (open && parts.length === 0) parts = build();
    refresh();
    patch(toggle, { "aria-expanded": String(open) });
    patch(node, { hidden: !open });
  }
  function build() {
    const jobId = element("code", "fw-id");
    const text2 = () => last?.fields.jobId ?? "";
    const copy = createCopyButton({ label: "Copy job id", text: text2, signal });
    const list = element("dl", "fw-facts");
    const timeline = createTimeline({ signal });
    const bell = createBell(memory, signal);
    const tasks = createTasks(signal);
    node.append(
      timeline.node,
      element("div", "fw-idrow", {}, [
        element("span", "fw-term", {}, ["Job id"]),
        element("span", "fw-idvalue", {}, [jobId, copy])
      ]),
      list,
      bell.node,
      tasks.node
    );
    let rows = "";
    const writers = [
      ({ fields }) => patch(jobId, { text: clip(fields.jobId, 200) }),
      (given) => {
        const wanted = factRows(given);
        if (JSON.stringify(wanted) === rows) return;
        rows = JSON.stringify(wanted);
        list.replaceChildren(
          ...wanted.flatMap(([label, value]) => [
            element("dt", "fw-term", {}, [label]),
            element("dd", "fw-value", { dir: "auto" }, [value])
          ])
        );
      },
      ({ shown, fields }) => bell.update(fields.clock.running && !shown.final),
      ({ fields }) => tasks.update(fields.extras),
      ({ shown, fields, moment }) => timeline.update(shown, fields, moment)
    ];
    return writers;
  }
  function refresh() {
    if (open && last !== void 0) for (const write of parts) write(last);
  }
  return {
    toggle,
    node,
    update(shown, fields, moment) {
      const first = last === void 0;
      last = { shown, fields, moment };
      if (first && memory.open) turn();
      else refresh();
    }
  };
}
function factRows({ shown, fields, moment }) {
  const { status, health, healthDetail, timeLeft, clock, said } = fields;
  const word = shown.lost ? "connection to the kernel lost" : healthWords(health).word;
  const detail = clip(healthDetail.trim(), 1e3);
  const rows = [
    ["Status", clip(status, 200) || "not known yet"],
    ["Watching", detail && !shown.lost ? `${word}: ${detail}` : word]
  ];
  if (clock.retries > 0) rows.push(["Retries seen", String(clock.retries)]);
  if (timeLeft !== null && shown.left && !shown.stalled) {
    const at = (left) => timeOfDay(moment.wall - moment.sinceNews + left, moment.wall);
    const [from, to] = [at(timeLeft[0]), at(timeLeft[1])];
    rows.push(["Expected end", from === to ? `about ${from}` : `${from} to ${to}`]);
  }
  for (const [label, value] of said.facts) rows.push([String(label), clip(String(value), 500)]);
  return rows;
}

// src/failure.js
var MESSAGE_LIMIT = 2e4;
function createFailure(node, signal) {
  let full = "";
  let unfolded = false;
  const reason = element("bdi", "fw-reason", { dir: "auto" });
  const message = element("div", "fw-message", {
    dir: "auto",
    role: "group",
    "aria-label": "Error message",
    tabindex: "0"
  });
  const cut = element("div", "fw-cut");
  const fold = element("button", "fw-button fw-fold", { type: "button" });
  const copy = createCopyButton({ label: "Copy error message", text: () => full, signal });
  node.append(
    element("div", "fw-failure-head", {}, [createIcon("warning").node, reason, copy]),
    message,
    fold,
    cut
  );
  let last;
  fold.addEventListener(
    "click",
    () => {
      unfolded = !unfolded;
      if (last) update(last);
    },
    { signal }
  );
  function update(failure) {
    last = failure;
    full = failure.message || failure.reason;
    patch(node, { "data-fw-tone": failure.tone });
    patch(reason, { text: failure.reason });
    const most = head(failure.message, MESSAGE_LIMIT);
    const folded = failure.lead !== failure.message;
    const shown = folded && !unfolded ? failure.lead : most;
    patch(message, { text: shown, hidden: shown === "" || shown === failure.reason });
    patch(fold, {
      text: unfolded ? "Show less" : "Show the whole message",
      "aria-expanded": String(unfolded),
      hidden: !folded
    });
    const isCut = shown === most && most.length < failure.message.length;
    const counts = [most, failure.message].map(({ length }) => length.toLocaleString("en-US"));
    const said = `The first ${counts.join(" of ")} characters; Copy takes them all.`;
    patch(cut, { text: isCut ? said : "", hidden: !isCut });
  }
  return update;
}

// src/present.js
function present(fields, moment) {
  const health = healthWords(fields.health);
  const status = statusWords(fields.status, fields.clock.running || health.watching);
  const watching = fields.clock.running && !status.final;
  const lost = moment.lost && watching;
  const held = lost || !watching && !status.final && !health.watching;
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
    left: still > 0 ? `no progress for ${duration(still)}` : leftText(fields, moment, watching && !lost),
    stalled: still > 0,
    time: timeText(fields, moment, watching, lost),
    held,
    lost,
    notice: lost ? lostNotice(moment) : status.final ? null : noticeOf(fields, health, moment),
    failure: failureOf(fields),
    next: clip(fields.said.next, 400),
    controls: controlsOf(fields, watching, lost, status.final || health.watching)
  };
}
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  const known2 = status !== "" && !indeterminate && Number.isFinite(progress);
  return known2 ? Math.min(100, Math.max(0, progress)) : null;
}
function awaited({ health, healthDetail }) {
  return health === "starting" ? clip(healthDetail.trim(), 400) : "";
}
function chipOf({ health }, current) {
  return current && (health === "live" || health === "starting") ? healthWords(health).word : "";
}
function timeText({ clock, status, health }, { sinceNews, wall }, watching, lost) {
  if (lost) return `as of ${duration(sinceNews)} ago`;
  if (watching && status === "PENDING") return `queued for ${duration(clock.phase + sinceNews)}`;
  if (watching) return `watching for ${duration(clock.watched + sinceNews)}`;
  const watched = clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
  const seen = health === "over" ? timeOfDay(clock.now - (clock.silent ?? 0), wall) : "";
  return [watched, seen && `over by ${seen}`].filter(Boolean).join(" · ");
}
function stillFor({ health, clock }, { sinceNews }, current) {
  const still = clock.still + sinceNews;
  return current && health === "live" && clock.stall !== null && still >= clock.stall ? still : 0;
}
function tasksText({ extras }) {
  const { total, done, failed } = subtasks(extras);
  if (total === 0) return "";
  return failed > 0 ? `${failed} of ${total} subtasks failed` : `${done} of ${total} subtasks done`;
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
    detail: "The job may still go on. When the kernel is back, run the cell again."
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
    lead: said.lead || errorMessage
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
    const now = { word: shown.status, health: healthSpoken(shown), quarter: quarterOf(shown) };
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
var KEY = /* @__PURE__ */ Symbol.for("fiddler_widgets.speaker.1");
var KEPT = 3;
function pageSpeaker() {
  const page = (
    /** @type {Record<symbol, HTMLElement | undefined>} */
    /** @type {unknown} */
    globalThis
  );
  const region = page[KEY]?.isConnected ? page[KEY] : element("div", "fw-speech", { role: "status", "aria-live": "polite" });
  page[KEY] = region;
  if (!region.isConnected) {
    Object.assign(region.style, {
      position: "fixed",
      width: "1px",
      height: "1px",
      overflow: "hidden",
      clipPath: "inset(50%)",
      whiteSpace: "nowrap"
    });
    document.body.append(region);
  }
  return (text2) => {
    if (region.lastElementChild?.textContent === text2) return;
    region.append(element("div", "", { dir: "auto" }, [text2]));
    if (region.childElementCount > KEPT) region.firstElementChild?.remove();
  };
}

// src/ticker.js
var KEY2 = /* @__PURE__ */ Symbol.for("fiddler_widgets.ticker.1");
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
  page[KEY2] ??= createTicker();
  return page[KEY2];
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
    face(shown, fields, moment);
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
  const tasks = element("span", "fw-subtasks");
  const left = element("span", "fw-left");
  const time = element("span", "fw-time");
  const fill = element("div", "fw-fill");
  const range = { role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" };
  const bar = element("div", "fw-bar", range, [fill]);
  const notice = lazily("fw-notice", createNotice);
  const failure = lazily("fw-failure", (node) => createFailure(node, signal));
  const next = element("div", "fw-next");
  const tell = createTeller(memory);
  const details = createDetails({ memory, signal });
  const card = element("div", "fw-card", { role: "group", "aria-labelledby": nameId }, [
    element("div", "fw-head", {}, [
      element("span", "fw-badge", {}, [icon.node, word]),
      name,
      percent,
      element("div", "fw-actions", {}, [controls.node, details.toggle])
    ]),
    element("div", "fw-sub", {}, [what, element("span", "fw-when", {}, [chip, tasks, left, time])]),
    controls.note,
    bar,
    notice.node,
    failure.node,
    next,
    details.node
  ]);
  const speech = createSpeech();
  const say = pageSpeaker();
  let filled = null;
  function write(shown, fields, moment) {
    patch(card, {
      "data-fw-tone": shown.tone,
      "data-fw-moving": shown.moving,
      "data-fw-health": fields.health,
      "data-fw-held": shown.held,
      "data-fw-lost": shown.lost
    });
    icon.draw(shown.icon);
    patch(word, { text: shown.word, title: shown.word });
    patch(name, { text: shown.name, title: shown.name });
    patch(percent, { text: shown.percentText });
    patch(what, { text: shown.subtitle, title: shown.subtitle || null });
    patch(chip, { text: shown.chip });
    patch(tasks, { text: shown.tasks, "data-fw-ill": shown.ill });
    patch(left, { text: shown.left, "data-fw-stalled": shown.stalled });
    patch(time, { text: shown.time });
    patch(bar, {
      "aria-label": `Progress of ${shown.name}`,
      "aria-valuenow": shown.percent === null ? null : String(Math.floor(shown.percent * 10) / 10),
      "aria-valuetext": shown.valueText,
      "data-fw-unknown": shown.unknown
    });
    if (shown.percent !== filled) {
      filled = shown.percent;
      fill.style.transform = `scaleX(${(filled ?? 0) / 100})`;
    }
    notice.update(shown.notice);
    failure.update(shown.failure);
    patch(next, { text: shown.next, hidden: shown.next === "" });
    details.update(shown, fields, moment);
    tell(shown, fields);
    const said = speech(shown);
    if (said) say(said);
  }
  return Object.assign(write, { node: card });
}
function lazily(className, create) {
  const node = element("div", className, { hidden: "" });
  let write;
  function update(value) {
    patch(node, { hidden: value === null });
    if (value === null) return;
    write ??= create(node);
    write(value);
  }
  return { node, update };
}
function createNotice(node) {
  const icon = createIcon("info");
  const head2 = element("bdi", "fw-notice-head", { dir: "auto" });
  const detail = element("bdi", "fw-notice-detail", { dir: "auto" });
  node.append(icon.node, element("div", "fw-notice-text", {}, [head2, detail]));
  return (notice) => {
    patch(node, { "data-fw-tone": notice.tone });
    icon.draw(notice.icon);
    patch(head2, { text: notice.head });
    patch(detail, { text: notice.detail });
  };
}

// src/job_widget.js
function readSaid(value) {
  const { what, facts, lead, next } = Object(value);
  const rows = Array.isArray(facts) ? facts.filter(Array.isArray) : [];
  return { what: text(what), facts: rows, lead: text(lead), next: text(next) };
}
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
    said: readSaid(model.get("_said")),
    extras: model.get("extras"),
    health: text(model.get("health")),
    healthDetail: text(model.get("health_detail")),
    timeLeft: readRange(model.get("time_left")),
    clock: readClock(model.get("_clock")),
    history: readHistory(model.get("_history")),
    controls: model.get("_controls") === true,
    notify: model.get("_notify") === true
  };
}
var memories = /* @__PURE__ */ new WeakMap();
function memoryOf(layout2) {
  if (typeof layout2 !== "object" || layout2 === null) return {};
  const memory = memories.get(layout2) ?? {};
  memories.set(layout2, memory);
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

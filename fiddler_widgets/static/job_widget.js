// src/vdom.js
function h(spec, attributes = {}, ...children) {
  const kept2 = (
    /** @type {(VNode | string)[]} */
    children.flat().filter(Boolean)
  );
  return { spec, attributes, children: kept2 };
}
var button = (look, attributes, ...children) => h(`button.fw-button${look}`, { type: "button", ...attributes }, ...children);
function linked(address, text) {
  if (!/^https?:\/\//.test(address ?? "")) return text;
  const apart = { target: "_blank", rel: "noopener noreferrer" };
  return h("a.fw-link", { href: address, ...apart }, text);
}
var drawn = /* @__PURE__ */ new WeakMap();
var nameOf = (vnode) => typeof vnode === "object" ? String(vnode.attributes.key ?? vnode.spec) : "";
var shownBy = (node) => nameOf(drawn.get(node));
function draw(parent, vnodes) {
  let names;
  let place = parent.firstChild;
  for (const vnode of vnodes) {
    const name = nameOf(vnode);
    while (place && shownBy(place) !== name) {
      names ??= new Set(vnodes.map(nameOf));
      if (names.has(shownBy(place))) break;
      place = drop(place);
    }
    let node = place;
    while (node && shownBy(node) !== name) node = node.nextSibling;
    if (node && node === place) {
      place = node.nextSibling;
    } else if (place && node && node === place.nextSibling) {
      parent.append(place);
      place = node.nextSibling;
    } else {
      node ??= create(vnode);
      parent.insertBefore(node, place);
    }
    update(node, vnode);
  }
  while (place) place = drop(place);
}
function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
function create(vnode) {
  let node = document.createTextNode("");
  if (typeof vnode === "object") {
    const [tag = "", ...classes] = vnode.spec.split(".");
    const space = tag === "svg" || tag === "path" ? "2000/svg" : "1999/xhtml";
    const element = document.createElementNS(`http://www.w3.org/${space}`, tag);
    element.setAttribute("class", classes.join(" "));
    for (const name in vnode.attributes) {
      if (name.startsWith("on"))
        element.addEventListener(name.slice(2), (event) => hear(event, name));
    }
    node = element;
  }
  update(node, vnode);
  return node;
}
function hear(event, name) {
  const vnode = (
    /** @type {VNode} */
    drawn.get(
      /** @type {Node} */
      event.currentTarget
    )
  );
  vnode.attributes[name](event);
}
function update(node, vnode) {
  const before = drawn.get(node);
  if (before === vnode) return;
  drawn.set(node, vnode);
  if (typeof vnode === "string") {
    node.textContent = vnode;
    return;
  }
  const old = typeof before === "object" ? before.attributes : {};
  const element = (
    /** @type {HTMLElement} */
    node
  );
  for (const name in { ...old, ...vnode.attributes }) {
    const value = vnode.attributes[name] ?? null;
    if (value !== (old[name] ?? null)) write(element, name, value);
  }
  draw(element, vnode.children);
}
function write(element, name, value) {
  const [, property] = name.split("style.");
  if (property) Object.assign(element.style, { [property]: value });
  else if (value === null || value === false) element.removeAttribute(name);
  else if (!/^(key|on.*)$/.test(name))
    element.setAttribute(name, value === true ? "" : String(value));
}
var randomId = () => `fw-${Math.random().toString(36).slice(2)}${performance.now()}`;
function clip(text, limit, ellipsis = "…") {
  const cut = text.slice(0, limit - ellipsis.length).replace(/[\ud800-\udbff]$/, "");
  return text.length > limit ? cut + ellipsis : text;
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
  retry: "M3 7.4a5 5 0 0 1 8.8-2.6L13 6.2 M13 3v3.2H9.8 M13 8.6a5 5 0 0 1-8.8 2.6L3 9.8 M3 13V9.8h3.2",
  spinner: "M8 2a6 6 0 1 1-6 6",
  stop: "M4.2 4.2h7.6v7.6H4.2z",
  tick: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0 M5.3 8.2l1.9 1.9 3.6-4",
  warning: "M8 2.2l6.3 11.3H1.7z M8 6.5v3.2 M8 11.5h.01"
};
var icon = (name) => h(
  "svg.fw-icon",
  { viewBox: "0 0 16 16", "aria-hidden": "true", "data-fw-icon": name },
  h("path", { d: PATHS[name] })
);

// src/protocol.js
var PING = "ping";
var HELLO = "hello";
var READY = "ready";
function sayReady(model) {
  try {
    model.send({ type: READY });
  } catch {
  }
}
var BYE = "bye";
var NEED = "need";
var CHECK = "check";
var STOP = "stop";
var RESUME = "resume";

// src/ticker.js
var ASLEEP_AFTER = 5;
var KEY = /* @__PURE__ */ Symbol.for("fiddler_widgets.ticker.1");
var monotonic = () => performance.now() / 1e3;
function createTicker() {
  const ticks = /* @__PURE__ */ new Set();
  let timer = 0;
  let last = 0;
  function run() {
    const woke = monotonic() - last > ASLEEP_AFTER;
    last = monotonic();
    for (const tick of [...ticks]) tick(woke);
  }
  function shown() {
    if (!document.hidden) run();
  }
  return {
    /** @param {Tick} tick */
    add(tick) {
      if (!ticks.size) {
        last = monotonic();
        timer = window.setInterval(run, 1e3);
        document.addEventListener("visibilitychange", shown);
      }
      ticks.add(tick);
    },
    /** @param {Tick} tick */
    remove(tick) {
      if (!ticks.delete(tick) || ticks.size) return;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", shown);
    }
  };
}
function pageTicker() {
  const page = globalThis;
  page[KEY] ??= createTicker();
  return page[KEY];
}

// src/controls.js
var PATIENCE = 5;
var AGAIN = 1e3;
var ACTIONS = {
  [CHECK]: ["again", "Check now", "Checking…"],
  [STOP]: ["stop", "Stop watching", "Stopping the watch…"],
  [RESUME]: ["play", "Resume watching", "Resuming…"]
};
function createControls(send, redraw, memory, signal) {
  let timer;
  const isSlow = () => memory.asked !== void 0 && monotonic() - memory.asked.since >= PATIENCE;
  function answered() {
    delete memory.asked;
    clearInterval(timer);
  }
  function sendAgain(asked) {
    clearInterval(timer);
    timer = setInterval(() => {
      if (memory.asked !== asked || isSlow()) clearInterval(timer);
      else send(asked.action, asked.click);
    }, AGAIN);
  }
  function press(action) {
    if (memory.asked && !isSlow()) return;
    const asked = { action, click: randomId(), since: monotonic() };
    memory.asked = asked;
    send(action, asked.click);
    sendAgain(asked);
    redraw();
  }
  if (isSlow()) answered();
  else if (memory.asked) sendAgain(memory.asked);
  signal.addEventListener("abort", () => clearInterval(timer));
  return {
    /** Whether a click has not been answered yet. */
    waiting: () => memory.asked !== void 0,
    /** The kernel was heard of: the other actions it answers by what it then shows. */
    news() {
      if (memory.asked?.action === CHECK) answered();
    },
    /**
     * The buttons, and where an answer that does not come is owned up to.
     * @param {Record<string, boolean>} offered by action: whether it makes sense now
     * @param {boolean} reachable whether a click would reach the kernel; one that was made before may do so later
     */
    view(offered, reachable) {
      const pending = memory.asked?.action ?? "";
      if (!offered[pending]) answered();
      const slow = isSlow();
      const disabled = memory.asked && !slow ? "true" : null;
      const buttons = Object.entries(ACTIONS).map(([action, [name, label, busy]]) => {
        if (!offered[action] || !reachable) return null;
        const mine = pending === action;
        const title = mine ? busy : label;
        const onclick = () => press(action);
        return button(
          "",
          { key: action, title, "aria-disabled": disabled, onclick },
          icon(mine ? "spinner" : name),
          h("span.fw-button-word", {}, title)
        );
      });
      const asked = ACTIONS[pending]?.[1];
      const excuse = slow && `No answer to “${asked}” yet: the kernel may be busy.`;
      return {
        buttons: h("div.fw-controls", {}, buttons),
        note: h("div.fw-note", { role: "status" }, excuse)
      };
    }
  };
}

// src/copy_button.js
var SHOWN_FOR_MS = 2e3;
function copyBySelection(text, near) {
  const area = document.createElement("textarea");
  area.className = "fw-offscreen";
  area.value = text;
  near.after(area);
  area.focus();
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    near.focus();
  }
}
function createCopying(redraw, signal) {
  let said = ["", ""];
  let timer;
  function say2(...next) {
    if (signal.aborted) return;
    said = next;
    clearTimeout(timer);
    if (next[1]) timer = setTimeout(say2, SHOWN_FOR_MS, "", "");
    redraw();
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  const wordOf = (label) => said[0] === label && said[1] || "";
  return {
    /** Changes with every word that a button says. */
    said: () => said,
    wordOf,
    /** @type {CopyButton} */
    button(label, text) {
      const called = wordOf(label);
      async function onclick({ currentTarget }) {
        let copied = true;
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          copied = copyBySelection(
            text,
            /** @type {HTMLElement} */
            currentTarget
          );
        }
        say2(label, copied ? "Copied" : "Not copied");
      }
      return button(
        ".fw-copy",
        { "aria-label": called || label, title: label, onclick },
        icon("copy"),
        h("span.fw-button-word", { "aria-live": "polite" }, called || "Copy")
      );
    }
  };
}

// src/durations.js
var STALE_BEATS = 2.4;
var FAIR_BEATS = 1.4;
var staleAfter = ({ beat }) => STALE_BEATS * beat;
var fairAtLoad = ({ beat }) => FAIR_BEATS * beat;
var OLDEST_AT_LOAD = 10;
function rangeLeft(low, high) {
  let [unit, word, step] = [1, "s", 1];
  if (high >= 5400) [unit, word, step] = [3600, "h", high < 36e3 ? 0.5 : 1];
  else if (high >= 90) [unit, word] = [60, "min"];
  else if (high >= 20) step = 5;
  const from = Math.floor(Math.max(0, low) / unit / step) * step;
  const to = Math.max(step, Math.ceil(high / unit / step) * step);
  if (from < to / 4) return `under ${to} ${word} left`;
  return from === to ? `about ${to} ${word} left` : `${from}–${to} ${word} left`;
}
function ageAtLoad({ now, running }, wall) {
  const age = wall - now;
  return running && age >= 0 && age <= OLDEST_AT_LOAD ? age : 0;
}
var UNITS = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"]
];
function duration(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const words = UNITS.flatMap(([length, unit]) => {
    const count = Math.floor(rest / length);
    rest %= length;
    return [count ? `${count} ${unit}` : ""];
  });
  const first = words.findIndex(Boolean);
  return first < 0 ? "0 s" : `${words[first]} ${words[first + 1] ?? ""}`.trim();
}
var hours;
function timeOfDay(epoch, wall) {
  const then = new Date(epoch * 1e3);
  hours ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
  const time = hours.format(then);
  const sameDay = then.toDateString() === new Date(wall * 1e3).toDateString();
  return sameDay ? time : `${then.toLocaleDateString()}, ${time}`;
}
var percentWords = (percent) => `${Math.floor(percent * 10 + 1e-9) / 10} %`;

// src/title_mark.js
var MARKS = { ok: "✓ ", bad: "✗ ", idle: "■ " };
var AT_THE_START = /^(?:[✓✗■] )*/u;
var marks = () => AT_THE_START.exec(document.title)?.[0] ?? "";
function put(mark) {
  if (!marks().includes(mark)) document.title = mark + document.title;
}
var kept = /* @__PURE__ */ new Set();
var renewed = new MutationObserver(() => kept.forEach(put));
function seen() {
  if (document.hidden) return;
  document.removeEventListener("visibilitychange", seen);
  renewed.disconnect();
  kept.clear();
  document.title = document.title.slice(marks().length);
}
function markTitle(tone) {
  const mark = MARKS[
    /** @type {keyof typeof MARKS} */
    tone
  ];
  if (mark === void 0) return;
  kept.add(mark);
  put(mark);
  renewed.observe(document.head, { childList: true, subtree: true, characterData: true });
  document.addEventListener("visibilitychange", seen);
}

// src/notify.js
var permission = () => globalThis.Notification?.permission ?? "denied";
function notify({ name, word, failure, what }, tag) {
  if (permission() !== "granted") return;
  try {
    const body = clip(failure?.reason ?? what, 200);
    const told = new Notification(`${word}: ${clip(name, 80)}`, { body, tag, silent: true });
    told.onclick = () => globalThis.focus();
  } catch {
  }
}
function createTeller(memory) {
  let watched = false;
  return (shown, job) => {
    memory.notify ??= job._notify;
    const news = watched && shown.final && !memory.told;
    watched = !shown.final;
    memory.told = shown.final;
    if (!news || !memory.notify || !document.hidden) return;
    markTitle(shown.tone);
    notify(shown, job.job_id);
  };
}
function bell(memory, redraw) {
  const on = memory.notify === true;
  const how = permission() === "granted" ? "a notification" : "a mark in the title";
  async function onclick() {
    memory.notify = !on;
    redraw();
    if (memory.notify && permission() === "default") await Notification.requestPermission();
    redraw();
  }
  return h(
    "div.fw-bell",
    {},
    button("", { "aria-pressed": String(on), onclick }, icon("bell"), "Tell me when it is over"),
    h("span.fw-hint", { role: "status" }, on && `By ${how}, while this page is hidden.`)
  );
}

// src/subtasks.js
var LONGEST = 2e3;
function createTasks(copying) {
  let view = null;
  let seen2 = [];
  const rows = /* @__PURE__ */ new Map();
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
      error && h("span.fw-task-detail", { dir: "auto" }, clip(error, LONGEST))
    );
    rows.set(id, [says, row]);
    return row;
  }
  return (tasks) => {
    if (seen2[0] === tasks && seen2[1] === copying.said()) return view;
    seen2 = [tasks, copying.said()];
    const { counted, kinds = [], rows: given, more } = tasks;
    view = !given ? null : h(
      "div.fw-tasks",
      {},
      h("div.fw-tasks-head", {}, "Subtasks", h("span.fw-count", {}, counted)),
      h(
        "ul.fw-tasklist",
        { tabindex: "0", "aria-label": "Subtasks" },
        given.map((row) => rowOf(
          /** @type {Kind} */
          kinds[row[1]],
          row
        )),
        more && h("li.fw-task.fw-more", {}, more)
      )
    );
    return view;
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
var PARTS = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick", "dot"];
function layout(steps, end) {
  const x = (at) => Math.round(Math.min(at, end) / end * 1e4) / 10;
  const y = (percent) => Math.round(780 - percent * 7.2) / 10;
  const paths = { seen: "", between: "", area: "" };
  const lasted = {};
  for (const [index, [at, percent, kind]] of steps.entries()) {
    if (kind === "e") break;
    const [to, then] = steps[index + 1] ?? [end, percent];
    const move = steps[index - 1]?.[2] === kind ? "" : `M${x(at)} 92`;
    paths[kind] = `${paths[kind] ?? ""}${move}H${x(to)}`;
    lasted[kind] = (lasted[kind] ?? 0) + Math.max(0, to - at);
    if (percent === null || then === null) continue;
    const piece = `M${x(at)} ${y(percent)}L${x(to)} ${y(then)}`;
    paths.area += `${piece}V78H${x(at)}Z`;
    paths[kind === "o" || kind === "u" ? "between" : "seen"] += piece;
  }
  return { paths, lasted, x, y };
}
function createTimeline(redraw) {
  let steps = [];
  let end = 1;
  let held = 0;
  let looked;
  let focused = false;
  let [told, spoken] = ["", ""];
  function picked() {
    if (!looked) return steps.length - 1;
    const same = String(looked);
    const index = steps.findIndex((step) => String(step) === same);
    return index < 0 ? nearest(looked[0]) : index;
  }
  function nearest(at) {
    const far = steps.map((step) => Math.abs(step[0] - at));
    return far.lastIndexOf(Math.min(...far));
  }
  function look({ currentTarget }, step) {
    const plot = (
      /** @type {HTMLElement} */
      currentTarget
    );
    const legend = (
      /** @type {HTMLElement} */
      plot.parentElement?.lastElementChild
    );
    if (!looked) held = legend.offsetHeight;
    looked = step;
    redraw();
  }
  function onkeydown(event) {
    const move = Object.hasOwn(MOVES, event.key) ? MOVES[event.key] : void 0;
    const away = event.key === "Escape" && looked;
    if (event.altKey || event.ctrlKey || event.metaKey || move === void 0 && !away) return;
    const index = picked() + (move ?? 0);
    look(event, away ? void 0 : steps[Math.min(steps.length - 1, Math.max(0, index))]);
    event.preventDefault();
    event.stopPropagation();
  }
  function point(event) {
    const plot = (
      /** @type {HTMLElement} */
      event.currentTarget
    );
    if (event.type === "pointerdown") plot.focus({ preventScroll: true });
    const { left, width } = plot.getBoundingClientRect();
    look(event, steps[nearest((event.clientX - left) / (width || 1) * end)]);
  }
  const listeners = {
    onkeydown,
    onpointerdown: point,
    onpointermove: point,
    onpointerleave: (event) => focused || look(event),
    onfocus: () => {
      focused = true;
    },
    onblur: (event) => {
      focused = false;
      look(event);
    }
  };
  function viewOf(label, start, wall, until) {
    const { paths, lasted, x, y } = layout(steps, end);
    const index = picked();
    const [at, percent, kind] = steps[index] ?? [0, null, "x"];
    const flat = !paths.area;
    const top = flat ? 80 : 0;
    if (!flat) paths.full = "M0 6H1000";
    if (looked) paths.pick = `M${x(at)} ${top}V100`;
    if (looked && percent !== null && !flat) paths.dot = `M${x(at)} ${y(percent)}h.01`;
    const far = percent === null ? "" : `, ${percentWords(percent)}`;
    const when = `${duration(at)} after the first look, at ${timeOfDay(start + at, wall)}`;
    const said = `${when}: ${KINDS[kind]}${far}`;
    const value = `${index} ${kind} ${percent}`;
    if (value !== told || !focused) spoken = said;
    told = value;
    const plot = {
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-valuemin": "0",
      "aria-valuemax": String(steps.length - 1),
      "aria-valuenow": String(index),
      "aria-valuetext": spoken,
      "data-fw-flat": flat,
      ...listeners
    };
    const box = `0 ${top} 1000 ${100 - top}`;
    const drawing = { viewBox: box, preserveAspectRatio: "none", "aria-hidden": "true" };
    const keys = Object.entries(lasted).map(
      ([one, seconds]) => h(
        "span",
        {},
        h("svg", { viewBox: "0 0 20 10", "aria-hidden": "true" }, stroke(one, "M0 5H20")),
        `${KINDS[one]} ${duration(seconds)}`
      )
    );
    return h(
      "div.fw-timeline",
      {},
      h(
        "div.fw-plot",
        plot,
        !flat && h("span.fw-full", { "aria-hidden": "true" }, "100 %"),
        h(
          "svg",
          drawing,
          PARTS.map((part) => stroke(part, paths[part] ?? ""))
        )
      ),
      h("div.fw-axis", {}, h("span", {}, timeOfDay(start, wall)), h("span", {}, until)),
      h("div.fw-legend", { "style.minHeight": looked ? `${held}px` : "" }, looked ? said : keys)
    );
  }
  return ({ shown, job: { _history: history, _clock: clock }, moment: { wall, sinceNews } }) => {
    const last = history.steps?.at(-1);
    if (!last || !history.start) return null;
    const { start } = history;
    const [at, , kind] = last;
    const news = clock.now - start;
    const going = clock.running && kind !== "e";
    const now = going && !shown.lost;
    steps = history.steps ?? [];
    if (going && news > at) steps = [...steps, [news, shown.percent, kind]];
    const until = kind === "e" ? at : news + (now ? sinceNews : 0);
    end = Math.max(until, steps.at(-1)?.[0] ?? 0);
    const prefix = kind === "e" ? "ended by " : now ? "now " : "";
    const label = `Timeline of ${shown.name}`;
    if (until < 1) return null;
    return viewOf(label, start, wall, prefix + timeOfDay(start + end, wall));
  };
}
var stroke = (part, d) => h("path.fw-stroke", { "data-fw-part": part, d });

// src/details.js
function createDetails(memory, redraw, copying) {
  const id = randomId();
  const timeline = createTimeline(redraw);
  const tasks = createTasks(copying);
  let open = memory.open === true;
  function onclick() {
    open = memory.open = !open;
    redraw();
  }
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
          copying.button("Copy job id", jobId)
        )
      ),
      h(
        "dl.fw-facts",
        {},
        rowsOf(given).flatMap(([term, value]) => [
          h("dt.fw-term", {}, term),
          h("dd.fw-value", { dir: "auto" }, value)
        ]),
        _said.platform && [
          h("dt.fw-term", {}, "Platform"),
          h("dd.fw-value", {}, linked(_said.platform, _said.platform))
        ]
      ),
      clock.running && !_said.final && bell(memory, redraw),
      tasks(_tasks)
    ];
  }
  return {
    toggle() {
      const reach = { "aria-controls": id, "aria-expanded": String(open) };
      const word = h("span.fw-button-word", {}, "Details");
      return button(".fw-toggle", { title: "Details", ...reach, onclick }, word, icon("chevron"));
    },
    /** @param {Given} given */
    view: (given) => h("div.fw-details", { id, hidden: !open }, open && contents(given))
  };
}
function rowsOf({ shown, job: { _clock: clock, time_left: left }, moment }) {
  const { wall, sinceNews } = moment;
  const [status, watching] = shown.rows;
  const rows = [status, shown.lost ? ["Watching", "connection to the kernel lost"] : watching];
  if (clock.retries > 0) rows.push(["Retries seen", String(clock.retries)]);
  if (left && shown.left && !shown.stalled) {
    const [from, to] = left.map((seconds) => timeOfDay(wall - sinceNews + seconds, wall));
    rows.push(["Expected end", from === to ? `about ${from}` : `${from} to ${to}`]);
  }
  return [...rows, ...shown.facts];
}

// src/failure.js
var REASON_LENGTH = 60;
var MESSAGE_LIMIT = 2e4;
var focusable = (reason) => reason.length > REASON_LENGTH ? { role: "group", "aria-label": "Reason", tabindex: "0" } : {};
function createFailure(redraw, copyButton) {
  let unfolded = false;
  function onclick() {
    unfolded = !unfolded;
    redraw();
  }
  return (failure, message) => {
    if (!failure) return null;
    const { tone, reason, lead } = failure;
    const most = lead && !unfolded ? lead : clip(message, MESSAGE_LIMIT, "");
    const isCut = most !== lead && most.length < message.length;
    const counts = [most, message].map(({ length }) => length.toLocaleString("en-US"));
    const text = { dir: "auto", role: "group", "aria-label": "Error message", tabindex: "0" };
    const expanded = { "aria-expanded": String(unfolded), onclick };
    return h(
      "div.fw-failure",
      { "data-fw-tone": tone },
      h(
        "div.fw-failure-head",
        {},
        icon("warning"),
        h("bdi.fw-reason", { dir: "auto", ...focusable(reason) }, reason),
        copyButton("Copy error message", message || reason)
      ),
      most && most !== reason && h("div.fw-message", text, most),
      lead && button(".fw-fold", expanded, unfolded ? "Show less" : "Show the whole message"),
      isCut && h("div.fw-cut", {}, `The first ${counts.join(" of ")} characters; Copy takes them all.`)
    );
  };
}

// src/live_region.js
var KEY2 = /* @__PURE__ */ Symbol.for("fiddler_widgets.speaker.1");
var KEPT = 3;
var UNSEEN = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";
function pageRegion() {
  const page = globalThis;
  let region = page[KEY2];
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "fw-speech";
    region.role = "status";
    region.ariaLive = "polite";
    region.style.cssText = UNSEEN;
    document.body.append(region);
    page[KEY2] = region;
  }
  return region;
}
function say(said) {
  const region = pageRegion();
  if (region.lastElementChild?.textContent === said) return;
  const line = document.createElement("div");
  line.dir = "auto";
  line.append(said);
  region.append(line);
  if (region.childElementCount > KEPT) region.firstElementChild?.remove();
}
function createSpeech() {
  pageRegion();
  let before;
  return (shown) => {
    const health = shown.trouble || shown.chip;
    const quarter = Math.floor((shown.percent ?? 0) / 25);
    const [status, last, reached] = before ?? [shown.status, health, quarter];
    before = [shown.status, health, quarter];
    const news = [];
    if (shown.status !== status) news.push(shown.status.toLowerCase());
    if (health !== last && health) news.push(health);
    if (quarter > reached && !shown.final) news.push(`${quarter * 25} %`);
    const reason = shown.final && shown.failure ? `: ${clip(shown.failure.reason, 200)}` : "";
    if (news.length) say(`${clip(shown.name, 80)}: ${news.join(", ")}${reason}`);
  };
}

// src/view_model.js
var STALLED = "What now: wait, or see on the platform what holds it up. It has not moved for longer than it usually takes.";
function present(job, moment) {
  const { _said: said, _clock: clock, health } = job;
  const watching = clock.running && !said.final;
  const lost = watching && moment.silent;
  const current = watching && !lost;
  const { silent } = clock;
  const stale = health === "retrying" && silent !== null && silent + moment.sinceNews > staleAfter(clock);
  const held = lost || said.held || stale;
  const percent = percentOf(job);
  const percentText = percent === null ? "" : percentWords(percent);
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
    left: stalled ? `no progress for ${duration(still)}` : left ? rangeLeft(.../** @type {[number, number]} */
    left) : "",
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
      resume
    },
    /** Whether a click would reach the kernel. */
    reachable: job._controls && !lost
  };
}
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  return status === "" || indeterminate ? null : Math.min(100, Math.max(0, progress));
}
function timeText({ _clock: clock, _said: said, status }, { sinceNews, wall }, watching, lost) {
  if (lost) return `as of ${duration(sinceNews)} ago`;
  if (watching && status === "PENDING") return `queued for ${duration(clock.phase + sinceNews)}`;
  if (watching && !status) return "";
  if (watching) return `watching for ${duration(clock.watched + sinceNews)}`;
  const watched = clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
  const over = said.final ? `ended by ${timeOfDay(seenAt(clock), wall)}` : "";
  return [watched, over].filter(Boolean).join(" · ");
}
var seenAt = ({ now, silent }) => now - (silent ?? 0);
function lostNotice({ job_id: id }, { sinceNews }) {
  return {
    tone: "warn",
    icon: "plug",
    head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
    // Running the cell again may start another job.
    detail: `The job may still go on. When the kernel is back, follow it with fiddler_widgets.JobWidget("${id}").`
  };
}
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

// src/card.js
function createCard({ el, read, send, memory, signal, speak = createSpeech() }) {
  const ticker = pageTicker();
  const root = document.createElement("div");
  let job = read();
  let newsAt = monotonic() - ageAtLoad(job._clock, Date.now() / 1e3);
  let trustedSince = monotonic() - staleAfter(job._clock) + fairAtLoad(job._clock);
  const controls = createControls(send, render2, memory, signal);
  const view = createView(controls, createCopying(render2, signal), memory, render2);
  const tell = createTeller(memory);
  function render2() {
    const now = monotonic();
    const silent = now - Math.max(newsAt, trustedSince) >= staleAfter(job._clock);
    const moment = { sinceNews: Math.max(0, now - newsAt), silent, wall: Date.now() / 1e3 };
    const shown = present(job, moment);
    const focused = root.querySelector(".fw-controls :focus");
    draw(root, [view({ shown, job, moment })]);
    if (focused && !focused.isConnected) root.querySelector("button")?.focus();
    if (!memory.toldByModel) tell(shown, job);
    speak(shown);
    const ticks = job._clock.running && !shown.final || controls.waiting();
    ticker[ticks && !signal.aborted ? "add" : "remove"](tick);
  }
  function tick(woke) {
    if (woke) trustedSince = monotonic();
    render2();
  }
  render2();
  el.append(root);
  signal.addEventListener("abort", () => {
    ticker.remove(tick);
    root.remove();
  });
  return () => {
    job = read();
    newsAt = monotonic();
    controls.news();
    render2();
  };
}
function createView(controls, copying, memory, redraw) {
  const id = randomId();
  const dir = "auto";
  const details = createDetails(memory, redraw, copying);
  const failure = createFailure(redraw, copying.button);
  return (given) => {
    const { shown, job } = given;
    const { buttons, note } = controls.view(shown.controls, shown.reachable);
    const look = {
      "data-fw-tone": shown.tone,
      "data-fw-moving": shown.moving,
      "data-fw-health": job.health,
      "data-fw-held": shown.held,
      "data-fw-lost": shown.lost
    };
    const range = {
      role: "progressbar",
      "aria-label": `Progress of ${shown.name}`,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": shown.percent === null ? null : shown.percentText.slice(0, -2),
      "aria-valuetext": shown.valueText,
      "data-fw-unknown": shown.unknown
    };
    const filled = `scaleX(${(shown.percent ?? 0) / 100})`;
    return h(
      "div.fw-card",
      { role: "group", "aria-labelledby": id, ...look },
      h(
        "div.fw-head",
        {},
        h(
          "span.fw-badge",
          {},
          icon(shown.icon),
          h("bdi.fw-word", { dir, title: shown.word }, shown.word)
        ),
        h("bdi.fw-name", { id, dir, title: shown.name }, linked(shown.link, shown.name)),
        h("span.fw-percent", { "aria-hidden": "true" }, shown.percentText),
        h("div.fw-actions", {}, buttons, details.toggle())
      ),
      h(
        "div.fw-sub",
        {},
        h("bdi.fw-what", { dir, title: shown.what || null }, shown.what),
        h(
          "span.fw-when",
          {},
          h("span.fw-chip", {}, shown.chip),
          h("span.fw-subtasks", { "data-fw-ill": shown.ill }, shown.tasks),
          h("span.fw-left", { "data-fw-stalled": shown.stalled }, shown.left),
          h("span.fw-time", {}, shown.time)
        )
      ),
      note,
      h("div.fw-bar", range, h("div.fw-fill", { "style.transform": filled })),
      shown.notice && noticeOf2(shown.notice),
      failure(shown.failure, job.error_message),
      shown.next && h("div.fw-next", {}, shown.next),
      details.view(given)
    );
  };
}
function noticeOf2({ tone, icon: name, head, detail }) {
  return h(
    "div.fw-notice",
    { "data-fw-tone": tone },
    icon(name),
    h(
      "div.fw-notice-text",
      {},
      h("bdi.fw-notice-head", { dir: "auto" }, head),
      h("bdi.fw-notice-detail", { dir: "auto" }, detail)
    )
  );
}

// src/lost_messages.js
var SOON = 1;
var KEEN = 3;
var PATIENT = 30;
var KEEN_FOR = 40;
var ASKED_ENOUGH = 150;
function pauseAfter(asked) {
  if (!asked) return SOON;
  return Math.min(PATIENT, KEEN * 2 ** Math.max(0, asked - KEEN_FOR));
}
function askForWhatIsLost(model) {
  const ticker = pageTicker();
  let number = model.get("_number");
  let highest = number;
  let whole = model.get("_whole");
  let complete = true;
  let newsAt = monotonic();
  let askedAt = -KEEN;
  let asked = 0;
  function look() {
    const now = monotonic();
    const clock = model.get("_clock");
    const final = model.get("_said").final;
    const watched = clock.running && !final;
    const silent = watched && now - newsAt >= fairAtLoad(clock);
    if (complete && !silent) asked = 0;
    else if (asked < ASKED_ENOUGH && now - askedAt >= pauseAfter(asked)) {
      asked += 1;
      askedAt = now;
      try {
        model.send({ type: NEED });
      } catch {
      }
    }
    ticker[watched || !complete ? "add" : "remove"](tick);
  }
  function news() {
    const before = number;
    number = model.get("_number");
    newsAt = monotonic();
    if (model.get("_whole") !== whole) {
      whole = model.get("_whole");
      complete = number >= highest;
    } else if (number !== before && number !== before + 1) {
      complete = false;
    }
    highest = Math.max(highest, number);
    look();
  }
  function tick(woke) {
    if (woke) asked = 0;
    look();
  }
  function online() {
    asked = 0;
    if (!model.get("_said").final) complete = false;
    look();
  }
  model.on("change", news);
  window.addEventListener("online", online);
  look();
  return () => {
    model.off("change", news);
    window.removeEventListener("online", online);
    ticker.remove(tick);
  };
}

// src/job_widget.js
var NAMES = [
  "job_id",
  "status",
  "progress",
  "indeterminate",
  "error_message",
  "health",
  "time_left",
  "_clock",
  "_said",
  "_tasks",
  "_history",
  "_controls",
  "_notify"
];
var FORGOTTEN = 3e3;
var memories = /* @__PURE__ */ new WeakMap();
function memoryOf(layout2) {
  if (typeof layout2 !== "object" || layout2 === null) return {};
  const memory = memories.get(layout2) ?? {};
  memories.set(layout2, memory);
  return memory;
}
var jobOf = (model) => (
  /** @type {JobTraits} */
  Object.fromEntries(NAMES.map((name) => [
    name,
    /** @type {Readable} */
    model.get(name)
  ]))
);
function tellOfTheEnd(model) {
  const layout2 = model.get("layout");
  if (typeof layout2 !== "object" || layout2 === null) return () => {
  };
  const memory = memoryOf(layout2);
  const tell = createTeller(memory);
  memory.toldByModel = true;
  function look() {
    const job = jobOf(model);
    tell(present(job, { sinceNews: 0, silent: false, wall: Date.now() / 1e3 }), job);
  }
  look();
  model.on("change", look);
  return () => model.off("change", look);
}
function initialize({ model }) {
  sayReady(model);
  const ends = [tellOfTheEnd(model), askForWhatIsLost(model)];
  return () => {
    for (const end of ends) end();
  };
}
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const remove = () => controller.abort();
  const view = randomId();
  function send(type, click) {
    try {
      const more = type === HELLO ? { have: model.get("_number") } : click ? { click } : {};
      model.send({ type, view, ...more });
    } catch {
    }
  }
  const read = () => jobOf(model);
  const draw2 = createCard({ el, read, send, memory: memoryOf(model.get("layout")), signal });
  let timer;
  function lookForPage() {
    if (timer !== void 0 || el.isConnected || model.get("health") !== "over") return;
    timer = setTimeout(() => {
      timer = void 0;
      if (!el.isConnected) send(BYE);
    }, FORGOTTEN);
  }
  function news() {
    draw2();
    lookForPage();
  }
  function message(content) {
    if (content?.type === PING) send(HELLO);
    news();
  }
  model.on("change", news);
  model.on("msg:custom", message);
  send(HELLO);
  lookForPage();
  window.addEventListener("pagehide", () => send(BYE), { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && send(HELLO), { signal });
  signal.addEventListener("abort", () => {
    host?.removeEventListener("abort", remove);
    clearTimeout(timer);
    model.off("change", news);
    model.off("msg:custom", message);
    send(BYE);
  });
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}
var job_widget_default = { initialize, render };
export {
  job_widget_default as default
};

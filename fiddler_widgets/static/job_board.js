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

// src/live_region.js
var KEY = /* @__PURE__ */ Symbol.for("fiddler_widgets.speaker.1");
var KEPT = 3;
var UNSEEN = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";
function pageRegion() {
  const page = globalThis;
  let region = page[KEY];
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "fw-speech";
    region.role = "status";
    region.ariaLive = "polite";
    region.style.cssText = UNSEEN;
    document.body.append(region);
    page[KEY] = region;
  }
  return region;
}
function say(said2) {
  const region = pageRegion();
  if (region.lastElementChild?.textContent === said2) return;
  const line = document.createElement("div");
  line.dir = "auto";
  line.append(said2);
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

// src/board_speech.js
var PAUSE = 10;
var PARTS = 10;
var counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
function sentenceOf({ total, over, running, failed, trouble }) {
  const parts = [];
  if (trouble) parts.push(trouble);
  if (failed) parts.push(`${counted(failed)} failed`);
  if (over < total && running) parts.push(`${counted(running)} running`);
  parts.push(
    over < total ? `${counted(over)} of ${counted(total)} over` : `all ${counted(total)} over`
  );
  return `Board: ${parts.join(", ")}`;
}
function createSpeaker(speak = say) {
  let told;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    /**
     * @param {Summary} summary
     * @param {number} now seconds by the page's clock
     */
    tell(summary, now) {
      const { total, over, failed, trouble } = summary;
      const before = told ?? summary;
      told ??= summary;
      const partOf = (one) => Math.floor(one.over / one.total * PARTS);
      const ended = total > 0 && over === total && (before.over < before.total || !before.total);
      const firstFailure = failed > 0 && before.failed === 0;
      const lost2 = trouble !== before.trouble && trouble.includes("kernel");
      const changed = failed !== before.failed || trouble !== before.trouble || total > 0 && partOf(summary) !== partOf(before);
      if (!ended && !firstFailure && !lost2 && (!changed || now - toldAt < PAUSE)) return;
      told = summary;
      toldAt = now;
      speak(sentenceOf(summary));
    }
  };
}

// src/board_protocol.js
var LOOK = "look";
var OPEN = "open";
var SHUT = "shut";
var CLEAR = "clear";
var RESTORE = "restore";
var TEXTS = (
  /** @type {const} */
  [
    "id",
    "name",
    "what",
    "project",
    "model",
    "kind",
    "status",
    "word",
    "tone",
    "icon",
    "health",
    "trouble",
    "error",
    "link"
  ]
);
var NUMBERS = (
  /** @type {const} */
  [
    "progress",
    "low",
    "high",
    "began",
    "phase",
    "seen",
    "pause",
    "took"
  ]
);
var TIMES = (
  /** @type {const} */
  ["began", "phase", "seen"]
);
var FLAGS = (
  /** @type {const} */
  ["final", "held"]
);

// src/board_store.js
var ALL = [...TEXTS, ...NUMBERS, ...FLAGS];
var columnsOf = (names, make) => (
  /** @type {Record<Name, Column>} */
  Object.fromEntries(names.map((name) => [name, make()]))
);
function emptyColumns(size) {
  return {
    texts: columnsOf(TEXTS, () => (
      /** @type {string[]} */
      []
    )),
    numbers: columnsOf(NUMBERS, () => new Float64Array(size)),
    flags: columnsOf(FLAGS, () => new Uint8Array(size)),
    alive: new Uint8Array(size),
    versions: new Float64Array(size)
  };
}
function createStore() {
  let columns = emptyColumns(0);
  let stamp = 0;
  let newest = -1;
  function reserve(row) {
    const room = columns.alive.length;
    if (row < room) return;
    const wider = emptyColumns(Math.max(64, row + 1, room * 2));
    wider.texts = columns.texts;
    wider.alive.set(columns.alive);
    wider.versions.set(columns.versions);
    for (const name of NUMBERS) wider.numbers[name].set(columns.numbers[name]);
    for (const name of FLAGS) wider.flags[name].set(columns.flags[name]);
    columns = wider;
  }
  function count(row, by) {
    const status = columns.texts.status[row] ?? "";
    const now = (store.counts.get(status) ?? 0) + by;
    if (now) store.counts.set(status, now);
    else store.counts.delete(status);
    store.total += by;
    store.over += by * (columns.flags.final[row] ?? 0);
  }
  function set(name, row, value) {
    const texts = columns.texts;
    const others = name in columns.numbers ? columns.numbers : columns.flags;
    const [text, other] = [texts[name], others[name]];
    if (text) text[row] = String(value ?? "");
    else if (other) other[row] = typeof value === "boolean" ? Number(value) : numberOf(value);
  }
  function write2({ rows, columns: given, removed }) {
    stamp += 1;
    const whole = ALL.every((name) => given[name]);
    const names = Object.keys(given);
    for (const [index, row] of rows.entries()) {
      const known = store.has(row);
      if (!known && !whole) continue;
      reserve(row);
      if (known) count(row, -1);
      const [began, name] = [columns.numbers.began[row], columns.texts.name[row]];
      for (const one of names) set(one, row, given[one]?.[index]);
      columns.alive[row] = 1;
      columns.versions[row] = stamp;
      count(row, 1);
      if (began !== columns.numbers.began[row] || name !== columns.texts.name[row])
        store.members += 1;
    }
    for (const row of removed ?? []) {
      if (!store.has(row)) continue;
      count(row, -1);
      columns.alive[row] = 0;
      store.members += 1;
    }
  }
  const store = {
    /** Of the last change before which none is missing; -1 before the first table. */
    number: -1,
    /** Of the last change that is known to have been. */
    highest: -1,
    /** Changes whenever rows come or go, or turn out to have another name or beginning. */
    members: 0,
    /** How many rows there are. */
    total: 0,
    /** How many of them are over. */
    over: 0,
    /** @type {Map<string, number>} how many there are of each status */
    counts: /* @__PURE__ */ new Map(),
    get texts() {
      return columns.texts;
    },
    /** NaN stands for null. */
    get numbers() {
      return columns.numbers;
    },
    /** 1 for true. */
    get flags() {
      return columns.flags;
    },
    /** What changes with every change of a row. */
    get versions() {
      return columns.versions;
    },
    /** More than the highest number of a row. */
    get room() {
      return columns.alive.length;
    },
    /** @param {number} row */
    has: (row) => columns.alive[row] === 1,
    /** Whether nothing is missing. */
    complete: () => store.number >= store.highest,
    /**
     * Something says that there was a change of this number.
     * @param {number} number
     */
    expect(number) {
      store.highest = Math.max(store.highest, number);
    },
    /**
     * Takes all rows anew, unless they are older than those that are here.
     * @param {Table} table
     * @returns {boolean} whether they were taken
     */
    load({ number, base, rows, strings, columns: given }) {
      if (number < store.number) return false;
      const size = rows.reduce((most, row) => Math.max(most, row + 1), 0);
      columns = emptyColumns(size);
      for (const name of TEXTS) {
        const [to, from] = [columns.texts[name], given[name] ?? []];
        for (let row = 0; row < size; row += 1) to.push("");
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = strings[Number(from[index])] ?? "";
      }
      for (const name of NUMBERS) {
        const [to, from] = [columns.numbers[name], given[name] ?? []];
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = numberOf(from[index]);
      }
      for (const name of TIMES) {
        const times = columns.numbers[name];
        for (const row of rows) times[row] = base - Number(times[row]);
      }
      for (const name of FLAGS) {
        const [to, from] = [columns.flags[name], given[name] ?? []];
        for (let index = 0; index < rows.length; index += 1)
          to[Number(rows[index])] = from[index] ? 1 : 0;
      }
      stamp += 1;
      store.counts.clear();
      [store.total, store.over] = [0, 0];
      for (const row of rows) {
        columns.alive[row] = 1;
        columns.versions[row] = stamp;
        count(row, 1);
      }
      store.members += 1;
      store.number = newest = number;
      store.expect(number);
      return true;
    },
    /**
     * Takes a change. One that comes after a gap is taken all the same, since its values are the newest there are; but the
     * gap stays until a table fills it.
     * @param {Delta} delta
     * @returns {boolean} whether it was news
     */
    apply(delta) {
      store.expect(delta.number);
      if (store.number < 0 || delta.number <= newest) return false;
      write2(delta);
      newest = delta.number;
      if (delta.number === store.number + 1) store.number = delta.number;
      return true;
    }
  };
  return store;
}
var numberOf = (value) => typeof value === "number" ? value : Number.NaN;

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
var KEY2 = /* @__PURE__ */ Symbol.for("fiddler_widgets.ticker.1");
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
  page[KEY2] ??= createTicker();
  return page[KEY2];
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

// src/board_feed.js
var TOLD_AFTER = 5;
var NO_HEAD = {
  beat: 5,
  now: 0,
  number: -1,
  watching: false,
  notice: null,
  left: null,
  done: 0,
  total: 0,
  cleared: 0,
  controls: false
};
function tableOf(bytes) {
  if (!bytes?.byteLength) return null;
  return JSON.parse(new TextDecoder().decode(bytes));
}
function createFeed(model) {
  const ticker = pageTicker();
  const store = createStore();
  const speaker = createSpeaker();
  const views = /* @__PURE__ */ new Set();
  let table;
  let delta;
  let head = headOf();
  let newsAt = monotonic();
  let trustedSince = newsAt;
  let kernelThen = 0;
  let askedAt = -KEEN;
  let asked = 0;
  let missingSince = 0;
  function headOf() {
    return { ...NO_HEAD, ...model.get("_head") };
  }
  function take() {
    let rows = [];
    if (model.get("_table") !== table) {
      table = model.get("_table");
      const found = tableOf(
        /** @type {DataView} */
        table
      );
      if (found) {
        if (store.load(found)) rows = null;
        kernelThen = Math.max(kernelThen, found.now);
      }
    }
    if (model.get("_delta") !== delta) {
      delta = model.get("_delta");
      const change = (
        /** @type {import("./board_protocol.js").Delta} */
        delta
      );
      if (change?.number !== void 0) {
        if (store.apply(change)) rows = rows && [...change.rows, ...change.removed ?? []];
        kernelThen = Math.max(kernelThen, change.now);
      }
    }
    head = headOf();
    store.expect(head.number);
    kernelThen = Math.max(kernelThen, head.now);
    return rows;
  }
  const isSilent = () => head.watching && monotonic() - Math.max(newsAt, trustedSince) >= staleAfter(head);
  function look() {
    const now = monotonic();
    const complete = store.complete();
    const quiet = head.watching && now - newsAt >= fairAtLoad(head);
    if (complete) missingSince = now;
    if (complete && !quiet) asked = 0;
    else if (asked < ASKED_ENOUGH && now - askedAt >= pauseAfter(asked)) {
      asked += 1;
      askedAt = now;
      try {
        model.send({ type: NEED });
      } catch {
      }
    }
    ticker[head.watching || !complete ? "add" : "remove"](tick);
    if (views.size) speaker.tell(summary(), now);
  }
  function summary() {
    const { total, over, counts } = store;
    const running = total - over - (counts.get("PENDING") ?? 0) - (counts.get("") ?? 0);
    const trouble = isSilent() ? "connection to the kernel lost" : head.notice?.head ?? "";
    return { total, over, running, failed: counts.get("FAILURE") ?? 0, trouble };
  }
  function news() {
    const [before, was] = [[table, delta], head.now];
    const rows = take();
    const heard = before[0] !== table || before[1] !== delta || was !== head.now;
    if (heard) newsAt = monotonic();
    look();
    for (const view of [...views]) view(heard, rows);
  }
  function tick(woke) {
    if (woke) {
      asked = 0;
      trustedSince = monotonic();
    }
    look();
    for (const view of [...views]) view(false, []);
  }
  function online() {
    asked = 0;
    if (store.over < store.total) store.expect(store.number + 1);
    look();
  }
  take();
  newsAt = monotonic() - ageAtLoad({ now: kernelThen, running: head.watching }, Date.now() / 1e3);
  trustedSince = monotonic() - staleAfter(head) + fairAtLoad(head);
  missingSince = monotonic();
  model.on("change", news);
  window.addEventListener("online", online);
  look();
  return {
    store,
    get head() {
      return head;
    },
    /** How it stands with what the page knows. */
    moment() {
      const now = monotonic();
      const sinceNews = Math.max(0, now - newsAt);
      return {
        sinceNews,
        /** Whether nothing was heard for too long of a kernel that watches. */
        lost: isSilent(),
        /** Whether something has been missing for so long that the reader is told. */
        old: !store.complete() && now - missingSince >= TOLD_AFTER,
        /** What the kernel's clock shows now. */
        kernel: kernelThen + sinceNews,
        wall: Date.now() / 1e3
      };
    },
    /**
     * @param {View} view
     * @returns {() => void} to be called when it goes
     */
    follow(view) {
      views.add(view);
      look();
      return () => views.delete(view);
    },
    end() {
      model.off("change", news);
      window.removeEventListener("online", online);
      ticker.remove(tick);
    }
  };
}

// src/board_words.js
var PAUSES = 3;
var NEVER_OLD = 15;
var UNITS2 = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"]
];
function roughly(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [length, unit] = UNITS2.find(([length2]) => whole >= length2) ?? [1, "s"];
  return `${Math.floor(whole / length)} ${unit}`;
}
function wordsOf({ texts, numbers, flags }, row, { lost: lost2, kernel }) {
  const status = texts.status[row] ?? "";
  const final = flags.final[row] === 1;
  const held = flags.held[row] === 1 && !final;
  const [seen2, pause] = [Number(numbers.seen[row]), Number(numbers.pause[row])];
  const ago = kernel - seen2;
  const patience = texts.health[row] === "retrying" ? NEVER_OLD : Math.max(PAUSES * pause, NEVER_OLD);
  const stale = !final && !held && ago > 0 && (lost2 || ago > patience);
  const known = numbers.progress[row] ?? Number.NaN;
  const percent = status === "SUCCESS" ? 100 : Number.isNaN(known) ? null : Math.min(100, Math.max(0, known));
  return {
    status,
    word: texts.word[row] ?? "",
    tone: texts.tone[row] ?? "idle",
    icon: (
      /** @type {import("./icons.js").IconName} */
      texts.icon[row] || "question"
    ),
    name: texts.name[row] ?? "",
    what: texts.what[row] ?? "",
    error: texts.error[row] ?? "",
    trouble: final ? "" : texts.trouble[row] ?? "",
    final,
    /** What was last seen may no longer be so. */
    held: held || stale,
    stale,
    percent,
    percentText: percent === null || status === "" && !percent ? "" : percentWords(percent),
    unknown: percent === null && !final && status !== "",
    time: stale ? `seen ${roughly(ago)} ago` : timeOf()
  };
  function timeOf() {
    const took = Number(numbers.took[row]);
    if (final) return Number.isNaN(took) ? "" : `took ${roughly(took)}`;
    if (held) return "not watched";
    if (!status) return "";
    const since = kernel - Number(numbers.phase[row]);
    if (status === "PENDING") return `queued for ${roughly(since)}`;
    const [low, high] = [Number(numbers.low[row]), Number(numbers.high[row])];
    const passed = Math.max(0, ago || 0);
    if (!Number.isNaN(high)) return rangeLeft((low || 0) - passed, high - passed);
    return Number.isNaN(since) ? "" : `running for ${roughly(since)}`;
  }
}
var hours2;
var days;
var said = /* @__PURE__ */ new Map();
var saidOn = 0;
function beganAt(epoch, wall, quick = false) {
  if (Number.isNaN(epoch) || quick && !hours2) return "";
  const midnight = new Date(wall * 1e3).setHours(0, 0, 0, 0);
  if (midnight !== saidOn || said.size > 5e3) [said, saidOn] = [/* @__PURE__ */ new Map(), midnight];
  const minute = Math.floor(epoch / 60);
  let word = said.get(minute);
  if (word === void 0) {
    const today = epoch * 1e3 >= midnight;
    if (today) hours2 ??= new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
    else days ??= new Intl.DateTimeFormat([], { day: "numeric", month: "short" });
    word = (today ? hours2 : days)?.format(new Date(epoch * 1e3)) ?? "";
    said.set(minute, word);
  }
  return word;
}
var STATUSES = {
  "": ["connecting", "idle", "dots"],
  PENDING: ["queued", "idle", "clock"],
  STARTED: ["running", "run", "spinner"],
  RETRY: ["retrying", "warn", "retry"],
  SUCCESS: ["succeeded", "ok", "tick"],
  FAILURE: ["failed", "bad", "cross"],
  REVOKED: ["revoked", "idle", "barred"]
};
var badgeOf = (status) => STATUSES[status] ?? [status.toLowerCase(), "idle", "question"];

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
  let said2 = ["", ""];
  let timer;
  function say2(...next) {
    if (signal.aborted) return;
    said2 = next;
    clearTimeout(timer);
    if (next[1]) timer = setTimeout(say2, SHOWN_FOR_MS, "", "");
    redraw();
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  const wordOf = (label) => said2[0] === label && said2[1] || "";
  return {
    /** Changes with every word that a button says. */
    said: () => said2,
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
  function rowOf2([word, tone, name], [id, , error]) {
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
    const { counted: counted2, kinds = [], rows: given, more } = tasks;
    view = !given ? null : h(
      "div.fw-tasks",
      {},
      h("div.fw-tasks-head", {}, "Subtasks", h("span.fw-count", {}, counted2)),
      h(
        "ul.fw-tasklist",
        { tabindex: "0", "aria-label": "Subtasks" },
        given.map((row) => rowOf2(
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
var PARTS2 = ["area", "full", "seen", "between", ...Object.keys(KINDS), "pick", "dot"];
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
    const said2 = `${when}: ${KINDS[kind]}${far}`;
    const value = `${index} ${kind} ${percent}`;
    if (value !== told || !focused) spoken = said2;
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
          PARTS2.map((part) => stroke(part, paths[part] ?? ""))
        )
      ),
      h("div.fw-axis", {}, h("span", {}, timeOfDay(start, wall)), h("span", {}, until)),
      h("div.fw-legend", { "style.minHeight": looked ? `${held}px` : "" }, looked ? said2 : keys)
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

// src/view_model.js
var STALLED = "What now: wait, or see on the platform what holds it up. It has not moved for longer than it usually takes.";
function present(job, moment) {
  const { _said: said2, _clock: clock, health } = job;
  const watching = clock.running && !said2.final;
  const lost2 = watching && moment.silent;
  const current = watching && !lost2;
  const { silent } = clock;
  const stale = health === "retrying" && silent !== null && silent + moment.sinceNews > staleAfter(clock);
  const held = lost2 || said2.held || stale;
  const percent = percentOf(job);
  const percentText = percent === null ? "" : percentWords(percent);
  const known = current && health === "live";
  const still = clock.still + moment.sinceNews;
  const stalled = known && clock.stall !== null && still >= clock.stall;
  const left = known && job.time_left?.map((seconds) => seconds - moment.sinceNews);
  const resume = said2.held && !clock.running;
  return {
    ...said2,
    word: held && job.status ? `Last seen: ${said2.status.toLowerCase()}` : said2.status,
    percent,
    percentText,
    valueText: `${percentText || "not known"}${lost2 ? ", connection to the kernel lost" : ""}`,
    unknown: percent === null && !said2.final && job.status !== "",
    moving: current && (health === "live" || health === "starting"),
    chip: lost2 ? "" : said2.chip,
    /** The same for trouble, without its times: a countdown is no change of health. */
    trouble: lost2 ? "connection to the kernel lost" : said2.notice?.head,
    left: stalled ? `no progress for ${duration(still)}` : left ? rangeLeft(.../** @type {[number, number]} */
    left) : "",
    stalled,
    time: timeText(job, moment, watching, lost2),
    held,
    lost: lost2,
    notice: lost2 ? lostNotice(job, moment) : noticeOf(job, moment, resume && job._controls),
    next: stalled ? STALLED : said2.next,
    /** @type {Record<string, boolean>} what makes sense now */
    controls: {
      check: watching,
      stop: watching,
      resume
    },
    /** Whether a click would reach the kernel. */
    reachable: job._controls && !lost2
  };
}
function percentOf({ status, progress, indeterminate }) {
  if (status === "SUCCESS") return 100;
  return status === "" || indeterminate ? null : Math.min(100, Math.max(0, progress));
}
function timeText({ _clock: clock, _said: said2, status }, { sinceNews, wall }, watching, lost2) {
  if (lost2) return `as of ${duration(sinceNews)} ago`;
  if (watching && status === "PENDING") return `queued for ${duration(clock.phase + sinceNews)}`;
  if (watching && !status) return "";
  if (watching) return `watching for ${duration(clock.watched + sinceNews)}`;
  const watched = clock.watched >= 1 ? `watched for ${duration(clock.watched)}` : "";
  const over = said2.final ? `ended by ${timeOfDay(seenAt(clock), wall)}` : "";
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
function noticeOf({ _said: said2, _clock: clock, health, status }, { sinceNews, wall }, resume) {
  if (!said2.notice) return null;
  let { head, detail } = said2.notice;
  if (health === "retrying") {
    const left = Math.ceil((clock.retry ?? 0) - sinceNews);
    const next = left > 0 ? `next try in ${duration(left)}` : "trying now";
    head += `: ${clock.retry === null ? "trying again" : next}`;
    if (clock.silent !== null)
      detail += ` Last good answer ${duration(clock.silent + sinceNews)} ago.`;
  } else if (said2.held && status) {
    detail += ` Last seen at ${timeOfDay(seenAt(clock), wall)}.`;
  }
  const mended = health === "stopped" || health === "timed out";
  if (resume)
    detail += mended ? " Resume watching (▶) follows it again." : " Then: Resume watching (▶).";
  return { ...said2.notice, head, detail: detail.trim() };
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

// src/board_cards.js
function jobOfRow({ store, head, moment }, row) {
  const { texts, numbers } = store;
  const now = moment();
  const words = wordsOf(store, row, now);
  const since = (epoch) => Math.max(0, now.kernel - Number(epoch)) || 0;
  const seen2 = Number(numbers.seen[row]);
  const [low, high] = [Number(numbers.low[row]), Number(numbers.high[row])];
  return {
    job_id: texts.id[row] ?? "",
    status: words.status,
    progress: words.percent ?? 0,
    indeterminate: words.percent === null,
    error_message: words.error,
    health: texts.health[row] ?? "live",
    time_left: Number.isNaN(high) ? null : [low, high],
    _clock: {
      now: now.kernel,
      watched: words.final ? numbers.took[row] || 0 : since(numbers.began[row]),
      running: head.watching && !words.final && store.flags.held[row] !== 1,
      beat: head.beat,
      silent: Number.isNaN(seen2) ? null : since(seen2),
      retry: null,
      phase: since(numbers.phase[row]),
      still: 0,
      stall: null,
      retries: 0
    },
    _said: {
      status: words.word,
      tone: (
        /** @type {import("./protocol.js").Tone} */
        words.tone
      ),
      icon: words.icon,
      final: words.final,
      held: store.flags.held[row] === 1 && !words.final,
      name: words.name,
      what: words.what,
      chip: "",
      tasks: "",
      ill: false,
      notice: null,
      // Its row has the reason and the beginning of the message in one.
      failure: words.error ? { tone: "bad", reason: words.error.split(": ")[0] ?? "", lead: "" } : null,
      next: "",
      rows: [
        ["Status", words.word],
        ["Watching", texts.health[row] ?? ""]
      ],
      facts: [],
      platform: "",
      link: texts.link[row] ?? ""
    },
    _tasks: {},
    _history: {},
    _controls: false,
    _notify: false,
    _number: 0
  };
}
function asOf(job, kernel, beat) {
  const { _clock: clock, time_left: left } = job;
  const passed = Math.max(0, kernel - clock.now);
  const more = clock.running ? passed : 0;
  return {
    ...job,
    time_left: left && [left[0] - passed, left[1] - passed],
    _clock: {
      ...clock,
      now: clock.now + passed,
      beat,
      watched: clock.watched + more,
      silent: clock.silent === null ? null : clock.silent + passed,
      retry: clock.retry === null ? null : clock.retry - passed,
      phase: clock.phase + more,
      still: clock.still + more
    }
  };
}
function createCards({ feed, cards, send, measured, memories, signal }) {
  const made = /* @__PURE__ */ new Map();
  const Observer = globalThis.ResizeObserver;
  const observer = Observer && new Observer((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const height = borderBoxSize[0]?.blockSize ?? 0;
      if (height > 0) measured(Number(
        /** @type {HTMLElement} */
        target.dataset.fwRow
      ), height);
    }
  });
  signal.addEventListener("abort", () => {
    observer?.disconnect();
    for (const { controller } of made.values()) controller.abort();
  });
  function make(row) {
    const host = document.createElement("div");
    host.className = "fw-board-cardhost";
    host.dataset.fwRow = String(row);
    const controller = new AbortController();
    const memory = memories.get(row) ?? {};
    memories.set(row, memory);
    function read() {
      const job = cards()[row];
      const { kernel, sinceNews } = feed.moment();
      return job ? asOf(job, kernel - sinceNews, feed.head.beat) : jobOfRow(feed, row);
    }
    const news = createCard({
      el: host,
      read,
      send: (type, click) => send(type, row, click),
      memory,
      signal: controller.signal,
      // The board has one voice.
      speak: () => {
      }
    });
    observer?.observe(host);
    const card = { host, news, controller };
    made.set(row, card);
    return card;
  }
  return {
    /** @param {number} row */
    host: (row) => (made.get(row) ?? make(row)).host,
    /** The kernel was heard of. */
    news() {
      for (const { news } of made.values()) news();
    },
    /**
     * Ends those that are not open any more.
     * @param {number[]} open
     */
    keep(open) {
      for (const [row, { host, controller }] of made) {
        if (open.includes(row)) continue;
        observer?.unobserve(host);
        controller.abort();
        made.delete(row);
      }
    }
  };
}

// src/board_hold.js
function createHold({ element, scroller, foot, painting, released, signal }) {
  const pointable = [scroller, foot];
  const focusable2 = [element, foot];
  const hold = {
    pointed: false,
    focused: false,
    held: () => hold.pointed || hold.focused,
    /** Notices that the pointer is elsewhere after all. */
    check: () => hold.pointed && point(pointable.some((part) => part.matches(":hover")))
  };
  const left = () => hold.held() || released();
  const point = (within2) => {
    hold.pointed = within2;
    left();
  };
  const within = (parts, to) => parts.some((part) => part.contains(to));
  const on = (parts, type, take) => {
    for (const part of parts) part.addEventListener(type, take, { signal });
  };
  on(pointable, "pointerenter", ({ pointerType }) => {
    hold.pointed = pointerType !== "touch";
  });
  on(pointable, "pointerleave", ({ relatedTarget }) => point(within(pointable, relatedTarget)));
  on([element], "focusin", () => {
    hold.focused = true;
  });
  on(focusable2, "focusout", ({ relatedTarget }) => {
    if (painting()) return;
    hold.focused = within(focusable2, relatedTarget);
    left();
  });
  return hold;
}

// src/board_filter.js
var BLANKS = /[\t\r\n\u00a0]/g;
var WORDS = /(!?)(?:"([^"]*)"?|([^ ]+))/g;
function filterOf(filter) {
  const words = [];
  for (const [, sign, phrase, word] of filter.replace(BLANKS, " ").matchAll(WORDS)) {
    const found = (phrase || word || "").toLowerCase();
    if (found && (sign || word !== "!")) words.push([found, !sign]);
  }
  if (!words.length) return null;
  return (searched) => words.every(([word, wanted]) => searched.includes(word) === wanted);
}
var REMEMBERED = 5e4;
function createSearched(store) {
  const made = [];
  const plain = /* @__PURE__ */ new Map();
  function plainOf(value) {
    let text = plain.get(value);
    if (text === void 0) {
      text = value.replace(BLANKS, " ").toLowerCase();
      if (plain.size > REMEMBERED) plain.clear();
      plain.set(value, text);
    }
    return text;
  }
  return (row) => {
    const version = Number(store.versions[row]);
    const before = made[row];
    if (before?.[0] === version) return before[1];
    const { name, what, id, word, error } = store.texts;
    const searched = `${plainOf(name[row] ?? "")}
${plainOf(what[row] ?? "")}
${(id[row] ?? "").replace(BLANKS, " ").toLowerCase()}
${plainOf(word[row] ?? "")}
${plainOf(error[row] ?? "")}`;
    made[row] = [version, searched];
    return searched;
  };
}

// src/board_order.js
var RANKS = 5;
function rankOf({ texts, flags }, row, looked) {
  const status = texts.status[row];
  if (status === "FAILURE" && !looked.has(row)) return 0;
  if (flags.final[row]) return 4;
  if (texts.trouble[row]) return 1;
  return status === "PENDING" || status === "" ? 3 : 2;
}
var STATUSES2 = ["FAILURE", "RETRY", "STARTED", "PENDING", "", "?", "SUCCESS", "REVOKED"];
function placeOfStatus(status) {
  const place = STATUSES2.indexOf(status);
  return place < 0 ? STATUSES2.indexOf("?") : place;
}
var itemOfRow = (row) => row * 2;
var itemOfCard = (row) => row * 2 + 1;
var itemOfGroup = (group) => -1 - group;
var isGroup = (item) => item < 0;
var isCard = (item) => item > 0 && item % 2 === 1;
var rowOf = (item) => item >> 1;
function createOrdering(store) {
  const textOf = createSearched(store);
  let newest = new Uint32Array(0);
  let named = new Float64Array(0);
  let [newestOf, namedOf] = [-1, -1];
  function rowsByAge() {
    if (newestOf === store.members) return newest;
    newestOf = store.members;
    newest = new Uint32Array(store.total);
    let count = 0;
    for (let row = store.room - 1; row >= 0; row -= 1) if (store.has(row)) newest[count++] = row;
    const { began } = store.numbers;
    const before = (a, b) => Number(began[b]) - Number(began[a]) || b - a;
    let sorted = true;
    for (let at = 1; at < count && sorted; at += 1)
      sorted = before(Number(newest[at - 1]), Number(newest[at])) <= 0;
    if (!sorted) newest.sort(before);
    return newest;
  }
  function placesOfNames() {
    if (namedOf === store.members) return named;
    namedOf = store.members;
    const names = new Map([...new Set(store.texts.name)].map((name) => [name, 0]));
    const order = new Intl.Collator(void 0, { numeric: true }).compare;
    [...names.keys()].sort(order).forEach((name, place) => {
      names.set(name, place);
    });
    named = new Float64Array(store.room);
    store.texts.name.forEach((name, row) => {
      named[row] = names.get(name) ?? 0;
    });
    return named;
  }
  function keyOf2(order, looked) {
    if (order === "attention") return (row) => rankOf(store, row, looked);
    const { progress, began, low, high } = store.numbers;
    if (order === "progress") return (row) => knownOf(Number(progress[row]));
    if (order === "left") return (row) => knownOf((Number(low[row]) + Number(high[row])) / 2);
    if (order === "newest") return (row) => Number(began[row]);
    const places = placesOfNames();
    return (row) => Number(places[row]);
  }
  function shownBy2({ statuses }, filter) {
    const matches = filterOf(filter);
    const wanted = statuses.length ? new Set(statuses) : null;
    const status = store.texts.status;
    return (row) => store.has(row) && (!wanted || wanted.has(status[row] ?? "")) && (!matches || matches(textOf(row)));
  }
  function sort({ order, descending }, rows, keys) {
    if (order === "newest") return descending ? rows.reverse() : rows;
    if (order === "attention") {
      const sorted = new Uint32Array(rows.length);
      let count = 0;
      for (let rank = 0; rank < RANKS; rank += 1)
        for (const row of rows) if (keys[row] === rank) sorted[count++] = row;
      return descending ? sorted.reverse() : sorted;
    }
    const sign = descending ? -1 : 1;
    return rows.sort((a, b) => {
      const [one, other] = [Number(keys[a]), Number(keys[b])];
      if (one === other) return 0;
      if (one === UNKNOWN || other === UNKNOWN) return one === UNKNOWN ? 1 : -1;
      return (one - other) * sign;
    });
  }
  return {
    /** Makes now what the first letter of a search would have to wait for. */
    prepare() {
      for (let row = 0; row < store.room; row += 1) if (store.has(row)) textOf(row);
    },
    /**
     * Those of some rows that would have another place by now, or none.
     * @param {Arrangement} arrangement
     * @param {Iterable<number>} rows
     * @param {View} view
     * @param {string} filter
     * @param {Set<number>} looked
     * @returns {number[]}
     */
    moved({ keys }, rows, view, filter, looked) {
      const shows = shownBy2(view, filter);
      const key = keyOf2(view.order, looked);
      return [...rows].filter((row) => {
        const now = shows(row) ? key(row) : Number.NaN;
        return !Object.is(now, keys[row] ?? Number.NaN) && store.has(row);
      });
    },
    /**
     * The same rows in the same order, without those that are gone, and with the cards that are open now.
     * @param {Arrangement} arrangement
     * @param {number[]} open
     * @returns {Arrangement}
     */
    again(arrangement, open) {
      const items = [];
      for (const item of arrangement.items) {
        if (isCard(item) || !isGroup(item) && !store.has(rowOf(item))) continue;
        items.push(item);
        if (!isGroup(item) && open.includes(rowOf(item))) items.push(item + 1);
      }
      return { ...arrangement, items: Int32Array.from(items) };
    },
    /**
     * @param {View} view
     * @param {string} filter
     * @param {Set<number>} looked
     * @returns {Arrangement}
     */
    arrange(view, filter, looked) {
      const shows = shownBy2(view, filter);
      const all = rowsByAge();
      const keys = new Float64Array(store.room).fill(Number.NaN);
      const key = keyOf2(view.order, looked);
      const rows = new Uint32Array(all.length);
      let count = 0;
      for (const row of all) {
        if (!shows(row)) continue;
        keys[row] = key(row);
        rows[count++] = row;
      }
      const sorted = sort(view, rows.subarray(0, count), keys);
      const open = new Set(view.open);
      return view.group ? { ...inGroups(store, view, sorted, open), shown: count, keys } : { items: itemsOf(sorted, open), groups: [], shown: count, keys };
    }
  };
}
var UNKNOWN = Number.POSITIVE_INFINITY;
var knownOf = (value) => Number.isNaN(value) ? UNKNOWN : value;
function itemsOf(rows, open) {
  const items = new Int32Array(rows.length + open.size);
  let count = 0;
  for (const row of rows) {
    items[count++] = itemOfRow(row);
    if (open.has(row)) items[count++] = itemOfCard(row);
  }
  return items.subarray(0, count);
}
function inGroups({ texts, flags }, { group, shut }, rows, open) {
  const members = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const name = texts[
      /** @type {"project"} */
      group
    ][row] ?? "";
    const found = members.get(name);
    if (found) found.push(row);
    else members.set(name, [row]);
  }
  const order = new Intl.Collator(void 0, { numeric: true }).compare;
  const names = [...members.keys()].sort(
    (a, b) => group === "status" ? placeOfStatus(a) - placeOfStatus(b) || order(a, b) : Number(!a) - Number(!b) || order(a, b)
  );
  const groups = [];
  const items = [];
  for (const name of names) {
    const own = members.get(name) ?? [];
    let [failed, live] = [0, 0];
    for (const row of own) {
      failed += Number(texts.status[row] === "FAILURE");
      live += 1 - Number(flags.final[row]);
    }
    const closed = shut.includes(name);
    items.push(itemOfGroup(groups.length));
    groups.push({ name, rows: own.length, failed, live, shut: closed });
    if (!closed) for (const item of itemsOf(own, open)) items.push(item);
  }
  return { items: Int32Array.from(items), groups };
}

// src/board_rows.js
var COLUMNS = [
  ["Status", null],
  ["Job", "name"],
  ["Progress", "progress"],
  ["Time", "left"],
  ["Began", "newest"],
  ["Details", null]
];
var LAST_COLUMN = COLUMNS.length - 1;
var BEGAN_COLUMN = 4;
var tab = (at, column) => at === column ? "0" : "-1";
var cell = (look, at, column, attributes, ...children) => h(
  `div.fw-board-cell.fw-board-${look}`,
  { role: "gridcell", "data-fw-column": column, tabindex: tab(at, column), ...attributes },
  ...children
);
function cellsOf(words, began, at, open) {
  const { percent, percentText, name, what, error, trouble } = words;
  const filled = `scaleX(${(percent ?? 0) / 100})`;
  const known = words.unknown ? { "aria-label": "Progress not known" } : {};
  const dir = "auto";
  return [
    cell(
      "status",
      at,
      0,
      {},
      icon(words.icon),
      h("bdi.fw-board-word", { dir, title: words.word }, words.word)
    ),
    cell(
      "job",
      at,
      1,
      { role: "rowheader", title: [name, error, what].filter(Boolean).join("\n") },
      h("bdi.fw-board-name", { dir }, name),
      trouble && h("span.fw-board-trouble", {}, trouble),
      error && h("bdi.fw-board-error", { dir }, error),
      what && h("bdi.fw-board-what", { dir }, what)
    ),
    cell(
      "progress",
      at,
      2,
      known,
      h(
        "div.fw-board-track",
        { "data-fw-unknown": words.unknown, "aria-hidden": "true" },
        h("div.fw-fill", { "style.transform": filled })
      ),
      h("span.fw-board-percent", {}, percentText)
    ),
    cell("time", at, 3, { title: words.time || null }, h("span.fw-board-text", {}, words.time)),
    cell("began", at, BEGAN_COLUMN, {}, h("span.fw-board-text", {}, began)),
    h(
      "div.fw-board-cell.fw-board-open",
      { role: "gridcell" },
      h("button.fw-board-toggle", {
        type: "button",
        tabindex: tab(at, LAST_COLUMN),
        "data-fw-column": LAST_COLUMN,
        "aria-expanded": String(open),
        "aria-label": `Details of ${name}`
      })
    )
  ];
}
function createRows(store) {
  let made = /* @__PURE__ */ new Map();
  return {
    /** Forgets all but those that were shown since the last time. */
    sweep() {
      if (made.size > 500) made = /* @__PURE__ */ new Map();
    },
    /**
     * @param {number} row
     * @param {Place} place
     * @param {boolean} open whether its card is
     * @param {import("./board_words.js").Moment} moment
     * @param {boolean} quick whether what takes long may be left for the next time
     * @returns {VNode}
     */
    row(row, { index, offset, column }, open, moment, quick) {
      const words = wordsOf(store, row, moment);
      const began = beganAt(Number(store.numbers.began[row]), moment.wall, quick);
      const version = Number(store.versions[row]);
      const says = `${version} ${words.time} ${began} ${column} ${open}`;
      const placed = `${index} ${offset} ${words.held} ${words.tone}`;
      let kept2 = made.get(row);
      if (kept2?.says === says && kept2.placed === placed && kept2.row) return kept2.row;
      if (kept2?.says !== says) {
        kept2 = { says, cells: cellsOf(words, began, column, open), placed: "", row: null };
        made.set(row, kept2);
      }
      kept2.placed = placed;
      kept2.row = h(
        "div.fw-board-row",
        {
          key: `r${row}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": row * 2,
          "data-fw-tone": words.tone,
          "data-fw-held": words.held,
          "data-fw-stale": words.stale,
          "data-fw-final": words.final,
          "data-fw-open": open,
          "style.transform": `translateY(${offset}px)`
        },
        kept2.cells
      );
      return kept2.row;
    },
    /**
     * The row that holds an open card, which is put into it from outside.
     * @param {number} item
     * @param {Place} place
     */
    card(item, { index, offset, column }) {
      const inner = {
        role: "gridcell",
        "aria-colspan": COLUMNS.length,
        "aria-label": `Card of ${store.texts.name[item >> 1] ?? ""}`,
        "data-fw-column": 0,
        tabindex: column === null ? "-1" : "0"
      };
      return h(
        "div.fw-board-row.fw-board-card",
        {
          key: `c${item >> 1}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": item,
          "style.transform": `translateY(${offset}px)`
        },
        h("div.fw-board-cardcell", inner, HOLE)
      );
    },
    /**
     * @param {import("./board_order.js").Group} group
     * @param {number} item
     * @param {Place} place
     * @param {import("./board_protocol.js").GroupBy} by
     */
    group({ name, rows, failed, live, shut }, item, { index, offset, column }, by) {
      const called = by === "status" ? badgeOf(name)[0] ?? name : name || `Without a ${by || "group"}`;
      const counts = [
        `${counted(rows)} ${rows === 1 ? "job" : "jobs"}`,
        failed && by !== "status" && `${counted(failed)} failed`,
        live && by !== "status" && `${counted(live)} not over`
      ];
      return h(
        "div.fw-board-row.fw-board-group",
        {
          key: `g${name}`,
          role: "row",
          "aria-rowindex": index + 2,
          "data-fw-item": item,
          "style.transform": `translateY(${offset}px)`
        },
        h(
          "div.fw-board-cell.fw-board-grouphead",
          { role: "rowheader", "aria-colspan": COLUMNS.length },
          h(
            "button.fw-board-toggle.fw-board-grouptoggle",
            {
              type: "button",
              tabindex: column === null ? "-1" : "0",
              "data-fw-column": 0,
              "aria-expanded": String(!shut)
            },
            h("bdi.fw-board-groupname", { dir: "auto" }, called)
          ),
          h("span.fw-board-groupcounts", {}, counts.filter(Boolean).join(" · "))
        )
      );
    },
    /**
     * The headings, each with the button that sorts by it.
     * @param {Pick<import("./board_protocol.js").View, "order" | "descending">} view
     * @param {number | null} column that the keyboard is on
     */
    headings({ order, descending }, column) {
      return h(
        "div.fw-board-row.fw-board-headings",
        { role: "row", "aria-rowindex": "1", "data-fw-item": HEADINGS },
        COLUMNS.map(([heading, by], index) => {
          const on = { "data-fw-column": index, tabindex: tab(column, index) };
          const sorted = by !== null && by === order;
          const falls = descending !== (by === "newest");
          return h(
            "div.fw-board-cell",
            {
              role: "columnheader",
              "aria-sort": sorted ? falls ? "descending" : "ascending" : null,
              ...by ? {} : on
            },
            by ? h("button.fw-board-sort", { type: "button", "data-fw-order": by, ...on }, heading) : h("span.fw-board-heading", {}, heading)
          );
        })
      );
    }
  };
}
var HEADINGS = -(2 ** 31);
var HOLE = h("div.fw-board-hole");

// src/board_window.js
function offsetOf({ usual, others }, index) {
  let offset = index * usual;
  for (const [place, height] of others) {
    if (place >= index) break;
    offset += height - usual;
  }
  return offset;
}
function indexAt({ usual, others }, offset, count) {
  let more = 0;
  for (const [place, height] of others) {
    const begin = place * usual + more;
    if (offset < begin) break;
    if (offset < begin + height) return place;
    more += height - usual;
  }
  return Math.max(0, Math.min(count - 1, Math.floor((offset - more) / usual)));
}
function rangeOf(heights, count, { top, height, around }) {
  if (!count) return [0, 0];
  const first = indexAt(heights, Math.max(0, top), count);
  const last = indexAt(heights, Math.max(0, top + height - 1), count);
  return [Math.max(0, first - around), Math.min(count, last + 1 + around)];
}
function scrolledTo(top, height, begin, end) {
  if (begin < top || end - begin > height) return begin;
  return end > top + height ? end - height : top;
}

// src/board_scroll.js
var ONE_LINE = 32;
var TWO_LINES = 52;
var ROOM_FOR_ONE = 600;
var USUAL_HEIGHT = 480;
var CARD = 118;
function createScroll({ scroller, most, items, open, held, kept: kept2 }) {
  let scrolled = 0;
  let wanted = -1;
  let wide = true;
  let hidden = false;
  const measured = /* @__PURE__ */ new Map();
  const usual = () => wide ? ONE_LINE : TWO_LINES;
  function heights() {
    const others = [];
    for (const row of open()) {
      const index = items().indexOf(itemOfCard(row));
      if (index >= 0) others.push([index, measured.get(row) ?? CARD]);
    }
    return { usual: usual(), others: others.sort(([a], [b]) => a - b) };
  }
  const wholeOf = (all) => offsetOf(all, items().length);
  const sightOf = (all) => Math.min(wholeOf(all), most || USUAL_HEIGHT);
  function range(around, all = heights()) {
    const sight = { top: scrolled, height: sightOf(all), around };
    return rangeOf(all, items().length, sight);
  }
  function anchors() {
    const all = heights();
    const [from, to] = range(0, all);
    const found = [];
    for (let index = from; index < to; index += 1)
      found.push([Number(items()[index]), offsetOf(all, index) - scrolled]);
    const first = found.filter(([item]) => item === kept2());
    return [...first, ...found];
  }
  function scrollTo(to, all = heights()) {
    const place = Math.max(0, Math.min(to, wholeOf(all) - sightOf(all)));
    if (place === scrolled) return;
    scrolled = wanted = place;
  }
  function inPlace(change) {
    const before = held() || scrolled > 0 ? anchors() : [];
    change();
    const all = heights();
    for (const [item, distance] of before) {
      const index = items().indexOf(item);
      if (index < 0) continue;
      scrollTo(offsetOf(all, index) - distance, all);
      return;
    }
    scrollTo(scrolled, all);
  }
  return {
    heights,
    wholeOf,
    sightOf,
    range,
    inPlace,
    scrollTo,
    get wide() {
      return wide;
    },
    get scrolled() {
      return scrolled;
    },
    /** @returns {boolean} whether the reader has scrolled */
    scrolledByReader() {
      if (hidden || wanted >= 0) return false;
      scrolled = scroller.scrollTop;
      return true;
    },
    /** Goes where it was to go to, now that the rows are there. */
    settle() {
      if (wanted < 0 || hidden) return;
      scroller.scrollTop = wanted;
      wanted = -1;
    },
    /** How many rows a page has. */
    page: (all = heights()) => Math.max(1, Math.floor(sightOf(all) / usual()) - 1),
    /**
     * Scrolls so that an item is in sight.
     * @param {number} index
     */
    reveal(index, all = heights()) {
      const [begin, end] = [offsetOf(all, index), offsetOf(all, index + 1)];
      scrollTo(scrolledTo(scrolled, sightOf(all), begin, end), all);
    },
    /**
     * @param {number} row
     * @param {number} height of its card, in pixels
     * @returns {boolean} whether that is new
     */
    measure(row, height) {
      if (measured.get(row) === height) return false;
      inPlace(() => measured.set(row, height));
      return true;
    },
    /** @param {number} width of the board, in pixels; 0 while it is not to be seen */
    resize(width) {
      if (width > 0 && hidden) wanted = scrolled;
      hidden = width === 0;
      if (hidden || wide === width >= ROOM_FOR_ONE) return;
      inPlace(() => {
        wide = width >= ROOM_FOR_ONE;
      });
    }
  };
}

// src/board_grid.js
var AROUND = 8;
function createGrid({ feed, settings, hostOf, most, foot, released, schedule, signal }) {
  const rows = createRows(feed.store);
  const element = document.createElement("div");
  element.className = "fw-board-grid";
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", "Jobs");
  const top = document.createElement("div");
  top.className = "fw-board-top";
  top.setAttribute("role", "rowgroup");
  const scroller = document.createElement("div");
  scroller.className = "fw-board-scroller";
  scroller.setAttribute("role", "rowgroup");
  scroller.tabIndex = -1;
  element.append(top, scroller);
  let arrangement = { items: new Int32Array(0), groups: [], shown: 0, keys: new Float64Array(0) };
  let [active, column] = [HEADINGS, 1];
  let lastAt = 0;
  let painting = false;
  let brief = true;
  let moment = feed.moment();
  const current = () => (
    /** @type {Document} */
    element.getRootNode().activeElement ?? null
  );
  const hold = createHold({
    element,
    scroller,
    foot,
    painting: () => painting,
    released,
    signal
  });
  const scroll = createScroll({
    scroller,
    most,
    items: () => arrangement.items,
    open: () => settings.view.open,
    held: hold.held,
    kept: () => hold.focused ? active : null
  });
  function vnodeOf(index, heights) {
    const item = Number(arrangement.items[index]);
    const at = scroll.wide ? column : Math.min(column, BEGAN_COLUMN - 1);
    const place = { index, offset: offsetOf(heights, index), column: item === active ? at : null };
    if (isCard(item)) return rows.card(item, place);
    if (!isGroup(item)) {
      const row = rowOf(item);
      return rows.row(row, place, settings.view.open.includes(row), moment, brief);
    }
    const group = arrangement.groups[-1 - item];
    return group ? rows.group(group, item, place, settings.view.group) : h("div");
  }
  function placesOf(heights) {
    const { items } = arrangement;
    const [first, end] = scroll.range(0, heights);
    const [from, to] = scroll.range(brief ? 1 : AROUND, heights);
    let at = items.indexOf(active);
    const away = active === HEADINGS ? !hold.focused : at < 0 || !hold.focused && (at < first || at >= end);
    if (away && items.length) {
      at = hold.focused ? Math.min(lastAt, items.length - 1) : first;
      active = Number(items[at]);
    }
    lastAt = at;
    const places = [];
    if (at >= 0 && at < from) places.push(at);
    for (let index = from; index < to; index += 1) places.push(index);
    if (at >= to) places.push(at);
    return places;
  }
  function paint() {
    moment = feed.moment();
    const heights = scroll.heights();
    const places = placesOf(heights);
    const inRows = hold.focused && scroller.contains(current());
    painting = true;
    const count = String(arrangement.items.length + 1);
    if (element.getAttribute("aria-rowcount") !== count)
      element.setAttribute("aria-rowcount", count);
    element.toggleAttribute("data-fw-narrow", !scroll.wide);
    draw(top, [rows.headings(settings.view, active === HEADINGS ? column : null)]);
    const height = `${scroll.sightOf(heights)}px`;
    if (scroller.style.height !== height) scroller.style.height = height;
    const spacer = { role: "presentation", "style.height": `${scroll.wholeOf(heights)}px` };
    const shown = places.map((index) => vnodeOf(index, heights));
    draw(scroller, [h("div.fw-board-spacer", spacer), ...shown]);
    rows.sweep();
    for (const index of places) {
      const item = Number(arrangement.items[index]);
      if (!isCard(item)) continue;
      const hole = scroller.querySelector(`[data-fw-item="${item}"] .fw-board-hole`);
      const host = hostOf(rowOf(item));
      if (hole && host.parentNode !== hole) hole.append(host);
    }
    scroll.settle();
    if (inRows && !scroller.contains(current())) focus();
    painting = false;
    if (brief) schedule();
    brief = false;
  }
  function focus() {
    const host = active === HEADINGS ? top : scroller;
    const found = host.querySelector(`[data-fw-item="${active}"] [tabindex="0"]`);
    found?.focus({ preventScroll: true });
  }
  function go(item) {
    active = item;
    const index = arrangement.items.indexOf(active);
    if (index >= 0) scroll.reveal(index);
    paint();
    focus();
  }
  function move({ rows: down = 0, pages = 0, columns = 0 }) {
    const { items } = arrangement;
    if (columns) {
      const last = scroll.wide ? LAST_COLUMN : BEGAN_COLUMN - 1;
      column = Math.max(0, Math.min(last, column + columns));
      go(active);
      return;
    }
    const from = active === HEADINGS ? -1 : items.indexOf(active);
    const least = scroll.wide && down === -1 ? -1 : 0;
    const to = Math.max(least, Math.min(items.length - 1, from + down + pages * scroll.page()));
    go(to < 0 ? HEADINGS : Number(items[to]));
  }
  function placeOf({ target: at }) {
    const line = at.closest("[data-fw-item]");
    const cell2 = at.closest("[data-fw-column]");
    if (!line) return null;
    return {
      item: Number(line.getAttribute("data-fw-item")),
      column: cell2 ? Number(cell2.getAttribute("data-fw-column")) : column
    };
  }
  const on = { signal };
  scroller.addEventListener("scroll", () => scroll.scrolledByReader() && schedule(), {
    signal,
    passive: true
  });
  element.addEventListener(
    "focusin",
    (event) => {
      const place = placeOf(event);
      if (!place || place.item === active && place.column === column) return;
      [active, column] = [place.item, place.column];
      schedule();
    },
    on
  );
  return {
    element,
    placeOf,
    move,
    go,
    paint,
    focus,
    hold,
    current,
    get active() {
      return active;
    },
    get scrolled() {
      return scroll.scrolled;
    },
    /**
     * Begins where another view was left, with the pointer over its rows.
     * @param {Arrangement} last
     * @param {number} scrolled in pixels
     */
    take(last, scrolled) {
      arrangement = last;
      hold.pointed = true;
      scroll.scrollTo(scrolled);
    },
    get arrangement() {
      return arrangement;
    },
    /**
     * @param {Arrangement} next
     * @param {boolean} [fromTop] whether the reader has asked for something else
     */
    show(next, fromTop = false) {
      scroll.inPlace(() => {
        arrangement = next;
      });
      if (!fromTop) return;
      scroll.scrollTo(0);
      brief = true;
    },
    /**
     * @param {number} row
     * @param {number} height of its card, in pixels
     */
    cardMeasured(row, height) {
      if (scroll.measure(row, height)) schedule();
    },
    /** @param {number} width of the board, in pixels; 0 while it is not to be seen */
    resize(width) {
      scroll.resize(width);
      schedule();
    },
    /** @returns {number[]} the rows in sight */
    inSight() {
      const [from, to] = scroll.range(0);
      return [...arrangement.items.subarray(from, to)].filter((item) => !isGroup(item) && !isCard(item)).map(rowOf);
    }
  };
}

// src/board_head.js
var ORDERS = [
  ["attention", "Attention"],
  ["newest", "Newest"],
  ["name", "Name"],
  ["progress", "Progress"],
  ["left", "Time left"]
];
var GROUPS = [
  ["", "None"],
  ["project", "Project"],
  ["model", "Model"],
  ["kind", "Kind"],
  ["status", "Status"]
];
var OLD = {
  tone: "warn",
  icon: "warning",
  head: "Some rows may be old",
  detail: "A message from the kernel was lost, and it has not sent it again yet: it may be busy."
};
var lost = (sinceNews) => ({
  tone: "warn",
  icon: "plug",
  head: `Connection to the kernel lost: no news for ${duration(sinceNews)}`,
  // Running the cell again may start the jobs again.
  detail: "The jobs may still go on. When the kernel is back, fiddler_widgets.JobBoard.recent() follows them."
});
function createHead({ store }, doing) {
  function bar(progress) {
    const { total, over, counts } = store;
    const failed = counts.get("FAILURE") ?? 0;
    const succeeded = counts.get("SUCCESS") ?? 0;
    const part = (count) => total ? count / total * 100 : 0;
    const parts = [
      ["ok", part(succeeded)],
      ["bad", part(failed)],
      ["idle", part(over - succeeded - failed)],
      ["run", over < total ? Math.max(0, progress - part(over)) : 0]
    ];
    const says = [
      `${counted(over)} of ${counted(total)} over`,
      failed && `${counted(failed)} failed`
    ];
    return h(
      "div.fw-board-bar",
      {
        role: "progressbar",
        "aria-label": "Progress of all jobs",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "aria-valuenow": Math.floor(progress),
        "aria-valuetext": `${Math.floor(progress)} %, ${says.filter(Boolean).join(", ")}`
      },
      parts.map(
        ([tone, width]) => width > 0 && h("div.fw-board-part", { key: tone, "data-fw-tone": tone, "style.width": `${width}%` })
      )
    );
  }
  function chips(pressed) {
    const statuses = [.../* @__PURE__ */ new Set([...store.counts.keys(), ...pressed])].sort(
      (a, b) => placeOfStatus(a) - placeOfStatus(b) || a.localeCompare(b)
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
            onclick: () => doing.chip(status)
          },
          icon(name),
          h("span.fw-board-count", {}, `${counted(store.counts.get(status) ?? 0)} ${word}`)
        );
      })
    );
  }
  function pick(label, options, chosen, choose) {
    const onchange = ({ target }) => choose(
      /** @type {Value} */
      /** @type {HTMLSelectElement} */
      target.value
    );
    return h(
      "label.fw-board-pick",
      { key: label },
      h("span", {}, label),
      h(
        "select.fw-board-select",
        { onchange },
        options.map(
          ([value, word]) => h("option", { key: value, value, selected: value === chosen }, word)
        )
      )
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
      oninput: ({ target }) => doing.search(
        /** @type {HTMLInputElement} */
        target.value
      )
    })
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
            moment.lost ? `as of ${duration(passed)} ago` : left && rangeLeft(left[0] - passed, left[1] - passed)
          ),
          h(
            "div.fw-board-actions",
            {},
            controls.buttons,
            button(
              ".fw-board-more",
              { title: "Group, order, clear", "aria-expanded": String(more), onclick: doing.more },
              h("span.fw-offscreen", {}, "Group, order, clear"),
              icon("chevron")
            )
          )
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
              usable && over > 0 && button("", { key: "clear", onclick: doing.clear }, "Clear finished"),
              usable && head.cleared > 0 && button(
                "",
                { key: "restore", onclick: doing.restore },
                icon("retry"),
                `Bring back ${counted(head.cleared)}`
              )
            )
          )
        ),
        controls.note,
        notice && noticeOf2(notice)
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
      const says = filtered ? `${counted(shown)} of ${counted(total)} ${jobs} shown` : `${counted(total)} ${jobs}`;
      const rows = moved === 1 ? "row" : "rows";
      return h(
        "div.fw-board-foot",
        {},
        h("span.fw-board-count", {}, says),
        filtered && button(".fw-board-all", { onclick: doing.all }, "Show all"),
        moved > 0 && button(
          ".fw-board-update",
          { onclick: doing.update },
          icon("again"),
          h(
            "span.fw-board-count",
            {},
            `${counted(moved)} ${rows} ${exact ? "moved" : "changed"} · Update order`
          )
        )
      );
    }
  };
}

// src/board_keys.js
var PLAIN = {
  ArrowDown: { rows: 1 },
  ArrowUp: { rows: -1 },
  PageDown: { pages: 1 },
  PageUp: { pages: -1 },
  Home: { columns: -Infinity },
  End: { columns: Infinity },
  Enter: { act: "open" },
  " ": { act: "open" },
  Escape: { act: "leave" },
  "/": { act: "search" }
};
var CONTROLLED = { Home: { rows: -Infinity }, End: { rows: Infinity } };
var SIDEWAYS = { ArrowRight: 1, ArrowLeft: -1 };
function commandOf({ key, altKey, ctrlKey, metaKey }, rtl) {
  if (altKey || metaKey) return null;
  const commands = ctrlKey ? CONTROLLED : PLAIN;
  if (Object.hasOwn(commands, key)) return commands[key] ?? null;
  const columns = ctrlKey ? void 0 : SIDEWAYS[key];
  return columns === void 0 ? null : { columns: rtl ? -columns : columns };
}
var TAKES_LETTERS = "input, select, textarea, [contenteditable]";
var REACHABLE = "a[href], button:not([disabled]), [tabindex='0']";
function listen({ root, grid, open, sortBy, search, paint, signal }) {
  function onwaydown(event) {
    const [target] = event.composedPath();
    if (!(target instanceof HTMLElement) || !root.contains(target)) return;
    if (!target.closest(".fw-card")) onkeydown(event, target);
  }
  function onwayup(event) {
    const target = (
      /** @type {HTMLElement} */
      event.target
    );
    if (target.closest(".fw-card")) onkeydown(event, target);
  }
  function onkeydown(event, target) {
    const { altKey, ctrlKey, metaKey } = event;
    const command = commandOf(event, getComputedStyle(root).direction === "rtl");
    const field = target.matches(TAKES_LETTERS);
    const done = field ? inField(event, target, command) : command !== null && act(command, target);
    if (done) event.preventDefault();
    const typed = field && !altKey && !ctrlKey && !metaKey;
    const pressed = command?.act === "open" && target.localName === "button";
    if (done || typed || pressed) event.stopPropagation();
  }
  function inField({ key }, target, command) {
    if (!(target instanceof HTMLInputElement)) return false;
    if (command?.act === "leave" && target.value) {
      target.value = "";
      search("");
      return true;
    }
    if (command?.act !== "leave" && key !== "ArrowDown" && key !== "Enter") return false;
    paint();
    grid.focus();
    return true;
  }
  function act(command, target) {
    if (command.act === "search") {
      root.querySelector("input")?.focus();
      return true;
    }
    if (!grid.element.contains(target)) return false;
    if (target.closest(".fw-card")) {
      if (command.act !== "leave") return false;
      grid.focus();
      return true;
    }
    const { active } = grid;
    if (command.act === "leave") {
      if (!isCard(active)) return false;
      grid.go(active - 1);
    } else if (command.act !== "open") grid.move(command);
    else if (active === HEADINGS) target.click();
    else if (isCard(active))
      target.querySelector(REACHABLE)?.focus();
    else open(active);
    return true;
  }
  function onclick(event) {
    const target = (
      /** @type {HTMLElement} */
      event.target
    );
    const by = target.closest("[data-fw-order]")?.getAttribute("data-fw-order");
    if (by) return sortBy(
      /** @type {import("./board_protocol.js").Order} */
      by
    );
    const place = grid.placeOf(event);
    if (!place || place.item === HEADINGS || isCard(place.item)) return;
    const selection = getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(target, true)) return;
    open(place.item);
  }
  window.addEventListener("keydown", onwaydown, { capture: true, signal });
  root.addEventListener("keydown", onwayup);
  grid.element.addEventListener("click", onclick);
}

// src/board_settings.js
var PAUSE_MS = 300;
var MOST_OPEN = 20;
var MOST_LOOKED = 500;
var USUAL = {
  order: "attention",
  descending: false,
  statuses: [],
  group: "",
  shut: [],
  open: [],
  looked: []
};
function createSettings(model, changed, signal) {
  let view = { ...USUAL, ...model.get("_view") };
  let filter = String(model.get("filter") ?? "");
  let timer;
  function write2() {
    clearTimeout(timer);
    try {
      if (JSON.stringify({ ...USUAL, ...model.get("_view") }) !== JSON.stringify(view))
        model.set("_view", view);
      if (model.get("filter") !== filter) model.set("filter", filter);
      model.save_changes();
    } catch {
    }
    timer = void 0;
  }
  function put2() {
    clearTimeout(timer);
    timer = setTimeout(write2, PAUSE_MS);
  }
  function adopt() {
    if (timer !== void 0) return;
    const theirs = { ...USUAL, ...model.get("_view") };
    const text = String(model.get("filter") ?? "");
    if (text === filter && JSON.stringify(theirs) === JSON.stringify(view)) return;
    [view, filter] = [theirs, text];
    changed();
  }
  model.on("change:_view", adopt);
  model.on("change:filter", adopt);
  signal.addEventListener("abort", () => {
    if (timer !== void 0) write2();
    model.off("change:_view", adopt);
    model.off("change:filter", adopt);
  });
  return {
    get view() {
      return view;
    },
    get filter() {
      return filter;
    },
    /** @param {string} text */
    search(text) {
      filter = text;
      put2();
    },
    /** @param {Partial<View>} changes */
    set(changes) {
      view = { ...view, ...changes };
      put2();
    },
    /**
     * Opens or closes the card of a row.
     * @param {number} row
     * @param {boolean} failed
     * @returns {number[]} the rows that were closed
     */
    toggle(row, failed) {
      const { open } = view;
      const rest = open.filter((one) => one !== row);
      const shut = open.includes(row) ? [row] : rest.slice(0, Math.max(0, rest.length + 1 - MOST_OPEN));
      const kept2 = open.includes(row) ? rest : [...rest.slice(shut.length), row];
      const looked = failed ? [...view.looked.filter((one) => one !== row), row].slice(-MOST_LOOKED) : view.looked;
      this.set({ open: kept2, looked });
      return shut;
    }
  };
}

// src/board_sight.js
var AGAIN2 = 30;
var PAUSE2 = 1;
function createSight({ root, feed, inSight, send, schedule, signal }) {
  let visible = true;
  let told = "";
  let toldAt = Number.NEGATIVE_INFINITY;
  function tell() {
    const now = monotonic();
    const rows = visible && !document.hidden ? inSight() : [];
    const isDue = feed.head.watching && rows.length > 0 && now - toldAt >= AGAIN2;
    if (String(rows) === told && !isDue || now - toldAt < PAUSE2) return;
    told = String(rows);
    toldAt = now;
    send({ type: LOOK, rows });
  }
  const observer = globalThis.IntersectionObserver && new IntersectionObserver((entries) => {
    visible = entries.at(-1)?.isIntersecting ?? true;
    schedule();
  });
  observer?.observe(root);
  document.addEventListener("visibilitychange", tell, { signal });
  signal.addEventListener("abort", () => observer?.disconnect());
  return tell;
}

// src/board_view.js
var ANEW = 2;
var POINTER_MS = 500;
var CALM = 5;
function createBoard({ el, model, feed, memories, former, send, signal }) {
  const { store } = feed;
  const ticker = pageTicker();
  const ordering = createOrdering(store);
  const settings = createSettings(model, () => arrange(true), signal);
  const ask = (type, click) => send({ type, click });
  const controls = createControls(ask, schedule, former, signal);
  const cards = createCards({
    feed,
    cards: () => model.get("_cards") ?? {},
    send: (type, row, click) => send({ type, row, click }),
    measured: (row, height) => grid.cardMeasured(row, height),
    memories,
    signal
  });
  const below = document.createElement("div");
  const grid = createGrid({
    feed,
    settings,
    hostOf: cards.host,
    most: model.get("_height") || 0,
    foot: below,
    released: () => pending.size && arrange(),
    schedule,
    signal
  });
  const head = createHead(feed, {
    chip: (status) => change({ statuses: toggled(settings.view.statuses, status) }),
    search: (text) => {
      settings.search(text);
      arrange(true);
    },
    prepare: () => ordering.prepare(),
    group: (group) => change({ group, shut: [] }),
    order: (order) => change({ order, descending: false }),
    clear: () => send({ type: CLEAR }),
    restore: () => send({ type: RESTORE }),
    all: () => {
      settings.search("");
      change({ statuses: [] });
    },
    update: () => {
      arrange();
      grid.paint();
      grid.focus();
    },
    more: () => {
      more = !more;
      schedule();
    }
  });
  const root = document.createElement("div");
  root.className = "fw-board";
  const above = root.appendChild(document.createElement("div"));
  root.append(grid.element);
  const empty = root.appendChild(document.createElement("div"));
  root.append(below);
  let more = false;
  let frame = 0;
  let arrangedAt = 0;
  let pending = /* @__PURE__ */ new Set();
  let moved = 0;
  const tellWhatIsSeen = createSight({
    root,
    feed,
    inSight: grid.inSight,
    send,
    schedule,
    signal
  });
  const seen2 = () => new Set(settings.view.looked.filter((row) => !settings.view.open.includes(row)));
  function schedule() {
    if (!frame && !signal.aborted) frame = requestAnimationFrame(paint);
  }
  function arrange(fromTop = false) {
    grid.show(ordering.arrange(settings.view, settings.filter, seen2()), fromTop);
    cards.keep(settings.view.open);
    pending = /* @__PURE__ */ new Set();
    moved = 0;
    arrangedAt = monotonic();
    schedule();
  }
  function change(changes) {
    settings.set(changes);
    arrange(true);
  }
  function toggle(row) {
    const open2 = !settings.view.open.includes(row);
    const shut = settings.toggle(row, store.texts.status[row] === "FAILURE");
    for (const one of shut) send({ type: SHUT, row: one });
    if (open2) send({ type: OPEN, row });
    cards.keep(settings.view.open);
    grid.show(ordering.again(grid.arrangement, settings.view.open));
    pending.add(row);
    schedule();
  }
  function open(item) {
    if (isGroup(item)) {
      const name = grid.arrangement.groups[-1 - item]?.name ?? "";
      settings.set({ shut: toggled(settings.view.shut, name) });
      arrange();
    } else toggle(rowOf(item));
  }
  function sortBy(order) {
    const { order: now, descending } = settings.view;
    change({ order, descending: order === now && !descending });
  }
  function paint() {
    frame = 0;
    const moment = feed.moment();
    const { total, over } = store;
    const { watching, controls: reachable } = feed.head;
    const offered = { check: watching, stop: watching, resume: !watching && over < total };
    const buttons = controls.view(offered, reachable && !moment.lost);
    const { view, filter } = settings;
    const shown = grid.arrangement.shown;
    draw(above, [head.view(view, feed.head, moment, model.get("progress"), buttons, more)]);
    const field = root.querySelector("input");
    if (field && field !== grid.current() && field.value !== filter) field.value = filter;
    for (const select of root.querySelectorAll("select")) {
      const chosen = select.querySelector("option[selected]")?.getAttribute("value");
      if (chosen !== void 0 && chosen !== null) select.value = chosen;
    }
    grid.paint();
    grid.element.hidden = shown === 0;
    const says = total ? "No job matches." : "Each job that is added appears here.";
    draw(empty, shown ? [] : [h("div.fw-board-empty", {}, says)]);
    const exact = view.order !== "progress" && view.order !== "left";
    const filtered = view.statuses.length > 0 || filter.trim() !== "";
    draw(below, [head.foot(shown, moved, filtered, exact)]);
    root.toggleAttribute("data-fw-lost", moment.lost);
    ticker[controls.waiting() ? "add" : "remove"](schedule);
    tellWhatIsSeen();
  }
  function news(heard, rows) {
    if (heard) {
      controls.news();
      cards.news();
    }
    const most = Math.max(store.room, grid.arrangement.keys.length);
    if (rows === null) for (let row = 0; row < most; row += 1) pending.add(row);
    else for (const row of rows) pending.add(row);
    const still = settings.view.open.filter(store.has);
    if (rows !== null && still.length < settings.view.open.length) {
      settings.set({ open: still });
      cards.keep(still);
    }
    if (pending.size) place();
    schedule();
  }
  function place() {
    const { view, filter } = settings;
    const { arrangement } = grid;
    const gone = [...pending].some(
      (row) => !store.has(row) && arrangement.items.includes(itemOfRow(row))
    );
    const changed = ordering.moved(arrangement, pending, view, filter, seen2());
    const restless = view.order === "progress" || view.order === "left";
    const calm = !restless || monotonic() - arrangedAt >= CALM;
    if (!grid.hold.held() && calm && (changed.length || gone)) arrange();
    else {
      if (gone) grid.show(ordering.again(arrangement, view.open));
      pending = new Set(changed);
      moved = grid.hold.held() ? changed.length : 0;
    }
  }
  listen({
    root,
    grid,
    open,
    sortBy,
    search: (text) => {
      settings.search(text);
      arrange(true);
    },
    paint,
    signal
  });
  el.append(root);
  if (root.clientWidth) grid.resize(root.clientWidth);
  const before = former.last?.();
  if (before?.pointed && monotonic() - before.at < ANEW) {
    grid.take(ordering.again(before.arrangement, settings.view.open), before.scrolled);
    cards.keep(settings.view.open);
    setTimeout(grid.hold.check, POINTER_MS);
    news(false, null);
  } else arrange();
  const here = () => ({
    arrangement: grid.arrangement,
    scrolled: grid.scrolled,
    pointed: grid.hold.pointed,
    at: monotonic()
  });
  former.last = here;
  paint();
  for (const row of settings.view.open) send({ type: OPEN, row });
  const unfollow = feed.follow(news);
  const sizes = globalThis.ResizeObserver && new ResizeObserver(([entry]) => grid.resize(entry?.contentRect.width ?? 0));
  sizes?.observe(root);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    ticker.remove(schedule);
    unfollow();
    sizes?.disconnect();
    if (former.last === here) {
      const last = here();
      former.last = () => last;
    }
    root.remove();
  });
}
var toggled = (list, item) => list.includes(item) ? list.filter((one) => one !== item) : [...list, item];

// src/job_board.js
var boards = /* @__PURE__ */ new WeakMap();
function keyOf(model) {
  const layout2 = model.get("layout");
  return typeof layout2 === "object" && layout2 !== null ? layout2 : model;
}
function tellOfTheEnd(model, { store }) {
  const tell = createTeller({ notify: model.get("_notify") === true });
  const tag = randomId();
  function look() {
    const { total, over, counts } = store;
    const failed = counts.get("FAILURE") ?? 0;
    const shown = {
      final: total > 0 && over === total,
      tone: failed ? "bad" : "ok",
      word: failed ? `${counted(failed)} failed` : "All over",
      name: `${counted(total)} jobs`,
      what: "",
      failure: null
    };
    tell(shown, { job_id: tag });
  }
  look();
  model.on("change", look);
  return () => model.off("change", look);
}
function initialize({ model }) {
  sayReady(model);
  const key = keyOf(model);
  const feed = createFeed(model);
  const silence = tellOfTheEnd(model, feed);
  boards.set(key, { feed, memories: /* @__PURE__ */ new Map(), place: {} });
  return () => {
    boards.delete(key);
    silence();
    feed.end();
  };
}
function render({ model, el, signal: host }) {
  const controller = new AbortController();
  const { signal } = controller;
  const remove = () => controller.abort();
  const view = randomId();
  let kept2 = boards.get(keyOf(model));
  if (!kept2) {
    const feed2 = createFeed(model);
    kept2 = { feed: feed2, memories: /* @__PURE__ */ new Map(), place: {} };
    signal.addEventListener("abort", feed2.end);
  }
  const { feed, memories, place } = kept2;
  function send(message2) {
    try {
      model.send(message2);
    } catch {
    }
  }
  const hello = () => send({ type: HELLO, view, have: feed.store.number });
  const bye = () => send({ type: BYE, view });
  function message(content) {
    if (content?.type === PING) hello();
  }
  hello();
  createBoard({ el, model, feed, memories, former: place, send, signal });
  model.on("msg:custom", message);
  window.addEventListener("pagehide", bye, { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && hello(), { signal });
  signal.addEventListener("abort", () => {
    host?.removeEventListener("abort", remove);
    model.off("msg:custom", message);
    bye();
  });
  host?.addEventListener("abort", remove);
  if (host?.aborted) remove();
  return remove;
}
var job_board_default = { initialize, render };
export {
  job_board_default as default
};

/** What the card calls things. Pure: from the wire's words to the reader's. */

/** @typedef {"idle" | "run" | "warn" | "ok" | "bad"} Tone */
/** @typedef {import("./icons.js").IconName} IconName */
/** @typedef {{word: string, tone: Tone, icon: IconName, final: boolean}} StatusWords */

/** @type {Record<string, StatusWords>} */
const STATUSES = {
  "": { word: "Starting", tone: "idle", icon: "dots", final: false },
  PENDING: { word: "Queued", tone: "idle", icon: "clock", final: false },
  STARTED: { word: "Running", tone: "run", icon: "spinner", final: false },
  RETRY: { word: "Retrying", tone: "warn", icon: "again", final: false },
  SUCCESS: { word: "Succeeded", tone: "ok", icon: "tick", final: true },
  FAILURE: { word: "Failed", tone: "bad", icon: "cross", final: true },
  REVOKED: { word: "Revoked", tone: "idle", icon: "barred", final: true },
};

/** @type {StatusWords} */
const NEVER_SEEN = { word: "Unknown", tone: "idle", icon: "question", final: false };

/**
 * The badge of a status; one that is not known is shown as it came and taken for live.
 * @param {string} status "" where there has been no answer
 * @param {boolean} [awaited] whether an answer may yet come
 * @returns {StatusWords}
 */
export function statusWords(status, awaited = true) {
  if (status === "" && !awaited) return NEVER_SEEN;
  const known = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  return known ?? { word: clip(status, 60), tone: "idle", icon: "question", final: false };
}

/** @typedef {{word: string, tone: Tone, icon: IconName, watching: boolean}} HealthWords */

/** @type {Record<string, HealthWords>} */
const HEALTHS = {
  starting: { word: "connecting", tone: "idle", icon: "dots", watching: true },
  live: { word: "live", tone: "ok", icon: "dots", watching: true },
  retrying: { word: "No good answer", tone: "warn", icon: "warning", watching: true },
  stopped: { word: "Stopped watching", tone: "idle", icon: "stop", watching: false },
  "timed out": { word: "Timed out", tone: "warn", icon: "clock", watching: false },
  refused: { word: "Token refused", tone: "bad", icon: "lock", watching: false },
  "not found": { word: "Job not found", tone: "bad", icon: "question", watching: false },
  error: { word: "Watching ended with an error", tone: "bad", icon: "warning", watching: false },
  over: { word: "over", tone: "idle", icon: "tick", watching: false },
};

/**
 * @param {string} health
 * @returns {HealthWords}
 */
export function healthWords(health) {
  const known = Object.hasOwn(HEALTHS, health) ? HEALTHS[health] : undefined;
  return known ?? { word: clip(health, 60), tone: "warn", icon: "question", watching: true };
}

/**
 * Per cent as shown: one decimal when there is one, cut and not rounded, so that 100 % means 100.
 * @param {number} percent 0 to 100
 * @returns {string}
 */
export function percentWords(percent) {
  const cut = Math.floor(percent * 10 + 1e-9) / 10;
  return `${cut} %`;
}

/**
 * The head of a text, with an ellipsis where it was cut; never half of a surrogate pair.
 * @param {string} text
 * @param {number} limit characters kept at most
 * @returns {string}
 */
export function clip(text, limit) {
  return text.length <= limit ? text : `${head(text, limit - 1)}…`;
}

/**
 * The first `limit` characters of a text, one fewer where the last would be half of a surrogate pair.
 * @param {string} text
 * @param {number} limit
 * @returns {string}
 */
export function head(text, limit) {
  const cut = text.slice(0, limit);
  const last = cut.charCodeAt(cut.length - 1);
  return text.length > limit && last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
}

/**
 * What to call a job: its name, else the short form of its id.
 * @param {string} name
 * @param {string} id
 * @returns {string}
 */
export function jobName(name, id) {
  if (name.trim() !== "") return clip(name, 300);
  return id === "" ? "Job" : `Job ${clip(id.split("-", 1)[0] || id, 13)}`;
}

/** What a job works on and what its subtasks did, from `info` and `extras` of any shape. Pure. */

import { clip } from "./words.js";

const LONGEST = 400;
const MOST_SUBTASKS = 100;
const MOST_ROWS = 24;

/** @typedef {{label: string, value: string}} Fact */
/** @typedef {{id: string, status: string, detail: string}} Subtask */
/** @typedef {{total: number, done: number, failed: number, shown: Subtask[]}} Subtasks */

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} the value where it is an object, else an empty one
 */
function record(value) {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return /** @type {Record<string, unknown>} */ (isRecord ? value : {});
}

/**
 * @param {unknown} value
 * @returns {string} the text of a plain value, "" where there is none
 */
function plain(value) {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/**
 * @param {Record<string, unknown>} info
 * @param {string} key
 * @returns {string} the name of a thing that is given as `<key>_name`, as an object with a name, or plainly
 */
function nameOf(info, key) {
  const nested = record(info[key]).name;
  return clip(plain(info[`${key}_name`]) || plain(nested) || plain(info[key]), LONGEST);
}

/**
 * The things a job works on, most general first: project, model with version, resource.
 * @param {unknown} value the `info` trait
 * @returns {Fact[]}
 */
function subjects(value) {
  const info = record(value);
  const version = plain(record(info.model).version) || plain(info.model_version);
  const project = nameOf(info, "project");
  const model = nameOf(info, "model");
  const resource = nameOf(info, "resource");
  const kind = clip(plain(info.resource_type).toLowerCase().replaceAll("_", " "), 40) || "resource";
  /** @type {Fact[]} */
  const facts = [];
  if (project) facts.push({ label: "project", value: project });
  if (model)
    facts.push({ label: "model", value: version ? `${model} ${clip(version, 40)}` : model });
  const named = { project, model }[kind];
  if (resource && resource !== named) facts.push({ label: kind, value: resource });
  return facts;
}

/**
 * One line on what the job works on: "project bank_churn · model bank_churn v1 · dataset bank_churn".
 * @param {unknown} info
 * @returns {string}
 */
export function subtitle(info) {
  const parts = subjects(info).map(({ label, value }) => `${label} ${value}`);
  return clip(parts.join(" · "), LONGEST);
}

const FAMILIES = ["project", "model", "resource"];

/**
 * Everything in `info` for the details: the subjects first, then whatever else is there.
 * @param {unknown} value
 * @returns {Fact[]}
 */
export function facts(value) {
  const rows = subjects(value);
  for (const [key, item] of Object.entries(record(value))) {
    if (rows.length >= MOST_ROWS) break;
    if (FAMILIES.some((family) => key === family || key.startsWith(`${family}_`))) continue;
    const text = typeof item === "object" && item !== null ? json(item) : plain(item);
    if (text) rows.push({ label: clip(key.replaceAll("_", " "), 60), value: clip(text, LONGEST) });
  }
  return rows.map(({ label, value }) => ({
    label: label.charAt(0).toUpperCase() + label.slice(1),
    value,
  }));
}

/**
 * @param {object} value
 * @returns {string}
 */
function json(value) {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}

const ORDER = ["FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS"];

/** @param {Subtask} subtask */
function rank({ status }) {
  const place = ORDER.indexOf(status);
  return place < 0 ? ORDER.indexOf("") : place;
}

/**
 * The subtasks in `extras`, failed ones first, at most a hundred of them.
 * @param {unknown} extras
 * @returns {Subtasks}
 */
export function subtasks(extras) {
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
    shown: all.slice(0, MOST_SUBTASKS),
  };
}

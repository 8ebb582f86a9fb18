/** The few DOM calls the card needs. What was written is remembered, and the page is touched only when that changes. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, className, attributes = {}, children = []) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} attributes
 * @param {Node[]} [children]
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes, children = []) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** @type {WeakMap<Element, Record<string, string | null>>} */
const written = new WeakMap();

/**
 * Writes an element's text, as text and never as markup, and its attributes; null takes an attribute away.
 * @param {Element} node
 * @param {Record<string, string | boolean | null>} wanted `text` is the text; true stands for an attribute without a value
 */
export function patch(node, wanted) {
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

/** @returns {string} an id that no other view on any page has */
export function randomId() {
  const part = () => Math.random().toString(36).slice(2, 12);
  return `fw-${part()}${part()}`;
}

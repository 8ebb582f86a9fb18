/** The few DOM calls the card needs. Each setter remembers what it wrote and touches the page only when that changes. */

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
 * A writer of one element's text, as text and never as markup.
 * @param {HTMLElement} node
 * @returns {(text: string) => void}
 */
export function textWriter(node) {
  let written = "";
  return (text) => {
    if (text === written) return;
    written = text;
    node.textContent = text;
  };
}

/**
 * A writer of one attribute; null takes it away.
 * @param {Element} node
 * @param {string} name
 * @returns {(value: string | null) => void}
 */
export function attributeWriter(node, name) {
  let written = node.getAttribute(name);
  return (value) => {
    if (value === written) return;
    written = value;
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  };
}

/**
 * Shows or hides one element.
 * @param {Element} node
 * @returns {(shown: boolean) => void}
 */
export function visibilityWriter(node) {
  const write = attributeWriter(node, "hidden");
  return (shown) => write(shown ? null : "");
}

/** @returns {string} an id that no other view on any page has */
export function randomId() {
  const part = () => Math.random().toString(36).slice(2, 12);
  return `fw-${part()}${part()}`;
}

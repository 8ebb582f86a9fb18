/** What the page is to show, as plain objects, and the few DOM calls that bring the page there; only what changed is touched. */

/**
 * An element as it is to be.
 * @typedef {object} VNode
 * @property {string} spec its tag and classes, as in "span.fw-badge"
 * @property {Record<string, unknown>} attributes
 * @property {(VNode | string)[]} children
 */

/** @typedef {VNode | string | false | null | undefined} Child what is false or empty is left out */

/**
 * @param {string} spec
 * @param {Record<string, unknown>} [attributes] true stands for one without a value, null and false for none; `onclick` and
 *   the like are listeners, `style.transform` and the like single styles, and `key` tells children of one kind apart
 * @param {...(Child | Child[])} children texts become text, never markup
 * @returns {VNode}
 */
export function h(spec, attributes = {}, ...children) {
  const kept = /** @type {(VNode | string)[]} */ (children.flat().filter(Boolean));
  return { spec, attributes, children: kept };
}

/**
 * @param {string} look more classes, as in ".fw-copy"
 * @param {Record<string, unknown>} attributes
 * @param {...Child} children
 */
export const button = (look, attributes, ...children) =>
  h(`button.fw-button${look}`, { type: "button", ...attributes }, ...children);

/**
 * A text that leads to an address, where that is one of the web: whoever wrote the notebook may have written anything.
 * @param {string | undefined} address
 * @param {string} text
 */
export function linked(address, text) {
  if (!/^https?:\/\//.test(address ?? "")) return text;
  const apart = { target: "_blank", rel: "noopener noreferrer" };
  return h("a.fw-link", { href: address, ...apart }, text);
}

/** @type {WeakMap<Node, VNode | string>} */
const drawn = new WeakMap();

/** @param {VNode | string | undefined} vnode */
const nameOf = (vnode) =>
  typeof vnode === "object" ? String(vnode.attributes.key ?? vnode.spec) : "";

/** @param {Node} node */
const shownBy = (node) => nameOf(drawn.get(node));

/**
 * Makes the children of an element what they are to be. One that stays is the same element as before, so that the
 * reader's focus and selection in it survive.
 * @param {Element} parent all of whose children were drawn here
 * @param {(VNode | string)[]} vnodes
 */
export function draw(parent, vnodes) {
  /** @type {Set<string> | undefined} */
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
      // One that has gone down moves by itself, instead of all that it has passed.
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

/** @param {ChildNode} node */
function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/**
 * Makes a node whole before it comes to the page.
 * @param {VNode | string} vnode
 */
function create(vnode) {
  /** @type {ChildNode} */
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

/**
 * Calls the listener that an element has now.
 * @param {Event} event
 * @param {string} name
 */
function hear(event, name) {
  const vnode = /** @type {VNode} */ (drawn.get(/** @type {Node} */ (event.currentTarget)));
  /** @type {(event: Event) => void} */ (vnode.attributes[name])(event);
}

/**
 * @param {ChildNode} node
 * @param {VNode | string} vnode
 */
function update(node, vnode) {
  const before = drawn.get(node);
  if (before === vnode) return;
  drawn.set(node, vnode);
  if (typeof vnode === "string") {
    node.textContent = vnode;
    return;
  }
  const old = typeof before === "object" ? before.attributes : {};
  const element = /** @type {HTMLElement} */ (node);
  for (const name in { ...old, ...vnode.attributes }) {
    const value = vnode.attributes[name] ?? null;
    if (value !== (old[name] ?? null)) write(element, name, value);
  }
  draw(element, vnode.children);
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {unknown} value
 */
function write(element, name, value) {
  const [, property] = name.split("style.");
  if (property) Object.assign(element.style, { [property]: value });
  else if (value === null || value === false) element.removeAttribute(name);
  else if (!/^(key|on.*)$/.test(name))
    element.setAttribute(name, value === true ? "" : String(value));
}

/** @returns {string} an id that no other view on any page has */
export const randomId = () => `fw-${Math.random().toString(36).slice(2)}${performance.now()}`;

/**
 * The head of a text, with an ellipsis where it was cut; never half of a surrogate pair.
 * @param {string} text
 * @param {number} limit characters kept at most
 * @param {string} [ellipsis]
 */
export function clip(text, limit, ellipsis = "…") {
  const cut = text.slice(0, limit - ellipsis.length).replace(/[\ud800-\udbff]$/, "");
  return text.length > limit ? cut + ellipsis : text;
}

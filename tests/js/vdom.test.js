/** From what the page is to show to what it shows: only what changed is touched, and what stays is the same element. */

import { clip, draw, h } from "../../js/src/vdom.js";

/** @param {...import("../../js/src/vdom.js").VNode | string} vnodes */
function page(...vnodes) {
  const root = document.createElement("div");
  draw(root, vnodes);
  return root;
}

/** @param {Element} root */
const texts = (root) => [...root.children].map(({ textContent }) => textContent);

/** @param {string} names each a child with that key and text */
const list = (names) => [...names].map((name) => h("li", { key: name }, name));

describe("drawing", () => {
  // Tag, classes, attributes and children, all in one.
  it("makes what is described", () => {
    const root = page(h("b.one.two", { title: "t", hidden: true, dir: null }, "text", h("i")));
    expect(root.innerHTML).toBe('<b class="one two" title="t" hidden="">text<i class=""></i></b>');
  });

  // Text is text.
  it("makes no markup of text", () => {
    expect(page(h("b", {}, "<img>")).querySelector("img")).toBeNull();
  });

  // Drawings have a namespace of their own.
  it("makes drawings", () => {
    const root = page(h("svg", {}, h("path", { d: "M0 0" })));
    expect(root.querySelector("path")).toBeInstanceOf(SVGElement);
  });

  // What is false is left out, so that parts can be told with "and".
  it("leaves out what is false or empty", () => {
    expect(page(h("b", {}, false, "", null, undefined, [false, h("i")])).innerHTML).toBe(
      '<b class=""><i class=""></i></b>',
    );
  });
});

describe("drawing again", () => {
  // The focus and a selection survive where the element does.
  it("keeps the element and changes what differs", () => {
    const root = page(h("b", { title: "old", lang: "en" }, "old"));
    const [before] = root.children;
    draw(root, [h("b", { title: "new" }, "new")]);
    expect(root.children[0]).toBe(before);
    expect(root.innerHTML).toBe('<b class="" title="new">new</b>');
  });

  // What is the same is not written again.
  it("writes nothing where nothing changed", () => {
    const view = () => h("b", { title: "t", "style.color": "red" }, "text", h("i", {}, "more"));
    const root = page(view());
    const observer = new MutationObserver(() => {});
    const everything = { attributes: true, characterData: true, childList: true, subtree: true };
    observer.observe(root, everything);
    draw(root, [view()]);
    expect(observer.takeRecords()).toEqual([]);
    observer.disconnect();
  });

  // A part that comes or goes disturbs none of its neighbours.
  it("keeps the neighbours of what comes and goes", () => {
    const root = page(h("b"), h("u"));
    const [b, u] = root.children;
    draw(root, [h("b"), h("i"), h("u")]);
    expect([root.children[0], root.children[2]]).toEqual([b, u]);
    draw(root, [h("u")]);
    expect([...root.children]).toEqual([u]);
  });

  // Listeners see what is shown now, and hear once.
  it("listens with the listener of now", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const root = page(h("b", { onclick: first }));
    draw(root, [h("b", { onclick: second })]);
    /** @type {HTMLElement} */ (root.firstElementChild).click();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  });

  // Single styles are set by script, which a page may allow where it forbids style attributes.
  it("sets single styles", () => {
    const root = page(h("b", { "style.minHeight": "3px" }));
    draw(root, [h("b", { "style.minHeight": "" })]);
    expect(/** @type {HTMLElement} */ (root.firstElementChild).style.minHeight).toBe("");
  });

  // In whatever order they come, each key has its element.
  it.each([
    ["abc", "cba"],
    ["abc", "bca"],
    ["abc", "cab"],
    ["abcd", "bd"],
    ["ab", "xaybz"],
    ["abcdef", "fxbda"],
    ["abc", ""],
    ["", "abc"],
  ])("goes from %j to %j", (from, to) => {
    const root = page(...list(from));
    const before = new Map([...root.children].map((child) => [child.textContent, child]));
    draw(root, list(to));
    expect(texts(root).join("")).toBe(to);
    for (const child of root.children) {
      const same = before.get(child.textContent);
      if (same) expect(child).toBe(same);
    }
  });
});

describe("clip", () => {
  // Cut texts say so, and half a character is none.
  it("cuts with an ellipsis, never within a character", () => {
    expect(clip("short", 5)).toBe("short");
    expect(clip("longer", 5)).toBe("long…");
    expect(clip("abc😀d", 5)).toBe("abc…");
    expect(clip("abc😀d", 4, "")).toBe("abc");
  });
});

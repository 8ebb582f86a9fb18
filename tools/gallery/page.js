// What the pages of the gallery need besides the widget itself; evaluated in the page as one expression.
(() => {
  // Stricter than the real model: an unknown trait throws, a trait is never written, only known messages are sent.
  const models = [];
  function createModel(given) {
    const traits = { ...given };
    const listeners = [];
    const model = {
      get(name) {
        if (!Object.hasOwn(traits, name)) throw new Error(`no trait ${name}`);
        return traits[name];
      },
      set(name) { throw new Error(`the frontend wrote ${name}`); },
      save_changes() { throw new Error("the frontend saved"); },
      send({ type }) {
        if (!["hello", "bye", "stop", "resume", "check"].includes(type)) throw new Error(`sent ${type}`);
      },
      on(name, callback) { listeners.push([name, callback]); },
      off(name, callback) {
        const at = listeners.findIndex(([n, c]) => n === name && c === callback);
        if (at < 0) throw new Error(`no listener for ${name}`);
        listeners.splice(at, 1);
      },
      // The kernel's side.
      receive(changes = {}) {
        Object.assign(traits, changes);
        for (const [name, callback] of [...listeners]) if (name === "change") callback();
      },
    };
    models.push(model);
    return model;
  }

  /** A card, live or saved. */
  const CARD = ":is(.fw-card, .fw-static)";

  async function show({ bundle, cards, columns }) {
    const url = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
    const widget = (await import(url)).default;
    const frame = document.getElementById("frame");
    const stacks = Array.from({ length: columns }, () => document.createElement("div"));
    frame.replaceChildren(...stacks);
    cards.forEach(({ name, caption }, index) => {
      const figure = document.createElement("figure");
      figure.dataset.state = name;
      figure.innerHTML = "<figcaption></figcaption><div class='box'></div>";
      figure.firstChild.textContent = caption;
      stacks[index % columns].append(figure);
    });
    for (const { name, traits, html } of cards) {
      const el = frame.querySelector(`[data-state="${name}"] .box`);
      if (html) el.innerHTML = html;
      else await widget.render({ model: createModel(traits), el, signal: new AbortController().signal });
    }
  }

  // What a reader would click, at once: a real click waits until a whole pile of cards is drawn anew.
  function press(figure, name) {
    const button = [...figure.querySelectorAll("button")].find((node) => called(node) === name);
    button.click();
  }
  function openDetails(figure) {
    const saved = figure.querySelector(".fw-static > details > summary");
    if (saved) saved.click();
    else press(figure, "Details");
  }

  const called = (node) => node.getAttribute("aria-label") ?? node.textContent.trim();

  // A picture of this moment: nothing moves, nothing has the focus, and every card starts on a whole pixel, so that a
  // card that has grown changes no other card's edges.
  function freeze() {
    document.activeElement?.blur();
    for (const animation of document.getAnimations()) {
      animation.pause();
      animation.currentTime = 640;
    }
    for (const box of document.querySelectorAll(".box")) {
      box.style.height = `${Math.ceil(box.getBoundingClientRect().height)}px`;
    }
    const place = document.getElementById("frame").getBoundingClientRect();
    return Object.fromEntries([...document.querySelectorAll("figure")].map((figure) => {
      const box = figure.querySelector(".box").getBoundingClientRect();
      return [figure.dataset.state, [box.left - place.left, box.top - place.top, box.width, box.height].map(Math.round)];
    }));
  }

  // Contrast.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  // There are few colours, and reading a pixel is slow.
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  }
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const clear = (colour) => rgba(colour)[3] === 0;
  /** The colour under a node's content; ``found`` keeps those of its ancestors, for as long as nothing changes. */
  function ground(node, found = new Map()) {
    if (!found.has(node)) {
      const own = rgba(getComputedStyle(node).backgroundColor);
      const under = own[3] === 1 || !node.parentElement ? rgba("Canvas") : ground(node.parentElement, found);
      found.set(node, over(own, under));
    }
    return found.get(node);
  }
  function light(colour) {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function ratio(colour, under) {
    const [one, other] = [light(over(rgba(colour), under)), light(under)].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  }

  /** Every text that can be seen and every sign that means something, with its contrast and the least it must have. */
  function contrasts(figure) {
    const card = figure.querySelector(CARD);
    const found = [];
    const grounds = new Map();
    // All rows of a long list at once: those out of sight would be laid out one by one, each time one is asked for.
    for (const row of card.querySelectorAll(".fw-task")) row.style.contentVisibility = "visible";
    const under = (node) => ground(node, grounds);
    for (const node of card.querySelectorAll("*")) {
      if (!node.checkVisibility() || node.closest(".fw-offscreen")) continue;
      const style = getComputedStyle(node);
      const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      const name = node.getAttribute("class") || node.localName;
      if (text) found.push(["text", name, ratio(style.color, under(node)), 4.5]);
      if (node.matches(".fw-icon")) found.push(["icon", node.dataset.fwIcon, ratio(style.stroke, under(node)), 3]);
      if (node.matches(".fw-chip")) {
        const dot = getComputedStyle(node, "::before").backgroundColor;
        if (!clear(dot)) found.push(["icon", "chip's dot", ratio(dot, under(node)), 3]);
      }
      if (node.matches(".fw-bar")) {
        // Stripes where it is not known how far the job is; their colour is the gradient's first.
        const stripes = /(color|oklab|rgba?)\([^)]*\)/.exec(getComputedStyle(node, "::before").backgroundImage);
        const sign = stripes ? stripes[0] : getComputedStyle(node.firstElementChild).backgroundColor;
        const { transform, width } = node.firstElementChild.style;
        const empty = !stripes && (transform === "scaleX(0)" || width === "0%");
        if (!empty) {
          found.push(["bar", "against the card", ratio(sign, under(card)), 3]);
          found.push(["bar", "against its track", ratio(sign, under(node)), 3]);
        }
      }
    }
    return found;
  }

  const hidden = ".fw-offscreen, .fw-button-word, svg";
  function tooWide(figure) {
    const edges = figure.querySelector(".box").getBoundingClientRect();
    return [...figure.querySelectorAll(`${CARD}, ${CARD} *`)]
      .filter((node) => !node.closest(hidden) && node.checkVisibility())
      .filter((node) => {
        const { left, right } = node.getBoundingClientRect();
        return right > edges.right + 0.5 || left < edges.left - 0.5;
      })
      .map((node) => node.className);
  }

  /** Texts that are cut off, and that no tooltip says whole. */
  function cutOff(figure) {
    return [...figure.querySelectorAll(`${CARD} *`)]
      .filter((node) => !node.closest(hidden) && node.checkVisibility())
      .filter((node) => getComputedStyle(node).overflowX === "hidden" && node.scrollWidth > node.clientWidth + 1)
      .filter((node) => node.textContent.trim() && !node.closest("[title]"))
      .map((node) => node.className);
  }

  /** The element that has the focus: what it is called, where it is, and how it shows. */
  function focused() {
    const node = document.activeElement;
    const { left, top, width, height } = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return {
      name: called(node),
      inside: node.closest(CARD) !== null,
      left: left + width / 2,
      top: top + scrollY,
      bottom: top + scrollY + height,
      outline: style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth),
      contrast: ratio(style.outlineColor, ground(node)),
    };
  }

  /** Texts that lie on one another: what a reader sees of two boxes with words in them. */
  function overlaps(figure) {
    const card = figure.querySelector(CARD);
    const texts = [];
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      // The rows of a long list that are out of sight are not laid out.
      const visible = parent.checkVisibility({ contentVisibilityAuto: true });
      if (!node.data.trim() || parent.closest(".fw-offscreen") || !visible) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      // What a box cuts off, nobody sees.
      let [left, top, right, bottom] = [-Infinity, -Infinity, Infinity, Infinity];
      for (let box = parent; box !== card.parentElement; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (style.clipPath !== "none") right = -Infinity;
        if (style.overflow === "visible") continue;
        const edge = box.getBoundingClientRect();
        [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
        [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
      for (const line of range.getClientRects()) {
        const seen = {
          left: Math.max(left, line.left),
          right: Math.min(right, line.right),
          // The line's box is taller than its letters.
          top: Math.max(top, line.top + line.height * 0.2),
          bottom: Math.min(bottom, line.bottom - line.height * 0.2),
        };
        if (seen.right - seen.left > 1 && seen.bottom - seen.top > 1) texts.push([node, parent.className, seen]);
      }
    }
    const found = [];
    texts.forEach(([node, one, a], index) => {
      for (const [other, two, b] of texts.slice(index + 1, index + 60)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (node !== other && wide > 1 && high > 1) found.push(`${one} on ${two}`);
      }
    });
    return found;
  }

  function textWidth([font, text]) {
    canvas.font = font;
    return canvas.measureText(text).width;
  }

  const of = (check) => (name) => check(document.querySelector(`[data-state="${name}"]`));
  globalThis.gallery = {
    models, createModel, show, freeze, textWidth, focused,
    openDetails: of(openDetails), stopWatching: of((figure) => press(figure, "Stop watching")),
    contrasts: of(contrasts), tooWide: of(tooWide), cutOff: of(cutOff), overlaps: of(overlaps),
  };
})

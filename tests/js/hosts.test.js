/**
 * Hosts that cannot be run here, modelled by what is documented of them.
 *
 * Colab delivers what a background thread sends only when the next cell runs, all at once. VS Code has no subshells: what
 * the page sends reaches a kernel only when no cell runs, which the kernel tells by the trait `_controls`.
 */

import { many, showBoard } from "./board_page.js";
import { clockOf, over, pass, show } from "./fake_model.js";

describe("in Colab", () => {
  // What has not arrived is not known: a card that looked live would lie.
  it("says that there is no news, by the page's clock", () => {
    const { card, notice } = show();
    pass(40);
    expect(card.hasAttribute("data-fw-lost")).toBe(true);
    expect(notice()).toContain("no news for 40 s");
  });

  // A minute's messages at once, the newest last.
  it("is live again with the next cell, and shows the newest state", () => {
    const { model, card, bar, text } = show({ progress: 10 });
    pass(60);
    for (let second = 5; second <= 60; second += 5) {
      model.update({ progress: 10 + second, _clock: clockOf({ watched: 30 + second }) });
    }
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    expect(bar().getAttribute("aria-valuenow")).toBe("70");
    expect(text(".fw-time")).toBe("watching for 1 min 30 s");
    expect(text(".fw-chip")).toBe("live");
  });

  // The end that came meanwhile.
  it("shows the end when that arrives, however late", () => {
    const { model, card, text, notice } = show();
    pass(600);
    model.update({ progress: 80, _clock: clockOf() });
    model.update({ status: "SUCCESS", progress: 100, ...over });
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
    expect(text(".fw-word")).toBe("Succeeded");
    expect(notice()).toBeNull();
    pass(600);
    expect(card.hasAttribute("data-fw-lost")).toBe(false);
  });
});

describe("a board in Colab", () => {
  // As the card: what has not arrived is not known.
  it("says that there is no news, and is right again with the next cell", () => {
    const { kernel, model, all, part } = showBoard(many(20));
    pass(40);
    expect(part(".fw-notice").textContent).toContain("no news for 40 s");
    const asked = model.of("need").length;
    const done = { status: "SUCCESS", word: "Succeeded", tone: "ok", icon: "tick", final: true };
    for (let row = 0; row < 12; row += 1) model.update(kernel.change({ [row]: done }));
    pass(0.1);
    expect(all(".fw-notice")).toEqual([]);
    expect(part(".fw-board-sum").textContent).toBe("12 of 20 over");
    // All of them came, and in order: nothing more is asked for.
    expect(model.of("need").length).toBe(asked);
  });
});

describe("a board in VS Code", () => {
  // A click would do nothing until the cell is done; what needs no kernel goes on.
  it("has no button that cannot work while a cell blocks, and can be searched", () => {
    const { kernel, model, names, button, search } = showBoard(many(20));
    expect(button("Stop watching")).toBeDefined();
    kernel.head = { controls: false };
    model.update(kernel.beat());
    pass(0.1);
    expect(() => button("Stop watching")).toThrow("there is no button");
    expect(() => button("Clear finished")).toThrow("there is no button");
    search('"job 7"');
    expect(names()).toEqual(["Job 7"]);
  });
});

describe("in VS Code", () => {
  // A click would do nothing until the cell is done.
  it("shows no button that cannot work while a cell blocks, and those that need no kernel", () => {
    const { model, button } = show();
    model.update({ _controls: false });
    expect(button("Stop watching")).toBeUndefined();
    expect(button("Check now")).toBeUndefined();
    expect(button("Details")).toBeDefined();
    model.update({ _controls: true });
    expect(button("Stop watching")).toBeDefined();
  });

  // Updates do come while the cell blocks: only the way back is barred.
  it("follows the job while a cell blocks", () => {
    const { model, bar, text } = show();
    model.update({ _controls: false });
    for (const progress of [50, 60]) {
      pass(4);
      model.update({ progress, _clock: clockOf() });
      expect(bar().getAttribute("aria-valuenow")).toBe(String(progress));
      expect(text(".fw-chip")).toBe("live");
    }
  });

  // The layout is an object there, too; a host that gives none must do as well.
  it.each([[undefined], [null], ["IPY_MODEL_1"]])(
    "opens its details with the layout %j",
    (layout) => {
      const card = show({ layout });
      card.click("Details");
      expect(card.part(".fw-details").hidden).toBe(false);
    },
  );
});

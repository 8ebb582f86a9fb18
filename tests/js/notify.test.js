/** Told when it is over, to those who asked. */

import { over, show } from "./fake_model.js";

/** @type {{title: string, options: NotificationOptions}[]} */
let notified = [];
let granted = "default";
let answer = "granted";

class FakeNotification {
  /**
   * @param {string} title
   * @param {NotificationOptions} options
   */
  constructor(title, options) {
    notified.push({ title, options });
  }

  static get permission() {
    return granted;
  }

  static requestPermission() {
    granted = answer;
    return Promise.resolve(answer);
  }
}

/** @param {boolean} hidden */
function hide(hidden) {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  notified = [];
  granted = "default";
  answer = "granted";
  document.title = "Notebook";
  vi.stubGlobal("Notification", FakeNotification);
});

afterEach(() => {
  hide(false);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const BELL = "Tell me when it is over";

describe("the end of a job", () => {
  // Nobody who has not asked is disturbed.
  it("is not told without being asked to", () => {
    granted = "granted";
    const { model } = show();
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toEqual([]);
    expect(document.title).toBe("Notebook");
  });

  // The bell asks the browser, and says how it will tell.
  it("is told by a silent notification once the bell was pressed", async () => {
    const { model, click, button, text } = show();
    click("Details");
    click(BELL);
    await vi.waitFor(() => expect(text(".fw-hint")).toMatch(/notification/));
    expect(button(BELL)?.getAttribute("aria-pressed")).toBe("true");
    hide(true);
    model.update({ status: "SUCCESS", ...over, _said: { what: "project bank" } });
    expect(notified).toHaveLength(1);
    expect(notified[0]?.title).toBe("Succeeded: Ingestion dataset Upload");
    expect(notified[0]?.options).toMatchObject({ body: "project bank", silent: true });
  });

  // A user who forbids notifications still gets the mark, and is told so.
  it("is marked in the title where the browser allows no notification", async () => {
    answer = "denied";
    const { model, click, text } = show();
    click("Details");
    click(BELL);
    await vi.waitFor(() => expect(text(".fw-hint")).toMatch(/mark in the title/));
    hide(true);
    model.update({ status: "FAILURE", ...over });
    expect(notified).toEqual([]);
    expect(document.title).toBe("✗ Notebook");
  });

  // The mark goes when it was seen, whatever the host has made of the title meanwhile.
  it("leaves the title as it was once the page is looked at", () => {
    const { model } = show({ _notify: true });
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(document.title).toBe("✓ Notebook");
    hide(false);
    expect(document.title).toBe("Notebook");
  });

  // JupyterLab writes its own title anew whenever it stores its layout.
  it("keeps its mark in a title that the host writes anew while nobody sees the page", async () => {
    const { model } = show({ _notify: true });
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    document.title = "Notebook (2)";
    await vi.waitFor(() => expect(document.title).toBe("✓ Notebook (2)"));
    hide(false);
    document.title = "Notebook (3)";
    // Observers are called before this goes on.
    await Promise.resolve();
    expect(document.title).toBe("Notebook (3)");
  });

  // Card and board are two bundles, each with its own copy of the module that marks.
  it("shares the title with the marks of another bundle", async () => {
    vi.resetModules();
    const other = await import("../../js/src/title_mark.js");
    const { model } = show({ _notify: true });
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    other.markTitle("bad");
    document.title = "Notebook";
    await vi.waitFor(() => expect(document.title).toMatch(/^(✓ ✗|✗ ✓) Notebook$/));
    other.markTitle("ok");
    expect(document.title).toMatch(/^(✓ ✗|✗ ✓) Notebook$/);
    hide(false);
    expect(document.title).toBe("Notebook");
  });

  // Who sees the card needs no more.
  it("is not told on a page in sight", () => {
    granted = "granted";
    const { model } = show({ _notify: true });
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toEqual([]);
    expect(document.title).toBe("Notebook");
  });

  // A page that is loaded anew finds an old end, no news.
  it("is not told again by a page that loads later", () => {
    granted = "granted";
    hide(true);
    show({ _notify: true, status: "SUCCESS", ...over });
    expect(notified).toEqual([]);
  });

  // Two views of a card are one card.
  it("is told once by two views", () => {
    granted = "granted";
    const { model } = show({ _notify: true });
    show(model);
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toHaveLength(1);
  });

  // A notebook may draw the output anew at that very moment: then there is no view to tell it.
  it("is told though no view is there as it comes", () => {
    granted = "granted";
    const { model, remove } = show({ _notify: true });
    remove();
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toHaveLength(1);
    expect(document.title).toBe("✓ Notebook");
  });

  // marimo gives models and views nothing in common: there each view tells.
  it("is told by the view where the model cannot be shared", () => {
    granted = "granted";
    const { model } = show({ _notify: true, layout: "IPY_MODEL_1" });
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toHaveLength(1);
  });

  // Pressed twice, the bell is silent.
  it("is not told after the bell was pressed again", async () => {
    granted = "granted";
    const { model, click, text } = show({ _notify: true });
    click("Details");
    expect(text(".fw-hint")).toMatch(/notification/);
    click(BELL);
    await vi.waitFor(() => expect(text(".fw-hint")).toBe(""));
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(notified).toEqual([]);
  });

  // A phone's browser throws where it allows notifications to service workers only.
  it("survives a browser that throws", () => {
    granted = "granted";
    const Throwing = class extends FakeNotification {
      constructor() {
        super("", {});
        throw new TypeError("Illegal constructor");
      }
    };
    vi.stubGlobal("Notification", Throwing);
    const { model, text } = show({ _notify: true });
    hide(true);
    model.update({ status: "SUCCESS", ...over });
    expect(text(".fw-badge")).toBe("Succeeded");
  });

  // A bell for a job that is over would be an empty promise.
  it("offers no bell when it is past", () => {
    const { click, button } = show({ status: "SUCCESS", ...over });
    click("Details");
    expect(button(BELL)).toBeUndefined();
  });
});

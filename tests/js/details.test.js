/** Details on demand, and copying. */

import { clockOf, over, pass, show, tasksOf, traitsOf } from "./fake_model.js";

const _tasks = tasksOf(
  [
    ["task-two", "FAILURE", "no space left"],
    ["task-one", "SUCCESS"],
  ],
  { counted: "1 of 2 done, 1 failed" },
);

/** @param {ReturnType<typeof show>} card */
const factsOf = ({ all }) =>
  all("dt").map((term) => [term.textContent, term.nextSibling?.textContent]);

describe("the details", () => {
  // Closed, they cost nothing.
  it("are built when they are opened", () => {
    const { click, part, button } = show({ _tasks });
    expect(part(".fw-details").childElementCount).toBe(0);
    expect(button("Details")?.getAttribute("aria-expanded")).toBe("false");
    click("Details");
    expect(part(".fw-details").hidden).toBe(false);
    expect(button("Details")?.getAttribute("aria-expanded")).toBe("true");
    expect(button("Details")?.getAttribute("aria-controls")).toBe(part(".fw-details").id);
    click("Details");
    expect(part(".fw-details").hidden).toBe(true);
  });

  // A host that draws the widget anew, as for a refreshed output, leaves the reader where he was.
  it("stay open in the next view of the same widget, and in no other's", () => {
    const first = show();
    first.click("Details");
    first.remove();
    const next = show(first.model);
    expect(next.part(".fw-details").hidden).toBe(false);
    expect(next.text(".fw-id")).toBe(traitsOf().job_id);
    next.click("Details");
    expect(show(first.model).part(".fw-details").hidden).toBe(true);
    expect(show().part(".fw-details").hidden).toBe(true);
  });

  // The id in full, the status as the wire has it, and what the kernel says of its watching.
  it("give id, status, health and info", () => {
    /** @type {[[string, string], [string, string]]} */
    const rows = [
      ["Status", "STARTED"],
      ["Watching", "live: All is well."],
    ];
    const card = show({ _said: { facts: [["Project", "bank"]], rows } });
    card.click("Details");
    expect(card.text(".fw-id")).toBe(traitsOf().job_id);
    expect(factsOf(card)).toEqual([
      ["Status", "STARTED"],
      ["Watching", "live: All is well."],
      ["Project", "bank"],
    ]);
  });

  // An address is followed in a tab of its own, which learns nothing of the notebook; without one there is no row.
  it("link to the platform", () => {
    const card = show({ _said: { platform: "https://company.fiddler.ai" } });
    expect(card.all("a")).toEqual([]);
    card.click("Details");
    expect(factsOf(card).at(-1)).toEqual(["Platform", "https://company.fiddler.ai"]);
    const [link] = card.all("dd a");
    expect(link?.getAttribute("href")).toBe("https://company.fiddler.ai");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer");
    expect(link?.getAttribute("target")).toBe("_blank");
    const without = show();
    without.click("Details");
    expect(without.all("dt").map(({ textContent }) => textContent)).not.toContain("Platform");
  });

  it("link the job's name to its page where there is one", () => {
    const page = "https://company.fiddler.ai/jobs?id=1";
    const card = show({ _said: { link: page, name: "<b>Upload" } });
    const [link] = card.all(".fw-name a");
    expect(link?.getAttribute("href")).toBe(page);
    expect(link?.textContent).toBe("<b>Upload");
    expect(show().all("a")).toEqual([]);
  });

  // A notebook that somebody else has written may say anything.
  it.each(["javascript:alert(1)", "data:text/html,x", "//elsewhere", " https://elsewhere"])(
    "never link to %s",
    (address) => {
      const card = show({ _said: { link: address, platform: address } });
      card.click("Details");
      expect(card.all("a")).toEqual([]);
      expect(card.text(".fw-name")).toBe("Ingestion dataset Upload");
    },
  );

  // What the kernel said of its watching is not true any more once it has fallen silent.
  it("say that the connection is lost", () => {
    const card = show();
    card.click("Details");
    pass(12);
    expect(factsOf(card)[1]).toEqual(["Watching", "connection to the kernel lost"]);
  });

  // Failed ones first, and counted.
  it("list the subtasks", () => {
    const { click, text, all } = show({ _tasks });
    click("Details");
    expect(text(".fw-count")).toBe("1 of 2 done, 1 failed");
    expect(all(".fw-task").map(({ textContent }) => textContent)).toEqual([
      "Failedtask-twoCopyno space left",
      "Succeededtask-one",
    ]);
  });

  // Open details follow the job.
  it("keep up while they are open", () => {
    const card = show({ _tasks });
    card.click("Details");
    card.model.update({ status: "SUCCESS", _tasks: {}, ...over });
    expect(factsOf(card)[0]).toEqual(["Status", "SUCCESS"]);
    expect(card.all(".fw-task")).toHaveLength(0);
  });

  // A selection in the details survives a heartbeat.
  it("are not written anew when nothing in them changed", () => {
    const { click, model, part } = show({ _tasks });
    click("Details");
    const rows = [...part(".fw-details").querySelectorAll("*")];
    model.beat({ watched: 15 });
    model.update({ progress: 50, _clock: clockOf() });
    expect([...part(".fw-details").querySelectorAll("*")]).toEqual(rows);
  });
});

describe("copying", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(document, "execCommand");
  });

  /** @param {(text: string) => Promise<void>} writeText */
  const clipboard = (writeText) => vi.stubGlobal("navigator", { clipboard: { writeText } });

  // The button says that it worked, then is itself again.
  it("says so and puts the full id on the clipboard", async () => {
    const write = vi.fn(() => Promise.resolve());
    clipboard(write);
    const { click, button } = show();
    click("Details");
    click("Copy job id");
    await vi.waitFor(() => expect(button("Copied")).toBeDefined());
    expect(write).toHaveBeenCalledWith(traitsOf().job_id);
    vi.advanceTimersByTime(2000);
    expect(button("Copy job id")).toBeDefined();
  });

  // A page on plain http has no clipboard.
  it("falls back to a selection", async () => {
    let selected = "";
    const command = vi.fn(() => {
      selected = /** @type {HTMLTextAreaElement} */ (document.activeElement).value;
      return true;
    });
    Object.assign(document, { execCommand: command });
    vi.stubGlobal("navigator", {});
    const { click, button, all } = show();
    click("Details");
    button("Copy job id")?.focus();
    click("Copy job id");
    await vi.waitFor(() => expect(button("Copied")).toBeDefined());
    expect(command).toHaveBeenCalledWith("copy");
    expect(selected).toBe(traitsOf().job_id);
    expect(all("textarea")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Copied"));
  });

  // Nothing is claimed that did not happen.
  it("says when it did not work", async () => {
    vi.stubGlobal("navigator", {});
    const { click, button } = show();
    click("Details");
    click("Copy job id");
    await vi.waitFor(() => expect(button("Not copied")).toBeDefined());
    vi.advanceTimersByTime(2000);
  });

  // The page shows the head of a long message; the clipboard gets all of it.
  it("takes an error message in full", async () => {
    const write = vi.fn(() => Promise.resolve());
    clipboard(write);
    const message = "x".repeat(50_000);
    const { click, button } = show({ status: "FAILURE", error_message: message, ...over });
    click("Copy error message");
    await vi.waitFor(() => expect(button("Copied")).toBeDefined());
    expect(write).toHaveBeenCalledWith(message);
    vi.advanceTimersByTime(2000);
  });
});

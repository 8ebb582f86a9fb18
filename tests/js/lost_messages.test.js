/** Messages that are lost, late or doubled: the page asks, and ends at what the kernel says. */

import { clockOf, FakeModel, over, pass, show, sleep, traitsOf } from "./fake_model.js";

/** @typedef {import("./fake_model.js").Changes} Changes */

const BEAT = 5;

/** A kernel that numbers what it tells one page, and what becomes of it on the way is the test's to say. */
class Kernel {
  #state = traitsOf({ status: "PENDING" });
  #answers = 0;
  model = new FakeModel(traitsOf({ status: "PENDING" }));

  /**
   * The job changes.
   * @param {Changes} changes
   * @returns {Changes} the message that says so
   */
  writes(changes) {
    const message = { ...changes, _number: this.#state._number + 1 };
    this.#state = traitsOf({ ...this.#plain(), ...message });
    return message;
  }

  /** @returns {Changes} the answer to a page that asks */
  answers() {
    this.#answers += 1;
    return { ...this.#plain(), _whole: this.#answers };
  }

  #plain() {
    const { _said, layout, ...plain } = this.#state;
    return plain;
  }

  /** What the page ought to show. */
  get truth() {
    return this.#plain();
  }

  /** How often the page has asked. */
  get asked() {
    return this.model.asked.filter((type) => type === "need").length;
  }

  /** What the page believes. */
  get believed() {
    const names = Object.keys(this.#plain()).filter((name) => name !== "_whole");
    return Object.fromEntries(names.map((name) => [name, this.model.get(name)]));
  }

  /** The same of the kernel. */
  get known() {
    const { _whole, ...known } = this.truth;
    return known;
  }
}

/** The end of a job, as its last message has it. */
const end = { status: "SUCCESS", progress: 100, ...over };

describe("a page", () => {
  /** @type {Kernel} */
  let kernel;
  /** @type {ReturnType<typeof show>} */
  let card;

  beforeEach(() => {
    kernel = new Kernel();
    card = show(kernel.model);
  });

  // It has all, and costs the kernel nothing.
  it("asks for nothing while all arrives", () => {
    for (let beat = 0; beat < 100; beat += 1) {
      pass(BEAT);
      kernel.model.update(kernel.writes({ _clock: clockOf({ watched: beat }) }));
    }
    kernel.model.update(kernel.writes(end));
    pass(3600);
    expect(kernel.asked).toBe(0);
  });

  // What came before the gap is still missing when what follows it has come.
  it("asks at once when a number is missing, and once for all views", () => {
    show(kernel.model);
    kernel.writes({ status: "STARTED", progress: 10 });
    kernel.model.update(kernel.writes({ _clock: clockOf() }));
    expect(kernel.asked).toBe(1);
    kernel.model.update(kernel.writes({ progress: 20 }));
    expect(kernel.asked).toBe(1);
    kernel.model.update(kernel.answers());
    expect(card.text(".fw-badge")).toBe("Running");
    pass(BEAT);
    expect(kernel.asked).toBe(1);
  });

  // An answer may be lost as any message.
  it("asks again when no answer comes", () => {
    kernel.writes({ status: "STARTED" });
    kernel.model.update(kernel.writes({ progress: 20 }));
    pass(4);
    expect(kernel.asked).toBe(2);
  });

  // However fast they are lost.
  it("asks once a second at most", () => {
    for (let lost = 0; lost < 40; lost += 1) {
      kernel.writes({ progress: lost });
      kernel.model.update(kernel.writes({ _clock: clockOf() }));
      kernel.model.update(kernel.answers());
      pass(0.25);
    }
    expect(kernel.asked).toBeGreaterThan(5);
    expect(kernel.asked).toBeLessThanOrEqual(11);
  });

  // Nothing follows the last message that could tell of its loss.
  it("shows an end whose message was lost, without a word of a lost connection", () => {
    kernel.writes(end);
    pass(7);
    expect(kernel.asked).toBe(1);
    kernel.model.update(kernel.answers());
    expect(card.text(".fw-badge")).toBe("Succeeded");
    expect(card.notice()).toBeNull();
    pass(3600);
    expect(kernel.asked).toBe(1);
  });

  // A connection that was dead for a minute comes back at any moment.
  it("asks every three seconds while it hears nothing, so that the end is there soon", () => {
    kernel.writes({ status: "STARTED" });
    kernel.writes(end);
    pass(60);
    expect(card.notice()).toContain("Connection to the kernel lost");
    const before = kernel.asked;
    expect(before).toBeLessThan(60 / 3);
    pass(4);
    expect(kernel.asked).toBeGreaterThan(before);
    kernel.model.update(kernel.answers());
    expect(card.text(".fw-badge")).toBe("Succeeded");
    expect(card.notice()).toBeNull();
  });

  // A kernel that is gone is not asked for ever, whether or not messages can be sent.
  it.each([true, false])("asks ever less, and in the end no more (can send: %s)", (alive) => {
    const tried = vi.spyOn(kernel.model, "send");
    kernel.model.alive = alive;
    pass(600);
    const before = tried.mock.calls.length;
    expect(before).toBeLessThan(65);
    pass(2 * 3600);
    expect(tried.mock.calls.length).toBeLessThan(200);
    kernel.model.alive = true;
  });

  // It has slept, or its network is back: what it believed of the connection is of before.
  it.each(["sleep", "network"])("begins to ask anew after a %s", (what) => {
    pass(3700);
    const before = kernel.asked;
    if (what === "sleep") sleep(3600);
    else window.dispatchEvent(new Event("online"));
    pass(2);
    expect(kernel.asked).toBe(before + 1);
    pass(6);
    expect(kernel.asked).toBe(before + 3);
  });

  // A job that was stopped and then followed from elsewhere has no heart whose silence tells.
  it("asks after its network is back though the job was not watched, but not when it is over", () => {
    kernel.model.update(kernel.writes({ health: "stopped", _clock: clockOf({ running: false }) }));
    pass(60);
    expect(kernel.asked).toBe(0);
    window.dispatchEvent(new Event("online"));
    expect(kernel.asked).toBe(1);
    kernel.writes(end);
    kernel.model.update(kernel.answers());
    expect(card.text(".fw-badge")).toBe("Succeeded");
    window.dispatchEvent(new Event("online"));
    pass(60);
    expect(kernel.asked).toBe(1);
  });

  // The kernel sends it all where that is not enough.
  it("says in its hello what it has", () => {
    kernel.model.update(kernel.writes({ progress: 20 }));
    kernel.model.message({ type: "ping" });
    expect(kernel.model.sent.map(({ have }) => have)).toEqual([0, 1]);
  });

  // Widgets that share its model are no business of the kernel's numbers.
  it("does not mind a change that has no number", () => {
    kernel.model.update({ _notify: true });
    kernel.model.update({ _notify: false });
    expect(kernel.asked).toBe(0);
  });
});

/**
 * Chance that is the same at each run (mulberry32).
 * @param {number} seed
 * @returns {(below: number) => number} a whole number
 */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("whatever becomes of messages on the way", () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  // Lost, doubled, late, out of order, or cut off for a while, answers and questions too: at last the page is right.
  it.each(seeds)("a page ends where the kernel is (script %i)", (seed) => {
    const below = chance(seed);
    const kernel = new Kernel();
    const card = show(kernel.model);
    /** @type {Changes[]} on their way, in the order of their arrival */
    const wire = [];
    let answered = 0;
    let dead = false;

    /** @param {Changes} message */
    function send(message) {
      const fate = dead ? 0 : below(6);
      if (fate === 0) return;
      wire.push(message);
      if (fate === 1) wire.push(message);
      if (fate === 2) wire.splice(below(wire.length), 0, message);
    }

    function deliver() {
      for (const message of wire.splice(0)) kernel.model.update(message);
    }

    function answer() {
      if (kernel.asked === answered) return;
      answered = kernel.asked;
      if (!dead) send(kernel.answers());
    }

    for (let step = 0; step < 60; step += 1) {
      if (below(8) === 0) dead = !dead;
      const progress = below(100);
      const status = ["PENDING", "STARTED", "RETRY"][below(3)];
      if (below(2)) send(kernel.writes({ progress }));
      else send(kernel.writes({ ...(status ? { status } : {}), _clock: clockOf() }));
      if (below(3)) deliver();
      if (below(3)) answer();
      pass(below(4));
    }
    send(kernel.writes(end));
    deliver();
    dead = false;
    // The way is free again: within five seconds, or at the first beat that stays out.
    for (let second = 0; second < 12; second += 1) {
      if (kernel.asked !== answered) kernel.model.update(kernel.answers());
      answered = kernel.asked;
      pass(1);
    }
    expect(kernel.believed).toEqual(kernel.known);
    expect(card.text(".fw-badge")).toBe("Succeeded");
  });
});

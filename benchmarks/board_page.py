#!/usr/bin/env python3
"""What a board of many jobs costs a page, and what a thousand rows of what else is at hand cost, in one run.

    python benchmarks/board_page.py [--jobs 1000 10000] [--peers 1000]

The first table shows a board on a page of its own in Chromium, with the table and the deltas that Python makes: until
its first rows are laid out, a tick (25 changed rows, with script, style and layout), a key press in the search, a
change of the order, and frames of a scroll. The second one has as many jobs in a real JupyterLab: a board, a ``VBox``
of rows of ``ipywidgets``, and ``tqdm.notebook`` bars: until all can be seen, and frames of a scroll.
"""

# ruff: noqa: SLF001 (what is measured lies behind the public surface)
from __future__ import annotations

import argparse
import base64
import os
import random
import shutil
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import comm
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from board import Page as Silent
from board import receive, state
from update_cost import EXACT, FLAGS, PAGE, STATIC, middle_and_late

import fiddler_widgets as fw
from fiddler_widgets.board import job_rows
from fiddler_widgets.board.row_watch import RowReport, RowWatch
from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report
from fiddler_widgets.simulator import Simulator
from tests.e2e.lab import LabNotebook, connecting, write_notebook
from tests.e2e.servers import lab_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

TICKS = 300
A_TICK = 25

SHOW = """async ({ bundle, table, head }) => {
  const widget = (await import(URL.createObjectURL(new Blob([bundle], { type: "text/javascript" })))).default;
  const bytes = Uint8Array.from(atob(table), (letter) => letter.charCodeAt(0));
  const traits = { _table: new DataView(bytes.buffer), _delta: {}, _head: head, _cards: {}, _view: {}, filter: "",
    progress: 0, _height: 0, _notify: false, layout: {} };
  const listeners = new Set();
  globalThis.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes() {},
    send: (message) => { if (message.type === "look") globalThis.inView = message.rows; },
    on: (names, callback) => listeners.add([names, callback]),
    off() {},
    update(changes) {
      Object.assign(traits, changes);
      for (const [names, callback] of [...listeners]) {
        if (names === "change" || Object.keys(changes).some((name) => names === `change:${name}`)) callback();
      }
    },
  };
  document.body.getBoundingClientRect();
  const began = performance.now();
  widget.initialize({ model });
  const el = document.createElement("div");
  document.body.append(el);
  await widget.render({ model, el, signal: new AbortController().signal });
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""

TICK = """([delta, head]) => {
  const began = performance.now();
  model.update({ _delta: delta, _head: head });
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""

TYPE = """(text) => {
  const field = document.querySelector(".fw-board input[type=search]");
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""

SORT = """(order) => {
  const choice = [...document.querySelectorAll(".fw-board select")]
    .find((field) => [...field.options].some(({ value }) => value === order));
  const began = performance.now();
  choice.value = order;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""

SCROLL = """async () => {
  const box = [...document.querySelectorAll(".fw-board *")]
    .find((node) => node.scrollHeight > node.clientHeight + 100 && getComputedStyle(node).overflowY !== "visible");
  const frame = () => new Promise(requestAnimationFrame);
  const frames = [];
  let blank = 0;
  let most = 0;
  let before = await frame();
  for (let step = 0; step < 240; step += 1) {
    box.scrollTop += box.clientHeight / 3;
    const now = await frame();
    frames.push(now - before);
    before = now;
    const { left, top, width, height } = box.getBoundingClientRect();
    for (const part of [0.2, 0.5, 0.8]) {
      const under = document.elementFromPoint(left + width / 2, top + height * part);
      if (!under?.closest("[role=row]")) blank += 1;
    }
    most = Math.max(most, document.querySelectorAll(".fw-board *").length);
  }
  return { frames, blank, most };
}"""

IN_LAB = """async ([selector, count]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const began = performance.now();
  while (document.querySelectorAll(selector).length < count) {
    if (performance.now() - began > 60000) break;
    await frame();
  }
  await frame();
  return document.querySelectorAll(selector).length;
}"""

LAB_SCROLL = """async () => {
  const scrolls = (node) =>
    node.scrollHeight > node.clientHeight + 100 && getComputedStyle(node).overflowY !== "visible";
  const inner = [...document.querySelectorAll(".fw-board *")].find(scrolls);
  const box = inner ?? document.querySelector(".jp-Notebook .jp-WindowedPanel-outer, .jp-Notebook");
  const frame = () => new Promise(requestAnimationFrame);
  const frames = [];
  let before = await frame();
  for (let step = 0; step < 120; step += 1) {
    box.scrollTop += 150;
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  return [frames, document.querySelectorAll(".jp-OutputArea *").length];
}"""

PEERS = {
    "fw.JobBoard": ("board = fw.JobBoard(ids)\nboard", ".fw-board-row[data-fw-tone]", 10),
    "VBox of ipywidgets rows": (
        """import ipywidgets
ipywidgets.VBox([
    ipywidgets.HBox([
        ipywidgets.Label(f"Ingestion {n}"), ipywidgets.FloatProgress(value=42), ipywidgets.Label("STARTED, 42 %")
    ])
    for n in range(len(ids))
])""",
        ".jp-OutputArea .widget-hbox",
        None,
    ),
    "tqdm.notebook bars": (
        """from tqdm.notebook import tqdm
bars = [tqdm(total=100, desc=f"Ingestion {n}", initial=42) for n in range(len(ids))]""",
        ".jp-OutputArea .widget-hbox",
        # JupyterLab shows no more outputs of a cell.
        50,
    ),
}
"""By name: what shows the jobs, what is on the page for each, and how many of them fill it; ``None`` for all."""


class Kernel:
    """A board of so many jobs, and what it tells a page.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        ids = [str(uuid.UUID(int=number, version=4)) for number in range(count)]
        self.board = fw.JobBoard([])
        self.rows: job_rows.JobRows = self.board._rows
        self.board._live = False
        for id_ in ids:
            job = fw.Job(id_, connection=None)
            self.rows._put(RowWatch(job, self.rows._intake), job_rows.first_values(id_, None, time.time()))
        receive(self.rows, [state(id_, number, 1.0) for number, id_ in enumerate(ids)])
        self.rows.table.skip()
        self.board._handle_custom_msg({"type": "hello", "view": "one", "have": self.rows.table.number}, [])

    def tick(self, numbers: list[int], progress: float) -> list[dict[str, Any]]:
        """What the page is told as the progress of some jobs moves: the delta and the head."""
        watches = self.rows.watches()
        for number in numbers:
            watch, now = watches[number], time.monotonic()
            known = state(str(watch.job.id), number, progress)
            report = Report(known, Health.LIVE, answered=True, good_at=now, left=(60, 120))
            self.rows._intake.post(RowReport(watch, report, 9.0))
        news = self.board._watcher.news.take(beat=True)
        return [news["_delta"], news["_head"]]


def of_the_page(page: BrowserPage, count: int) -> list[str]:
    """The figures of a board of so many jobs on a page of its own."""
    kernel = Kernel(count)
    body = PAGE % (STATIC / "job_board.css").read_text("utf-8")
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html", headers=EXACT))
    page.goto("http://benchmark.localhost/")
    bundle = (STATIC / "job_board.js").read_text("utf-8")
    table = base64.b64encode(kernel.board.__table_snapshot__()).decode()
    head = kernel.board._watcher.news.first_values()["_head"]
    first = page.evaluate(SHOW, {"bundle": bundle, "table": table, "head": head})
    page.wait_for_function("() => globalThis.inView?.length > 5")
    seen = page.evaluate("inView")
    chance = random.Random(1)  # noqa: S311 (no secret)
    times = []
    for number in range(TICKS):
        # All that is in view, as a board asks first for that, and others.
        others = chance.sample(range(count), A_TICK - min(A_TICK, len(seen)))
        times.append(page.evaluate(TICK, kernel.tick([*seen[:A_TICK], *others], 2.0 + number / 4)))
    keys = [page.evaluate(TYPE, text) for text in ("c", "ch", "chu", "chur", "")]
    orders = [page.evaluate(SORT, order) for order in ("name", "progress", "newest", "attention")]
    scrolled = page.evaluate(SCROLL)
    kernel.board.close()
    median, late = middle_and_late(times)
    frames = sorted(scrolled["frames"])
    return [
        f"{first:.0f} ms",
        str(len(seen)),
        f"{median:.2f} ms",
        f"{late:.2f} ms",
        f"{max(keys):.1f} ms",
        f"{max(orders):.1f} ms",
        f"{frames[int(0.95 * len(frames))]:.1f} ms",
        str(scrolled["blank"]),
        str(scrolled["most"]),
    ]


def in_lab(browser: Browser, count: int) -> list[list[str]]:
    """The figures of a board and of its peers in JupyterLab."""
    rows = []
    with Simulator() as sim, tempfile.TemporaryDirectory() as folder, lab_server(Path(folder)) as (url, files):
        ids = [sim.add_job("linear", duration=3600).id for _ in range(count)]
        (files / "token.txt").write_text(sim.token, encoding="utf-8")
        for number, (name, (source, selector, enough)) in enumerate(PEERS.items()):
            path = files / f"{number}.ipynb"
            write_notebook(path, [f"{connecting(sim)}\nids = {ids!r}", source])
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            notebook = LabNotebook(page, url, path)
            notebook.run_to_end(0)
            began = time.monotonic()
            notebook.run(1)
            shown = page.evaluate(IN_LAB, [selector, enough or count])
            took = time.monotonic() - began
            frames, elements = page.evaluate(LAB_SCROLL)
            frames = sorted(frames)
            late = f"{frames[int(0.95 * len(frames))]:.0f} ms"
            rows.append(
                [
                    name,
                    f"{took:.1f} s" if shown >= (enough or count) else f"only {shown} in {took:.0f} s",
                    str(elements),
                    late,
                ]
            )
            notebook.discard()
            page.close()
    return rows


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--peers", type=int, default=1000)
    options = parser.parse_args()
    # Not into the journal of whoever runs this.
    os.environ["FIDDLER_WIDGETS_STATE_DIR"] = tempfile.mkdtemp(prefix="fiddler-journal-")
    Silent.sizes = []
    comm.create_comm = Silent
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        print("| jobs | first rows | in view | a tick | 95 % | key press | sort | a frame, 95 % | blank | elements |")
        for count in options.jobs:
            page = browser.new_page()
            print(f"| {count:,} | {' | '.join(of_the_page(page, count))} |", flush=True)
            page.close()
        print(f"\n| {options.peers:,} jobs in JupyterLab | to be seen after | elements | a frame of a scroll, 95 % |")
        for row in in_lab(browser, options.peers):
            print(f"| {' | '.join(row)} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()

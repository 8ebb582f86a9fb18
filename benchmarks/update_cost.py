#!/usr/bin/env python3
"""What one update of a card costs: bytes and messages on the way to the page, and time to render in a real Chromium.

    python benchmarks/update_cost.py

The first table watches a job through 20 polls and counts what leaves the kernel; beside it, the log line that the
official client's `wait` prints for every poll. The second one changes the progress of one card among 1, 50 and 200 on a
page, closed and with its details open, and changes one of a thousand subtasks; all times are of script, style and
layout together. The third one weighs the files.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import comm
from comm.base_comm import BaseComm
from playwright.sync_api import sync_playwright

import fiddler_widgets as fw
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.rendering.card_content import face
from fiddler_widgets.simulator import Simulator

if TYPE_CHECKING:
    from playwright.sync_api import Page

STATIC = Path(fw.__file__).parent / "static"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
STATE = JobState(ID, "Ingestion dataset Upload", fw.JobStatus.STARTED, 1.0, {"project_name": "bank_churn"})
CLOCK = {"watched": 1.0, "silent": 0, "retry": None, "phase": 1, "still": 1, "stall": 60, "retries": 0}

FIRSTS = 15

# To a page of its own, which no other can spy on, the browser gives exact times.
EXACT = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}

# With some text, as every notebook has: loading the first font is not the card's doing.
PAGE = """<!doctype html><meta charset="utf-8"><style>%s</style><body style="font: 13px system-ui">
<p>Text, <b>bold text</b> and <code>code</code></p></body>"""
BUILD = """async ({ bundle, count, traits, open }) => {
  const widget = (await import(URL.createObjectURL(new Blob([bundle], { type: "text/javascript" })))).default;
  globalThis.models = [];
  document.body.getBoundingClientRect();
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const own = { ...traits };
    const listeners = [];
    const model = {
      get: (name) => own[name],
      send() {},
      on: (name, callback) => listeners.push([name, callback]),
      off() {},
      update(changes) {
        Object.assign(own, changes);
        for (const [name, callback] of listeners) if (name === "change") callback();
      },
    };
    models.push(model);
    const el = document.createElement("div");
    document.body.append(el);
    await widget.render({ model, el, signal: new AbortController().signal });
  }
  document.body.getBoundingClientRect();
  const took = performance.now() - began;
  if (open) for (const button of document.querySelectorAll(".fw-toggle")) button.click();
  return took;
}"""
UPDATE = """(clockOf) => {
  const rounds = [];
  for (let round = 0; round < 2000; round += 1) {
    const model = models[round % models.length];
    const clock = { ...clockOf, now: Date.now() / 1000, watched: round / 10, running: true };
    const began = performance.now();
    model.update({ progress: (round % 1000) / 10, time_left: [60, 90], _clock: clock });
    document.body.getBoundingClientRect();
    rounds.push(performance.now() - began);
  }
  return rounds;
}"""


SUBTASKS = """() => {
  const rounds = [];
  for (let round = 0; round < 50; round += 1) {
    const kinds = [["Running", "run", "spinner"], ["Queued", "idle", "clock"]];
    const rows = Array.from({ length: 1000 }, (_, task) => [`task-${task}`, task < round ? 0 : 1, ""]);
    const began = performance.now();
    models[0].update({ _tasks: { counted: "0 of 1000 done", kinds, rows, more: "" } });
    document.body.getBoundingClientRect();
    rounds.push(performance.now() - began);
  }
  return rounds;
}"""


class _Counting(BaseComm):
    """What the page would receive."""

    sent: list[dict[str, Any]] = []  # noqa: RUF012 (one list for all, on purpose)

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **__: Any) -> None:
        if msg_type == "comm_msg":
            self.sent.append(data)


def bytes_on_the_way() -> list[tuple[str, int, int, float]]:
    """Polls, messages and median bytes of content: while nothing changes, and while progress moves."""
    comm.create_comm = _Counting
    rows = []
    with Simulator() as sim:
        fw.init(sim.url, sim.token)
        simulated = sim.add_job("linear")
        simulated.set(status="STARTED", progress=1.0)
        card = fw.JobWidget(simulated.id, interval=0.2)
        for name, moving in (("nothing changes", False), ("progress moves", True)):
            sim.wait_for_requests(len(sim.requests) + 3)
            _Counting.sent.clear()
            polls = len(sim.requests)
            for number in range(20):
                if moving:
                    simulated.set(progress=2.0 + number * 3.3333)
                sim.wait_for_requests(len(sim.requests) + 1)
            time.sleep(0.1)
            polls = len(sim.requests) - polls
            news = [data for data in _Counting.sent if set(data["state"]) != {"_clock", "time_left"}] if moving else []
            counted = news if moving else _Counting.sent
            sizes = [len(json.dumps({**data, "buffer_paths": []})) for data in counted]
            rows.append((name, polls, len(sizes), statistics.median(sizes) if sizes else 0.0))
        card.close()
    return rows


def middle_and_late(rounds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(rounds)
    return statistics.median(ordered), ordered[int(0.95 * len(ordered))]


def build(page: Page, count: int, *, open_: bool) -> float:
    """Put so many cards on a page; milliseconds until all are laid out."""
    body = PAGE % (STATIC / "job_widget.css").read_text("utf-8")
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html", headers=EXACT))
    page.goto("http://benchmark.localhost/")
    traits = {
        "job_id": ID,
        "status": "STARTED",
        "progress": 1.0,
        "indeterminate": False,
        "error_message": "",
        "health": "live",
        "time_left": None,
        "_clock": {"now": time.time(), "running": True, **CLOCK},
        "_said": face(ID, STATE, Health.LIVE, ""),
        "_tasks": {},
        "_history": {"start": time.time() - 640, "steps": [[step * 10, step * 1.5, "r"] for step in range(64)]},
        "_controls": True,
        "_notify": False,
    }
    bundle = (STATIC / "job_widget.js").read_text("utf-8")
    took: float = page.evaluate(BUILD, {"bundle": bundle, "count": count, "traits": traits, "open": open_})
    return took


def weights() -> list[tuple[str, int]]:
    """Bytes of each module in the bundle, as the bundler marks them."""
    bundle = (STATIC / "job_widget.js").read_text("utf-8")
    parts = re.split(r"^// src/(.*)\n", bundle, flags=re.MULTILINE)
    sizes = [(name, len(text.encode())) for name, text in zip(parts[1::2], parts[2::2], strict=True)]
    return sorted(sizes, key=lambda part: part[1])


def main() -> None:
    """Print both tables."""
    # Not into the journal of whoever runs this.
    os.environ["FIDDLER_WIDGETS_STATE_DIR"] = tempfile.mkdtemp(prefix="fiddler-journal-")
    print(f"{'on the way to the page':24} {'polls':>6} {'messages':>9} {'bytes':>7}")
    for name, polls, messages, size in bytes_on_the_way():
        print(f"{name:24} {polls:6} {messages:9} {size:7.0f}")
    line = "2026-11-23 14:00:00,000 [INFO] fiddler.entities.job: Upload[...]: STARTED, progress: 1.0%"
    print(f"{'official client: log':24} {20:6} {20:9} {len(line) + 36:7}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        print(f"\n{'cards on the page':>28} {'a card, first':>14} {'update 50 %':>12} {'update 95 %':>12}")
        for count in (1, 50, 200):
            for open_ in (False, True):
                firsts = []
                # One page after the other: a page that another one covers is in no hurry.
                for _ in range(FIRSTS if count == 1 else 1):
                    page = browser.new_page()
                    firsts.append(build(page, count, open_=open_) / count)
                    median, late = middle_and_late(page.evaluate(UPDATE, CLOCK))
                    page.close()
                what = f"{count}{', details open' if open_ else ''}"
                first = statistics.median(firsts)
                print(f"{what:>28} {first:11.2f} ms {median:9.3f} ms {late:9.3f} ms")
        page = browser.new_page()
        build(page, 1, open_=True)
        median, late = middle_and_late(page.evaluate(SUBTASKS))
        print(f"{'1, one of 1,000 subtasks':>28} {'':14} {median:9.2f} ms {late:9.2f} ms")
        browser.close()
    print()
    for path in sorted(STATIC.iterdir()):
        print(f"{path.name:24} {path.stat().st_size / 1000:6.1f} KB")
    print()
    for name, size in weights():
        print(f"{name:24} {size / 1000:6.1f} KB")


if __name__ == "__main__":
    main()

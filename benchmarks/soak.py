#!/usr/bin/env python3
"""Chaos, for as long as you like: many jobs, a server that fails in every way, and nothing may be lost.

    python benchmarks/soak.py --minutes 20

Each request fails with a probability of 20 % in a random way, the server goes away and comes back, and a small share of
the jobs is refused for good. Jobs end and new ones begin until the time is over. Every job is followed by two cards, an
`on_complete`, an `await`, and some by a `watch` in a thread of its own. The exit code is 1 when a promise is broken:

- every watcher sees every job's end exactly once, and the right one;
- two requests about one job are never closer than 0.2 s;
- the package never has more than its ten threads, and in the end no thread and no socket;
- memory stays flat from the tenth minute (in shorter runs: from the middle) to the end; in runs of less than two
  minutes it is shown and not judged, since the first bomb that comes makes a step of some megabytes;
- nothing is logged as an error, and no thread or destructor raises.

The server runs in a process of its own, so that its books are not in the figures. Memory and sockets are read from
``/proc`` and are not judged where there is none.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.models import Health
from fiddler_widgets.polling.poller import DELIVERERS, WORKERS
from fiddler_widgets.simulator import Fault, Simulator
from fiddler_widgets.simulator.faults import Misbehaviour
from fiddler_widgets.simulator.request_log import RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.simulator import SeenRequest

ENDS = {"linear": "SUCCESS", "retry": "SUCCESS", "uneven": "SUCCESS", "failing": "FAILURE", "revoked": "REVOKED"}
REFUSALS = {401: "refused", 403: "refused", 400: "error", 410: "error", 302: "error"}
REFUSED_SHARE = 0.04
WATCHED_SHARE = 0.1
CLOSEST = 0.18  # 0.2 s, less what two readings of a loaded machine's clock may differ by
MOST_THREADS = WORKERS + DELIVERERS + 3
PATIENCE = 120.0
GROWTH = 1.05
TELLING = 2.0
"""Minutes below which memory says nothing: one large answer is a tenth of it."""


# ---- the server's process


def faults(pace: float) -> list[Fault]:
    """Return all that passes; what ends a watch is planned by job."""
    return [
        *(Fault.status(code) for code in (408, 425, 429, 500, 502, 503, 504, 599)),
        Fault.status(429, retry_after=1),
        Fault.status(503, retry_after="soon"),
        Fault.reset(),
        Fault.reset(in_body=True),
        Fault.close(),
        Fault.hang(),
        Fault.slow_header(pace),
        Fault.slow_body(pace),
        Fault.delay(pace),
        Fault.truncated_json(),
        Fault.cut_body(),
        Fault.huge_body(9 * 2**20),
        Fault.gzip_bomb(9),
        Fault.html(),
        Fault.wrong_id(),
        Fault.without("status"),
        Fault.without_data(),
        Fault.list_body(),
        Fault.invalid_utf8(),
        Fault.body(b"", status=204),
    ]


class Chaos(Misbehaviour):
    """A fault for each request with a fixed probability."""

    def __init__(self, share: float, chance: random.Random) -> None:
        super().__init__()
        self._share, self._chance, self._faults = share, chance, faults(0.05)

    def next(self) -> Fault | None:
        """Draw."""
        return self._chance.choice(self._faults) if self._chance.random() < self._share else None


class Tally(RequestLog):
    """Counts requests and faults, and knows the shortest time between two requests about one job."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: Counter[str] = Counter()
        self.closest = float("inf")
        self.last: dict[str | None, float] = {}

    def add(self, request: SeenRequest) -> None:
        """Count, and keep nothing else: one that met a dead connection may be sent again at once."""
        self.faults[request.fault or "none"] += 1
        if (before := self.last.get(request.job_id)) is not None:
            self.closest = min(self.closest, request.at - before)
        if request.fault in ("reset", "close"):
            self.last.pop(request.job_id, None)
        else:
            self.last[request.job_id] = request.at


def serve(share: float, seed: int) -> None:
    """Do what comes in on stdin, a line of JSON each, and answer on stdout."""
    tally = Tally()
    with Simulator() as sim:
        sim._log, sim._misbehaviour = tally, Chaos(share, random.Random(seed))  # noqa: S311, SLF001
        print(json.dumps([sim.url, sim.token]), flush=True)
        for line in sys.stdin:
            command, *arguments = json.loads(line)
            answer: Any = None
            if command == "add":
                scenario, seconds, refusal = arguments
                job = sim.add_job(scenario, duration=seconds)
                answer = job.id
                if refusal:
                    fault = Fault.redirect("http://127.0.0.1:9/") if refusal == 302 else Fault.status(refusal)  # noqa: PLR2004
                    job.misbehave(fault, after=1)
            elif command == "forget":
                sim._jobs.pop(arguments[0], None)  # noqa: SLF001
                tally.last.pop(arguments[0], None)
            elif command == "tally":
                answer = {"faults": tally.faults, "closest": tally.closest, "connections": sim.connections}
            else:
                getattr(sim, command)()
            print(json.dumps(answer), flush=True)


class Server:
    """The other process, as this one sees it."""

    def __init__(self, share: float, seed: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and program)
            [sys.executable, __file__, "--serve", str(share), "--seed", str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()
        self.url, self.token = self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 (for the type checker)
        return json.loads(self._process.stdout.readline())

    def __call__(self, *command: object) -> Any:
        """Have a command done, and return what it answers."""
        assert self._process.stdin is not None  # noqa: S101 (for the type checker)
        with self._lock:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            return self._read()

    def stop(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


# ---- the watchers


class Followed:
    """One job and all its watchers; each notes every end that it sees."""

    def __init__(self, server: Server, chance: random.Random, loop: asyncio.AbstractEventLoop, pace: float) -> None:
        refusal = chance.choice(list(REFUSALS)) if chance.random() < REFUSED_SHARE else 0
        scenario = "stuck" if refusal else chance.choice(list(ENDS))
        seconds = pace * chance.choice([0.5, 3, 8, 15, 30]) * chance.uniform(0.5, 1.5)
        self.expected = REFUSALS.get(refusal, ENDS.get(scenario, ""))
        self.began = time.monotonic()
        self.id: str = server("add", scenario, seconds, refusal)
        self.ends: dict[str, list[str]] = {}
        self.cards = [fw.JobWidget(self.id), fw.JobWidget(self.id, interval=2, verbose=True)]
        for number, card in enumerate(self.cards):
            note = self._watcher(f"card {number}")
            card.observe(partial(self._card_changed, note), "health")
        if not refusal:
            note = self._watcher("on_complete")
            self.cards[0].on_complete(lambda card, note=note: note(card.status))
        asyncio.run_coroutine_threadsafe(self._await(self._watcher("await")), loop)
        self._thread: threading.Thread | None = None
        if chance.random() < WATCHED_SHARE:
            self._thread = threading.Thread(
                target=self._watch, args=(self._watcher("watch"),), name="watch", daemon=True
            )
            self._thread.start()

    def _watcher(self, name: str) -> Callable[[str], None]:
        ends = self.ends[name] = []
        return lambda end: ends.append(str(end))

    @staticmethod
    def _card_changed(note: Callable[[str], None], change: Any) -> None:
        health = Health(change["new"])
        if health.ended:
            note(change["owner"].status if health == "over" else health)

    async def _await(self, note: Callable[[str], None]) -> None:
        job = self.cards[1].job
        try:
            await job
        except fw.AsyncJobFailed:
            note(str(job.status))
        except fw.ApiError as error:
            note("refused" if error.code in (401, 403) else "error")
        except Exception as error:  # noqa: BLE001 (told as the end that it is)
            note(repr(error))
        else:
            note(str(job.status))

    def _watch(self, note: Callable[[str], None]) -> None:
        try:
            for job in self.cards[0].job.watch(interval=1):
                if job.done():
                    note(str(job.status))
        except fw.ApiError as error:
            note("refused" if error.code in (401, 403) else "error")
        except Exception as error:  # noqa: BLE001 (told as the end that it is)
            note(repr(error))

    @property
    def over(self) -> bool:
        """Whether every watcher has seen an end, or has had more than enough time."""
        return all(self.ends.values()) or time.monotonic() - self.began > PATIENCE

    def close(self) -> Counter[str]:
        """Close the cards; returns what was lost, seen twice or seen wrongly."""
        if self._thread is not None and self.ends["watch"]:
            self._thread.join(5)
        for card in self.cards:
            card.close()
        verdict: Counter[str] = Counter()
        for name, ends in self.ends.items():
            verdict["ends expected"] += 1
            verdict["lost"] += not ends
            verdict["seen twice"] += len(ends) > 1
            verdict["wrong"] += bool(ends) and set(ends) != {self.expected}
            if ends != [self.expected]:
                print(f"{self.id}: {name} saw {ends}, not [{self.expected!r}]", file=sys.stderr)
        return verdict


# ---- this process


class Trouble(logging.Handler):
    """Whatever nobody asked for: errors in the log, and exceptions in threads and destructors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        logging.getLogger().addHandler(self)
        threading.excepthook = lambda args: self.texts.append(f"thread: {args.exc_value!r}")
        sys.unraisablehook = lambda args: self.texts.append(f"destructor: {args.exc_value!r}")

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.texts.append(f"{record.name}: {record.getMessage()} {record.exc_info and record.exc_info[1]!r}")


def own_threads() -> int:
    """How many threads the package has."""
    return sum(thread.name.startswith("fiddler-widgets") for thread in threading.enumerate())


def resident() -> float:
    """MB of memory; 0 where it cannot be known."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20
    except OSError:
        return 0.0


def sockets() -> int:
    """How many sockets are open; 0 where it cannot be known."""
    found = 0
    folder = Path("/proc/self/fd")
    for entry in folder.iterdir() if folder.exists() else ():
        with contextlib.suppress(OSError):
            found += str(entry.readlink()).startswith("socket:")
    return found


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition; returns whether it came."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Soak:
    """The run: keeps jobs coming, the server coming and going, and the books."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._chance = random.Random(options.seed)  # noqa: S311 (chaos that can be repeated)
        self._server = Server(options.failures, options.seed)
        self._followed: list[Followed] = []
        # In a short run, short jobs: the last ones are followed to their end.
        self._pace = min(1.0, options.minutes)
        self._loop = asyncio.new_event_loop()
        self.ends: Counter[str] = Counter()
        self.verdict: Counter[str] = Counter()
        self.memory: list[tuple[float, float]] = []
        self.most_threads = self.restarts = self.jobs = 0

    def run(self) -> dict[str, Any]:
        """Run, clear up, and return the server's figures."""
        fw.init(self._server.url, self._server.token)
        loop = threading.Thread(target=self._loop.run_forever, name="loop")
        loop.start()
        began = time.monotonic()
        end = began + self._options.minutes * 60
        restart_at, memory_at = began + 3.0, began
        while (now := time.monotonic()) < end or self._followed:
            while now < end and len(self._followed) < self._options.jobs:
                self._followed.append(Followed(self._server, self._chance, self._loop, self._pace))
                self.jobs += 1
            if now >= restart_at and now < end:
                self._restart()
                restart_at = time.monotonic() + self._chance.uniform(8, 16)
            if now >= memory_at and now < end:
                gc.collect()
                self.memory.append((now - began, resident()))
                memory_at = now + self._options.minutes * 60 / 120
            self.most_threads = max(self.most_threads, own_threads())
            self._settle_ended()
            time.sleep(0.05)
        self._loop.call_soon_threadsafe(self._loop.stop)
        loop.join(5)
        self._loop.close()
        figures: dict[str, Any] = self._server("tally")
        return figures

    def stop(self) -> None:
        """End the server."""
        self._server.stop()

    def _restart(self) -> None:
        self._server("pause")
        time.sleep(self._chance.uniform(0.2, 1.5))
        self._server("resume")
        self.restarts += 1

    def _settle_ended(self) -> None:
        for one in [one for one in self._followed if one.over]:
            self._followed.remove(one)
            self.verdict += one.close()
            self.ends[one.expected] += 1
            self._server("forget", one.id)


def growth(memory: list[tuple[float, float]], minutes: float) -> tuple[float, float]:
    """MB in the reference stretch (from the tenth minute, or the middle) and in the last one."""
    tenth = 600.0 if minutes > 15 else minutes * 30  # noqa: PLR2004
    stretch = max(60.0 if minutes > 15 else 0.0, minutes * 6)  # noqa: PLR2004
    last = memory[-1][0]
    early = [size for at, size in memory if tenth <= at <= tenth + stretch]
    late = [size for at, size in memory if at >= last - stretch]
    return median(early or [0.0]), median(late or [0.0])


def main() -> int:
    """Run, print the figures, and say which promises were broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=200, help="how many jobs at a time (200)")
    parser.add_argument("--minutes", type=float, default=2.0, help="how long new jobs begin (2)")
    parser.add_argument("--failures", type=float, default=0.2, help="the share of requests that fail (0.2)")
    parser.add_argument("--request-timeout", type=float, default=1.0, help="seconds that a request may take (1)")
    parser.add_argument("--backoff-limit", type=float, default=4.0, help="the largest cap of a back-off pause (4)")
    parser.add_argument("--seed", type=int, default=1, help="for the chaos (1)")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve, options.seed)
        return 0
    # Not into the journal of whoever runs this.
    os.environ["FIDDLER_WIDGETS_STATE_DIR"] = tempfile.mkdtemp(prefix="fiddler-journal-")
    configs.REQUEST_TIMEOUT, configs.BACKOFF_LIMIT = options.request_timeout, options.backoff_limit  # type: ignore[misc]
    trouble = Trouble()
    sockets_before = sockets()
    soak = Soak(options)
    figures = soak.run()
    until(lambda: own_threads() == 0 and sockets() <= sockets_before, 20)
    left = threading.active_count() - 1, max(0, sockets() - sockets_before)
    gc.collect()
    soak.stop()
    early, late = growth(soak.memory, options.minutes)
    requests = sum(figures["faults"].values())
    good = figures["faults"].pop("none", 0)
    rows: list[tuple[str, object, bool]] = [
        ("jobs", soak.jobs, True),
        ("requests", requests, True),
        ("of these failed", f"{requests - good} ({(requests - good) / max(1, requests):.1%})", requests > good),
        ("server restarts", soak.restarts, True),
        ("final states", ", ".join(f"{name} {count}" for name, count in sorted(soak.ends.items())), True),
        ("ends to be seen", soak.verdict["ends expected"], True),
        ("lost", soak.verdict["lost"], soak.verdict["lost"] == 0),
        ("seen twice", soak.verdict["seen twice"], soak.verdict["seen twice"] == 0),
        ("wrong", soak.verdict["wrong"], soak.verdict["wrong"] == 0),
        ("closest two requests", f"{figures['closest']:.3f} s", figures["closest"] >= CLOSEST),
        ("threads at most", soak.most_threads, soak.most_threads <= MOST_THREADS),
        ("threads left", left[0], left[0] == 0),
        ("sockets left", left[1], left[1] == 0),
        ("connections left", figures["connections"], True),
        (
            "memory then and at last",
            f"{early:.1f} MB, {late:.1f} MB",
            late <= early * GROWTH or options.minutes < TELLING,
        ),
        ("errors logged or raised", len(trouble.texts), not trouble.texts),
    ]
    for name, value, kept in rows:
        print(f"{name:26} {value}{'' if kept else '   BROKEN'}")
    print("\nfaults met: " + ", ".join(f"{name} {count}" for name, count in sorted(figures["faults"].items())))
    step = max(1, len(soak.memory) // 12)
    print("memory: " + ", ".join(f"{at:.0f} s {size:.1f}" for at, size in soak.memory[::step]) + " (MB)")
    for text in trouble.texts[:10]:
        print(text, file=sys.stderr)
    return 0 if all(kept for _, _, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

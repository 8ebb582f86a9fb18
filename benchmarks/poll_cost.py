#!/usr/bin/env python3
"""CPU per poll, side by side with the official client, in one run.

    python benchmarks/poll_cost.py [rounds]

Each round makes a few hundred polls with every method in turn, against a simulator in a process of its own; what counts
is this process's CPU time per poll. First one poll right after the other; then 300 polls a second, each of another job,
as the poller makes them for 900 jobs: there each method has to be woken for its polls, which costs CPU too.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import re
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import fiddler
import requests
from scale import server

from fiddler_widgets import configs
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.poller import Poller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fiddler_widgets.polling.report import Report

POLLS = 300
RATE = 300
JOBS = 900
SECONDS = 4.0


@contextlib.contextmanager
def simulator() -> Iterator[tuple[str, str, str]]:
    """A simulator in a process of its own: its address, its token, and the id of a job."""
    program = "import sys; from fiddler_widgets.cli import main; sys.exit(main())"
    command = [sys.executable, "-u", "-c", program, "simulate", "--port=0", "--token=benchmark"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own command)
        try:
            url = job = ""
            while not job:
                line = process.stdout.readline() if process.stdout else ""
                url = url or next(iter(re.findall(r"http://127\.0\.0\.1:\d+", line)), "")
                job = next(iter(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", line)), "")
            yield url, "benchmark", job
        finally:
            process.terminate()


def microseconds(poll: Callable[[], object]) -> float:
    """CPU time of one poll, averaged over a few hundred."""
    poll()
    began = time.process_time()
    for _ in range(POLLS):
        poll()
    return (time.process_time() - began) / POLLS * 1e6


def tight(rounds: int) -> dict[str, float]:
    """Medians of the CPU of one poll, polls right after each other."""
    with simulator() as (url, token, job):
        with contextlib.redirect_stderr(io.StringIO()):
            fiddler.init(url=url, token=token)
        connection = Connection(url, token)
        session = requests.Session()
        headers = {"Authorization": f"Bearer {token}"}
        methods: dict[str, Callable[[], object]] = {
            "fiddler.Job.get (official)": lambda: fiddler.Job.get(job),
            "requests.Session.get, .json()": lambda: session.get(f"{url}/v3/jobs/{job}", headers=headers).json(),
            "fiddler_widgets": lambda: connection.fetch(job),
        }
        return in_turn(rounds, {name: lambda poll=poll: microseconds(poll) for name, poll in methods.items()})


def paced(rounds: int) -> dict[str, float]:
    """Medians of the CPU of one poll, 300 polls a second."""
    with server(JOBS, latency=0.0) as (url, ids):
        with contextlib.redirect_stderr(io.StringIO()):
            fiddler.init(url=url, token="benchmark")  # noqa: S106 (the simulator's)
        connection, jobs = Connection(url, "benchmark"), itertools.cycle(ids)
        methods = {
            "fiddler.Job.get (official)": lambda: at_a_rate(lambda: fiddler.Job.get(next(jobs))),
            "fiddler_widgets, one thread": lambda: at_a_rate(lambda: connection.fetch(next(jobs))),
            "fiddler_widgets, the poller": lambda: by_the_poller(connection, ids),
        }
        return in_turn(rounds, methods)


def at_a_rate(poll: Callable[[], object]) -> float:
    """CPU of one poll of a thread that sleeps in between, in microseconds."""
    due = began = time.monotonic()
    cpu, polls = time.process_time(), 0
    while due < began + SECONDS:
        time.sleep(max(0.0, due - time.monotonic()))
        poll()
        polls, due = polls + 1, due + 1 / RATE
    return (time.process_time() - cpu) / polls * 1e6


def by_the_poller(connection: Connection, ids: list[str]) -> float:
    """CPU of one poll of the poller with all that it decides, in microseconds."""
    polls, begin = 0, JobMonitor.begin

    def counted(self: JobMonitor, now: float) -> int:
        nonlocal polls
        polls += 1
        return begin(self, now)

    poller = Poller()
    JobMonitor.begin = counted  # type: ignore[method-assign]
    try:
        for id_ in ids:
            mailbox: Mailbox[Report] = Mailbox(lambda _: None)
            poller.subscribe(connection, id_, mailbox, interval=1.0)
        time.sleep(JOBS / RATE + 1)
        before, cpu, began = polls, time.process_time(), time.monotonic()
        time.sleep(SECONDS)
        used, made, seconds = time.process_time() - cpu, polls - before, time.monotonic() - began
    finally:
        JobMonitor.begin = begin  # type: ignore[method-assign]
        poller.close(5)
    if made < 0.95 * RATE * seconds:
        print(f"the poller made only {made / seconds:.0f} polls a second", file=sys.stderr)
    return used / made * 1e6


def in_turn(rounds: int, methods: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Medians over rounds in which each method has its turn."""
    runs: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(rounds):
        for name, measure in methods.items():
            runs[name].append(measure())
    return {name: statistics.median(row) for name, row in runs.items()}


def table(head: str, medians: dict[str, float]) -> None:
    """Print a row for each method."""
    base = next(iter(medians.values()))
    print(f"\n{head:32} {'CPU':>8} {'ratio':>6}")
    for name, value in medians.items():
        print(f"{name:32} {value:5.0f} µs {value / base:6.2f}", flush=True)


def main() -> None:
    """Print medians, and ratios to the official client."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    logging.disable(logging.CRITICAL)
    configs.REQUEST_RATE_LIMIT = RATE
    print(f"medians of {rounds} rounds")
    table("one poll after the other", tight(rounds))
    table(f"{RATE} polls a second", paced(rounds))


if __name__ == "__main__":
    main()

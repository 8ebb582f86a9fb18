#!/usr/bin/env python3
"""Watching many jobs in one process: threads, CPU, memory per job, lateness, and turns.

    python benchmarks/scale.py [--jobs 100 1000 10000] [--seconds 60] [--rate 50]

The server is a simulator in a process of its own that takes 50 ms to answer; every job is looked at 9 s after the last
answer, the longest pause there is. Lateness is the time from the moment at which a monitor wants a request to the
moment at which it is made, from 15 s on: at first all jobs are due at once.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import logging
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from fiddler_widgets import configs
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.poller import WORKERS, Poller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Subscription

LATENCY = 0.05
INTERVAL = 9.0
WARM_UP = 15.0
SERVER = """
import sys, threading
from fiddler_widgets.simulator import Simulator
with Simulator(token="benchmark", latency=float(sys.argv[2])) as sim:
    jobs = [sim.add_job("stuck", duration=3600) for _ in range(int(sys.argv[1]))]
    print(sim.url, *(job.id for job in jobs), flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def server(jobs: int, latency: float = LATENCY) -> Iterator[tuple[str, list[str]]]:
    """A simulator with so many jobs that never end, and so many seconds to each answer: its address and their ids."""
    with subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-c", SERVER, str(jobs), str(latency)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url, *ids = (process.stdout.readline() if process.stdout else "").split()
            yield url, ids
        finally:
            process.terminate()


def resident() -> float:
    """This process's memory now, in KB."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 (no path of a user's)
        return int(statm.read().split()[1]) * resource.getpagesize() / 1024


def measure(count: int, seconds: float) -> list[str]:
    """Watch so many jobs for so long; return the cells of a row."""
    late: list[float] = []
    requests: list[float] = []
    began = time.monotonic()
    asked: Counter[int] = Counter()
    begin = JobMonitor.begin

    def timed(self: JobMonitor, now: float) -> int:
        if self.due is not None and now - began >= WARM_UP:
            late.append(now - self.due)
        requests.append(now)
        asked[id(self)] += 1
        return begin(self, now)

    with server(count) as (url, ids):
        connection, engine = Connection(url, "benchmark"), Poller()
        connection.fetch(ids[0])
        gc.collect()
        before = resident()
        JobMonitor.begin = timed  # type: ignore[method-assign]
        began, cpu, most = time.monotonic(), time.process_time(), 0
        subscriptions: list[Subscription] = []
        for id_ in ids:
            mailbox: Mailbox[Report] = Mailbox(lambda _: None)
            subscriptions.append(engine.subscribe(connection, id_, mailbox, interval=INTERVAL))
        while time.monotonic() - began < seconds:
            time.sleep(0.2)
            most = max(most, threading.active_count())
        elapsed, cpu = time.monotonic() - began, time.process_time() - cpu
        gc.collect()
        kilobytes = (resident() - before) / count
        JobMonitor.begin = begin  # type: ignore[method-assign]
        engine.close(5)
    turns = sorted(asked.values())
    late.sort()
    return [
        f"{count}",
        f"{most - 1}",
        f"{100 * cpu / elapsed:.0f} %",
        f"{1e6 * cpu / max(1, len(requests)):.0f} µs",
        f"{kilobytes:.1f} KB",
        f"{len(requests) / elapsed:.1f}/s",
        f"{statistics.median(late):.3f} s",
        f"{late[int(0.95 * len(late))]:.3f} s",
        f"{late[int(0.99 * len(late))]:.3f} s",
        f"{turns[0] if len(turns) == count else 0}-{turns[-1]}",
    ]


def measure_official(count: int, seconds: float) -> list[str]:
    """The same with the official client, which needs a thread for each job; return the cells of a row."""
    fiddler = importlib.import_module("fiddler")
    logging.disable(logging.CRITICAL)
    with server(count) as (url, ids):
        fiddler.init(url=url, token="benchmark", auto_attach_log_handler=False)  # noqa: S106 (the simulator's)
        polls = [0] * count
        gc.collect()
        before, began, cpu = resident(), time.monotonic(), time.process_time()

        def follow(index: int) -> None:
            job = fiddler.Job()
            job.id = ids[index]
            with contextlib.suppress(TimeoutError):
                for _ in job.watch(interval=INTERVAL, timeout=seconds):
                    polls[index] += 1

        for index in range(count):
            threading.Thread(target=follow, args=(index,), daemon=True).start()
        while time.monotonic() - began < seconds:
            time.sleep(0.2)
        threads, elapsed, cpu = threading.active_count() - 1, time.monotonic() - began, time.process_time() - cpu
        kilobytes = (resident() - before) / count
    requests = max(1, sum(polls))
    cells = [f"{count} off.", f"{threads}", f"{100 * cpu / elapsed:.0f} %", f"{1e6 * cpu / requests:.0f} µs"]
    return [*cells, f"{kilobytes:.1f} KB", f"{requests / elapsed:.1f}/s", "-", "-", "-", f"{min(polls)}-{max(polls)}"]


def main() -> None:
    """Print a row for each number of jobs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, nargs="+", default=[configs.REQUEST_RATE_LIMIT])
    parser.add_argument(
        "--official", type=int, nargs="*", default=[100], help="numbers of jobs for the official client"
    )
    options = parser.parse_args()
    print(f"{WORKERS} workers, a server that takes {LATENCY * 1000:.0f} ms, {options.seconds:.0f} s a row")
    head = [
        "jobs",
        "threads",
        "CPU",
        "CPU/poll",
        "memory/job",
        "requests",
        "late 50 %",
        "late 95 %",
        "late 99 %",
        "turns",
    ]
    for rate in options.rate:
        configs.REQUEST_RATE_LIMIT = rate
        print(f"\nceiling {rate:.0f} requests a second\n" + " ".join(f"{name:>10}" for name in head))
        for count in options.jobs:
            print(" ".join(f"{cell:>10}" for cell in measure(count, options.seconds)), flush=True)
    # Last, since its threads do not end before their time-outs do.
    for count in options.official:
        print(" ".join(f"{cell:>10}" for cell in measure_official(count, options.seconds)), flush=True)


if __name__ == "__main__":
    main()

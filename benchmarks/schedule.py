#!/usr/bin/env python3
"""How late schedules notice the end of a job, what they spend, and what the time left is worth; in virtual time.

python benchmarks/schedule.py [jobs]
"""

from __future__ import annotations

import importlib
import math
import random
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from poll_corpus_own import CURVES, Pacing, SimulatedJob, corpus, measure  # noqa: E402 - needs the path

from fiddler_widgets.polling.schedule import AdaptiveSchedule  # noqa: E402 - needs the path

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = HERE.parent.parent / "shared" / "bench"
"""Where a reference corpus may lie; without it, the own one stands alone."""

FIXED = 6.0


class Fixed:
    """The pause of the official client."""

    def next_pause(self, _elapsed: float, _status: str, _progress: float | None) -> float:
        """The same pause, whatever the job does."""
        return FIXED


def reference(count: int) -> list[SimulatedJob]:
    """The reference corpus in the form of the own one; empty if it is not there."""
    if not (REFERENCE / "poll_corpus.py").is_file():
        return []
    sys.path.insert(0, str(REFERENCE))
    module = importlib.import_module("poll_corpus")
    rng = random.Random(20261123)  # noqa: S311 - a simulation
    jobs = [module.make_job(rng) for _ in range(count)]
    return [
        SimulatedJob("reference", job.end, ((job.starts, job.end),), job.progress, module.ROUND_TRIP) for job in jobs
    ]


def row(name: str, schedule: Callable[[], Pacing], jobs: list[SimulatedJob]) -> None:
    """Print what a schedule achieves on jobs."""
    began = time.process_time()
    result = measure(schedule, jobs)
    cost = 1e6 * (time.process_time() - began) / (result.requests * len(jobs))
    line = (
        f"{name:28} {result.mean:6.2f}s {result.median:6.2f}s {result.p95:6.2f}s"
        f" {result.requests:8.1f} {result.longest:7.1f}s {cost:6.1f}µs"
    )
    if not math.isnan(result.covered):
        line += f" {result.known:7.0%} {result.covered:7.0%} {result.ratio:8.2f} {result.width:8.2f}"
    print(line)


def main() -> None:
    """Print one table a corpus, and one by kind of progress."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    corpora = {"reference corpus": reference(count), "own corpus": corpus(count)}
    heading = (
        f"{'mean':>7} {'median':>7} {'p95':>7} {'requests':>8} {'longest':>8} {'CPU':>8}"
        f" {'known':>7} {'covered':>7} {'high/low':>8} {'width':>8}"
    )
    for name, jobs in corpora.items():
        if not jobs:
            print(f"{name}: not there\n")
            continue
        least = statistics.mean(math.ceil(job.end / (1.5 * FIXED + job.round_trip)) for job in jobs)
        print(f"{name:28} {heading}")
        row(f"fixed {FIXED:g} s", Fixed, jobs)
        row("AdaptiveSchedule", AdaptiveSchedule, jobs)
        print(f"{'least that pauses allow':28} {'0.00s':>7} {'0.00s':>7} {'0.00s':>7} {least:8.1f}\n")
    print(f"{'AdaptiveSchedule, own corpus':28} {heading}")
    for kind in CURVES:
        chosen = [job for job in corpora["own corpus"] if job.kind == kind]
        if chosen:
            row(kind, AdaptiveSchedule, chosen)


if __name__ == "__main__":
    main()

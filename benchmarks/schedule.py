#!/usr/bin/env python3
"""How late schedules notice the end of a job, what they spend, and what the time left is worth; in virtual time.

Where the kind of a job is known, its past runs are handed in. The rows of a corpus that misleads compare with the same
schedule without them.

python benchmarks/schedule.py [jobs] [seed]
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

from kinds_corpus import MISLEADING, known_kinds, misleading, unknown  # noqa: E402 - needs the path
from poll_corpus_own import CURVES, SEED, Pacing, Result, SimulatedJob, corpus, make_job, measure, watch  # noqa: E402 - needs the path
from tasks_corpus import task_jobs  # noqa: E402 - needs the path

from fiddler_widgets.polling.schedule import AdaptiveSchedule  # noqa: E402 - needs the path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFERENCE = HERE.parent.parent / "shared" / "bench"
"""Where a reference corpus may lie; without it, the own one stands alone."""

FIXED = 6.0


class Fixed:
    """The pause of the official client."""

    def __init__(self, past: Sequence[float] = ()) -> None:
        self.past = past

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


def row(name: str, schedule: Callable[..., Pacing], jobs: list[SimulatedJob], base: Result | None = None) -> Result:
    """Print what a schedule achieves on jobs, and in which ratio to another."""
    began = time.process_time()
    result = measure(schedule, jobs)
    cost = 1e6 * (time.process_time() - began) / (result.requests * len(jobs))
    line = (
        f"{name:28} {result.mean:6.2f}s {result.median:6.2f}s {result.p95:6.2f}s"
        f" {result.requests:8.1f} {result.longest:7.1f}s {cost:6.1f}µs"
    )
    if base is not None:
        both = zip(result[:4], base[:4], strict=True)
        line += "  " + " ".join(f"{mine / other:6.3f}" for mine, other in both)
    if not math.isnan(result.covered):
        line += f" {result.known:7.0%} {result.covered:7.0%} {result.ratio:8.2f} {result.width:8.2f}"
    print(line)
    return result


def told(jobs: list[SimulatedJob], shown: Callable[[SimulatedJob, float], bool], name: str) -> None:
    """Print how often a time left is told, and is right, before and after a job shows that what was known misleads.

    Args:
        jobs: The jobs.
        shown: Whether one shows it at a time.
        name: Of the row.
    """
    looks, ranges = {False: 0, True: 0}, {False: 0, True: 0}
    shares: dict[bool, list[float]] = {False: [], True: []}
    for job in jobs:
        pacing = AdaptiveSchedule(past=job.past)
        hits: dict[bool, list[bool]] = {False: [], True: []}
        for now, pause in watch(pacing, job):
            if pause is None:
                break
            after, span = shown(job, now), pacing.time_left(now)
            looks[after] += 1
            if span is not None:
                ranges[after] += 1
                hits[after].append(span[0] <= job.end - now <= span[1])
        for after, of_job in hits.items():
            if of_job:
                shares[after].append(statistics.mean(of_job))
    line = f"{name:28}"
    for after in (False, True):
        right = f"{statistics.mean(shares[after]):.0%}" if shares[after] else "-"
        line += f" {ranges[after] / max(1, looks[after]):15.0%} {right:>7}"
    print(line)


def outlives(job: SimulatedJob, now: float) -> bool:
    """Whether a job has run for longer, by a fifth, than all before it."""
    return now - job.attempts[-1][0] > 1.2 * max(job.past)


def sticks(job: SimulatedJob, now: float) -> bool:
    """Whether progress stands at 99 %."""
    return (job.look(now)[1] or 0.0) >= 99.0  # noqa: PLR2004


def main() -> None:
    """Print one table a corpus, and one by kind of progress."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED  # noqa: PLR2004 - the second argument
    misled = misleading(count, seed)
    own = corpus(count, seed)
    corpora = {
        "uneven tasks": task_jobs(count, seed),
        "kind known, no progress": known_kinds(count, seed),
        "nothing known": unknown(count, seed),
        "misleading past": misled,
        "reference corpus": reference(count),
        "own corpus": own,
    }
    heading = (
        f"{'mean':>7} {'median':>7} {'p95':>7} {'requests':>8} {'longest':>8} {'CPU':>8}"
        f"  {'ratios: mean, median, p95, requests':36} {'known':>7} {'covered':>7} {'high/low':>8} {'width':>8}"
    )
    for name, jobs in corpora.items():
        if not jobs:
            print(f"{name}: not there\n")
            continue
        print(f"{name:28} {heading}")
        base = row(f"fixed {FIXED:g} s", Fixed, jobs)
        row("AdaptiveSchedule", AdaptiveSchedule, jobs, base)
        print()
    print(f"{'past against none':28} {heading}")
    for kind in [None, *MISLEADING]:
        chosen = [job for job in misled if kind in (None, job.kind)]
        base = measure(AdaptiveSchedule, [job._replace(past=()) for job in chosen])
        row(kind or "all that misleads", AdaptiveSchedule, chosen, base)
    print(f"\n{'time left':28} {'told before':>15} {'right':>7} {'told after':>15} {'right':>7}")
    told(corpora["kind known, no progress"], outlives, "kind known, outlives all")
    told(misled, outlives, "misleading past, outlives all")
    for kind in ("linear, whole per cent", "sticks at 99"):
        rng = random.Random(seed)  # noqa: S311 - a simulation
        told([make_job(rng, kind) for _ in range(count // 2)], sticks, f"{kind}, at 99 %")
    print(f"\n{'AdaptiveSchedule, own corpus':28} {heading}")
    for kind in CURVES:
        chosen = [job for job in own if job.kind == kind]
        if chosen:
            row(kind, AdaptiveSchedule, chosen, measure(Fixed, chosen))


if __name__ == "__main__":
    main()

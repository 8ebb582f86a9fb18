"""Jobs as the platform reports them: progress is the number of tasks done over that of all tasks.

Tasks in a row or by a few workers, one to ten of them, often two to five; their durations uneven by as much as an
exponential law's, the last one often the longest; about a fourth of the jobs report nothing. Seeded.
"""

from __future__ import annotations

import heapq
import math
import random
from typing import TYPE_CHECKING

from poll_corpus_own import SimulatedJob

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["duration", "queue_time", "task_jobs"]

SEED = 20270501

_NUMBERS = (1, 2, 3, 4, 5, 2, 3, 4, 5, 6, 7, 8, 9, 10)
_WORKERS = (1, 1, 1, 2, 3, 4)
_SILENT = 0.2


def duration(rng: random.Random) -> float:
    """Run time in seconds: log-normal, median 60 s, from 1 s to an hour."""
    return min(3600.0, max(1.0, rng.lognormvariate(math.log(60), 1.5)))


def queue_time(rng: random.Random) -> float:
    """Seconds of PENDING: none for half of the jobs, else some, seldom many."""
    return rng.choice((0.0, 0.0, rng.expovariate(1 / 5), rng.expovariate(1 / 20)))


def _task_law(rng: random.Random) -> Callable[[], float]:
    """How long one task takes, up to a factor."""
    family, spread = rng.randrange(3), rng.uniform(0.2, 0.9)
    if family == 0:
        return lambda: rng.lognormvariate(0, spread)
    if family == 1:
        return lambda: rng.gammavariate(1 / spread**2, spread**2)
    return lambda: 1 + spread * rng.uniform(-1, 1)


def _ends(tasks: list[float], workers: int) -> list[float]:
    """When tasks end that are taken up in order by so many workers."""
    free = [0.0] * workers
    ends = []
    for task in tasks:
        end = heapq.heappop(free) + task
        heapq.heappush(free, end)
        ends.append(end)
    return sorted(ends)


def _staircase(ends: list[float], digits: int | None) -> Callable[[float], float | None]:
    shares = [end / ends[-1] for end in ends]
    count = len(shares)

    def progress(x: float) -> float:
        value = 100 * sum(share <= x for share in shares[:-1]) / count
        return value if digits is None else round(value, digits)

    return progress


def make_task_job(rng: random.Random) -> SimulatedJob:
    """One job; its kind is the number of tasks, or "none" if it reports no progress."""
    runs, queued = duration(rng), queue_time(rng)
    count, workers, draw = rng.choice(_NUMBERS), rng.choice(_WORKERS), _task_law(rng)
    tasks = [draw() for _ in range(count)]
    if rng.random() < 0.4:  # noqa: PLR2004 - in two jobs of five the last task is the longest
        tasks.append(tasks.pop(tasks.index(max(tasks))) * rng.uniform(1, 2))
    progress: Callable[[float], float | None] = _staircase(_ends(tasks, workers), rng.choice((None, None, 0, 2)))
    kind = f"{count} tasks"
    if rng.random() < _SILENT:
        kind, progress = "none", rng.choice((lambda _: None, lambda _: 0.0))
    end = queued + runs
    return SimulatedJob(kind, end, ((queued, end),), progress, rng.choice((0.05, 0.05, 0.05, 0.2)))


def task_jobs(count: int, seed: int = SEED) -> list[SimulatedJob]:
    """A seeded number of jobs."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    return [make_task_job(rng) for _ in range(count)]

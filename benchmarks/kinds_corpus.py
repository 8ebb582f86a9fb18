"""Jobs without progress whose kind has run before: one to ten past runs, and corpora in which these mislead. Seeded."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from poll_corpus_own import SimulatedJob
from tasks_corpus import duration, queue_time

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MISLEADING", "known_kinds", "misleading", "unknown"]

SEED = 20270601

_SHORTEST, _LONGEST = 1.0, 3600.0


def _law(rng: random.Random, center: float) -> Callable[[], float]:
    """Durations of one kind: coefficient of variation 10 to 40 %, of three shapes."""
    spread, family = rng.uniform(0.1, 0.4), rng.randrange(3)
    if family == 0:
        sigma = math.sqrt(math.log(1 + spread**2))
        return lambda: center * rng.lognormvariate(0, sigma)
    if family == 1:
        return lambda: center * rng.gammavariate(1 / spread**2, spread**2)
    return lambda: center * max(0.1, rng.gauss(1, spread))


def _job(rng: random.Random, kind: str, runs: float, past: list[float]) -> SimulatedJob:
    runs, queued = min(_LONGEST, max(_SHORTEST, runs)), queue_time(rng)
    end = queued + runs
    progress = rng.choice((lambda _: None, lambda _: 0.0))
    trip = rng.choice((0.05, 0.05, 0.05, 0.2))
    return SimulatedJob(kind, end, ((queued, end),), progress, trip, tuple(max(_SHORTEST, one) for one in past))


def known_kinds(count: int, seed: int = SEED) -> list[SimulatedJob]:
    """Jobs that take about as long as those of their kind did; ``kind`` says how many of these there are."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    jobs = []
    for _ in range(count):
        draw, runs = _law(rng, duration(rng)), rng.randint(1, 10)
        jobs.append(_job(rng, f"{runs} past runs", draw(), [draw() for _ in range(runs)]))
    return jobs


def unknown(count: int, seed: int = SEED) -> list[SimulatedJob]:
    """Jobs of which nothing is known and that show nothing."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    return [_job(rng, "unknown", duration(rng), []) for _ in range(count)]


def _scaled(rng: random.Random) -> tuple[float, list[float]]:
    """The past is of another scale, up to five times either way."""
    draw, factor = _law(rng, duration(rng)), 5 ** rng.uniform(-1, 1)
    return draw(), [factor * draw() for _ in range(rng.randint(1, 10))]


def _bimodal(rng: random.Random) -> tuple[float, list[float]]:
    """The kind has two sorts of runs, one three to ten times as long."""
    center = duration(rng)
    short, long = _law(rng, center), _law(rng, center * rng.uniform(3, 10))
    share = rng.uniform(0.2, 0.8)
    draws = [(short if rng.random() < share else long)() for _ in range(rng.randint(2, 11))]
    return draws[-1], draws[:-1]


def _slower(rng: random.Random) -> tuple[float, list[float]]:
    """Each run takes up to a quarter longer than the one before."""
    draw, growth, runs = _law(rng, duration(rng)), rng.uniform(1.05, 1.25), rng.randint(2, 10)
    return growth**runs * draw(), [growth**index * draw() for index in range(runs)]


def _jumped(rng: random.Random) -> tuple[float, list[float]]:
    """The data doubled or more, or shrank, since the last run."""
    draw, factor = _law(rng, duration(rng)), rng.choice((0.33, 0.5, 2, 3, 4))
    return factor * draw(), [draw() for _ in range(rng.randint(1, 10))]


def _foreign(rng: random.Random) -> tuple[float, list[float]]:
    """The past has nothing to do with the job."""
    draw = _law(rng, duration(rng))
    return duration(rng), [draw() for _ in range(rng.randint(1, 10))]


MISLEADING: dict[str, Callable[[random.Random], tuple[float, list[float]]]] = {
    "another scale": _scaled,
    "two sorts of runs": _bimodal,
    "ever slower": _slower,
    "jumped": _jumped,
    "nothing to do with it": _foreign,
}
"""Ways in which past runs mislead: from a random number generator to a duration and the past ones."""


def misleading(count: int, seed: int = SEED) -> list[SimulatedJob]:
    """Jobs whose past misleads, in each of the ways alike."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    jobs = []
    for index in range(count):
        kind = list(MISLEADING)[index % len(MISLEADING)]
        jobs.append(_job(rng, kind, *MISLEADING[kind](rng)))
    return jobs

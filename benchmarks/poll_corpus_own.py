"""A corpus of simulated jobs on which to measure polling schedules, and the measuring in virtual time.

Five families of durations, a queue for half the jobs, twenty ways to report progress, round trips of 10 ms to 1 s,
a server that shows the state of a moment ago, and retries that start over. Seeded: every run is the same.

    python benchmarks/schedule.py
"""

from __future__ import annotations

import bisect
import math
import random
import statistics
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["CURVES", "Pacing", "Result", "SimulatedJob", "corpus", "make_job", "measure", "watch"]

STALLED = 0.3
"""Share of the legs in which a job that stalls does."""

SEED = 20270214
"""Other than the seed of any corpus that the schedule may be compared on."""


class Pacing(Protocol):
    """What a schedule offers."""

    def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
        """Seconds until the next look."""


class SimulatedJob(NamedTuple):
    """A job whose state is known at any time after its creation.

    Attributes:
        kind: The name of its curve.
        end: When the server first answers SUCCESS, in seconds after the watching began.
        attempts: Spans (from, to) in which it runs; between them it is to be retried.
        progress: Per cent as a function of the share of the attempt's span that is over.
        round_trip: Seconds that one request takes.
        past: How long jobs of its kind ran, in seconds, newest last; empty where nothing is known of the kind.
    """

    kind: str
    end: float
    attempts: tuple[tuple[float, float], ...]
    progress: Callable[[float], float | None]
    round_trip: float
    past: tuple[float, ...] = ()

    def look(self, now: float) -> tuple[str, float | None]:
        """Status and progress that the server would answer at ``now``."""
        if now >= self.end:
            return "SUCCESS", 100.0
        for begin, over in self.attempts:
            if now < begin:
                return ("PENDING" if begin == self.attempts[0][0] else "RETRY"), 0.0
            if now < over:
                return "STARTED", self.progress((now - begin) / (self.attempts[-1][1] - self.attempts[-1][0]))
        return "STARTED", self.progress(1.0)


def _sigmoid(rng: random.Random) -> Callable[[float], float | None]:
    steep, middle = rng.uniform(4, 10), rng.uniform(0.3, 0.7)

    def raw(x: float) -> float:
        return 1 / (1 + math.exp(-steep * (x - middle)))

    return lambda x: 100 * (raw(x) - raw(0)) / (raw(1) - raw(0))


def _polyline(rng: random.Random, legs: int, *, stalls: bool) -> Callable[[float], float]:
    xs = sorted(rng.random() for _ in range(legs - 1))
    widths = [b - a for a, b in zip([0.0, *xs], [*xs, 1.0], strict=True)]
    paces = [0.0 if stalls and rng.random() < STALLED else rng.lognormvariate(0, 0.6) for _ in widths]
    paces[rng.randrange(legs)] = 1.0
    climbed = [0.0]
    for width, pace in zip(widths, paces, strict=True):
        climbed.append(climbed[-1] + width * pace)
    knots = [0.0, *xs, 1.0]

    def value(x: float) -> float:
        leg = min(legs - 1, bisect.bisect_right(knots, x) - 1)
        return 100 * (climbed[leg] + (x - knots[leg]) * paces[leg]) / climbed[-1]

    return value


def _uneven_steps(rng: random.Random) -> Callable[[float], float | None]:
    count = rng.randint(2, 9)
    at = sorted(rng.random() for _ in range(count))
    levels = sorted(float(rng.randint(1, 99)) for _ in range(count))
    return lambda x: ([0.0, *levels])[bisect.bisect_right(at, x)]


def _sticks(rng: random.Random, level: float) -> Callable[[float], float | None]:
    reached = rng.uniform(0.5, 0.95)
    return lambda x: min(level, float(round(level * x / reached)))


def _power(power: float) -> Callable[[float], float | None]:
    return lambda x: 100 * x**power


def _slowing(power: float) -> Callable[[float], float | None]:
    # By rounding the share of time may be a little more than 1.
    return lambda x: 100 * (1 - max(0.0, 1 - x) ** power)


def _even_steps(rng: random.Random) -> Callable[[float], float | None]:
    steps = rng.choice((3, 5, 7, 8, 20))
    return lambda x: 100 * math.floor(x * steps) / steps


def _rounded(curve: Callable[[float], float | None], to: float) -> Callable[[float], float | None]:
    def value(x: float) -> float | None:
        plain = curve(x)
        return None if plain is None else to * round(plain / to)

    return value


def _late(rng: random.Random) -> Callable[[float], float | None]:
    known = rng.uniform(0.1, 0.5)
    return lambda x: None if x < known else 100 * x


def _with_gaps(rng: random.Random) -> Callable[[float], float | None]:
    salt = rng.random()
    return lambda x: None if math.sin(1e4 * (x + salt)) > 0.4 else 100 * x  # noqa: PLR2004 - a third of the looks


CURVES: dict[str, Callable[[random.Random], Callable[[float], float | None]]] = {
    "linear": lambda _: _power(1.0),
    "linear, whole per cent": lambda _: _rounded(_power(1.0), 1.0),
    "linear, floor of per cent": lambda _: lambda x: float(math.floor(100 * x)),
    "linear, tens": lambda _: _rounded(_power(1.0), 10.0),
    "linear, one decimal": lambda _: _rounded(_power(1.0), 0.1),
    "even steps": _even_steps,
    "uneven steps": _uneven_steps,
    "sigmoid": _sigmoid,
    "sigmoid, whole per cent": lambda rng: _rounded(_sigmoid(rng), 1.0),
    "slow, then fast": lambda rng: _power(rng.uniform(1.3, 3.0)),
    "fast, then slow": lambda rng: _slowing(rng.uniform(1.3, 3.0)),
    "fast, then slow, rounded": lambda rng: _rounded(_power(rng.uniform(0.4, 0.8)), 1.0),
    "changing pace": lambda rng: _polyline(rng, rng.randint(2, 20), stalls=False),
    "stalls": lambda rng: _polyline(rng, rng.randint(3, 8), stalls=True),
    "stalls, whole per cent": lambda rng: _rounded(_polyline(rng, rng.randint(3, 8), stalls=True), 1.0),
    "sticks at 99": lambda rng: _sticks(rng, 99.0),
    "sticks at 100": lambda rng: _sticks(rng, 100.0),
    "none": lambda _: lambda _x: None,
    "zero": lambda _: lambda _x: 0.0,
    "none, then linear": _late,
    "linear with gaps": _with_gaps,
}
"""How progress is reported: from a random number generator to a function of the share of time that is over."""


def _duration(rng: random.Random) -> float:
    family = rng.randrange(5)
    if family == 0:
        seconds = rng.weibullvariate(120, 0.6)
    elif family == 1:
        seconds = rng.lognormvariate(*((math.log(8), 0.4) if rng.random() < 0.5 else (math.log(400), 0.5)))  # noqa: PLR2004
    elif family == 2:  # noqa: PLR2004
        seconds = rng.uniform(5, 600)
    elif family == 3:  # noqa: PLR2004
        seconds = rng.expovariate(1 / 90)
    else:
        seconds = rng.lognormvariate(math.log(40), 1.2)
    return min(3600.0, max(1.0, seconds))


def make_job(rng: random.Random, kind: str | None = None) -> SimulatedJob:
    """One job.

    Args:
        rng: Where chance comes from.
        kind: The name of its curve; by chance if not given.
    """
    kind = rng.choice(list(CURVES)) if kind is None else kind
    duration = _duration(rng)
    begin = rng.choice((0.0, 0.0, rng.expovariate(1 / 5), rng.expovariate(1 / 40)))
    attempts = []
    if rng.random() < 0.1:  # noqa: PLR2004 - one job in ten starts over
        failed = begin + duration * rng.uniform(0.1, 0.9)
        attempts.append((begin, failed))
        begin = failed + rng.uniform(0.5, 10)
    attempts.append((begin, begin + duration))
    lag = rng.choice((0.0, 0.0, rng.uniform(0, 2)))
    shown = tuple((start + lag if start else 0.0, over + lag) for start, over in attempts)
    round_trip = math.exp(rng.uniform(math.log(0.01), 0))
    return SimulatedJob(kind, shown[-1][1], shown, CURVES[kind](rng), round_trip)


def corpus(count: int, seed: int = SEED) -> list[SimulatedJob]:
    """A seeded number of jobs."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    return [make_job(rng) for _ in range(count)]


class Result(NamedTuple):
    """What a schedule achieved on a corpus.

    Attributes:
        mean: Of the seconds from the end of a job until it is noticed.
        median: Of the same.
        p95: 95th percentile of the same.
        requests: A job, on average.
        longest: The longest pause, in seconds.
        known: Share of the looks at live jobs at which a time left was given; NaN without ``time_left``.
        covered: Share of those at which the truth lay in the range, each job with equal weight.
        ratio: Median of high / low, where low is at least 1 s.
        width: Median of (high - low) / truth.
    """

    mean: float
    median: float
    p95: float
    requests: float
    longest: float
    known: float
    covered: float
    ratio: float
    width: float


def watch(pacing: Pacing, job: SimulatedJob) -> Iterator[tuple[float, float | None]]:
    """Watch a job to its end: when each look was answered, and the pause chosen then; the last one has none."""
    now = 0.0
    while True:
        now += job.round_trip
        status, progress = job.look(now)
        if status == "SUCCESS":
            yield now, None
            return
        pause = pacing.next_pause(now, status, progress)
        yield now, pause
        now += pause


def measure(schedule: Callable[..., Pacing], jobs: Iterable[SimulatedJob]) -> Result:
    """Run a schedule over jobs, one instance a job, in virtual time.

    Args:
        schedule: Makes an instance, with ``past=`` for a job of a kind that has run before.
        jobs: The jobs.
    """
    delays: list[float] = []
    ranges: list[tuple[float, float, float]] = []
    shares: list[float] = []
    requests, longest, looks = 0, 0.0, 0
    for job in jobs:
        pacing = schedule(past=job.past) if job.past else schedule()
        time_left = getattr(pacing, "time_left", None)
        hits: list[bool] = []
        for now, pause in watch(pacing, job):
            requests += 1
            if pause is None:
                break
            span = time_left(now) if time_left else None
            looks += 1
            if span is not None:
                truth = job.end - now
                hits.append(span[0] <= truth <= span[1])
                ranges.append((*span, truth))
            longest = max(longest, pause)
        delays.append(now - job.end)
        if hits:
            shares.append(sum(hits) / len(hits))
    delays.sort()
    nan = math.nan
    return Result(
        statistics.mean(delays),
        statistics.median(delays),
        delays[int(0.95 * len(delays))],
        requests / len(delays),
        longest,
        len(ranges) / looks if ranges else nan,
        statistics.mean(shares) if shares else nan,
        statistics.median([high / max(1.0, low) for low, high, _ in ranges]) if ranges else nan,
        statistics.median([(high - low) / truth for low, high, truth in ranges]) if ranges else nan,
    )

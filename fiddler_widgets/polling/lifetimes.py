"""Probability laws for when a job will end, and mixtures of them: pure arithmetic, in seconds.

A law answers one question: how probable it is that a job which still runs at one time runs at a later one, too. From
this follow hazards, quantiles, and by Bayes' rule how much a law is to be trusted when the job goes on running.

- `LogLogistic`: the logarithm of the duration is logistic, ``S(t) = 1 / (1 + (t / median)^shape)``. Its hazard rises,
  then falls as ``shape / t``: the longer a job is overdue, the less its end is expected soon (Bennett, "Log-logistic
  regression models for survival data", 1983). Past runs and uneven tasks both follow it well.
- `Logistic`: an end that a line or a curve predicts, with the same uncertainty before and after it.
- `Unknown`: nothing is known. Durations spread over decades, hence Lomax' law, hazard ``1 / (age + young)``, while
  the job is young. With this law alone the pauses would grow for ever; but without knowledge of the durations, only
  equal pauses are never later than a fixed pause. So the hazard falls no further than ``1 / old``: from there on the
  law is memoryless, for which equal pauses are best.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

__all__ = ["DEVIATION", "Law", "LogLogistic", "Logistic", "Mixture", "Unknown"]

DEVIATION = math.pi / math.sqrt(3)
"""The standard deviation of a logistic law with scale 1."""

_CERTAIN = 30.0


class Law(Protocol):
    """A probability law for when a job ends."""

    def lasts(self, since: float, until: float) -> float:
        """The probability that a job which runs at ``since`` still runs at ``until``, a later time."""
        ...


class LogLogistic(NamedTuple):
    """A duration whose logarithm is logistic.

    Attributes:
        origin: When the duration began.
        median: Its median, in seconds.
        shape: How narrow the law is: `DEVIATION` divided by the standard deviation of the logarithm.
    """

    origin: float
    median: float
    shape: float

    def lasts(self, since: float, until: float) -> float:
        """See `Law`."""
        origin, median, shape = self
        return (1 + _power((since - origin) / median, shape)) / (1 + _power((until - origin) / median, shape))


class Logistic(NamedTuple):
    """An end that is predicted directly.

    Attributes:
        end: Its median.
        scale: Its standard deviation divided by `DEVIATION`, in seconds.
    """

    end: float
    scale: float

    def lasts(self, since: float, until: float) -> float:
        """See `Law`."""
        past = (until - self.end) / self.scale
        if past > _CERTAIN:
            return 0.0
        return (1 + math.exp((since - self.end) / self.scale)) / (1 + math.exp(past))


class Unknown(NamedTuple):
    """A duration of which nothing is known: Lomax' law for young jobs, a memoryless law for old ones.

    Attributes:
        origin: When the duration began.
        young: Seconds that are added to the age, so that the hazard of a new job is finite.
        old: The inverse of the hazard of old jobs, in seconds; it holds once age and ``young`` add up to it.
    """

    origin: float
    young: float
    old: float

    def lasts(self, since: float, until: float) -> float:
        """See `Law`."""
        a, b = max(0.0, since - self.origin) + self.young, max(0.0, until - self.origin) + self.young
        if a >= self.old:
            return math.exp((a - b) / self.old)
        return a / b if b < self.old else a / self.old * math.exp(1 - b / self.old)


class Mixture:
    """Several laws, each with the probability that it is the right one.

    Args:
        now: The time at which the probabilities hold.
        parts: Weights, which need not add up to 1, and laws. If all weights are 0, the last law gets all of it.
    """

    __slots__ = ("now", "parts")

    def __init__(self, now: float, parts: list[tuple[float, Law]]) -> None:
        total = sum([weight for weight, _ in parts])
        self.now = now
        self.parts = [(weight / total, law) for weight, law in parts if weight > _LEAST * total]
        if not self.parts:
            self.parts = [(1.0, parts[-1][1])]

    def lasts(self, until: float) -> float:
        """The probability that the job, which runs now, still runs at a later time."""
        now = self.now
        return sum([weight * law.lasts(now, until) for weight, law in self.parts])

    def weight(self, law: Law) -> float:
        """The probability that this law is the right one."""
        return sum([weight for weight, candidate in self.parts if candidate is law])

    def quantile(self, share: float, furthest: float) -> float:
        """The seconds within which that share of such jobs will be over, at most ``furthest``."""
        low, high = 0.0, 1.0
        while high < furthest and self.lasts(self.now + high) > 1 - share:
            low, high = high, 2 * high
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.lasts(self.now + middle) > 1 - share else (low, middle)
        return min(furthest, (low + high) / 2)


_LEAST = 1e-3
_HALVINGS = 10


def _power(base: float, exponent: float) -> float:
    if base <= 0:
        return 0.0
    return math.exp(min(_LARGEST_EXPONENT, exponent * math.log(base)))


_LARGEST_EXPONENT = 300.0

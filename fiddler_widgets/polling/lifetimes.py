"""Laws for when a job will end, and mixtures of them: pure arithmetic, in seconds.

A law is asked one thing: how probable it is that a job which lives at one time still lives at a later one. From that
follow hazards, quantiles, and by Bayes' rule how far a law is to be believed after it has been quiet for so long.

- `LogLogistic`: the logarithm of the duration is logistic, ``S(t) = 1 / (1 + (t / median)^shape)``; its hazard rises,
  then falls as ``shape / t``, so that who is overdue is expected ever less (Bennett, "Log-logistic regression models
  for survival data", 1983). Past runs and uneven tasks both follow it well.
- `Logistic`: an end that is told by a line or a curve, the same on either side.
- `Unknown`: nothing is known. Durations spread over decades, hence Lomax' law, hazard ``1 / (age + young)``, while
  the job is young. That would have the pauses grow for ever; but who knows nothing of the durations is never later
  than a fixed pause only with equal pauses. So the hazard falls no further than ``1 / old``: from there on the law
  is memoryless, for which equal pauses are best.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

__all__ = ["DEVIATION", "Law", "LogLogistic", "Logistic", "Mixture", "Unknown"]

DEVIATION = math.pi / math.sqrt(3)
"""The standard deviation of a logistic law with scale 1."""

_CERTAIN = 30.0


class Law(Protocol):
    """When a job ends, as a probability."""

    def lasts(self, since: float, until: float) -> float:
        """How probable it is that a job lives at ``until`` which lives at ``since``, an earlier time."""
        ...


class LogLogistic(NamedTuple):
    """A duration whose logarithm is logistic.

    Attributes:
        origin: When the duration began.
        median: Its median, in seconds.
        shape: How narrow the law is: pi over the square root of 3, by the standard deviation of the logarithm.
    """

    origin: float
    median: float
    shape: float

    def lasts(self, since: float, until: float) -> float:
        """See `Law`."""
        origin, median, shape = self
        return (1 + _power((since - origin) / median, shape)) / (1 + _power((until - origin) / median, shape))


class Logistic(NamedTuple):
    """An end that is told directly.

    Attributes:
        end: Its median.
        scale: The standard deviation by `DEVIATION`.
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
    """A duration of which nothing is known: Lomax' law, then no memory.

    Attributes:
        origin: When it began.
        young: The age in seconds from which jobs begin to look alike.
        old: One by the hazard, once age and ``young`` together have reached it.
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
        parts: Weights, which need not add up to 1, and laws; the last one stands where all weights are nothing.
    """

    __slots__ = ("now", "parts")

    def __init__(self, now: float, parts: list[tuple[float, Law]]) -> None:
        total = sum([weight for weight, _ in parts])
        self.now = now
        self.parts = [(weight / total, law) for weight, law in parts if weight > _LEAST * total]
        if not self.parts:
            self.parts = [(1.0, parts[-1][1])]

    def lasts(self, until: float) -> float:
        """How probable it is that the job lives at a later time, since it lives now."""
        now = self.now
        return sum([weight * law.lasts(now, until) for weight, law in self.parts])

    def weight(self, law: Law) -> float:
        """How probable it is that this law is the right one."""
        return sum([weight for weight, one in self.parts if one is law])

    def quantile(self, share: float, furthest: float) -> float:
        """In how many seconds a share of such jobs will be over, at most ``furthest``."""
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

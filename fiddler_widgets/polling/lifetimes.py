"""Probability laws for when a job will end, and mixtures of them: pure arithmetic, in seconds.

A law answers one question: how probable it is that a job which still runs at one time runs at a later one, too. From
this follow hazards, quantiles, and by Bayes' rule how much a law is to be trusted when the job goes on running. The
question is asked some fifty times at each look, for one time and many later ones; so a law answers with a function of
the later time, in which all that depends on the first is computed already.

- `LogLogistic`: the logarithm of the duration is logistic, ``S(t) = 1 / (1 + (t / median)^shape)``. Its hazard rises,
  then falls as ``shape / t``: the longer a job is overdue, the less its end is expected soon (Bennett, "Log-logistic
  regression models for survival data", 1983). Past runs follow it well, and so do several uneven tasks to come.
- `Logistic`: an end that a line or a curve predicts, with the same uncertainty before and after it.
- `Memoryless`: the exponential law, ``S(t) = exp(-t / mean)``. What has passed says nothing about what is to come.
- `Unknown`: nothing is known. Durations spread over decades, hence Lomax' law, hazard ``1 / (age + young)``, while
  the job is young. With this law alone the pauses would grow for ever; but without knowledge of the durations, only
  equal pauses are never later than a fixed pause. So the hazard falls no further than ``1 / old``: from there on the
  law is memoryless, for which equal pauses are best.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DEVIATION", "Law", "LogLogistic", "Logistic", "Memoryless", "Mixture", "Unknown"]

DEVIATION = math.pi / math.sqrt(3)
"""The standard deviation of a logistic law with scale 1."""

_CERTAIN = 30.0


class Law(Protocol):
    """A probability law for when a job ends."""

    def survival(self, since: float) -> Callable[[float], float]:
        """The probability that a job which runs at ``since`` still runs at a later time, as a function of that time."""
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

    def survival(self, since: float) -> Callable[[float], float]:
        """See `Law`."""
        origin, median, shape = self
        alive = 1 + _power((since - origin) / median, shape)
        return lambda until: alive / (1 + _power((until - origin) / median, shape))


class Logistic(NamedTuple):
    """An end that is predicted directly.

    Attributes:
        end: Its median.
        scale: Its standard deviation divided by `DEVIATION`, in seconds.
    """

    end: float
    scale: float

    def survival(self, since: float) -> Callable[[float], float]:
        """See `Law`."""
        end, scale = self
        # Only for times that are no earlier: after the end by far, both probabilities are too small to be divided.
        alive = 1 + math.exp(min(_CERTAIN, (since - end) / scale))

        def lasts(until: float) -> float:
            past = (until - end) / scale
            return 0.0 if past > _CERTAIN else alive / (1 + math.exp(past))

        return lasts


class Memoryless(NamedTuple):
    """A time to come that is exponential, from a time on; before that time the job is sure to run.

    Attributes:
        origin: From when on this holds.
        mean: The mean of what is to come from there on, in seconds.
    """

    origin: float
    mean: float

    def survival(self, since: float) -> Callable[[float], float]:
        """See `Law`."""
        origin, mean = self
        since = max(origin, since)
        return lambda until: math.exp(min(0.0, (since - until) / mean))


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

    def survival(self, since: float) -> Callable[[float], float]:
        """See `Law`."""
        origin, young, old = self
        a = max(0.0, since - origin) + young

        def lasts(until: float) -> float:
            b = max(0.0, until - origin) + young
            if a >= old:
                return math.exp((a - b) / old)
            return a / b if b < old else a / old * math.exp(1 - b / old)

        return lasts


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

    def survival(self) -> Callable[[float], float]:
        """The probability that the job, which runs now, still runs at a later time, as a function of that time."""
        parts = [(weight, law.survival(self.now)) for weight, law in self.parts]
        if len(parts) == 1:
            return parts[0][1]
        if len(parts) == 2:  # noqa: PLR2004 (by far the most frequent number, and twice as fast like this)
            (first_weight, first), (second_weight, second) = parts
            return lambda until: first_weight * first(until) + second_weight * second(until)
        return lambda until: sum([weight * lasts(until) for weight, lasts in parts])

    def weight(self, law: Law) -> float:
        """The probability that this law is the right one."""
        return sum([weight for weight, candidate in self.parts if candidate is law])

    def quantiles(self, shares: Sequence[float], furthest: float) -> list[float]:
        """The seconds, at most ``furthest``, within which those shares, in rising order, of such jobs are over."""
        survival, now, found = self.survival(), self.now, 0.0
        seconds = []
        for share in shares:
            found = _seconds_until(lambda after: survival(now + after), 1 - share, found, furthest)
            seconds.append(found)
        return seconds


_LEAST = 1e-3
_STEPS = 14
_NEAR, _NARROW = 1e-3, 1e-3


def _seconds_until(survival: Callable[[float], float], target: float, low: float, furthest: float) -> float:
    """Where a falling function of seconds comes down to a target, from ``low`` on; at most ``furthest``.

    By false position as Illinois has it (Dowell and Jarratt, 1971), and from the fourth step on by turns with halving,
    since a predicted end makes the function a step. It ends within 0.001 of the target, or of the seconds.
    """
    high = max(1.0, 2 * low)
    above, below = survival(low) - target, survival(high) - target
    while below > 0 and high < furthest:
        low, above = high, below
        high *= 2
        below = survival(high) - target
    if above <= 0 or below > 0:
        return min(furthest, low if above <= 0 else high)
    kept = 0
    for step in range(_STEPS):
        halve = step > 2 and step % 2  # noqa: PLR2004
        middle = (low + high) / 2 if halve else low + (high - low) * above / (above - below)
        gap = survival(middle) - target
        if abs(gap) <= _NEAR or high - low <= _NARROW * high:
            return min(furthest, middle)
        if gap > 0:
            low, above = middle, gap
            below = below / 2 if kept > 0 else below
            kept = 1
        else:
            high, below = middle, gap
            above = above / 2 if kept < 0 else above
            kept = -1
    return min(furthest, (low + high) / 2)


def _power(base: float, exponent: float) -> float:
    if base <= 0:
        return 0.0
    return math.exp(min(_LARGEST_EXPONENT, exponent * math.log(base)))


_LARGEST_EXPONENT = 300.0

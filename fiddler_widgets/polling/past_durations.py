"""What the past runs of jobs of the same kind say about a job's duration: pure arithmetic, in seconds.

The logarithms of the durations get a mean and a variance, of which `polling.lifetimes.LogLogistic` makes a law that can
be conditioned on the age (Nissimov and Feitelson, "Probabilistic backfilling", 2007). Recent runs count more, each by
0.85 less than the one after it: for two runs that is nearly the mean of the last two, which predicts better than any
longer history (Tsafrir, Etsion and Feitelson, "Backfilling using system-generated predictions", 2007). A few runs show
no spread, so the variance is pooled with that of two runs of a kind as kinds are, 25 %; and the mean of a few runs is
uncertain itself, which widens the law by ``1 + 1 / runs``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MOST", "PastDurations", "learn"]

MOST = 20
"""How many runs count at most, the newest."""

_FORGETTING = 0.85
_PLAIN_RUNS = 2.0
_PLAIN_SPREAD = 0.25
_SHORTEST = 0.1


class PastDurations(NamedTuple):
    """The expected duration of the next job of a kind.

    Attributes:
        median: Its median, in seconds.
        spread: The standard deviation of its natural logarithm.
        runs: How many past runs it is estimated from.
    """

    median: float
    spread: float
    runs: int


def learn(past: Iterable[float]) -> PastDurations | None:
    """Estimate how long the next job of a kind will take.

    Args:
        past: How long earlier runs took, in seconds, newest last; what is no positive finite number is ignored.

    Returns:
        ``None`` if there is no usable run.
    """
    logs = [math.log(max(_SHORTEST, duration)) for duration in past if 0 < duration < math.inf][-MOST:]
    if not logs:
        return None
    weights = [_FORGETTING**rank for rank in reversed(range(len(logs)))]
    total = sum(weights)
    mean = sum([weight * log for weight, log in zip(weights, logs, strict=True)]) / total
    runs = total * total / sum([weight * weight for weight in weights])
    squares = sum([weight * (log - mean) ** 2 for weight, log in zip(weights, logs, strict=True)]) * runs / total
    variance = (_PLAIN_RUNS * _PLAIN_SPREAD**2 + squares) / (_PLAIN_RUNS + runs - 1)
    return PastDurations(math.exp(mean), math.sqrt(variance * (1 + 1 / runs)), len(logs))

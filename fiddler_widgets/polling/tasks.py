"""When a job of a few uneven tasks will end, predicted from the tasks that are done: pure arithmetic, in seconds.

The platform's progress is the number of tasks done divided by the number of all tasks: a staircase. The number of tasks
is the smallest one of which all values seen are shares, as they are rounded (33 may be a third, 33.4 may not). If the
values are shares of no such number, it is taken from the average step.

If tasks were gamma-distributed and done one by one, the share of the time that ``k`` of ``N`` take would follow a beta
law whatever their scale, and so the time remaining over the time so far a beta prime law. A log-logistic law is nearly
the same; it also fits simulations of log-normal, gamma and uniform tasks, with one to four workers and a last task that
is often the longest. With ``v`` the coefficient of variation of the tasks' durations, and ``l = N - k`` tasks to come,

- the median of the time from the last task done to the end is ``(l + 0.4 + 1.1 v) / (k + 0.15)`` of the time so far,
  which is more than in proportion: workers are idle at the end, and the last task is longer than average;
- the variance of its logarithm is ``min(2, 4.5 v^2) / l^1.25 + 1.3 v^2 / k``: how much the remaining tasks vary, and
  how uncertain the scale is that the tasks done show.

``v`` is estimated from the gaps between the tasks done, pooled with 0.45 as if two gaps had shown it. That all steps
are even is a hypothesis of its own, for which `polling.forecast` draws its line: by Bayes' rule it gains with each step
that falls on the line, and it is given up where no line fits.
"""

from __future__ import annotations

import itertools
import math

from fiddler_widgets.polling.lifetimes import DEVIATION, LogLogistic

__all__ = ["Tasks"]

_MOST = 12
_FULL = 100.0
_COARSE = 6.0
_LEAST_MOVE = 1e-6

_PLAIN_GAPS = 2.0
_PLAIN_SPREAD = 0.45
_SHORTEST = 0.1

_EVEN = 0.35
_MOST_EVEN, _LEAST_EVEN = 0.9, 0.03
_ON_LINE = (1.0, 6.0)


class Tasks:
    """The tasks of one attempt of a job.

    Attributes:
        number: How many there are; ``None`` while unknown, or if progress is no share of a few tasks.
        law: When the job ends; ``None`` until the first task was seen to end.
        even: The probability that all tasks take equally long.
        last_done_at: When the last task was seen to be done.
    """

    __slots__ = ("_began", "_smooth", "_steps", "_still", "even", "last_done_at", "law", "number")

    def __init__(self) -> None:
        self.restart(0.0, 0.0)

    def restart(self, early: float, late: float) -> None:
        """Forget all, as a new attempt begins between the two times."""
        self._began = (early + late) / 2
        # Each value of progress and the time at which it was reached; the first one is the first that was seen.
        self._steps: list[tuple[float, float]] = []
        self.number: int | None = None
        self.law: LogLogistic | None = None
        self.even = _EVEN
        self.last_done_at = late
        self._smooth = False
        self._still = 0

    def see(self, before: float, now: float, progress: float, *, straight: bool) -> None:
        """Learn from a look.

        Args:
            before: When progress was seen last.
            now: When the look was.
            progress: What it showed, in per cent.
            straight: Whether all that was seen lies on a line.
        """
        steps = self._steps
        if not steps:
            self._began = now if progress > 0 else self._began
            steps.append((self._began, progress))
        elif self._smooth:
            return
        elif progress > steps[-1][1] + _LEAST_MOVE:
            steps.append((max(steps[-1][0], (before + now) / 2), progress))
            self._settle(now, now - before, straight=straight)
        else:
            self._still += 1

    def _settle(self, now: float, window: float, *, straight: bool) -> None:
        known, self.last_done_at = self.law is not None, now
        self.number = _number([value for _, value in self._steps if value > 0])
        (began, first), (at, last) = self._steps[0], self._steps[-1]
        moves = len(self._steps) - 1
        if self.number is not None:
            number: float = self.number
        elif self._still > moves and (last - first) / moves > _COARSE:
            number = _FULL * moves / (last - first)
        else:
            self.law, self._smooth = None, True
            del self._steps[1:]
            return
        gaps = [
            (time - at_first, (value - before) * number / _FULL)
            for (at_first, before), (time, value) in itertools.pairwise(self._steps)
        ]
        done = number * (last - first) / _FULL
        task_duration = max(_SHORTEST, at - began) / done
        squares = sum([(gap - count * task_duration) ** 2 / count for gap, count in gaps]) / (
            task_duration * task_duration
        )
        variance = (_PLAIN_GAPS * _PLAIN_SPREAD**2 + squares) / (_PLAIN_GAPS + len(gaps) - 1)
        spread = math.sqrt(variance)
        remaining = max(0.3, number * (1 - last / _FULL))
        median = task_duration * done / (done + 0.15) * (remaining + 0.4 + 1.1 * spread)
        blurred = min(2.0, 4.5 * variance) / remaining**1.25 + 1.3 * variance / done + (window / 4 / median) ** 2
        self.law = LogLogistic(at, median, DEVIATION / math.sqrt(blurred))
        if known and straight:
            # The step came within the window in which the line expects it; an uneven step could have come at any time.
            low, high = _ON_LINE
            odds = (
                self.even / (1 - self.even) * min(high, max(low, 2.5 * spread * task_duration / max(_SHORTEST, window)))
            )
            self.even = min(_MOST_EVEN, odds / (1 + odds))
        elif known:
            self.even = _LEAST_EVEN


def _number(values: list[float]) -> int | None:
    """The smallest number of tasks of which all values are shares; ``None`` if there is none up to `_MOST`."""
    for number in range(2, _MOST + 1):
        if all(_is_share(value, number) for value in values):
            return number
    return None


def _is_share(value: float, number: int) -> bool:
    done = round(value * number / _FULL)
    digits = next((digits for digits in (0, 1) if abs(value - round(value, digits)) < _LEAST_MOVE), 2)
    return done > 0 and abs(value - _FULL * done / number) <= 0.501 / 10**digits

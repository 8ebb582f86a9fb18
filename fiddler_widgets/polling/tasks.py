"""When a job of a few uneven tasks will end, predicted from the tasks that are done: pure arithmetic, in seconds.

The platform's progress is the number of tasks done divided by the number of all tasks: a staircase. The number of tasks
is the smallest one of which all values seen are shares, as they are rounded (33 may be a third, 33.4 may not). If the
values are shares of no such number, it is taken from the average step.

The law of the end is one of the time left at a look, and it is renewed at each look: a second without a step tells
that the end is still a task, and all those after it, away. With the mean task so far as the unit, ``v`` the coefficient
of variation of the tasks' durations, ``k`` tasks done, ``l`` tasks to come, ``e`` the time since the last step, and
``o = max(0, e - 1)``,

- if one task is to come, the time left is exponential with mean ``(0.85 + 1.7 v) (1 + 0.2 o)``. In simulations of
  log-normal, gamma and uniform tasks with one to four workers, and a last task that is often the longest, its quantiles
  are those of an exponential law and do not depend on ``e`` up to ``e = 2``. The last task of a single worker is due
  the sooner the longer it has run; but which task is the last, and when it began, is not known.
- If more are to come, it is log-logistic with median ``(l + 0.1 + 0.5 v) (1 + 1.5 o / (k + 1))`` and variance ``1.2 /
  l`` of its logarithm. A task that is overdue shows that tasks take longer than it seemed, more so if few were seen.
- If the number of tasks is unknown, any step may be the last: exponential, with mean longer by ``0.6 (l - 1)``.

The forms are those of greatest likelihood among some ten, with the ends within the next 20 s in mind, and the constants
were then moved a little to where the sum of delay and requests is least; that sum is flat around them. Trust in the
law fades as ``1 / (1 + (o / 5)^2)``: a job that hangs fits no law.

``v`` is estimated from the gaps between the tasks done, pooled with 0.45 as if two gaps had shown it. That all steps
are even is a hypothesis of its own, for which `polling.forecast` draws its line: by Bayes' rule it gains with each step
that falls on the line, and it is given up where no line fits.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from fiddler_widgets.polling.lifetimes import DEVIATION, LogLogistic, Memoryless

if TYPE_CHECKING:
    from fiddler_widgets.polling.lifetimes import Law

__all__ = ["Tasks"]

_MOST = 12
_FULL = 100.0
_COARSE = 6.0
_LEAST_MOVE = 1e-6

_PLAIN_GAPS = 2.0
_PLAIN_SPREAD = 0.45
_SHORTEST = 0.1

# Of the time left, in mean tasks: for the last task, and for more; see above.
_LAST, _LAST_BY_SPREAD, _LAST_OVERDUE = 0.85, 1.7, 0.2
_MORE, _MORE_BY_SPREAD, _MORE_OVERDUE = 0.1, 0.5, 1.5
_UNCOUNTED = 0.6
_VARIANCE = 1.2
_LEAST_LEFT = 0.3
_DOUBTFUL = 5.0

_EVEN = 0.35
_MOST_EVEN, _LEAST_EVEN = 0.9, 0.03
_ON_LINE = (1.0, 6.0)


class Tasks:
    """The tasks of one attempt of a job.

    Attributes:
        even: The probability that all tasks take equally long, as of the last step.
        last_done_at: When the last task was seen to be done.
        law: When the job ends, as of the last look; ``None`` until the first task was seen to end.
        left: How many tasks are to come, at least 0.3.
        median: The median of the time left, in seconds, as of the last look.
        number: How many there are; ``None`` while unknown, or if progress is no share of a few tasks.
        trust: What is left of the trust in the law, from 1 down to 0, as no task ends for many times its duration.
    """

    __slots__ = (
        "_began",
        "_done",
        "_smooth",
        "_spread",
        "_steps",
        "_still",
        "_task",
        "even",
        "last_done_at",
        "law",
        "left",
        "median",
        "number",
        "trust",
    )

    def __init__(self) -> None:
        self.restart(0.0, 0.0)

    def restart(self, early: float, late: float) -> None:
        """Forget all, as a new attempt begins between the two times."""
        self._began = (early + late) / 2
        # Each value of progress and the time at which it was reached; the first one is the first that was seen.
        self._steps: list[tuple[float, float]] = []
        self.number: int | None = None
        self.law: Law | None = None
        self.left = self.median = 0.0
        self.trust = 1.0
        self.even = _EVEN
        self.last_done_at = late
        self._smooth = False
        self._still = 0
        # How many tasks were seen to be done, how long they took on average, and with which coefficient of variation.
        self._done = self._task = self._spread = 0.0

    @property
    def deviation(self) -> float:
        """About the standard deviation of the time left, in seconds, as of the last look."""
        return self.median / math.log(2) if self._memoryless() else self.median * math.sqrt(_VARIANCE / self.left)

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
            if self.law is not None:
                self._foresee(now)

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
        left = number * (1 - last / _FULL)
        self.left = max(_LEAST_LEFT, left if self.number is None else float(round(left)))
        self._done, self._task, self._spread = done, task_duration, spread
        self._foresee(now)
        if known and straight:
            # The step came within the window in which the line expects it; an uneven step could have come at any time.
            low, high = _ON_LINE
            odds = (
                self.even / (1 - self.even) * min(high, max(low, 2.5 * spread * task_duration / max(_SHORTEST, window)))
            )
            self.even = min(_MOST_EVEN, odds / (1 + odds))
        elif known:
            self.even = _LEAST_EVEN

    def _foresee(self, now: float) -> None:
        left, task, spread = self.left, self._task, self._spread
        overdue = max(0.0, (now - self._steps[-1][0]) / task - 1)
        self.trust = 1 / (1 + (overdue / _DOUBTFUL) ** 2)
        if self._memoryless():
            mean = task * (_LAST + _LAST_BY_SPREAD * spread + _UNCOUNTED * (left - 1)) * (1 + _LAST_OVERDUE * overdue)
            self.law, self.median = Memoryless(now, mean), math.log(2) * mean
        else:
            median = task * (left + _MORE + _MORE_BY_SPREAD * spread) * (1 + _MORE_OVERDUE * overdue / (self._done + 1))
            self.law, self.median = LogLogistic(now, median, DEVIATION / math.sqrt(_VARIANCE / left)), median

    def _memoryless(self) -> bool:
        """Whether the next step may be the last."""
        return self.number is None or self.left <= 1


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

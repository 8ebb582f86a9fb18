"""How long to pause between two looks at a job: pure arithmetic, in seconds.

Each look costs a request, and each pause delays the news that the job is over. Let one request be worth ``c`` seconds
of delay, and let the end of a job be random with distribution ``F``, density ``f`` and hazard ``h = f / (1 - F)``.
`AdaptiveSchedule` minimises ``E[delay] + c E[requests]``. ``I`` is ``configs.JOB_POLL_INTERVAL``, and the price is
``c = I^2 / (2 S)``, so that the pause is ``I`` when ``1 / h = S``, for every ``I``: ``S`` alone trades delay against
requests.

- **The next look** at ``x`` after one at ``t`` is best where ``(F(x) - F(t)) / f(x)`` is the pause after ``x`` plus
  ``c`` (Barlow, Hunter and Proschan, "Optimum checking procedures", 1963); that pause is taken from Keller ("Optimum
  checking schedules for systems subject to random failure", 1974), ``sqrt(2 c / h(x))``. The first such ``x`` is looked
  for on a grid, which is finer around a predicted end. Dynamic programming over ten log-logistic laws, and mixtures of
  two, does better by less than 1 % of the sum that is minimised. So a sure forecast gets one look right after the
  predicted end, a vague one gets several around it, and hardly any request is made well before it.
- **The law of the end** is a mixture (`polling.lifetimes`) of up to four sources: the line or curve through smooth
  progress (`polling.forecast`), the tasks done so far if progress is a staircase of a few (`polling.tasks`), the past
  runs of the job's kind (`polling.past_durations`), and complete ignorance. By Bayes' rule a source loses trust with
  the time that passes without the end it predicted, or with progress that contradicts it; the line also with the time
  that passes without the step that even tasks would have made. As trust fades, the pauses return to those without
  knowledge.
- **Without knowledge** all pauses are nearly equal: from ``0.8 I``, since the durations of jobs spread over decades
  and young jobs end sooner, to ``1.12 I``. The first pauses are at most ``0.3 I + age``: they double, as in unbounded
  search (Bentley and Yao, 1976), so that the end of a job of one second is not noticed late. Pauses that grow for ever
  would be cheaper on average, but longer than a fixed ``I`` for all older jobs.
- **Past runs may mislead**: they get at most 0.5 of the weight after one run and 0.55 after more, and they alone never
  make a pause longer than ``1.3 I``. So whatever they say, from the fifteenth second on an unexpected end is noticed at
  most 1.2 times as late as without them. If there is progress too, the weights depend on how well the two agree and on
  which of them is more precise.

The pause is reduced by the round trip, for which the least of the recent ones is taken. Only progress that is far from
its end makes the pause as long as ``3 I``. On uneven tasks ``2 I`` would cost 4 % more requests for ends that are
noticed 1 or 2 % sooner; ``5 I`` would save 3 % of them for as much, but show each step later. What this saves in the
middle of jobs is spent at their ends. After RETRY, or progress that starts over, the job counts as young again; the
price stays the same.

The limits of this: if durations without progress are memoryless, no schedule does better than equal pauses, which give
a mean delay of ``duration / (2 requests)``; for the log-normal durations of the benchmarks the best law known
beforehand would give 0.95 of it. And nothing can foresee that progress will stay at 99 %.

The time left is the range from the tenth to the ninetieth percentile of such a mixture, in which past runs get up to
0.75 of the weight, since a wrong range costs no requests. There is a range only if ignorance has less than 0.6 of the
weight. Smooth progress may still stall, so the range then reaches beyond the predicted end by at least 0.45 of the
job's age; close to the end that may be too wide to be useful, and there is no range.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fiddler_widgets import configs
from fiddler_widgets.polling import past_durations
from fiddler_widgets.polling.forecast import Forecast
from fiddler_widgets.polling.lifetimes import DEVIATION, Law, Logistic, LogLogistic, Mixture, Unknown
from fiddler_widgets.polling.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AdaptiveSchedule"]

# Prior knowledge about jobs: `_SAME` is S above, `_YOUNG` and `_OLD` are the ages of `lifetimes.Unknown`, in seconds.
# The others are multiples of I: the longest pause without knowledge, the first one, those in the queue, the longest.
_SAME = 235.0
_PLAIN = 1.12
_YOUNG = 152.0
_OLD = _SAME * _PLAIN * _PLAIN
_FIRST, _QUEUED, _QUEUE_GROWTH = 0.3, 0.75, 0.5
_LONGEST, _LONGEST_BY_MEMORY = 3.0, 1.3

_PRIOR = 0.96
_TRUST_IN_PAST, _TRUST_IN_PAST_FOR_RANGE = 0.55, 0.75
# No predicted end is more precise than clocks and networks allow, in seconds.
_BLUR = 0.03
_POINTS = 20
_NEGLIGIBLE = 1e-9
_AROUND_END = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.5, 6.0)
_LARGEST = 1e6
_SHORTEST_RUN, _LEAST_SPREAD = 0.1, 1e-3

# These belong to the range of the time left.
_SOON, _LATE = 0.1, 0.9
_STALL = 0.45
_LEAST_KNOWLEDGE = 0.4
_WIDEST = 10.0
_FURTHEST = 1e7
_CARE = (0.5, 8.0)
_MORE_CARE, _LESS_CARE = 1.3, 0.95


class AdaptiveSchedule:
    """Pauses that follow from how likely a job is to end soon. One instance per watched job.

    Args:
        past: How long earlier jobs of its kind ran, in seconds without their time in the queue, newest last.
    """

    __slots__ = ("_care", "_forecast", "_last", "_past", "_pause", "_round_trip", "_running", "_tasks")

    def __init__(self, past: Sequence[float] = ()) -> None:
        self._past = past_durations.learn(past)
        self._forecast = Forecast()
        self._tasks = Tasks()
        self._running = False
        self._last: float | None = None
        self._pause = 0.0
        self._round_trip = math.inf
        self._care = 1.0

    def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
        """The pause before the next look.

        Args:
            elapsed: Seconds since the watching began.
            status: The job's status.
            progress: Its progress in per cent, ``None`` while unknown.

        Returns:
            Seconds, between ``configs.SHORTEST_PAUSE`` and three times ``configs.JOB_POLL_INTERVAL``.
        """
        last = self._last
        if last is not None:
            elapsed = max(elapsed, last)
            round_trip = max(0.0, elapsed - last - self._pause)
            # One slow answer, or one after failures, counts little; a lasting change takes effect within a few looks.
            self._round_trip = min(round_trip, 1.5 * self._round_trip + 0.01)
        self._last = elapsed
        self._learn(elapsed, last, status, progress)
        self._pause = self._choose(elapsed)
        return self._pause

    def time_left(self, elapsed: float) -> tuple[float, float] | None:
        """In how many seconds the job will probably end: a range that holds for about four in five jobs.

        Args:
            elapsed: Seconds since the watching began, now.

        Returns:
            The least and the most seconds, 0 <= least <= most. ``None`` without progress or past runs, after too few
            changes of progress, when the predicted end has passed, or if the range would be too wide to be useful.
        """
        if not self._running:
            return None
        mixture = self._expect(elapsed, self._care, _TRUST_IN_PAST_FOR_RANGE)
        if _ignorance(mixture) > 1 - _LEAST_KNOWLEDGE:
            return None
        low, high = mixture.quantiles((_SOON, _LATE), _FURTHEST)
        end = self._forecast.end
        if end is not None and self._tasks.law is None:
            # Smooth progress may still stall, or the predicted end may be too early.
            high = max(high, end - elapsed + _STALL * (elapsed - self._forecast.begun))
        if high > _WIDEST * low + 2 * configs.JOB_POLL_INTERVAL:
            return None
        return low, high

    def _learn(self, now: float, last: float | None, status: str, progress: float | None) -> None:
        forecast = self._forecast
        if status in ("PENDING", "RETRY"):
            forecast.restart(now if self._running else forecast.begun)
            self._running = False
            return
        if not self._running:
            self._running = True
            if last is not None:
                forecast.restart(last, (last, now))
                self._tasks.restart(last, now)
            else:
                self._tasks.restart(0.0, now)
                if progress == 0:
                    forecast.restart(0.0, (0.0, now))
        if progress is None:
            return
        predicted_at, moves, begun, before = forecast.predicted_at, forecast.moves, forecast.begun, forecast.seen_at
        progress = min(100.0, max(0.0, progress))
        forecast.see(now, progress)
        if forecast.begun != begun:
            self._tasks.restart(before, now)
        self._tasks.see(before, now, progress, straight=forecast.straight)
        if forecast.moves > moves > 0 and forecast.predicted_at > predicted_at:
            # The range widens with each forecast that missed by more than its spread, and narrows with each that did
            # not: adaptive conformal inference, in steps.
            least, most = _CARE
            missed = forecast.last_miss > 1
            self._care = min(most, self._care * _MORE_CARE) if missed else max(least, self._care * _LESS_CARE)

    def _choose(self, now: float) -> float:
        interval = min(configs.JOB_POLL_INTERVAL, _LARGEST)
        price = interval * interval / (2 * _SAME)
        age = max(0.0, now - self._forecast.begun)
        longest = _PLAIN * interval
        if not self._running:
            pause = _QUEUED * interval + _QUEUE_GROWTH * age
        else:
            mixture = self._expect(now, 1.0, _TRUST_IN_PAST)
            ignorance = _ignorance(mixture)
            if ignorance >= 1:
                pause = math.sqrt(2 * price * min(age + _YOUNG, _OLD))
            else:
                foretold = self._forecast.end is not None or self._tasks.law is not None
                longest = (_LONGEST if foretold else _LONGEST_BY_MEMORY) * interval
                pause = _best_pause(mixture, price, longest)
            if self._round_trip < math.inf:
                pause -= min(self._round_trip, pause / 2)
            if ignorance > 0:
                pause = min(pause, (_FIRST * interval + age) / math.sqrt(ignorance))
        return max(configs.SHORTEST_PAUSE, min(longest, pause))

    def _expect(self, now: float, care: float, most: float) -> Mixture:
        """When the job will end: ``care`` widens what progress predicts, past runs have at most the weight ``most``."""
        begun, past = self._forecast.begun, self._past
        unknown: Law = Unknown(begun, _YOUNG, _OLD)
        laws, quiet_since, median, spread = self._progress_laws(now, care)
        others = [(1.0, unknown)]
        trust = _PRIOR if laws else 0.0
        if past is not None:
            memory = LogLogistic(begun, past.median, DEVIATION / past.spread)
            share = min(most, past.runs / (past.runs + 1))
            remembered, ignored = (
                share * memory.survival(begun)(quiet_since),
                (1 - share) * unknown.survival(begun)(quiet_since),
            )
            if laws:
                # Progress wins where it contradicts past runs; where they agree, the more precise one weighs more.
                share = remembered / (remembered + ignored) if remembered > 0 else 0.0
                gap = math.log(median / past.median)
                agreement = math.exp(-gap * gap / (2 * (spread * spread + past.spread * past.spread)))
                remembered = share * agreement * spread / (spread + past.spread)
                ignored = (1 - _PRIOR) * (1 - share)
                trust = max(_PRIOR * (1 - share), 1 - remembered - ignored)
            others = [(remembered, memory), (ignored, unknown)]
        total = sum([weight for weight, _ in others])
        parts = [(trust * weight * law.survival(quiet_since)(now), law) for weight, law in laws]
        if total > 0:
            parts += [((1 - trust) * weight / total * law.survival(quiet_since)(now), law) for weight, law in others]
        else:
            parts.append((1 - trust, unknown))
        return Mixture(now, parts)

    def _progress_laws(self, now: float, care: float) -> tuple[list[tuple[float, Law]], float, float, float]:
        """Laws by progress, with weights; since when they hold; the duration they predict, and its relative spread."""
        forecast, tasks = self._forecast, self._tasks
        laws: list[tuple[float, Law]] = []
        quiet_since, duration, spread = forecast.begun, 0.0, 0.0
        law, end, even = tasks.law, forecast.end, tasks.even
        if end is not None:
            if law is None:
                even, quiet_since = 1.0, forecast.predicted_at
                duration, spread = end - forecast.begun, forecast.spread
            elif tasks.left > 1:
                # If the tasks were even, the next step would come at this time; it has not come yet.
                share, since = 1 / tasks.left, tasks.last_done_at
                due = Logistic(since + share * (end - since), share * forecast.spread / DEVIATION + _BLUR)
                even *= due.survival(since)(now)
            laws.append((even, Logistic(end, care * forecast.spread / DEVIATION + _BLUR)))
        if law is not None:
            laws.append((tasks.trust * (1 - tasks.even if laws else 1.0), law))
            quiet_since, duration, spread = tasks.last_done_at, now - forecast.begun + tasks.median, tasks.deviation
        duration = max(_SHORTEST_RUN, duration)
        return laws, quiet_since, duration, max(_LEAST_SPREAD, spread / duration)


def _ignorance(mixture: Mixture) -> float:
    """The weight of ignorance: the probability that nothing is known about the job's end."""
    return sum([weight for weight, law in mixture.parts if type(law) is Unknown])


def _best_pause(mixture: Mixture, price: float, furthest: float) -> float:
    """The pause, in seconds, after which waiting longer would cost more than another look."""
    now, survival = mixture.now, mixture.survival()
    points = [furthest * point / _POINTS for point in range(1, _POINTS + 1)]
    for _, law in mixture.parts:
        if type(law) is Logistic:
            around = [law.end + step * law.scale - now for step in _AROUND_END]
            points += [point for point in around if 0 < point < furthest]
    points.sort()
    at = over = before = 0.0
    gap = -math.inf
    for point in points:
        over_then = 1 - survival(now + point)
        middle, density = (at + point) / 2, (over_then - over) / (point - at) if point > at else 0.0
        if density > _NEGLIGIBLE:
            share = (over + over_then) / 2
            gap_then = share / density - price - math.sqrt(2 * price * (1 - share) / density)
            if gap_then >= 0:
                return before + (middle - before) * gap / (gap - gap_then) if -math.inf < gap < 0 else middle
            gap, before = gap_then, middle
        at, over = point, over_then
    return furthest

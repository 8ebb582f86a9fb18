"""How long to pause between two looks at a job, and between two tries at a server: pure arithmetic, in seconds.

A look costs a request, a pause costs delay once the job is over. Let one request be worth ``c`` seconds of delay, and
the end of a job be random with distribution ``F``, density ``f`` and hazard ``h = f / (1 - F)``. `AdaptiveSchedule`
minimises ``E[delay] + c E[requests]``. ``I`` is ``configs.JOB_POLL_INTERVAL``, and the price is ``c = I^2 / (2 S)``, so
that the pause is ``I`` when ``1 / h = S``, whatever ``I`` is: ``S`` alone trades delay against requests.

- **The next look** at ``x`` after one at ``t`` is best where ``(F(x) - F(t)) / f(x)`` is the pause after ``x`` plus
  ``c`` (Barlow, Hunter and Proschan, "Optimum checking procedures", 1963); that pause is taken from Keller ("Optimum
  checking schedules for systems subject to random failure", 1974), ``sqrt(2 c / h(x))``. The first such ``x`` is looked
  for on a grid, finer around an end that is foretold. Dynamic programming over ten log-logistic laws, and mixtures of
  two, does better by less than 1 % of the sum that is minimised. A sure forecast thus gets one look right behind the
  end, a vague one several around it, and none are spent well before.
- **The law of the end** is a mixture (`polling.lifetimes`) of what speaks: the line or curve through smooth progress
  (`polling.forecast`), the tasks done so far where progress is a staircase of a few (`polling.tasks`), the past runs
  of the job's kind (`polling.past_durations`), and that nothing is known. By Bayes' rule each loses trust with the time
  that passes without the end it promised, or with progress that contradicts it; as trust fades the pauses return to
  those without knowledge.
- **Where nothing is known** all pauses are nearly equal: from ``0.8 I``, since the durations of jobs spread over
  decades and the young ones end sooner, to ``1.12 I``. The first are held to ``0.3 I + age``: doubling, as in unbounded
  search (Bentley and Yao, 1976), so that jobs of a second are not noticed late. Pauses that grow for ever would be
  cheaper on average and later than a fixed ``I`` for all that are older.
- **Memory may mislead**: what it promises is believed to 0.5 after one run and to 0.55 after more, and it
  alone never makes a pause longer than ``1.3 I``. So whatever it says, after the first quarter of a minute an end that
  nobody expects is noticed at most 1.2 times as late as without it. Where progress speaks too, their shares are as they
  agree, and as either says more.

The pause leaves room for the round trip, as the least of the last ones. Only progress that is far from its end makes it
as long as ``2 I``: with 1.5, the same delay costs 4 % more requests on uneven tasks. What is saved in the middle of
jobs is spent at their ends. RETRY, and progress that starts over, make the job young again; the price is the same.

What bounds all this: if durations without progress are memoryless, no schedule does better than equal pauses, a mean
delay of ``duration / (2 requests)``; for the log-normal ones of the benchmarks the best law known beforehand would give
0.95 of it. And nothing tells that progress which stays at 99 % will do so.

The time left is the range from the tenth to the ninetieth quantile of such a mixture, in which past runs are trusted to
0.8, since an error costs no requests here. It is told where less than 0.6 is ignorance. Progress that is smooth may
stall yet: there the range reaches at least a third of the age beyond the end foretold, and where that is too wide to
mean anything, next to the end, nothing is told.

When requests fail, `backoff_pause` gives the pause: exponential back-off with full jitter (Brooker, "Exponential
Backoff And Jitter", 2015), ``max(0.2, uniform(0, cap))`` with the cap doubling from 0.5 s to 30 s.
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
    from collections.abc import Callable, Sequence

__all__ = ["AdaptiveSchedule", "backoff_pause"]

# The seconds of prior knowledge about jobs: S above, and the age from which they begin to look alike.
# The rest are shares of I: the pause without any knowledge, the first one, that in the queue, the longest.
_SAME = 190.0
_PLAIN = 1.12
_YOUNG = 118.0
_OLD = _SAME * _PLAIN * _PLAIN
_FIRST, _QUEUED, _QUEUE_GROWTH = 0.3, 0.75, 0.5
_LONGEST, _LONGEST_BY_MEMORY = 2.0, 1.3

_PRIOR = 0.92
_TRUST_IN_PAST, _TRUST_TO_TELL = 0.55, 0.8
# No end is surer than the blur (s) of clocks and networks.
_BLUR = 0.03
_POINTS = 20
_NONE = 1e-9
_AROUND_END = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.5, 6.0)
_LARGEST = 1e6
_SHORTEST_RUN, _LEAST_SPREAD = 0.1, 1e-3

# The range of the time left.
_SOON, _LATE = 0.1, 0.9
_STALL = 0.35
_TOLD_TRUST = 0.4
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
            Seconds, between ``configs.SHORTEST_PAUSE`` and twice ``configs.JOB_POLL_INTERVAL``.
        """
        last = self._last
        if last is not None:
            elapsed = max(elapsed, last)
            took = max(0.0, elapsed - last - self._pause)
            # A slow answer, or one after failures, counts little; a lasting change is followed within a few looks.
            self._round_trip = min(took, 1.5 * self._round_trip + 0.01)
        self._last = elapsed
        self._learn(elapsed, last, status, progress)
        self._pause = self._choose(elapsed)
        return self._pause

    def time_left(self, elapsed: float) -> tuple[float, float] | None:
        """In what time the job will probably end, as a range that about four in five jobs keep to.

        Args:
            elapsed: Seconds since the watching began, now.

        Returns:
            Seconds, least and most, 0 <= least <= most; ``None`` while it cannot be known: without progress or past
            runs, after too few moves of it, when it stopped short of the predicted end, or if the range would be too
            wide to mean anything.
        """
        if not self._running:
            return None
        mixture = self._expect(elapsed, self._care, _TRUST_TO_TELL)
        if _ignorance(mixture) > 1 - _TOLD_TRUST:
            return None
        low, high = mixture.quantile(_SOON, _FURTHEST), mixture.quantile(_LATE, _FURTHEST)
        end = self._forecast.end
        if end is not None and self._tasks.law is None:
            # Progress that is smooth may stall yet, or have been promised too soon.
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
        made, news, begun, before = forecast.made, forecast.news, forecast.begun, forecast.seen_at
        progress = min(100.0, max(0.0, progress))
        forecast.see(now, progress)
        if forecast.begun != begun:
            self._tasks.restart(before, now)
        self._tasks.see(before, now, progress, straight=forecast.straight)
        if forecast.news > news > 0 and forecast.made > made:
            # The range follows how often the forecast left its own spread: adaptive conformal inference, in steps.
            least, most = _CARE
            missed = forecast.moved > 1
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
            nothing = _ignorance(mixture)
            if nothing >= 1:
                pause = math.sqrt(2 * price * min(age + _YOUNG, _OLD))
            else:
                told = self._forecast.end is not None or self._tasks.law is not None
                longest = (_LONGEST if told else _LONGEST_BY_MEMORY) * interval
                pause = _best(mixture, price, longest)
            if self._round_trip < math.inf:
                pause -= min(self._round_trip, pause / 2)
            if nothing > 0:
                pause = min(pause, (_FIRST * interval + age) / math.sqrt(nothing))
        return max(configs.SHORTEST_PAUSE, min(longest, pause))

    def _expect(self, now: float, care: float, most: float) -> Mixture:
        """When the job will end; ``care`` widens what progress foretells, the past is trusted by ``most`` at most."""
        begun, past = self._forecast.begun, self._past
        unknown: Law = Unknown(begun, _YOUNG, _OLD)
        told, since, median, spread = self._foretold(care)
        others = [(1.0, unknown)]
        trust = _PRIOR if told else 0.0
        if past is not None:
            memory = LogLogistic(begun, past.median, DEVIATION / past.spread)
            share = min(most, past.runs / (past.runs + 1))
            remembered, ignored = share * memory.lasts(begun, since), (1 - share) * unknown.lasts(begun, since)
            if told:
                # Progress that contradicts the past wins, and so does that of the two which says more.
                share = remembered / (remembered + ignored) if remembered > 0 else 0.0
                gap = math.log(median / past.median)
                agreement = math.exp(-gap * gap / (2 * (spread * spread + past.spread * past.spread)))
                remembered = share * agreement * spread / (spread + past.spread)
                ignored = (1 - _PRIOR) * (1 - share)
                trust = max(_PRIOR * (1 - share), 1 - remembered - ignored)
            others = [(remembered, memory), (ignored, unknown)]
        total = sum([weight for weight, _ in others])
        parts = [(trust * weight * law.lasts(since, now), law) for weight, law in told]
        if total > 0:
            parts += [((1 - trust) * weight / total * law.lasts(since, now), law) for weight, law in others]
        else:
            parts.append((1 - trust, unknown))
        return Mixture(now, parts)

    def _foretold(self, care: float) -> tuple[list[tuple[float, Law]], float, float, float]:
        """What progress foretells: laws with weights, since when; the whole run, and its relative spread."""
        forecast, tasks = self._forecast, self._tasks
        told: list[tuple[float, Law]] = []
        since, ran, spread = forecast.begun, 0.0, 0.0
        law = tasks.law
        if forecast.end is not None:
            told.append(
                (tasks.even if law else 1.0, Logistic(forecast.end, care * forecast.spread / DEVIATION + _BLUR))
            )
            since, ran, spread = forecast.made, forecast.end - forecast.begun, forecast.spread
        if law is not None:
            told.append((1 - tasks.even if told else 1.0, law))
            since, ran = tasks.made, law.origin - forecast.begun + law.median
            spread = law.median * DEVIATION / law.shape
        ran = max(_SHORTEST_RUN, ran)
        return told, since, ran, max(_LEAST_SPREAD, spread / ran)


def _ignorance(mixture: Mixture) -> float:
    """How probable it is that nothing is known of the job's end."""
    return sum([weight for weight, law in mixture.parts if type(law) is Unknown])


def _best(mixture: Mixture, price: float, furthest: float) -> float:
    """How far ahead the next look is best: where waiting on has cost as much as the next two looks are worth."""
    now = mixture.now
    points = [furthest * point / _POINTS for point in range(1, _POINTS + 1)]
    for _, law in mixture.parts:
        if type(law) is Logistic:
            around = [law.end + step * law.scale - now for step in _AROUND_END]
            points += [point for point in around if 0 < point < furthest]
    points.sort()
    at = over = before = 0.0
    gap = -math.inf
    for point in points:
        over_then = 1 - mixture.lasts(now + point)
        middle, density = (at + point) / 2, (over_then - over) / (point - at) if point > at else 0.0
        if density > _NONE:
            share = (over + over_then) / 2
            gap_then = share / density - price - math.sqrt(2 * price * (1 - share) / density)
            if gap_then >= 0:
                return before + (middle - before) * gap / (gap - gap_then) if -math.inf < gap < 0 else middle
            gap, before = gap_then, middle
        at, over = point, over_then
    return furthest


def backoff_pause(failures: int, uniform: Callable[[float, float], float]) -> float:
    """The pause after a number of failures in a row.

    Args:
        failures: How many, at least 1.
        uniform: Where jitter comes from, as `random.uniform`.

    Returns:
        Seconds.
    """
    cap = min(configs.BACKOFF_LIMIT, configs.BACKOFF_FIRST * 2 ** min(failures - 1, 30))
    return max(configs.SHORTEST_PAUSE, uniform(0, cap))

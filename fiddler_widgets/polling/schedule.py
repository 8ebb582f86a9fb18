"""How long to pause between two looks at a job, and between two tries at a server: pure arithmetic, in seconds.

A look costs a request, a pause costs delay once the job is over. Let one request be worth ``c`` seconds of delay, and
the end of a job be random with distribution ``F``, density ``f`` and hazard ``h = f / (1 - F)``. `AdaptiveSchedule`
minimises ``E[delay] + c E[requests]``:

- **Without usable progress**, pauses of ``tau`` cost ``c / tau + h tau / 2`` a second, least at ``tau = sqrt(2 c /
  h)`` (Keller, "Optimum checking schedules for systems subject to random failure", 1974). Durations of jobs spread
  over decades, so the longer one has run the longer it is likely to run: Lomax' law, ``h = 1 / (age + Y)``, gives
  pauses that grow with the root of the age. The first few are held to ``age + I / 12``: doubling, as in unbounded
  search (Bentley and Yao, 1976), so that jobs of a second are not noticed late. ``I`` is
  ``configs.JOB_POLL_INTERVAL``; the price is ``c = I^2 / (2 S)``, so that the pause is ``I`` when ``age + Y = S``,
  whatever ``I`` is. ``S`` alone trades delay against requests; ``Y`` is the age from which jobs begin to look alike.
- **With a forecast** (`polling.forecast`) the end is logistic around it, with its spread. A next look at
  ``x`` after one at ``t`` is best where ``(F(x) - F(t)) / f(x)`` is the pause after ``x`` plus ``c`` (Barlow, Hunter
  and Proschan, "Optimum checking procedures", 1963); that pause is taken from Keller, ``sqrt(2 c / h(x))``. The left
  side grows and the right side falls, so bisection finds ``x``. A sure forecast thus gets one look right behind the
  end, a vague one several around it, and none are spent well before.
- **Forecasts fail**: progress stalls, or stays at 99 %. The forecast is one of two hypotheses, with prior odds; the
  other is Lomax' law. By Bayes' rule, each time that passes without an end or news counts against the forecast that
  promised one, and as trust fades the pauses return to those without progress. While it holds, the chance that the
  job ends apart from it is ``1 - trust``, and pauses before the predicted end grow accordingly. Price and hazard are
  those of the attempt: RETRY, and progress that starts over, make the job young again.

The pause leaves room for the round trip, as the least of the last ones. It is never longer than ``1.5 I``, which
alone makes ``duration / 1.5 I`` requests; what is saved in the middle of jobs with progress is spent on those
without.

What bounds all this: if durations without progress are memoryless, no schedule does better than equal pauses, a mean
delay of ``duration / (2 requests)``; and nothing tells that progress which stays at 99 % will do so.

When requests fail, `backoff_pause` gives the pause: exponential back-off with full jitter (Brooker, "Exponential
Backoff And Jitter", 2015), ``max(0.2, uniform(0, cap))`` with the cap doubling from 0.5 s to 30 s.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fiddler_widgets import configs
from fiddler_widgets.polling.forecast import Forecast

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AdaptiveSchedule", "backoff_pause"]

# The two seconds of prior knowledge about jobs: S and Y above.
_SAME = 180.0
_YOUNG = 80.0
_FIRST = 1 / 12

_PRIOR = 0.85
_LEAST_TRUST = 0.05
# A look that would come this little after a plain pause is worth the wait for the predicted end.
_STRETCH = 1.4
# A logistic law with scale 1 has this standard deviation; no end is surer than the blur (s) of clocks and networks.
_DEVIATION = math.pi / math.sqrt(3)
_BLUR = 0.03
_HALVINGS = 9
_CERTAIN = 30.0
_LARGEST = 1e6

# The range of the time left: in shares of the time left, and in spreads. Ends come late more often than soon.
_TOLD_TRUST = 0.4
_SOON, _LATE, _LATE_ON_CURVES = 0.8, 2.5, 6.0
_SHARE_SOON, _SHARE_LATE = 0.05, 0.1
_INEXACT = 0.3
_PER_OVERDUE = 3.0
_WIDEST = 10.0
_CARE = (0.5, 8.0)
_MORE_CARE, _LESS_CARE = 1.3, 0.95


class AdaptiveSchedule:
    """Pauses that follow from how likely a job is to end soon. One instance per watched job."""

    __slots__ = ("_care", "_forecast", "_last", "_pause", "_round_trip", "_running")

    def __init__(self) -> None:
        self._forecast = Forecast()
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
            Seconds, between ``configs.SHORTEST_PAUSE`` and 1.5 times ``configs.JOB_POLL_INTERVAL``.
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
            Seconds, least and most, 0 <= least <= most; ``None`` while it cannot be known: without progress, after too
            few moves of it, when it stopped short of the predicted end, or if the range would be too wide to mean
            anything.
        """
        forecast = self._forecast
        if forecast.end is None or forecast.news < 2 or self._trust(elapsed) < _TOLD_TRUST:  # noqa: PLR2004 - one move shows no pace
            return None
        spread = self._care * (forecast.spread + _INEXACT)
        left = max(0.0, forecast.end - elapsed)
        silent = elapsed - forecast.made - 1.5 * configs.JOB_POLL_INTERVAL
        overdue = max(0.0, silent, elapsed - forecast.end)
        low = max(0.0, (1 - _SHARE_SOON) * (forecast.soonest - elapsed) - _SOON * spread)
        high = (1 + _SHARE_LATE) * left + (_LATE if forecast.straight else _LATE_ON_CURVES) * spread
        high += _PER_OVERDUE * overdue
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
            elif progress == 0:
                forecast.restart(0.0, (0.0, now))
        if progress is None:
            return
        made, news = forecast.made, forecast.news
        forecast.see(now, min(100.0, max(0.0, progress)))
        if forecast.news > news > 0 and forecast.made > made:
            # The range follows how often the forecast left its own spread: adaptive conformal inference, in steps.
            least, most = _CARE
            missed = forecast.moved > 1
            self._care = min(most, self._care * _MORE_CARE) if missed else max(least, self._care * _LESS_CARE)

    def _choose(self, now: float) -> float:
        interval = min(configs.JOB_POLL_INTERVAL, _LARGEST)
        longest = max(configs.SHORTEST_PAUSE, 1.5 * interval)
        price = interval * interval / (2 * _SAME)
        age = max(0.0, now - self._forecast.begun)
        pause = min(math.sqrt(2 * price * (age + _YOUNG)), _FIRST * interval + age)
        end, trust = self._forecast.end, self._trust(now)
        if end is not None and trust > _LEAST_TRUST:
            pause /= math.sqrt(1 - trust)
            ahead = self._ahead(end - now, price, 2 * longest)
            if ahead <= _STRETCH * pause:
                pause = ahead - self._round_trip if self._round_trip < math.inf else ahead
        return min(longest, max(configs.SHORTEST_PAUSE, pause))

    def _scale(self) -> float:
        return self._forecast.spread / _DEVIATION + _BLUR

    def _trust(self, now: float) -> float:
        """How probable it is that the end comes as predicted, given that it has not come."""
        forecast = self._forecast
        end = forecast.end
        if end is None:
            return 0.0
        scale = self._scale()
        overdue = (now - end) / scale
        if overdue > _CERTAIN:
            return 0.0
        as_predicted = _PRIOR * (1 + math.exp((forecast.made - end) / scale)) / (1 + math.exp(overdue))
        age = max(0.0, now - forecast.begun)
        otherwise = (1 - _PRIOR) * math.exp((forecast.made - now) / (age + _YOUNG))
        return as_predicted / (as_predicted + otherwise)

    def _ahead(self, left: float, price: float, furthest: float) -> float:
        """How far ahead the next look is best, when the end is predicted in ``left`` seconds."""
        scale = self._scale()
        alive = 1 / (1 + math.exp(-left / scale))
        low, high = 0.0, furthest
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            x = (middle - left) / scale
            survival = 1 / (1 + math.exp(x)) if x < _CERTAIN else 0.0
            density = survival * (1 - survival) / scale
            if density <= 0:
                late = x > 0
            else:
                late = (alive - survival) / density > price + math.sqrt(2 * price * survival / density)
            low, high = (low, middle) if late else (middle, high)
        return (low + high) / 2


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

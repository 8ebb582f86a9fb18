"""When a job will end, predicted from its progress so far: pure arithmetic, in seconds.

A `Forecast` gives an end and a spread (about one standard deviation). It rests on three ideas.

1. **Progress comes in grains, time in looks.** The grain ``q`` is the largest step of which all values seen and 100
   are multiples (Euclid's algorithm with a tolerance). A look at time ``t`` that shows a new value ``v``, after one
   at ``s`` that did not, says that ``v`` was reached in ``[max(s, t - q b), t]``, with ``b`` the seconds per cent.
   The line ``time = a + b v`` must pass through all these windows; each pair of windows bounds ``b`` from below and
   above, and so each window bounds the end ``a + 100 b``. These are bounds, not estimates: even steps of a third of
   the job are placed as well as the looks allow (O'Rourke, "An on-line algorithm for fitting straight lines between
   data ranges", 1981). Progress may be cut off to its grain or rounded to it; rounded, it runs half a grain ahead and
   shows 100 while the job still runs. Both readings are tried, with the window in which the job was seen to start;
   one often contradicts it.
2. **Where no line fits, a curve.** A one-parameter family of scales straightens progress that slows, ``u = (1 -
   p)^c``, or gathers pace, ``u = 1 - p^c`` with ``c < 1``; on the right scale the end extrapolated from the whole and
   that from the recent half agree. The parameter is where their difference changes sign, by linear interpolation in a
   short grid (the power family of Box and Cox, "An analysis of transformations", 1964; here it straightens the
   regression, as in Tukey's ladder).
3. **A forecast is as good as it has been.** The end wanders from look to look; seen as a martingale (Heath and
   Jackson, "Modeling the evolution of demand forecasts", 1994) with variance ``w`` per second, estimated from its own
   moves (exponential mean of ``move^2 / time``), the variance still to come is in proportion to the time left. So
   ``spread^2 = (width of the bounds / 4)^2 + w left / 2 + (0.3 left / n)^2``, the last term for the few values ``n``
   seen.

Progress that falls by less than a tenth is noise and ignored. If it falls by more, the job has started over, and so
does the forecast.
"""

from __future__ import annotations

import math

__all__ = ["Forecast"]

_POINTS = 8
_SLACK = 0.01
_FINEST = 0.05
_TOLERANCE = 0.02
_COARSEST_ROUNDING = 10.0
_FULL = 100.0
_FORGETTING = 0.7
_AHEAD = 0.5
_FEW = 0.3
_SLIP = 0.9
_LEAST_MOVE = 1e-6
_LEAST_TIME = 1e-3
_FAR = 1e7

_GATHERING = (1 / 1.5, 1 / 2.2, 1 / 3.5)
_SLOWING = (1 / 1.35, 1 / 1.75, 1 / 2.4, 1 / 3.5)

_Point = tuple[float, float, float]
"""A window of time, from and to, and the progress that was reached within it."""


class Forecast:
    """The predicted end of one job.

    Attributes:
        begun: When the present attempt began, in seconds of the same clock as all times here.
        end: When the job will end; ``None`` while that cannot be predicted.
        last_miss: By how many of its spreads the prediction before the last one differed from the last.
        last_progress: The progress at ``seen_at``, in per cent; ``None`` before the first.
        moves: How often progress has moved.
        predicted_at: When ``end`` was predicted.
        seen_at: When progress was last seen.
        soonest: When the job would end if progress went on in a straight line.
        spread: The uncertainty of the end, about one standard deviation, in seconds.
        straight: Whether progress may have grown in proportion to time.
    """

    __slots__ = (
        "_flattest",
        "_grain",
        "_points",
        "_start",
        "_steepest",
        "_unchanged",
        "_wander",
        "begun",
        "end",
        "last_miss",
        "last_progress",
        "moves",
        "predicted_at",
        "seen_at",
        "soonest",
        "spread",
        "straight",
    )

    def __init__(self) -> None:
        self.restart(0.0)

    def restart(self, begun: float, start: tuple[float, float] | None = None) -> None:
        """Forget all, as a new attempt begins.

        Args:
            begun: When it began, as far as is known.
            start: The window in which it was seen to begin at 0 per cent, from and to; ``None`` if it was not seen.
        """
        self.begun = begun
        self.end: float | None = None
        self.predicted_at = begun
        self.last_miss = 0.0
        self.moves = 0
        self.spread = math.inf
        self.soonest = begun
        self.straight = False
        self._start = start
        self._points: list[_Point] = []
        # Bounds of the seconds per cent of progress, as all pairs of windows allow.
        self._steepest, self._flattest = 0.0, math.inf
        self._grain = _FULL
        self.last_progress: float | None = None
        self.seen_at = begun
        self._unchanged = True
        self._wander = 0.0

    def see(self, now: float, progress: float) -> None:
        """Learn from a look.

        Args:
            now: When it was.
            progress: What it showed, from 0 to 100 per cent.
        """
        before, last_progress = self.seen_at, self.last_progress
        if last_progress is not None and progress < _SLIP * last_progress:
            self.restart(before, (before, now))
            last_progress = None
        if last_progress is None:
            self._begin(now, progress)
        elif progress <= last_progress + _LEAST_MOVE:
            self.seen_at, self._unchanged = now, True
        else:
            self._advance(before, now, progress)

    def _begin(self, now: float, progress: float) -> None:
        self.seen_at, self.last_progress, self._unchanged = now, progress, True
        if progress > 0:
            self._grain = _common_step(_FULL, progress)
            if self._grain < 1 and progress < _FULL:
                self._points.append((now, now, progress))

    def _advance(self, before: float, now: float, progress: float) -> None:
        self._grain = _common_step(self._grain, progress)
        grain = self._grain if self._grain > _FINEST else 0.0
        early = before
        if not self._unchanged and self._flattest < math.inf:
            early = max(before, now - grain * (self._steepest + self._flattest) / 2)
        self.seen_at, self.last_progress, self._unchanged = now, progress, False
        if progress >= _FULL and not grain:
            # Nothing remains to be extrapolated; the last prediction stands.
            return
        self._add(early, now, progress)
        bounds = self._bounds(progress, grain)
        self.straight = bounds is not None
        if bounds is not None:
            self._settle(now, (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 4, bounds[0])
        elif len(self._points) + (self._start is not None) > 1:
            self._settle(now, *self._curve())

    def _add(self, early: float, late: float, progress: float) -> None:
        points, low, high = self._points, self._steepest, self._flattest
        slack = _SLACK * (late - points[0][1]) if points else 0.0
        for a, b, v in points:
            rise = progress - v
            low = max(low, (early - b - slack) / rise)
            high = min(high, (late - a + slack) / rise)
        points.append((early, late, progress))
        if len(points) > _POINTS:
            del points[1:_POINTS:2]
        self.moves += 1
        self._steepest, self._flattest = low, high

    def _bounds(self, progress: float, grain: float) -> tuple[float, float] | None:
        """The earliest and latest time at which a straight line reaches the end; ``None`` if no line fits."""
        bounds = None
        if progress < _FULL:
            bounds = self._line(0.0)
        if grain and (grain <= _COARSEST_ROUNDING or progress >= _FULL):
            rounded = self._line(grain / 2)
            if rounded is not None:
                bounds = rounded if bounds is None else (min(bounds[0], rounded[0]), max(bounds[1], rounded[1]))
        return bounds

    def _line(self, shift: float) -> tuple[float, float] | None:
        """The same, if the job shows its progress rounded up by up to ``shift`` per cent."""
        points, low, high = self._points, self._steepest, self._flattest
        early, late, progress = points[-1]
        start = self._start
        if start is not None and progress > shift:
            slack = _SLACK * (late - start[1])
            low = max(low, (early - start[1] - slack) / (progress - shift))
            high = min(high, (late - start[0] + slack) / (progress - shift))
        if low > high or high == math.inf:
            return None
        aim = _FULL + shift
        first = max([a + low * (aim - v) for a, _, v in points])
        last = min([b + high * (aim - v) for _, b, v in points])
        if start is not None:
            first = max(first, start[0] + low * _FULL)
            last = min(last, start[1] + high * _FULL)
        return (first, last) if first <= last else (last, first)

    def _curve(self) -> tuple[float, float, float]:
        """The end, its spread, and the end by the recent half alone, on the scale that straightens progress best."""
        points = self._points if self._start is None else [(*self._start, 0.0), *self._points]
        _, late, last = points[-1]
        if last >= _FULL:
            tail = (late - points[-2][1]) / 2
            return late + tail, tail, late
        half = (points[0][2] + last) / 2
        middle = min(points[1:-1], key=lambda point: abs(point[2] - half)) if len(points) > 2 else points[0]  # noqa: PLR2004
        readings = (points[0], middle, points[-1])
        t0, t1, t2 = [(early + late) / 2 for early, late, _ in readings]
        p0, p1, p2 = [progress / _FULL for _, _, progress in readings]
        whole, end = _ends(t0, 1 - p0, t1, 1 - p1, t2, 1 - p2)
        gap = end - whole
        local = end
        slows = gap > 0
        for c in _SLOWING if slows else _GATHERING:
            if slows:
                whole, recent = _ends(t0, (1 - p0) ** c, t1, (1 - p1) ** c, t2, (1 - p2) ** c)
            else:
                whole, recent = _ends(t0, 1 - p0**c, t1, 1 - p1**c, t2, 1 - p2**c)
            if (recent - whole > 0) is not slows:
                step = recent - end
                share = gap / (gap - recent + whole) if gap != recent - whole else 0.0
                end += share * step
                return end, abs(step) / 10, local
            end, gap = recent, recent - whole
        return end, abs(gap) / 2, local

    def _settle(self, now: float, end: float, spread: float, soonest: float) -> None:
        end = min(max(end, now), now + _FAR)
        spread = min(spread, _FAR)
        if self.end is not None and now > self.predicted_at:
            move = end - self.end
            self.last_miss = abs(move) / (self.spread + 1e-9)
            self._wander += _FORGETTING * (move * move / max(_LEAST_TIME, now - self.predicted_at) - self._wander)
        self.soonest = min(soonest, end)
        remaining = end - now
        self.spread = math.sqrt(
            spread * spread + _AHEAD * self._wander * remaining + (_FEW * remaining / self.moves) ** 2
        )
        self.end, self.predicted_at = end, now


def _ends(t0: float, u0: float, t1: float, u1: float, t2: float, u2: float) -> tuple[float, float]:
    """The times at which two lines reach 0: that through the first and last of three points, that through the last two.

    The points are ``(t0, u0)``, ``(t1, u1)`` and ``(t2, u2)``; their second coordinates fall.
    """
    whole = t2 + u2 * (t2 - t0) / (u0 - u2) if u0 > u2 else t2
    recent = t2 + u2 * (t2 - t1) / (u1 - u2) if u1 > u2 else t2
    return whole, recent


def _common_step(a: float, b: float) -> float:
    """The largest step of which both numbers are multiples, within a tolerance; nearly 0 if there is none."""
    while b > _TOLERANCE:
        a, b = b, abs(a - b * round(a / b))
    return a

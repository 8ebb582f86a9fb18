"""When a job will end, told from its progress so far: pure arithmetic, in seconds.

A `Forecast` gives an end and a spread (about one standard deviation), from three ideas.

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

A slip back of less than a tenth is noise and ignored; more is a job that starts over, and so does the forecast.
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
"""From when, until when, and the progress that was reached between."""


class Forecast:
    """The predicted end of one job.

    Attributes:
        begun: When the present attempt began, in seconds of the same clock as everything else here.
        end: When the job will end; ``None`` while it cannot be told.
        made: When that was predicted last.
        moved: By how many of its spreads the last prediction but one was off the last.
        news: How many times progress has moved.
        seen_at: When progress was last seen.
        shown: What it was then; ``None`` before.
        soonest: When it would end if progress went on in a straight line.
        spread: The uncertainty of the end, about one standard deviation, in seconds.
        straight: Whether progress grew in proportion to time, as far as can be seen.
    """

    __slots__ = (
        "_flattest",
        "_grain",
        "_held",
        "_points",
        "_start",
        "_steepest",
        "_wander",
        "begun",
        "end",
        "made",
        "moved",
        "news",
        "seen_at",
        "shown",
        "soonest",
        "spread",
        "straight",
    )

    def __init__(self) -> None:
        self.restart(0.0)

    def restart(self, begun: float, start: tuple[float, float] | None = None) -> None:
        """Forget all.

        Args:
            begun: When the new attempt began, as far as is known.
            start: Between which times it was seen to begin at no progress, if it was.
        """
        self.begun = begun
        self.end: float | None = None
        self.made = begun
        self.moved = 0.0
        self.news = 0
        self.spread = math.inf
        self.soonest = begun
        self.straight = False
        self._start = start
        self._points: list[_Point] = []
        # Seconds per cent: the bounds that all pairs of windows allow.
        self._steepest, self._flattest = 0.0, math.inf
        self._grain = _FULL
        self.shown: float | None = None
        self.seen_at = begun
        self._held = True
        self._wander = 0.0

    def see(self, now: float, progress: float) -> None:
        """Learn from a look.

        Args:
            now: When it was.
            progress: What it showed, from 0 to 100 per cent.
        """
        before, shown = self.seen_at, self.shown
        if shown is not None and progress < _SLIP * shown:
            self.restart(before, (before, now))
            shown = None
        if shown is None:
            self._begin(now, progress)
        elif progress <= shown + _LEAST_MOVE:
            self.seen_at, self._held = now, True
        else:
            self._advance(before, now, progress)

    def _begin(self, now: float, progress: float) -> None:
        self.seen_at, self.shown, self._held = now, progress, True
        if progress > 0:
            self._grain = _common_step(_FULL, progress)
            if self._grain < 1 and progress < _FULL:
                self._points.append((now, now, progress))

    def _advance(self, before: float, now: float, progress: float) -> None:
        self._grain = _common_step(self._grain, progress)
        grain = self._grain if self._grain > _FINEST else 0.0
        early = before
        if not self._held and self._flattest < math.inf:
            early = max(before, now - grain * (self._steepest + self._flattest) / 2)
        self.seen_at, self.shown, self._held = now, progress, False
        if progress >= _FULL and not grain:
            # Nothing is left to extrapolate; what was predicted last stands.
            return
        self._add(early, now, progress)
        found = self._bounds(progress, grain)
        self.straight = found is not None
        if found is not None:
            self._settle(now, (found[0] + found[1]) / 2, (found[1] - found[0]) / 4, found[0])
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
        self.news += 1
        self._steepest, self._flattest = low, high

    def _bounds(self, progress: float, grain: float) -> tuple[float, float] | None:
        """Between which times a straight line reaches the end, by all readings that are possible."""
        found = None
        if progress < _FULL:
            found = self._line(0.0)
        if grain and (grain <= _COARSEST_ROUNDING or progress >= _FULL):
            rounded = self._line(grain / 2)
            if rounded is not None:
                found = rounded if found is None else (min(found[0], rounded[0]), max(found[1], rounded[1]))
        return found

    def _line(self, shift: float) -> tuple[float, float] | None:
        """The same for one reading: progress is shown when it is ``shift`` short of what is shown."""
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
        """The end, and its spread, on the scale that straightens progress best."""
        points = self._points if self._start is None else [(*self._start, 0.0), *self._points]
        _, late, last = points[-1]
        if last >= _FULL:
            rest = (late - points[-2][1]) / 2
            return late + rest, rest, late
        half = (points[0][2] + last) / 2
        middle = min(points[1:-1], key=lambda point: abs(point[2] - half)) if len(points) > 2 else points[0]  # noqa: PLR2004
        three = (points[0], middle, points[-1])
        t0, t1, t2 = [(early + late) / 2 for early, late, _ in three]
        p0, p1, p2 = [progress / _FULL for _, _, progress in three]
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
        if self.end is not None and now > self.made:
            move = end - self.end
            self.moved = abs(move) / (self.spread + 1e-9)
            self._wander += _FORGETTING * (move * move / max(_LEAST_TIME, now - self.made) - self._wander)
        self.soonest = min(soonest, end)
        left = end - now
        self.spread = math.sqrt(spread * spread + _AHEAD * self._wander * left + (_FEW * left / self.news) ** 2)
        self.end, self.made = end, now


def _ends(t0: float, u0: float, t1: float, u1: float, t2: float, u2: float) -> tuple[float, float]:
    """Where the line through the first and last of three falling points reaches 0, and that through the last two."""
    whole = t2 + u2 * (t2 - t0) / (u0 - u2) if u0 > u2 else t2
    recent = t2 + u2 * (t2 - t1) / (u1 - u2) if u1 > u2 else t2
    return whole, recent


def _common_step(a: float, b: float) -> float:
    """The largest step of which both are multiples, within a tolerance; next to nothing if there is none."""
    while b > _TOLERANCE:
        a, b = b, abs(a - b * round(a / b))
    return a

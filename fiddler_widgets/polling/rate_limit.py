"""How fast one server may be asked, all jobs together: a ceiling that spreads requests, and patience when it asks.

Pure arithmetic on times that are handed in (monotonic seconds). Requests are at least one over the rate apart; those
that are due meanwhile wait in the order in which they became so. Load above the ceiling is thus spread and not burst,
and each job has its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets import configs

if TYPE_CHECKING:
    from fiddler_widgets.exceptions import ApiError

__all__ = ["Pace", "asked_pause"]

_SLOWEST = 1.0
"""Requests a second below which no 429 brings the rate."""

_SLACK = 0.05
"""Seconds of lateness that are made up for."""

_DECREASE = 0.7
"""What a 429 leaves of the rate, at most once a second."""

_RECOVERY = 20.0
"""Seconds in which the whole ceiling would be regained, a little every moment."""


def asked_pause(error: ApiError) -> float:
    """Seconds for which an answer asks to be left alone, as far as heeded: on 429 and any 5xx, up to a limit."""
    code = error.code or 0
    heeded = error.retry_after is not None and (code == 429 or 500 <= code <= 599)  # noqa: PLR2004
    return min(error.retry_after or 0.0, configs.RETRY_AFTER_LIMIT) if heeded else 0.0


class Pace:
    """The requests to one server. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._next = float("-inf")
        self._not_before = float("-inf")
        self._slowed: tuple[float, float] | None = None

    @property
    def next_at(self) -> float:
        """From when on the next request may be made."""
        return max(self._next, self._not_before)

    def take(self, now: float) -> None:
        """A request is made."""
        # From where it might have been made, if that was but a moment ago: a scheduler that wakes late loses no rate.
        base = self._next if now - self._next <= _SLACK else now
        self._next = base + 1.0 / self.rate(now)

    def rate(self, now: float) -> float:
        """Requests a second that are let through."""
        ceiling = max(_SLOWEST, configs.REQUEST_RATE_LIMIT)
        if self._slowed is None:
            return ceiling
        slowed_at, rate = self._slowed
        rate += ceiling * (now - slowed_at) / _RECOVERY
        if rate >= ceiling:
            self._slowed = None
            return ceiling
        return rate

    def heard(self, now: float, error: ApiError) -> None:
        """A request ended in an error: heed the pause that it asks for, and lower the rate for a 429.

        Additive increase and multiplicative decrease, as TCP has it (Chiu and Jain, 1989), settle near whatever limit
        the server has, where a rate that only falls would let a few stray 429s bring everything to a stop.
        """
        self._not_before = max(self._not_before, now + asked_pause(error))
        if error.code == 429 and (self._slowed is None or now - self._slowed[0] >= 1.0):  # noqa: PLR2004
            self._slowed = now, max(_SLOWEST, self.rate(now) * _DECREASE)

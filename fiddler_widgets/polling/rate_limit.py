"""How fast one server may be asked for all its jobs together: at most at a fixed rate, more slowly when it asks for it.

Pure arithmetic on times that are handed in (monotonic seconds). Two requests are at least ``1 / rate`` seconds apart;
requests that become due in the meantime wait in order. So load above the limit is spread out instead of sent in
bursts, and each job has its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets import configs

if TYPE_CHECKING:
    from fiddler_widgets.exceptions import ApiError

__all__ = ["RateLimit", "asked_pause"]

_SLOWEST = 1.0
"""The lowest rate to which 429s reduce it, in requests a second."""

_SLACK = 0.05
"""How late a request may be, in seconds, without the next one being later for it."""

_DECREASE = 0.7
"""The factor by which a 429 reduces the rate, at most once a second."""

_RECOVERY = 20.0
"""Seconds in which the rate would grow from zero to the ceiling; it grows steadily."""


def asked_pause(error: ApiError) -> float:
    """The seconds of pause that a 429 or any 5xx asks for, at most ``configs.RETRY_AFTER_LIMIT``; else 0."""
    code = error.code or 0
    heeded = error.retry_after is not None and (code == 429 or 500 <= code <= 599)  # noqa: PLR2004
    return min(error.retry_after or 0.0, configs.RETRY_AFTER_LIMIT) if heeded else 0.0


class RateLimit:
    """When the next request to one server may be made. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._next = float("-inf")
        self._not_before = float("-inf")
        self._slowed: tuple[float, float] | None = None

    @property
    def next_at(self) -> float:
        """The earliest time of the next request."""
        return max(self._next, self._not_before)

    def note_request(self, now: float) -> None:
        """Take note that a request is made now."""
        # A request that is only a moment late counts from when it was due: a scheduler that wakes late loses no rate.
        base = self._next if now - self._next <= _SLACK else now
        self._next = base + 1.0 / self.rate(now)

    def rate(self, now: float) -> float:
        """The requests a second that are allowed at a time."""
        ceiling = max(_SLOWEST, configs.REQUEST_RATE_LIMIT)
        if self._slowed is None:
            return ceiling
        slowed_at, rate = self._slowed
        rate += ceiling * (now - slowed_at) / _RECOVERY
        if rate >= ceiling:
            self._slowed = None
            return ceiling
        return rate

    def note_error(self, now: float, error: ApiError) -> None:
        """Take note that a request failed: heed the pause that the answer asks for, and lower the rate for a 429.

        Additive increase and multiplicative decrease, as in TCP (Chiu and Jain, 1989), make the rate settle near the
        server's own limit. If it could only fall, a few stray 429s would stop everything.
        """
        self._not_before = max(self._not_before, now + asked_pause(error))
        if error.code == 429 and (self._slowed is None or now - self._slowed[0] >= 1.0):  # noqa: PLR2004
            self._slowed = now, max(_SLOWEST, self.rate(now) * _DECREASE)

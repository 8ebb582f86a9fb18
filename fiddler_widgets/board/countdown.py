"""A range of remaining seconds from which a page counts down by itself, and whether it still holds."""

from __future__ import annotations

from fiddler_widgets.polling.report import remaining_now

__all__ = ["Countdown"]

_TOLERANCE = 0.1
_LEAST = 1.0

Range = tuple[float, float]


class Countdown:
    """The range that was sent last. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._remaining: Range | None = None
        self._at = 0.0

    def restart(self, remaining: Range | None, now: float) -> None:
        """Take note that a range is sent now."""
        self._remaining, self._at = remaining, now

    def has_changed(self, remaining: Range | None, now: float) -> bool:
        """Whether a range differs from the one that was sent last, counted down to now."""
        if remaining is None or self._remaining is None:
            return remaining is not self._remaining
        expected = remaining_now(self._remaining, now - self._at)
        return any(abs(a - b) > max(_LEAST, _TOLERANCE * b) for a, b in zip(remaining, expected, strict=True))

"""A range of time left that was told, and by which whoever heard it counts down: whether it still holds."""

from __future__ import annotations

from fiddler_widgets.polling.report import remaining_now

__all__ = ["Countdown"]

_TOLERANCE = 0.1
_LEAST = 1.0

Left = tuple[float, float]


class Countdown:
    """What was told last. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._told: Left | None = None
        self._at = 0.0

    def tell(self, left: Left | None, now: float) -> None:
        """It is told."""
        self._told, self._at = left, now

    def news(self, left: Left | None, now: float) -> bool:
        """Whether it is other than what one arrives at who counts down from what was told."""
        if left is None or self._told is None:
            return left is not self._told
        expected = remaining_now(self._told, now - self._at)
        return any(abs(a - b) > max(_LEAST, _TOLERANCE * b) for a, b in zip(left, expected, strict=True))

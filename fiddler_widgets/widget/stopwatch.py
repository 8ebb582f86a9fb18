"""How long a card has watched, and what its page needs to count on by its own clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.polling.report import remaining_now

if TYPE_CHECKING:
    from fiddler_widgets.polling.report import Report

__all__ = ["Stopwatch"]


class Stopwatch:
    """How long a card has watched, and when its page last heard of it. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._before = 0.0
        self._said_at = float("-inf")
        self._said_left: tuple[float, float] | None = None

    def start(self, now: float) -> None:
        """Watching begins, or begins again."""
        self._since = now

    def stop(self, now: float) -> None:
        """Watching ends; harmless where it has not begun."""
        if self._since is not None:
            self._before += now - self._since
            self._since = None

    def beat_due(self, now: float) -> bool:
        """Whether the page is to get a sign of life, though nothing changed."""
        return self._since is not None and now - self._said_at >= configs.HEARTBEAT - 0.5

    def left_changed(self, report: Report, now: float) -> bool:
        """Whether the page, which counts down by itself, is to hear of another range of time left."""
        left = self.left(report, now)
        if left is None or self._said_left is None:
            return left is not self._said_left
        expected = remaining_now(self._said_left, now - self._said_at)
        return any(abs(a - b) > max(1.0, 0.1 * b) for a, b in zip(left, expected, strict=True))

    def left(self, report: Report, now: float) -> tuple[float, float] | None:
        """The range of seconds left as of now."""
        known = report.left is not None and report.good_at is not None and self._since is not None
        return remaining_now(report.left, now - report.good_at) if known else None  # type: ignore[arg-type, operator]

    def clock(self, report: Report, now: float) -> dict[str, Any]:
        """What the page needs to count on by its own clock; taken as said."""
        self._said_at, self._said_left = now, self.left(report, now)
        watched = self._before + (now - self._since if self._since is not None else 0.0)
        return {
            "now": round(time.time(), 1),
            "watched": round(watched, 1),
            "running": self._since is not None,
            "beat": configs.HEARTBEAT,
            "silent": None if report.good_at is None else round(now - report.good_at, 1),
            "retry": None if report.next_try is None else round(max(0.0, report.next_try - now), 1),
        }

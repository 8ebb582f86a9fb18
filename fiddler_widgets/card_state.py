"""What a report means for a card: the values of its traits, and the times that its page counts on from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.face import face
from fiddler_widgets.models import Health
from fiddler_widgets.static_view import Seen

if TYPE_CHECKING:
    from fiddler_widgets.job import Job
    from fiddler_widgets.models import JobState
    from fiddler_widgets.reports import Report

__all__ = ["FIELDS", "Stopwatch", "fields", "left_now", "seen"]

FIELDS = ("health", "name", "status", "progress", "indeterminate", "error_reason", "error_message", "info", "extras")
"""The traits that tell of the job."""


def fields(job_id: str, report: Report, known: JobState | None = None, aside: str = "") -> dict[str, Any]:
    """The traits that a report sets, by name.

    Args:
        job_id: The job's id.
        report: What there is to show about it.
        known: What was known of it already; counts as long as a report comes without an answer.
        aside: What the card has to say while all is well.
    """
    detail = (aside if report.health is Health.LIVE else "") or report.detail
    values: dict[str, Any] = {"health": report.health.value, "health_detail": detail}
    state = report.state or known
    values["_said"] = face(job_id, state, report.health, detail)
    if state is not None:
        values |= {
            "name": state.name,
            "status": str(state.status),
            "progress": state.progress if state.progress is not None else 0.0,
            "indeterminate": state.progress is None,
            "error_reason": state.error_reason or "",
            "error_message": state.error_message or "",
            "info": state.info,
            "extras": state.extras,
        }
    return values


def seen(job: Job, health: str, detail: str, clock: dict[str, Any], history: dict[str, Any]) -> Seen:
    """What a card knows, for a view that will not change; the clock and the history are those of its page."""
    silent = clock.get("silent")
    at = job._known_since() if silent is None else clock["now"] - silent  # noqa: SLF001
    watched, retries, now = clock.get("watched", 0.0), clock.get("retries", 0), time.time()
    return Seen(str(job.id), job.state, Health(health), detail, watched, at, retries, history, shown_at=now)


def left_now(left: tuple[float, float], age: float) -> tuple[float, float]:
    """A range of seconds left that was true some seconds ago, as of now."""
    low, high = left
    return round(max(0.0, low - age), 1), round(max(0.0, high - age), 1)


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
        expected = left_now(self._said_left, now - self._said_at)
        return any(abs(a - b) > max(1.0, 0.1 * b) for a, b in zip(left, expected, strict=True))

    def left(self, report: Report, now: float) -> tuple[float, float] | None:
        """The range of seconds left as of now."""
        known = report.left is not None and report.good_at is not None and self._since is not None
        return left_now(report.left, now - report.good_at) if known else None  # type: ignore[arg-type, operator]

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

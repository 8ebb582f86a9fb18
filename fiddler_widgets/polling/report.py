"""The report about a watched job, and the last report of a watch that ends before its job does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets.durations import setting
from fiddler_widgets.messages import STOPPED_WATCHING
from fiddler_widgets.models import Health

if TYPE_CHECKING:
    from fiddler_widgets.exceptions import ApiError
    from fiddler_widgets.models import JobState

__all__ = ["Report", "expired_report", "stopped_report"]


class Report(NamedTuple):
    """What a watch reports about its job.

    Attributes:
        state: The last good answer; kept whatever fails after it.
        health: How the watching goes.
        detail: The health in a sentence; may be empty.
        error: Why the last request failed; ``None`` if it succeeded.
        answered: Whether this report was caused by a new good answer.
        next_try: When the next request is due, while retrying (monotonic seconds).
        good_at: When the last good answer came (monotonic seconds).
        left: The least and most seconds that the job would still take, as estimated at ``good_at``; ``None`` while
            unknown.
    """

    state: JobState | None
    health: Health
    detail: str = ""
    error: ApiError | None = None
    answered: bool = False
    next_try: float | None = None
    good_at: float | None = None
    left: tuple[float, float] | None = None


def expired_report(report: Report, timeout: float) -> Report:
    """The last report of a watch whose time-out, in seconds, is over."""
    detail = f"Stopped watching after {setting(timeout)}; the job goes on."
    return Report(report.state, Health.TIMED_OUT, detail, report.error, good_at=report.good_at)


def stopped_report(report: Report) -> Report:
    """The last report of a watch that was stopped on request."""
    return Report(report.state, Health.STOPPED, STOPPED_WATCHING, report.error, good_at=report.good_at)


def remaining_now(remaining: tuple[float, float], age: float) -> tuple[float, float]:
    """The range of remaining seconds now, from one that was estimated ``age`` seconds ago."""
    low, high = remaining
    return round(max(0.0, low - age), 1), round(max(0.0, high - age), 1)

"""What there is to show about a job, and how that reads when its watching ends before the job does."""

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
    """What there is to show about a job now.

    Attributes:
        state: The last good answer; kept whatever fails after it.
        health: How the watching goes.
        detail: That, as a sentence.
        error: What the last request ran into, unless it went well.
        answered: Whether this report comes with a new good answer.
        next_try: When the next request is due, while retrying (monotonic seconds).
        good_at: When the last good answer came (monotonic seconds).
        left: From what to what many seconds the job was to take yet, at that time; ``None`` while unknown.
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
    """The same job, no longer watched because the time for it is over."""
    detail = f"Stopped watching after {setting(timeout)}; the job goes on."
    return Report(report.state, Health.TIMED_OUT, detail, report.error, good_at=report.good_at)


def stopped_report(report: Report) -> Report:
    """The same job, no longer watched because somebody said so."""
    return Report(report.state, Health.STOPPED, STOPPED_WATCHING, report.error, good_at=report.good_at)


def remaining_now(left: tuple[float, float], age: float) -> tuple[float, float]:
    """A range of seconds left that was true some seconds ago, as of now."""
    low, high = left
    return round(max(0.0, low - age), 1), round(max(0.0, high - age), 1)

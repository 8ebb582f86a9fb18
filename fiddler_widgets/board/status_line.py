"""A line for a terminal on how far all jobs of a board are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets.durations import duration
from fiddler_widgets.rendering.badges import badge
from fiddler_widgets.rendering.terminal_line import progress_bar

if TYPE_CHECKING:
    from fiddler_widgets.board.summary import Summary

__all__ = ["status_line"]

_BAD = ("FAILURE", "REVOKED", "RETRY")


def status_line(summary: Summary, remaining: tuple[float, float] | None) -> str:
    """How far all jobs are, such as "[##########          ] 50 %  12 of 24 over, 1 failed, 3 min left at most".

    Args:
        summary: The counts over the jobs.
        remaining: The least and most seconds until all are over; ``None`` while unknown.
    """
    bad = [f", {count} {badge(status).word.lower()}" for status, count in summary.counts.items() if status in _BAD]
    time_text = "" if remaining is None else f", {duration(remaining[1])} left at most"
    over = f"{summary.done} of {summary.total} over"
    return f"{progress_bar(summary.progress)}  {over}{''.join(bad)}{time_text}"

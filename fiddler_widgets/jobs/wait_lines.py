"""A wait for one job as text: in a log, a line for each change that matters; in a terminal, one line drawn anew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fiddler_widgets import messages
from fiddler_widgets.durations import duration
from fiddler_widgets.environment import in_marimo, in_notebook
from fiddler_widgets.rendering.terminal_line import TerminalLine, clear_line, line_is_shown, progress_bar

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.wait import Wait, WaitView
    from fiddler_widgets.polling.report import Report

__all__ = ["TerminalWait", "WaitLines", "ensure_visible", "log_line", "status_line"]

_log = logging.getLogger("fiddler_widgets")

_TENTH = 10


class WaitLines:
    """The lines of one wait in a log: each new status, each tenth of the progress, each failure, and the end.

    Args:
        job: The job.
        view: Shows the wait; it gets each line too if no handler of the log shows it.
    """

    def __init__(self, job: Job, view: WaitView | None) -> None:
        self._job, self._view = job, view
        self._before: tuple[object, ...] = (None, None, "")

    def add(self, report: Report) -> None:
        """Log a line if the status, the tenth of the progress or the failure has changed since the last report."""
        state, failure = report.state, _failure_text(report)
        status = None if state is None else state.status
        tenth = None if state is None or state.progress is None else int(state.progress / _TENTH)
        now = (status, tenth, failure)
        if now == self._before:
            return
        self._before = now
        ensure_visible()
        state_text = "not seen yet" if state is None else messages.job_line(state)
        line = f"{messages.job_name(state, self._job.id)}: {state_text}"
        if failure:
            line += f" (trying again: {failure})"
        log_line(line, passing=not failure and (state is None or not state.final))
        if self._view is not None and not _log.hasHandlers():
            self._view.wait_says(line)


class TerminalWait:
    """Shows a wait in a terminal; a `jobs.wait.WaitView`."""

    def __init__(self) -> None:
        self._line = TerminalLine()

    def wait_begins(self, wait: Wait) -> None:
        """Nothing to do, since nothing is known yet."""

    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:
        """Show the job's progress."""
        if self._line:
            self._line.show(status_line(wait, elapsed))

    def wait_says(self, line: str) -> None:
        """Nothing to do, since a terminal shows the lines of the log."""

    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:  # noqa: ARG002
        """Clear the line."""
        self._line.clear()


def status_line(wait: Wait, elapsed: float) -> str:
    """How far a job is, such as "[##########          ] 50 %  STARTED, 3 min left at most, job 'Upload' (e9a2…)".

    Args:
        wait: A wait for the job.
        elapsed: Seconds since the wait began; used if there is no progress.
    """
    job, state, report = wait.job, wait.job.state, wait.last
    failure = "" if report is None else _failure_text(report)
    parts = ["not seen yet" if state is None else messages.safe_text(str(state.status), 40)]
    if failure:
        parts[0] += f" (trying again: {failure})"
    remaining = job.time_left
    if remaining is not None and not failure:
        parts.append(f"{duration(remaining[1])} left at most")
    progress = None if state is None else state.progress
    if progress is None:
        parts.append(f"waited {duration(elapsed)}")
    parts.append(messages.job_name(state, job.id))
    return ("" if progress is None else f"{progress_bar(progress)}  ") + ", ".join(parts)


def _failure_text(report: Report) -> str:
    error = report.error
    return messages.safe_text(error.message, 300) if error is not None and not report.health.ended else ""


def log_line(line: str, *, passing: bool) -> None:
    """Log a line; the terminal's own line, if there is one, is cleared before.

    Args:
        line: The line.
        passing: Whether the terminal's own line shows the same for the time being.
    """
    clear_line()
    _log.info("%s", line, extra={"passing": passing})


class _TerminalHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Shows what is logged on standard error, except for what the terminal's own line shows."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record in a line of its own."""
        if not (getattr(record, "passing", False) and line_is_shown()):
            clear_line()
            super().emit(record)


def ensure_visible() -> None:
    """Show the log on standard error if logging is not configured and no card can be shown."""
    if _log.hasHandlers() or in_notebook() or in_marimo():
        return
    handler = _TerminalHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    _log.addHandler(handler)
    if _log.level == logging.NOTSET:
        _log.setLevel(logging.INFO)

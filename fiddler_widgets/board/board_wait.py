"""Waiting for the jobs of a board: for all of them, in a thread or in asyncio, or for each as it ends."""

from __future__ import annotations

import math
import queue
import time
from typing import TYPE_CHECKING

from fiddler_widgets import messages
from fiddler_widgets.exceptions import AsyncJobFailed, JobRevoked, JobTimeoutError, WatchStopped
from fiddler_widgets.interrupts import Queue
from fiddler_widgets.jobs.wait import api_error
from fiddler_widgets.jobs.wait_end import WaitEnd
from fiddler_widgets.jobs.wait_lines import log_line
from fiddler_widgets.models import Health, JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.row_watch import RowWatch
    from fiddler_widgets.board.wait_view import BoardWaitView
    from fiddler_widgets.jobs.job import Job

__all__ = ["BoardWait", "as_they_end"]

_SLICE = 0.2
"""Seconds that a thread waits at a time, so that Ctrl-C works on systems where waiting cannot be interrupted."""

_AWAITED_SLICE = 1.0
_TENTH = 10


class BoardWait:
    """One wait for all jobs of a board, including those that are added during the wait; a context manager.

    Args:
        rows: The jobs.
        timeout: Seconds until `JobTimeoutError`; with 0, only the present states count.
        view: Shows the wait.
    """

    def __init__(self, rows: JobRows, timeout: float, view: BoardWaitView) -> None:
        self._rows, self._timeout, self._view = rows, timeout, view
        self._pending: set[RowWatch] = set()
        self._all: set[RowWatch] = set()
        self._lines: Queue[tuple[str, bool]] = Queue()
        self._end = WaitEnd()
        self._began = time.monotonic()
        self._tenths = 0

    def __enter__(self) -> BoardWait:  # noqa: PYI034 (Self is in no standard library before 3.11)
        """Begin to wait."""
        try:
            self._begin()
        except BaseException as error:
            # An interrupt may come before the caller's `with` block begins, whose end would call `__exit__`.
            self.__exit__(type(error), error, None)
            raise
        return self

    def _begin(self) -> None:
        self._view.wait_begins()
        with self._rows.lock:
            self._all = set(self._rows.listen(self))
            self._pending |= {watch for watch in self._all if not watch.ended}
            self._tenths = _TENTH * (len(self._all) - len(self._pending)) // max(1, len(self._all))
            self._check_end()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the wait."""
        self._rows.unlisten(self)
        self._log_lines()
        self._view.wait_ends(interrupted=kind is not None and issubclass(kind, KeyboardInterrupt))

    def block(self) -> None:
        """Return when all jobs have ended.

        Raises:
            JobTimeoutError: The time is over.
        """
        until = self._began + self._timeout
        while not self._end.has_come:
            now = time.monotonic()
            self._view.wait_goes_on(now - self._began)
            self._log_lines()
            if not self._end.wait(max(0.0, min(_SLICE, until - now))) and time.monotonic() >= until:
                raise self._timed_out()

    async def until_ended(self) -> None:
        """Return when all jobs have ended, in asyncio.

        Raises:
            JobTimeoutError: The time is over.
        """
        until = self._began + self._timeout
        while not self._end.has_come:
            now = time.monotonic()
            self._view.wait_goes_on(now - self._began)
            self._log_lines()
            if not await self._end.wait_async(max(0.0, min(_AWAITED_SLICE, until - now))) and time.monotonic() >= until:
                raise self._timed_out()

    def raise_for_failures(self) -> None:
        """Raise an exception for the jobs that did not succeed; return if all did."""
        watches = sorted(self._all, key=lambda watch: watch.row)
        failed = [watch.job for watch in watches if watch.job.status in (JobStatus.FAILURE, JobStatus.REVOKED)]
        if failed:
            first = next((job for job in failed if job.status == JobStatus.FAILURE), failed[0])
            kind = JobRevoked if first.status == JobStatus.REVOKED else AsyncJobFailed
            assert first.state is not None  # noqa: S101 (it has a status)
            text = messages.several_failed_text(len(failed), len(watches), first.state)
            raise first.__job_record__.error_kind(kind)(text, job=first, failed=failed)
        unfinished = [watch for watch in watches if not watch.job.done()]
        for watch in unfinished:
            if watch.report.error is not None and watch.report.health not in (Health.STOPPED, Health.TIMED_OUT):
                raise api_error(watch.job, watch.report.error)
        if any(watch.report.health is Health.TIMED_OUT for watch in unfinished):
            raise self._timed_out()
        if unfinished:
            raise WatchStopped(messages.several_stopped_text(len(unfinished), len(watches)), job=unfinished[0].job)

    # ---- as an `EndListener`

    def row_added(self, watch: RowWatch) -> None:
        """Wait for this job, too."""
        self._all.add(watch)
        if not watch.ended:
            self._pending.add(watch)

    def row_ended(self, watch: RowWatch) -> None:
        """Take note that a job has ended."""
        if watch not in self._pending:
            return
        self._pending.discard(watch)
        state = watch.job.state
        if state is not None and state.final and state.status != JobStatus.SUCCESS:
            self._lines.put((messages.failure_text(state).split("\n", 1)[0], False))
        over = len(self._all) - len(self._pending)
        tenths = _TENTH * over // len(self._all)
        if tenths > self._tenths:
            self._tenths = tenths
            self._lines.put((f"{over} of {len(self._all)} jobs over", bool(self._pending)))
        self._check_end()

    def row_removed(self, watch: RowWatch) -> None:
        """Wait no more for a removed job; if it has ended, its outcome still counts."""
        if watch in self._pending:
            self._pending.discard(watch)
            self._all.discard(watch)
        self._check_end()

    # ---- internals

    def _check_end(self) -> None:
        if not self._pending and not self._end.has_come:
            self._end.come()

    def _log_lines(self) -> None:
        while self._lines:
            line, passing = self._lines.get()
            log_line(line, passing=passing)
            self._view.wait_says(line)

    def _timed_out(self) -> JobTimeoutError:
        with self._rows.lock:
            jobs = [watch.job for watch in sorted(self._all, key=lambda watch: watch.row)]
        pending = [job for job in jobs if not job.done()]
        example = (pending or jobs)[0]
        text = messages.several_timeout_text(len(pending), len(jobs), self._timeout, example.state, example.id, "wait")
        return JobTimeoutError(text, job=example)


class _EndQueue:
    """Puts the jobs of a board into a queue as they end."""

    def __init__(self) -> None:
        self.queue: Queue[Job] = Queue()
        self.pending: set[RowWatch] = set()

    def row_added(self, watch: RowWatch) -> None:
        """Add a job; one that has ended goes into the queue at once."""
        if watch.ended:
            self.queue.put(watch.job)
        else:
            self.pending.add(watch)

    def row_ended(self, watch: RowWatch) -> None:
        """Put a job that has ended into the queue."""
        if watch in self.pending:
            # The order matters: when no job is pending, all must be in the queue.
            self.queue.put(watch.job)
            self.pending.discard(watch)

    def row_removed(self, watch: RowWatch) -> None:
        """Wait no more for a removed job."""
        self.pending.discard(watch)


def as_they_end(rows: JobRows, timeout: float | None) -> Iterator[Job]:
    """Each job of a board once, when it is over or no more is reported about it; those that have ended already first.

    Args:
        rows: The jobs.
        timeout: Seconds after which to give up; ``None`` for no limit.

    Raises:
        JobTimeoutError: The time is over before all jobs are.
    """
    until = math.inf if timeout is None else time.monotonic() + timeout
    ends = _EndQueue()
    try:
        with rows.lock:
            for watch in rows.listen(ends):
                ends.row_added(watch)
        while ends.pending or ends.queue:
            now = time.monotonic()
            try:
                yield ends.queue.get(timeout=max(0.0, min(_SLICE, until - now)))
            except queue.Empty:
                if now >= until:
                    break
        if ends.pending:
            example = next(iter(ends.pending)).job
            count, known = len(ends.pending), len(rows)
            text = messages.several_timeout_text(count, known, timeout or 0.0, example.state, example.id)
            raise JobTimeoutError(text, job=example)
    finally:
        rows.unlisten(ends)

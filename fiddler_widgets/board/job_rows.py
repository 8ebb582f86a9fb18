"""The jobs of one board: their rows in the table, their summary, their watching, and those who wait for their ends.

No code of users runs here, so reports are processed at once, whatever the board's observers do.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fiddler_widgets.board.collections_pause import without_collections
from fiddler_widgets.board.row_watch import RowReport, RowWatch
from fiddler_widgets.board.rows import first_values, row_values
from fiddler_widgets.board.summary import SUMMED, Summary, time_left
from fiddler_widgets.board.table import Table
from fiddler_widgets.models import JobStatus, normal_id
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.rendering.history import History
from fiddler_widgets.widget.links import links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fiddler_widgets.jobs.job import Job

__all__ = ["MOST_HISTORIES", "EndListener", "JobRows"]

MOST_HISTORIES = 500
"""The most rows with which a board records each job's history; with more, a history begins when its row is opened."""

_AT_ONCE = 500
"""Rows that begin to be watched together, which blocks the poller for some 20 ms."""

_READ = (*SUMMED, "began", "phase", "seen", "took")


class EndListener(Protocol):
    """Waits for the jobs of a board. Its methods are called with the board's lock held, so they must not block."""

    def row_added(self, watch: RowWatch) -> None:
        """A job was added."""
        ...

    def row_ended(self, watch: RowWatch) -> None:
        """A job is over, or no more is reported about it."""
        ...

    def row_removed(self, watch: RowWatch) -> None:
        """A job was removed from the board."""
        ...


class _Cleared(NamedTuple):
    """A row that was removed, as `restore` needs it."""

    watch: RowWatch
    values: dict[str, Any]


class JobRows:
    """The rows of one board. Safe to share between threads.

    Args:
        changed: Called after each change, in the thread that makes it; it must be quick.
        options: As for `JobRecord.subscribe`: interval, timeout, verbose.

    Attributes:
        lock: Must be held to read several attributes that belong together.
        table: The rows.
        summary: Counts over the rows.
        cleared: The rows that were removed by the last `clear`.
    """

    def __init__(self, changed: Callable[[], None], options: dict[str, Any]) -> None:
        self.lock = threading.RLock()
        self.table, self.summary = Table(), Summary()
        self.cleared: list[_Cleared] = []
        self._changed, self._options = changed, options
        self._watches: dict[int, RowWatch] = {}
        self._by_key: dict[tuple[Any, str], RowWatch] = {}
        self._listeners: list[EndListener] = []
        self._newest_trouble = ""
        self._histories: dict[RowWatch, History] = {}
        # A weak reference: the poller keeps the mailbox alive, and must not keep the board alive.
        receive = weakref.WeakMethod(self._receive)
        self._intake: Mailbox[RowReport] = Mailbox(lambda report: (method := receive()) and method(report), prompt=True)

    # ---- the jobs

    def __len__(self) -> int:
        """How many jobs there are."""
        return len(self._watches)

    def watches(self) -> list[RowWatch]:
        """The watches of all rows, in the order in which they were added."""
        with self.lock:
            return list(self._watches.values())

    def watch_of(self, row: object) -> RowWatch | None:
        """The watch of a row; ``None`` if there is no such row."""
        return self._watches.get(row) if isinstance(row, int) else None

    def holds(self, id_: str) -> bool:
        """Whether there is a job with that id, in the spelling of `normal_id`."""
        with self.lock:
            return any(key[1] == id_ for key in self._by_key)

    @without_collections
    def add(self, jobs: Iterable[Job], *, watch: bool = True, began: Mapping[Job, float] | None = None) -> None:
        """Add jobs, and watch them. Another `Job` for a job that is there already is only kept up to date.

        Args:
            jobs: The jobs.
            watch: Whether to begin to watch now; otherwise `start` does.
            began: When jobs were first seen, in epoch seconds; by default now.

        Raises:
            NotConnected: There is no usable connection for one of the jobs; then none is added.
        """
        keyed_jobs = [(job, (job.__job_record__.newest_connection(), normal_id(job.id))) for job in jobs]
        now, new = time.time(), []
        with self.lock:
            for job, key in keyed_jobs:
                existing = self._by_key.get(key)
                if existing is not None:
                    existing.follow(job)
                    continue
                row = self._by_key[key] = RowWatch(job, self._intake)
                at = now if began is None else began.get(job, now)
                self._put(row, first_values(key[1], job.state, at, links(job).page))
                new.append(row)
        if watch:
            self._start(new)

    def remove(self, watches: Iterable[RowWatch]) -> list[_Cleared]:
        """Remove jobs, and watch them no more; returns what `restore` needs."""
        removed = []
        with self.lock:
            for watch in watches:
                if self._watches.pop(watch.row, None) is None:
                    continue
                values = self.table.values(watch.row)
                self.summary.add(values, -1)
                self.table.remove([watch.row])
                self._histories.pop(watch, None)
                removed.append(_Cleared(watch, values))
                for listener in self._listeners:
                    listener.row_removed(watch)
            removed_ids = {id(cleared_row.watch) for cleared_row in removed}
            self._by_key = {key: watch for key, watch in self._by_key.items() if id(watch) not in removed_ids}
        for cleared_row in removed:
            cleared_row.watch.close()
        self._changed()
        return removed

    def clear(self) -> int:
        """Remove the jobs that are over; returns how many there were."""
        with self.lock:
            over = [watch for watch in self._watches.values() if self.table.get(watch.row, "final")]
            if over:
                self.cleared = self.remove(over)
        return len(over)

    def restore(self) -> None:
        """Add the jobs again that the last `clear` has removed."""
        with self.lock:
            cleared, self.cleared = self.cleared, []
            for watch, values in cleared:
                key = (watch.job.__job_record__.connection, normal_id(watch.job.id))
                if key not in self._by_key:
                    self._by_key[key] = watch
                    self._put(watch, values)
        self._changed()

    def _put(self, watch: RowWatch, values: dict[str, Any]) -> None:
        watch.row = self.table.add(values)
        self._watches[watch.row] = watch
        self.summary.add(values)
        for listener in self._listeners:
            listener.row_added(watch)

    # ---- watching

    def start(self, watches: Iterable[RowWatch] | None = None) -> None:
        """Watch (again) the jobs that are not over."""
        self._start(self.watches() if watches is None else watches)

    @without_collections
    def _start(self, watches: Iterable[RowWatch]) -> None:
        poller, watch_list = shared_poller.shared(), list(watches)
        for first in range(0, len(watch_list), _AT_ONCE):
            with poller.many():
                for watch in watch_list[first : first + _AT_ONCE]:
                    watch.start(**self._options)
        self._intake.deliver()
        self._changed()

    def stop(self, watches: Iterable[RowWatch] | None = None) -> None:
        """Watch no more, and report that."""
        for watch in self.watches() if watches is None else watches:
            watch.stop()

    def pause(self, detail: str) -> None:
        """Watch no more for now, and report that with this sentence."""
        for watch in self.watches():
            watch.pause(detail)
        self._intake.deliver()

    def close(self) -> None:
        """Watch no more, without a report."""
        for watch in self.watches():
            watch.close()
        self._intake.close(1.0)

    def settle(self, patience: float) -> None:
        """Wait up to ``patience`` seconds until all reports are processed."""
        self._intake.settle(patience)

    def _receive(self, row_report: RowReport) -> None:
        watch, report, pause = row_report
        for record in watch.records:
            record.apply(report)
        now, row = time.time(), watch.row
        age = None if report.good_at is None else time.monotonic() - report.good_at
        with self.lock:
            if self._watches.get(row) is not watch:
                return
            before = {name: self.table.get(row, name) for name in _READ}
            values = row_values(before, str(watch.job.id), report, now=now, age=age, pause=pause)
            if self.table.update(row, values):
                self.summary.add(before, -1)
                self.summary.add(values)
            watch.report = report
            if len(self._watches) <= MOST_HISTORIES or watch in self._histories:
                self.history_of(watch).see(now, report)
            if values["trouble"]:
                self._newest_trouble = report.detail
            if report.health.ended:
                for listener in self._listeners:
                    listener.row_ended(watch)
        self._changed()

    def history_of(self, watch: RowWatch) -> History:
        """The history of a job; a new one if none was recorded yet."""
        return self._histories.setdefault(watch, History())

    # ---- all jobs together

    def notice(self) -> dict[str, str] | None:
        """The notice about the watching of most jobs; ``None`` while all is well."""
        return self.summary.notice(self._newest_trouble)

    def time_left(self, now: float) -> tuple[float, float] | None:
        """The least and most seconds until all jobs are over; ``None`` unless that is known of each of them."""
        with self.lock:
            if not self.summary.knows_time_left:
                return None
            columns = [self.table.column(name) for name in ("final", "low", "high", "seen")]
            ranges = ((low, high, seen) for final, low, high, seen in zip(*columns, strict=True) if not final)
            return time_left(ranges, now)

    def failed(self) -> list[Job]:
        """The jobs that ended without success."""
        bad = (JobStatus.FAILURE, JobStatus.REVOKED)
        return [watch.job for watch in self.watches() if watch.job.status in bad]

    # ---- listeners

    def listen(self, listener: EndListener) -> list[RowWatch]:
        """Call a listener from now on; returns the watches of all rows, including those that have ended."""
        with self.lock:
            self._listeners.append(listener)
            return self.watches()

    def unlisten(self, listener: EndListener) -> None:
        """Call a listener no more; does nothing if it was never called."""
        with self.lock:
            self._listeners = [other for other in self._listeners if other is not listener]

    @property
    def awaited(self) -> bool:
        """Whether there are listeners."""
        return bool(self._listeners)

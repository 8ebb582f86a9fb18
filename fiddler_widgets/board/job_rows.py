"""The jobs of one board: their rows in the table, what is counted over them, their watching, and who waits for them.

No code of users runs here: reports are taken in at once, whatever the board's observers do.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fiddler_widgets.board.row_watch import News, RowWatch
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
"""Rows up to which a board remembers what was seen of each job, for its timeline; with more, from its opening on."""

_AT_ONCE = 500
"""Rows that begin to be watched together, some 20 ms in which the poller does nothing else."""

_READ = (*SUMMED, "began", "phase", "seen", "took")


class EndListener(Protocol):
    """Who waits for the jobs of a board. Called with the board's lock held: quickly, and with nothing to wait for."""

    def row_added(self, watch: RowWatch) -> None:
        """There is another job."""
        ...

    def row_ended(self, watch: RowWatch) -> None:
        """A job is over, or nothing more comes of it."""
        ...

    def row_removed(self, watch: RowWatch) -> None:
        """A job is no longer on the board."""
        ...


class _Cleared(NamedTuple):
    """A row that was taken out, for whoever wants it back."""

    watch: RowWatch
    values: dict[str, Any]


class JobRows:
    """The rows of one board. Safe to share between threads.

    Args:
        changed: Called after each change, by whatever thread makes it; it must be quick.
        options: As for `JobRecord.subscribe`: interval, timeout, verbose.

    Attributes:
        lock: To be held where several of its attributes are read together.
        table: The rows.
        summary: What is counted over them.
        cleared: Those that were taken out by the last `clear`.
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
        # Weakly: the poller holds the mailbox, and must not hold the board.
        receive = weakref.WeakMethod(self._receive)
        self._intake: Mailbox[News] = Mailbox(lambda news: (method := receive()) and method(news), prompt=True)

    # ---- which there are

    def __len__(self) -> int:
        """How many jobs there are."""
        return len(self._watches)

    def watches(self) -> list[RowWatch]:
        """All of them, in the order in which they were added."""
        with self.lock:
            return list(self._watches.values())

    def watch_of(self, row: object) -> RowWatch | None:
        """That of a row; ``None`` for one that is not there."""
        return self._watches.get(row) if isinstance(row, int) else None

    def holds(self, id_: str) -> bool:
        """Whether there is a job with that id, as `normal_id` spells it."""
        with self.lock:
            return any(key[1] == id_ for key in self._by_key)

    def add(self, jobs: Iterable[Job], *, watch: bool = True, began: Mapping[Job, float] | None = None) -> None:
        """Add jobs, and watch them; of one that is there already, another handle is kept up to date.

        Args:
            jobs: The jobs.
            watch: Whether to begin now; else `start` does.
            began: When they were first seen, in epoch seconds, of those that are known from before.

        Raises:
            NotConnected: There is one that no connection can be used for; then none is added.
        """
        found = [(job, (job.__job_record__.newest_connection(), normal_id(job.id))) for job in jobs]
        now, new = time.time(), []
        with self.lock:
            for job, key in found:
                known = self._by_key.get(key)
                if known is not None:
                    known.follow(job)
                    continue
                row = self._by_key[key] = RowWatch(job, self._intake)
                at = now if began is None else began.get(job, now)
                self._put(row, first_values(key[1], job.state, at, links(job).page))
                new.append(row)
        if watch:
            self._start(new)

    def remove(self, watches: Iterable[RowWatch]) -> list[_Cleared]:
        """Take jobs out, and watch them no more; returns what `restore` needs."""
        taken = []
        with self.lock:
            for watch in watches:
                if self._watches.pop(watch.row, None) is None:
                    continue
                values = self.table.values(watch.row)
                self.summary.add(values, -1)
                self.table.remove([watch.row])
                self._histories.pop(watch, None)
                taken.append(_Cleared(watch, values))
                for listener in self._listeners:
                    listener.row_removed(watch)
            gone = {id(each.watch) for each in taken}
            self._by_key = {key: watch for key, watch in self._by_key.items() if id(watch) not in gone}
        for each in taken:
            each.watch.close()
        self._changed()
        return taken

    def clear(self) -> int:
        """Take out the jobs that are over; returns how many these were."""
        with self.lock:
            over = [watch for watch in self._watches.values() if self.table.get(watch.row, "final")]
            if over:
                self.cleared = self.remove(over)
        return len(over)

    def restore(self) -> None:
        """Put back what the last `clear` has taken out."""
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

    # ---- their watching

    def start(self, watches: Iterable[RowWatch] | None = None) -> None:
        """Watch (again) those that are not over."""
        self._start(self.watches() if watches is None else watches)

    def _start(self, watches: Iterable[RowWatch]) -> None:
        poller, those = shared_poller.shared(), list(watches)
        for first in range(0, len(those), _AT_ONCE):
            with poller.many():
                for watch in those[first : first + _AT_ONCE]:
                    watch.start(**self._options)
        self._intake.deliver()
        self._changed()

    def stop(self, watches: Iterable[RowWatch] | None = None) -> None:
        """Watch no more."""
        for watch in self.watches() if watches is None else watches:
            watch.stop()

    def pause(self, why: str) -> None:
        """Watch no more for now, with that said."""
        for watch in self.watches():
            watch.pause(why)
        self._intake.deliver()

    def close(self) -> None:
        """Watch no more, without a word."""
        for watch in self.watches():
            watch.close()
        self._intake.close(1.0)

    def settle(self, patience: float) -> None:
        """Wait up to so many seconds until what has been reported is taken in."""
        self._intake.settle(patience)

    def _receive(self, news: News) -> None:
        watch, report, pause = news
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
        """What was seen of a job; of one that nothing was noted of yet, it begins now."""
        return self._histories.setdefault(watch, History())

    # ---- what is known of all

    def notice(self) -> dict[str, str] | None:
        """What there is to say of the watching of most jobs."""
        return self.summary.notice(self._newest_trouble)

    def time_left(self, now: float) -> tuple[float, float] | None:
        """From what to what many seconds all jobs may take yet; ``None`` unless it is known of each."""
        with self.lock:
            if not self.summary.knows_left:
                return None
            columns = [self.table.column(name) for name in ("final", "low", "high", "seen")]
            known = ((low, high, seen) for final, low, high, seen in zip(*columns, strict=True) if not final)
            return time_left(known, now)

    def failed(self) -> list[Job]:
        """The jobs that ended without success."""
        bad = (JobStatus.FAILURE, JobStatus.REVOKED)
        return [watch.job for watch in self.watches() if watch.job.status in bad]

    # ---- who waits for them

    def listen(self, listener: EndListener) -> list[RowWatch]:
        """Tell of ends from now on; returns the jobs there are, those included that have ended."""
        with self.lock:
            self._listeners.append(listener)
            return self.watches()

    def unlisten(self, listener: EndListener) -> None:
        """Tell no more; harmless where it never began."""
        with self.lock:
            self._listeners = [one for one in self._listeners if one is not listener]

    @property
    def awaited(self) -> bool:
        """Whether anybody waits for an end."""
        return bool(self._listeners)

"""The jobs of a board as a collection: which there are, what is known of each, adding and removing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fiddler_widgets.board.arguments import id_of, moment_of
from fiddler_widgets.jobs.wait_many import distinct_jobs
from fiddler_widgets.models import normal_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.board.board_watcher import BoardWatcher
    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.row_watch import RowWatch
    from fiddler_widgets.jobs.job import Job

__all__ = ["JobCollection"]


class JobCollection:
    """What a board offers of its jobs. The board sets the attributes; `_verbose` is whether to ask for subtasks too."""

    _rows: JobRows
    _verbose: bool
    _watcher: BoardWatcher

    @property
    def jobs(self) -> list[Job]:
        """The jobs on the board, in the order in which they were added."""
        return [watch.job for watch in self._rows.watches()]

    @property
    def failed(self) -> list[Job]:
        """Those that have failed or were revoked."""
        return self._rows.failed()

    def rows(self) -> list[dict[str, Any]]:
        """One dict for each job, ready for ``pandas.DataFrame``.

        Returns:
            ``id``, ``name``, ``status``, ``progress`` (per cent, ``None`` while unknown), ``project``, ``model``,
            ``what`` it works on, ``health`` of the watching, ``error`` on one line, ``time_left`` (a range of seconds
            or ``None``), ``added`` and ``seen`` (times with a time zone; when it came to the board, and the last good
            answer) and ``took`` (seconds, of a job that was seen before its end).
        """
        names = ("id", "name", "status", "progress", "project", "model", "what", "health", "error")
        return [
            {
                **{name: values[name] for name in names},
                "time_left": watch.job.time_left,
                "added": moment_of(values["began"]),
                "seen": moment_of(values["seen"]),
                "took": values["took"],
            }
            for watch, values in self._rows_now()
        ]

    def add(self, *jobs: object) -> None:
        """Add jobs of this package or of the official client, or ids; one that is on the board already stays once.

        Raises:
            RuntimeError: The board is closed.
            TypeError: Something is no job.
            NotConnected: There is an id, and no connection is configured.
        """
        self._check_open()
        self._rows.add(distinct_jobs(jobs, verbose=self._verbose))

    def remove(self, *jobs: object) -> None:
        """Take jobs off the board, and watch them no more through it; those that are not on it are ignored."""
        ids = {id_of(job) for job in jobs}
        self._rows.remove([watch for watch in self._rows.watches() if normal_id(watch.job.id) in ids])

    def clear_finished(self) -> int:
        """Take the jobs off the board that are over; returns how many. The page offers to undo it."""
        return self._rows.clear()

    def __len__(self) -> int:
        """How many jobs are on the board."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Job]:
        """The jobs, in the order in which they were added."""
        return iter(self.jobs)

    def __contains__(self, job: object) -> bool:
        """Whether a job, or one with that id, is on the board."""
        try:
            return self._rows.holds(id_of(job))
        except (TypeError, ValueError):
            return False

    @property
    def closed(self) -> bool:
        """Whether the board was closed."""
        return self._watcher.closed

    def _rows_now(self) -> list[tuple[RowWatch, dict[str, Any]]]:
        with self._rows.lock:
            return [(watch, self._rows.table.values(watch.row)) for watch in self._rows.watches()]

    def _check_open(self) -> None:
        if self.closed:
            msg = "the board is closed; make a new JobBoard"
            raise RuntimeError(msg)

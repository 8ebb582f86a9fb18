"""The board of `fw.wait` and `fw.as_completed`: one board for each run of a cell, however often the cell waits."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from fiddler_widgets import messages
from fiddler_widgets.board.job_board import JobBoard
from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.environment import running_cell
from fiddler_widgets.exceptions import WatchStopped
from fiddler_widgets.models import Health
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from types import TracebackType

    from fiddler_widgets.board.row_watch import RowWatch
    from fiddler_widgets.jobs.job import Job

__all__ = ["BoardOfWait", "show"]

_MOST_RUNS = 20
"""The most runs of cells whose boards are kept; older runs are over."""

_boards: dict[tuple[str | None, str | None], JobBoard] = {}
_lock = threading.Lock()


@in_cell
def show(jobs: list[Job]) -> BoardOfWait | None:
    """The board that shows a wait for these jobs; ``None`` if the running cell shows all of them already."""
    if not jobs or all(jobs_display.is_elsewhere(job) for job in jobs):
        return None
    run = running_cell()
    with _lock:
        board = _boards.get(run)
        if board is None or board.closed:
            while len(_boards) >= _MOST_RUNS:
                del _boards[next(iter(_boards))]
            board = _boards[run] = JobBoard(jobs)
            return BoardOfWait(board)
    board.add(*jobs)
    return BoardOfWait(board)


class BoardOfWait:
    """Shows a wait that has its own subscriptions; a `jobs.wait_many.SeveralView`, and an `EndListener` of the board.

    Args:
        board: The board.
    """

    def __init__(self, board: JobBoard) -> None:
        self._board, self._stopped = board, False
        self._rows, self._view = board.__job_rows__, board.__wait_view__

    def __enter__(self) -> None:
        """Show the board, and have it watch."""
        self._view.make_ready()
        self._rows.listen(self)
        self._view.wait_begins()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Show the board as it is at the end of the wait."""
        self._rows.unlisten(self)
        self._view.wait_ends(interrupted=kind is not None and issubclass(kind, KeyboardInterrupt))

    def goes_on(self, elapsed: float) -> None:
        """Keep the board displayed; raise `WatchStopped` once the user has stopped all watching on it."""
        self._view.wait_goes_on(elapsed)
        if self._stopped:
            unfinished = [job for job in self._board.jobs if not job.done()]
            text = messages.several_stopped_text(len(unfinished), len(self._board))
            raise WatchStopped(text, job=unfinished[0] if unfinished else None)

    def row_added(self, watch: RowWatch) -> None:
        """Nothing to do."""

    def row_ended(self, watch: RowWatch) -> None:
        """Take note if the user has stopped this job and no other job is watched."""
        if watch.report.health is Health.STOPPED and not self._rows.summary.watching:
            self._stopped = True

    def row_removed(self, watch: RowWatch) -> None:
        """Nothing to do."""

"""A wait for a board as the board shows it: displayed, with controls only while a click can get through.

Whatever thread waits: one that is part of no cell shows the board in the cell that ran last.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fiddler_widgets.board.terminal_line import TerminalLine
from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.environment import in_voila, notebook_display, server_log
from fiddler_widgets.jobs.wait import ensure_visible
from fiddler_widgets.widget.headless_log import Transcript
from fiddler_widgets.widget.page_answers import page_answers

if TYPE_CHECKING:
    from fiddler_widgets.board.board_watcher import BoardWatcher
    from fiddler_widgets.board.job_board import JobBoard

__all__ = ["BoardWaitView"]

_log = logging.getLogger("fiddler_widgets")

_INTERRUPTED = "Stopped waiting; the jobs go on. This board still follows them."
_DELAYS = (
    "waiting for a board of jobs delays the whole page, which Voilà shows when all cells are done; "
    "show the board and use on_complete(callback) instead"
)
_SETTLING = 0.2


class BoardWaitView:
    """Shows waits on a board.

    Args:
        board: The board.
        watcher: What tells its pages.
    """

    def __init__(self, board: JobBoard, watcher: BoardWatcher) -> None:
        self._board, self._watcher, self._presence = board, watcher, watcher.presence
        self._transcript = Transcript(watcher.presence)
        self._line = TerminalLine()

    @in_cell
    def make_ready(self) -> None:
        """Have the board watch, and be displayed, before a wait.

        Raises:
            RuntimeError: The board is closed.
        """
        self._board.start()
        if not self._presence.displayed(self._board):
            notebook_display(self._board)
        if in_voila():
            for log in filter(None, (_log, server_log())):
                log.warning(_DELAYS)
        ensure_visible()

    @in_cell
    def wait_begins(self) -> None:
        """A wait starts."""
        self._line = TerminalLine()
        self._watcher.say(None)
        self._presence.ask(self._board)

    @in_cell
    def wait_goes_on(self, elapsed: float) -> None:
        """Stay displayed, and show no control where a click does not get through a blocked cell."""
        if self._presence.cleared(self._board, elapsed):
            notebook_display(self._board)
        page_answers.look()
        if not self._presence.reachable(elapsed):
            self._watcher.show_controls(shown=False)
        self._transcript.go_on(elapsed)
        if self._line:
            self._line.show(self._watcher.status_line())

    def make_room(self) -> None:
        """A line is about to be logged, on the same terminal perhaps."""
        self._line.clear()

    def wait_says(self, line: str) -> None:
        """A line that is logged too; where no log and no page shows it, pass it on."""
        if not _log.hasHandlers():
            self._transcript.add(line)

    @in_cell
    def wait_ends(self, *, interrupted: bool) -> None:
        """A wait is over."""
        self._line.clear()
        self._transcript.end()
        if self._watcher.closed:
            return
        if interrupted:
            self._watcher.say({"tone": "idle", "icon": "info", "head": "", "detail": _INTERRUPTED})
        self._watcher.show_controls(shown=True)
        self._watcher.settle(_SETTLING)

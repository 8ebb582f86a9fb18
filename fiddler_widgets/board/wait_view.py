"""How a board shows a wait for its jobs: it is displayed, with controls only while a click can reach the kernel.

Any thread may wait; a thread that belongs to no cell displays the board in the cell that ran last.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.environment import in_voila, notebook_display, server_log
from fiddler_widgets.jobs.wait_lines import ensure_visible
from fiddler_widgets.rendering.terminal_line import TerminalLine
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
        watcher: Sends changes to the board's pages.
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
        self._watcher.show_aside(None)
        self._presence.ask(self._board)

    @in_cell
    def wait_goes_on(self, elapsed: float) -> None:
        """Keep the board displayed, and hide its controls if a click cannot reach the blocked kernel."""
        if self._presence.cleared(self._board, elapsed):
            notebook_display(self._board)
        page_answers.look()
        if not self._presence.reachable(elapsed):
            self._watcher.show_controls(visible=False)
        self._transcript.go_on(elapsed)
        if self._line:
            self._line.show(self._watcher.news.status_line())

    def wait_says(self, line: str) -> None:
        """Show a line that was logged, if no handler of the log shows it."""
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
            self._watcher.show_aside({"tone": "idle", "icon": "info", "head": "", "detail": _INTERRUPTED})
        self._watcher.show_controls(visible=True)
        self._watcher.settle(_SETTLING)

"""When a board sends changes to its pages, and how it handles their messages.

All changes are sent in one message, at most twice a second, as output of the cell that made the board. While no page
shows the board, only the traits that users may observe are kept up to date.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets import compat, configs
from fiddler_widgets.board.board_news import FLUSH_PAUSE, BoardNews
from fiddler_widgets.board.board_traits import PAGE_TRAITS
from fiddler_widgets.board.open_cards import OpenCards
from fiddler_widgets.board.protocol import (
    CHECK,
    CLEAR,
    HELLO,
    LOOK,
    NEED,
    OPEN,
    RESTORE,
    RESUME,
    SHUT,
    STOP,
)
from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.durations import setting
from fiddler_widgets.environment import in_voila
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.widget.callbacks import Callbacks
from fiddler_widgets.widget.clicks import Clicks
from fiddler_widgets.widget.frontend_check import FrontendCheck
from fiddler_widgets.widget.page_presence import Presence
from fiddler_widgets.widget.traits import write_traits

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.board.job_board import JobBoard
    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.row_watch import RowWatch

__all__ = ["BoardWatcher"]

_ANSWERS = 1.0
"""The least seconds between two answers to pages that missed something; each answer reaches all pages of the board."""

_IN_VIEW = 3 * configs.HEARTBEAT
"""Seconds for which rows are preferred after a page has reported that they are in view."""

_MOST_IN_VIEW = 200
_OBSERVABLE = ("counts", "progress", "time_left", "health")
_CLOSED = "Paused, because the board is on no page any more; the jobs go on."
_UNSEEN = "Paused, because nobody has looked for {}; the jobs go on."


class BoardWatcher:
    """Sends the changes of one board to its pages.

    Args:
        board: The board.
        rows: Its jobs.
        publish: Called after each change, to update the board's output in the notebook.

    Attributes:
        presence: Knows which pages show the board.
        frontend: Knows whether any page can draw it.
        news: The changes that have not been sent yet.
        callbacks: The users' callbacks for when all jobs are over.
        closed: Whether the board was closed.
    """

    def __init__(self, board: JobBoard, rows: JobRows, publish: Callable[[], None]) -> None:
        self._board, self._rows, self._publish = board, rows, publish
        self.presence = Presence()
        self.frontend = FrontendCheck(self._publish_soon)
        self.callbacks: Callbacks[JobBoard] = Callbacks("a board")
        self.closed = False
        self._cards = OpenCards(rows)
        self.news = BoardNews(board, rows, self._cards, self.presence)
        self._context = CellContext()
        self._mailbox: Mailbox[Callable[[], None]] = Mailbox(self._context_run)
        self._lock = threading.Lock()
        self._flush_scheduled = self._heartbeat_scheduled = False
        self._flushed_at = self._answered_at = float("-inf")
        self._paused = False
        self._in_view: tuple[int, ...] = ()
        self._clicks = Clicks()

    # ---- scheduling

    def changed(self) -> None:
        """Have changes sent soon; may be called from any thread, and returns at once."""
        with self._lock:
            if self._flush_scheduled or self.closed:
                return
            self._flush_scheduled = True
            pause = self._flushed_at + FLUSH_PAUSE - time.monotonic()
        poller = shared_poller.shared()
        if pause > 0:
            poller.act_after(pause, self._flush_soon)
        else:
            poller.act_soon(self._flush_soon)

    def settle(self, patience: float) -> None:
        """Have the present values sent, and wait for that up to ``patience`` seconds."""
        self._rows.settle(patience)
        self._mailbox.put(self._flush)
        shared_poller.shared().act_soon(self._mailbox.deliver)
        self._mailbox.settle(patience)

    def post(self, action: Callable[[], None]) -> None:
        """Run an action in another thread, after all that was posted before."""
        self._mailbox.put(action)
        shared_poller.shared().act_soon(self._mailbox.deliver)

    def _publish_soon(self) -> None:
        self.post(self._publish)

    def publish_after(self, seconds: float) -> None:
        """Have what is saved brought up to date once more by then."""
        shared_poller.shared().act_after(seconds, self._publish_soon)

    def close(self) -> None:
        """Send nothing more."""
        self.closed = True
        self._mailbox.close(1.0)

    def _context_run(self, action: Callable[[], None]) -> None:
        self._context.run(action)

    def _flush_soon(self) -> None:
        self._mailbox.post(self._flush)

    def _heartbeat_soon(self) -> None:
        self._mailbox.post(self._heartbeat)

    def _ensure_heartbeat(self) -> None:
        with self._lock:
            if self._heartbeat_scheduled or self.closed or not self._rows.summary.watching:
                return
            self._heartbeat_scheduled = True
        shared_poller.shared().act_after(configs.HEARTBEAT, self._heartbeat_soon)

    # ---- sending

    def _flush(self) -> None:
        with self._lock:
            self._flush_scheduled = False
            self._flushed_at = time.monotonic()
        if self.closed:
            return
        self._write(self.news.take())
        self._publish()
        summary = self._rows.summary
        if summary.total and summary.done == summary.total:
            self.callbacks.over(self._board)
        self._ensure_heartbeat()

    def _heartbeat(self) -> None:
        with self._lock:
            self._heartbeat_scheduled = False
        if self.closed:
            return
        if self._rows.summary.watching and not self._rows.awaited:
            self._pause_if_unseen()
        if self.presence.seen:
            self._prefer()
            self._write(self.news.take(beat=True))
        self._ensure_heartbeat()

    def _write(self, values: dict[str, Any]) -> None:
        if values:
            write_traits(self._board, **values)

    def show_aside(self, aside: dict[str, str] | None) -> None:
        """Show a notice on the board while all is well; ``None`` removes it."""
        self.news.aside = aside
        self.changed()

    def show_controls(self, *, visible: bool) -> None:
        """Show the board's controls, or hide them while no click would reach the kernel."""
        if visible != self.news.controls:
            self.news.controls = visible
            self.changed()

    # ---- messages of the page

    def on_message(self, _widget: object, content: object, _buffers: object) -> None:
        """Handle a message of a page: this thread may be the one that waits, so other threads do the work."""
        kind = self.presence.message(content)
        if kind is None or not isinstance(content, dict):
            return
        self.frontend.answered()
        if not self.news.controls:
            self.show_controls(visible=True)
        if self._clicks.known(content):
            return
        row = content.get("row")
        watch = self._rows.watch_of(row)
        if kind in (HELLO, NEED):
            have = content.get("have")
            missed = kind == NEED or (isinstance(have, int) and have != self._rows.table.number)
            self.post(self._send_all if missed else self._greet)
            if kind == HELLO:
                self.post(self._board.__publish_again__)
        elif kind == LOOK:
            rows = content.get("rows")
            self._in_view = tuple(rows[:_MOST_IN_VIEW]) if isinstance(rows, list) else ()
            shared_poller.shared().act_soon(self._prefer)
        elif kind in (OPEN, SHUT) and watch is not None:
            self._cards.open(watch) if kind == OPEN else self._cards.shut(watch.row)
            self.changed()
        elif kind in (CHECK, STOP, RESUME, CLEAR, RESTORE) and (row is None or watch is not None):
            # A message without a row is for all rows; one for a row that is gone is ignored.
            shared_poller.shared().act_soon(lambda: self._do(kind, None if watch is None else [watch]))

    def _do(self, kind: str, watches: list[RowWatch] | None) -> None:
        if self.closed:
            return
        if kind == STOP:
            self._rows.stop(watches)
        elif kind == RESUME:
            self._paused = False
            self._rows.start(watches)
        elif kind == CHECK:
            for watch in self._rows.watches() if watches is None else watches:
                watch.hurry()
        elif kind == CLEAR:
            self._rows.clear()
        else:
            self._rows.restore()

    def _prefer(self) -> None:
        until = time.monotonic() + _IN_VIEW
        for row in self._in_view:
            watch = self._rows.watch_of(row)
            if watch is not None:
                watch.prefer(until)

    def _greet(self) -> None:
        """Answer a page that has the last delta: send the changes since no page showed the board."""
        self._resume()
        self._write(self.news.take(beat=True))

    def _send_all(self) -> None:
        self._resume()
        if time.monotonic() - self._answered_at < _ANSWERS:
            # All pages have got the last answer; a page that missed that, too, asks again.
            return
        self._answered_at = time.monotonic()
        self._write(self.news.take(beat=True, whole=True))
        self._board.send_state(list(PAGE_TRAITS))

    def view_changed(self, change: Any) -> None:
        """Open the rows that the page has written as open into its view, as after a reload."""
        opened = change["new"].get("open") if isinstance(change["new"], dict) else None
        for row in opened if isinstance(opened, list) else ():
            watch = self._rows.watch_of(row)
            if watch is not None and not self._cards.holds(watch.row):
                self._cards.open(watch)
                self.changed()

    # ---- pausing

    def resumed(self) -> None:
        """Take note that the watching was started again."""
        self._paused = False

    def _resume(self) -> None:
        if self._paused and not self.closed and not self.presence.closed_everywhere():
            self._paused = False
            self._rows.start()

    def _needed_unseen(self) -> bool:
        """Whether the board is needed without a page: by a callback or an observer, except in Voilà."""
        return not in_voila() and bool(self.callbacks or compat.observers(self._board, _OBSERVABLE))

    def _pause_if_unseen(self) -> None:
        if self.frontend.absent:
            # What is published is all that there is to see, and nobody can say whether it is seen.
            return
        discarded = compat.closed_by_host(self._board.comm)
        if discarded or self.presence.closed_everywhere():
            detail = _CLOSED
        elif self.presence.silent(self._board):
            detail = _UNSEEN.format(setting(configs.UNSEEN_TIMEOUT))
        else:
            return
        if self._needed_unseen() and not discarded:
            return
        self._paused = True
        self._rows.pause(detail)

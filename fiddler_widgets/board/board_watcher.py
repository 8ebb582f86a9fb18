"""When a board tells its pages what, and what it does with what they say.

All that is written leaves in one message, at most two of them a second, as part of the cell that made the board. While
no page shows the board, only the traits that users may observe are kept up to date.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets import compat, configs
from fiddler_widgets.board.board_traits import PAGE_TRAITS
from fiddler_widgets.board.countdown import Countdown
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
from fiddler_widgets.board.terminal_line import status_line
from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.durations import setting
from fiddler_widgets.environment import in_voila
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.widget.callbacks import Callbacks
from fiddler_widgets.widget.frontend_check import FrontendCheck
from fiddler_widgets.widget.page_presence import Presence
from fiddler_widgets.widget.traits import write_traits

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.board.job_board import JobBoard
    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.row_watch import RowWatch

__all__ = ["BoardWatcher"]

_PAUSE = 0.5
"""Seconds from one message to the next, at least."""

_ANSWERS = 1.0
"""Seconds from one answer to a page that missed something to the next; it reaches all pages of the board."""

_MOST_IN_DELTA = 500
"""Changed rows up to which a delta is smaller, or as small, as the whole table."""

_IN_VIEW = 3 * configs.HEARTBEAT
"""Seconds for which rows are looked at first after a page has told that they are in view."""

_MOST_IN_VIEW = 200
_OBSERVABLE = ("counts", "progress", "time_left", "health")
_CLOSED = "Paused, because the board is on no page any more; the jobs go on."
_UNSEEN = "Paused, because nobody has looked for {}; the jobs go on."


class BoardWatcher:
    """Tells the pages of one board what has changed.

    Args:
        board: The board.
        rows: Its jobs.
        publish: Called after each change, to bring what is saved in the notebook up to date.

    Attributes:
        presence: Knows who looks at the board.
        frontend: Knows whether any page can draw it.
        callbacks: What is called when all jobs are over.
        closed: Whether the board was closed.
    """

    def __init__(self, board: JobBoard, rows: JobRows, publish: Callable[[], None]) -> None:
        self._board, self._rows, self._publish = board, rows, publish
        self.presence = Presence()
        self.frontend = FrontendCheck(self._publish_soon)
        self.callbacks: Callbacks[JobBoard] = Callbacks("a board")
        self.closed = False
        self._cards = OpenCards(rows)
        self._context = CellContext()
        self._mailbox: Mailbox[Callable[[], None]] = Mailbox(self._context_run)
        self._lock = threading.Lock()
        self._flush_set = self._beat_set = False
        self._flushed_at = self._head_at = self._answered_at = float("-inf")
        self._head: dict[str, Any] = {}
        self._aside: dict[str, str] | None = None
        self._controls = True
        self._paused = False
        self._in_view: tuple[int, ...] = ()
        self._left_told, self._left_observed = Countdown(), Countdown()

    def first_values(self) -> dict[str, Any]:
        """The values of the board's traits before the first report."""
        with self._rows.lock:
            summary = self._rows.summary
            self._head = self._head_now()
            return {
                "counts": summary.counts,
                "progress": summary.progress,
                "health": summary.health.value,
                "_head": self._head,
            }

    # ---- when

    def changed(self) -> None:
        """Something has changed: tell of it soon. From any thread, and quick."""
        with self._lock:
            if self._flush_set or self.closed:
                return
            self._flush_set = True
            pause = self._flushed_at + _PAUSE - time.monotonic()
        poller = shared_poller.shared()
        if pause > 0:
            poller.act_after(pause, self._flush_soon)
        else:
            poller.act_soon(self._flush_soon)

    def settle(self, patience: float) -> None:
        """Have told what is known now; wait up to so many seconds for it."""
        self._rows.settle(patience)
        self._mailbox.put(self._flush)
        shared_poller.shared().act_soon(self._mailbox.deliver)
        self._mailbox.settle(patience)

    def post(self, action: Callable[[], None]) -> None:
        """Have something done in its turn, by another thread."""
        self._mailbox.put(action)
        shared_poller.shared().act_soon(self._mailbox.deliver)

    def _publish_soon(self) -> None:
        self.post(self._publish)

    def publish_after(self, seconds: float) -> None:
        """Have what is saved brought up to date once more by then."""
        shared_poller.shared().act_after(seconds, self._publish_soon)

    def close(self) -> None:
        """Tell nothing more."""
        self.closed = True
        self._mailbox.close(1.0)

    def _context_run(self, action: Callable[[], None]) -> None:
        self._context.run(action)

    def _flush_soon(self) -> None:
        self._mailbox.post(self._flush)

    def _beat_soon(self) -> None:
        self._mailbox.post(self._beat)

    def _ensure_beat(self) -> None:
        with self._lock:
            if self._beat_set or self.closed or not self._rows.summary.watching:
                return
            self._beat_set = True
        shared_poller.shared().act_after(configs.HEARTBEAT, self._beat_soon)

    # ---- what

    def _flush(self) -> None:
        with self._lock:
            self._flush_set = False
            self._flushed_at = time.monotonic()
        if self.closed:
            return
        self._write(self._news())
        self._publish()
        summary = self._rows.summary
        if summary.total and summary.done == summary.total:
            self.callbacks.over(self._board)
        self._ensure_beat()

    def _beat(self) -> None:
        with self._lock:
            self._beat_set = False
        if self.closed:
            return
        if self._rows.summary.watching and not self._rows.awaited:
            self._pause_if_unseen()
        if self.presence.seen:
            self._prefer()
            self._write(self._news(beat=True))
        self._ensure_beat()

    def _news(self, *, beat: bool = False, whole: bool = False) -> dict[str, Any]:
        """The traits that are other than what was told last.

        Args:
            beat: Have a sign of life among them.
            whole: The whole table is about to be sent.
        """
        values: dict[str, Any] = {}
        now, summary = time.monotonic(), self._rows.summary
        with self._rows.lock:
            seen = self.presence.seen
            if seen or whole:
                values |= self._table_news(whole=whole)
            sums = {"counts": summary.counts, "progress": summary.progress, "health": summary.health.value}
            values |= {name: value for name, value in sums.items() if getattr(self._board, name) != value}
            left, head = self._rows.time_left(time.time()), self._head_now()
        if self._left_observed.news(left, now):
            values["time_left"] = left
            self._left_observed.tell(left, now)
        other = any(head[name] != self._head.get(name) for name in head.keys() - {"now", "left"})
        due = beat or now - self._head_at >= configs.HEARTBEAT - _PAUSE
        if (seen or whole) and (values or due or other or self._left_told.news(left, now)):
            values["_head"] = self._head = {**head, "left": None if left is None else list(left)}
            self._left_told.tell(left, now)
            self._head_at = now
        return values

    def _table_news(self, *, whole: bool) -> dict[str, Any]:
        values: dict[str, Any] = {}
        table = self._rows.table
        if table.dirty and (whole or table.dirty > _MOST_IN_DELTA):
            table.skip()
            if not whole:
                values["_table"] = self._board.__tables_sent__ + 1
        elif table.dirty:
            values["_delta"] = table.delta(time.time())
        cards = self._cards.values(controls=self._controls)
        return values if cards is None else {**values, "_cards": cards}

    def _write(self, values: dict[str, Any]) -> None:
        if values:
            write_traits(self._board, **values)

    def _head_now(self) -> dict[str, Any]:
        """All but the time left."""
        summary = self._rows.summary
        return {
            "beat": configs.HEARTBEAT,
            "now": round(time.time(), 1),
            "number": self._rows.table.number,
            "watching": self._rows.summary.watching,
            "notice": self._rows.notice() or self._aside,
            "left": None,
            "done": summary.done,
            "total": summary.total,
            "cleared": len(self._rows.cleared),
            "controls": self._controls,
        }

    def status_line(self) -> str:
        """How far all jobs are, for a terminal."""
        with self._rows.lock:
            return status_line(self._rows.summary, self._rows.time_left(time.time()))

    def say(self, aside: dict[str, str] | None) -> None:
        """Have the board say something while all is well; ``None`` for nothing any more."""
        self._aside = aside
        self.changed()

    def show_controls(self, *, shown: bool) -> None:
        """Show the board's controls, or hide them while no click would reach the kernel."""
        if shown != self._controls:
            self._controls = shown
            self.changed()

    # ---- what comes from the page

    def on_message(self, _widget: object, content: object, _buffers: object) -> None:
        """Take in what a page says: on a subshell's thread or the main one, perhaps in mid-wait, so only hand it on."""
        kind = self.presence.message(content)
        if kind is None or not isinstance(content, dict):
            return
        self.frontend.answered()
        if not self._controls:
            self.show_controls(shown=True)
        row = content.get("row")
        watch = self._rows.watch_of(row)
        if kind in (HELLO, NEED):
            have = content.get("have")
            missed = kind == NEED or (isinstance(have, int) and have != self._rows.table.number)
            self.post(self._tell_all if missed else self._greet)
        elif kind == LOOK:
            rows = content.get("rows")
            self._in_view = tuple(rows[:_MOST_IN_VIEW]) if isinstance(rows, list) else ()
            shared_poller.shared().act_soon(self._prefer)
        elif kind in (OPEN, SHUT) and watch is not None:
            self._cards.open(watch) if kind == OPEN else self._cards.shut(watch.row)
            self.changed()
        elif kind in (CHECK, STOP, RESUME, CLEAR, RESTORE) and (row is None or watch is not None):
            # One that was meant for a row which is gone is not for all.
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
        """A page has come that has all there was: tell it what it was not told while none was there."""
        self._resume()
        self._write(self._news(beat=True))

    def _tell_all(self) -> None:
        self._resume()
        if time.monotonic() - self._answered_at < _ANSWERS:
            # All pages have got the last answer; who has missed that too asks again.
            return
        self._answered_at = time.monotonic()
        self._write(self._news(beat=True, whole=True))
        self._board.send_state(list(PAGE_TRAITS))

    def view_changed(self, change: Any) -> None:
        """The page has written how its reader wants to see the rows: the open ones are as after a reload."""
        opened = change["new"].get("open") if isinstance(change["new"], dict) else None
        for row in opened if isinstance(opened, list) else ():
            watch = self._rows.watch_of(row)
            if watch is not None and not self._cards.holds(watch.row):
                self._cards.open(watch)
                self.changed()

    # ---- whether anybody needs it

    def resumed(self) -> None:
        """Somebody watches again."""
        self._paused = False

    def _resume(self) -> None:
        if self._paused and not self.closed and not self.presence.closed_everywhere():
            self._paused = False
            self._rows.start()

    def _wanted(self) -> bool:
        """Whether somebody needs the board unseen: a callback or an observer, but not of a page of Voilà."""
        return not in_voila() and bool(self.callbacks or compat.observers(self._board, _OBSERVABLE))

    def _pause_if_unseen(self) -> None:
        if self.frontend.absent:
            # What is published is all that there is to see, and nobody can say whether it is seen.
            return
        thrown_away = compat.closed_by_host(self._board.comm)
        if thrown_away or self.presence.closed_everywhere():
            why = _CLOSED
        elif self.presence.silent(self._board):
            why = _UNSEEN.format(setting(configs.UNSEEN_TIMEOUT))
        else:
            return
        if self._wanted() and not thrown_away:
            return
        self._paused = True
        self._rows.pause(why)

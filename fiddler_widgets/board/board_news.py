"""The changes of a board that have not been sent to its pages yet, or that its observers have not got."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.board.countdown import Countdown
from fiddler_widgets.board.status_line import status_line

if TYPE_CHECKING:
    from fiddler_widgets.board.job_board import JobBoard
    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.open_cards import OpenCards
    from fiddler_widgets.widget.page_presence import Presence

__all__ = ["FLUSH_PAUSE", "BoardNews"]

FLUSH_PAUSE = 0.5
"""The least seconds between two messages."""

_MOST_IN_DELTA = 500
"""The most changed rows that are sent as a delta; with more, the whole table is smaller."""


class BoardNews:
    """Compares the present values with those that were sent last; only one thread may use it at a time.

    Args:
        board: The board, whose traits have the values that were sent.
        rows: Its jobs.
        cards: The cards of its open rows.
        presence: Knows whether a page shows the board; if none does, only the traits for users are updated.

    Attributes:
        aside: A notice for while all is well, as ``notice`` of `protocol.Head`; ``None`` for none.
        controls: Whether the board's controls are visible.
    """

    def __init__(self, board: JobBoard, rows: JobRows, cards: OpenCards, presence: Presence) -> None:
        self._board, self._rows, self._cards, self._presence = board, rows, cards, presence
        self.aside: dict[str, str] | None = None
        self.controls = True
        self._head: dict[str, Any] = {}
        self._head_at = float("-inf")
        self._sent_countdown, self._observed_countdown = Countdown(), Countdown()

    def first_values(self) -> dict[str, Any]:
        """The values of the board's traits before the first report."""
        with self._rows.lock:
            summary = self._rows.summary
            self._head = self._current_head()
            return {
                "counts": summary.counts,
                "progress": summary.progress,
                "health": summary.health.value,
                "_head": self._head,
            }

    def take(self, *, beat: bool = False, whole: bool = False) -> dict[str, Any]:
        """The traits that have changed since the last call, and count as sent from then on.

        Args:
            beat: Whether to include a heartbeat.
            whole: Whether the whole table is about to be sent.
        """
        values: dict[str, Any] = {}
        now, summary = time.monotonic(), self._rows.summary
        with self._rows.lock:
            on_page = self._presence.seen
            if on_page or whole:
                values |= self._table_changes(whole=whole)
            totals = {"counts": summary.counts, "progress": summary.progress, "health": summary.health.value}
            values |= {name: value for name, value in totals.items() if getattr(self._board, name) != value}
            remaining, head = self._rows.time_left(time.time()), self._current_head()
        if self._observed_countdown.has_changed(remaining, now):
            values["time_left"] = remaining
            self._observed_countdown.restart(remaining, now)
        head_changed = any(head[name] != self._head.get(name) for name in head.keys() - {"now", "left"})
        due = beat or now - self._head_at >= configs.HEARTBEAT - FLUSH_PAUSE
        if (on_page or whole) and (values or due or head_changed or self._sent_countdown.has_changed(remaining, now)):
            values["_head"] = self._head = {**head, "left": None if remaining is None else list(remaining)}
            self._sent_countdown.restart(remaining, now)
            self._head_at = now
        return values

    def status_line(self) -> str:
        """A line for a terminal on how far all jobs are."""
        with self._rows.lock:
            return status_line(self._rows.summary, self._rows.time_left(time.time()))

    def _table_changes(self, *, whole: bool) -> dict[str, Any]:
        values: dict[str, Any] = {}
        table = self._rows.table
        if table.dirty and (whole or table.dirty > _MOST_IN_DELTA):
            table.skip()
            if not whole:
                values["_table"] = self._board.__tables_sent__ + 1
        elif table.dirty:
            values["_delta"] = table.delta(time.time())
        cards = self._cards.values(controls=self.controls)
        return values if cards is None else {**values, "_cards": cards}

    def _current_head(self) -> dict[str, Any]:
        """The head as of now, without the time left."""
        summary = self._rows.summary
        return {
            "beat": configs.HEARTBEAT,
            "now": round(time.time(), 1),
            "number": self._rows.table.number,
            "watching": self._rows.summary.watching,
            "notice": self._rows.notice() or self.aside,
            "left": None,
            "done": summary.done,
            "total": summary.total,
            "cleared": len(self._rows.cleared),
            "controls": self.controls,
        }

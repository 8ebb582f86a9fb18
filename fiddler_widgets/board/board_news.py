"""What the pages of a board have not been told yet, and what its observers have not seen."""

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
"""Seconds from one message to the next, at least."""

_MOST_IN_DELTA = 500
"""Changed rows up to which a delta is smaller, or as small, as the whole table."""


class BoardNews:
    """Compares what is known with what was told last; not for several threads at a time.

    Args:
        board: The board, whose traits hold what was told.
        rows: Its jobs.
        cards: Those of its rows that are open.
        presence: Knows whether a page shows the board; to none of them nothing is told but what users may observe.

    Attributes:
        aside: What the board says while all is well, as ``notice`` of `protocol.Head`; ``None`` for nothing.
        controls: Whether the board's controls are shown.
    """

    def __init__(self, board: JobBoard, rows: JobRows, cards: OpenCards, presence: Presence) -> None:
        self._board, self._rows, self._cards, self._presence = board, rows, cards, presence
        self.aside: dict[str, str] | None = None
        self.controls = True
        self._head: dict[str, Any] = {}
        self._head_at = float("-inf")
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

    def take(self, *, beat: bool = False, whole: bool = False) -> dict[str, Any]:
        """The traits that are other than what was told last; from then on they count as told.

        Args:
            beat: Have a sign of life among them.
            whole: The whole table is about to be sent.
        """
        values: dict[str, Any] = {}
        now, summary = time.monotonic(), self._rows.summary
        with self._rows.lock:
            seen = self._presence.seen
            if seen or whole:
                values |= self._table_news(whole=whole)
            sums = {"counts": summary.counts, "progress": summary.progress, "health": summary.health.value}
            values |= {name: value for name, value in sums.items() if getattr(self._board, name) != value}
            left, head = self._rows.time_left(time.time()), self._head_now()
        if self._left_observed.news(left, now):
            values["time_left"] = left
            self._left_observed.tell(left, now)
        other = any(head[name] != self._head.get(name) for name in head.keys() - {"now", "left"})
        due = beat or now - self._head_at >= configs.HEARTBEAT - FLUSH_PAUSE
        if (seen or whole) and (values or due or other or self._left_told.news(left, now)):
            values["_head"] = self._head = {**head, "left": None if left is None else list(left)}
            self._left_told.tell(left, now)
            self._head_at = now
        return values

    def status_line(self) -> str:
        """How far all jobs are, for a terminal."""
        with self._rows.lock:
            return status_line(self._rows.summary, self._rows.time_left(time.time()))

    def _table_news(self, *, whole: bool) -> dict[str, Any]:
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

    def _head_now(self) -> dict[str, Any]:
        """All but the time left."""
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

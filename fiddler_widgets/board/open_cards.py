"""The cards of a board's open rows, whose values are sent to the page together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from fiddler_widgets.board.open_card import OpenCard

if TYPE_CHECKING:
    from fiddler_widgets.board.job_rows import JobRows
    from fiddler_widgets.board.row_watch import RowWatch

__all__ = ["MOST_OPEN", "OpenCards"]

MOST_OPEN = 20
"""The most open rows; if another is opened, the one that was opened first closes."""


class OpenCards:
    """The cards of the open rows. Safe to share between threads.

    Args:
        rows: The board's jobs.
    """

    def __init__(self, rows: JobRows) -> None:
        self._rows = rows
        self._cards: dict[int, OpenCard] = {}
        self._lock = threading.Lock()
        self._changed = False

    def holds(self, row: int) -> bool:
        """Whether that row is open."""
        return row in self._cards

    def open(self, watch: RowWatch) -> None:
        """Open a row."""
        with self._rows.lock, self._lock:
            row = watch.row
            if row not in self._rows.table or row in self._cards:
                return
            began, seen = self._rows.table.get(row, "began"), self._rows.table.get(row, "seen")
            self._cards[row] = OpenCard(watch, began, began if seen is None else seen, self._rows.history_of(watch))
            while len(self._cards) > MOST_OPEN:
                del self._cards[next(iter(self._cards))]
            self._changed = True

    def shut(self, row: int) -> None:
        """Close a row."""
        with self._lock:
            self._changed |= self._cards.pop(row, None) is not None

    def values(self, *, controls: bool) -> dict[str, Any] | None:
        """The values of all cards for the page, by row; ``None`` if nothing has changed since the last call.

        Args:
            controls: Whether a click can reach the kernel.
        """
        with self._lock:
            removed = [row for row in self._cards if row not in self._rows.table]
            for row in removed:
                del self._cards[row]
            card_values = {str(row): card.values(controls=controls) for row, card in self._cards.items()}
            has_changed = self._changed or bool(removed) or any(changed for _, changed in card_values.values())
            self._changed = False
            return {row: values for row, (values, _) in card_values.items()} if has_changed else None

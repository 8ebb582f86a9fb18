"""The rows of a board, stored in columns, and the changes since the last delta.

Pure. A row is a small integer that is never used again. Snapshots and deltas have a number, by which a page notices
that it has missed one; ``tests/unit/test_board_table.py`` has a model of a page that misses some.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fiddler_widgets.board.protocol import Delta

__all__ = ["COLUMNS", "Table"]

_TEXTS: Final = (
    "id",
    "name",
    "what",
    "project",
    "model",
    "kind",
    "status",
    "word",
    "tone",
    "icon",
    "health",
    "trouble",
    "error",
    "link",
)
_FLAGS: Final = ("final", "held")
_TIMES: Final = ("began", "phase", "seen")
COLUMNS: Final = (
    *_TEXTS,
    *_FLAGS,
    "progress",
    "low",
    "high",
    "began",
    "phase",
    "seen",
    "pause",
    "took",
)
"""The names of the columns; in snapshots, columns of texts have indexes into a list of all texts."""


class Table:
    """The rows of one board. Not safe to share between threads.

    Attributes:
        number: How many deltas were made; a snapshot has this number, too.
    """

    def __init__(self) -> None:
        self.number = 0
        self._next = 0
        self._columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        self._places: dict[int, int] = {}
        self._free: list[int] = []
        self._dirty: set[int] = set()
        self._new: set[int] = set()
        self._changed: set[str] = set()
        self._removed: list[int] = []

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._places)

    def __iter__(self) -> Iterator[int]:
        """The rows, the oldest first."""
        return iter(self._places)

    def __contains__(self, row: object) -> bool:
        """Whether there is such a row."""
        return row in self._places

    @property
    def dirty(self) -> int:
        """How many rows have changed or were removed since the last delta."""
        return len(self._dirty) + len(self._removed)

    def add(self, values: Mapping[str, Any]) -> int:
        """Add a row.

        Args:
            values: A value for each column.

        Returns:
            The row.
        """
        row, self._next = self._next, self._next + 1
        if self._free:
            place = self._free.pop()
            for name, column in self._columns.items():
                column[place] = values[name]
        else:
            place = len(self._columns["id"])
            for name, column in self._columns.items():
                column.append(values[name])
        self._places[row] = place
        self._dirty.add(row)
        self._new.add(row)
        return row

    def update(self, row: int, values: Mapping[str, Any]) -> bool:
        """Set some columns of a row; returns whether any of them has changed."""
        place, columns = self._places[row], self._columns
        changed = [name for name, value in values.items() if columns[name][place] != value]
        for name in changed:
            columns[name][place] = values[name]
        if not changed:
            return False
        self._dirty.add(row)
        if row not in self._new:
            self._changed.update(changed)
        return True

    def remove(self, rows: Iterable[int]) -> None:
        """Remove rows; unknown rows are ignored."""
        for row in rows:
            place = self._places.pop(row, None)
            if place is None:
                continue
            self._free.append(place)
            for column in self._columns.values():
                column[place] = None
            self._dirty.discard(row)
            # A page may know the row by a snapshot though no delta had it, so its removal is always part of a delta.
            self._new.discard(row)
            self._removed.append(row)

    def get(self, row: int, name: str) -> Any:
        """The value of one column."""
        return self._columns[name][self._places[row]]

    def values(self, row: int) -> dict[str, Any]:
        """All values of a row by column."""
        place = self._places[row]
        return {name: column[place] for name, column in self._columns.items()}

    def column(self, name: str) -> list[Any]:
        """All values of a column, in the order of the rows."""
        column = self._columns[name]
        return [column[place] for place in self._places.values()]

    def delta(self, now: float) -> Delta:
        """The changes since the last delta.

        Args:
            now: Epoch seconds.

        Returns:
            Strict JSON, with the columns in which any of the rows has changed; with all columns if there is a new row.
        """
        self.number += 1
        rows = sorted(self._dirty)
        places = [self._places[row] for row in rows]
        names = COLUMNS if self._new else [name for name in COLUMNS if name in self._changed] if rows else []
        columns = {name: [self._columns[name][place] for place in places] for name in names}
        removed = self._removed
        self._forget_changes()
        return {"number": self.number, "now": round(now, 1), "rows": rows, "columns": columns, "removed": removed}

    def skip(self) -> None:
        """Forget all changes, since a snapshot is sent instead of a delta that would be as large."""
        self.number += 1
        self._forget_changes()

    def snapshot(self, now: float) -> bytes:
        """All rows as they are now, including changes that no delta had yet.

        Args:
            now: Epoch seconds.

        Returns:
            Strict JSON in UTF-8. Flags are 0 and 1; columns that are empty in all rows are missing.
        """
        strings: dict[str, int] = {}
        places, base = list(self._places.values()), round(now)
        columns: dict[str, list[Any]] = {}
        # Ids come last: no two rows share one, and texts that many rows share should have short indexes.
        for name in sorted(COLUMNS, key="id".__eq__):
            column = self._columns[name]
            values = [column[place] for place in places]
            # A page fills in the columns that are missing as empty.
            if all(value is None or value is False or value == "" for value in values):
                continue
            if name in _TEXTS:
                values = [strings.setdefault(text, len(strings)) for text in values]
            elif name in _TIMES:
                values = [None if at is None else base - at for at in values]
            columns[name] = [int(flag) for flag in values] if name in _FLAGS else values
        table = {
            "number": self.number,
            "now": round(now, 1),
            "base": base,
            "rows": list(self._places),
            "strings": list(strings),
            "columns": columns,
        }
        return json.dumps(table, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")

    def _forget_changes(self) -> None:
        self._dirty, self._new, self._changed, self._removed = set(), set(), set(), []

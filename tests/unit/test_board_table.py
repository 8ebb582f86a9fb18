"""The table of a board: whatever a network does to its messages, a page that asks again ends with the same rows."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.board.table import COLUMNS, Table

TEXTS = ("", "Upload", "Überwachung", "\ud800")


def values(number: int = 0, text: str = "Upload") -> dict[str, Any]:
    """Return a value for each column, told apart by a number and a text."""
    of_kind = {"final": bool(number % 2), "held": False, "progress": float(number), "low": None}
    return {name: of_kind.get(name, text if name in TEXT_COLUMNS else float(number)) for name in COLUMNS}


EMPTY = {"final": False, "held": False}
TIMES = ("began", "phase", "seen")
TEXT_COLUMNS = frozenset(COLUMNS[: COLUMNS.index("final")])


def harmless(value: object) -> object:
    """Return a value as it is after its way through UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


class Page:
    """What a page makes of its messages, as ``js/src`` does."""

    def __init__(self) -> None:
        self.number = -1
        self.rows: dict[int, dict[str, object]] = {}
        self.needs = True

    def receive(self, kind: str, message: Any) -> None:
        """Take in a message, in whatever order they come."""
        if kind == "table":
            self._replace(json.loads(message))
        elif kind == "delta":
            self._apply(message)
        elif message["number"] > self.number:
            self.needs = True

    def _replace(self, table: dict[str, Any]) -> None:
        if table["number"] < self.number:
            return
        self.number, self.needs, strings = table["number"], False, table["strings"]
        empty = {name: EMPTY.get(name, "" if name in TEXT_COLUMNS else None) for name in COLUMNS}
        self.rows = {row: dict(empty) for row in table["rows"]}
        for name, column in table["columns"].items():
            for row, value in zip(table["rows"], column, strict=True):
                if name in TIMES and value is not None:
                    self.rows[row][name] = table["base"] - value
                else:
                    self.rows[row][name] = strings[value] if name in TEXT_COLUMNS else value

    def _apply(self, delta: dict[str, Any]) -> None:
        if delta["number"] <= self.number:
            return
        if delta["number"] != self.number + 1:
            self.needs = True
            return
        self.number = delta["number"]
        for row in delta["removed"]:
            self.rows.pop(row, None)
        for at, row in enumerate(delta["rows"]):
            known = self.rows.setdefault(row, {})
            for name, column in delta["columns"].items():
                known[name] = harmless(column[at])


def rows_of(table: Table) -> dict[int, dict[str, object]]:
    """Return what a page is to show."""
    return {row: {name: harmless(value) for name, value in table.values(row).items()} for row in table}


change = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 3), st.sampled_from(TEXTS)),
    st.tuples(st.just("update"), st.integers(0, 8), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.integers(0, 8), st.just(0)),
    st.tuples(st.just("delta"), st.just(0), st.just(0)),
    st.tuples(st.just("skip"), st.just(0), st.just(0)),
    st.tuples(st.just("snapshot"), st.just(0), st.just(0)),
    # A message arrives: which of those under way, and whether it comes once more.
    st.tuples(st.just("arrive"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("lose"), st.integers(0, 5), st.just(0)),
)


def happen(table: Table, what: str, one: Any, other: Any) -> list[tuple[str, Any]]:
    """Change a table; return the messages that its page is sent then."""
    if what == "add":
        table.add(values(one, other))
    elif what == "update" and one in table:
        table.update(one, {"progress": float(other), "name": TEXTS[other]})
    elif what == "remove":
        table.remove([one])
    elif what == "delta":
        return [("delta", table.delta(1.0))]
    elif what in ("skip", "snapshot"):
        if what == "skip":
            table.skip()
        return [("table", table.snapshot(1.0))]
    return []


def carry(under_way: list[tuple[str, Any]], page: Page, what: str, which: int, *, again: bool) -> None:
    """Have a message arrive, perhaps to come again, or be lost."""
    if which < len(under_way):
        message = under_way[which] if what == "arrive" and again else under_way.pop(which)
        if what == "arrive":
            page.receive(*message)


@given(st.lists(change, max_size=60))
def test_a_page_that_misses_messages_ends_with_the_same_rows(changes: list[tuple[str, Any, Any]]) -> None:
    """Messages are dropped, repeated and reordered; with the next sign of life the page asks, and has it all."""
    table, page = Table(), Page()
    under_way: list[tuple[str, Any]] = []
    for what, one, other in changes:
        if what in ("arrive", "lose"):
            carry(under_way, page, what, one, again=bool(other))
        else:
            under_way += happen(table, what, one, other)
    page.receive("delta", json.loads(json.dumps(table.delta(2.0), allow_nan=False)))
    page.receive("head", {"number": table.number})
    if page.needs:
        page.receive("table", table.snapshot(3.0))
    assert page.number == table.number
    assert page.rows == rows_of(table)


def test_a_row_is_never_used_again() -> None:
    """What a page has open stays the job that it was."""
    table = Table()
    first = table.add(values())
    table.remove([first])
    assert table.add(values()) != first


def test_a_delta_has_the_changed_columns_only() -> None:
    """Of a hundred rows whose progress moves, a page is told the progress."""
    table = Table()
    rows = [table.add(values()) for _ in range(100)]
    table.delta(1.0)
    for row in rows[:5]:
        table.update(row, {"progress": 50.0, "name": "Upload"})
    delta = table.delta(2.0)
    assert (delta["rows"], list(delta["columns"])) == (rows[:5], ["progress"])
    assert table.dirty == 0


def test_an_update_without_news_is_none() -> None:
    """A look that finds what is known already has nothing sent."""
    table = Table()
    row = table.add(values(1))
    table.delta(1.0)
    assert not table.update(row, values(1))
    assert table.dirty == 0


def test_a_snapshot_of_ten_thousand_rows_stays_small() -> None:
    """Texts that many rows share are in it once."""
    table = Table()
    for number in range(10_000):
        same = dict.fromkeys(TEXT_COLUMNS, "Ingestion dataset Upload")
        numbers = {name: number % 100 for name in COLUMNS if name not in TEXT_COLUMNS}
        id_ = f"e9a2a782-1db4-4bb8-8db0-{number:012d}"
        table.add(
            {
                **same,
                **numbers,
                "id": id_,
                "began": 1800000000,
                "phase": 1800000300,
                "seen": 1800000590,
                "final": False,
                "held": False,
            }
        )
    assert len(table.snapshot(1800000600.0)) < 1.1e6

"""What is sent while no cell runs is sent again by the next one, since some hosts receive nothing between cells."""

from __future__ import annotations

import pytest

from fiddler_widgets import cell_context
from fiddler_widgets.cell_context import send_within_cell


@pytest.fixture(autouse=True)
def _cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells of this test's own."""
    for name, value in (("_newest", None), ("_cell_runs", True), ("_turns", 0), ("_sent_between", {})):
        monkeypatch.setattr(cell_context, name, value)


def test_what_is_sent_while_a_cell_runs_is_sent_once() -> None:
    """Also when the next one begins."""
    sent: list[str] = []
    send_within_cell("card", lambda: sent.append("end"))
    cell_context._end_cell()
    cell_context._begin_cell()
    assert sent == ["end"]


def test_what_is_sent_between_cells_is_sent_again_when_one_begins() -> None:
    """Of each sender what it sent last, and once."""
    sent: list[str] = []
    cell_context._end_cell()
    for what in ("60 %", "end"):
        send_within_cell("card", lambda what=what: sent.append(what))  # type: ignore[misc]
    send_within_cell("board", lambda: sent.append("3 jobs"))
    for _ in range(2):
        cell_context._begin_cell()
        cell_context._end_cell()
    assert sent == ["60 %", "end", "3 jobs", "end", "3 jobs"]


def test_what_is_sent_at_a_cells_end_is_sent_again() -> None:
    """The cell may have been over before it had left."""
    sent: list[str] = []

    def send() -> None:
        sent.append("end")
        if len(sent) == 1:
            cell_context._end_cell()

    send_within_cell("card", send)
    cell_context._begin_cell()
    assert sent == ["end", "end"]


def test_later_words_are_not_sent_before_older_ones() -> None:
    """A thread that sends while what is older is being sent again has the last word."""
    sent: list[str] = []
    cell_context._end_cell()

    def older() -> None:
        sent.append("60 %")
        if sent == ["60 %", "60 %"]:
            # As if the thread had come between this one's decision to send and its sending.
            send_within_cell("card", lambda: sent.append("end"))
            sent.append("60 %")

    send_within_cell("card", older)
    cell_context._begin_cell()
    assert sent == ["60 %", "60 %", "end", "60 %", "end"]

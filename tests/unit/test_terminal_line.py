"""A board's line in a terminal: what it says, that it stays one line, and where there is none."""

from __future__ import annotations

import io
import sys

import pytest

from fiddler_widgets.board.summary import Summary
from fiddler_widgets.board.terminal_line import TerminalLine, status_line


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def summary(*statuses: str) -> Summary:
    """Return what is counted over jobs with these statuses."""
    counted = Summary()
    for status in statuses:
        final = status in ("SUCCESS", "FAILURE")
        counted.add(
            {"status": status, "health": "live", "progress": 50, "final": final, "low": None, "high": None},
        )
    return counted


def test_line_says_how_far_all_jobs_are() -> None:
    """A bar, the counts that matter, and the longest that it may take."""
    line = status_line(summary("SUCCESS", "FAILURE", "STARTED", "STARTED"), (30.0, 200.0))
    assert line == "[###############     ] 75 %  2 of 4 over, 1 failed, 3 min 20 s left at most"
    assert status_line(summary("STARTED"), None) == "[##########          ] 50 %  0 of 1 over"


def test_line_is_drawn_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where it changes, no longer than the terminal is wide, and cleared at the end."""
    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    line = TerminalLine(stream)
    for text in ("one", "one", "two" * 30):
        line.show(text)
    line.clear()
    line.clear()
    assert stream.getvalue().split("\r\x1b[2K") == ["", "one", ("two" * 30)[:19], ""]


@pytest.mark.parametrize(("term", "shown"), [("xterm", True), ("dumb", False)])
def test_line_is_for_terminals_alone(monkeypatch: pytest.MonkeyPatch, term: str, shown: bool) -> None:  # noqa: FBT001
    """Not for files, and not for terminals that cannot move their cursor."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    TerminalLine().show("one")
    assert bool(stream.getvalue()) is shown
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    TerminalLine().show("one")

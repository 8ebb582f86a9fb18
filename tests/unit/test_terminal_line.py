"""A terminal's line: what it says of a board and of a job, that it stays one line, and where there is none."""

from __future__ import annotations

import io
import logging
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from fiddler_widgets.board.status_line import status_line
from fiddler_widgets.board.summary import Summary
from fiddler_widgets.rendering.terminal_line import TerminalLine
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from tests.unit.fake_server import FakeServer

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
CLEAR = "\r\x1b[2K"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True

    def screen(self) -> list[str]:
        """The lines that are to be seen on it now."""
        return [line.rsplit(CLEAR, 1)[-1] for line in self.getvalue().split("\n")]


def make_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Have a wide terminal as standard error, and a logger that nobody has configured, until the test is over.

    Called by the test itself: pytest takes standard error back between a fixture and its test.
    """
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "400")
    log = logging.getLogger("fiddler_widgets")
    # pytest's own handlers, at the root, are no configuration of a user's.
    monkeypatch.setattr(log, "propagate", False)
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", logging.NOTSET)
    return stream


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
    assert stream.getvalue().split(CLEAR) == ["", "one", ("two" * 30)[:19], ""]


def test_a_terminal_has_one_line() -> None:
    """Of two waits the one that began first is shown, and the other once that is over."""
    stream = Terminal()
    first, second = TerminalLine(stream), TerminalLine(stream)
    first.show("first")
    second.show("second")
    assert stream.screen() == ["first"]
    first.clear()
    second.show("second")
    assert stream.screen() == ["second"]
    second.clear()
    assert stream.screen() == [""]


@pytest.mark.parametrize(("term", "shown"), [("xterm", True), ("dumb", False)])
def test_line_is_for_terminals_alone(monkeypatch: pytest.MonkeyPatch, term: str, shown: bool) -> None:  # noqa: FBT001
    """Not for files, and not for terminals that cannot move their cursor."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    line = TerminalLine()
    line.show("one")
    line.clear()
    assert bool(stream.getvalue()) is shown
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    TerminalLine().show("one")


@pytest.mark.parametrize("waited_by", ["job", "card"])
def test_wait_for_one_job_is_one_line(monkeypatch: pytest.MonkeyPatch, server: FakeServer, waited_by: str) -> None:
    """Drawn anew at each poll; what stays of it are troubles and the end, each in a line of its own."""
    terminal = make_terminal(monkeypatch)
    job = fw.Job(ID, connection=server)
    waiting = job if waited_by == "job" else fw.JobWidget(job, interval=0.2)
    name = f"job 'Upload' ({ID})"

    def act() -> None:
        for progress in (30.0, 50.0):
            server.fields["progress"] = progress
            bar = f"[{'#' * int(progress / 5):<20}] {progress:.0f} %  STARTED"
            until(lambda bar=bar: terminal.screen()[-1].startswith(bar))  # type: ignore[misc]
        server.error = http_error(503)
        until(lambda: "STARTED (trying again: the server answered 503)" in terminal.screen()[-1])
        server.error = None
        until(lambda: "trying" not in terminal.screen()[-1])
        server.fields.update(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=act)
    thread.start()
    waiting.wait(interval=0.2, timeout=30)
    thread.join()
    kept = [line.split(" ", 1)[-1] for line in terminal.screen()]
    assert kept == [
        f"{name}: STARTED, 50 % (trying again: the server answered 503)",
        f"{name}: SUCCESS, 100 %",
        "",
    ]
    if isinstance(waiting, fw.JobWidget):
        waiting.close()


def test_line_says_how_long_it_has_waited_where_no_progress_is_known(
    monkeypatch: pytest.MonkeyPatch, server: FakeServer
) -> None:
    """Then nothing else shows that something goes on."""
    terminal = make_terminal(monkeypatch)
    server.fields["progress"] = None
    job = fw.Job(ID, connection=server)

    def act() -> None:
        until(lambda: terminal.screen()[-1].startswith(f"STARTED, waited 1 s, job 'Upload' ({ID})"))
        server.fields.update(status="SUCCESS")

    thread = threading.Thread(target=act)
    thread.start()
    job.wait(interval=0.2, timeout=30)
    thread.join()
    assert terminal.screen()[-1] == ""

"""A line of a terminal that is drawn anew in its place: how far all jobs of a board are."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from fiddler_widgets.durations import duration, percent
from fiddler_widgets.environment import in_marimo, in_notebook
from fiddler_widgets.rendering.badges import badge

if TYPE_CHECKING:
    from fiddler_widgets.board.summary import Summary

__all__ = ["TerminalLine", "status_line"]

_CLEAR = "\r\x1b[2K"
_BAR = 20
_BAD = ("FAILURE", "REVOKED", "RETRY")


def status_line(summary: Summary, left: tuple[float, float] | None) -> str:
    """How far all jobs are, as in "[##########          ] 50 %  12 of 24 over, 1 failed, about 3 min left".

    Args:
        summary: What is counted over them.
        left: The range of seconds that they may take yet; ``None`` while unknown.
    """
    filled = int(_BAR * summary.progress / 100)
    bad = [f", {count} {badge(status).word.lower()}" for status, count in summary.counts.items() if status in _BAD]
    rest = "" if left is None else f", {duration(left[1])} left at most"
    over = f"{summary.done} of {summary.total} over"
    return f"[{'#' * filled:<{_BAR}}] {percent(summary.progress)}  {over}{''.join(bad)}{rest}"


class TerminalLine:
    """The line, where there is a terminal to draw it.

    Args:
        stream: Where to; ``None`` for standard error, if that is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = _terminal() if stream is None else stream
        self._shown = ""

    def __bool__(self) -> bool:
        """Whether there is a terminal."""
        return self._stream is not None

    def show(self, line: str) -> None:
        """Draw it, if it says something else than before."""
        if self._stream is not None and line != self._shown:
            self._shown = line
            # One that is too long would go on in a line that nothing clears.
            self._stream.write(_CLEAR + line[: shutil.get_terminal_size().columns - 1])
            self._stream.flush()

    def clear(self) -> None:
        """Take it away, for other lines or for good."""
        if self._stream is not None and self._shown:
            self._shown = ""
            self._stream.write(_CLEAR)
            self._stream.flush()


def _terminal() -> TextIO | None:
    stream = sys.stderr
    plain = in_notebook() or in_marimo() or os.environ.get("TERM", "dumb") == "dumb"
    return stream if stream is not None and stream.isatty() and not plain else None

"""A line of a terminal that is drawn anew in its place: how far what is waited for has come."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from typing import TextIO

from fiddler_widgets.durations import percent
from fiddler_widgets.environment import in_marimo, in_notebook

__all__ = ["TerminalLine", "clear_line", "line_is_shown", "progress_bar"]

_CLEAR = "\r\x1b[2K"
_BAR = 20


def progress_bar(progress: float) -> str:
    """A bar of characters, as in "[##########          ] 50 %".

    Args:
        progress: Per cent.
    """
    return f"[{'#' * int(_BAR * progress / 100):<{_BAR}}] {percent(progress)}"


class TerminalLine:
    """The line, where there is a terminal to draw it; of several at a time the one that was there first.

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
        """Draw it, if it says something else than what is there."""
        global _line  # noqa: PLW0603 (a process has one terminal)
        if self._stream is None:
            return
        with _lock:
            if _line is None:
                _line = self
            if _line is not self or line == self._shown:
                return
            self._shown = line
            # One that is too long would go on in a line that nothing clears.
            self._write(_CLEAR + line[: shutil.get_terminal_size().columns - 1])

    def clear(self) -> None:
        """Take it away for good, so that another may be drawn."""
        global _line  # noqa: PLW0603
        with _lock:
            self._take_away()
            if _line is self:
                _line = None

    def make_room(self) -> None:
        """Take it away for other lines; it is drawn below them."""
        with _lock:
            self._take_away()

    def _take_away(self) -> None:
        if self._shown:
            self._shown = ""
            self._write(_CLEAR)

    def _write(self, text: str) -> None:
        assert self._stream is not None  # noqa: S101 (nothing is shown without one)
        self._stream.write(text)
        self._stream.flush()


_lock = threading.RLock()
"""Recursive, since an interrupt's handler may clear the line while it is drawn."""

_line: TerminalLine | None = None
"""The one that is drawn."""


def clear_line() -> None:
    """Make room for other lines on the terminal, whoever draws the one that is there."""
    line = _line
    if line is not None:
        line.make_room()


def line_is_shown() -> bool:
    """Whether a line says how far something is, so that others need not."""
    return _line is not None


def _terminal() -> TextIO | None:
    stream = sys.stderr
    plain = in_notebook() or in_marimo() or os.environ.get("TERM", "dumb") == "dumb"
    return stream if stream is not None and stream.isatty() and not plain else None

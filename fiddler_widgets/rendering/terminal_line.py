"""A line of a terminal that is redrawn in place, to show the progress of a wait."""

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
    """A bar of characters, such as "[##########          ] 50 %".

    Args:
        progress: Per cent.
    """
    return f"[{'#' * int(_BAR * progress / 100):<{_BAR}}] {percent(progress)}"


class TerminalLine:
    """The line of one wait, if there is a terminal; while several waits have one, only the first line is drawn.

    Args:
        stream: Where to draw it; ``None`` for standard error, if that is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = _terminal() if stream is None else stream
        self._current = ""

    def __bool__(self) -> bool:
        """Whether there is a terminal."""
        return self._stream is not None

    def show(self, line: str) -> None:
        """Draw the line, if it has changed."""
        global _line  # noqa: PLW0603 (a process has one terminal)
        if self._stream is None:
            return
        with _lock:
            if _line is None:
                _line = self
            if _line is not self or line == self._current:
                return
            self._current = line
            # A longer line would continue in the next one, which is never cleared.
            self._write(_CLEAR + line[: shutil.get_terminal_size().columns - 1])

    def clear(self) -> None:
        """Erase the line for good, so that another one may be drawn."""
        global _line  # noqa: PLW0603
        with _lock:
            self._erase()
            if _line is self:
                _line = None

    def make_room(self) -> None:
        """Erase the line for other output; it is drawn again below that."""
        with _lock:
            self._erase()

    def _erase(self) -> None:
        if self._current:
            self._current = ""
            self._write(_CLEAR)

    def _write(self, text: str) -> None:
        assert self._stream is not None  # noqa: S101 (nothing is shown without one)
        self._stream.write(text)
        self._stream.flush()


_lock = threading.RLock()
"""A recursive lock, since an interrupt's handler may clear the line while it is being drawn."""

_line: TerminalLine | None = None
"""The line that is drawn; ``None`` if there is none."""


def clear_line() -> None:
    """Make room for other output on the terminal."""
    line = _line
    if line is not None:
        line.make_room()


def line_is_shown() -> bool:
    """Whether a line shows the progress of a wait, so that other output need not."""
    return _line is not None


def _terminal() -> TextIO | None:
    stream = sys.stderr
    plain = in_notebook() or in_marimo() or os.environ.get("TERM", "dumb") == "dumb"
    return stream if stream is not None and stream.isatty() and not plain else None

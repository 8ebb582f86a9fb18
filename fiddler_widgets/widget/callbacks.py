"""Callbacks for the end of a job, or of all jobs of a board: each runs once, in a thread for such, with no lock held.

What one prints or displays goes under the cell that registered it.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.polling import shared_poller

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Callbacks"]

_log = logging.getLogger("fiddler_widgets")


_Widget = TypeVar("_Widget")


class Callbacks(Generic[_Widget]):
    """What is to be called when the job of a card is over, or all jobs of a board.

    Args:
        what: Whose end it is, for the log.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._waiting: list[tuple[CellContext, Callable[[_Widget], object]]] = []
        self._over = False
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Whether any callback still waits for the end."""
        return bool(self._waiting)

    def add(self, widget: _Widget, callback: Callable[[_Widget], object]) -> None:
        """Call back at the end, or soon if that has been.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(callback):
            msg = f"on_complete() takes a function, not {type(callback).__name__}"  # type: ignore[unreachable]
            raise TypeError(msg)
        context = CellContext()
        with self._lock:
            if not self._over:
                self._waiting.append((context, callback))
                return
        self._call_soon(widget, context, callback)

    def over(self, widget: _Widget) -> None:
        """The job has reached its final status."""
        with self._lock:
            self._over = True
            callbacks, self._waiting = self._waiting, []
        for context, callback in callbacks:
            self._call_soon(widget, context, callback)

    def _call_soon(self, widget: _Widget, context: CellContext, callback: Callable[[_Widget], object]) -> None:
        def call() -> None:
            try:
                callback(widget)
            except Exception:  # noqa: BLE001 (the other callbacks are owed theirs)
                _log.exception("a callback given to on_complete raised, for %s", self._what)

        shared_poller.shared().call_soon(lambda: context.run(call))

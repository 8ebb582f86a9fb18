"""Callbacks for the end of a job: each runs once, in a thread of its own for such callbacks, with no lock held.

What one prints or displays goes under the cell that registered it.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.polling import shared_poller

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.widget.job_widget import JobWidget

__all__ = ["Callbacks"]

_log = logging.getLogger("fiddler_widgets")


class Callbacks:
    """What is to be called when the job of a card is over."""

    def __init__(self) -> None:
        self._waiting: list[tuple[CellContext, Callable[[JobWidget], object]]] = []
        self._over = False
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Whether any callback still waits for the end."""
        return bool(self._waiting)

    def add(self, widget: JobWidget, callback: Callable[[JobWidget], object]) -> None:
        """Call back at the end, or soon if that has been."""
        context = CellContext()
        with self._lock:
            if not self._over:
                self._waiting.append((context, callback))
                return
        _call_soon(widget, context, callback)

    def over(self, widget: JobWidget) -> None:
        """The job has reached its final status."""
        with self._lock:
            self._over = True
            callbacks, self._waiting = self._waiting, []
        for context, callback in callbacks:
            _call_soon(widget, context, callback)


def _call_soon(widget: JobWidget, context: CellContext, callback: Callable[[JobWidget], object]) -> None:
    def call() -> None:
        try:
            callback(widget)
        except Exception:  # noqa: BLE001 (the other callbacks are owed theirs)
            _log.exception("a callback given to on_complete raised, for job %s", widget.job_id)

    shared_poller.shared().call_soon(lambda: context.run(call))

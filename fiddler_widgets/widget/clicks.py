"""Which clicks of a page have been acted upon."""

from __future__ import annotations

import threading
from collections import deque

__all__ = ["Clicks"]

_KNOWN = 50
"""How many clicks are remembered: more than a reader makes while one cell runs."""


class Clicks:
    """Tells a click from the same one that has come again; from any thread.

    A page sends a click until it is answered. What it sends first may be taken in last, when the cell that runs has
    ended, and must not undo what the reader has done since.
    """

    def __init__(self) -> None:
        self._known: deque[str] = deque(maxlen=_KNOWN)
        self._lock = threading.Lock()

    def known(self, content: object) -> bool:
        """Whether a message is of a click that came before; from now on it is."""
        click = content.get("click") if isinstance(content, dict) else None
        if not isinstance(click, str):
            return False
        with self._lock:
            if click in self._known:
                return True
            self._known.append(click)
            return False

"""What a wait says of its job's changes in a notebook that no page shows: the lines that a terminal gets, on stderr.

Whether there is a page is known only when it has had the time to answer, so lines are held until then. Where there is
one they are never shown: its reader has the card.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fiddler_widgets.widget.page_presence import Presence

__all__ = ["Transcript"]


class Transcript:
    """The lines of one card's waits.

    Args:
        presence: Knows whether a page shows the card.
    """

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._held: list[str] = []

    def add(self, line: str) -> None:
        """Take a line, as of now."""
        self._held.append(f"{time.strftime('%H:%M:%S')} {line}")

    def go_on(self, elapsed: float) -> None:
        """Show what is held, if so many seconds into a wait it is clear that no page shows the card."""
        if self._held and self._presence.unseen(elapsed):
            lines, self._held = self._held, []
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            sys.stderr.flush()

    def end(self) -> None:
        """Show what is held, unless a page has been heard of; it would have answered by now, or never will."""
        self.go_on(float("inf"))
        self._held = []

"""What a card sends to its pages: messages with a number, and all of it again for a page that missed one.

Connections die without a word, and servers drop messages above some rate; a page that misses a number asks (`NEED`).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from fiddler_widgets.widget.traits import PAGE_TRAITS, write_traits

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.widget.traits import CardTraits

__all__ = ["PageMessages"]

_PAUSE: Final = 1.0
"""Seconds from an answer to the next; it reaches all pages of the card, and who asks sooner asks again."""


class PageMessages:
    """Writes a card's traits, one call at a time. Times are monotonic seconds.

    Args:
        card: The card.
        monotonic: The clock.
    """

    def __init__(self, card: CardTraits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._card, self._monotonic = card, monotonic
        self._number = self._answers = 0
        self._answered_at = float("-inf")

    def write(self, **values: Any) -> None:
        """Set traits together, in one message with the next number."""
        self._number += 1
        write_traits(self._card, _number=self._number, **values)

    def missed_by(self, hello: object) -> bool:
        """Whether a page that says hello has not got all that was written, as far as it tells."""
        have = hello.get("have") if isinstance(hello, dict) else None
        return isinstance(have, int) and have < self._number

    def owes_answer(self) -> bool:
        """Whether to answer a page that asks now: all have got the last answer, if that was a moment ago."""
        return self._monotonic() - self._answered_at >= _PAUSE

    def answer(self) -> None:
        """Send the whole state, in one message."""
        self._answered_at = self._monotonic()
        self._answers += 1
        # Told to the page in this message only: where it changes, all else is there too.
        self._card.set_trait("_whole", self._answers)
        self._card.send_state([*PAGE_TRAITS, "_whole"])

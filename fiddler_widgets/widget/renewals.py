"""How often an output is published again that no page draws by itself: at each change, at most once a second.

The end is published at once, since there may be nobody left a second later to do so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Renewals"]

_PAUSE: Final = 1.0
"""Seconds from one publication to the next, at least."""

_REFRESHED: Final = 30.0
"""Seconds after which what has not changed is published again, since it says as of when it is true."""


class Renewals:
    """When to publish a static output; pure. Times are monotonic seconds.

    Args:
        monotonic: The clock.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._at = float("-inf")
        self._owed = False

    def due(self, news: bool, *, static: bool) -> float | None:  # noqa: FBT001
        """Whether to publish now.

        Args:
            news: Whether there is anything new to say.
            static: Whether nothing but what is published tells of it, and it is to change again.

        Returns:
            0 to publish now, which is taken as done; seconds after which to ask again; ``None`` for neither.
        """
        now = self._monotonic()
        left = self._at + _PAUSE - now
        if not static:
            self._owed = False
            left = 0.0
        elif not news:
            news, left = now - self._at >= _REFRESHED, 0.0
        if not news:
            return None
        if left > 0:
            owed, self._owed = self._owed, True
            # Whoever was told before comes back.
            return None if owed else left
        self._at, self._owed = now, False
        return 0.0

"""A card's own outputs in a notebook: shown under ids by which they can be published again.

Whoever opens the saved notebook later has no kernel and no widget, so each output holds text and HTML beside it; both
are refreshed when the job's status changes, and at its end they take the widget's place.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import deque
from typing import Any

from fiddler_widgets.environment import in_notebook, in_voila, shell

__all__ = ["Outputs"]

_MOST = 20
"""Outputs of one card that are kept up to date; a notebook seldom has more than two."""


class Outputs:
    """Where one card was displayed by itself; a card within a layout widget has no output of its own."""

    def __init__(self) -> None:
        self._shown: deque[tuple[Any, str]] = deque(maxlen=_MOST)

    def show(self, formats: dict[str, Any], metadata: dict[str, Any]) -> bool:
        """Display in the running cell.

        Args:
            formats: What to display, by MIME type.
            metadata: As for IPython's ``display``.

        Returns:
            Whether it was displayed: not where nothing is saved (a terminal), or where an output cannot be published
            again once the page is there (Voilà).
        """
        publisher = getattr(shell(), "display_pub", None)
        # One that captures what a cell displays keeps no ids.
        if publisher is None or not hasattr(publisher, "session") or not in_notebook() or in_voila():
            return False
        display_id = uuid.uuid4().hex
        publisher.publish(formats, metadata, transient={"display_id": display_id})
        self._shown.append((publisher, display_id))
        return True

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._shown)

    def publish(self, formats: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Put something else in their places; from any thread, and never with an exception."""
        for publisher, display_id in list(self._shown):
            # A kernel that is on its way out raises all sorts of things; the watching goes on all the same.
            with contextlib.suppress(Exception):
                publisher.publish(formats, metadata, transient={"display_id": display_id}, update=True)

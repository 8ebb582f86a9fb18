"""For how long a page, or a notebook that is saved, can need the widget of a card: its model, and its frontend.

A model whose view is gone stays in the page and is saved with the notebook; a card's outputs do without it once its job
is over. What makes it needed all the same becomes known here, piece by piece; the card acts on what follows from it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from fiddler_widgets.widget.page_presence import captured_by_widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ipywidgets

    from fiddler_widgets.widget.page_presence import Presence

__all__ = ["ModelLifetime"]


class ModelLifetime:
    """What is known of who needs the widget of one card.

    Args:
        presence: The views of the card.
        headless: Whether its cells run without a page.

    Attributes:
        off_page: Whether the model was taken off its page, from which it comes back when it is referred to.
        without_files: Whether the frontend was taken out of what is saved of the model; likewise.
    """

    def __init__(self, presence: Presence, *, headless: bool) -> None:
        self._presence, self._headless = presence, headless
        self.off_page = self.without_files = False
        self._captured = self._referred = False
        self._own = threading.local()
        self._given = 0
        self._end_seen: bool | None = None

    # ---- what becomes known

    def displayed(self) -> None:
        """The card was displayed by the cell that runs; within an output widget nothing can take its place later."""
        self._captured |= captured_by_widget()

    def given(self) -> None:
        """The card's formats were given to somebody, who may display them later."""
        self._given += 1

    def given_displayed(self) -> None:
        """One who was given them has displayed them."""
        self._given -= 1

    def referred(self) -> None:
        """Something has asked for the id of the model, and may refer to it."""
        if not getattr(self._own, "asks", False):
            self._referred = True

    @contextlib.contextmanager
    def not_referred(self) -> Iterator[None]:
        """Within the block this thread does not refer to the model by asking for its id: the card knows what for."""
        self._own.asks = True
        try:
            yield
        finally:
            self._own.asks = False

    def over(self) -> None:
        """The job is over."""
        if self._end_seen is None:
            # Else the page that comes next needs the model, to put the static card in its place.
            self._end_seen = not self._presence.left

    # ---- what follows from it

    def can_leave_page(self, widget: ipywidgets.Widget, *, idle: bool) -> bool:
        """Whether nothing can need the model any more.

        Args:
            widget: The card.
            idle: Whether it has stopped following its job.
        """
        done = self._end_seen or (idle and self._presence.replaced())
        needed = self.off_page or self._headless or self._captured or self._referred or self._given > 0
        return bool(done) and not needed and self._presence.outlived(widget)

    def can_lose_files(self, widget: ipywidgets.Widget) -> bool:
        """Whether what is saved can do without the frontend, once the job is over: no page has come to show it."""
        needed = not self._headless or self.without_files or self._captured
        return not needed and self._presence.dispensable(widget)

"""Whether anybody can see a card, and whether its page can reach the kernel now.

Pages say hello and goodbye, but one that crashes or loses its network says nothing. So after a while without a word
they are asked; silence counts only once the kernel has been idle for long enough to have heard an answer.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import ipywidgets

from fiddler_widgets import compat, configs
from fiddler_widgets.environment import headless, in_marimo, in_notebook, in_voila, running_cell
from fiddler_widgets.widget.protocol import BYE, HELLO, PING, READY

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

__all__ = ["Presence", "captured_by_widget", "in_marimo", "in_notebook", "in_voila"]

_GRACE = 10.0
"""Seconds without any view after which nobody is taken to look; a reloaded page is back by then."""

_PONG = 1.5
"""Seconds that a page may take to answer while a cell blocks."""

_MOVE = 1.0
"""Seconds for which a card that is drawn anew may be on no page."""

_CLEARING = 3.0
"""Seconds into a run in which pages clear the outputs of the run before."""


_newest: dict[str, str | None] = {}
"""The newest run that has shown a card, by cell."""


class Presence:
    """The views of one card, as its pages tell of them. Times are monotonic seconds.

    Args:
        monotonic: The clock.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._views: set[str] = set()
        self._shown = self._offered = False
        self._met = False
        self._models = 0
        self._ready_at = float("-inf")
        self._expected = False
        self._places: dict[str | None, str | None] = {}
        self._left_at: float | None = None
        self._heard_at = monotonic()
        self._asked_at = float("-inf")
        self._idle_at = float("-inf")
        self._loop = _running_loop()

    # ---- what becomes known

    def offered(self) -> None:
        """The card's formats were given to somebody, who may have put them on some page."""
        self._offered = True

    def shown(self, *, update: bool = False) -> None:
        """The card was given to a host to display, in the cell that runs or in an output that was there already."""
        if not update:
            cell, run = running_cell()
            self._places[cell] = run
            if cell is not None:
                _newest[cell] = run
        elif not self._places:
            # In which cell that is, nobody says.
            self._places[None] = None
        self._shown = self._expected = True
        self._left_at = None
        self._heard_at = self._monotonic()

    def shown_in(self, cell: str | None, run: str | None) -> bool:
        """Whether the card was given to a host to display by that run of that cell."""
        return cell in self._places and self._places[cell] == run

    def message(self, content: object) -> str | None:
        """Take in what a page says; returns what kind of message it is, ``None`` for nonsense."""
        kind = content.get("type") if isinstance(content, dict) else None
        view = content.get("view") if isinstance(content, dict) else None
        if not isinstance(kind, str):
            return None
        self._met, self._heard_at = True, self._monotonic()
        if kind == HELLO and isinstance(view, str):
            self._views.add(view)
            self._shown, self._expected = True, False
            self._left_at = None
        elif kind == READY:
            self._models += 1
            self._ready_at = self._heard_at
        elif kind == BYE and isinstance(view, str):
            self._views.discard(view)
            # The view of an earlier run may go before that of the present one has come.
            self._left_at = None if self._views or self._expected else self._heard_at
        return kind

    def ask(self, widget: Any) -> None:
        """Ask the pages for a sign of life, and the kernel's loop for one of its own."""
        self._asked_at = self._monotonic()
        widget.send({"type": PING})
        if self._loop is None or self._loop.is_closed():
            self._idle_at = self._asked_at
        else:
            self._loop.call_soon_threadsafe(self._kernel_is_idle)

    def _kernel_is_idle(self) -> None:
        self._idle_at = self._monotonic()

    # ---- what follows from it

    @property
    def seen(self) -> bool:
        """Whether any page is known to show it now."""
        return bool(self._views)

    @property
    def left(self) -> bool:
        """Whether it was on a page that is gone, and on no other since."""
        return self._left_at is not None

    def displayed(self, widget: ipywidgets.Widget) -> bool:
        """Whether the user can be taken to see the card: by itself, or within another widget."""
        told = (self._shown and self._left_at is None) or bool(self._views)
        return (told and not self._outrun()) or _has_parent(widget)

    def cleared(self, widget: ipywidgets.Widget, elapsed: float) -> bool:
        """Whether, so many seconds into a wait, its page has taken the card off with the outputs of the run before.

        A page sends the request first, so this may come to be known only when the wait has begun. One that goes later
        has been closed or reloaded, or its user wants it so.
        """
        if self._left_at is None:
            return False
        since = self._monotonic() - self._left_at
        return since >= _MOVE and elapsed - since <= _CLEARING and not self.displayed(widget)

    def _outrun(self) -> bool:
        """Whether the card was displayed by an earlier run of the cell that runs alone, whose outputs are gone."""
        cell, run = running_cell()
        return cell is not None and self._places.keys() == {cell} and self._places[cell] != run

    def closed_everywhere(self) -> bool:
        """Whether the card was on a page, and has been on none for longer than a reload takes."""
        return self._left_at is not None and self._monotonic() - self._left_at >= _GRACE

    def silent(self, widget: Any) -> bool:
        """Whether nobody has been there for ``configs.UNSEEN_TIMEOUT``; asks, well before that."""
        now = self._monotonic()
        quiet = now - self._heard_at
        if not (self._shown or self._offered or in_voila()) or quiet < configs.UNSEEN_TIMEOUT / 2:
            return False
        # An answer to the last question would have been heard by now, had anybody been there to give it.
        idle_since = max(self._idle_at, self._heard_at)
        unanswered = self._idle_at >= self._asked_at and now - idle_since >= min(_GRACE, configs.UNSEEN_TIMEOUT / 8)
        if now - self._asked_at >= configs.UNSEEN_TIMEOUT / 4:
            self.ask(widget)
        return quiet >= configs.UNSEEN_TIMEOUT and unanswered

    def unseen(self, elapsed: float) -> bool:
        """Whether there is no page to show the card, so many seconds into a wait that began with a question."""
        return not self._met and elapsed >= _PONG and headless()

    def dispensable(self, widget: ipywidgets.Widget) -> bool:
        """Whether no page can need the widget any more, once its outputs do without it."""
        return not self._met and not _has_parent(widget)

    def replaced(self) -> bool:
        """Whether newer runs of all cells that have shown the card have shown others in its place."""
        return bool(self._places) and all(
            cell is not None and _newest.get(cell) != run for cell, run in self._places.items()
        )

    def view_may_come_for(self) -> float:
        """Seconds in which a view of a model that was heard of may still come; a page makes it a moment later."""
        if self._views or self._left_at is not None:
            return 0.0
        return max(0.0, self._ready_at + _GRACE - self._monotonic())

    def outlived(self, widget: ipywidgets.Widget) -> bool:
        """Whether the only page that ever had the widget shows it no more, once its outputs do without it.

        A page that was loaded anew, and a second one, have outputs that the kernel does not reach; one that updates no
        output shows the widget to the end.
        """
        gone = not self._views and self.view_may_come_for() == 0
        return self._models == 1 and gone and not _has_parent(widget)

    def reachable(self, elapsed: float) -> bool:
        """Whether pages can reach the kernel, so many seconds into a wait that began with a question."""
        return self._heard_at >= self._asked_at or elapsed < _PONG or not (in_notebook() or in_marimo())


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop of the kernel, which runs the cells; ``None`` elsewhere, and where asyncio is not even loaded."""
    module = sys.modules.get("asyncio")
    try:
        return module.get_running_loop() if module is not None else None
    except RuntimeError:
        return None


def captured_by_widget() -> bool:
    """Whether what the running cell displays now goes into an ``ipywidgets.Output``."""
    _, run = running_cell()
    return run is not None and any(
        isinstance(each, ipywidgets.Output) and each.msg_id == run for each in compat.live_widgets()
    )


def _has_parent(widget: ipywidgets.Widget) -> bool:
    return any(_holds(other, widget) for other in compat.live_widgets() if other is not widget)


def _holds(other: Any, widget: ipywidgets.Widget) -> bool:
    """Whether another widget, of whatever library, has this one among its children."""
    try:
        children = getattr(other, "children", None)
        # By identity: what else is in there may have a notion of its own of what it equals.
        return isinstance(children, (list, tuple)) and any(child is widget for child in children)
    except Exception:  # noqa: BLE001 (it is foreign code, and no layout of ours)
        return False

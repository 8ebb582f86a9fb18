"""Whether any page can draw a widget: where none can, its output holds the static card, and is kept up to date.

A server without the frontend of widgets, or without that of anywidget, shows an error in a widget's place and tells the
kernel nothing. So silence decides, but only that of a kernel which has listened: the model of a widget says ``READY``
as soon as a page has made it, whether or not it is in view.
"""

from __future__ import annotations

import time
import weakref
from typing import TYPE_CHECKING, Any

from fiddler_widgets.environment import can_tell_silence, headless, shell
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.widget.page_answers import PageAnswers, page_answers

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FrontendCheck", "Silence"]

_PATIENCE = 3.0
"""Seconds from a widget's display to the answer of a page that can draw it."""

_LONGER = 60.0
"""The same in a kernel in which a page has answered for another widget: it can, and has its hands full."""


class Silence:
    """Decides for one widget, in the order in which things happen; pure. Times are monotonic seconds.

    Args:
        kernel: What is known of the pages of this kernel.
        monotonic: The clock.
    """

    def __init__(self, kernel: PageAnswers, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._kernel, self._monotonic = kernel, monotonic
        self._since: float | None = None
        self._answered = self._absent = False

    @property
    def absent(self) -> bool:
        """Whether no page can be taken to draw the widget."""
        return not self._answered and (self._absent or self._kernel.nobody)

    def displayed(self) -> float | None:
        """The widget is displayed: seconds after which to listen for an answer; ``None`` where there is no need."""
        if self._answered or self._since is not None:
            return None
        self._since = self._monotonic()
        return self._patience

    def answered(self) -> bool:
        """A page has answered for the widget; returns whether it was taken to be without one until now."""
        absent, self._answered, self._absent = self.absent, True, False
        self._kernel.met, self._kernel.nobody = True, False
        return absent

    def refused(self) -> bool:
        """A page has closed the widget's comm, as one does that knows no widgets; returns whether that is news."""
        if self._answered or self._absent:
            return False
        before, self._absent = self.absent, True
        # Where a page has answered for another widget, this says nothing of those to come.
        self._kernel.nobody = not self._kernel.met
        return not before

    def heard_all(self) -> float | None:
        """All that has reached the kernel until now was heard: seconds after which to listen again, if need be."""
        if self._answered or self._absent or self._since is None:
            return None
        left = self._since + self._patience - self._monotonic()
        if left > 0:
            return left
        self.refused()
        return None

    @property
    def _patience(self) -> float:
        return _LONGER if self._kernel.met else _PATIENCE


class FrontendCheck:
    """Finds out for one widget, and says when it turns out to be otherwise than was thought.

    Args:
        changed: A method to be called then, by a thread of the poller; held weakly.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._silence = Silence(page_answers)
        self._changed = weakref.WeakMethod(changed)
        # Neither runs a page: nobody looks at what a runner displays, and a console shows text.
        self._off = headless() or not can_tell_silence()

    @property
    def absent(self) -> bool:
        """Whether no page can be taken to draw the widget."""
        return not self._off and self._silence.absent

    def follow(self, comm: Any) -> None:
        """Hear what pages say of the widget with that comm."""
        if not self._off:
            page_answers.follow(comm, self, shell())

    def displayed(self) -> None:
        """The widget was displayed in an output that can be published again."""
        pause = None if self._off else self._silence.displayed()
        if pause is not None:
            self._listen_after(pause)

    def answered(self) -> None:
        """A page has said something of the widget; from any thread, and quick."""
        if self._silence.answered() and not self._off:
            shared_poller.shared().act_soon(self._tell)

    def refused(self) -> None:
        """A page has closed the widget's comm; likewise."""
        if self._silence.refused() and not self._off:
            shared_poller.shared().act_soon(self._tell)

    def _listen_after(self, seconds: float) -> None:
        ask = weakref.WeakMethod(self._listen)
        shared_poller.shared().act_after(seconds, lambda: (method := ask()) and method())

    def _listen(self) -> None:
        heard = weakref.WeakMethod(self._heard_all)
        page_answers.when_heard(lambda: (method := heard()) and method())

    def _heard_all(self) -> None:
        before = self.absent
        pause = self._silence.heard_all()
        if pause is not None:
            self._listen_after(pause)
        elif self.absent and not before:
            shared_poller.shared().act_soon(self._tell)

    def _tell(self) -> None:
        changed = self._changed()
        if changed is not None:
            changed()

"""A wait as its card shows it: displayed, with controls only while a click can get through, and its end noted.

Whatever thread waits: one that is part of no cell shows the card in the cell that ran last.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.environment import headless, in_voila, notebook_display, server_log
from fiddler_widgets.jobs.wait_lines import TerminalWait
from fiddler_widgets.models import Health
from fiddler_widgets.widget.headless_log import Transcript
from fiddler_widgets.widget.page_answers import page_answers
from fiddler_widgets.widget.page_presence import captured_by_widget

if TYPE_CHECKING:
    from fiddler_widgets.jobs.wait import Wait
    from fiddler_widgets.widget.card_watcher import CardWatcher
    from fiddler_widgets.widget.job_widget import JobWidget

__all__ = ["CardWait"]

_log = logging.getLogger("fiddler_widgets")

_INTERRUPTED = "Stopped waiting; the job goes on. This card still follows it."
_DELAYS = (
    "waiting for job %s delays the whole page, which Voilà shows when all cells are done; "
    "show the card and use on_complete(callback) instead"
)


class CardWait:
    """Shows waits on a card; a `jobs.wait.WaitView`.

    Args:
        card: The card.
        watcher: What watches for it.
    """

    def __init__(self, card: JobWidget, watcher: CardWatcher) -> None:
        self._card, self._watcher, self._presence = card, watcher, watcher.presence
        self._transcript = Transcript(watcher.presence)
        self._terminal = TerminalWait()
        self._owed = False

    @in_cell
    def make_ready(self) -> None:
        """Have the card watch, and be displayed, before a wait.

        Raises:
            RuntimeError: The card is closed.
        """
        self._watcher.start()
        if not self._presence.displayed(self._card):
            # What runs notebooks without a page never renews what is in an output widget: there the end is all.
            self._owed = headless() and captured_by_widget()
            if not self._owed:
                notebook_display(self._card)
        if in_voila():
            for log in filter(None, (_log, server_log())):
                log.warning(_DELAYS, self._card.job_id)

    @in_cell
    def wait_begins(self, wait: Wait) -> None:
        """A wait starts."""
        self._watcher.add_wait(wait)

    @in_cell
    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:
        """Stay displayed, and show no control where a click does not get through a blocked cell."""
        if self._card.health != Health.OVER and self._presence.cleared(self._card, elapsed):
            notebook_display(self._card)
        page_answers.look()
        if not self._presence.reachable(elapsed):
            self._watcher.show_controls(shown=False)
        self._transcript.go_on(elapsed)
        self._terminal.wait_goes_on(wait, elapsed)

    def wait_says(self, line: str) -> None:
        """Where no page shows the card, pass it on."""
        self._transcript.add(line)

    @in_cell
    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:
        """A wait is over."""
        self._terminal.wait_ends(wait, interrupted=interrupted)
        self._watcher.remove_wait(wait)
        self._transcript.end()
        if self._card.closed:
            return
        if interrupted and self._watcher.watching:
            self._watcher.say(_INTERRUPTED)
        self._watcher.show_controls(shown=True)
        if self._card.job.done() or not self._watcher.watching:
            # What the wait has learned the card shows too, unless observers of it are slow.
            self._watcher.mailbox.settle(0.2)
        self._watcher.take_end()
        if self._owed:
            self._owed = False
            self._watcher.mailbox.settle(0.5)
            notebook_display(self._card)

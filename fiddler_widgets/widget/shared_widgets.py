"""How a `Job` looks in a notebook: one shared card per job, live wherever it is shown."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from fiddler_widgets import compat
from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.jobs.display import register_display
from fiddler_widgets.models import normal_id
from fiddler_widgets.widget.job_widget import JobWidget
from fiddler_widgets.widget.page_presence import in_marimo, in_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.wait import WaitView

__all__ = ["SharedCards", "jobs_display"]


class SharedCards:
    """The cards of the jobs that were shown without asking for a card; a `jobs.job.Display`."""

    def __init__(self) -> None:
        self._cards: dict[tuple[Any, str], JobWidget] = {}
        self._lock = threading.Lock()
        self.elsewhere: Callable[[Job], bool] | None = None
        """Shows a job in an output that it shares with others, if it belongs there; set by the extension."""

    def card(self, job: Job, interval: float | None = None) -> JobWidget:
        """The card of a job: the one that any equal job has, too, unless it was closed.

        Args:
            job: The job.
            interval: The pause in seconds of a card that is made now: that of the wait it is made for, which a card
                with a schedule of its own would otherwise hurry.
        """
        if in_marimo():
            # Its sessions share a process, and a widget belongs to one of them.
            return JobWidget(job, interval=interval)
        key = (job.__job_record__.newest_connection(), normal_id(job.id))
        with self._lock:
            card = self._cards.get(key)
            if card is None or card.closed:
                card = self._cards[key] = JobWidget(job, interval=interval)
        card.__card_watcher__.follow(job)
        return card

    @in_cell
    def show(self, job: Job) -> bool:
        """Show the card in the running cell; false where that is left to `mimebundle`."""
        if not in_notebook():
            return False
        if self.is_elsewhere(job):
            return True
        try:
            self.card(job)._ipython_display_()
        except NotImplementedError:
            return False
        return True

    @in_cell
    def mimebundle(self, job: Job, **kwargs: Any) -> Any:
        """The card's representation; plain text where no card can be seen."""
        return self.card(job)._repr_mimebundle_(**kwargs) if in_notebook() else {"text/plain": repr(job)}

    def wait_view(self, job: Job, interval: float | None) -> WaitView | None:
        """The job's card, shown and watching, for a wait with that pause; ``None`` where it cannot be seen."""
        if not (in_notebook() or in_marimo()):
            return None
        card = self.card(job, interval)
        if self.is_elsewhere(job):
            card.__card_watcher__.presence.shown()
        view = card.__wait_view__
        view.make_ready()
        return view

    def shown_in(self, job: Job, cell: str | None, run: str | None, *, shared: bool = True) -> bool:
        """Whether a card of the job is displayed by that run of that cell.

        Args:
            job: The job.
            cell: The cell, as `environment.running_cell` gives it.
            run: The run of it.
            shared: Whether the shared card counts, or those alone that users have made.
        """
        id_, ours = normal_id(job.id), list(self._cards.values())
        return any(
            isinstance(each, JobWidget)
            and (shared or not any(each is card for card in ours))
            and normal_id(each.job.id) == id_
            and each.__card_watcher__.presence.shown_in(cell, run)
            for each in compat.live_widgets()
        )

    def is_elsewhere(self, job: Job) -> bool:
        """Whether the running cell shows a job in an output that it shares with others; then it is there now."""
        return self.elsewhere is not None and self.elsewhere(job)


jobs_display = SharedCards()
"""The ones of this process."""

register_display(jobs_display)

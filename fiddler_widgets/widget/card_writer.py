"""What a card's traits say: written from the poller's reports, all changes of one report in one message to the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report
from fiddler_widgets.rendering import card_content
from fiddler_widgets.rendering.history import History
from fiddler_widgets.widget import trait_values
from fiddler_widgets.widget.links import links
from fiddler_widgets.widget.page_messages import PageMessages
from fiddler_widgets.widget.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.rendering.static_card import CardSnapshot
    from fiddler_widgets.widget.job_widget import JobWidget

__all__ = ["CardWriter"]


class CardWriter:
    """Writes the traits of one card, which nobody else does. One call at a time: the watcher's mailbox sees to that.

    Args:
        card: The card, before it is initialised: `first_values` says with what.
        job: The job.

    Attributes:
        pages: What is sent to the card's pages.
        aside: What the card says while all is well, until the job's status changes; empty for nothing.
    """

    def __init__(self, card: JobWidget, job: Job) -> None:
        self._card, self._job = card, job
        self.pages, self.aside = PageMessages(card), ""
        self._stopwatch, self._history = Stopwatch(), History()
        self._report = Report(job.state, Health.STARTING)
        self._clock: dict[str, Any] = {}
        self._written_history: dict[str, Any] = {}

    def first_values(self, report: Report) -> dict[str, Any]:
        """The values of the card's traits before the first report of the poller."""
        state, job_id = self._job.state, str(self._job.id)
        self._report = report
        self._clock = Stopwatch().clock(report, time.monotonic()) | self._history.times(0.0)
        fields = trait_values.fields(job_id, report, where=links(self._job))
        return {"job_id": job_id, "_clock": self._clock, "_tasks": card_content.tasks(state), **fields}

    def start(self) -> None:
        """The time of watching begins, or goes on."""
        self._stopwatch.start(time.monotonic())

    def write(self, report: Report) -> None:
        """Write what a report changes, and now and then a sign of life."""
        now, wall = time.monotonic(), time.time()
        self._report = report
        if report.health.ended:
            self._stopwatch.stop(now)
        if report.state is not None and str(report.state.status) != self._card.status:
            self.aside = ""
        fields = trait_values.fields(self._card.job_id, report, self._job.state, self.aside, links(self._job))
        changed = {key: value for key, value in fields.items() if getattr(self._card, key) != value}
        if "extras" in changed or "status" in changed:
            changed["_tasks"] = card_content.tasks(report.state)
        if self._history.see(wall, report):
            changed["_history"] = self._written_history = self._history.as_dict()
        if changed or self._stopwatch.beat_due(now) or self._stopwatch.left_changed(report, now):
            self._write_with_times(changed)

    def write_all(self) -> None:
        """Answer a page that has missed something, unless all pages got the last answer a moment ago."""
        if self.pages.owes_answer():
            # A page counts on from the moment at which it hears of a time.
            self._write_with_times({})
            self.pages.answer()

    def _write_with_times(self, changed: Mapping[str, Any]) -> None:
        now = time.monotonic()
        left = self._stopwatch.left(self._report, now)
        self._clock = self._stopwatch.clock(self._report, now) | self._history.times(time.time())
        self.pages.write(**changed, time_left=left, _clock=self._clock)

    def snapshot(self) -> CardSnapshot:
        """What the card knows now, for a view that will not change."""
        card = self._card
        return trait_values.seen(self._job, card.health, card.health_detail, self._clock, self._written_history)

"""One output of a notebook for the jobs that a run of a cell has started: one job's card, or a list of them.

The list is a widget with the counts above and a card for each of the first jobs; beside it stand text and HTML, which
are published again when a job ends, so that a saved notebook says how it ended.
"""

from __future__ import annotations

import functools
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import ipywidgets

from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.environment import headless, shell
from fiddler_widgets.models import normal_id
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.rendering import static_list
from fiddler_widgets.widget import notebook_output
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Subscription

__all__ = ["JobOutput"]

_MOST_CARDS = 20
"""Jobs of one list that have a live card in it; of the others its counts and its saved copy tell."""

_RENEWED_AFTER = 60.0
"""Seconds after which a list is published again for jobs that have succeeded; failures and the end are told at once."""


class JobOutput:
    """Where the jobs of one run of a cell are shown. Empty until `show`."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._display_id = uuid.uuid4().hex
        self._publisher: Any = None
        self._shown = 0
        self._lock = threading.RLock()
        self._context = CellContext()
        self._counts: ipywidgets.HTML | None = None
        self._box: ipywidgets.VBox | None = None
        self._watched: dict[object, Subscription] = {}
        self._mailbox: Mailbox[Report] = Mailbox(self._receive)
        self._told: tuple[int, int] = (0, 0)
        self._published_at = float("-inf")

    def holds(self, job: Job) -> bool:
        """Whether the output shows that job."""
        return any(normal_id(one.id) == normal_id(job.id) for one in self._jobs)

    def add(self, jobs: Iterable[Job]) -> None:
        """Take further jobs; `show` brings them to the page."""
        with self._lock:
            self._jobs += [job for job in jobs if not self.holds(job)]

    def leave_out(self, unwanted: Callable[[Job], bool]) -> None:
        """Show some jobs no longer; an output without any is empty."""
        with self._lock:
            kept = [job for job in self._jobs if not unwanted(job)]
            if len(kept) == len(self._jobs):
                return
            self._jobs = kept
            if self._shown:
                self._shown = len(kept)
                self._renew(first=False)

    def show(self) -> None:
        """Display the jobs in the running cell, or bring the output up to date that they have already."""
        with self._lock:
            if len(self._jobs) == self._shown:
                return
            first, self._shown = self._shown == 0, len(self._jobs)
            if first:
                self._publisher = getattr(shell(), "display_pub", None)
            self._renew(first=first)

    def _renew(self, *, first: bool) -> None:
        metadata: dict[str, Any] = {}
        if len(self._jobs) == 1:
            formats, metadata = jobs_display.card(self._jobs[0])._repr_mimebundle_()
        else:
            notebook_output.release(self._display_id)
            formats = self._list_formats() if self._jobs else {"text/plain": ""}
        self._send(formats, metadata, update=not first)
        if len(self._jobs) > 1:
            self._watch()

    def close(self) -> None:
        """Follow the jobs no longer; the output stays as it is."""
        self._mailbox.close()
        for subscription in self._watched.values():
            subscription.close()

    # ---- a list of jobs

    def _rows(self) -> list[static_list.Row]:
        return [static_list.Row(str(job.id), job.state) for job in self._jobs]

    def _list_formats(self) -> dict[str, Any]:
        rows = self._rows()
        static = {"text/plain": static_list.text(rows), "text/html": static_list.html(rows)}
        if headless() or all(job.done() for job in self._jobs):
            return static
        if self._box is None:
            self._counts, self._box = ipywidgets.HTML(), ipywidgets.VBox()
        assert self._counts is not None  # noqa: S101 (both are made together)
        self._counts.value = f"<strong>{static_list.counts(rows)}</strong>"
        ahead = sorted(self._jobs, key=lambda job: job.done())[:_MOST_CARDS]
        self._box.children = [self._counts, *(jobs_display.card(job) for job in ahead)]
        bundle = self._box._repr_mimebundle_()
        return {**bundle, **static}

    def _watch(self) -> None:
        for job in self._jobs:
            if normal_id(job.id) not in self._watched and not job.done():
                self._watched[normal_id(job.id)] = job.__job_record__.subscribe(self._mailbox)
        self._mailbox.deliver()

    def _receive(self, report: Report) -> None:
        if report.state is None:
            return
        for job in self._jobs:
            if normal_id(job.id) == normal_id(report.state.id):
                job.__job_record__.apply(report)
        with self._lock:
            over = [job for job in self._jobs if job.done()]
            failed = [job for job in over if str(job.status) != "SUCCESS"]
            if self._counts is not None:
                self._counts.value = f"<strong>{static_list.counts(self._rows())}</strong>"
            now, told = time.monotonic(), (len(over), len(failed))
            if told == self._told:
                return
            urgent = told[1] > self._told[1] or told[0] == len(self._jobs)
            if urgent or headless() or now - self._published_at >= _RENEWED_AFTER:
                self._told = told
                self._send(self._list_formats(), {}, update=True)

    def _send(self, formats: dict[str, Any], metadata: dict[str, Any], *, update: bool) -> None:
        if self._publisher is not None:
            self._published_at = time.monotonic()
            transient = {"display_id": self._display_id}
            publish = functools.partial(self._publisher.publish, transient=transient, update=update)
            self._context.run(publish, formats, metadata)

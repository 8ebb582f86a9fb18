"""One output of a notebook for the jobs that a run of a cell has started: one job's card, or a board of several.

Each keeps its output up to date by itself, text and HTML beside it included: a saved notebook says how it ended.
"""

from __future__ import annotations

import functools
import threading
import uuid
from typing import TYPE_CHECKING, Any

from fiddler_widgets.board.job_board import JobBoard
from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.environment import headless, shell
from fiddler_widgets.models import normal_id
from fiddler_widgets.widget import notebook_output
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.jobs.job import Job

__all__ = ["JobOutput"]


class JobOutput:
    """Where the jobs of one run of a cell are shown. Empty until `show`."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._display_id = uuid.uuid4().hex
        self._publisher: Any = None
        self._shown = 0
        self._lock = threading.RLock()
        self._context = CellContext()
        self._board: JobBoard | None = None

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
            gone, self._jobs = [job for job in self._jobs if job not in kept], kept
            if self._board is not None:
                self._board.remove(*gone)
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

    def close(self) -> None:
        """Add nothing more; the output stays as it is."""

    def _renew(self, *, first: bool) -> None:
        if len(self._jobs) > 1 and self._board is not None:
            self._board.add(*self._jobs)
            if self._context.run(headless):
                # What runs a notebook without a page hears nothing more of it once the cell is over.
                self._send(*self._context.run(self._board._repr_mimebundle_), update=True)
            return
        notebook_output.release(self._display_id)
        board, self._board = self._board, None
        if not self._jobs:
            formats, metadata = {"text/plain": ""}, {}
        elif len(self._jobs) == 1:
            formats, metadata = self._context.run(jobs_display.card(self._jobs[0])._repr_mimebundle_)
        else:
            self._board = self._context.run(JobBoard, self._jobs)
            formats, metadata = self._context.run(self._board._repr_mimebundle_)
        self._send(formats, metadata, update=not first)
        if board is not None:
            board.close()

    def _send(self, formats: dict[str, Any], metadata: dict[str, Any], *, update: bool) -> None:
        if self._publisher is not None:
            transient = {"display_id": self._display_id}
            publish = functools.partial(self._publisher.publish, transient=transient, update=update)
            self._context.run(publish, formats, metadata)

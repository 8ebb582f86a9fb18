"""The output for the jobs that one run of a cell has started: the card of one job, or a board of several.

Card and board keep their output up to date, including its text and HTML, so a saved notebook shows how the jobs ended.
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
    """The output with the jobs of one run of a cell; it is not displayed before `show`."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._display_id = uuid.uuid4().hex
        self._publisher: Any = None
        self._shown_count = 0
        self._lock = threading.RLock()
        self._context = CellContext()
        self._board: JobBoard | None = None

    def holds(self, job: Job) -> bool:
        """Whether the output shows that job."""
        return any(normal_id(known.id) == normal_id(job.id) for known in self._jobs)

    def add(self, jobs: Iterable[Job]) -> None:
        """Add jobs; the next `show` displays them."""
        with self._lock:
            self._jobs += [job for job in jobs if not self.holds(job)]

    def leave_out(self, unwanted: Callable[[Job], bool]) -> None:
        """Remove jobs from the output, which may become empty."""
        with self._lock:
            remaining = [job for job in self._jobs if not unwanted(job)]
            if len(remaining) == len(self._jobs):
                return
            removed, self._jobs = [job for job in self._jobs if job not in remaining], remaining
            if self._board is not None:
                self._board.remove(*removed)
            if self._shown_count:
                self._shown_count = len(remaining)
                self._renew(first=False)

    def show(self) -> None:
        """Display the jobs in the running cell, or update their output if it is displayed already."""
        with self._lock:
            if len(self._jobs) == self._shown_count:
                return
            first, self._shown_count = self._shown_count == 0, len(self._jobs)
            if first:
                self._publisher = getattr(shell(), "display_pub", None)
            self._renew(first=first)

    def close(self) -> None:
        """Add nothing more; the output stays as it is."""

    def _renew(self, *, first: bool) -> None:
        if len(self._jobs) > 1 and self._board is not None:
            self._board.add(*self._jobs)
            if self._context.run(headless):
                # A host without a page receives nothing after the cell's end, so it gets the present state now.
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

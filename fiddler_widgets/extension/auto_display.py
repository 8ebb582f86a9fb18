"""Jobs that a cell starts, shown under it: one output for each run of a cell, however many jobs it starts.

A start is noted while the cell runs, which takes a few microseconds. It is shown by a thread of the poller a moment
later, or at the cell's end, whichever is first. This happens in a copy of the context in which the job was started, so
the output goes where a `print` in the cell would go. A job that the cell displays by itself is not shown again.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.cell_context import CellContext, in_cell
from fiddler_widgets.environment import in_marimo, in_notebook, in_voila, request_kind, running_cell
from fiddler_widgets.extension.job_outputs import JobOutput
from fiddler_widgets.jobs.job import Job, job_of
from fiddler_widgets.jobs.kernel_jobs import kernel_jobs
from fiddler_widgets.messages import started_text
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AutoDisplay"]

_log = logging.getLogger("fiddler_widgets")

_SHOWN_AFTER = 0.3
"""Seconds after its start at which a job is shown, unless its cell has ended before."""

_MOST_RUNS = 200
"""The most runs of cells whose outputs are kept; older runs are over."""


class AutoDisplay:
    """The outputs of one shell's cells that start jobs.

    Args:
        shell: The running IPython.

    Attributes:
        asked_for: Whether the user has switched it on; in Voilà, nothing is shown before.
    """

    def __init__(self, shell: Any) -> None:
        self.asked_for = False
        self._shell = shell
        self._runs: dict[tuple[str | None, str | None], _Run] = {}
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        shell.events.register("post_run_cell", self._after_cell)
        jobs_display.elsewhere = self.shows

    def close(self) -> None:
        """Note no more starts, and unregister from the shell."""
        # The callback may have been unregistered already, with all others of the shell.
        with contextlib.suppress(ValueError):
            self._shell.events.unregister("post_run_cell", self._after_cell)
        # Not `is`: each access makes a new bound method.
        if jobs_display.elsewhere == self.shows:
            jobs_display.elsewhere = None
        for run in list(self._runs.values()):
            run.output.close()
        self._runs.clear()

    @in_cell
    def note(self, job_id: object, official: Any) -> None:
        """Take note of a job that was started.

        Args:
            job_id: Its id, as the official client has it.
            official: The official client's object for it; ``None`` if the first request for it failed.
        """
        if not configs.AUTO_DISPLAY or in_marimo() or (in_voila() and not self.asked_for):
            return
        if not in_notebook():
            sys.stderr.write(f"{started_text(_handle(job_id, official))}\n")
            return
        # Output of a widget's callback is shown nowhere, so the job is only added to the kernel's list.
        if request_kind() != "execute_request":
            self._remember([_handle(job_id, official)])
            return
        key = running_cell()
        with self._lock:
            run = self._runs.get(key)
            if run is None:
                while len(self._runs) >= _MOST_RUNS:
                    self._runs.pop(next(iter(self._runs))).output.close()
                run = self._runs[key] = _Run(*key)
            run.started.append((job_id, official))
            scheduled, run.scheduled = run.scheduled, True
        if not scheduled:
            shared_poller.shared().act_after(_SHOWN_AFTER, functools.partial(self._show_late, key, run))

    @in_cell
    def shows(self, job: Job) -> bool:
        """Whether the running cell has started a job; if so, it is shown at once if it was not yet."""
        run = self._runs.get(running_cell())
        if run is None:
            return False
        self._show(run)
        return run.output.holds(job)

    def show_all(self) -> None:
        """Show all jobs that this kernel has started, in the running cell."""
        for run in list(self._runs.values()):
            self._take_started(run)
        if not self._jobs:
            print("No job has been started by this kernel since the extension was loaded.")  # noqa: T201 (a magic speaks)
        elif in_notebook():
            output = JobOutput()
            output.add(self._jobs)
            output.show()
        else:
            print("\n".join(repr(job) for job in self._jobs))  # noqa: T201

    # ---- showing

    def _after_cell(self, *_: Any) -> None:
        if not self._runs:
            return
        run = self._runs.get(running_cell())
        if run is not None:
            _log_errors(functools.partial(self._finish, run))

    def _finish(self, run: _Run) -> None:
        self._show(run)
        # A job for which the cell has displayed a card of its own since is removed from the output.
        run.output.leave_out(lambda job: jobs_display.shown_in(job, run.cell, run.run, shared=False))

    def _show_late(self, key: tuple[str | None, str | None], run: _Run) -> None:
        # The extension may have been unloaded in the meantime.
        if self._runs.get(key) is run:
            _log_errors(functools.partial(run.context.run, self._show, run))

    def _show(self, run: _Run) -> None:
        with run.lock:
            jobs = self._take_started(run)
            # A job for which the run has displayed a card itself is left out. A wait in the cell calls `shows` first.
            run.output.add([job for job in jobs if not jobs_display.shown_in(job, run.cell, run.run)])
            run.output.show()

    def _take_started(self, run: _Run) -> list[Job]:
        with self._lock:
            started, run.started = run.started, []
            run.scheduled = False
        jobs = [_handle(job_id, official) for job_id, official in started]
        self._remember(jobs)
        return jobs

    def _remember(self, jobs: list[Job]) -> None:
        self._jobs += jobs
        for job in jobs:
            kernel_jobs.note(job.__job_record__)


class _Run:
    """One run of a cell, and the jobs that it has started."""

    def __init__(self, cell: str | None, run: str | None) -> None:
        self.cell, self.run = cell, run
        self.context = CellContext()
        self.lock = threading.RLock()
        self.output = JobOutput()
        self.started: list[tuple[object, Any]] = []
        self.scheduled = False


def _handle(job_id: object, official: Any) -> Job:
    return job_of(official if official is not None else job_id)


def _log_errors(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # noqa: BLE001 (a cell must not fail because something cannot be shown)
        _log.exception("jobs that a cell has started could not be shown")

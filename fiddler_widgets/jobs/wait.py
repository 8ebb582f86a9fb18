"""Waiting for a job in a thread or in asyncio, with one subscription.

A wait keeps its own deadline, so that neither a silent server nor a busy poller can make it longer.
"""

from __future__ import annotations

import math
import numbers
import queue
import time
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets import messages
from fiddler_widgets.exceptions import (
    ApiError,
    AsyncJobFailed,
    FiddlerWidgetsError,
    JobRevoked,
    JobTimeoutError,
    WatchStopped,
)
from fiddler_widgets.interrupts import Queue
from fiddler_widgets.jobs.wait_end import WaitEnd
from fiddler_widgets.jobs.wait_lines import TerminalWait, WaitLines
from fiddler_widgets.models import Health, JobStatus
from fiddler_widgets.polling.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Subscription


__all__ = [
    "Wait",
    "WaitView",
    "api_error",
    "seconds_argument",
    "wait_for",
    "wait_for_async",
]

_SLICE = 0.2
"""Seconds that a thread waits at a time, so that Ctrl-C works on systems where waiting cannot be interrupted."""

_AWAITED_SLICE = 1.0
"""Seconds between two calls of `WaitView.wait_goes_on` by a wait in asyncio."""


class WaitView(Protocol):
    """Shows a wait to the user, and can end it."""

    def wait_begins(self, wait: Wait) -> None:
        """A wait starts; `Wait.stop` ends it."""
        ...

    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:
        """The wait goes on, since ``elapsed`` seconds; called at least once a second, where the wait runs."""
        ...

    def wait_says(self, line: str) -> None:
        """The job has changed as the line says; called only if no handler of the log shows it."""
        ...

    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:
        """The wait is over, perhaps because the user interrupted it."""
        ...


def seconds_argument(name: str, value: object) -> float | None:
    """Check an interval or a timeout.

    Raises:
        TypeError: It is no number.
        ValueError: It is negative or NaN.
    """
    if value is None:
        return None
    # Any real number: numpy's integers are no int.
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        msg = f"{name} is a number of seconds or None, not {type(value).__name__}"
        raise TypeError(msg)
    if math.isnan(value) or value < 0:
        msg = f"{name} must be 0 seconds or more, not {value}"
        raise ValueError(msg)
    return float(value)


class Wait:
    """One wait for one job; a context manager.

    Args:
        job: The job.
        interval: Seconds from an answer to the next request; ``None`` for the adaptive schedule.
        timeout: Seconds until `JobTimeoutError`; 0 looks once.
        view: Shows the wait, if anything does.
    """

    def __init__(self, job: Job, interval: float | None, timeout: float, view: WaitView | None = None) -> None:
        self.job = job
        self._record = job.__job_record__
        self._interval, self._timeout, self._view = interval, timeout, view
        self._reports: Queue[Report] = Queue()
        self._end = WaitEnd()
        self._mailbox = Mailbox(self._receive, prompt=True)
        self._subscription: Subscription | None = None
        self.last: Report | None = None
        """The newest report; ``None`` before the first."""
        self._stopped = False

    def __enter__(self) -> Wait:  # noqa: PYI034 (Self is in no standard library before 3.11)
        """Begin to watch."""
        self._began = time.monotonic()
        try:
            self._begin()
        except BaseException as error:
            # An interrupt may come before the caller's `with` block begins, whose end would call `__exit__`.
            self.__exit__(type(error), error, None)
            raise
        return self

    def _begin(self) -> None:
        if self._view is not None:
            self._view.wait_begins(self)
        self._subscription = self._record.subscribe(
            self._mailbox, interval=self._interval, timeout=self._timeout, last=True
        )
        if self._stopped:
            self._subscription.stop()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the watching."""
        # If an interrupt came before `_subscription` was set, the poller ends that subscription by its closed mailbox.
        self._mailbox.close()
        if self._subscription is not None:
            self._subscription.close()
        if self._view is not None:
            self._view.wait_ends(self, interrupted=kind is not None and issubclass(kind, KeyboardInterrupt))

    def stop(self) -> None:
        """End it with `WatchStopped`, from any thread."""
        self._stopped = True
        if self._subscription is not None:
            self._subscription.stop()

    def reports(self) -> Iterator[Report]:
        """The reports as they come; if several have come, only the newest. The last one ends the wait.

        Raises:
            JobTimeoutError: The time is over.
        """
        until = self._began + self._timeout if self._timeout > 0 else math.inf
        while True:
            report = self._next(until)
            yield report
            if report.health.ended:
                return

    async def last_report(self) -> Report:
        """The report that ends the wait, in asyncio.

        Raises:
            JobTimeoutError: The time is over.
        """
        until = self._began + self._timeout if self._timeout > 0 else math.inf
        while True:
            now = time.monotonic()
            if self._view is not None:
                self._view.wait_goes_on(self, now - self._began)
            if await self._end.wait_async(max(0.0, min(_AWAITED_SLICE, until - now))):
                assert self.last is not None  # noqa: S101 (the last report has come)
                return self.last
            if time.monotonic() >= until:
                raise self._timed_out(self.last)

    def raise_for(self, report: Report) -> None:
        """Raise the exception for the last report of a watch; return if the job succeeded."""
        state, job = report.state, self.job
        if report.health is Health.OVER and state is not None:
            if state.status == JobStatus.SUCCESS:
                return
            failed = JobRevoked if state.status == JobStatus.REVOKED else AsyncJobFailed
            raise self._record.error_kind(failed)(messages.failure_text(state), job=job)
        if report.health is Health.TIMED_OUT:
            raise self._timed_out(report)
        if report.health is Health.STOPPED or report.error is None:
            raise WatchStopped(messages.stopped_text(state, job.id), job=job)
        raise api_error(job, report.error)

    # ---- internals

    def _receive(self, report: Report) -> None:
        self._record.apply(report)
        failed = report.error is not None and report.health not in (Health.STOPPED, Health.TIMED_OUT)
        if failed and self.job.done():
            # A final status does not change, so a failed request after it does not matter, be it the last one or not.
            report = report._replace(health=Health.OVER, state=self.job.state, error=None)
        self._reports.put(report)
        self.last = report
        if report.health.ended:
            self._end.come()

    def _next(self, until: float) -> Report:
        while True:
            now = time.monotonic()
            if self._view is not None:
                self._view.wait_goes_on(self, now - self._began)
            try:
                report = self._reports.get(timeout=max(0.0, min(_SLICE, until - now)))
                while self._reports and not report.health.ended:
                    newer = self._reports.get()
                    # The newest report is kept; if a skipped report came with an answer, that is kept, too.
                    report = newer if newer.answered or not report.answered else newer._replace(answered=True)
            except queue.Empty:
                if now >= until:
                    raise self._timed_out(self.last) from None
            else:
                return report

    def _timed_out(self, report: Report | None) -> FiddlerWidgetsError:
        state = self.job.state
        failure = report.error.message if report is not None and report.error is not None else ""
        return JobTimeoutError(messages.timeout_text(state, self.job.id, self._timeout, failure), job=self.job)


def api_error(job: Job, error: ApiError) -> ApiError:
    """A new error for one caller, with a complete message; for a job of the official client, also of its class."""
    kind = job.__job_record__.error_kind(type(error))
    return kind(messages.api_error_text(error, job.state, job.id), **error.facts)


def wait_for(job: Job, interval: float | None, timeout: float, view: WaitView | None) -> None:
    """Block until a job is over, and log its changes; raise unless it succeeded."""
    view = TerminalWait() if view is None else view
    with Wait(job, interval, timeout, view) as wait:
        lines = WaitLines(job, view)
        for report in wait.reports():
            lines.add(report)
    wait.raise_for(report)


async def wait_for_async(job: Job, interval: float | None, timeout: float, view: WaitView | None) -> None:
    """Wait as `wait_for` does, but without blocking and without log."""
    with Wait(job, interval, timeout, view) as wait:
        report = await wait.last_report()
    wait.raise_for(report)

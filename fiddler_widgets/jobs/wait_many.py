"""Waiting for several jobs, with the names and meanings of `concurrent.futures`."""

from __future__ import annotations

import collections.abc
import concurrent.futures
import contextlib
import logging
import math
import queue
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fiddler_widgets import messages
from fiddler_widgets.exceptions import JobTimeoutError
from fiddler_widgets.interrupts import Queue
from fiddler_widgets.jobs.job import Job, job_of
from fiddler_widgets.jobs.wait import seconds_argument
from fiddler_widgets.models import Health, JobStatus
from fiddler_widgets.polling.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from types import TracebackType

    from fiddler_widgets.polling.report import Report

__all__ = ["DoneAndNotDoneJobs", "SeveralView", "as_completed", "distinct_jobs", "register_view", "wait"]

_log = logging.getLogger("fiddler_widgets")

_SLICE = 0.2
"""Seconds that a thread waits at a time, so that Ctrl-C works on systems where waiting cannot be interrupted."""

_RETURN_WHEN = (
    concurrent.futures.ALL_COMPLETED,
    concurrent.futures.FIRST_COMPLETED,
    concurrent.futures.FIRST_EXCEPTION,
)


_show: Callable[[list[Job]], SeveralView | None] | None = None


class SeveralView(Protocol):
    """Shows a wait for several jobs, from its entering to its exit."""

    def __enter__(self) -> object:
        """The wait begins."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """The wait is over."""
        ...

    def goes_on(self, elapsed: float) -> None:
        """The wait goes on, since ``elapsed`` seconds; called several times a second.

        Raises:
            WatchStopped: The user has ended the wait.
        """
        ...


def register_view(show: Callable[[list[Job]], SeveralView | None]) -> None:
    """Register what makes the view of a wait for several jobs; it returns ``None`` if nothing can be shown."""
    global _show  # noqa: PLW0603
    _show = show


class DoneAndNotDoneJobs(NamedTuple):
    """What `wait` returns.

    Attributes:
        done: The jobs that are over, or about which nothing more can be learned (refused, not found).
        not_done: The others.
    """

    done: set[Job]
    not_done: set[Job]


def wait(
    jobs: Iterable[object], timeout: float | None = None, return_when: str = concurrent.futures.ALL_COMPLETED
) -> DoneAndNotDoneJobs:
    """Wait for several jobs at once, as `concurrent.futures.wait` does for futures. In a notebook, a board shows them.

    How a job ended is in its fields. A job about which nothing more can be learned counts as done, too, though its
    `Job.done` returns false; its `Job.wait` raises the reason.

    Args:
        jobs: Jobs of this package or of the official client, and ids, in any mixture.
        timeout: Seconds after which to return in any case; ``None`` for no limit.
        return_when: "ALL_COMPLETED", "FIRST_COMPLETED", or "FIRST_EXCEPTION": as soon as one ends without success.

    Returns:
        The jobs that are done, and those that are not; ids have become `Job` objects.

    Raises:
        ValueError: ``timeout`` is negative or NaN, or ``return_when`` unknown.
        TypeError: An item is no job.
        NotConnected: There is an id, and no connection is configured.
        WatchStopped: Somebody stopped it, on the board that shows it in a notebook.
    """
    limit = seconds_argument("timeout", timeout)
    if return_when not in _RETURN_WHEN:
        msg = f"return_when is one of {', '.join(_RETURN_WHEN)}, not {return_when!r}"
        raise ValueError(msg)
    pending = set(distinct_jobs(jobs))
    everything = frozenset(pending)
    with contextlib.closing(_endings(pending, limit)) as endings:
        for job, succeeded in endings:
            pending.discard(job)
            first = return_when == concurrent.futures.FIRST_COMPLETED
            if first or (return_when == concurrent.futures.FIRST_EXCEPTION and not succeeded):
                break
    return DoneAndNotDoneJobs(set(everything - pending), pending)


def as_completed(jobs: Iterable[object], timeout: float | None = None) -> Iterator[Job]:
    """Yield jobs as they end, as `concurrent.futures.as_completed` does futures. In a notebook, a board shows them.

    Args:
        jobs: Jobs of this package or of the official client, and ids, in any mixture.
        timeout: Seconds from the call after which to give up; ``None`` for no limit.

    Yields:
        Each job once, when it is over, or when nothing more can be learned about it (refused, not found).

    Raises:
        ValueError: ``timeout`` is negative or NaN; raised at the call, as are the next two.
        TypeError: Something is no job.
        NotConnected: There is an id, and no connection is configured.
        JobTimeoutError: The time is over before all jobs are.
        WatchStopped: Somebody stopped it, on the board that shows it in a notebook.
    """
    limit = seconds_argument("timeout", timeout)
    distinct = distinct_jobs(jobs)
    return _as_completed(distinct, limit, time.monotonic())


def _as_completed(jobs: list[Job], limit: float | None, began: float) -> Iterator[Job]:
    pending = set(jobs)
    remaining = None if limit is None else max(0.0, began + limit - time.monotonic())
    with contextlib.closing(_endings(pending, remaining)) as endings:
        for job, _ in endings:
            pending.discard(job)
            yield job
    if pending:
        example = next(iter(pending))
        raise JobTimeoutError(
            messages.several_timeout_text(len(pending), len(jobs), limit or 0.0, example.state, example.id),
            job=example,
        )


def distinct_jobs(jobs: Iterable[object], *, verbose: bool = False) -> list[Job]:
    """The `Job` of each item that a user passes, without repetitions.

    Args:
        jobs: Jobs of this package or of the official client, and ids, in any mixture.
        verbose: Ask for subtasks too.

    Raises:
        TypeError: It is no iterable, or an item is no job.
        NotConnected: There is an id, and no connection is configured.
    """
    if isinstance(jobs, (str, bytes)) or not isinstance(jobs, collections.abc.Iterable):
        msg = f"jobs is a list (or other iterable) of jobs and ids, not {type(jobs).__name__}; for one job: [job]"
        raise TypeError(msg)
    return list(dict.fromkeys(job_of(job, verbose=verbose) for job in jobs))


def _endings(jobs: Iterable[Job], limit: float | None) -> Generator[tuple[Job, bool], None, None]:
    """Each job when it ends, and whether it succeeded; stops when all have ended or ``limit`` seconds are over."""
    began = time.monotonic()
    until = math.inf if limit is None else began + limit
    ends, subscriptions, waiting = _Ends(), [], 0
    job_list = list(jobs)
    view = _view_of(job_list)
    with contextlib.nullcontext() if view is None else view:
        try:
            for job in job_list:
                waiting += 1
                if job.done():
                    ends.queue.put((job, job.status == JobStatus.SUCCESS))
                else:
                    subscriptions.append(job.__job_record__.subscribe(ends.mailbox(job), last=True))
            while waiting:
                now = time.monotonic()
                if view is not None:
                    view.goes_on(now - began)
                try:
                    ending = ends.queue.get(timeout=max(0.0, min(_SLICE, until - now)))
                except queue.Empty:
                    if now >= until:
                        return
                else:
                    waiting -= 1
                    yield ending
        finally:
            # First, and no call: an interrupt may have come before the newest subscription was in the list, and another
            # one may come while they are closed.
            ends.over = True
            for subscription in subscriptions:
                subscription.close()


class _Ends:
    """Collects the ends of several jobs."""

    def __init__(self) -> None:
        self.queue: Queue[tuple[Job, bool]] = Queue()
        """Each job that has ended, and whether it succeeded."""
        self.over = False
        """Whether nobody waits any more: then a report that comes all the same is the last one."""

    def mailbox(self, job: Job) -> Mailbox[Report]:
        """A mailbox for the reports about a job."""
        mailbox: Mailbox[Report] = Mailbox(lambda report: self._receive(job, mailbox, report), prompt=True)
        return mailbox

    def _receive(self, job: Job, mailbox: Mailbox[Report], report: Report) -> None:
        if self.over:
            mailbox.close()
            return
        job.__job_record__.apply(report)
        if report.health.ended:
            self.queue.put((job, report.health is Health.OVER and job.status == JobStatus.SUCCESS))


def _view_of(jobs: list[Job]) -> SeveralView | None:
    try:
        return _show(jobs) if _show is not None else None
    except Exception:  # noqa: BLE001 (a wait must not fail because it cannot be shown)
        _log.exception("a wait for several jobs could not be shown")
        return None

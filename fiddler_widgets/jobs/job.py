"""`Job`: the handle on one job."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.client import default_connection, fiddler_client
from fiddler_widgets.exceptions import ApiError
from fiddler_widgets.jobs.display import display
from fiddler_widgets.jobs.record import JobRecord
from fiddler_widgets.jobs.wait import Wait, api_error, seconds_argument, wait_for, wait_for_async
from fiddler_widgets.messages import job_line, job_name
from fiddler_widgets.models import Health, JobState, JobStatus, parse_id

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Iterator
    from uuid import UUID

    from fiddler_widgets.polling.subscriptions import Fetcher

__all__ = ["Job", "job_of", "wait_timeout"]


def wait_timeout(timeout: float | None) -> float:
    """A checked ``timeout`` of a wait, in seconds; ``None`` means ``configs.JOB_WAIT_TIMEOUT`` as it is now."""
    checked = seconds_argument("timeout", timeout)
    return float(configs.JOB_WAIT_TIMEOUT) if checked is None else checked


class Job:
    """A long-running operation on the Fiddler platform. Use `Job.get`; the constructor makes no request.

    Its fields are those of the last answer. Every watch on this object updates them: `watch`, `wait`, `await`, a card.

    Args:
        id_: The job's id.
        connection: What to ask for it; ``None`` for the connection that is configured when it is needed.
        state: Its last known state.
        verbose: Whether watches ask for subtasks too.
    """

    def __init__(
        self, id_: UUID | str, *, connection: Fetcher | None, state: JobState | None = None, verbose: bool = False
    ) -> None:
        self.__job_record__ = JobRecord(parse_id(id_), connection=connection, state=state, verbose=verbose)

    @classmethod
    def get(cls, id_: UUID | str, verbose: bool = False) -> Job:  # noqa: FBT001, FBT002 (the official signature)
        """Ask for a job, once.

        Args:
            id_: The job's id.
            verbose: Ask for its subtasks too; they are then in `extras`, and stay up to date in later watches.

        Returns:
            The job with its fields as of now.

        Raises:
            NotConnected: No connection is configured.
            NotFound: There is no such job.
            ApiError: The server did not answer with the job; `ApiConnectionError` if it could not be reached.
            TypeError: The id is neither a UUID nor a str.
            ValueError: The id is empty.
        """
        id_ = parse_id(id_)
        return cls(id_, connection=default_connection.current(), verbose=verbose).refresh()

    def refresh(self) -> Job:
        """Ask for this job, once, and update its fields.

        Returns:
            The job itself.

        Raises:
            NotFound: There is no such job.
            ApiError: The server did not answer with the job; `ApiConnectionError` if it could not be reached.
        """
        try:
            self.__job_record__.fetch()
        except ApiError as caught:
            error = caught
        else:
            return self
        raise api_error(self, error)

    # ---- its fields

    @property
    def id(self) -> UUID | str:
        """The job's id; a str if it is no UUID."""
        return self.__job_record__.id

    @property
    def state(self) -> JobState | None:
        """The last answer, as an immutable snapshot; ``None`` before there was one."""
        return self.__job_record__.state

    @property
    def name(self) -> str | None:
        """The job's name."""
        return self.state.name if self.state else None

    @property
    def status(self) -> JobStatus | str | None:
        """The job's status, a `JobStatus`; a str if the server uses a status that is not known."""
        return self.state.status if self.state else None

    @property
    def progress(self) -> float | None:
        """Per cent, 0 to 100; ``None`` while unknown."""
        return self.state.progress if self.state else None

    @property
    def info(self) -> dict[str, Any] | None:
        """What the job works on."""
        return self.state.info if self.state else None

    @property
    def error_message(self) -> str | None:
        """Why it failed, in full."""
        return self.state.error_message if self.state else None

    @property
    def error_reason(self) -> str | None:
        """Why it failed, in short."""
        return self.state.error_reason if self.state else None

    @property
    def extras(self) -> dict[str, Any] | None:
        """The job's subtasks by id; empty unless it was asked for with ``verbose=True``."""
        return self.state.extras if self.state else None

    @property
    def time_left(self) -> tuple[float, float] | None:
        """The least and most seconds that the job may still take; ``None`` while that is unknown, and once it is over.

        Estimated from the job's progress while it is watched; about four in five jobs end within the range.
        """
        return self.__job_record__.time_left()

    def done(self) -> bool:
        """Whether the job is over, as of the last answer."""
        return self.state is not None and self.state.final

    # ---- following it

    def watch(self, interval: float | None = None, timeout: float | None = None) -> Iterator[Job]:
        """Follow the job: look at once, and yield it after every good answer until it is over.

        If the loop body takes longer than a pause, the next iteration has the newest state; the last state is never
        missed. Failing servers are tolerated as ``docs/behaviour.md`` says; a job that ends in FAILURE or REVOKED
        simply ends the loop.

        Args:
            interval: Seconds from an answer to the next request (at least 0.2); ``None`` for the adaptive schedule.
            timeout: Seconds until giving up; ``None`` for ``configs.JOB_WAIT_TIMEOUT``, ``math.inf`` for never,
                0 to look once.

        Yields:
            This job, updated.

        Raises:
            ValueError: An argument is negative or NaN; raised at the call.
            JobTimeoutError: The time is over before the job is.
            WatchStopped: Somebody stopped it.
            ApiError: The server refuses, or does not know the job.
        """
        return self._watch(seconds_argument("interval", interval), wait_timeout(timeout))

    def _watch(self, interval: float | None, timeout: float) -> Iterator[Job]:
        with Wait(self, interval, timeout) as wait:
            for report in wait.reports():
                if report.answered:
                    yield self
        if report.health is not Health.OVER:
            wait.raise_for(report)

    def wait(self, interval: float | None = None, timeout: float | None = None) -> None:
        """Block until the job is over. In a notebook, its card is shown and stays live; changes are logged.

        Args:
            interval: Seconds from an answer to the next request (at least 0.2); ``None`` for the adaptive schedule.
            timeout: Seconds until giving up; ``None`` for ``configs.JOB_WAIT_TIMEOUT``, ``math.inf`` for never,
                0 to look once.

        Raises:
            ValueError: An argument is negative or NaN.
            AsyncJobFailed: The job ended in FAILURE.
            JobRevoked: The job ended in REVOKED.
            JobTimeoutError: The time is over before the job is.
            WatchStopped: Somebody stopped it, for instance with the card's button.
            ApiError: The server refuses, or does not know the job.
        """
        pause, limit = seconds_argument("interval", interval), wait_timeout(timeout)
        view = display().wait_view(self, pause)
        wait_for(self, pause, limit, view)

    def wait_async(self, interval: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """As `wait`, as a coroutine for ``asyncio.create_task``, whose cell is done at once, and for ``TaskGroup``.

        The arguments are checked, and in a notebook the card is shown, at the call; the time begins with the coroutine.
        """
        pause, limit = seconds_argument("interval", interval), wait_timeout(timeout)
        view = display().wait_view(self, pause)
        return wait_for_async(self, pause, limit, view)

    def __await__(self) -> Generator[Any, None, None]:
        """As `wait` with its defaults; may be awaited more than once. The cell stays busy, widgets and tasks go on."""
        return self.wait_async().__await__()

    @classmethod
    def __of_record__(cls, record: JobRecord) -> Job:
        """A `Job` with an existing record."""
        job = cls.__new__(cls)
        job.__job_record__ = record
        return job

    def _ipython_display_(self) -> None:
        # After NotImplementedError, IPython silently tries the job's mimebundle.
        if not display().show(self):
            raise NotImplementedError

    def _display_(self) -> object:
        # marimo calls this.
        return display().card(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return display().mimebundle(self, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the id and the state without the connection, which has the token."""
        verbose = self.__job_record__.verbose
        return functools.partial(Job, connection=None, state=self.state, verbose=verbose), (self.id,)

    def __repr__(self) -> str:
        """Name, id, status and progress."""
        state_text = job_line(self.state) if self.state is not None else "not asked for yet"
        return f"<{job_name(self.state, self.id)}: {state_text}>"


def job_of(value: object, *, verbose: bool = False) -> Job:
    """The `Job` for a value that a user passes as a job.

    Args:
        value: A `Job`, a job of the official client, a UUID or a str.
        verbose: Ask for subtasks too.

    Raises:
        TypeError: It is none of these.
        NotConnected: It is no `Job` yet, and no connection is configured that can be used.
    """
    if isinstance(value, Job):
        value.__job_record__.verbose |= verbose
        return value
    if fiddler_client.is_job(value):
        return _job_of_official(value, verbose=verbose)
    return Job(parse_id(value), connection=default_connection.current(), verbose=verbose)


def _job_of_official(official: Any, *, verbose: bool) -> Job:
    """The `Job` for a job of the official client; the same one for as long as the official object lives."""
    job: Job | None = fiddler_client.handles.get(official)
    if job is None:
        job = Job(official.id, connection=None)
        job.__job_record__.adopt(official)
        # Kept for as long as the official object lives, so that a card whose job has no variable keeps it up to date.
        fiddler_client.handles[official] = job
    record = job.__job_record__
    record.renew_connection()
    # A job with subtasks was asked for with them, and would lose them with the first look without them.
    record.verbose = record.verbose or verbose or bool(official.extras)
    return job

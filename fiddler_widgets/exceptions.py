"""The exceptions of this package, as one tree.

::

    FiddlerWidgetsError
    ├── NotConnected            no connection is configured
    ├── ApiError                the server did not give the job; .code, .message, .errors
    │   ├── NotFound            the server does not know the job (404)
    │   └── ApiConnectionError  the server could not be reached, or not be trusted
    ├── AsyncJobFailed          the job ended in FAILURE; .job
    │   └── JobRevoked          the job ended in REVOKED
    ├── JobTimeoutError         the wait is over, the job is not; also a TimeoutError; .job
    └── WatchStopped            somebody stopped the watching, the job goes on; .job

For a job of the official client, ``fiddler.AsyncJobFailed``, ``fiddler.ApiError`` and ``fiddler.NotFound`` catch them,
too. All can be pickled, as process pools do; a pickled `job` has no connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fiddler_widgets.jobs.job import Job

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "AsyncJobFailed",
    "FiddlerWidgetsError",
    "JobRevoked",
    "JobTimeoutError",
    "NotConnected",
    "NotFound",
    "WatchStopped",
]


class FiddlerWidgetsError(Exception):
    """The base class of all exceptions of this package.

    Args:
        message: What happened, to which job, and what to do next.

    Attributes:
        message: The same text.
    """

    def __init__(self, message: str = "") -> None:
        # Not with `super`: the next class may be one of the official client, with another constructor.
        Exception.__init__(self, message)
        self.message = message


class NotConnected(FiddlerWidgetsError):
    """No connection to a Fiddler platform is configured."""


class ApiError(FiddlerWidgetsError):
    """The server did not answer with the job.

    Args:
        message: What happened.
        code: The HTTP status; ``None`` when there was no answer at all.
        errors: The ``errors`` of the server's error envelope.
        retry_after: Seconds that the server asked to wait, if it did.
        malformed: Whether the status was a good one, but the body was not this job.
        foreign: Whether something on the way answered instead of the platform, such as a firewall.
        advice: What the user can do, as a sentence; empty if that follows from the code.
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        errors: Sequence[Any] = (),
        retry_after: float | None = None,
        malformed: bool = False,
        foreign: bool = False,
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.errors = list(errors)
        self.retry_after = retry_after
        self.malformed = malformed
        self.foreign = foreign
        self.advice = advice

    @property
    def facts(self) -> dict[str, Any]:
        """The keyword arguments of this error, to make one with another message."""
        return {name: value for name, value in vars(self).items() if name in _FACTS}


_FACTS = frozenset(("advice", "code", "errors", "foreign", "malformed", "permanent", "retry_after"))


class NotFound(ApiError):
    """The server does not know the job."""


class ApiConnectionError(ApiError):
    """The server could not be reached or not be trusted.

    Args:
        message: What happened.
        permanent: Whether trying again cannot help (such as after an invalid certificate).
        **facts: As for `ApiError`.
    """

    def __init__(self, message: str = "", *, permanent: bool = False, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.permanent = permanent


class _AboutJob(FiddlerWidgetsError):
    """An error that knows its job, as `job`."""

    def __init__(self, message: str = "", *, job: Job | None = None) -> None:
        super().__init__(message)
        self.job = job


class AsyncJobFailed(_AboutJob):
    """The job ended in FAILURE; in a wait for several jobs, at least one of them ended without success.

    Args:
        message: What happened.
        job: The job; the first one that failed of several.
        failed: All jobs that failed, in a wait for several; by default only ``job``.
    """

    def __init__(self, message: str = "", *, job: Job | None = None, failed: Iterable[Job] = ()) -> None:
        super().__init__(message, job=job)
        self.failed: list[Job] = list(failed) or ([] if job is None else [job])


class JobRevoked(AsyncJobFailed):
    """The job ended in REVOKED: it was cancelled or terminated."""


class JobTimeoutError(_AboutJob, TimeoutError):
    """The time for waiting is over; the job itself goes on."""


class WatchStopped(_AboutJob):
    """Somebody stopped the watching before the job was over; the job itself goes on."""

"""The log of requests, and waiting for further requests."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from threading import Condition

__all__ = ["RequestLog", "SeenRequest"]

_KEPT = 100_000


@dataclass(frozen=True)
class SeenRequest:
    """A record of one request.

    Attributes:
        at: When it arrived, in seconds by the simulator's clock.
        method: The HTTP method.
        path: The path without the query.
        query: The query as it was sent, without the question mark.
        job_id: The id of the job in the path, or `None` for another path.
        verbose: Whether it asked for the job's subtasks.
        authorized: Whether it had the simulator's token.
        status: The status of the answer, or `None` if there is no answer.
        fault: The name of the fault in the answer, or `None`.
        user_agent: The `User-Agent` header, or `""`.
    """

    at: float
    method: str
    path: str
    query: str
    job_id: str | None
    verbose: bool
    authorized: bool
    status: int | None
    fault: str | None
    user_agent: str


class RequestLog:
    """The latest requests, at most 100,000 of them; safe to use from any thread."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changed = Condition()
        self._requests: deque[SeenRequest] = deque(maxlen=_KEPT)
        self._counts: Counter[str | None] = Counter()
        self._total = 0

    def add(self, request: SeenRequest) -> None:
        """Add a request, and wake the threads that wait for it."""
        with self._changed:
            self._requests.append(request)
            self._counts[request.job_id] += 1
            self._total += 1
            self._changed.notify_all()

    def clear(self) -> None:
        """Remove all requests, and reset the counts."""
        with self._changed:
            self._requests.clear()
            self._counts.clear()
            self._total = 0

    def snapshot(self, job_id: str | None = None) -> list[SeenRequest]:
        """Return the requests so far, the oldest first; with a `job_id`, only those about this job."""
        with self._changed:
            return [r for r in self._requests if job_id in (None, r.job_id)]

    def wait_for(self, n: int, job_id: str | None, timeout: float) -> list[SeenRequest]:
        """Wait until `n` requests were seen, and return them.

        Raises:
            TimeoutError: If fewer came within `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._count(job_id) >= n, timeout):
                subject = "" if job_id is None else f" about job {job_id}"
                raise TimeoutError(f"Saw {self._count(job_id)} of {n} requests{subject} within {timeout:g} s.")
        return self.snapshot(job_id)

    def _count(self, job_id: str | None) -> int:
        return self._total if job_id is None else self._counts[job_id]

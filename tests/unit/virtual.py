"""A server and a clock that exist only in the test: monitors run in virtual time."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fiddler_widgets.exceptions import ApiConnectionError, ApiError, NotFound
from fiddler_widgets.messages import foreign_clause
from fiddler_widgets.models import JobState, JobStatus
from fiddler_widgets.polling.job_monitor import JobMonitor

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

JOB_ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


def state(status: str = "STARTED", progress: float | None = 10.0) -> JobState:
    """Return an answer with this status and progress."""
    return JobState.from_wire(
        {"data": {"id": JOB_ID, "name": "Upload", "status": status, "progress": progress}}, expected_id=JOB_ID
    )


def http_error(code: int, retry_after: float | None = None) -> ApiError:
    """Return what the transport makes of this status."""
    kind = NotFound if code == 404 else ApiError
    return kind(f"the server answered {code}", code=code, retry_after=retry_after)


def foreign(code: int) -> ApiError:
    """Return what the transport makes of this status from something between."""
    kind = NotFound if code == 404 else ApiError
    return kind(foreign_clause(code, "Request blocked"), code=code, foreign=True)


def unreachable(*, permanent: bool = False) -> ApiConnectionError:
    """Return what the transport makes of a connection that fails."""
    return ApiConnectionError("the connection was refused", permanent=permanent)


@dataclass
class Run:
    """One monitor in virtual time, and what happened to it.

    Attributes:
        server: What it answers at a time, in seconds.
        round_trip: Seconds that each request takes.
        asked: When each request was made.
        expired: The watches that expired, with the time.
    """

    server: Callable[[float], JobState | ApiError]
    round_trip: float = 0.05
    jitter: Callable[[float, float], float] = max
    now: float = 1000.0
    asked: list[float] = field(default_factory=list)
    expired: list[tuple[Hashable, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the monitor."""
        self.start = self.now
        self.monitor = JobMonitor(self.now, uniform=self.jitter)

    def watch(self, key: Hashable = "one", *, interval: float | None = None, timeout: float = math.inf) -> Run:
        """Add a watch now."""
        self.monitor.watch(key, self.now, interval=interval, timeout=timeout)
        return self

    def until(self, end: float) -> Run:
        """Run up to this many seconds after the start, or until nothing more will happen."""
        stop = self.start + end
        while (event := self.monitor.next_event) is not None and event <= stop:
            self.now = max(self.now, event)
            self.expired += [(key, self.now - self.start) for key in self.monitor.expire(self.now)]
            due = self.monitor.due
            if due is not None and due <= self.now:
                self.ask()
        return self

    def ask(self) -> None:
        """Make one request."""
        ticket = self.monitor.begin(self.now)
        self.asked.append(self.now - self.start)
        self.now += self.round_trip
        outcome = self.server(self.now - self.start)
        if isinstance(outcome, JobState):
            self.monitor.answer(ticket, self.now, outcome)
        else:
            self.monitor.fail(ticket, self.now, outcome)

    @property
    def pauses(self) -> list[float]:
        """Seconds from the end of each request to the start of the next."""
        return [later - earlier - self.round_trip for earlier, later in itertools.pairwise(self.asked)]


FINAL = tuple(status.value for status in JobStatus if status.final)

"""Who watches which job, and where to ask for it: the poller's channels, their subscriptions and their servers."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets import configs
from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.polling.rate_limit import RateLimit
from fiddler_widgets.polling.report import stopped_report

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from uuid import UUID

    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.job_monitor import JobMonitor
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report


__all__ = ["Channel", "Engine", "Fetcher", "Server", "Subscription"]

_LONGEST_IN_VIEW = 1.5
"""The longest pause of a job in view, unless its watches have pauses of their own: in ``configs.JOB_POLL_INTERVAL``."""


class Engine(Protocol):
    """What a subscription needs of its poller."""

    def unsubscribe(self, subscription: Subscription, final_report: Callable[[Report], Report] | None = None) -> None:
        """End a subscription; ``final_report`` makes a last report from the current one."""
        ...

    def hurry(self, subscription: Subscription) -> None:
        """Look at a subscription's job as soon as its pauses allow."""
        ...

    def prefer(self, subscription: Subscription, until: float) -> None:
        """Prefer a subscription's job among those that wait for their turn, until that time (monotonic seconds)."""
        ...


class Fetcher(Protocol):
    """What the poller asks for jobs, such as a `Connection`. Equal fetchers share one stream of requests per job."""

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """The job's state; raises an `ApiError` for anything else."""
        ...

    def close_idle(self) -> None:
        """Close the sockets that are kept open for reuse."""
        ...

    def __hash__(self) -> int:
        """Equal fetchers have equal hashes."""
        ...


class Subscription:
    """One watcher's interest in a job; `Poller.subscribe` makes it and describes its parameters."""

    def __init__(
        self,
        engine: Engine,
        channel: Channel,
        mailbox: Mailbox[Report],
        *,
        timeout: float,
        verbose: bool,
        last: bool,
        beat: float | None,
    ) -> None:
        self.channel, self.mailbox = channel, mailbox
        self.timeout, self.verbose, self.last, self.beat = timeout, verbose, last, beat
        self.next_heartbeat = math.inf
        self.open = True
        self._engine = engine

    def close(self) -> None:
        """End it at once and without a last report."""
        self._engine.unsubscribe(self)

    def stop(self) -> None:
        """End it with a last report that the watching was stopped; does nothing if it has ended."""
        self._engine.unsubscribe(self, stopped_report)

    def hurry(self) -> None:
        """Look at the job as soon as its pauses allow."""
        self._engine.hurry(self)

    def prefer(self, until: float) -> None:
        """Prefer the job among those that wait for their turn, as it is in view.

        It waits less where many jobs wait. It is not looked at more often than its schedule says, except that no pause
        of the schedule is longer than one and a half times ``configs.JOB_POLL_INTERVAL``: somebody looks at the row.

        Args:
            until: When this ends, in monotonic seconds; a time in the past ends it now.
        """
        self._engine.prefer(self, until)


class Channel:
    """One job, its monitor, and the subscriptions to it."""

    def __init__(
        self, key: Hashable, fetcher: Fetcher, job_id: UUID | str, monitor: JobMonitor, server: Server
    ) -> None:
        self.key, self.fetcher, self.job_id, self.monitor, self.server = key, fetcher, job_id, monitor, server
        self.subscriptions: list[Subscription] = []
        self.scheduled: float | None = None
        self.queued = False
        self.preferred_until = -math.inf
        self.queue: deque[Channel] | None = None

    def fetch(self) -> JobState | ApiError:
        """Ask for the job; called in a thread for requests, which holds no lock."""
        verbose = any(subscription.verbose for subscription in list(self.subscriptions))
        try:
            return self.fetcher.fetch(self.job_id, verbose=verbose)
        except ApiError as error:
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 (a watch outlives a defect in one look)
            return ApiConnectionError(f"the request failed with {type(error).__name__}")

    def take_in(self, outcome: JobState | ApiError, ticket: int, now: float) -> Report | None:
        """Hand the outcome of a request to the monitor; returns the new report, ``None`` if the outcome is too late.

        Args:
            outcome: The job's state, or why there is none.
            ticket: The monitor's ticket for the request.
            now: Monotonic seconds.
        """
        if isinstance(outcome, ApiError):
            self.server.rate_limit.note_error(now, outcome)
            counts = self.monitor.fail(ticket, now, outcome)
            return self.monitor.report() if counts else None
        longest = _LONGEST_IN_VIEW * configs.JOB_POLL_INTERVAL if self.preferred_until > now else math.inf
        counts = self.monitor.answer(ticket, now, outcome, longest)
        return self.monitor.report(answered=True) if counts else None


class Server:
    """What all channels to one platform share: its rate limit, and the queues for the next request to it.

    Attributes:
        rate_limit: When the next request may be made.
        ready: The channels that wait for their turn.
        preferred: The channels that wait and are in view.
        others: How many turns in a row went to channels out of view.
        under_way: When each request without an answer was made, in monotonic seconds, by its number.
    """

    def __init__(self) -> None:
        self.rate_limit = RateLimit()
        self.ready: deque[Channel] = deque()
        self.preferred: deque[Channel] = deque()
        self.others = 0
        self.under_way: dict[int, float] = {}

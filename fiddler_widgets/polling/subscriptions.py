"""What the poller keeps books about: who is interested in which job, and where to ask for it."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.polling.rate_limit import Pace
from fiddler_widgets.polling.report import stopped_report

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from uuid import UUID

    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.job_monitor import JobMonitor
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report


__all__ = ["Channel", "Engine", "Fetcher", "Server", "Subscription"]


class Engine(Protocol):
    """What a subscription asks of its poller."""

    def unsubscribe(self, subscription: Subscription, farewell: Callable[[Report], Report] | None = None) -> None:
        """End a subscription, perhaps with a last report made from the current one."""
        ...

    def hurry(self, subscription: Subscription) -> None:
        """Look at a subscription's job as soon as may be."""
        ...

    def prefer(self, subscription: Subscription, until: float) -> None:
        """Look at a subscription's job before others, until that time."""
        ...


class Fetcher(Protocol):
    """What the poller asks for jobs: in earnest, a `transport.Connection`. Equal ones share their streams."""

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """The job's state; raises an `ApiError` for anything else."""
        ...

    def close_idle(self) -> None:
        """Close what is kept open for reuse."""
        ...

    def __hash__(self) -> int:
        """By address."""
        ...


class Subscription:
    """Somebody's interest in a job; made by `Poller.subscribe`, whose parameters these are."""

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
        self.next_beat = math.inf
        self.open = True
        self._engine = engine

    def close(self) -> None:
        """End it without a word: nothing is reported from here on."""
        self._engine.unsubscribe(self)

    def stop(self) -> None:
        """End it, with a last report that says so; does nothing once it has ended."""
        self._engine.unsubscribe(self, stopped_report)

    def hurry(self) -> None:
        """Look as soon as may be."""
        self._engine.hurry(self)

    def prefer(self, until: float) -> None:
        """Look at the job before others whose turn it is, as one does that is in view.

        It is looked at no more often than its schedule says, and only where many jobs wait for their turn any sooner.

        Args:
            until: Until when, in monotonic seconds; in the past to do so no more.
        """
        self._engine.prefer(self, until)


class Channel:
    """One job, its monitor, and who is interested."""

    def __init__(
        self, key: Hashable, fetcher: Fetcher, job_id: UUID | str, monitor: JobMonitor, server: Server
    ) -> None:
        self.key, self.fetcher, self.job_id, self.monitor, self.server = key, fetcher, job_id, monitor, server
        self.subscriptions: list[Subscription] = []
        self.scheduled: float | None = None
        self.queued = False
        self.preferred_until = -math.inf
        self.line: deque[Channel] | None = None

    def fetch(self) -> JobState | ApiError:
        """Ask for the job; in a worker's thread, without a lock."""
        verbose = any(subscription.verbose for subscription in list(self.subscriptions))
        try:
            return self.fetcher.fetch(self.job_id, verbose=verbose)
        except ApiError as error:
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 (a watch outlives a defect in one look)
            return ApiConnectionError(f"the request failed with {type(error).__name__}")

    def take_in(self, outcome: JobState | ApiError, ticket: int, now: float) -> Report | None:
        """What there is to report after a request; ``None`` where its outcome counts no more.

        Args:
            outcome: What it brought.
            ticket: What the monitor called it.
            now: Monotonic seconds.
        """
        if isinstance(outcome, ApiError):
            self.server.pace.heard(now, outcome)
            counts = self.monitor.fail(ticket, now, outcome)
            return self.monitor.report() if counts else None
        counts = self.monitor.answer(ticket, now, outcome)
        return self.monitor.report(answered=True) if counts else None


class Server:
    """What all channels to one platform share: how fast it may be asked, and whose turn it is.

    Attributes:
        pace: How fast it may be asked.
        ready: The channels whose turn it is.
        preferred: Those among them that somebody has in view.
        others: How many turns the others have had since one of those had one.
        under_way: When each request that has no answer yet was sent off, in monotonic seconds, by a number of its own.
    """

    def __init__(self) -> None:
        self.pace = Pace()
        self.ready: deque[Channel] = deque()
        self.preferred: deque[Channel] = deque()
        self.others = 0
        self.under_way: dict[int, float] = {}

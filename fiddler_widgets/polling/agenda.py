"""Which jobs are watched, and what is due for each of them when: the poller's schedule, without a lock or a thread.

All times are monotonic seconds. The poller calls all of this while it holds its lock, so nothing here may take long.
"""

from __future__ import annotations

import heapq
import itertools
import math
from typing import TYPE_CHECKING

from fiddler_widgets.models import normal_id
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.report import expired_report
from fiddler_widgets.polling.subscriptions import Channel, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from uuid import UUID

    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Fetcher, Server

__all__ = ["Agenda", "drop", "publish"]


class Agenda:
    """The channels of one poller, ordered by when something is due, and the actions to run at a certain time.

    Attributes:
        channels: Those with a subscription; one without is kept until its shortest pause is over.
        unfinished: How many changes have begun and not ended. If there are any while nothing holds the lock, they were
            interrupted, and `mend` is to be called.
    """

    def __init__(self) -> None:
        self.unfinished = 0
        self.channels: dict[Hashable, Channel] = {}
        self._queue: list[tuple[float, int, Channel]] = []
        self._actions: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def __bool__(self) -> bool:
        """Whether there is anything to do, now or later."""
        return bool(self.channels or self._actions)

    @property
    def next_at(self) -> float:
        """When something may be due next; infinity for never."""
        return min((waiting[0][0] for waiting in (self._queue, self._actions) if waiting), default=math.inf)

    def clear(self) -> None:
        """Forget all channels and all actions."""
        self.channels.clear()
        self._actions.clear()

    def channel(
        self,
        fetcher: Fetcher,
        job_id: UUID | str,
        now: float,
        server: Callable[[Fetcher], Server],
        recall: Callable[[JobState], Sequence[float]] | None,
    ) -> Channel:
        """The channel of a job; a new one if there is none or the one there is has ended.

        Args:
            fetcher: What to ask for the job.
            job_id: The job.
            now: The time.
            server: Returns the `Server` that all channels of a fetcher share.
            recall: As of `Poller.subscribe`.
        """
        key = (fetcher, normal_id(job_id))
        channel = self.channels.get(key)
        if channel is None or channel.monitor.ended:
            # A new monitor keeps the pause of the one before it, so that many short watches in a row cannot avoid it.
            not_before = channel.monitor.not_before if channel is not None else -math.inf
            monitor = JobMonitor(now, not_before=not_before, recall=recall)
            channel = self.channels[key] = Channel(key, fetcher, job_id, monitor, server(fetcher))
        return channel

    def schedule(self, channel: Channel) -> bool:
        """Put a channel where it belongs in the queue; returns whether it is now the first there."""
        times = [subscription.next_heartbeat for subscription in channel.subscriptions]
        times += channel.monitor.deadlines
        if not channel.queued and (look := channel.monitor.next_look) is not None:
            times.append(look)
        at: float | None = min(times, default=math.inf)
        if at == math.inf:
            # Either a request is waiting or under way, and its end schedules the channel again, or nobody subscribes.
            at = None if channel.queued or channel.subscriptions else channel.monitor.not_before
        changed, channel.scheduled = at != channel.scheduled, at
        if not changed or at is None:
            return False
        heapq.heappush(self._queue, (at, next(self._order), channel))
        return self._queue[0][2] is channel

    def mend(self, now: float) -> None:
        """Take back what is left of changes that an interrupt cut short, and put every channel where it belongs.

        Args:
            now: The time.
        """
        self._queue.clear()
        for channel in self.channels.values():
            watched = channel.monitor.watched
            for subscription in list(channel.subscriptions):
                if not subscription.open or subscription.mailbox.closed or subscription not in watched:
                    drop(subscription)
            for key in watched.difference(channel.subscriptions):
                channel.monitor.unwatch(key)
            if channel.monitor.next_look is None:
                channel.monitor.wake(now)
            channel.scheduled = None
            self.schedule(channel)
        self.unfinished = 0

    def wake_all(self, now: float) -> None:
        """Make every job due now, and give up the requests under way."""
        for channel in self.channels.values():
            channel.monitor.wake(now, afresh=True)
            channel.queued = False
            self.schedule(channel)

    def serve(self, now: float, wait: Callable[[Channel, float], object]) -> list[list[Mailbox[Report]]]:
        """Do what is due by now, except for the requests: these wait for their turn.

        Args:
            now: The time.
            wait: Called with each channel whose job is due for a request, and the time.

        Returns:
            Lists of mailboxes to deliver; the mailboxes of one list are delivered in that order.
        """
        deliveries: list[list[Mailbox[Report]]] = []
        for channel in self._due(now):
            monitor = channel.monitor
            deliveries += self._reports(channel, now)
            if not channel.queued and monitor.due is not None and monitor.due <= now:
                channel.queued = True
                wait(channel, now)
            if channel.subscriptions or monitor.not_before > now:
                self.schedule(channel)
            else:
                self.channels.pop(channel.key, None)
        return deliveries

    def _due(self, now: float) -> Iterator[Channel]:
        """The channels for which something is due; the caller schedules or removes each of them."""
        while self._queue and self._queue[0][0] <= now:
            at, _, channel = heapq.heappop(self._queue)
            if at == channel.scheduled and self.channels.get(channel.key) is channel:
                channel.scheduled = None
                yield channel

    def _reports(self, channel: Channel, now: float) -> list[list[Mailbox[Report]]]:
        """Put into the mailboxes what is due without a request: reports of expired subscriptions, and heartbeats.

        Returns:
            Lists of mailboxes to deliver; the mailboxes of one list are delivered in that order.
        """
        monitor = channel.monitor
        error = monitor.error
        expired = [subscription for subscription in monitor.expire(now) if isinstance(subscription, Subscription)]
        due = [[subscription.mailbox] for subscription in expired]
        for subscription in expired:
            subscription.mailbox.put(expired_report(monitor.report(), subscription.timeout))
            drop(subscription)
        if monitor.error is not error:
            due.append(publish(channel, monitor.report(), now))
        for subscription in channel.subscriptions:
            if subscription.next_heartbeat <= now:
                subscription.mailbox.put(monitor.report())
                subscription.next_heartbeat = now + (subscription.beat or math.inf)
                due.append([subscription.mailbox])
        return due

    def act_at(self, at: float, action: Callable[[], None]) -> None:
        """Have an action run at that time."""
        heapq.heappush(self._actions, (at, next(self._order), action))

    def take_actions(self, now: float) -> list[Callable[[], None]]:
        """Remove and return the actions that are due by now."""
        actions = []
        while self._actions and self._actions[0][0] <= now:
            actions.append(heapq.heappop(self._actions)[2])
        return actions


def drop(subscription: Subscription) -> None:
    """End a subscription: its channel has it no more."""
    subscription.open = False
    subscription.channel.subscriptions.remove(subscription)


def publish(channel: Channel, report: Report, now: float) -> list[Mailbox[Report]]:
    """Put a report into every mailbox of a channel; returns the mailboxes to deliver."""
    subscriptions = list(channel.subscriptions)
    for subscription in subscriptions:
        if subscription.mailbox.closed and not channel.monitor.ended:
            drop(subscription)
            channel.monitor.unwatch(subscription)
            continue
        subscription.mailbox.put(report)
        if subscription.beat is not None:
            subscription.next_heartbeat = now + subscription.beat
        if channel.monitor.ended:
            drop(subscription)
    return [subscription.mailbox for subscription in subscriptions]

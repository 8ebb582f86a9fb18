"""The engine behind every watch: one scheduler thread, a few workers, and one stream of requests per job.

All decisions about a job are its monitor's. Here they are carried out: requests are made when they are due, and what
the monitor reports is handed to the subscribers, never while a lock is held. Threads start with the first subscription
and end a few seconds after the last one; there are at most `WORKERS`, `DELIVERERS`, a scheduler, and one for callbacks.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import logging
import math
import threading
import time
from typing import TYPE_CHECKING

from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.models import normal_id
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.report import Report, expired_report
from fiddler_widgets.polling.subscriptions import Channel, Server, Subscription
from fiddler_widgets.polling.thread_pool import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from uuid import UUID

    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.subscriptions import Fetcher

__all__ = ["Poller"]

_log = logging.getLogger("fiddler_widgets")

WORKERS = 8
"""How many requests may be under way at once."""

DELIVERERS = 2
"""How many threads tell of deadlines and signs of life, which must not wait for servers."""

_TICK = 1.0
_LINGER = 5.0
_CLOCK_JUMP = 2.0


class Poller:
    """Watches any number of jobs with a fixed number of threads.

    Args:
        workers: How many requests may be under way at once.
        linger: Seconds that idle threads stay.
        monotonic: The clock for all deadlines, in seconds.
        wall: The clock whose jumps against ``monotonic`` tell that the machine slept or its clock was set, in seconds.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        linger: float = _LINGER,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic, self._wall, self._linger, self._most = monotonic, wall, linger, workers
        self._begin()
        self._closed = False

    def _begin(self) -> None:
        """Start with no job, no thread, and locks that nobody holds."""
        self._changed = threading.Condition(threading.RLock())
        self._channels: dict[Hashable, Channel] = {}
        self._heap: list[tuple[float, int, Channel]] = []
        self._order = itertools.count()
        self._scheduler: threading.Thread | None = None
        self._servers: dict[Fetcher, Server] = {}
        self._requests = Workers(self._most, "fiddler-widgets-worker", self._linger)
        self._deliveries = Workers(DELIVERERS, "fiddler-widgets-delivery", self._linger)
        self._callbacks = Workers(1, "fiddler-widgets-callbacks", self._linger)
        self._busy_at = self._monotonic()
        self._offset = self._wall() - self._busy_at

    # ---- for subscribers, from any thread

    def subscribe(
        self,
        fetcher: Fetcher,
        job_id: UUID | str,
        mailbox: Mailbox[Report],
        *,
        interval: float | None = None,
        timeout: float = math.inf,
        verbose: bool = False,
        last: bool = False,
        beat: float | None = None,
    ) -> Subscription:
        """Watch a job; it is looked at at once.

        What is known of it already is put into the mailbox; the caller has it delivered, when it holds no lock.

        Args:
            fetcher: Where to ask.
            job_id: The job.
            mailbox: Where reports go.
            interval: Seconds between an answer and the next request; ``None`` leaves it to the schedule.
            timeout: Seconds until the subscription ends with a report "timed out"; 0 ends it after one look.
            verbose: Ask for subtasks too.
            last: Report to this one after those that display the job.
            beat: Seconds after which the last report is repeated, as a sign of life.
        """
        now = self._monotonic()
        with self._changed:
            channel = self._channel(fetcher, job_id, now)
            subscription = Subscription(self, channel, mailbox, timeout=timeout, verbose=verbose, last=last, beat=beat)
            if beat is not None:
                subscription.next_beat = now + beat
            channel.subscriptions.append(subscription)
            channel.subscriptions.sort(key=lambda one: one.last)
            channel.monitor.watch(subscription, now, interval=interval, timeout=timeout)
            self._reschedule(channel)
            self._ensure_scheduler()
            if channel.monitor.state is not None and not last:
                mailbox.put(channel.monitor.report())
        return subscription

    def unsubscribe(self, subscription: Subscription, farewell: Callable[[Report], Report] | None = None) -> None:
        """End a subscription, perhaps with a last report made from the current one."""
        with self._changed:
            if not subscription.open:
                return
            channel = subscription.channel
            self._drop(subscription)
            channel.monitor.unwatch(subscription)
            self._reschedule(channel)
            if farewell is not None:
                subscription.mailbox.put(farewell(channel.monitor.report()))
        subscription.mailbox.deliver()

    def hurry(self, subscription: Subscription) -> None:
        """Look at a subscription's job as soon as may be."""
        with self._changed:
            if subscription.open:
                subscription.channel.monitor.wake(self._monotonic())
                self._reschedule(subscription.channel)

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Run a user's callback, which may take long, in a thread that does nothing else."""
        self._callbacks.submit(callback)

    def act_soon(self, action: Callable[[], None]) -> None:
        """Run what a page asks for, in a thread that waits neither for servers nor for users' callbacks."""
        self._deliveries.submit(action)

    def close(self, patience: float = 0.3) -> None:
        """End all watching and wait up to so many seconds for each kind of thread."""
        with self._changed:
            self._closed = True
            self._channels.clear()
            self._changed.notify_all()
            scheduler = self._scheduler
        if scheduler is not None and scheduler is not threading.current_thread():
            scheduler.join(patience)
        for workers in (self._requests, self._deliveries, self._callbacks):
            workers.close(patience)
        for fetcher in self._servers:
            fetcher.close_idle()

    def abandon_after_fork(self) -> None:
        """Watch nothing more, in a forked child: the parent's threads are not here, and locks may be held for ever."""
        self._begin()
        self._closed = True

    # ---- under the lock

    def _channel(self, fetcher: Fetcher, job_id: UUID | str, now: float) -> Channel:
        key = (fetcher, normal_id(job_id))
        channel = self._channels.get(key)
        if channel is None or channel.monitor.ended:
            # What has ended is kept for a moment, so that no series of short watches can get around the pauses.
            not_before = channel.monitor.not_before if channel is not None else -math.inf
            server = self._servers.setdefault(fetcher, Server())
            monitor = JobMonitor(now, not_before=not_before)
            channel = self._channels[key] = Channel(key, fetcher, job_id, monitor, server)
        return channel

    def _drop(self, subscription: Subscription) -> None:
        subscription.open = False
        subscription.channel.subscriptions.remove(subscription)

    def _reschedule(self, channel: Channel) -> None:
        times = [subscription.next_beat for subscription in channel.subscriptions]
        times += channel.monitor.deadlines
        if not channel.queued and (look := channel.monitor.next_look) is not None:
            times.append(look)
        at: float | None = min(times, default=math.inf)
        if at == math.inf:
            # A request waits for a worker or is under way, and its end reschedules; or nobody is interested any more.
            at = None if channel.queued or channel.subscriptions else channel.monitor.not_before
        changed, channel.scheduled = at != channel.scheduled, at
        if changed and at is not None:
            heapq.heappush(self._heap, (at, next(self._order), channel))
            if self._heap[0][2] is channel:
                self._changed.notify_all()

    def _ensure_scheduler(self) -> None:
        if self._scheduler is None and not self._closed:
            self._busy_at = self._monotonic()
            self._offset = self._wall() - self._busy_at
            self._scheduler = threading.Thread(target=self._run, name="fiddler-widgets-scheduler", daemon=True)
            self._scheduler.start()

    def _publish(self, channel: Channel, report: Report) -> list[Mailbox[Report]]:
        """Put a report into every mailbox of a channel; returns those that are to be delivered."""
        subscriptions = list(channel.subscriptions)
        now = self._monotonic()
        for subscription in subscriptions:
            if subscription.mailbox.closed and not channel.monitor.ended:
                self._drop(subscription)
                channel.monitor.unwatch(subscription)
                continue
            subscription.mailbox.put(report)
            if subscription.beat is not None:
                subscription.next_beat = now + subscription.beat
            if channel.monitor.ended:
                self._drop(subscription)
        return [subscription.mailbox for subscription in subscriptions]

    # ---- the scheduler's thread

    def _run(self) -> None:
        while True:
            with self._changed:
                now = self._monotonic()
                if self._channels:
                    self._busy_at = now
                if self._closed or now - self._busy_at >= self._linger:
                    self._retire()
                    return
                try:
                    self._notice_clock_jump(now)
                    mailboxes = self._serve_due(now)
                    next_at = self._give_turns(now)
                except Exception:  # noqa: BLE001 (all watches hang on this thread)
                    _log.exception("an error that should not happen; please report it")
                    mailboxes, next_at = [], now + _TICK
                if not mailboxes:
                    next_at = min(next_at, self._heap[0][0] if self._heap else math.inf)
                    self._changed.wait(max(0.0, min(_TICK, next_at - self._monotonic())))
            for mailbox in mailboxes:
                self._deliveries.submit(mailbox.deliver)

    def _retire(self) -> None:
        self._scheduler = None
        servers, self._servers = self._servers, {}
        for fetcher in servers:
            fetcher.close_idle()

    def _notice_clock_jump(self, now: float) -> None:
        offset = self._wall() - now
        if abs(offset - self._offset) > _CLOCK_JUMP:
            for channel in self._channels.values():
                channel.monitor.wake(now, afresh=True)
                channel.queued = False
                self._reschedule(channel)
        self._offset = offset

    def _serve_due(self, now: float) -> list[Mailbox[Report]]:
        mailboxes: list[Mailbox[Report]] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, channel = heapq.heappop(self._heap)
            if at == channel.scheduled and self._channels.get(channel.key) is channel:
                channel.scheduled = None
                mailboxes += self._serve(channel, now)
        return mailboxes

    def _serve(self, channel: Channel, now: float) -> list[Mailbox[Report]]:
        monitor = channel.monitor
        error = monitor.error
        expired = [one for one in monitor.expire(now) if isinstance(one, Subscription)]
        mailboxes = [one.mailbox for one in expired]
        for subscription in expired:
            subscription.mailbox.put(expired_report(monitor.report(), subscription.timeout))
            self._drop(subscription)
        if monitor.error is not error:
            mailboxes += self._publish(channel, monitor.report())
        for subscription in channel.subscriptions:
            if subscription.next_beat <= now:
                subscription.mailbox.put(monitor.report())
                subscription.next_beat = now + (subscription.beat or math.inf)
                mailboxes.append(subscription.mailbox)
        if not channel.queued and monitor.due is not None and monitor.due <= now:
            channel.queued = True
            channel.server.ready.append(channel)
        if channel.subscriptions or monitor.not_before > now:
            self._reschedule(channel)
        else:
            self._channels.pop(channel.key, None)
        return mailboxes

    def _give_turns(self, now: float) -> float:
        """Send off what is ready and may go; returns when the next one may, infinity if none waits."""
        next_at = math.inf
        for server in self._servers.values():
            while server.ready and server.pace.next_at <= now:
                channel = server.ready.popleft()
                if channel.queued and channel.monitor.due is not None:
                    server.pace.take(now)
                    self._requests.submit(functools.partial(self._poll, channel))
                elif channel.queued:
                    channel.queued = False
                    self._reschedule(channel)
            if server.ready:
                next_at = min(next_at, server.pace.next_at)
        return next_at

    # ---- a worker's thread

    def _poll(self, channel: Channel) -> None:
        with self._changed:
            channel.queued = False
            now = self._monotonic()
            if self._closed or channel.monitor.due is None or channel.monitor.due > now:
                self._reschedule(channel)
                return
            ticket = channel.monitor.begin(now)
            verbose = any(subscription.verbose for subscription in channel.subscriptions)
            self._reschedule(channel)
        outcome = _fetch(channel, verbose=verbose)
        with self._changed:
            now = self._monotonic()
            if isinstance(outcome, ApiError):
                channel.server.pace.heard(now, outcome)
                counts, report = channel.monitor.fail(ticket, now, outcome), channel.monitor.report()
            else:
                counts = channel.monitor.answer(ticket, now, outcome)
                report = channel.monitor.report(answered=True)
            mailboxes = self._publish(channel, report) if counts and not self._closed else []
            self._reschedule(channel)
        for mailbox in mailboxes:
            mailbox.deliver()


def _fetch(channel: Channel, *, verbose: bool) -> JobState | ApiError:
    try:
        return channel.fetcher.fetch(channel.job_id, verbose=verbose)
    except ApiError as error:
        return error.with_traceback(None)
    except Exception as error:  # noqa: BLE001 (a watch outlives a defect in one look)
        return ApiConnectionError(f"the request failed with {type(error).__name__}")

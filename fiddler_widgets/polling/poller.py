"""The poller behind every watch: one scheduler thread, a few workers, and one stream of requests per job.

A job's monitor decides about it; the poller carries that out. It makes requests when they are due, and hands the
monitor's reports to the subscribers while it holds no lock. Threads start with the first subscription and end a few
seconds after the last one. There are at most `WORKERS` threads for requests, `DELIVERERS` for deliveries, a scheduler,
and one for callbacks; more only where users' code blocks some of them (see `delivery`).
"""

from __future__ import annotations

import functools
import math
import threading
import time
from typing import TYPE_CHECKING

from fiddler_widgets.polling.agenda import Agenda, drop, publish
from fiddler_widgets.polling.delivery import DELIVERERS, GATHERING, Delivery
from fiddler_widgets.polling.scheduler import Scheduler
from fiddler_widgets.polling.subscriptions import Subscription
from fiddler_widgets.polling.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from uuid import UUID

    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Channel, Fetcher

__all__ = ["DELIVERERS", "WORKERS", "Poller"]

WORKERS = 8
"""How many requests may be under way at once."""

_LINGER = 5.0


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

    def _begin(self) -> None:
        """Start with no job, no thread, and new locks."""
        self._lock = threading.RLock()
        self._agenda = Agenda()
        self._turns = Turns(self._most)
        self._delivery = Delivery(self._most, self._linger)
        self._due: list[list[Mailbox[Report]]] = []
        self._scheduler = Scheduler(self, self._lock, self._linger, self._monotonic, self._wall)

    @property
    def closed(self) -> bool:
        """Whether it watches nothing more."""
        return self._scheduler.closed

    # ---- for subscribers, from any thread

    def subscribe(  # noqa: PLR0913 - all but three are keywords that most callers omit
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
        recall: Callable[[JobState], Sequence[float]] | None = None,
    ) -> Subscription:
        """Watch a job; it is due for a look at once.

        If its state is known already, a report is put into the mailbox; the caller delivers it when it holds no lock.

        Args:
            fetcher: What to ask for the job.
            job_id: The job.
            mailbox: Where reports go.
            interval: Seconds between an answer and the next request; ``None`` leaves it to the schedule.
            timeout: Seconds until the subscription ends with a report "timed out"; 0 ends it after one look.
            verbose: Ask for subtasks too.
            last: Whether reports go to this subscription after those that display the job.
            beat: Seconds without a report after which the current one is sent again, as a heartbeat.
            recall: Returns how long earlier jobs of the same kind ran, in seconds, newest last. It must be quick and
                raise nothing. Used only if the job is not watched yet.
        """
        now = self._monotonic()
        with self._lock:
            self._agenda.unfinished += 1
            channel = self._agenda.channel(fetcher, job_id, now, self._turns.server, recall)
            subscription = Subscription(self, channel, mailbox, timeout=timeout, verbose=verbose, last=last, beat=beat)
            if beat is not None:
                subscription.next_heartbeat = now + beat
            channel.subscriptions.append(subscription)
            channel.subscriptions.sort(key=lambda entry: entry.last)
            channel.monitor.watch(subscription, now, interval=interval, timeout=timeout)
            self._reschedule(channel)
            self._scheduler.ensure()
            if channel.monitor.state is not None and not last:
                mailbox.put(channel.monitor.report())
            self._agenda.unfinished -= 1
        return subscription

    def many(self) -> AbstractContextManager[bool]:
        """The lock, held while this thread subscribes to many jobs, so that the scheduler looks at all at once."""
        return self._lock

    def unsubscribe(self, subscription: Subscription, final_report: Callable[[Report], Report] | None = None) -> None:
        """End a subscription; ``final_report`` makes a last report from the current one."""
        with self._lock:
            if not subscription.open:
                return
            self._agenda.unfinished += 1
            channel = subscription.channel
            drop(subscription)
            channel.monitor.unwatch(subscription)
            self._reschedule(channel)
            self._agenda.unfinished -= 1
            if final_report is not None:
                subscription.mailbox.put(final_report(channel.monitor.report()))
        if self.closed or final_report is None:
            subscription.mailbox.deliver()
        else:
            self._delivery.deliver_elsewhere([subscription.mailbox], self._monotonic())
            self._be_watchful()

    def hurry(self, subscription: Subscription) -> None:
        """Look at a subscription's job as soon as its pauses allow."""
        with self._lock:
            if subscription.open:
                self._agenda.unfinished += 1
                subscription.channel.monitor.wake(self._monotonic())
                self._reschedule(subscription.channel)
                self._agenda.unfinished -= 1

    def prefer(self, subscription: Subscription, until: float) -> None:
        """Prefer a subscription's job among those that wait for their turn, until that time (monotonic seconds)."""
        with self._lock:
            if subscription.open:
                subscription.channel.preferred_until = until
                if until > self._monotonic():
                    self._turns.prefer(subscription.channel)

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Run a user's callback in a thread for callbacks; in order, as long as each is quick."""
        self._delivery.call(callback)
        self._be_watchful()

    def act_soon(self, action: Callable[[], None]) -> None:
        """Run an action of a page, say, in a thread that waits neither for servers nor for users' callbacks."""
        self._delivery.act(action)
        self._be_watchful()

    def act_after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run an action as `act_soon` does, after so many seconds."""
        with self._lock:
            self._agenda.act_at(self._monotonic() + seconds, action)
            self._scheduler.ensure()
            self._scheduler.wake()

    def close(self, patience: float = 0.3) -> None:
        """End all watching and wait up to ``patience`` seconds for each kind of thread."""
        with self._lock:
            thread = self._scheduler.close()
            self._agenda.clear()
        if thread is not None:
            thread.join(patience)
        self._delivery.close(patience)
        self.retire()

    def abandon_after_fork(self) -> None:
        """Watch nothing more in a forked child, which has none of the parent's threads and whose locks may be stuck."""
        self._begin()
        self._scheduler.closed = True

    # ---- what the scheduler does, under the lock but for `unlocked_step`

    def busy(self) -> bool:
        """See `Work`."""
        return bool(self._agenda or self._delivery.pending)

    def watchful(self) -> bool:
        """See `Work`."""
        return bool(self._delivery.pending or self._turns.under_way)

    def step(self, now: float, *, jumped: bool) -> float:
        """See `Work`."""
        if self._agenda.unfinished:
            self._agenda.mend(now)
        if jumped:
            self._agenda.wake_all(now)
        self._due += self._agenda.serve(now, self._turns.wait)
        next_at = min(self._give_turns(now), self._agenda.next_at)
        return now if self._due else max(next_at, self._turns.last_of_many + GATHERING)

    def unlocked_step(self, now: float) -> None:
        """See `Work`."""
        due, self._due = self._due, []
        with self._lock:
            actions = self._agenda.take_actions(self._monotonic())
        for action in actions:
            self._delivery.act(action)
        for mailboxes in due:
            self._delivery.deliver_elsewhere(mailboxes, now)
        self._delivery.relieve(self._monotonic())

    def retire(self) -> None:
        """See `Work`."""
        for fetcher in self._turns.clear():
            fetcher.close_idle()

    def _give_turns(self, now: float) -> float:
        """Start the requests that may be made now; returns when the next one may be made, infinity if none waits."""
        while (turn := self._turns.take(now)) is not None:
            channel, number = turn
            if channel.queued and channel.monitor.due is not None:
                self._turns.sent(channel, number, now)
                self._delivery.ask(functools.partial(self._poll, channel, number))
            elif channel.queued:
                channel.queued = False
                self._reschedule(channel)
        return self._turns.next_at(now)

    def _reschedule(self, channel: Channel) -> None:
        if self._agenda.schedule(channel):
            self._scheduler.wake()

    def _be_watchful(self) -> None:
        """Have the scheduler check the threads that users' code may block."""
        with self._lock:
            if self._delivery.pending:
                self._scheduler.ensure()
                self._scheduler.wake()

    # ---- a worker's thread

    def _poll(self, channel: Channel, number: int) -> None:
        with self._lock:
            channel.queued = False
            now = self._monotonic()
            if self.closed or channel.monitor.due is None or channel.monitor.due > now:
                self._free(channel, number)
                self._reschedule(channel)
                return
            ticket = channel.monitor.begin(now)
            self._reschedule(channel)
        outcome = channel.fetch()
        with self._lock:
            now = self._monotonic()
            self._free(channel, number)
            report = channel.take_in(outcome, ticket, now)
            mailboxes = publish(channel, report, now) if report is not None and not self.closed else []
            self._reschedule(channel)
            delivery = self._delivery.begin(mailboxes, now)
        self._delivery.run(delivery)

    def _free(self, channel: Channel, number: int) -> None:
        """Give up the place of a request that is over, to a channel that waits for it."""
        if self._turns.over(channel, number):
            self._scheduler.wake()

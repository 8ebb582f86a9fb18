"""Which threads hand reports to subscribers, and what happens when a subscriber blocks one of them.

The thread that received an answer delivers it, so a quiet process needs no other thread. Delivery runs code of users,
such as observers of a card's traits, which may sleep. So the scheduler checks several times a second whether a thread
is blocked; other threads then do the rest of its work, and more threads are started for it.
"""

from __future__ import annotations

import functools
import threading
from collections import deque
from typing import TYPE_CHECKING

from fiddler_widgets.polling.thread_pool import ThreadPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report

__all__ = ["DELIVERERS", "GATHERING", "MOST_EXTRA", "Delivery", "Round"]

DELIVERERS = 2
"""The usual number of threads for expired watches and heartbeats, which must not wait for servers."""

MOST_EXTRA = 32
"""How many threads there may be, beyond the usual ones, while users' code blocks those."""

GATHERING = 0.02
"""Seconds that a request may wait, where there are many, for others that become due and for a thread that is awake.
Waking a thread costs as much as a third of a request."""

_PATIENCE = 0.15
"""Seconds that a delivery may take before other threads deliver the rest of its round."""

_WAITING = 0.1
"""Seconds that a task may wait for a thread before another one is started for it."""


class Round:
    """The mailboxes that one report was put into, and which of them remain to be delivered.

    Args:
        mailboxes: In the order of their delivery.
        now: When the delivery begins, in monotonic seconds.
    """

    def __init__(self, mailboxes: Iterable[Mailbox[Report]], now: float) -> None:
        self.remaining = deque(mailboxes)
        self.since = now

    def take(self) -> Mailbox[Report] | None:
        """Remove and return the next mailbox, so that only this caller delivers it; ``None`` if none remains."""
        try:
            return self.remaining.popleft()
        except IndexError:
            return None


class Delivery:
    """All threads of a poller except its scheduler.

    Args:
        requests: How many requests may be under way at once.
        linger: Seconds that idle threads stay.
    """

    def __init__(self, requests: int, linger: float) -> None:
        self._requests = ThreadPool(requests, "fiddler-widgets-worker", linger, wait=GATHERING)
        self._deliveries = ThreadPool(DELIVERERS, "fiddler-widgets-delivery", linger)
        self._callbacks = ThreadPool(1, "fiddler-widgets-callbacks", linger)
        self._pools = (self._requests, self._deliveries, self._callbacks)
        self._rounds: set[Round] = set()
        self._lock = threading.Lock()

    @property
    def pending(self) -> bool:
        """Whether anything waits for a thread that users' code may block."""
        return any(pool.waiting for pool in self._pools) or any(
            delivery_round.remaining for delivery_round in self._current_rounds()
        )

    @property
    def _capacity(self) -> int:
        """How many more threads users' code may block; negative if it blocks too many already."""
        return MOST_EXTRA - len(self._rounds) - self._deliveries.extra - self._callbacks.extra

    def ask(self, request: Callable[[], None]) -> None:
        """Make a request; the caller bounds how many are under way."""
        self._requests.submit(request)

    def call(self, callback: Callable[[], None]) -> None:
        """Run a callback of a user's; callbacks run in order as long as each of them is quick."""
        self._callbacks.submit(callback)

    def act(self, action: Callable[[], None]) -> None:
        """Run an action in a thread that waits neither for servers nor for callbacks."""
        self._deliveries.submit(action)

    def begin(self, mailboxes: list[Mailbox[Report]], now: float) -> Round:
        """Begin a round whose mailboxes `run` will deliver; from now on `relieve` looks after it."""
        delivery_round = Round(mailboxes, now)
        with self._lock:
            self._rounds.add(delivery_round)
        return delivery_round

    def run(self, delivery_round: Round) -> None:
        """Deliver a round, in order."""
        try:
            if self._capacity < 0:
                # Too many threads are blocked already: one that makes requests must not be the next.
                self._hand_over(delivery_round)
            while (mailbox := delivery_round.take()) is not None:
                mailbox.deliver()
        finally:
            with self._lock:
                self._rounds.discard(delivery_round)

    def deliver_elsewhere(self, mailboxes: list[Mailbox[Report]], now: float) -> None:
        """Have mailboxes delivered in order by another thread; at once, in this thread, if all of them are prompt."""
        if all(mailbox.prompt for mailbox in mailboxes):
            for mailbox in mailboxes:
                mailbox.deliver()
        else:
            self._deliveries.submit(functools.partial(self.run, self.begin(mailboxes, now)))

    def relieve(self, now: float) -> None:
        """Hand the work of blocked threads to others; called several times a second while anything is pending."""
        for delivery_round in self._current_rounds():
            if delivery_round.remaining and now - delivery_round.since >= _PATIENCE:
                self._hand_over(delivery_round)
        # Each request whose delivery is blocked gets another thread in its place.
        self._requests.relieve(_WAITING, MOST_EXTRA - self._requests.extra)
        for pool in (self._deliveries, self._callbacks):
            pool.relieve(_WAITING, self._capacity)

    def close(self, patience: float) -> None:
        """Take no more work, and wait up to ``patience`` seconds for each kind of thread."""
        for pool in self._pools:
            pool.close(patience)

    def _current_rounds(self) -> list[Round]:
        with self._lock:
            return list(self._rounds)

    def _hand_over(self, delivery_round: Round) -> None:
        prompt = []
        while (mailbox := delivery_round.take()) is not None:
            if mailbox.prompt:
                prompt.append(mailbox)
            else:
                self._deliveries.submit(mailbox.deliver)
        # These come last, as they do in the round.
        for mailbox in prompt:
            mailbox.deliver()

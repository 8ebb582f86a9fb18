"""Who hands reports to those who listen, and what happens where one of them takes long.

Whoever has an answer delivers it: a quiet process needs no other thread. Listeners run code of users, such as observers
of a card's traits, which may sleep. So the scheduler looks, several times a second, whether a thread is held up; what
that thread had yet to do is then done by others, whose number grows for it.
"""

from __future__ import annotations

import functools
import threading
from collections import deque
from typing import TYPE_CHECKING

from fiddler_widgets.polling.thread_pool import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report

__all__ = ["DELIVERERS", "MOST_EXTRA", "Delivery", "Round"]

DELIVERERS = 2
"""How many threads usually tell of deadlines and signs of life, which must not wait for servers."""

MOST_EXTRA = 32
"""How many threads there may be, beyond the usual ones, while users' code holds those up."""

_PATIENCE = 0.15
"""Seconds that a listener may take before the others are told by other threads."""

_WAITING = 0.1
"""Seconds that a task may wait for a thread before it gets one of its own."""


class Round:
    """The mailboxes that one report went into, and those of them that are yet to be delivered.

    Args:
        mailboxes: In the order in which they are to be delivered.
        now: When it begins, in monotonic seconds.
    """

    def __init__(self, mailboxes: Iterable[Mailbox[Report]], now: float) -> None:
        self.left = deque(mailboxes)
        self.since = now

    def take(self) -> Mailbox[Report] | None:
        """One that nobody else delivers."""
        try:
            return self.left.popleft()
        except IndexError:
            return None


class Delivery:
    """The threads of a poller, but for its scheduler.

    Args:
        requests: How many requests may be under way at once.
        linger: Seconds that idle threads stay.
    """

    def __init__(self, requests: int, linger: float) -> None:
        self._requests = Workers(requests, "fiddler-widgets-worker", linger)
        self._deliveries = Workers(DELIVERERS, "fiddler-widgets-delivery", linger)
        self._callbacks = Workers(1, "fiddler-widgets-callbacks", linger)
        self._pools = (self._requests, self._deliveries, self._callbacks)
        self._rounds: set[Round] = set()
        self._lock = threading.Lock()

    @property
    def pending(self) -> bool:
        """Whether anything waits for a thread that may be held up."""
        return any(pool.waiting for pool in self._pools) or any(one.left for one in self._listed())

    @property
    def _room(self) -> int:
        """How many more threads users' code may hold up; below zero where the next would be one too many."""
        return MOST_EXTRA - len(self._rounds) - self._deliveries.extra - self._callbacks.extra

    def ask(self, request: Callable[[], None]) -> None:
        """Make a request; their number is for the caller to bound."""
        self._requests.submit(request)

    def call(self, callback: Callable[[], None]) -> None:
        """Run a callback of a user's; in order, as long as each is quick."""
        self._callbacks.submit(callback)

    def act(self, action: Callable[[], None]) -> None:
        """Run something that waits neither for servers nor for callbacks."""
        self._deliveries.submit(action)

    def begin(self, mailboxes: list[Mailbox[Report]], now: float) -> Round:
        """Make known that these are about to be delivered, by `run`."""
        one = Round(mailboxes, now)
        with self._lock:
            self._rounds.add(one)
        return one

    def run(self, one: Round) -> None:
        """Deliver a round, in order."""
        try:
            if self._room < 0:
                # Too many are held up already: a thread that makes requests must not be the next.
                self._hand_over(one)
            while (mailbox := one.take()) is not None:
                mailbox.deliver()
        finally:
            with self._lock:
                self._rounds.discard(one)

    def deliver_elsewhere(self, mailboxes: list[Mailbox[Report]], now: float) -> None:
        """Have these delivered, in order, without waiting for it."""
        if all(mailbox.prompt for mailbox in mailboxes):
            for mailbox in mailboxes:
                mailbox.deliver()
        else:
            self._deliveries.submit(functools.partial(self.run, self.begin(mailboxes, now)))

    def relieve(self, now: float) -> None:
        """Do what those who are held up had yet to do; called several times a second while anything is pending."""
        for one in self._listed():
            if one.left and now - one.since >= _PATIENCE:
                self._hand_over(one)
        # A place is kept for each request whose delivery is held up.
        self._requests.relieve(_WAITING, MOST_EXTRA - self._requests.extra)
        for pool in (self._deliveries, self._callbacks):
            pool.relieve(_WAITING, self._room)

    def close(self, patience: float) -> None:
        """Take no more work, and wait up to so many seconds for each kind of thread."""
        for pool in self._pools:
            pool.close(patience)

    def _listed(self) -> list[Round]:
        with self._lock:
            return list(self._rounds)

    def _hand_over(self, one: Round) -> None:
        prompt = []
        while (mailbox := one.take()) is not None:
            if mailbox.prompt:
                prompt.append(mailbox)
            else:
                self._deliveries.submit(mailbox.deliver)
        # Last, as in the round.
        for mailbox in prompt:
            mailbox.deliver()

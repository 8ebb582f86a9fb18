"""What a card does with reports of the poller and with messages of its page, and when it stops watching.

Every change of a trait goes through the watcher's mailbox, so there is one writer at a time, as part of the cell that
made the card. What the page sends comes in on whatever thread the host chooses and is handed on at once.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from fiddler_widgets import compat, configs
from fiddler_widgets.cell_context import CellContext
from fiddler_widgets.models import Health
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.report import Report
from fiddler_widgets.widget import trait_values
from fiddler_widgets.widget.callbacks import Callbacks
from fiddler_widgets.widget.card_writer import CardWriter
from fiddler_widgets.widget.clicks import Clicks
from fiddler_widgets.widget.frontend_check import FrontendCheck
from fiddler_widgets.widget.page_presence import Presence
from fiddler_widgets.widget.protocol import BYE, CHECK, HELLO, NEED, READY, RESUME, STOP
from fiddler_widgets.widget.unseen import RETURNED, why_unseen

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.wait import Wait
    from fiddler_widgets.polling.subscriptions import Subscription
    from fiddler_widgets.rendering.static_card import CardSnapshot
    from fiddler_widgets.widget.job_widget import JobWidget

__all__ = ["CardWatcher"]

_FIRST = "Waiting for the first answer."

_SETTLING = 0.2
"""Seconds that a user's thread waits for slow observers of a card, to find it up to date."""

_STOPPING = 1.0
"""The same before the waits are stopped, so that the card has said so before they raise."""


class CardWatcher:
    """Watches one job for one card, and writes the card's traits.

    Args:
        card: The card, before it is initialised: `first_values` says with what.
        job: The job.
        interval: Seconds from an answer to the next request; ``None`` for the adaptive schedule.
        timeout: Seconds until the card stops watching; ``None`` to watch until the job is over.
        verbose: Ask for the job's subtasks too.
        publish: Called after each report, to bring what is saved in the notebook up to date.

    Attributes:
        presence: Knows who looks at the card.
        frontend: Knows whether any page can draw it.
        callbacks: What is called when the job is over.
        mailbox: Takes reports, and functions that write to the card in their turn.
        closed: Whether the card was closed.
    """

    def __init__(
        self,
        card: JobWidget,
        job: Job,
        *,
        interval: float | None,
        timeout: float | None,
        verbose: bool,
        publish: Callable[[], None],
    ) -> None:
        self._card, self.job, self._publish = card, job, publish
        self._interval, self._timeout, self._verbose = interval, timeout, verbose
        self.presence = Presence()
        self.frontend = FrontendCheck(self._publish_soon)
        self.callbacks: Callbacks[JobWidget] = Callbacks(f"job {job.id}")
        self.closed = False
        self._followers: weakref.WeakSet[Job] = weakref.WeakSet()
        self._lock = threading.RLock()
        self._waits: list[Wait] = []
        self._subscription: Subscription | None = None
        self._writer = CardWriter(card, job)
        self._paused = False
        self._controls_shown = True
        self._clicks = Clicks()
        # Weakly: the poller holds the mailbox, and must not hold the card.
        receive, context = weakref.WeakMethod(self._receive), CellContext()
        self.mailbox: Mailbox[Report | Callable[[], None]] = Mailbox(
            lambda item: (method := receive()) and context.run(method, item)
        )

    def first_values(self) -> dict[str, Any]:
        """The values of the card's traits before the first report."""
        return self._writer.first_values(Report(self.job.state, Health.STARTING, _FIRST))

    @property
    def watching(self) -> bool:
        """Whether reports come."""
        return self._subscription is not None and self._subscription.open

    @property
    def paused(self) -> bool:
        """Whether watching has stopped because nobody looks."""
        return self._paused

    def start(self) -> None:
        """Watch (again); does nothing while the card watches, and once the job is over.

        Raises:
            RuntimeError: The card is closed.
        """
        with self._lock:
            self.check_open()
            if self.watching or self._card.health == Health.OVER:
                return
            self._writer.aside, self._paused = "", False
            # In the mailbox like all else: what is still to be delivered of the last watching would stop it again.
            self.mailbox.put(self._writer.start)
            self.mailbox.put(Report(self.job.state, Health.STARTING, _FIRST))
            record = self.job.__job_record__
            self._subscription = record.subscribe(
                self.mailbox,
                interval=self._interval,
                timeout=float("inf") if self._timeout is None else self._timeout,
                verbose=self._verbose or record.verbose,
                beat=configs.HEARTBEAT,
            )
        self._deliver(_SETTLING)

    def post(self, item: Report | Callable[[], None]) -> None:
        """Have something received in its turn; it has been when this returns, unless observers are slow."""
        self.mailbox.put(item)
        self._deliver(_SETTLING)

    def _publish_soon(self) -> None:
        self.post(self._publish)

    def publish_after(self, seconds: float) -> None:
        """Have what is saved brought up to date once more by then."""
        publish = weakref.WeakMethod(self._publish_soon)
        shared_poller.shared().act_after(seconds, lambda: (method := publish()) and method())

    def _deliver(self, patience: float = 0.0) -> None:
        """Deliver what is there; where users observe the card, by another thread, waiting at most so many seconds."""
        if compat.observers(self._card, trait_values.OBSERVABLE):
            shared_poller.shared().act_soon(self.mailbox.deliver)
            self.mailbox.settle(patience)
        else:
            self.mailbox.deliver()

    def stop(self) -> None:
        """Stop watching, and the waits begun through the card, which raise `WatchStopped`."""
        with self._lock:
            subscription, waits = self._subscription, list(self._waits)
        if subscription is not None:
            subscription.stop()
            self.mailbox.settle(_STOPPING)
        for wait in waits:
            wait.stop()

    def close(self) -> None:
        """Stop for good; the card is about to be taken off every page."""
        with self._lock:
            self.closed = True
            subscription, waits = self._subscription, list(self._waits)
        if subscription is not None:
            subscription.close()
        self.mailbox.close(1.0)
        for wait in waits:
            wait.stop()

    def follow(self, job: Job) -> None:
        """Update another handle on the same job too, as answers come in."""
        if job is not self.job:
            self._followers.add(job)

    def check_open(self) -> None:
        """Raise a `RuntimeError` if the card is closed."""
        if self.closed:
            msg = f"the card of job {self.job.id} is closed; make a new JobWidget"
            raise RuntimeError(msg)

    def snapshot(self) -> CardSnapshot:
        """What the card knows now, for a view that will not change."""
        return self._writer.snapshot()

    # ---- for waits through the card

    def add_wait(self, wait: Wait) -> None:
        """A wait begins; stopping the card's watching stops it too."""
        with self._lock:
            self._waits.append(wait)
            self._writer.aside = ""
        self.presence.ask(self._card)

    def remove_wait(self, wait: Wait) -> None:
        """A wait is over; harmless where it never began."""
        with self._lock:
            if wait in self._waits:
                self._waits.remove(wait)

    def take_end(self) -> None:
        """Show that the job is over, if a wait has learned so after the card's own watching had ended in an error."""
        if self.job.done() and not self.watching and self._card.health != Health.OVER:
            known_at = self.job.__job_record__.known_at
            self.post(Report(self.job.state, Health.OVER, good_at=known_at))

    def say(self, aside: str) -> None:
        """Have the card say something until its status changes, while all is well."""
        self._writer.aside = aside
        self.post(Report(self.job.state, Health(self._card.health), self._card.health_detail))

    def show_controls(self, *, shown: bool) -> None:
        """Show the card's controls, or hide them while no click would reach the kernel."""
        if shown != self._controls_shown:
            self.mailbox.put(lambda: self._write_controls(shown))
            self._deliver()

    def _write_controls(self, shown: bool) -> None:  # noqa: FBT001
        self._controls_shown = shown
        self._writer.pages.write(_controls=shown)

    # ---- what comes from the poller

    def _receive(self, item: Report | Callable[[], None]) -> None:
        if self.closed:
            return
        if not isinstance(item, Report):
            item()
            return
        for job in [self.job, *self._followers]:
            job.__job_record__.apply(item)
        self._writer.write(item)
        self._publish()
        if item.health is Health.OVER:
            self.callbacks.over(self._card)
        elif self.watching and not self._waits:
            self._pause_if_unseen()

    def _pause_if_unseen(self) -> None:
        why = why_unseen(self._card, self)
        if why is None:
            return
        if self._subscription is not None:
            self._subscription.close()
        self._paused = True
        self.mailbox.put(Report(self.job.state, Health.STOPPED, why))

    # ---- what comes from the page

    def on_message(self, _widget: object, content: object, _buffers: object) -> None:
        """Take in what a page says: on a subshell's thread or the main one, perhaps in mid-wait, so only hand it on."""
        kind = self.presence.message(content)
        poller = shared_poller.shared()
        if kind is not None:
            self.frontend.answered()
        if kind == NEED or (kind == HELLO and self._writer.pages.missed_by(content)):
            poller.act_soon(lambda: self.mailbox.post(self._writer.write_all))
        if kind == HELLO and self._card.health == Health.OVER:
            # Its output still holds the widget.
            poller.act_soon(lambda: self.mailbox.post(self._card.__publish_again__))
        if kind is not None and not self._controls_shown:
            poller.act_soon(lambda: self.show_controls(shown=True))
        if self._clicks.known(content):
            return
        if kind == STOP:
            poller.act_soon(self.stop)
        elif kind == RESUME or (kind in {HELLO, NEED} and self._paused and not self.presence.closed_everywhere()):
            poller.act_soon(self._resume)
        elif kind in {BYE, READY} and self._card.health == Health.OVER:
            # Perhaps no page needs the widget any more.
            poller.act_soon(self._publish_soon)
        elif kind == CHECK and self._subscription is not None:
            self._subscription.hurry()

    def _resume(self) -> None:
        if self.closed:
            return
        paused = self._paused
        self.start()
        if paused:
            self._writer.aside = RETURNED

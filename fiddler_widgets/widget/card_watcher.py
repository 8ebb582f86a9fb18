"""A card that watches: what it does with reports of the poller and with messages of the page, and when it stops.

Every change of a trait goes through the card's mailbox, so there is one writer at a time; all changes of one report
leave in one message. What the page sends comes in on whatever thread the host chooses and is handed on at once.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import ipywidgets

from fiddler_widgets import compat, configs
from fiddler_widgets.messages import seconds
from fiddler_widgets.models import Health
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.report import Report
from fiddler_widgets.rendering import card_content
from fiddler_widgets.rendering.history import History
from fiddler_widgets.widget import trait_values
from fiddler_widgets.widget.callbacks import Callbacks
from fiddler_widgets.widget.page_presence import Presence, in_voila
from fiddler_widgets.widget.stopwatch import Stopwatch
from fiddler_widgets.widget.traits import CardTraits

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.wait import Wait
    from fiddler_widgets.polling.subscriptions import Subscription

__all__ = ["WatchedCard"]

_FIRST = "Waiting for the first answer."
_CLOSED = "Paused, because the card is on no page any more; the job goes on."
_UNSEEN = "Paused, because nobody has looked for {}; the job goes on."
_RETURNED = "Was paused while nobody looked; watching again."


class WatchedCard(CardTraits):
    """The watching part of a `JobWidget`.

    Args:
        job: The job.
        interval: Seconds from an answer to the next request; ``None`` for the adaptive schedule.
        timeout: Seconds until the card stops watching; ``None`` to watch until the job is over.
        verbose: Ask for the job's subtasks too.
        **traits: As for any widget.
    """

    def __init__(
        self, job: Job, *, interval: float | None, timeout: float | None, verbose: bool, **traits: Any
    ) -> None:
        self._job, self._interval, self._timeout, self._verbose = job, interval, timeout, verbose
        self._followers: weakref.WeakSet[Job] = weakref.WeakSet()
        self._lock = threading.RLock()
        self._callbacks = Callbacks()
        self._waits: list[Wait] = []
        self._presence = Presence()
        self._subscription: Subscription | None = None
        self._stopwatch = Stopwatch()
        self._record = History()
        self._aside = ""
        self._paused = False
        self._closed = False
        self._owns_layout = not isinstance(traits.get("layout"), ipywidgets.Layout)
        show = weakref.WeakMethod(self._show)
        self._mailbox: Mailbox[Report | Callable[[], None]] = Mailbox(lambda item: (method := show()) and method(item))
        known = Report(job.state, Health.STARTING, _FIRST)
        clock = Stopwatch().clock(known, time.monotonic()) | self._record.times(0.0)
        subtasks = card_content.tasks(job.state)
        fields = trait_values.fields(str(job.id), known)
        super().__init__(job_id=str(job.id), _clock=clock, _tasks=subtasks, **fields, **traits)
        self.on_msg(self._on_message)
        compat.answer_on_arrival_shell(self.comm)
        self.start()

    @property
    def closed(self) -> bool:
        """Whether the card was closed."""
        return self._closed

    @property
    def job(self) -> Job:
        """The job that the card shows."""
        return self._job

    def start(self) -> None:
        """Watch (again); does nothing while the card watches, and once the job is over.

        Raises:
            RuntimeError: The card is closed.
        """
        with self._lock:
            self._check_open()
            if self._watching or self.health == Health.OVER:
                return
            self._aside, self._paused = "", False
            # In the mailbox like all else: what is still to be delivered of the last watching would stop it again.
            self._mailbox.put(lambda: self._stopwatch.start(time.monotonic()))
            self._mailbox.put(Report(self._job.state, Health.STARTING, _FIRST))
            self._subscription = self._job.__job_record__.subscribe(
                self._mailbox,
                interval=self._interval,
                timeout=float("inf") if self._timeout is None else self._timeout,
                verbose=self._verbose or self._job.__job_record__.verbose,
                beat=configs.HEARTBEAT,
            )
        self._mailbox.deliver()

    def stop(self) -> None:
        """Stop this card's watching and the waits begun through it, which raise `WatchStopped`. The job goes on."""
        with self._lock:
            subscription, waits = self._subscription, list(self._waits)
        if subscription is not None:
            subscription.stop()
            self._mailbox.settle(1.0)
        for wait in waits:
            wait.stop()

    def close(self) -> None:
        """Stop, and take the card off every page."""
        if getattr(self, "_closed", True):
            return
        with self._lock:
            self._closed = True
            subscription, waits = self._subscription, list(self._waits)
        if subscription is not None:
            subscription.close()
        self._mailbox.close(1.0)
        for wait in waits:
            wait.stop()
        own_layout = self.layout if self._owns_layout else None
        super().close()
        # Made with the card, and kept by ipywidgets for ever unless it is closed too.
        if own_layout is not None:
            own_layout.close()

    # ---- what comes from the poller

    @property
    def _watching(self) -> bool:
        return self._subscription is not None and self._subscription.open

    def _show(self, item: Report | Callable[[], None]) -> None:
        if self._closed:
            return
        if not isinstance(item, Report):
            item()
            return
        report = item
        self._job.__job_record__.apply(report)
        for follower in list(self._followers):
            follower.__job_record__.apply(report)
        self._write(report)
        self._publish()
        if report.health is Health.OVER:
            self._callbacks.over(self)
        elif self._watching and not self._waits:
            self._pause_if_unseen()

    def _write(self, report: Report) -> None:
        now, wall = time.monotonic(), time.time()
        if report.health.ended:
            self._stopwatch.stop(now)
        if report.state is not None and str(report.state.status) != self.status:
            self._aside = ""
        fields = trait_values.fields(self.job_id, report, self._job.state, self._aside)
        changed = {key: value for key, value in fields.items() if getattr(self, key) != value}
        if "extras" in changed or "status" in changed:
            changed["_tasks"] = card_content.tasks(report.state)
        if self._record.see(wall, report):
            changed["_history"] = self._record.as_dict()
        if changed or self._stopwatch.beat_due(now) or self._stopwatch.left_changed(report, now):
            left = self._stopwatch.left(report, now)
            clock = self._stopwatch.clock(report, now) | self._record.times(wall)
            self._set(**changed, time_left=left, _clock=clock)

    # ---- what comes from the page

    def _on_message(self, _widget: object, content: object, _buffers: object) -> None:
        # On a subshell's thread or the main one, perhaps in mid-wait: note it and hand it on.
        kind = self._presence.message(content)
        if kind is not None and not self._controls:
            shared_poller.shared().act_soon(lambda: self._post_controls(shown=True))
        if kind == "stop":
            shared_poller.shared().act_soon(self.stop)
        elif kind == "resume" or (kind == "hello" and self._paused):
            shared_poller.shared().act_soon(self._resume)
        elif kind == "check" and self._subscription is not None:
            self._subscription.hurry()

    def _resume(self) -> None:
        if self._closed:
            return
        paused = self._paused
        self.start()
        if paused:
            self._aside = _RETURNED

    def _post_controls(self, *, shown: bool) -> None:
        self._mailbox.post(lambda: self._set(_controls=shown))

    # ---- its own business

    def _publish(self) -> None:
        """Bring what is saved in the notebook up to date; called after each report."""

    def _check_open(self) -> None:
        if self._closed:
            msg = f"the card of job {self.job_id} is closed; make a new JobWidget"
            raise RuntimeError(msg)

    def _wanted(self) -> bool:
        """Whether somebody needs the card unseen: a callback or an observer, but for those of a page that is closed."""
        return not in_voila() and bool(self._callbacks or compat.observers(self, trait_values.FIELDS))

    def _pause_if_unseen(self) -> None:
        # The host closes it when it has thrown the widget away: marimo, when the cell runs again or is deleted.
        thrown_away = compat.closed_by_host(self.comm)
        if thrown_away or self._presence.closed_everywhere():
            why = _CLOSED
        elif self._presence.silent(self):
            why = _UNSEEN.format(seconds(configs.UNSEEN_TIMEOUT))
        else:
            return
        if self._wanted() and not thrown_away:
            return
        if self._subscription is not None:
            self._subscription.close()
        self._paused = True
        self._mailbox.put(Report(self._job.state, Health.STOPPED, why))

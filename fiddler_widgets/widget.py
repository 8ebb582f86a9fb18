"""`JobWidget`: one job's state as traits, and the wiring between the poller, the page and the user's callbacks.

Every change of a trait goes through the widget's mailbox, so there is one writer at a time; all changes of one report
leave in one message. What the page sends comes in on whatever thread the host chooses and is handed on at once.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

import ipywidgets

from fiddler_widgets import card_state, configs, process, static_view
from fiddler_widgets.card_state import Stopwatch
from fiddler_widgets.card_traits import CardTraits
from fiddler_widgets.completion import Callbacks
from fiddler_widgets.history import History
from fiddler_widgets.job import Job, job_of, wait_timeout
from fiddler_widgets.models import Health
from fiddler_widgets.monitor import Report
from fiddler_widgets.presence import Presence, in_voila, notebook_display
from fiddler_widgets.saved_card import SavedCard
from fiddler_widgets.waiting import Wait, seconds_argument, wait_for, wait_for_async
from fiddler_widgets.wording import seconds
from fiddler_widgets.workers import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from uuid import UUID

    from fiddler_widgets.channels import Subscription
    from fiddler_widgets.static_view import Seen

__all__ = ["JobWidget"]

_log = logging.getLogger("fiddler_widgets")
_Callback = TypeVar("_Callback", bound="Callable[[JobWidget], object]")

_INTERRUPTED = "Stopped waiting; the job goes on."
_CLOSED = "Paused, because the card is on no page any more; the job goes on."
_UNSEEN = "Paused, because nobody has looked for {}; the job goes on."
_RETURNED = "Was paused while nobody looked; watching again."


class JobWidget(CardTraits):
    """A live card for one job. Watches it from the start, without blocking.

    Its traits hold the job's state, for `observe`, `link` and `jslink`; setting them changes nothing about the job.

    Args:
        job: A `Job`, a job of the official client, a UUID or a str.
        interval: Seconds from an answer to the next request (at least 0.2); ``None`` for the adaptive schedule.
        timeout: Seconds until the card stops watching; ``None`` to watch until the job is over.
        verbose: Ask for the job's subtasks too.
        freeze: Whether the card's own output in a notebook is published again when the status changes, and at the end
            as a card without the widget, so that the saved notebook tells the truth; ``None`` for ``configs.FREEZE``.
        notify: Whether the page, while it is hidden, tells when the job is over: by a mark in its title and, where the
            user has allowed the page to, by a notification. The card's bell switches it too, for its page.
        **layout: ``layout``, ``tooltip`` and the like, as for any widget.

    Raises:
        TypeError: ``job`` is no job, or a keyword is unknown.
        ValueError: ``interval`` or ``timeout`` is negative or NaN.
        NotConnected: ``job`` is an id, and no connection is configured.
    """

    def __init__(
        self,
        job: Job | UUID | str | object,
        *,
        interval: float | None = None,
        timeout: float | None = None,
        verbose: bool = False,
        freeze: bool | None = None,
        notify: bool = False,
        **layout: Any,
    ) -> None:
        self._interval = seconds_argument("interval", interval)
        self._timeout = seconds_argument("timeout", timeout)
        unknown = sorted(layout.keys() - set(ipywidgets.DOMWidget.class_trait_names()))
        if unknown:
            msg = f"JobWidget() got an unexpected keyword argument {unknown[0]!r}"
            raise TypeError(msg)
        self._job = job_of(job, verbose=verbose)
        self._verbose = verbose
        self._freeze = configs.FREEZE if freeze is None else freeze
        self._saved = SavedCard(self._job)
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
        self._owns_layout = not isinstance(layout.get("layout"), ipywidgets.Layout)
        show = weakref.WeakMethod(self._show)
        self._mailbox: Mailbox[Report | Callable[[], None]] = Mailbox(lambda item: (method := show()) and method(item))
        first = "Waiting for the first answer."
        super().__init__(job_id=str(self._job.id), health_detail=first, _notify=bool(notify), **layout)
        if self._job.state is not None:
            self._set(**card_state.fields(Report(self._job.state, Health.STARTING, self.health_detail)))
        self.on_msg(self._on_message)
        # A reply would otherwise be routed to the shell that sent last, and wait there for the end of a blocking cell.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001
        self.start()

    # ---- for users

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
            self._mailbox.put(Report(self._job.state, Health.STARTING, "Waiting for the first answer."))
            self._subscription = self._job._subscribe(  # noqa: SLF001
                self._mailbox,
                interval=self._interval,
                timeout=float("inf") if self._timeout is None else self._timeout,
                verbose=self._verbose or self._job._verbose,  # noqa: SLF001
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

    def wait(self, interval: float | None = None, timeout: float | None = None) -> None:
        """Block until the job is over, with the card shown and live. Parameters and exceptions as for `Job.wait`.

        Raises:
            RuntimeError: The card is closed.
        """
        pause, limit = seconds_argument("interval", interval), wait_timeout(timeout)
        self.make_ready()
        wait_for(self._job, pause, limit, self)

    def __await__(self) -> Generator[Any, None, None]:
        """As `wait` with its defaults, for asyncio; may be awaited more than once."""
        self.make_ready()
        return wait_for_async(self._job, None, wait_timeout(None), self).__await__()

    def on_complete(self, callback: _Callback) -> _Callback:
        """Have a function called once, when the job has reached its final status, or soon if it has already.

        Args:
            callback: Called with this widget, in a thread of its own for such callbacks. What it raises is logged.

        Returns:
            The callback, so that this serves as a decorator.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(callback):
            msg = f"on_complete() takes a function of the widget, not {type(callback).__name__}"  # type: ignore[unreachable]
            raise TypeError(msg)
        self._callbacks.add(self, callback)
        return callback

    def follow(self, job: Job) -> None:
        """Update another handle on the same job too, as answers come in."""
        if job is not self._job:
            self._followers.add(job)

    # ---- as a view of waits (`seams.WaitView`)

    def wait_begins(self, wait: Wait) -> None:
        """A wait starts."""
        with self._lock:
            self._waits.append(wait)
            self._aside = ""
        self._presence.ask(self)

    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:  # noqa: ARG002
        """Where the page's messages do not get through a blocked cell, show no control that needs them."""
        if self._controls and not self._presence.reachable(elapsed):
            self._post_controls(shown=False)

    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:
        """A wait is over."""
        with self._lock:
            if wait in self._waits:
                self._waits.remove(wait)
        if self._closed:
            return
        if interrupted and self._watching:
            self._aside = _INTERRUPTED
            self._mailbox.post(Report(self._job.state, Health(self.health), self.health_detail))
        if not self._controls:
            self._post_controls(shown=True)
        self._mailbox.settle(0.5)

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
        self._job._apply(report)  # noqa: SLF001
        for follower in list(self._followers):
            follower._apply(report)  # noqa: SLF001
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
        fields = card_state.fields(report)
        if fields.get("status", self.status) != self.status:
            self._aside = ""
        if self._aside and report.health is Health.LIVE:
            fields["health_detail"] = self._aside
        changed = {key: value for key, value in fields.items() if getattr(self, key) != value}
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
            process.shared().act_soon(lambda: self._post_controls(shown=True))
        if kind == "stop":
            process.shared().act_soon(self.stop)
        elif kind == "resume" or (kind == "hello" and self._paused):
            process.shared().act_soon(self._resume)
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

    def _check_open(self) -> None:
        if self._closed:
            msg = f"the card of job {self.job_id} is closed; make a new JobWidget"
            raise RuntimeError(msg)

    def make_ready(self) -> None:
        """Watch, and be displayed, before a wait."""
        self._check_open()
        self.start()
        if not self._presence.displayed(self):
            notebook_display(self)
        if in_voila():
            _log.warning(
                "waiting for job %s delays the whole page, which Voilà shows when all cells are done; "
                "show the card and use on_complete(callback) instead",
                self.job_id,
            )

    def _wanted(self) -> bool:
        """Whether somebody needs the card unseen: a callback or an observer, but for those of a page that is closed."""
        observers = self._trait_notifiers
        observed = any(handlers for name in card_state.FIELDS for handlers in observers.get(name, {}).values())
        return not in_voila() and bool(self._callbacks or observed)

    def _pause_if_unseen(self) -> None:
        # The host closes it when it has thrown the widget away: marimo, when the cell runs again or is deleted.
        thrown_away = getattr(self.comm, "_closed", False)
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

    # ---- its output in a notebook

    def _ipython_display_(self) -> None:
        if self._freeze and self._saved.show(self._seen(), super()._repr_mimebundle_):
            self._presence.shown()
            # In its turn: the job may have ended while this was on its way.
            self._mailbox.post(self._publish)
            return
        # Has IPython take the next way, which is the bundle, without a word.
        raise NotImplementedError

    def _seen(self) -> Seen:
        return card_state.seen(self._job, self.health, self.health_detail, self._clock, self._history)

    def _publish(self) -> None:
        if self._saved:
            self._saved.update(self._seen(), super()._repr_mimebundle_)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        self._presence.shown()
        formats, metadata = bundle
        return {**formats, "text/plain": repr(self)}, metadata

    def __repr__(self) -> str:
        """The job, and how the watching goes."""
        return static_view.text(self._job, Health(self.health), self.health_detail)

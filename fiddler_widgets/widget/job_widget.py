"""`JobWidget`: a card for users, who show it, wait through it, and hear from it when the job is over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

import ipywidgets

from fiddler_widgets import configs
from fiddler_widgets.environment import headless, in_voila, notebook_display, server_log
from fiddler_widgets.jobs.job import Job, job_of, wait_timeout
from fiddler_widgets.jobs.wait import Wait, seconds_argument, wait_for, wait_for_async
from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report
from fiddler_widgets.rendering import static_card
from fiddler_widgets.widget import trait_values
from fiddler_widgets.widget.card_watcher import WatchedCard
from fiddler_widgets.widget.headless_log import Transcript
from fiddler_widgets.widget.saved_card import SavedCard
from fiddler_widgets.widget.saved_state import NO_FILES, lasting_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from uuid import UUID

    from fiddler_widgets.rendering.static_card import Seen

__all__ = ["JobWidget"]

_log = logging.getLogger("fiddler_widgets")
_Callback = TypeVar("_Callback", bound="Callable[[JobWidget], object]")

_INTERRUPTED = "Stopped waiting; the job goes on. This card still follows it."
_DELAYS = (
    "waiting for job %s delays the whole page, which Voilà shows when all cells are done; "
    "show the card and use on_complete(callback) instead"
)


class JobWidget(WatchedCard):
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
        pause, limit = seconds_argument("interval", interval), seconds_argument("timeout", timeout)
        unknown = sorted(layout.keys() - set(ipywidgets.DOMWidget.class_trait_names()))
        if unknown:
            msg = f"JobWidget() got an unexpected keyword argument {unknown[0]!r}"
            raise TypeError(msg)
        its = job_of(job, verbose=verbose)
        self._freeze = configs.FREEZE if freeze is None else freeze
        self._saved = SavedCard(its)
        self._headless, self._spared = headless(), False
        own_layout = not isinstance(layout.get("layout"), ipywidgets.Layout)
        if self._headless and own_layout:
            model, its_layout = lasting_ids(str(its.id))
            layout["layout"] = ipywidgets.Layout(**(layout.get("layout") or {}), model_id=its_layout)
            layout["model_id"] = model
        super().__init__(its, interval=pause, timeout=limit, verbose=verbose, _notify=bool(notify), **layout)
        self._owns_layout = own_layout
        self._transcript = Transcript(self._presence)

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

    # ---- as a view of waits (`jobs.wait.WaitView`)

    def wait_begins(self, wait: Wait) -> None:
        """A wait starts."""
        with self._lock:
            self._waits.append(wait)
            self._aside = ""
        self._presence.ask(self)

    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:  # noqa: ARG002
        """Stay displayed, and show no control where a click does not get through a blocked cell."""
        if self.health != Health.OVER and self._presence.cleared(self, elapsed):
            notebook_display(self)
        if self._controls and not self._presence.reachable(elapsed):
            self._post_controls(shown=False)
        self._transcript.go_on(elapsed)

    def wait_says(self, line: str) -> None:
        """Where no page shows the card, pass it on."""
        self._transcript.add(line)

    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:
        """A wait is over."""
        with self._lock:
            if wait in self._waits:
                self._waits.remove(wait)
        self._transcript.end()
        if self._closed:
            return
        if interrupted and self._watching:
            self._aside = _INTERRUPTED
            self._mailbox.post(Report(self._job.state, Health(self.health), self.health_detail))
        if not self._controls:
            self._post_controls(shown=True)
        self._mailbox.settle(0.5)

    def make_ready(self) -> None:
        """Watch, and be displayed, before a wait."""
        self._check_open()
        self.start()
        if not self._presence.displayed(self):
            notebook_display(self)
        if in_voila():
            for log in filter(None, (_log, server_log())):
                log.warning(_DELAYS, self.job_id)

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
        return trait_values.seen(self._job, self.health, self.health_detail, self._clock, self._history)

    def _publish(self) -> None:
        if self._saved:
            self._saved.update(self._seen(), super()._repr_mimebundle_)
            self._spare()

    def _spare(self) -> None:
        """Take the frontend out of what is saved, where the card's outputs do without it and no page has come."""
        over = self.health == Health.OVER and not self._closed
        if over and self._headless and not self._spared and self._presence.dispensable(self):
            self._spared = True
            # Past the traits: whoever asks for the card's state, as a page does that comes later, is given all of it.
            self._send({"method": "update", "state": NO_FILES, "buffer_paths": []})

    @property
    def model_id(self) -> str:
        """The id of the widget's model; whatever is to refer to it, such as a layout widget, begins by asking."""
        id_: str = super().model_id
        if self._spared and not self._closed:
            self._spared = False
            self.send_state(list(NO_FILES))
        return id_

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        self._presence.shown()
        formats, metadata = bundle
        return {**formats, "text/plain": repr(self)}, metadata

    def __repr__(self) -> str:
        """The job, and how the watching goes."""
        return static_card.text(self._job, Health(self.health), self.health_detail)

"""`JobWidget`: a card for users, who show it, wait through it, and hear from it when the job is over."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import ipywidgets

from fiddler_widgets import configs
from fiddler_widgets.cell_context import follow_cells, in_cell
from fiddler_widgets.environment import headless
from fiddler_widgets.jobs.job import Job, job_of, wait_timeout
from fiddler_widgets.jobs.wait import seconds_argument, wait_for, wait_for_async
from fiddler_widgets.models import Health
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.rendering import static_card
from fiddler_widgets.widget.card_wait import CardWait
from fiddler_widgets.widget.card_watcher import CardWatcher
from fiddler_widgets.widget.formats import asked_to_display, give_formats
from fiddler_widgets.widget.model_lifetime import ModelLifetime
from fiddler_widgets.widget.saved_card import SavedCard
from fiddler_widgets.widget.saved_state import NO_FILES, lasting_ids
from fiddler_widgets.widget.traits import CardTraits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from uuid import UUID


__all__ = ["JobWidget"]

_Callback = TypeVar("_Callback", bound="Callable[[JobWidget], object]")

follow_cells()


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

    @in_cell
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
        self._check_options("JobWidget", layout)
        handle = job_of(job, verbose=verbose)
        self._watcher = CardWatcher(self, handle, interval=pause, timeout=limit, verbose=verbose, publish=self._publish)
        self._wait_view = CardWait(self, self._watcher)
        self._freeze = configs.FREEZE if freeze is None else freeze
        self._saved = SavedCard(handle, lambda: self._watcher.frontend.absent)
        without_page = headless()
        self._lifetime = ModelLifetime(self._watcher.presence, headless=without_page)
        own_layout = not isinstance(layout.get("layout"), ipywidgets.Layout)
        if without_page and own_layout:
            model_id, layout_id = lasting_ids(str(handle.id))
            layout["layout"] = ipywidgets.Layout(**(layout.get("layout") or {}), model_id=layout_id)
            layout["model_id"] = model_id
        with self._lifetime.not_referred():
            super().__init__(**self._watcher.first_values(), _notify=bool(notify), **layout)
        self._own_layout = self.layout if own_layout else None
        self.on_msg(self._watcher.on_message)
        self._prepare_comm(self._watcher.frontend)
        try:
            self._watcher.start()
        except BaseException:
            # An interrupt: nobody will ever have this card.
            self.close()
            raise

    @property
    def __card_watcher__(self) -> CardWatcher:
        """What watches for this card; a name with two underscores, so that no user's completion offers it."""
        return self._watcher

    @property
    def __wait_view__(self) -> CardWait:
        """What shows waits on this card; likewise."""
        return self._wait_view

    def __in_turn__(self, action: Callable[[], None]) -> None:
        """Have something done between two messages of the card, soon and by another thread."""
        shared_poller.shared().act_soon(lambda: self._watcher.mailbox.post(action))

    def __publish_again__(self) -> None:
        """Bring the output up to date on a page that was not there when the job ended."""
        if self._saved and self.health == Health.OVER:
            self._saved.update(self._watcher.snapshot(), self._live_formats, again=True)

    @property
    def closed(self) -> bool:
        """Whether the card was closed."""
        return self._watcher.closed

    @property
    def job(self) -> Job:
        """The job that the card shows."""
        return self._watcher.job

    def start(self) -> None:
        """Watch (again); does nothing while the card watches, and once the job is over.

        Raises:
            RuntimeError: The card is closed.
        """
        self._watcher.start()

    def stop(self) -> None:
        """Stop this card's watching and the waits begun through it, which raise `WatchStopped`. The job goes on."""
        self._watcher.stop()

    @in_cell
    def close(self) -> None:
        """Stop, and take the card off every page."""
        watcher = getattr(self, "_watcher", None)
        if watcher is None or watcher.closed:
            return
        watcher.close()
        super().close()

    def wait(self, interval: float | None = None, timeout: float | None = None) -> None:
        """Block until the job is over, with the card shown and live. Parameters and exceptions as for `Job.wait`.

        Raises:
            RuntimeError: The card is closed.
        """
        pause, limit = seconds_argument("interval", interval), wait_timeout(timeout)
        self._wait_view.make_ready()
        wait_for(self.job, pause, limit, self._wait_view)

    def wait_async(self, interval: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """As `wait`, as a coroutine: for ``asyncio.create_task``, by which a cell is done at once, and ``TaskGroup``.

        Parameters, exceptions and what happens at the call as for `Job.wait_async`.

        Raises:
            RuntimeError: The card is closed; raised at the call.
        """
        pause, limit = seconds_argument("interval", interval), wait_timeout(timeout)
        self._wait_view.make_ready()
        return wait_for_async(self.job, pause, limit, self._wait_view)

    def __await__(self) -> Generator[Any, None, None]:
        """As `wait` with its defaults, for asyncio; may be awaited more than once."""
        return self.wait_async().__await__()

    def on_complete(self, callback: _Callback) -> _Callback:
        """Have a function called once, when the job has reached its final status, or soon if it has already.

        Args:
            callback: Called with this widget, in a thread of its own for such callbacks. What it raises is logged.

        Returns:
            The callback, so that this serves as a decorator.

        Raises:
            TypeError: It cannot be called.
        """
        self._watcher.callbacks.add(self, callback)
        return callback

    # ---- its output in a notebook

    @in_cell
    def _ipython_display_(self) -> None:
        if asked_to_display() and self._freeze and self._saved.show(self._watcher.snapshot(), self._live_formats):
            self._displayed()
            return
        # Has IPython take the next way, which is the bundle, without a word.
        raise NotImplementedError

    def _displayed(self, update: bool = False) -> None:  # noqa: FBT001, FBT002
        self._watcher.presence.shown(update=update)
        self._watcher.frontend.displayed()
        self._lifetime.displayed()
        # In its turn: the job may have ended while this was on its way.
        self._watcher.post(self._publish)

    def _live_formats(self, **kwargs: Any) -> Any:
        # What is displayed is published again without the widget.
        with self._lifetime.not_referred():
            return super()._repr_mimebundle_(**kwargs)

    def _displayed_there(self, update: bool) -> None:  # noqa: FBT001
        self._lifetime.given_displayed()
        self._displayed(update)

    def _publish(self) -> None:
        over = self.health == Health.OVER
        if over:
            self._lifetime.over()
        if self._saved:
            again = self._saved.update(self._watcher.snapshot(), self._live_formats)
            if again is not None:
                self._watcher.publish_after(again)
            if over and not self.closed and self._lifetime.can_lose_files(self):
                self._lifetime.without_files = True
                # Past the traits: whoever asks for the state, as a page does that comes later, is given all of it.
                self._send({"method": "update", "state": NO_FILES, "buffer_paths": []})
            self._leave_page(idle=over or self._watcher.paused)

    def _leave_page(self, *, idle: bool) -> None:
        """Take the model off the page that has it, where nothing can need it: it is saved with the notebook."""
        pause = self._watcher.presence.view_may_come_for()
        if idle and pause > 0:
            self._watcher.publish_after(pause)
        elif not self.closed and self.comm is not None and self._lifetime.can_leave_page(self, idle=idle):
            self._lifetime.off_page = True
            self.comm.close()

    def _come_back(self) -> None:
        """Be on the page again, under the same id, and with the frontend."""
        if self.closed:
            return
        if self._lifetime.off_page:
            self._lifetime.off_page = False
            self._open_again()
            self._prepare_comm(self._watcher.frontend)
        if self._lifetime.without_files:
            self._lifetime.without_files = False
            self.send_state(list(NO_FILES))

    @property
    def model_id(self) -> str:
        """The id of the widget's model. Asking for it puts a finished card back on the page, if it has left it.

        A widget that is to contain or link this one asks nothing but this before it tells the page of the id.
        """
        self._come_back()
        id_: str = super().model_id
        self._lifetime.referred()
        return id_

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        given = None
        if self._freeze:
            given = self._saved.give(self._watcher.snapshot(), self._live_formats, self._displayed_there)
            self._lifetime.given()
        live = functools.partial(self._live_formats, **kwargs)
        text = functools.partial(repr, self)
        return give_formats(given, live, text, self._saved, self._displayed, self._watcher.presence)

    def __repr__(self) -> str:
        """The job, and how the watching goes."""
        return static_card.text(self.job, Health(self.health), self.health_detail)

"""The record of one job: its last state and its connection, written by every watch on it and read by its `Job`."""

from __future__ import annotations

import functools
import math
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

from fiddler_widgets.client import default_connection, fiddler_client
from fiddler_widgets.exceptions import FiddlerWidgetsError, NotConnected
from fiddler_widgets.jobs.kernel_jobs import kernel_jobs
from fiddler_widgets.models import JobState, MalformedAnswer
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.report import remaining_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from uuid import UUID

    from fiddler_widgets.journal.sightings import Moment
    from fiddler_widgets.journal.watched import Watched
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Fetcher, Subscription

__all__ = ["JobRecord"]

_Error = TypeVar("_Error", bound=FiddlerWidgetsError)


class JobRecord:
    """One job's id, connection and last state. Safe to share between threads.

    Args:
        id_: The job's id, checked.
        connection: What to ask for it; ``None`` for the connection that is configured when it is needed.
        state: Its last known state.
        verbose: Whether watches ask for subtasks too.

    Attributes:
        known_at: When the last answer came, in monotonic seconds; minus infinity before the first.
        remaining: The least and most seconds that the job would still take at that time; ``None`` while unknown.
    """

    def __init__(
        self,
        id_: UUID | str,
        *,
        connection: Fetcher | None,
        state: JobState | None = None,
        verbose: bool = False,
    ) -> None:
        self.id = id_
        self.verbose = verbose
        self.connection = connection
        self.state = state
        self.known_at = -math.inf
        self.remaining: tuple[float, float] | None = None
        self._official: weakref.ref[Any] | None = None
        self._watched: Watched | None = None
        self._unremembered: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def fetch(self) -> None:
        """Ask for the job once, through the newest connection, and keep the answer.

        Raises:
            NotConnected: No connection is configured.
            ApiError: The server did not answer with the job.
        """
        state = self.renew_connection().fetch(self.id, verbose=self.verbose)
        self.update(state, time.monotonic(), None)

    def subscribe(self, mailbox: Mailbox[Report], **options: Any) -> Subscription:
        """Watch the job through the poller of this process.

        Args:
            mailbox: Where reports go.
            **options: As for `Poller.subscribe`; ``verbose`` is by default that of the record.
        """
        options.setdefault("verbose", self.verbose)
        options.setdefault("recall", self.past_durations)
        connection = self.renew_connection()
        kernel_jobs.note(self)
        self._remember_soon()
        return shared_poller.shared().subscribe(connection, self.id, mailbox, **options)

    def apply(self, report: Report) -> None:
        """Keep the state in the report of a watch."""
        if report.state is not None and report.good_at is not None:
            self.update(report.state, report.good_at, report.left)

    def update(self, state: JobState, at: float, remaining: tuple[float, float] | None) -> None:
        """Keep an answer, unless a newer one is known.

        Args:
            state: The answer.
            at: When it came, in monotonic seconds.
            remaining: The least and most seconds that the job would still take at that time; ``None`` while unknown.
        """
        # Several watches on one job report from several threads, so an older answer may come after a newer one.
        with self._lock:
            if at < self.known_at:
                return
            self.state, self.known_at, self.remaining = state, at, remaining
            official = self._official() if self._official is not None else None
            if official is not None:
                fiddler_client.update(official, state)
        if self._watched is not None:
            self._note_in_journal(self._watched, state, at)
        elif self._unremembered is not None:
            self._remember_soon()

    def past_durations(self, state: JobState) -> tuple[float, ...]:
        """How many seconds earlier jobs of the same kind ran, the newest last; empty while that is unknown.

        Args:
            state: The job's state, which says of what kind it is.
        """
        from fiddler_widgets.journal import api, entries, switches  # noqa: PLC0415 (imported only if a job is watched)

        try:
            url = getattr(self.connection, "url", "")
            if not url or switches.switch() is False:
                return ()
            kind = entries.kind_of(state.info, self._mask())
            name = entries.name_of(state.name, self._mask())
            return api.shared().past_durations(url, name, kind.project, kind.model, kind.resource)
        except Exception:  # noqa: BLE001 (a failure of the journal must not end a watch)
            api.log_failure()
            return ()

    def remember(self, seen: Moment, context: Context, *, started: bool = False) -> None:
        """Have the journal remember the job, unless that is switched off; called in the journal's thread.

        Args:
            seen: When the job was first watched, or started.
            context: The context of the cell in which it was.
            started: Whether it was started then.
        """
        from fiddler_widgets.journal import api, switches  # noqa: PLC0415 (imported only if a job is watched)

        self._unremembered = None
        try:
            place = context.run(switches.place)
            if place is not None:
                self.connection = self.connection or self.newest_connection()
                url = getattr(self.connection, "url", "")
                self._watched = api.shared().watch(url, self.id, self._mask(), place, seen)
            if self._watched is not None:
                if self.state is not None and math.isfinite(self.known_at):
                    self._watched.note_state(self.state, self.known_at, self._mask())
                self._watched.note_watch(seen if started else None)
        except NotConnected:
            # It is unknown to which platform the job belongs.
            return
        except Exception:  # noqa: BLE001 (a failure of the journal must not end a watch)
            api.log_failure()

    def _remember_soon(self) -> None:
        """Have `remember` called soon; if the journal's queue is full, this is tried again with the next answer."""
        from fiddler_widgets.journal import api, switches  # noqa: PLC0415 (imported only if a job is watched)

        try:
            if self._watched is None and switches.switch() is not False:
                remember = self._unremembered or functools.partial(self.remember, *switches.capture_context())
                self._unremembered = None if api.shared().run_later(remember) else remember
        except Exception:  # noqa: BLE001 (a failure of the journal must not end a watch)
            api.log_failure()

    def _note_in_journal(self, watched: Watched, state: JobState, at: float) -> None:
        try:
            watched.note_state(state, at, self._mask())
        except Exception:  # noqa: BLE001 (a failure of the journal must not end a watch)
            from fiddler_widgets.journal import api  # noqa: PLC0415

            api.log_failure()

    def _mask(self) -> Callable[[str], str]:
        """A function that removes the token from a text."""
        return getattr(self.connection, "masked", str)

    def time_left(self) -> tuple[float, float] | None:
        """The least and most seconds that the job may still take from now; ``None`` while unknown."""
        remaining, at = self.remaining, self.known_at
        return None if remaining is None else remaining_now(remaining, time.monotonic() - at)

    def known_since(self) -> float | None:
        """When the last answer came, in epoch seconds; ``None`` for the fields of an official job, of unknown age."""
        age = time.monotonic() - self.known_at
        return time.time() - age if math.isfinite(age) else None

    def error_kind(self, kind: type[_Error]) -> type[_Error]:
        """The exception class to raise; for a job of the official client also a subclass of its counterpart there."""
        return fiddler_client.also_official(kind) if self._official is not None else kind

    def newest_connection(self) -> Fetcher:
        """The connection through which the job would be asked for now.

        Raises:
            NotConnected: No connection is configured.
        """
        newest = default_connection.latest if self._official is None else default_connection.latest_of_official
        return newest(self.connection)

    def renew_connection(self) -> Fetcher:
        """The same; the record keeps it.

        Raises:
            NotConnected: No connection is configured.
        """
        self.connection = self.newest_connection()
        return self.connection

    def adopt(self, official: Any) -> None:
        """Take the state from the official client's object for this job, and keep that object up to date."""
        self._official = weakref.ref(official)
        fields = {name: getattr(official, name, None) for name in vars(official)}
        try:
            self.state = JobState.from_wire({"data": {**fields, "id": str(official.id)}}, expected_id=official.id)
        except MalformedAnswer:
            # The object may have been made without an answer of the server; then nothing is known yet.
            self.state = None

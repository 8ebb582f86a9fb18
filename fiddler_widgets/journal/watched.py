"""A job that this process watches, as the journal sees it: which of its answers are written."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fiddler_widgets import configs
from fiddler_widgets.journal import entries
from fiddler_widgets.journal.sightings import Moment, Sighting
from fiddler_widgets.messages import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.models import JobState

    Writable = entries.Entry | Callable[[], entries.Entry]

__all__ = ["Watched"]


class Watched:
    """A job that is watched by this process. It may get the same answer several times, and from several threads.

    There is no lock: two threads may write a line twice, which does no harm, and no lock can be stuck after a fork.

    Args:
        key: The platform and the job.
        place: The notebook and cell in which it is watched.
        since: When the watching began.
        put: Has an entry written; or a function, which the journal's thread calls to make the entry.

    Attributes:
        muted: Whether nothing more is to be written, since the user forgot the job.
    """

    __slots__ = ("_key", "_place", "_put", "_sighting", "muted")

    def __init__(self, key: entries.Key, place: str, since: Moment, put: Callable[[Writable], None]) -> None:
        self._key, self._place, self._put = key, place, put
        self._sighting = Sighting(since)
        self.muted = False

    def note_state(self, state: JobState, steady: float, mask: Callable[[str], str]) -> None:
        """Take note of an answer about the job.

        Args:
            state: The answer.
            steady: When it came, in monotonic seconds.
            mask: Removes secrets from a text.
        """
        event = self._sighting.see(state.status, Moment.now().at(steady))
        if event is not None:
            self._write(event, state, mask)

    def note_watch(self, started: Moment | None = None) -> None:
        """Take note that the job is watched, or was started at that moment, though no answer about it has come."""
        sighting = self._sighting
        if started is not None and sighting.started is None:
            sighting.start(started)
            self._write(entries.STARTED)
        elif not sighting.status:
            self._write(entries.SEEN)

    def _write(self, event: str, state: JobState | None = None, mask: Callable[[str], str] = str) -> None:
        if self.muted or configs.JOURNAL is False:
            return
        sighting, now = self._sighting, Moment.now().wall
        entry = entries.Entry(
            entries.STARTED if event == entries.SEEN and sighting.started is not None else event,
            now,
            *self._key,
            min(sighting.first.wall, now),
            ran=sighting.ran(),
            queued=sighting.queued(),
            place=self._place,
        )
        self._put(entry if state is None else functools.partial(_of_state, entry, state, mask))


def _of_state(entry: entries.Entry, state: JobState, mask: Callable[[str], str]) -> entries.Entry:
    """The entry, completed with an answer."""
    return entry._replace(
        name=entries.name_of(state.name, mask),
        kind=entries.kind_of(state.info, mask),
        status=safe_text(mask(str(state.status)), 40),
        status_at=entry.at,
    )

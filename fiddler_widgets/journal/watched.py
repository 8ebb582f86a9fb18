"""A job that this process watches, as the journal sees it: which of its answers are worth a line."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fiddler_widgets import configs
from fiddler_widgets.journal import entries
from fiddler_widgets.journal.sightings import Moment, Sighting
from fiddler_widgets.messages import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.models import JobState

    Unmade = entries.Entry | Callable[[], entries.Entry]

__all__ = ["Watched"]


class Watched:
    """A job that is watched by this process. Told of the same answer by several, and in several threads.

    No lock: two threads at once may write a line twice, which does no harm, and after a fork nobody waits for one.

    Args:
        key: The platform and the job.
        where: The notebook in which it is watched.
        since: From when on.
        put: Takes an entry, or what the journal's thread is to make one by, to be written down.

    Attributes:
        muted: Whether nothing more is to be written, since the user has it forgotten.
    """

    __slots__ = ("_key", "_put", "_sighting", "_where", "muted")

    def __init__(self, key: entries.Key, where: str, since: Moment, put: Callable[[Unmade], None]) -> None:
        self._key, self._where, self._put = key, where, put
        self._sighting = Sighting(since)
        self.muted = False

    def saw(self, state: JobState, steady: float, mask: Callable[[str], str]) -> None:
        """An answer about the job came.

        Args:
            state: The answer.
            steady: When, in monotonic seconds.
            mask: Takes what is secret out of a text.
        """
        event = self._sighting.see(state.status, Moment.now().at(steady))
        if event is not None:
            self._write(event, state, mask)

    def heard_of(self, started: Moment | None = None) -> None:
        """The job is watched, or was started at that moment; no answer about it is needed for it to be remembered."""
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
        known = entries.Entry(
            entries.STARTED if event == entries.SEEN and sighting.started is not None else event,
            now,
            *self._key,
            min(sighting.first.wall, now),
            ran=sighting.ran(),
            queued=sighting.queued(),
            where=self._where,
        )
        self._put(known if state is None else functools.partial(_of_state, known, state, mask))


def _of_state(known: entries.Entry, state: JobState, mask: Callable[[str], str]) -> entries.Entry:
    """The same entry with what an answer says."""
    return known._replace(
        name=entries.name_of(state.name, mask),
        kind=entries.kind_of(state.info, mask),
        status=shown(mask(str(state.status)), 40),
        told=known.at,
    )

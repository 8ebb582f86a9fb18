"""Which answers about a job are written to the journal, and the bounds of how long it ran and was queued.

Pure. Each answer says how a job was at one moment. So the job ended between the last answer with which it was not over
and the first with which it was. A moment has the time of two clocks: one can be set, the other stands still while a
laptop sleeps. Where they differ, the bounds are wider.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets.journal.entries import ENDED, SEEN
from fiddler_widgets.models import JobStatus

if TYPE_CHECKING:
    from fiddler_widgets.journal.entries import Bounds

__all__ = ["Moment", "Sighting", "elapsed"]

_MOST_LINES = 20
"""The most lines for one job in one process, except for its end; it bounds jobs that are retried again and again."""

_FIRST_RENEWAL = 60.0
"""Seconds after which a job whose status does not change is written again; then at twice the age, and so on."""


class Moment(NamedTuple):
    """A point in time.

    Attributes:
        wall: In epoch seconds.
        steady: In monotonic seconds.
    """

    wall: float
    steady: float

    @classmethod
    def now(cls) -> Moment:
        """This moment."""
        return cls(time.time(), time.monotonic())

    def at(self, steady: float) -> Moment:
        """The moment at another monotonic time, if no clock was set in between."""
        return Moment(self.wall - (self.steady - steady), steady)


def elapsed(begin: Moment, end: Moment) -> tuple[float, float]:
    """The least and most seconds between two moments, by the two clocks."""
    passed = end.wall - begin.wall, end.steady - begin.steady
    return max(0.0, min(passed)), max(0.0, *passed)


class Sighting:
    """What this process has seen of one job.

    Attributes:
        first: When this process first knew of the job.
        started: When this process started the job; ``None`` if it did not.
        status: Its status; empty before the first look.
    """

    __slots__ = (
        *("_first_running", "_last_live", "_last_queued", "_lines", "_over", "_written"),
        *("first", "started", "status"),
    )

    def __init__(self, first: Moment) -> None:
        self.first = first
        self.started: Moment | None = None
        self.status = ""
        self._last_queued: Moment | None = None
        self._first_running: Moment | None = None
        self._last_live: Moment | None = None
        self._over: Moment | None = None
        self._written = first
        self._lines = 0

    def start(self, at: Moment) -> None:
        """Take note that this process started the job."""
        self.started = at
        self.first = min(self.first, at, key=lambda moment: moment.steady)

    def see(self, status: str, at: Moment) -> str | None:
        """Take note of an answer.

        Args:
            status: The job's status.
            at: When the answer came.

        Returns:
            The event to write, `SEEN` or `ENDED`; ``None`` if nothing is to be written.
        """
        last = self._last_live
        if self._over is not None or (last is not None and at.steady <= last.steady):
            return None
        self.first = min(self.first, at, key=lambda moment: moment.steady)
        changed, self.status = status != self.status, status
        if status in _FINAL:
            self._over = at
            return ENDED
        if status != JobStatus.PENDING:
            if self._first_running is None:
                self._first_running = at
        elif self._first_running is None:
            self._last_queued = at
        self._last_live = at
        age = self._written.steady - self.first.steady
        renewed = at.steady - self._written.steady >= max(_FIRST_RENEWAL, age)
        if self._lines >= _MOST_LINES or not (changed or renewed):
            return None
        self._lines += 1
        self._written = at
        return SEEN

    def queued(self) -> Bounds | None:
        """How many seconds the job was queued; ``None`` if nothing is known about that."""
        ended = self._first_running or self._over
        if self.started is None and self._last_queued is None:
            return None
        begin = self.started or self.first
        low = elapsed(begin, self._last_queued)[0] if self._last_queued is not None else 0.0
        return low, elapsed(self.started, ended)[1] if self.started is not None and ended is not None else None

    def ran(self) -> Bounds | None:
        """How many seconds the job ran; ``None`` if nothing is known about that."""
        low = 0.0
        if self._first_running is not None and self._last_live is not None:
            low = elapsed(self._first_running, self._last_live)[0]
        # It began to run after it was last seen queued, or after it was started.
        not_before = self._last_queued or self.started
        if self._over is None or not_before is None:
            return (low, None) if self._first_running is not None else None
        return low, elapsed(not_before, self._over)[1]


_FINAL = frozenset(status for status in JobStatus if status.final)

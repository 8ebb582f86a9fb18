"""A remembered job as users see it, made from its entry. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from fiddler_widgets.models import JobStatus

if TYPE_CHECKING:
    from fiddler_widgets.journal.entries import Bounds, Entry, Kind

__all__ = ["RememberedJob", "remembered"]

_AHEAD = 3600.0
"""Seconds that another clock may be ahead."""
_YEAR_3000 = 32_503_680_000.0


@dataclass(frozen=True, slots=True)
class RememberedJob:
    """A job that the journal remembers.

    Attributes:
        id: Its id.
        server: The address of its platform.
        name: Its name; empty if no answer about it came.
        kind: What it works on: project, model, version, resource_type and resource, each empty if it has none.
        what: The same as a text.
        status: Its status when it was last seen; empty if no answer about it came.
        first_seen: When it was first seen, in UTC.
        last_seen: When it was last seen, in UTC.
        ran: The least and most seconds that it ran, as far as that was seen. ``None`` if nothing is known about that;
            the most is ``None`` if it has no upper bound.
        queued: The least and most seconds that it was queued, in the same form.
        notebook: The notebook in which it was watched, and the cell after a "#"; empty if that is not known.
    """

    id: str
    server: str
    name: str
    kind: Kind
    what: str
    status: JobStatus | str
    first_seen: datetime
    last_seen: datetime
    ran: tuple[float, float | None] | None
    queued: tuple[float, float | None] | None
    notebook: str

    @property
    def final(self) -> bool:
        """Whether it was over when it was last seen."""
        return isinstance(self.status, JobStatus) and self.status.final


def remembered(entry: Entry, now: float) -> RememberedJob:
    """The remembered job of an entry, as of ``now`` in epoch seconds."""
    status: JobStatus | str = entry.status
    if entry.status in JobStatus.__members__:
        status = JobStatus(entry.status)
    # An entry from the future comes from a clock that was ahead; its job was last seen now at the latest.
    latest = now if entry.at > now + _AHEAD else entry.at
    return RememberedJob(
        entry.job,
        entry.server,
        entry.name,
        entry.kind,
        entry.kind.what,
        status,
        _utc(min(entry.first, latest)),
        _utc(latest),
        _consistent(entry.ran),
        _consistent(entry.queued),
        entry.place,
    )


def _consistent(bounds: Bounds | None) -> Bounds | None:
    """The bounds, or ``None`` if they contradict each other, as they may if clocks differ."""
    return None if bounds is None or (bounds[1] is not None and bounds[1] < bounds[0]) else bounds


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(0.0, min(seconds, _YEAR_3000)), timezone.utc)

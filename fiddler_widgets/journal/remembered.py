"""What users get to see of an entry. Pure."""

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
        name: Its name; empty where no answer about it came.
        kind: What it works on: project, model, version, resource_type and resource, each empty where it has none.
        what: The same as a text.
        status: Its status when it was last seen; empty where no answer about it came.
        first_seen: When it was first seen, in UTC.
        last_seen: When it was last seen, in UTC.
        ran: From what to what many seconds it ran, as far as that was seen; ``None`` for nothing known, and in the
            place of the most for no upper bound.
        queued: From what to what many seconds it was queued; likewise.
        notebook: In which notebook, and in which cell of it after a "#"; empty where that is not known.
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
    """The record of an entry, as of now, in epoch seconds."""
    status: JobStatus | str = entry.status
    if entry.status in JobStatus.__members__:
        status = JobStatus(entry.status)
    # One that comes from a clock that was ahead was seen by now.
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
        entry.where,
    )


def _consistent(bounds: Bounds | None) -> Bounds | None:
    """Bounds that contradict each other, as different clocks may have it, say nothing."""
    return None if bounds is None or (bounds[1] is not None and bounds[1] < bounds[0]) else bounds


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(0.0, min(seconds, _YEAR_3000)), timezone.utc)

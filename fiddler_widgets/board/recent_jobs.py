"""The jobs that the journal remembers, as `Job` objects; no request is made for them here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, cast

from fiddler_widgets.client import default_connection
from fiddler_widgets.jobs.job import Job
from fiddler_widgets.models import JobState, parse_id

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["recent_jobs"]


class _Kind(Protocol):
    info: dict[str, Any]


class _Remembered(Protocol):
    """The attributes of the journal's `RememberedJob` that are used here."""

    id: str
    name: str
    kind: _Kind
    status: str
    first_seen: datetime


def recent_jobs(days: float, status: str | None) -> dict[Job, float]:
    """The jobs of the connected platform, and when each was first seen in epoch seconds, the oldest first.

    Args:
        days: Only jobs that were seen within so many days.
        status: Only jobs that had this status when they were last seen; ``None`` for all.

    Raises:
        NotConnected: No connection is configured.
        ValueError: ``days`` is negative or NaN.
    """
    connection = default_connection.current()
    journal: Any = importlib.import_module("fiddler_widgets.journal")
    remembered = cast("list[_Remembered]", journal.jobs(days=days, status=status, server=connection.url))
    return {
        Job(parse_id(job.id), connection=connection, state=_state(job)): job.first_seen.timestamp()
        for job in sorted(remembered, key=lambda job: job.first_seen)
    }


def _state(job: _Remembered) -> JobState | None:
    """The remembered state of a job; ``None`` if there was no answer about it."""
    if not job.status:
        return None
    return JobState(id=parse_id(job.id), name=job.name, status=job.status, info=dict(job.kind.info))

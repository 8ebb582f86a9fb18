"""The jobs that the journal remembers, as jobs: those that were not over are yet to be looked at."""

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
    """As much as is read here of what the journal remembers of a job."""

    id: str
    name: str
    kind: _Kind
    status: str
    first_seen: datetime


def recent_jobs(days: float, status: str | None) -> dict[Job, float]:
    """The jobs of the platform that is connected to, and when each was first seen in epoch seconds, the oldest first.

    Args:
        days: Those that were seen in so many days.
        status: Those with that status when they were last seen; ``None`` for all.

    Raises:
        NotConnected: No connection is configured.
        ValueError: ``days`` is negative or NaN.
    """
    connection = default_connection.current()
    journal: Any = importlib.import_module("fiddler_widgets.journal")
    remembered = cast("list[_Remembered]", journal.jobs(days=days, status=status, server=connection.url))
    return {
        Job(parse_id(one.id), connection=connection, state=_state(one)): one.first_seen.timestamp()
        for one in sorted(remembered, key=lambda one: one.first_seen)
    }


def _state(one: _Remembered) -> JobState | None:
    """What is known of it; nothing where no answer came."""
    if not one.status:
        return None
    return JobState(id=parse_id(one.id), name=one.name, status=one.status, info=dict(one.kind.info))

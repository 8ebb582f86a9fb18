"""The journal: what is remembered of jobs across kernels, and how long past jobs took.

Each job that was started or watched is remembered for its user, in files of JSON lines; each process writes its own
file. Never remembered are the token, error texts, data and query strings. Entries, sightings, compaction and durations
are pure. One thread uses the disk; if the disk fails, only the journal is affected. May import the leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets.journal import api, files
from fiddler_widgets.journal.remembered import RememberedJob
from fiddler_widgets.models import normal_id

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any
    from uuid import UUID

    path: Path
    """Where the journal is: a directory, which need not exist yet."""

__all__ = ["RememberedJob", "clear", "forget", "jobs", "past_durations", "path"]

RememberedJob.__module__ = "fiddler_widgets.journal"


def jobs(days: float = 7, status: str | None = None, server: str | None = None) -> list[RememberedJob]:
    """The jobs that were started or watched by any process of this user, the newest first.

    Args:
        days: Only jobs that were seen within so many days; jobs are remembered for 90 days.
        status: Only jobs that had this status when they were last seen, such as "FAILURE".
        server: Only jobs of the platform with this address.

    Returns:
        What is remembered of each job. If the disk cannot be read or does not answer, only jobs of this process.

    Raises:
        ValueError: ``days`` is negative or NaN.
    """
    if not days >= 0:
        msg = f"days must be 0 or more, not {days}"
        raise ValueError(msg)
    return api.shared().jobs(days, status, server)


def forget(*ids: UUID | str) -> int:
    """Forget some jobs. This process does not remember a job again that it is watching at the time.

    Args:
        *ids: Their ids.

    Returns:
        How many of them were remembered.

    Raises:
        OSError: The files cannot be written, or the disk does not answer (`TimeoutError`).
    """
    return api.shared().forget({normal_id(id_) for id_ in ids})


def clear() -> None:
    """Forget all jobs and remove the journal's files.

    Raises:
        OSError: The files cannot be removed, or the disk does not answer (`TimeoutError`).
    """
    api.shared().clear()


def past_durations(server: str, name: str, project: str, model: str, resource: str) -> tuple[float, ...]:
    """How many seconds earlier jobs of a kind ran that succeeded.

    The answer comes from memory at once. It is empty until the files have been read; reading begins with the first job
    that is watched, or with the first call of this function.

    Args:
        server: The address of the platform.
        name: The name of such jobs.
        project: The name of the project.
        model: The name of the model; empty for none.
        resource: The name of the resource; empty for none.

    Returns:
        At most 20 durations, of the narrowest kind of which there are any. If these are fewer than three, durations of
        wider kinds come before them. Within a kind the newest is last.
    """
    return api.shared().past_durations(server, name, project, model, resource)


def __getattr__(name: str) -> Any:
    """`path`, which depends on the environment, as it is now."""
    if name == "path":
        return files.directory()
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)

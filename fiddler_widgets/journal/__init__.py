"""What is remembered of jobs across kernels, and what past durations tell.

Each job that was started or watched here is remembered for its user, in JSON lines of which each process writes a file
of its own; never the token, error texts, data or query strings. Entries, sightings, compaction and durations are pure;
one thread touches the disk, and whatever the matter is with that, it costs nothing but the journal. May import the
leaves.
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
    """The jobs that were started or watched, by any process of this user, the newest first.

    Args:
        days: Those that were seen in so many days; 90 at most are remembered.
        status: Those with that status when they were last seen, such as "FAILURE".
        server: Those of the platform with that address.

    Returns:
        What is remembered of each; where the disk cannot be read, or does not answer, what this process has seen.

    Raises:
        ValueError: ``days`` is negative or NaN.
    """
    if not days >= 0:
        msg = f"days must be 0 or more, not {days}"
        raise ValueError(msg)
    return api.shared().jobs(days, status, server)


def forget(*ids: UUID | str) -> int:
    """Remember some jobs no longer. A job that is watched at the time is not written down again by this process.

    Args:
        *ids: Their ids.

    Returns:
        How many of them were remembered.

    Raises:
        OSError: That cannot be written down, or the disk does not answer (`TimeoutError`).
    """
    return api.shared().forget({normal_id(id_) for id_ in ids})


def clear() -> None:
    """Forget all jobs: the journal's files are removed.

    Raises:
        OSError: They cannot be removed, or the disk does not answer (`TimeoutError`).
    """
    api.shared().clear()


def past_durations(server: str, name: str, project: str, model: str, resource: str) -> tuple[float, ...]:
    """How many seconds jobs of a kind ran before, those that succeeded.

    Comes from memory, at once: nothing, until the files were read, which begins with the first job that is watched, or
    with the first call.

    Args:
        server: The address of the platform.
        name: What such jobs are called.
        project: The name of the project.
        model: The name of the model; empty for none.
        resource: The name of the resource; empty for none.

    Returns:
        At most 20. Of the narrowest kind that there are any of; where these are fewer than three, those of wider kinds
        before them. Within a kind the newest last.
    """
    return api.shared().past_durations(server, name, project, model, resource)


def __getattr__(name: str) -> Any:
    """`path`, as it is now."""
    if name == "path":
        return files.directory()
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)

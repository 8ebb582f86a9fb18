"""The jobs of this kernel: those that were started or watched in it, for a board that shows them all.

Their records are kept, not the users' `Job` objects; if there are more than `MOST`, the oldest are dropped.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from fiddler_widgets.models import normal_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.jobs.record import JobRecord

__all__ = ["MOST", "KernelJobs", "kernel_jobs"]

MOST = 10_000


class KernelJobs:
    """The records of a process's jobs, each once, in the order in which they became known."""

    def __init__(self) -> None:
        self._records: dict[tuple[Any, str], JobRecord] = {}
        self._followers: list[weakref.WeakMethod[Callable[[JobRecord], None]]] = []
        self._lock = threading.Lock()

    def note(self, record: JobRecord) -> None:
        """Add a job that was started or is watched; calls the followers, in this thread, if it is new."""
        key = (record.connection, normal_id(record.id))
        with self._lock:
            if key in self._records:
                return
            self._records[key] = record
            if len(self._records) > MOST:
                del self._records[next(iter(self._records))]
            followers = list(self._followers)
        for reference in followers:
            follower = reference()
            if follower is not None:
                follower(record)

    def follow(self, follower: Callable[[JobRecord], None]) -> list[JobRecord]:
        """Have a method called with each job from now on, for as long as its object lives.

        Returns:
            The jobs that are known by now.
        """
        with self._lock:
            self._followers = [reference for reference in self._followers if reference() is not None]
            self._followers.append(weakref.WeakMethod(follower))
            return list(self._records.values())

    def unfollow(self, follower: Callable[[JobRecord], None]) -> None:
        """Do not call a method any more."""
        with self._lock:
            self._followers = [reference for reference in self._followers if reference() not in (None, follower)]


kernel_jobs = KernelJobs()
"""The jobs of this process."""

"""The jobs of this kernel: those that were started or watched here, for whoever shows them all.

What is kept is records, not the handles that users hold; of more than `MOST` the oldest are forgotten.
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
        """A job was started, or is watched; tells those who follow, in the calling thread."""
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
            self._followers = [one for one in self._followers if one() is not None]
            self._followers.append(weakref.WeakMethod(follower))
            return list(self._records.values())

    def unfollow(self, follower: Callable[[JobRecord], None]) -> None:
        """Call it no more."""
        with self._lock:
            self._followers = [one for one in self._followers if one() not in (None, follower)]


kernel_jobs = KernelJobs()
"""Those of this process."""

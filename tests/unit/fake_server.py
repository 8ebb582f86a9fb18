"""A server without a network: the poller's threads are real, its requests are calls."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from fiddler_widgets.models import JobState, normal_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from fiddler_widgets.exceptions import ApiError


class FakeServer:
    """Answers for any job with whatever `answer` says; a `Fetcher`."""

    url = "http://fake.invalid"

    def __init__(self) -> None:
        self.fields: dict[str, object] = {"name": "Upload", "status": "STARTED", "progress": 10.0}
        self.error: ApiError | None = None
        self.before: Callable[[], object] = lambda: None
        self.asked: Counter[str] = Counter()
        self.verbose: list[bool] = []
        self.under_way = 0
        self.most_under_way = 0
        self.closed = 0
        self.hanging: set[str] = set()
        self.released = threading.Event()
        self._lock = threading.Lock()

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """One request."""
        with self._lock:
            self.asked[normal_id(job_id)] += 1
            self.verbose.append(verbose)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            self.before()
            if normal_id(job_id) in self.hanging:
                self.released.wait(20)
            if self.error is not None:
                raise self.error
            return JobState.from_wire({"data": {**self.fields, "id": str(job_id)}}, expected_id=job_id)
        finally:
            with self._lock:
                self.under_way -= 1

    def close_idle(self) -> None:
        """Count it."""
        self.closed += 1


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for a condition, and fail if it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come"
        time.sleep(0.005)

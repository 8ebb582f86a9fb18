"""What a scenario is made of: stretches in one status, and subtasks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Phase", "Points", "Subtask"]

Points = tuple[tuple[float, float], ...]
"""Corners between which a value is a straight line."""


@dataclass(frozen=True)
class Phase:
    """A stretch of a job's life in one status.

    Attributes:
        seconds: How long it lasts; `math.inf` for the last one.
        status: The status all along.
        progress: Corners (share of the phase from 0 to 1, percent) between which
            progress is a straight line; empty for unknown progress.
        steps: Into how many jumps progress is divided; 0 for none.
        error_reason: The reason of a failure.
        error_message: The message of a failure.
    """

    seconds: float
    status: str
    progress: Points = ((0.0, 0.0),)
    steps: int = 0
    error_reason: str | None = None
    error_message: str | None = None

    def progress_at(self, seconds: float) -> float | None:
        """Return the percentage so many seconds into the phase; `None`: unknown."""
        if not self.progress:
            return None
        share = 1.0 if self.seconds <= 0 else min(1.0, seconds / self.seconds)
        if self.steps:
            share = math.floor(share * self.steps) / self.steps
        return round(_interpolate(self.progress, share), 2)


@dataclass(frozen=True)
class Subtask:
    """One of the tasks that a job is made of.

    Attributes:
        label: Tells the tasks of one job apart; it does not appear on the wire.
        begin: When it starts, as a share of the job's seconds from 0 to 1.
        end: When it ends, likewise.
        error_message: Why it fails; `None` for one that succeeds.
        result: What it results in; `None` for what is said of a part of a file.
    """

    label: str
    begin: float
    end: float
    error_message: str | None = None
    result: str | None = None

    def at(self, share: float) -> dict[str, object]:
        """Return the wire's entry for this task at a share of the job's seconds."""
        status, result, error = "PENDING", None, None
        if share >= self.end:
            status = "FAILURE" if self.error_message else "SUCCESS"
            error = self.error_message
            if error is None:
                result = {"result": self.result or {"file_type": ".csv", "part": self.label}}
        elif share >= self.begin:
            status = "STARTED"
        return {"status": status, "result": result, "error_message": error}


def _interpolate(points: Points, x: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(points):
        if x < x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]

"""The parts of a scenario: phases with one status each, and subtasks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Phase", "Points", "Subtask"]

Points = tuple[tuple[float, float], ...]
"""Points between which a value changes linearly."""


@dataclass(frozen=True)
class Phase:
    """A part of a job's life with one status.

    Attributes:
        seconds: How long it lasts; `math.inf` for the last one.
        status: The status during the phase.
        progress: Points (share of the phase from 0 to 1, percent) between which
            progress grows linearly; empty for unknown progress.
        steps: In how many equal steps progress grows; 0 for no steps.
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
        """Return the progress in percent, `seconds` after the phase began; `None` if it is unknown."""
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
        label: Identifies the task within its job; it is in no answer.
        begin: When it starts, as a share of the job's seconds from 0 to 1.
        end: When it ends, as such a share.
        error_message: Why it fails; `None` for one that succeeds.
        result: Its result; `None` for the result of a part of a file.
    """

    label: str
    begin: float
    end: float
    error_message: str | None = None
    result: str | None = None

    def at(self, share: float) -> dict[str, object]:
        """Return the task's entry in `extras`, at a share of the job's seconds."""
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

"""What a card has seen of a job over time: its phases, its progress, and whether the progress has stalled.

Pure: the caller passes all times, in seconds of a clock that goes on while the machine sleeps, such as epoch seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fiddler_widgets import configs
from fiddler_widgets.models import Health, JobStatus

if TYPE_CHECKING:
    from fiddler_widgets.polling.report import Report

__all__ = ["MOST_STEPS", "History", "Step"]

MOST_STEPS = 64
"""The most steps; a drawing of a few hundred pixels cannot show more."""

_GAP = 3 * configs.HEARTBEAT
_PATIENCE = 4.0
_LEAST_STALL = 30.0
_FEWEST_GAPS = 2
_REPORT_SHARE = 0.05
_SHORTEST_REPORT_PAUSE = 2.0

_SEEING = (Health.LIVE, Health.RETRYING, Health.OVER)
_KINDS = {
    JobStatus.PENDING: "q",
    JobStatus.STARTED: "r",
    JobStatus.RETRY: "t",
}
_OUTAGE, _UNWATCHED, _OTHER, _END = "o", "u", "x", "e"


class Step(NamedTuple):
    """The beginning of a step, which lasts until the next one.

    Attributes:
        at: When it begins, in seconds since the first answer.
        progress: Per cent at that time; ``None`` while unknown.
        kind: The phase of the job or of the watching: ``q`` queued, ``r`` running, ``t`` being retried, ``o`` an
            outage, ``u`` not watched, ``x`` an unknown status, ``e`` over.
    """

    at: float
    progress: float | None
    kind: str


class History:
    """Records the reports about one job.

    Attributes:
        start: When the job was first seen, in seconds of the caller's clock; ``None`` before.
        steps: At most `MOST_STEPS`, the oldest first; of more, those that change a drawing least are dropped.
        retries: How often the job was seen to be retried (status RETRY).
    """

    def __init__(self) -> None:
        self.start: float | None = None
        self.steps: list[Step] = []
        self.retries = 0
        self._status = ""
        self._status_since = 0.0
        self._seen_at = self._looked_at = self._reported_at = 0.0
        self._progress: float | None = None
        self._moved_at = 0.0
        self._gaps = 0
        self._longest_gap = 0.0

    def see(self, now: float, report: Report) -> bool:
        """Record a report.

        Args:
            now: The time.
            report: The report.

        Returns:
            Whether the history is to be sent to the page: at once after a change of kind, and now and then after
            progress, since the page gets the present progress anyway.
        """
        state = report.state
        if state is None:
            return False
        if self.start is None:
            # A state from before the watching may be old, so the history begins with the first answer.
            if report.health not in _SEEING:
                return False
            self.start = self._seen_at = self._moved_at = self._status_since = now
        # The clock may be set back, but time in the history never goes back.
        now = max(now, self._seen_at)
        status = str(state.status)
        looked_at = self._looked_at
        if report.answered or report.health is Health.OVER or not self.steps:
            self._looked_at = now
            self._follow_status(now, status)
            self._follow_progress(now, state.progress)
        kind = _kind(report, status)
        if report.health is Health.STARTING and self.steps:
            kind = self.steps[-1].kind
        last = self.steps[-1] if self.steps else None
        if last is not None and last.kind not in (_UNWATCHED, _END) and now - self._seen_at > _GAP:
            self._add(self._seen_at, last.progress, _UNWATCHED)
        progress = 100.0 if status == JobStatus.SUCCESS else state.progress
        self._extend(now, progress, kind, looked_at)
        self._seen_at = now
        if self.steps[-1] is last:
            return False
        pause = max(_SHORTEST_REPORT_PAUSE, _REPORT_SHARE * (now - self.start))
        if last is not None and last.kind == kind and now - self._reported_at < pause:
            return False
        self._reported_at = now
        return True

    def as_dict(self) -> dict[str, Any]:
        """The history as JSON: ``start`` in seconds, ``steps`` as lists ``[at, progress, kind]``; empty at first."""
        if self.start is None:
            return {}
        steps = [[round(step.at, 1), step.progress, step.kind] for step in self.steps]
        return {"start": round(self.start, 1), "steps": steps}

    def times(self, now: float) -> dict[str, Any]:
        """The times from which a page counts on by itself.

        Args:
            now: The time.

        Returns:
            ``phase``: seconds since the job was first seen with its present status; ``still``: seconds since its
            progress was last seen to move; ``stall``: seconds without progress that are unusual for this job, ``None``
            while unknown; ``retries``: how often it was seen to be retried.
        """
        if self.start is None:
            return {"phase": 0.0, "still": 0.0, "stall": None, "retries": 0}
        return {
            "phase": round(max(0.0, now - self._status_since), 1),
            "still": round(max(0.0, now - self._moved_at), 1),
            "stall": self._stall(),
            "retries": self.retries,
        }

    # ---- internals

    def _follow_status(self, now: float, status: str) -> None:
        if status == self._status:
            return
        if status == JobStatus.RETRY:
            self.retries += 1
        self._status, self._status_since = status, now
        self._begin_attempt(now)

    def _begin_attempt(self, now: float) -> None:
        self._gaps, self._longest_gap, self._moved_at, self._progress = 0, 0.0, now, None

    def _follow_progress(self, now: float, progress: float | None) -> None:
        before = self._progress
        if progress is None or progress == before:
            return
        if before is not None and progress < before:
            self._begin_attempt(now)
        elif before is not None:
            self._gaps += 1
            self._longest_gap = max(self._longest_gap, now - self._moved_at)
        self._progress, self._moved_at = progress, now

    def _extend(self, now: float, progress: float | None, kind: str, looked_at: float) -> None:
        last = self.steps[-1] if self.steps else None
        if last is None:
            self._add(now, progress, kind)
        elif (last.kind, last.progress) != (kind, progress):
            if progress != last.progress and looked_at - (self.start or 0.0) > last.at:
                # Progress was unchanged at the last look, so the line rises only after that.
                self._add(looked_at, last.progress, last.kind)
            self._add(now, progress, kind)

    def _stall(self) -> float | None:
        """Several times the longest pause between two moves in this attempt, and at least `_LEAST_STALL` seconds."""
        known = self._status == JobStatus.STARTED and self._gaps >= _FEWEST_GAPS
        return round(max(_LEAST_STALL, _PATIENCE * self._longest_gap), 1) if known else None

    def _add(self, now: float, progress: float | None, kind: str) -> None:
        self.steps.append(Step(now - (self.start or 0.0), progress, kind))
        if len(self.steps) > MOST_STEPS:
            del self.steps[_least_needed(self.steps)]


def _kind(report: Report, status: str) -> str:
    if report.health is Health.OVER:
        return _END
    if report.health.ended:
        return _UNWATCHED
    if report.health is Health.RETRYING:
        return _OUTAGE
    return _KINDS.get(status, _OTHER)  # type: ignore[call-overload, no-any-return]


def _least_needed(steps: list[Step]) -> int:
    """The index of the step that changes a drawing least: the smallest triangle with its neighbours, no change of kind.

    Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", 1993.
    """
    inner = range(1, len(steps) - 1)
    plain = [index for index in inner if steps[index].kind == steps[index - 1].kind]
    if plain:
        return min(plain, key=lambda index: _triangle(*steps[index - 1 : index + 2]))
    return min(inner, key=lambda index: steps[index + 1].at - steps[index].at)


def _triangle(first: Step, second: Step, third: Step) -> float:
    if first.progress is None or second.progress is None or third.progress is None:
        return 0.0
    across = (second.at - first.at) * (third.progress - first.progress)
    up = (third.at - first.at) * (second.progress - first.progress)
    return abs(across - up) / 2

"""The summary of all jobs of a board: counts, progress, health, and the time left.

Pure. It is updated row by row, so that a change costs as much with ten thousand rows as with ten.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fiddler_widgets.board.rows import COMPLETE
from fiddler_widgets.messages import safe_text, sentence
from fiddler_widgets.models import Health
from fiddler_widgets.rendering.badges import HEALTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["SUMMED", "Summary", "time_left"]

_THOUSANDTHS = 1000
_DETAIL = 300
SUMMED: Final = ("status", "health", "progress", "final", "low", "high")
"""The columns of a row that the summary reads."""

_WITHOUT_NOTICE = (Health.STARTING, Health.LIVE, Health.OVER)


class Summary:
    """Counts over the rows of one board."""

    def __init__(self) -> None:
        self._statuses: Counter[str] = Counter()
        self._healths: Counter[str] = Counter()
        self._progress = self._unknown = 0
        self.total = 0
        """How many jobs there are."""
        self.done = 0
        """How many of them are over."""

    def add(self, values: Mapping[str, Any], sign: int = 1) -> None:
        """Count a row, or with ``sign=-1`` remove it from the counts; reads the columns `SUMMED`."""
        self._statuses[values["status"]] += sign
        # In whole thousandths, so that subtracting a row leaves no rounding error.
        self._progress += sign * round(_THOUSANDTHS * (COMPLETE if values["final"] else values["progress"] or 0))
        self.total += sign
        if values["final"]:
            self.done += sign
        else:
            self._healths[values["health"]] += sign
            self._unknown += sign * (values["low"] is None or values["high"] is None)

    @property
    def counts(self) -> dict[str, int]:
        """How many jobs have each status of the platform; the status is empty before the first answer."""
        return {status: count for status, count in self._statuses.items() if count}

    @property
    def progress(self) -> float:
        """The mean progress of all jobs in per cent, with 100 for each job that is over; 0 without jobs."""
        return round(self._progress / _THOUSANDTHS / self.total, 1) if self.total else 0.0

    @property
    def health(self) -> Health:
        """The health of most of the jobs that are not over."""
        unfinished = self.total - self.done
        if not unfinished:
            return Health.OVER if self.total else Health.STARTING
        health, count = max(self._healths.items(), key=lambda item: item[1])
        # One live job shows that the platform answers, unless more than half of the jobs have another health.
        if self._healths[Health.LIVE.value] and (Health(health) in _WITHOUT_NOTICE or 2 * count <= unfinished):
            return Health.LIVE
        return Health(health)

    @property
    def watching(self) -> bool:
        """Whether any job is watched, by the last reports."""
        return any(self._healths[health.value] for health in Health if not health.ended)

    @property
    def knows_time_left(self) -> bool:
        """Whether the time left is known of all jobs that are not over."""
        return not self._unknown and self.total > self.done

    def notice(self, detail: str) -> dict[str, str] | None:
        """The notice about the watching of most of the jobs that are not over.

        Args:
            detail: The detail of the newest report with such a health, as a sentence.

        Returns:
            A notice like that of a card; ``None`` while all is well.
        """
        health = self.health
        if health in _WITHOUT_NOTICE:
            return None
        title, tone, icon = HEALTHS[health]
        text = sentence(safe_text(detail.strip(), _DETAIL)) if detail.strip() else ""
        if health is Health.RETRYING:
            text = f"{text} The board keeps trying.".strip()
        return {"tone": tone, "icon": icon, "head": title, "detail": text}


def time_left(rows: Iterable[tuple[float, float, float]], now: float) -> tuple[float, float] | None:
    """The least and most seconds until all jobs are over, which is when the last of them is.

    Args:
        rows: The columns ``low``, ``high`` and ``seen`` of each job that is not over.
        now: Epoch seconds.

    Returns:
        The range; ``None`` without any job.
    """
    low = high = float("-inf")
    for fewest, most, seen in rows:
        low, high = max(low, fewest + seen), max(high, most + seen)
    return None if high == float("-inf") else (round(max(0.0, low - now), 1), round(max(0.0, high - now), 1))

"""What a board says of all its jobs together: counts, how far they are, how long they may take yet.

Pure; kept up to date row by row, so that ten thousand rows cost no more at each change than ten.
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
"""The columns of a row that are read here."""

_UNTOLD = (Health.STARTING, Health.LIVE, Health.OVER)


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
        """Count a row, or with ``sign=-1`` count it no more; reads `SUMMED`."""
        self._statuses[values["status"]] += sign
        # In whole thousandths, so that what was added is taken out again without a rest.
        self._progress += sign * round(_THOUSANDTHS * (COMPLETE if values["final"] else values["progress"] or 0))
        self.total += sign
        if values["final"]:
            self.done += sign
        else:
            self._healths[values["health"]] += sign
            self._unknown += sign * (values["low"] is None or values["high"] is None)

    @property
    def counts(self) -> dict[str, int]:
        """How many jobs have each status, as the platform names it; an empty one before the first answer."""
        return {status: count for status, count in self._statuses.items() if count}

    @property
    def progress(self) -> float:
        """Per cent over all jobs, 100 for each that is over; 0 without any."""
        return round(self._progress / _THOUSANDTHS / self.total, 1) if self.total else 0.0

    @property
    def health(self) -> Health:
        """How the watching goes: of the jobs that are not over, as most of them have it."""
        unfinished = self.total - self.done
        if not unfinished:
            return Health.OVER if self.total else Health.STARTING
        health, count = max(self._healths.items(), key=lambda item: item[1])
        # One that is live says that the platform answers, unless most of the others say something else.
        if self._healths[Health.LIVE.value] and (Health(health) in _UNTOLD or 2 * count <= unfinished):
            return Health.LIVE
        return Health(health)

    @property
    def watching(self) -> bool:
        """Whether any job is watched, as far as that is reported."""
        return any(self._healths[health.value] for health in Health if not health.ended)

    @property
    def knows_left(self) -> bool:
        """Whether the time left is known of all jobs that are not over."""
        return not self._unknown and self.total > self.done

    def notice(self, detail: str) -> dict[str, str] | None:
        """What to say of the watching where it concerns most of the jobs that are not over.

        Args:
            detail: The newest such report, as a sentence.

        Returns:
            As the notice of a card, ``None`` while all is well.
        """
        health = self.health
        if health in _UNTOLD:
            return None
        word, tone, icon = HEALTHS[health]
        said = sentence(safe_text(detail.strip(), _DETAIL)) if detail.strip() else ""
        if health is Health.RETRYING:
            said = f"{said} The board keeps trying.".strip()
        return {"tone": tone, "icon": icon, "head": word, "detail": said}


def time_left(rows: Iterable[tuple[float, float, float]], now: float) -> tuple[float, float] | None:
    """From what to what many seconds all jobs may take yet: as long as the longest of them.

    Args:
        rows: Of each job that is not over, the columns ``low``, ``high`` and ``seen``.
        now: Epoch seconds.

    Returns:
        The range; ``None`` without any job.
    """
    low = high = float("-inf")
    for fewest, most, seen in rows:
        low, high = max(low, fewest + seen), max(high, most + seen)
    return None if high == float("-inf") else (round(max(0.0, low - now), 1), round(max(0.0, high - now), 1))

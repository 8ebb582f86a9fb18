"""Durations and per cents as text; the page formats them in the same way (``js/src/durations.js``).

The fixtures in ``tests/shared`` have the texts that both sides must give. A leaf.
"""

from __future__ import annotations

__all__ = ["duration", "percent", "setting", "whole_percent"]


def duration(seconds: float) -> str:
    """A duration, cut to whole seconds, in at most two successive units.

    "12 s", "3 min 12 s", "1 h 4 min", "2 d 3 h"; 3,605 s are "1 h".
    """
    remaining = max(0, int(seconds))
    counts = []
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, remaining = divmod(remaining, length)
        counts.append(f"{count} {unit}" if count else "")
    first = next((index for index, part in enumerate(counts) if part), len(counts))
    return " ".join(part for part in counts[first : first + 2] if part) or "0 s"


def setting(seconds: float) -> str:
    """A configured time, such as a timeout: as `duration`, but with a decimal below 10 s, such as "0.5 s"."""
    return f"{seconds:.1f} s" if seconds < 10 and seconds != int(seconds) else duration(seconds)  # noqa: PLR2004


def percent(progress: float) -> str:
    """Per cent, such as "42.5 %", with one decimal unless it is 0; cut and not rounded, so that "100 %" means 100."""
    return f"{int(progress * 10 + 1e-9) / 10:g} %"


def whole_percent(progress: float) -> str:
    """Per cent cut to a whole number, for a log."""
    return f"{int(progress + 1e-9)} %"

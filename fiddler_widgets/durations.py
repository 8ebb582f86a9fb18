"""Durations and per cents in words, as the page says them too (``js/src/durations.js``).

``tests/shared`` holds what both sides have to say. A leaf.
"""

from __future__ import annotations

__all__ = ["duration", "percent", "setting", "whole_percent"]


def duration(seconds: float) -> str:
    """A time that has passed, cut to whole seconds, in at most two units that follow each other.

    "12 s", "3 min 12 s", "1 h 4 min", "2 d 3 h"; 3,605 s are "1 h". The page says the same (``js/src/durations.js``).
    """
    rest = max(0, int(seconds))
    counts = []
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, length)
        counts.append(f"{count} {unit}" if count else "")
    first = next((index for index, words in enumerate(counts) if words), len(counts))
    return " ".join(words for words in counts[first : first + 2] if words) or "0 s"


def setting(seconds: float) -> str:
    """A time that somebody has set, such as a timeout: as `duration`, but with its decimal below 10 s: "0.5 s"."""
    return f"{seconds:.1f} s" if seconds < 10 and seconds != int(seconds) else duration(seconds)  # noqa: PLR2004


def percent(progress: float) -> str:
    """Per cent, as in "42.5 %": one decimal where there is one, cut and not rounded, so that 100 % means 100."""
    return f"{int(progress * 10 + 1e-9) / 10:g} %"


def whole_percent(progress: float) -> str:
    """Per cent for a log line, cut to a whole number: a line for each is enough."""
    return f"{int(progress + 1e-9)} %"

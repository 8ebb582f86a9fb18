"""A clock for tests of what goes by time."""

from __future__ import annotations


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        """Begin anywhere but at 0."""
        self.now = 5000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now

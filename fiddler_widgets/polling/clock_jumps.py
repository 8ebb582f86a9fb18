"""Notice that the machine slept or its clock was set: both move the wall clock against the monotonic one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ClockJumps"]

_JUMP = 2.0
"""Seconds by which the two clocks move apart in a jump; NTP moves them apart by less."""


class ClockJumps:
    """Compares the two clocks whenever it is asked.

    Args:
        monotonic: A clock that stands still while the machine sleeps (on Linux), in seconds.
        wall: The clock that shows the time of day, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float], wall: Callable[[], float]) -> None:
        self._monotonic, self._wall = monotonic, wall
        self.forget()

    def forget(self) -> None:
        """Compare only from now on."""
        self._offset = self._wall() - self._monotonic()

    def noticed(self) -> bool:
        """Whether a clock jumped since the last call."""
        before = self._offset
        self.forget()
        return abs(self._offset - before) > _JUMP

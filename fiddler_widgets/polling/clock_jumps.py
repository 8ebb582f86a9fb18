"""Whether the machine slept, or its clock was set: both move the wall clock against the monotonic one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ClockJumps"]

_JUMP = 2.0
"""Seconds by which the clocks move apart; less happens where a clock is steered by NTP."""


class ClockJumps:
    """Notices them by looking now and then.

    Args:
        monotonic: The clock that stands still while the machine sleeps (on Linux), in seconds.
        wall: The clock that people set, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float], wall: Callable[[], float]) -> None:
        self._monotonic, self._wall = monotonic, wall
        self.forget()

    def forget(self) -> None:
        """What was before now counts for nothing."""
        self._offset = self._wall() - self._monotonic()

    def noticed(self) -> bool:
        """Whether there was one since the last look."""
        before = self._offset
        self.forget()
        return abs(self._offset - before) > _JUMP

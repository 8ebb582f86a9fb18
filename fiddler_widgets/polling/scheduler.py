"""The thread that does what is due, for the poller: when it starts, how long it sleeps, and when it ends."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets.interrupts import Event, start_thread
from fiddler_widgets.polling.clock_jumps import ClockJumps

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Scheduler", "Work"]

_log = logging.getLogger("fiddler_widgets")

_TICK = 1.0
_WATCHFUL_TICK = 0.05
"""Seconds after which the thread looks again while users' code may block other threads."""


class Work(Protocol):
    """What the thread does. It holds the lock while it calls anything but `unlocked_step`."""

    def busy(self) -> bool:
        """Whether there is anything to do, now or later."""
        ...

    def watchful(self) -> bool:
        """Whether the next step should come soon, though nothing is due: users' code may block other threads."""
        ...

    def step(self, now: float, *, jumped: bool) -> float:
        """Begin what is due by now.

        Args:
            now: Monotonic seconds.
            jumped: Whether the machine has slept, or its clock was set, since the last step.

        Returns:
            When the thread is to go on; infinity for not before something changes.
        """
        ...

    def unlocked_step(self, now: float) -> None:
        """Do what must not be done under the lock.

        Args:
            now: That of the `step` before, since when time has passed.
        """
        ...

    def retire(self) -> None:
        """Give up what is needed only while there is something to do."""
        ...


class Scheduler:
    """One thread, which starts when there is work and ends when there has been none for a while.

    Args:
        work: What it does.
        lock: Guards the work. Whoever calls `ensure` or `close` holds it.
        linger: Seconds that the thread stays without work.
        monotonic: The clock, in seconds.
        wall: The clock whose jumps against ``monotonic`` tell that the machine slept or its clock was set, in seconds.

    Attributes:
        closed: Whether it does nothing more.
    """

    def __init__(
        self,
        work: Work,
        lock: threading.RLock,
        linger: float,
        monotonic: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self._work, self._lock, self._linger, self._monotonic = work, lock, linger, monotonic
        self._clock_jumps = ClockJumps(monotonic, wall)
        self._changed = Event()
        self._thread: threading.Thread | None = None
        self._busy_at = monotonic()
        self.closed = False

    def ensure(self) -> None:
        """Start the thread unless it runs."""
        if self._thread is None and not self.closed:
            self._busy_at = self._monotonic()
            self._clock_jumps.forget()
            self._thread = start_thread("fiddler-widgets-scheduler", self._run)

    def wake(self) -> None:
        """Have the thread, if it sleeps, take its next step now."""
        self._changed.set()

    def close(self) -> threading.Thread | None:
        """Do nothing more; returns the thread, which is about to end, unless the caller is that thread itself."""
        self.closed = True
        self._changed.set()
        return None if self._thread is threading.current_thread() else self._thread

    def _run(self) -> None:
        while True:
            with self._lock:
                # Else its start was interrupted, and another one may do the work.
                if self._thread is not threading.current_thread():
                    return
                self._changed.clear()
                now = self._monotonic()
                if self._work.busy():
                    self._busy_at = now
                if self.closed or now - self._busy_at >= self._linger:
                    self._thread = None
                    self._work.retire()
                    return
                try:
                    next_at = self._work.step(now, jumped=self._clock_jumps.noticed())
                except Exception:  # noqa: BLE001 (all watches depend on this thread)
                    _log.exception("an error that should not happen; please report it")
                    next_at = now + _TICK
                longest = _WATCHFUL_TICK if self._work.watchful() else _TICK
            self._changed.wait(max(0.0, min(longest, next_at - self._monotonic())))
            self._work.unlocked_step(now)

"""What may be used in the main thread, where Ctrl-C may come between any two steps of Python code.

The events and conditions of `threading` take their lock in a function written in Python. An interrupt that comes when
the lock has been taken and that function has not yet returned leaves the lock taken for ever, and with it every thread
that needs it. A plain lock in a ``with`` statement has no such moment.
"""

from __future__ import annotations

import contextlib
import threading
import time

__all__ = ["Event"]

_SLICE = 1.0
"""Seconds after which a waiting thread looks for itself: an interrupt may end `Event.set` before it has woken all."""


class Event:
    """A flag that threads wait for, as `threading.Event`, without a lock that an interrupt could leave taken."""

    def __init__(self) -> None:
        self._flag = False
        self._waiting: list[threading.Lock] = []

    def is_set(self) -> bool:
        """Whether the flag is set."""
        return self._flag

    def set(self) -> None:
        """Set the flag, and wake the threads that wait for it."""
        self._flag = True
        for lock in list(self._waiting):
            # It is free already if another thread has set the flag, too.
            with contextlib.suppress(RuntimeError):
                lock.release()

    def clear(self) -> None:
        """Reset the flag."""
        self._flag = False

    def wait(self, timeout: float) -> bool:
        """Wait until the flag is set.

        Args:
            timeout: Seconds after which to give up.

        Returns:
            Whether it was set, though another thread may have reset it since.
        """
        until = time.monotonic() + timeout
        lock = threading.Lock()
        lock.acquire()
        try:
            # The order matters: `set` sets the flag before it looks who waits.
            self._waiting.append(lock)
            while not self._flag:
                remaining = until - time.monotonic()
                if remaining <= 0:
                    return False
                if lock.acquire(timeout=min(remaining, _SLICE)):
                    break
            return True
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(lock)

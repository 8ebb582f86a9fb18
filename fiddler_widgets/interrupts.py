"""What may be used in the main thread, where Ctrl-C may come between any two steps of Python code.

The events and conditions of `threading` take their lock in a function written in Python. An interrupt that comes when
the lock has been taken and that function has not yet returned leaves the lock taken for ever, and with it every thread
that needs it. A plain lock in a ``with`` statement has no such moment.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Event", "Queue", "start_thread"]

_Item = TypeVar("_Item")

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


class Queue(Generic[_Item]):
    """A queue from any threads to one, as `queue.SimpleQueue`, whose ``get`` can wait for ever on Python 3.10.

    There, a timeout that is used up when the queue turns out to be empty becomes a negative one, and so none.
    """

    def __init__(self) -> None:
        self._items: deque[_Item] = deque()
        self._filled = Event()

    def put(self, item: _Item) -> None:
        """Add an item."""
        self._items.append(item)
        self._filled.set()

    def get(self, timeout: float = 0.0) -> _Item:
        """Remove and return the oldest item.

        Args:
            timeout: Seconds to wait for one.

        Raises:
            queue.Empty: None has come.
        """
        until = time.monotonic() + timeout
        while not self._items:
            # The order matters: an item that comes now sets the flag again.
            self._filled.clear()
            if not self._items and not self._filled.wait(max(0.0, until - time.monotonic())):
                break
        try:
            return self._items.popleft()
        except IndexError:
            raise queue.Empty from None

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._items)


def start_thread(name: str, run: Callable[[], object]) -> threading.Thread:
    """Start a daemon thread in a copy of the caller's context: on ipykernel 7.0 one without a context cannot even log.

    A thread whose start an interrupt cuts short may run or never run. So the caller counts it when it has it, not
    before, and one that has to be the only one begins by checking that it was counted.

    Args:
        name: The thread's name.
        run: What it runs.

    Raises:
        RuntimeError: There are too many threads, or the interpreter is exiting.
    """
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), name=name, daemon=True)
    thread.start()
    return thread

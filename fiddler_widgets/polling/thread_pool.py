"""Daemon threads in bounded number, for the requests and callbacks of this process."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ThreadPool"]

_log = logging.getLogger("fiddler_widgets")


class ThreadPool:
    """A few daemon threads, which start when there is work and end when there has been none for a while.

    `relieve` starts more of them when users' code blocks the existing ones. Each thread runs in the context of the
    thread that started it: on ipykernel 7.0 a thread without a context cannot even log.

    The executors of `concurrent.futures` would keep the interpreter from exiting until the slowest server has answered.

    Args:
        size: The usual number of threads; only `relieve` starts more.
        name: The name of the threads.
        linger: Seconds that an idle thread stays.
    """

    def __init__(self, size: int, name: str, linger: float = 5.0) -> None:
        self._size, self._name, self._linger = size, name, linger
        self._changed = threading.Condition(threading.Lock())
        self._tasks: deque[tuple[float, Callable[[], None]]] = deque()
        self._threads: set[threading.Thread] = set()
        self._idle = 0
        self._closed = False

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task soon; its exceptions are logged."""
        with self._changed:
            if self._closed:
                return
            self._tasks.append((time.monotonic(), task))
            if self._idle >= len(self._tasks):
                self._changed.notify()
            elif len(self._threads) < self._size:
                self._start_thread()

    @property
    def waiting(self) -> bool:
        """Whether tasks wait for a thread."""
        return bool(self._tasks)

    @property
    def extra(self) -> int:
        """How many threads there are beyond the usual number."""
        return max(0, len(self._threads) - self._size)

    def relieve(self, patience: float, limit: int) -> None:
        """Start more threads if the oldest waiting task has waited too long.

        Args:
            patience: Seconds that a task may wait.
            limit: How many threads may be started.
        """
        if not self._tasks:
            return
        with self._changed:
            if self._closed or not self._tasks or time.monotonic() - self._tasks[0][0] < patience:
                return
            for _ in range(min(len(self._tasks) - self._idle, limit)):
                self._start_thread()

    def _start_thread(self) -> None:
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._run,), name=self._name, daemon=True)
        self._threads.add(thread)
        thread.start()

    def close(self, patience: float) -> None:
        """Take no more tasks, and wait up to ``patience`` seconds for the threads to end."""
        with self._changed:
            self._closed = True
            self._tasks.clear()
            self._changed.notify_all()
            threads = list(self._threads)
        until = time.monotonic() + patience
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            except Exception:  # noqa: BLE001 (a thread of the pool outlives its tasks)
                _log.exception("an error that should not happen; please report it")
            # Otherwise the finished task, and all that it refers to, would stay in memory until the next one comes.
            del task

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            self._idle += 1
            try:
                self._changed.wait_for(lambda: self._tasks or self._closed, timeout=self._linger)
            finally:
                self._idle -= 1
            if self._tasks and not self._closed:
                return self._tasks.popleft()[1]
            self._threads.discard(threading.current_thread())
            return None

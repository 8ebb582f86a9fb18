"""Daemon threads in bounded number, for the requests and callbacks of this process."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from fiddler_widgets.interrupts import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ThreadPool"]

_log = logging.getLogger("fiddler_widgets")

_SHARE = 0.2
"""How much a shorter task counts in the time that tasks are taken to need."""


class ThreadPool:
    """A few daemon threads, which start when there is work and end when there has been none for a while.

    `relieve` starts more of them when users' code blocks the existing ones. Each thread runs in the context of the
    thread that started it: on ipykernel 7.0 a thread without a context cannot even log.

    The executors of `concurrent.futures` would keep the interpreter from exiting until the slowest server has answered.

    To wake a thread costs as much as a short task. So where tasks may wait a little, no more threads are woken than are
    needed for that, as far as the time that recent tasks took can tell.

    Args:
        size: The usual number of threads; only `relieve` starts more.
        name: The name of the threads.
        linger: Seconds that an idle thread stays.
        wait: Seconds that a task may wait for a thread that is awake; with 0, a thread is woken for each task.
    """

    def __init__(self, size: int, name: str, linger: float = 5.0, wait: float = 0.0) -> None:
        self._size, self._name, self._linger, self._wait = size, name, linger, wait
        self._lock = threading.Lock()
        self._tasks: deque[tuple[float, Callable[[], None]]] = deque()
        self._threads: set[threading.Thread] = set()
        # The lock that each sleeping thread waits for, the newest sleeper's at the end; those of threads that wake up.
        self._sleeping: list[threading.Lock] = []
        self._waking: set[threading.Lock] = set()
        self._task_duration = math.inf
        self._closed = False

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task soon; its exceptions are logged."""
        with self._lock:
            if self._closed:
                return
            self._tasks.append((time.monotonic(), task))
            if not self._waking or not self._few_suffice():
                self._wake()

    @property
    def waiting(self) -> bool:
        """Whether tasks wait for a thread."""
        return bool(self._tasks)

    @property
    def extra(self) -> int:
        """How many threads there are beyond the usual number."""
        return max(0, len(self._threads) - self._size)

    def relieve(self, patience: float, limit: int) -> None:
        """Wake or start more threads if the oldest waiting task has waited too long.

        Args:
            patience: Seconds that a task may wait.
            limit: How many threads may be started.
        """
        if not self._tasks:
            return
        with self._lock:
            if self._closed or not self._tasks or time.monotonic() - self._tasks[0][0] < patience:
                return
            sleeping = min(len(self._tasks), len(self._sleeping))
            for _ in range(sleeping):
                self._wake_newest()
            for _ in range(min(len(self._tasks) - sleeping, limit)):
                self._start_thread()

    def close(self, patience: float) -> None:
        """Take no more tasks, and wait up to ``patience`` seconds for the threads to end."""
        with self._lock:
            self._closed = True
            self._tasks.clear()
            while self._sleeping:
                self._wake_newest()
            threads = list(self._threads)
        until = time.monotonic() + patience
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    # ---- under the lock

    def _few_suffice(self) -> bool:
        """Whether one thread will probably have taken all waiting tasks soon enough."""
        return len(self._tasks) * self._task_duration <= self._wait

    def _wake(self) -> None:
        """Have one more thread take tasks, if there may be another."""
        if self._sleeping:
            self._wake_newest()
        elif len(self._threads) < self._size:
            self._start_thread()

    def _wake_newest(self) -> None:
        """Wake the thread that fell asleep last, whose memory is most likely in the processor's cache."""
        signal = self._sleeping[-1]
        self._waking.add(signal)
        # An interrupt may come between any two steps. Whichever are done, the thread wakes now or at the next call.
        if signal.locked():
            signal.release()
        self._sleeping.remove(signal)

    def _start_thread(self) -> None:
        self._threads.add(start_thread(self._name, self._run))

    # ---- a thread of the pool

    def _run(self) -> None:
        while (task := self._next()) is not None:
            began = time.monotonic()
            try:
                task()
            except Exception:  # noqa: BLE001 (a thread of the pool outlives its tasks)
                _log.exception("an error that should not happen; please report it")
            took, before = time.monotonic() - began, self._task_duration
            # One that took longer counts at once, shorter ones by and by.
            self._task_duration = took if before == math.inf else max(took, before + _SHARE * (took - before))
            # Otherwise the finished task, and all that it refers to, would stay in memory until the next one comes.
            del task

    def _next(self) -> Callable[[], None] | None:
        """The next task; ``None`` once the thread is to end."""
        slept_in_vain = False
        while True:
            with self._lock:
                if self._tasks:
                    task = self._tasks.popleft()[1]
                    if self._tasks and not self._waking and not self._few_suffice():
                        self._wake()
                    return task
                if slept_in_vain or self._closed:
                    self._threads.discard(threading.current_thread())
                    return None
                signal = threading.Lock()
                signal.acquire()
                self._sleeping.append(signal)
            signal.acquire(timeout=self._linger)
            with self._lock:
                slept_in_vain = signal not in self._waking
                self._waking.discard(signal)
                if signal in self._sleeping:
                    self._sleeping.remove(signal)

"""The journal's thread, the only one that uses the disk: it works through a bounded queue.

The thread starts with the first task and ends when there has been none for a moment. It blocks neither a cell nor the
exit of the interpreter: if the disk hangs, only this thread hangs, and its queue is bounded.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets.interrupts import Event, Queue, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Writer"]

_log = logging.getLogger("fiddler_widgets")

LONGEST_QUEUE = 1000
"""The most tasks that wait; further ones are dropped."""

_BATCH = 200
_GATHERING = 0.02
"""Seconds for which tasks are gathered, so that a loop that watches many jobs is not slowed down by this thread."""
_SLICE = 0.2
"""Seconds that a caller waits at a time, so that Ctrl-C works on systems where waiting cannot be interrupted."""


class Writer:
    """A thread with a bounded queue.

    Args:
        write: Writes a list of items passed to `put`. If it raises, all writing ends, and the log says so once.
        linger: Seconds that the idle thread stays.
    """

    def __init__(self, write: Callable[[list[Any]], None], linger: float = 2.0) -> None:
        self._write, self._linger = write, linger
        self._queue: Queue[Any] = Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._last_thread: threading.Thread | None = None
        self._closing = False
        self._hurry = Event()
        self.off: Exception | None = None
        """The exception that has ended all writing; ``None`` while writing works."""

    def put(self, item: Any) -> bool:
        """Have an item written; returns whether there was room for it."""
        return self.off is None and self._put(item)

    def call(self, action: Callable[[], object]) -> bool:
        """Have an action run; returns whether there was room for it. Its exceptions are ignored."""
        return self._put(_Call(action))

    def ask(self, action: Callable[[], Any], patience: float) -> Any:
        """Have an action run after all that came before it, and wait for its result.

        Args:
            action: The action.
            patience: Seconds after which to give up.

        Raises:
            TimeoutError: The action took longer, or there was no room.
            Exception: What the action raises.
        """
        call = _Call(action)
        until = time.monotonic() + patience
        self._hurry.set()
        if self._put(call):
            while not call.done.wait(max(0.0, min(_SLICE, until - time.monotonic()))):
                if time.monotonic() >= until:
                    break
        if not call.done.is_set():
            call.dropped = True
            msg = f"the disk with the journal does not answer ({patience:g} s)"
            raise TimeoutError(msg)
        if call.error is not None:
            raise call.error
        return call.result

    def close(self, patience: float) -> None:
        """Finish the waiting tasks, within ``patience`` seconds, and end the thread."""
        until = time.monotonic() + patience
        self._closing = True
        self._hurry.set()
        while (thread := self._current_thread()) is not None:
            # If the queue is full, the disk hangs, and waiting is useless. If the thread ends by itself just now, the
            # new task starts another one.
            if time.monotonic() >= until or not self._put(_Call(lambda: None)):
                break
            thread.join(max(0.0, until - time.monotonic()))
        else:
            # The last one has said that it ends, and may not have ended yet.
            if self._last_thread is not None:
                self._last_thread.join(max(0.0, until - time.monotonic()))
        self._closing = False

    # ---- internals

    def _current_thread(self) -> threading.Thread | None:
        with self._lock:
            return self._thread

    def _put(self, item: Any) -> bool:
        # Several threads may find the last place free at the same time, so the bound is approximate.
        if len(self._queue) >= LONGEST_QUEUE:
            return False
        self._queue.put(item)
        # The thread may be about to end; it checks the queue once more after `_thread` is `None`.
        return self._thread is not None or self._start()

    def _start(self) -> bool:
        with self._lock:
            if self._thread is None:
                try:
                    self._thread = self._last_thread = start_thread("fiddler-widgets-journal", self._run)
                except RuntimeError:
                    # There are too many threads, or the interpreter is exiting; the next task tries again.
                    return False
        return True

    def _run(self) -> None:
        with self._lock:
            if self._thread is not threading.current_thread():
                return
        while True:
            try:
                batch = [self._queue.get(timeout=0 if self._closing else self._linger)]
            except queue.Empty:
                with self._lock:
                    # The order matters: `_put` looks for a thread after it has put an item into the queue.
                    thread, self._thread = self._thread, None
                    if not self._queue:
                        return
                    self._thread = thread
                continue
            if len(self._queue) < _BATCH:
                self._hurry.wait(_GATHERING)
            while len(batch) < _BATCH and self._queue:
                batch.append(self._queue.get())
            self._do(batch)
            if not self._queue and not self._closing:
                self._hurry.clear()

    def _do(self, batch: list[Any]) -> None:
        items: list[Any] = []
        for item in [*batch, None]:
            if item is not None and not isinstance(item, _Call):
                items.append(item)
                continue
            if items and self.off is None:
                self._write_down(items)
            items = []
            if item is not None:
                item.run()

    def _write_down(self, items: list[Any]) -> None:
        try:
            self._write(items)
        except OSError as error:
            self.off = error
            _log.warning("the journal of jobs is off in this process: %s (all else goes on)", _description(error))
        except Exception as error:  # noqa: BLE001 (a defect must not end the thread)
            self.off = error
            _log.exception("the journal of jobs is off in this process, by a defect of it (all else goes on)")


class _Call:
    """An action, and its result."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self._action = action
        self.done = Event()
        self.dropped = False
        self.result: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Run the action, unless its caller has given up."""
        if self.dropped:
            return
        try:
            self.result = self._action()
        except Exception as error:  # noqa: BLE001 (the caller of `ask` raises it)
            self.error = error
        self.done.set()


def _description(error: OSError) -> str:
    file_name = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or type(error).__name__}{file_name}"

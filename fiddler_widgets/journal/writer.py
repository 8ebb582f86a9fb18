"""The one thread that touches the disk: what it is given it does in turn, and nobody has to wait for it.

It starts with the first thing to do, ends when there is nothing for a moment, and holds up neither a cell nor the end
of the interpreter: a disk that hangs has this thread hang, and the queue before it is bounded.
"""

from __future__ import annotations

import contextvars
import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Writer"]

_log = logging.getLogger("fiddler_widgets")

LONGEST_QUEUE = 1000
"""Things to do that wait at most; what comes then is not done."""

_BATCH = 200
_GATHERING = 0.02
"""Seconds for which what comes is gathered, so that a loop that watches many jobs has the processor for itself."""
_SLICE = 0.2
"""Seconds that a caller waits at a time, so that Ctrl-C is noticed where a lock cannot be interrupted."""


class Writer:
    """A thread with a bounded queue.

    Args:
        write: Writes down some of what `put` was given. Whatever it raises ends all writing, with one line in the log.
        linger: Seconds that the thread stays without anything to do.
    """

    def __init__(self, write: Callable[[list[Any]], None], linger: float = 2.0) -> None:
        self._write, self._linger = write, linger
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._hurry = threading.Event()
        self.off: Exception | None = None
        """What has ended all writing."""

    def put(self, item: Any) -> bool:
        """Have something written down; returns whether there was room for it."""
        return self.off is None and self._put(item)

    def call(self, action: Callable[[], object]) -> bool:
        """Have something done; returns whether there was room for it. What it raises nobody hears of."""
        return self._put(_Call(action))

    def ask(self, action: Callable[[], Any], patience: float) -> Any:
        """Have something done after all that came before, and wait for what it returns.

        Args:
            action: What to do.
            patience: Seconds after which to give up.

        Raises:
            TimeoutError: It took longer, or there was no room.
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
        """Do what is left to do, at most for so many seconds, and end the thread."""
        with self._lock:
            thread, self._closing = self._thread, True
        self._hurry.set()
        # Where the queue is full the disk hangs, and there is nothing to wait for.
        if thread is not None and self._put(_Call(lambda: None)):
            thread.join(patience)
        self._closing = False

    # ---- its own business

    def _put(self, item: Any) -> bool:
        # Of several threads at once each may find the last place free: the bound is a rough one.
        if self._queue.qsize() >= LONGEST_QUEUE:
            return False
        self._queue.put(item)
        # Nearly always there is one; whether it is about to end is asked under the lock.
        return self._thread is not None or self._start()

    def _start(self) -> bool:
        with self._lock:
            if self._thread is None:
                # In this context: on ipykernel 7.0 a thread without one cannot even log.
                run = contextvars.copy_context().run
                self._thread = threading.Thread(
                    target=run, args=(self._run,), name="fiddler-widgets-journal", daemon=True
                )
                try:
                    self._thread.start()
                except RuntimeError:
                    # There are too many, or the interpreter is ending; perhaps there is one for the next.
                    self._thread = None
                    return False
        return True

    def _run(self) -> None:
        while True:
            try:
                batch = [self._queue.get(timeout=0 if self._closing else self._linger)]
            except queue.Empty:
                with self._lock:
                    # In this order: whoever puts something in looks for a thread after that.
                    thread, self._thread = self._thread, None
                    if self._queue.empty():
                        return
                    self._thread = thread
                continue
            if self._queue.qsize() < _BATCH:
                self._hurry.wait(_GATHERING)
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            self._do(batch)
            if self._queue.empty() and not self._closing:
                self._hurry.clear()

    def _do(self, batch: list[Any]) -> None:
        items: list[Any] = []
        for one in [*batch, None]:
            if one is not None and not isinstance(one, _Call):
                items.append(one)
                continue
            if items and self.off is None:
                self._write_down(items)
            items = []
            if one is not None:
                one.run()

    def _write_down(self, items: list[Any]) -> None:
        try:
            self._write(items)
        except OSError as error:
            self.off = error
            _log.warning("the journal of jobs is off in this process: %s (all else goes on)", _words(error))
        except Exception as error:  # noqa: BLE001 (a defect in it ends no thread)
            self.off = error
            _log.exception("the journal of jobs is off in this process, by a defect of it (all else goes on)")


class _Call:
    """Something to do, and what came of it."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self._action = action
        self.done = threading.Event()
        self.dropped = False
        self.result: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Do it, unless nobody waits for it any more."""
        if self.dropped:
            return
        try:
            self.result = self._action()
        except Exception as error:  # noqa: BLE001 (it is for whoever asked)
            self.error = error
        self.done.set()


def _words(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or type(error).__name__}{where}"

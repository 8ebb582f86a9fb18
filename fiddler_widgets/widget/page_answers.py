"""What pages say of our widgets, heard as it reaches the kernel: also while a cell blocks the thread that handles it.

A kernel handles messages one after the other, so a page's answer to a cell that waits is handled when the cell is done.
That it has come can be known before.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from typing import TYPE_CHECKING, Any

from fiddler_widgets import compat

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from fiddler_widgets.widget.frontend_check import FrontendCheck

__all__ = ["PageAnswers", "page_answers"]

_SOON = 0.25
"""Seconds in which a kernel whose loop turns handles what has reached it."""


class PageAnswers:
    """The answers to one kernel.

    Attributes:
        met: Whether any page has ever answered for any widget.
        nobody: Whether this kernel is known to have no page that can draw widgets.
    """

    def __init__(self) -> None:
        self.met = self.nobody = False
        self._checks: weakref.WeakValueDictionary[str, FrontendCheck] = weakref.WeakValueDictionary()
        self._kernel: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._after_channel: Callable[[Callable[[], None]], None] | None = None
        self._queue: compat.ShellQueue | None = None
        self._pending: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def follow(self, comm: Any, check: FrontendCheck, shell: Any) -> None:
        """Tell a check of what pages say of the widget with that comm."""
        id_ = getattr(comm, "comm_id", None)
        if isinstance(id_, str):
            self._checks[id_] = check
            self._begin(getattr(shell, "kernel", None))
            # By whatever way it comes.
            if hasattr(comm, "on_close"):
                comm.on_close(lambda _: self._hear(id_, closed=True))

    def when_heard(self, then: Callable[[], None]) -> None:
        """Call back when all was heard that has reached the kernel: soon, or once nothing blocks it any more."""
        if self._after_channel is not None:
            self._after_channel(then)
            return
        with self._lock:
            self._pending.append(then)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._turn)

    def look(self) -> None:
        """In a wait: hear what is there for when the cell is done, where this is the thread that would handle it."""
        if self._queue is not None and threading.current_thread() is threading.main_thread():
            self._queue.look()
            self._call_back()

    def _turn(self) -> None:
        """The kernel's loop turns; what came before this is handled soon, or stands in the queue."""
        if self._queue is not None:
            self.look()
        elif self._loop is not None:
            self._loop.call_later(_SOON, self._call_back)

    def _call_back(self) -> None:
        with self._lock:
            pending, self._pending = self._pending, []
        for then in pending:
            then()

    def _begin(self, kernel: Any) -> None:
        if kernel is None or kernel is self._kernel:
            return
        self._kernel = kernel
        self._loop = compat.kernel_loop(kernel)
        # A kernel that is made otherwise is heard when it is idle.
        with contextlib.suppress(Exception):
            self._after_channel = compat.hear_shell_channel(kernel, self._hear)
            if self._after_channel is None:
                self._queue = compat.ShellQueue.of(kernel, self._hear)

    def _hear(self, comm_id: str, closed: bool) -> None:  # noqa: FBT001
        check = self._checks.get(comm_id)
        if check is not None:
            check.refused() if closed else check.answered()


page_answers = PageAnswers()
"""Those to this process's kernel."""

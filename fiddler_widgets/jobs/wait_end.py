"""The end of a wait: any thread may say that it has come, and a thread or a coroutine waits for it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fiddler_widgets.interrupts import Event

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WaitEnd"]


class WaitEnd:
    """Wakes one thread, or one coroutine, from any thread.

    A future of `concurrent.futures` could be left locked by an interrupt, and would then block the thread that sets it.
    """

    def __init__(self) -> None:
        self._event = Event()
        self._wake: Callable[[], None] | None = None

    @property
    def has_come(self) -> bool:
        """Whether it has come."""
        return self._event.is_set()

    def come(self) -> None:
        """Say that it has come."""
        self._event.set()
        if self._wake is not None:
            self._wake()

    def wait(self, seconds: float) -> bool:
        """Whether it comes within so many seconds; returns as soon as it does."""
        return self._event.wait(seconds)

    async def wait_async(self, seconds: float) -> bool:
        """As `wait`, for a coroutine."""
        import asyncio  # noqa: PLC0415 (a caller that awaits has imported it; the others need not load it)

        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def set_result() -> None:
            if not future.done():
                future.set_result(None)

        def wake() -> None:
            # The loop may be closed by now.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(set_result)

        # The order matters: `come` sets its flag before it looks whom to wake.
        self._wake = wake
        if not self.has_come:
            await asyncio.wait({future}, timeout=seconds)
        return self.has_come

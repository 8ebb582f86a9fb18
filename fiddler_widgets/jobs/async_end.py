"""The end of a wait, for a coroutine that awaits it: any thread may say that it has come."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AsyncEnd"]


class AsyncEnd:
    """Wakes one coroutine from any thread.

    A future of `concurrent.futures` could be left locked by an interrupt, and would then block the thread that sets it.
    """

    def __init__(self) -> None:
        self._has_come = False
        self._wake: Callable[[], None] | None = None

    def come(self) -> None:
        """Say that the end has come."""
        self._has_come = True
        if self._wake is not None:
            self._wake()

    async def within(self, seconds: float) -> bool:
        """Whether the end comes within so many seconds; returns as soon as it does."""
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
        if not self._has_come:
            await asyncio.wait({future}, timeout=seconds)
        return self._has_come

"""A queue that hands items to one receiver, one after the other, from any thread.

No callback runs while a lock of this package is held, so no callback can deadlock with it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from fiddler_widgets.interrupts import Event

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Mailbox"]

_log = logging.getLogger("fiddler_widgets")
_MOMENT = 0.002

_Item_contra = TypeVar("_Item_contra", contravariant=True)


class Mailbox(Generic[_Item_contra]):
    """Hands items from any thread to one receiver, in order and one at a time.

    A thread that posts delivers the item itself, unless another thread is delivering: then that one takes the new item
    too. So no thread ever waits for a receiver that runs in another.

    Args:
        receive: Called with each item; its exceptions are logged.
        prompt: Whether ``receive`` returns quickly: it runs no code of users, and waits for nothing.
    """

    def __init__(self, receive: Callable[[_Item_contra], None], *, prompt: bool = False) -> None:
        self.prompt = prompt
        self._receive = receive
        self._items: deque[_Item_contra] = deque()
        self._closed = False
        self._begin_anew()

    def _begin_anew(self) -> None:
        # Also called in a forked child: if a thread of the parent was delivering, it does not exist in the child.
        self._lock = threading.Lock()
        self._quiet = Event()
        self._quiet.set()
        self._deliverer: int | None = None
        self._process = os.getpid()

    @property
    def closed(self) -> bool:
        """Whether nothing more is delivered."""
        return self._closed

    def put(self, item: _Item_contra) -> None:
        """Add an item without delivering it yet: `deliver` must follow."""
        self._items.append(item)

    def post(self, item: _Item_contra) -> None:
        """Add an item and have it delivered."""
        self.put(item)
        self.deliver()

    def deliver(self) -> None:
        """Deliver the waiting items, unless a thread already does."""
        thread_id = threading.get_ident()
        if self._process != os.getpid():
            self._begin_anew()
        while self._items and self._deliverer != thread_id:
            # An interrupt may come between any two steps, so the `finally` gives up delivering whatever happened.
            try:
                with self._lock:
                    if self._deliverer is not None:
                        return
                    self._deliverer = thread_id
                    self._quiet.clear()
                while self._items and not self._closed:
                    self._receive_one(self._items.popleft())
                if self._closed:
                    self._items.clear()
            finally:
                if self._deliverer == thread_id:
                    self._deliverer = None
                    self._quiet.set()

    def settle(self, patience: float) -> None:
        """Wait up to ``patience`` seconds until all is delivered, unless the calling thread is the one delivering."""
        if self._process != os.getpid():
            self._begin_anew()
        until = time.monotonic() + patience
        while self._deliverer is not None or (self._items and not self._closed):
            remaining = until - time.monotonic()
            if self._deliverer == threading.get_ident() or remaining <= 0 or not self._quiet.wait(remaining):
                return
            if self._items and not self._closed:
                # No thread is delivering yet, but the one that put the item is about to.
                time.sleep(min(remaining, _MOMENT))

    def close(self, patience: float = 0.0) -> None:
        """Deliver nothing more; wait up to ``patience`` seconds for a delivery under way in another thread."""
        self._closed = True
        self.settle(patience)

    def _receive_one(self, item: _Item_contra) -> None:
        try:
            self._receive(item)
        except Exception:  # noqa: BLE001 (the next item must be delivered all the same)
            _log.exception("a callback raised")

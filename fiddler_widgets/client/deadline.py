"""Sockets on which every receive ends by one deadline for the whole request.

The ``timeout`` of requests bounds each receive, so a server that sends a byte a second can keep a caller waiting for
hours. These sockets know the deadline: before each receive, the remaining time becomes the socket's timeout. That
covers headers, chunk sizes and body alike, needs no further thread, and ends in the ordinary read timeout.

It is also recorded whether the request opened a connection and whether anything was received. This tells a request on
an old connection that had died from one that the server cut off.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DeadlineSSLSocket", "DeadlineSocket", "Receiving", "current", "deadline", "time_left"]


class _Request(threading.local):
    """The request that this thread makes.

    Attributes:
        deadline: When it ends, in seconds on the clock of `time.monotonic`; ``None`` without a deadline.
        opened: Whether it has opened a connection of its own, or tried to.
        received: Whether a byte of the answer has come.
        renewing: Whether it may use no connection that was open before.
    """

    deadline: float | None = None
    opened = False
    received = False
    renewing = False


current = _Request()


@contextlib.contextmanager
def deadline(at: float) -> Iterator[None]:
    """Bound everything that this thread receives within the block.

    Args:
        at: The deadline, in seconds on the clock of `time.monotonic`.
    """
    current.deadline, current.opened, current.received, current.renewing = at, False, False, False
    try:
        yield
    finally:
        current.deadline = None


def time_left(timeout: float | None) -> float | None:
    """Seconds that the next step of a request may take: the timeout, or the time to the deadline if that is less."""
    if current.deadline is None:
        return timeout
    remaining = current.deadline - time.monotonic()
    if remaining <= 0:
        msg = "the request took too long in all"
        raise TimeoutError(msg)
    return remaining if timeout is None else min(timeout, remaining)


class Receiving:
    """A mixin for classes of sockets, which bounds their receives."""

    __slots__ = ()

    def recv_into(self: Any, *args: Any, **kwargs: Any) -> int:
        """As the socket's own, but it ends by the deadline."""
        self.settimeout(time_left(self.gettimeout()))
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        current.received = current.received or count > 0
        return count

    def recv(self: Any, *args: Any, **kwargs: Any) -> bytes:
        """As the socket's own, but it ends by the deadline; used for TLS within TLS."""
        self.settimeout(time_left(self.gettimeout()))
        data: bytes = super().recv(*args, **kwargs)  # type: ignore[misc]
        current.received = current.received or bool(data)
        return data


class DeadlineSocket(Receiving, socket.socket):
    """A plain socket that keeps the deadline."""

    __slots__ = ()


class DeadlineSSLSocket(Receiving, ssl.SSLSocket):
    """A TLS socket that keeps the deadline."""

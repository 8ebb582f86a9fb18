"""Sockets on which every receive ends by one deadline for the whole request.

A ``timeout`` of requests bounds each receive, so that a server sending a byte a second can hold a caller for hours.
Here the sockets themselves know the deadline: before each receive, the time left becomes the socket's timeout. That
covers headers, chunk sizes and body alike, needs no further thread, and ends in the ordinary read timeout.

They also know whether anything was received, and whoever opens one says so: what makes a request on a connection that
has died meanwhile different from one that the server cut off.
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
        deadline: When it ends, in seconds on the clock of `time.monotonic`; ``None`` for one without.
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
    """Let everything that this thread receives within the block end by a time.

    Args:
        at: Seconds on the clock of `time.monotonic`.
    """
    current.deadline, current.opened, current.received, current.renewing = at, False, False, False
    try:
        yield
    finally:
        current.deadline = None


def time_left(timeout: float | None) -> float | None:
    """Seconds that the next step of a request may take: the timeout, or what is left of the request if that is less."""
    if current.deadline is None:
        return timeout
    left = current.deadline - time.monotonic()
    if left <= 0:
        msg = "the request took too long in all"
        raise TimeoutError(msg)
    return left if timeout is None else min(timeout, left)


class Receiving:
    """What is mixed into a class of sockets: bounded receives."""

    __slots__ = ()

    def recv_into(self: Any, *args: Any, **kwargs: Any) -> int:
        """As the socket's own, by the deadline."""
        self.settimeout(time_left(self.gettimeout()))
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        current.received = current.received or count > 0
        return count

    def recv(self: Any, *args: Any, **kwargs: Any) -> bytes:
        """As the socket's own, by the deadline; TLS within TLS receives so."""
        self.settimeout(time_left(self.gettimeout()))
        data: bytes = super().recv(*args, **kwargs)  # type: ignore[misc]
        current.received = current.received or bool(data)
        return data


class DeadlineSocket(Receiving, socket.socket):
    """A plain socket that knows the deadline."""

    __slots__ = ()


class DeadlineSSLSocket(Receiving, ssl.SSLSocket):
    """A TLS socket that knows the deadline."""

"""HTTP connections on which every receive ends by one deadline for the whole request.

A ``timeout`` of requests bounds each receive, so that a server sending a byte a second can hold a caller for hours.
Here the sockets themselves know the deadline: before each receive, the time left becomes the socket's timeout. That
covers headers, chunk sizes and body alike, needs no further thread, and ends in the ordinary read timeout.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DeadlineAdapter", "deadline"]

_request = threading.local()


@contextlib.contextmanager
def deadline(at: float) -> Iterator[None]:
    """Let everything that this thread receives within the block end by a time.

    Args:
        at: Seconds on the clock of `time.monotonic`.
    """
    _request.deadline = at
    try:
        yield
    finally:
        del _request.deadline


def _remaining(timeout: float | None) -> float | None:
    """Seconds that the next receive may take: the socket's own timeout, or what is left if that is less."""
    at: float | None = getattr(_request, "deadline", None)
    if at is None:
        return timeout
    left = at - time.monotonic()
    if left <= 0:
        msg = "the request took too long in all"
        raise TimeoutError(msg)
    return left if timeout is None else min(timeout, left)


class _DeadlineSocket(socket.socket):
    __slots__ = ()

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(_remaining(self.gettimeout()))
        return super().recv_into(*args, **kwargs)


class _DeadlineSSLSocket(ssl.SSLSocket):
    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(_remaining(self.gettimeout()))
        return super().recv_into(*args, **kwargs)


class _DeadlineHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class _DeadlineHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)

    def connect(self) -> None:
        super().connect()
        # The class is all that differs. Naming it beforehand takes an SSLContext of our own, and with it all the
        # decisions about certificates that urllib3 and requests make for us.
        if type(self.sock) is ssl.SSLSocket:
            self.sock.__class__ = _DeadlineSSLSocket


def _connected(connection: HTTPConnection, connect: Any) -> socket.socket:
    if isinstance(connection.timeout, (int, float)):
        connection.timeout = _remaining(connection.timeout)
    plain: socket.socket = connect()
    timeout = plain.gettimeout()
    sock = _DeadlineSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
    sock.settimeout(timeout)
    return sock


class _DeadlineHTTPPool(HTTPConnectionPool):
    ConnectionCls = _DeadlineHTTPConnection


class _DeadlineHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _DeadlineHTTPSConnection


_POOLS = {"http": _DeadlineHTTPPool, "https": _DeadlineHTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """requests' own adapter, on connections that know the deadline; safe to share between threads.

    Args:
        connections: How many connections to one server are kept open for reuse.
    """

    def __init__(self, connections: int = 16) -> None:
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def close(self) -> None:
        """Close every idle socket now; forgetting the pools alone would leave that to the garbage collector."""
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 (a container that cannot be iterated)
                pool = manager.pools.get(key)
                if pool is not None:
                    pool.close()
        super().close()

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

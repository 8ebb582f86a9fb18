"""urllib3's pools of connections, direct or through an HTTP or SOCKS proxy, with sockets that keep the deadline."""

from __future__ import annotations

import queue
import socket
import ssl
import sys
from collections import deque
from functools import cache
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from fiddler_widgets import compat
from fiddler_widgets.client.deadline import DeadlineSocket, DeadlineSSLSocket, current, time_left
from fiddler_widgets.client.dialling import dial
from fiddler_widgets.client.network_errors import causes

__all__ = ["POOLS", "socks_pools"]


class _DeadlineHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)


class _SecuredMixin:
    """TLS connections whose sockets keep the deadline."""

    def connect(self: Any) -> None:
        super().connect()  # type: ignore[misc]
        # Only the class of the socket differs. To have it made of this class would take an SSLContext of our own, and
        # with it all decisions about certificates that urllib3 and requests make. TLS within TLS wraps another socket.
        for sock in (self.sock, getattr(self.sock, "socket", None)):
            if type(sock) is ssl.SSLSocket:
                sock.__class__ = DeadlineSSLSocket


class _DeadlineHTTPSConnection(_SecuredMixin, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)


def _opened(connection: HTTPConnection) -> socket.socket:
    """A new socket for a connection; its errors are those of urllib3."""
    try:
        return dial(
            compat.name_to_resolve(connection),
            connection.port,
            _limit(connection),
            source_address=connection.source_address,
            options=connection.socket_options,
        )
    except OSError as error:
        raise _not_opened(connection, error) from error


def _limit(connection: HTTPConnection) -> float | None:
    """Seconds for connecting, the handshake included."""
    current.opened = True
    if isinstance(connection.timeout, (int, float)):
        connection.timeout = time_left(connection.timeout)
    return connection.timeout


def _not_opened(connection: HTTPConnection, error: OSError) -> Exception:
    chain = list(causes(error))
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return NameResolutionError(connection.host, connection, cause)
    if any(isinstance(cause, TimeoutError) for cause in chain):
        return ConnectTimeoutError(connection, "connecting took too long")
    return NewConnectionError(connection, "no connection")


class _IdleConnections:
    """What is used of `queue.LifoQueue`, whose lock an interrupt could leave taken: then no thread could ask any more.

    Args:
        maxsize: About how many connections there is room for: several threads may find the last place free.
    """

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._items: deque[Any] = deque()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002
        """Add a connection; raises `queue.Full` if there is no room, and never waits."""
        del block, timeout
        if len(self._items) >= self._maxsize:
            raise queue.Full
        self._items.append(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002
        """Remove the connection added last; raises `queue.Empty` if there is none, and never waits."""
        del block, timeout
        try:
            return self._items.pop()
        except IndexError:
            raise queue.Empty from None

    def qsize(self) -> int:
        """How many there are."""
        return len(self._items)


class _RenewingMixin:
    """Pools that open a new connection for a request whose first connection was dead."""

    QueueCls: Any = _IdleConnections

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)  # type: ignore[misc]
        if current.renewing:
            # A closed connection connects anew when it is used.
            connection.close()
        return connection


class _UnwarnedMixin(_RenewingMixin):
    """HTTPS pools without urllib3's warning about unchecked certificates, since `init` has warned once already."""

    def _validate_conn(self, connection: Any) -> None:
        # What urllib3 does here but for the warning.
        if connection.is_closed:
            connection.connect()


class _DeadlineHTTPPool(_RenewingMixin, HTTPConnectionPool):
    ConnectionCls = _DeadlineHTTPConnection


class _DeadlineHTTPSPool(_UnwarnedMixin, HTTPSConnectionPool):
    ConnectionCls = _DeadlineHTTPSConnection


POOLS = {"http": _DeadlineHTTPPool, "https": _DeadlineHTTPSPool}
"""The pools for direct connections and for those through an HTTP proxy."""


@cache
def socks_pools() -> dict[str, type[HTTPConnectionPool]]:
    """The pools for connections through a SOCKS proxy; needs PySocks."""
    from urllib3.contrib.socks import SOCKSConnection  # noqa: PLC0415 (it warns where PySocks is not installed)

    socks: Any = sys.modules["socks"]

    class Negotiating(socks.socksocket):  # type: ignore[misc]
        """A socket that keeps the deadline while it negotiates with the proxy, too."""

        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            socket.socket.settimeout(self, time_left(self.gettimeout()))
            count: int = super().recv_into(*args, **kwargs)
            return count

    def through(options: Any, limit: float | None, target: tuple[str, int]) -> DeadlineSocket:
        host, port = options["proxy_host"].strip("[]"), options["proxy_port"] or 1080
        error: OSError | None = None
        for family, kind, protocol, _, _ in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            sock = Negotiating(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(limit)
                sock.set_proxy(
                    options["socks_version"], host, port, options["rdns"], options["username"], options["password"]
                )
                sock.connect(target)
            except OSError as failed:
                error = failed
                sock.close()
            else:
                # From here on the proxy passes everything through, so a plain socket does.
                plain = DeadlineSocket(sock.family, sock.type, sock.proto, fileno=sock.detach())
                plain.settimeout(limit)
                return plain
        raise error or OSError("the proxy has no address")

    class SocksHTTPConnection(SOCKSConnection):
        def _new_conn(self) -> Any:
            limit = _limit(self)
            try:
                return through(self._socks_options, limit, (self.host, self.port))
            except OSError as error:
                raise _not_opened(self, error) from error

    class SocksHTTPSConnection(_SecuredMixin, SocksHTTPConnection, HTTPSConnection):
        pass

    class SocksHTTPPool(_RenewingMixin, HTTPConnectionPool):
        ConnectionCls = SocksHTTPConnection

    class SocksHTTPSPool(_UnwarnedMixin, HTTPSConnectionPool):
        ConnectionCls = SocksHTTPSConnection

    return {"http": SocksHTTPPool, "https": SocksHTTPSPool}

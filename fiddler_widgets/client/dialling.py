"""Connecting to a host that has several addresses, of which some may not work.

IPv6 and IPv4 addresses are tried alternately, in the system's order. If one has not answered within a quarter of a
second, the next one is tried beside it, and the first that answers is taken (RFC 8305, "happy eyeballs"). So an IPv6
address that never answers costs a quarter of a second, not the whole time for connecting.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import math
import os
import selectors
import socket
import time
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from urllib3.exceptions import LocationParseError
from urllib3.util import connection as urllib3_connection

from fiddler_widgets import configs
from fiddler_widgets.client.deadline import DeadlineSocket, time_left

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["dial"]

_UNDER_WAY = frozenset((0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)))

_Address = TypeVar("_Address", bound=tuple[Any, ...])


def dial(
    host: str,
    port: int,
    timeout: float | None,
    *,
    source_address: tuple[str, int] | None = None,
    options: Iterable[tuple[int, int, int | bytes]] | None = None,
) -> DeadlineSocket:
    """Connect to a host.

    Args:
        host: Its name or address.
        port: The port.
        timeout: Seconds for all its addresses together; ``None`` for no limit.
        source_address: The local address and port to connect from.
        options: Socket options, as for `socket.setsockopt`.

    Raises:
        socket.gaierror: The name could not be resolved.
        TimeoutError: No address answered in time.
        OSError: The last address that failed, if all did.
    """
    host = host.strip("[]")
    try:
        host.encode("idna")
    except UnicodeError:
        msg = "a part of the host's name is empty or too long"
        raise LocationParseError(msg) from None
    # As in urllib3, so that its setting to use only one family of addresses holds.
    family = urllib3_connection.allowed_gai_family()
    addresses = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    with _Dialling(source_address, list(options or [])) as dialling:
        connected = dialling.first(by_turns(addresses), timeout)
    try:
        # This bounds what comes before the first receive, such as a TLS handshake.
        connected.settimeout(time_left(timeout))
    except TimeoutError:
        connected.close()
        raise
    return connected


def by_turns(addresses: list[_Address]) -> list[_Address]:
    """Addresses of `socket.getaddrinfo` with the families alternating, beginning with that of the first address."""
    families: dict[Any, list[_Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    turns = itertools.zip_longest(*families.values())
    return [address for turn in turns for address in turn if address is not None]


class _Dialling:
    """The attempts under way to connect to one host; at its exit, all sockets but the connected one are closed."""

    def __init__(self, source_address: tuple[str, int] | None, options: list[tuple[int, int, int | bytes]]) -> None:
        self._source_address, self._options = source_address, options
        self._selector = selectors.DefaultSelector()
        self._open: set[DeadlineSocket] = set()
        self._error: OSError = OSError("the host has no address")

    def __enter__(self) -> _Dialling:  # noqa: PYI034 (Self is in no standard library before 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for sock in self._open:
            sock.close()

    def first(self, addresses: list[Any], timeout: float | None) -> DeadlineSocket:
        """The first socket that connects, within ``timeout`` seconds."""
        now = time.monotonic()
        until = math.inf if timeout is None else now + timeout
        waiting, turn = deque(addresses), now
        while waiting or self._open:
            if waiting and (now >= turn or not self._open):
                self._try(waiting.popleft())
                turn = now + configs.ADDRESS_PATIENCE
            else:
                pause = min(until, turn if waiting else math.inf) - now
                for key, _ in self._selector.select(None if pause == math.inf else max(0.0, pause)):
                    if (connected := self._ended(key.fileobj)) is not None:
                        return connected
            now = time.monotonic()
            if now >= until and self._open:
                msg = "no address answered in time"
                raise TimeoutError(msg)
        try:
            raise self._error
        finally:
            # The error refers to this frame and this frame to the error; deleting it breaks the cycle.
            del self._error

    def _try(self, address: tuple[Any, ...]) -> None:
        family, kind, protocol, _, target = address
        sock = None
        try:
            sock = DeadlineSocket(family, kind, protocol)
            self._open.add(sock)
            for option in self._options:
                sock.setsockopt(*option)
            if self._source_address:
                sock.bind(self._source_address)
            sock.setblocking(False)  # noqa: FBT003 (the standard library's signature)
            code = sock.connect_ex(target)
            if code not in _UNDER_WAY:
                raise OSError(code, os.strerror(code))  # noqa: TRY301
            self._selector.register(sock, selectors.EVENT_WRITE)
        except OSError as error:
            self._failed(sock, error)

    def _ended(self, sock: Any) -> DeadlineSocket | None:
        """The socket of an attempt that has ended, if it is connected."""
        self._selector.unregister(sock)
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._failed(sock, OSError(code, os.strerror(code)))
            return None
        self._open.discard(sock)
        connected: DeadlineSocket = sock
        return connected

    def _failed(self, sock: DeadlineSocket | None, error: OSError) -> None:
        self._error = error
        if sock is not None:
            self._open.discard(sock)
            with contextlib.suppress(OSError):
                sock.close()

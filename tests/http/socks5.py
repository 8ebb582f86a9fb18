"""A SOCKS5 proxy (RFC 1928), as small as it can be: CONNECT alone, with a login (RFC 1929) where asked for."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Socks", "pump", "socks5"]


class Socks:
    """A proxy that is running.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        asked: The hosts that it was asked for, names as they came.
        pace: Seconds between two bytes of what it says itself.
    """

    def __init__(self, login: tuple[str, str] | None, hosts: dict[str, str], pace: float) -> None:
        self.port = 0
        self.asked: list[str] = []
        self.login, self.hosts, self.pace = login, hosts, pace
        self.over = threading.Event()


@contextlib.contextmanager
def socks5(
    *, login: tuple[str, str] | None = None, hosts: dict[str, str] | None = None, pace: float = 0.0
) -> Iterator[Socks]:
    """Serve.

    Args:
        login: The name and password that it wants.
        hosts: Addresses of names that nobody else knows.
        pace: Seconds between two bytes of what it says itself.
    """
    proxy = Socks(login, hosts or {}, pace)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, struct.error):
                _serve(self.request, proxy)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.over.set()
            server.shutdown()
            thread.join()


def _serve(client: socket.socket, proxy: Socks) -> None:
    _exactly(client, _exactly(client, 2)[1])
    _say(client, b"\x05\x02" if proxy.login else b"\x05\x00", proxy)
    if proxy.login:
        given = tuple(_exactly(client, _exactly(client, length)[-1]).decode() for length in (2, 1))
        _say(client, b"\x01\x00" if given == proxy.login else b"\x01\x01", proxy)
        if given != proxy.login:
            return
    kind = _exactly(client, 4)[3]
    name = _exactly(client, _exactly(client, 1)[0]).decode() if kind == 3 else socket.inet_ntoa(_exactly(client, 4))
    (port,) = struct.unpack("!H", _exactly(client, 2))
    proxy.asked.append(name)
    try:
        target = socket.create_connection((proxy.hosts.get(name, name), port), 5)
    except OSError:
        _say(client, b"\x05\x05\x00\x01" + bytes(6), proxy)
        return
    with target:
        _say(client, b"\x05\x00\x00\x01" + bytes(6), proxy)
        back = threading.Thread(target=pump, args=(target, client), daemon=True)
        back.start()
        pump(client, target)


def _exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        if not (piece := sock.recv(count - len(data))):
            raise OSError
        data += piece
    return data


def _say(sock: socket.socket, data: bytes, proxy: Socks) -> None:
    if not proxy.pace:
        sock.sendall(data)
        return
    for byte in data:
        proxy.over.wait(proxy.pace)
        sock.sendall(bytes([byte]))


def pump(source: Any, sink: Any) -> None:
    """Pass on what comes, until either side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for sock in (source, sink):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

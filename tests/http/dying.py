"""A server whose connections die with the second request on them, in one of several ways."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

__all__ = ["DEATHS", "Dying", "dying"]

_BODY = b'{"data": {"id": "job", "name": "Upload", "status": "STARTED", "progress": 1}}'
_GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_BODY) + _BODY
_LINGER_ZERO = struct.pack("ii", 1, 0)


def _close(sock: socket.socket) -> None:
    sock.close()


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    sock.close()


DEATHS: dict[str, Callable[[socket.socket], None]] = {"closed": _close, "reset": _reset}


class Dying:
    """The server.

    Attributes:
        url: Its address.
        requests: How many requests came on each connection, in the order in which they were opened.
    """

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[int] = []


@contextlib.contextmanager
def dying(
    die: Callable[[socket.socket], None],
    *,
    first: Callable[[socket.socket], None] | None = None,
    context: ssl.SSLContext | None = None,
) -> Iterator[Dying]:
    """Serve.

    Args:
        die: What becomes of a connection at the second request on it.
        first: What is done at the first request on a connection, in place of a good answer.
        context: For TLS.
    """
    seen = Dying()
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            sock: socket.socket = self.request
            with lock:
                number = len(seen.requests)
                seen.requests.append(0)
            try:
                sock.settimeout(10)
                if context is not None:
                    sock = context.wrap_socket(sock, server_side=True)
                while _read_request(sock):
                    seen.requests[number] += 1
                    if seen.requests[number] > 1:
                        die(sock)
                        return
                    if first is not None:
                        first(sock)
                        return
                    sock.sendall(_GOOD)
            except OSError:
                """The client went first."""
            finally:
                sock.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def shutdown_request(self, request: object) -> None:
            """The handler has ended the connection, in the way that is tested."""
            del request

    with Server(("127.0.0.1", 0), Handler) as server:
        seen.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


def _read_request(sock: socket.socket) -> bool:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return False
        data += piece
    return True

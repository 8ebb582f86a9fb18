"""An HTTP proxy that knows CONNECT alone, itself reached plainly or by TLS."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from typing import TYPE_CHECKING

from tests.http.socks5 import pump

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

__all__ = ["tunnel"]


@contextlib.contextmanager
def tunnel(context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve; gives the address, and the targets that were asked for.

    Args:
        context: For TLS to the proxy itself.
    """
    asked: list[str] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            client: socket.socket = self.request
            with contextlib.suppress(OSError):
                if context is not None:
                    client = context.wrap_socket(client, server_side=True)
                with client:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += client.recv(65536)
                    asked.append(head.split()[1].decode())
                    host, _, port = asked[-1].rpartition(":")
                    with socket.create_connection((host, int(port)), 5) as target:
                        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                        threading.Thread(target=pump, args=(target, client), daemon=True).start()
                        pump(client, target)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()

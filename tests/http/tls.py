"""HTTPS servers whose certificates nobody knows."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from typing import TYPE_CHECKING

import pytest
import trustme

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

__all__ = ["authority", "mutual_tls_server", "tls_server"]


class _OneJob(http.server.BaseHTTPRequestHandler):
    """Answers every GET with one job."""

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"data": {"id": "job", "name": "Upload", "status": "STARTED", "progress": 1}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority that nobody knows."""
    return trustme.CA()


@contextlib.contextmanager
def _serving(context: ssl.SSLContext) -> Iterator[str]:
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, object]:
            plain, address = self.socket.accept()
            return context.wrap_socket(plain, server_side=True), address

        def handle_error(self, *_: object) -> None:
            """A client that refuses the certificate is what is tested."""

    with Server(("127.0.0.1", 0), _OneJob) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[str]:
    """An HTTPS server with a certificate of that authority for 127.0.0.1; its address."""
    with _serving(_context(authority)) as address:
        yield address


@pytest.fixture
def mutual_tls_server(authority: trustme.CA) -> Iterator[str]:
    """The same for clients that have a certificate of that authority, too."""
    context = _context(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with _serving(context) as address:
        yield address

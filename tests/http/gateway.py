"""What stands between a client and a server: an HTTP proxy, or AWS's front before a partner application."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import threading
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Gateway", "PartnerAuth", "gateway"]

_MOVED = "X-Amz-Partner-App-Authorization"


class Passed(NamedTuple):
    """A request that came by."""

    target: str
    signed: bool
    user_agent: str


class Gateway:
    """Its address, and the GETs that it passed on, oldest first.

    Attributes:
        url: Where it listens.
        passed: What came by.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.passed: list[Passed] = []

    @property
    def ours(self) -> list[Passed]:
        """Those that this package made."""
        return [one for one in self.passed if one.user_agent.startswith("fiddler-widgets/")]


@contextlib.contextmanager
def gateway(upstream: str = "") -> Iterator[Gateway]:
    """Pass requests on, to where they say as a proxy does, or to one server.

    Args:
        upstream: The address of that server, to which the token is given back where `PartnerAuth` had moved it.
    """
    seen = Gateway("")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name: text for name, text in self.headers.items() if name.lower() != "connection"}
            signed = _MOVED in headers
            seen.passed.append(Passed(self.path, signed, headers.get("User-Agent", "")))
            if signed and upstream:
                headers["Authorization"] = headers.pop(_MOVED)
            target = urlsplit(upstream or self.path)
            path = self.path if upstream else self.path[len(f"{target.scheme}://{target.netloc}") :]
            onward = http.client.HTTPConnection(target.netloc, timeout=10)
            try:
                onward.request("GET", path, headers=headers)
                answer = onward.getresponse()
                body = answer.read()
            finally:
                onward.close()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        seen.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


class PartnerAuth:
    """Signs as SageMaker's does: the signature takes the place of the token, which moves to a header of its own."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, request: Any) -> Any:
        """Sign a request."""
        self.count += 1
        headers = request.headers
        headers[_MOVED] = headers["Authorization"]
        # Not part of what is signed.
        connection = headers.pop("Connection", None)
        signed = {**headers, "Authorization": f"AWS4-HMAC-SHA256 Signature={self.count}"}
        if connection is not None:
            signed["Connection"] = connection
        headers.update(signed)
        return request

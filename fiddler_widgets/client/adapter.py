"""requests' adapter as this package uses it: its connections, direct or through proxies, keep a deadline.

A connection that was kept open may turn out to be dead before a byte of the answer has come, because a server or load
balancer closed it at that moment. This is not an error: the request is sent once more, on a new connection.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests import Response
from requests.adapters import HTTPAdapter

from fiddler_widgets import messages
from fiddler_widgets.client.deadline import current
from fiddler_widgets.client.network_errors import UnusableProxy, causes
from fiddler_widgets.client.pools import POOLS, socks_pools

if TYPE_CHECKING:
    from requests import PreparedRequest

__all__ = ["DeadlineAdapter"]

_DEAD = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""The errors of a request on a connection whose other end is closed."""


class _Answer(Response):
    """A response without cookies and encoding, which a connection does not read, and which cost more than all the rest.

    Args:
        request: The request that it answers.
        raw: The response of urllib3.
    """

    def __init__(self, request: PreparedRequest, raw: Any) -> None:
        # Not as the class above does it: that begins with a jar for cookies.
        self._content: Any = False
        self._content_consumed = False
        self.status_code, self.reason, self.url = raw.status, raw.reason, request.url or ""
        self.raw, self.headers, self.encoding = raw, raw.headers, None
        # Read by libraries that stand between an adapter and its server in tests, such as responses.
        self.request, self.history = request, []


class DeadlineAdapter(HTTPAdapter):
    """requests' own adapter with connections that keep the deadline; safe to share between threads.

    Args:
        connections: How many connections to one server are kept open for reuse.
    """

    def __init__(self, connections: int = 16) -> None:
        self._last_pool: tuple[tuple[Any, ...], Any] | None = None
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send a request; once more if its connection was an old one that turned out to be dead."""
        try:
            return super().send(request, *args, **kwargs)
        except requests.ConnectionError as error:
            if not _was_dead_before(error):
                raise
        current.renewing = True
        try:
            return super().send(request, *args, **kwargs)
        finally:
            current.renewing = False

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return the pool for a request: that of the last one if all that decides about it is the same.

        Nearly all requests are polls of one server, and to look its pool up anew is a good part of what a poll costs.
        """
        scheme, _, rest = (request.url or "").partition("://")
        asked = scheme, rest.partition("/")[0], verify, cert, proxies
        last = self._last_pool
        if last is None or last[0] != asked:
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            last = self._last_pool = asked, pool
        return last[1]

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """Return what the request line asks for."""
        return super().request_url(request, proxies) if proxies else request.path_url

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return what a connection reads of a response."""
        return _Answer(req, resp)

    def close(self) -> None:
        """Close every idle socket now; clearing the pools alone would leave that to the garbage collector."""
        self._last_pool = None
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 (a container that cannot be iterated)
                pool = manager.pools.get(key)
                if pool is not None:
                    pool.close()
        super().close()

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pools of connections through a proxy.

        Raises:
            UnusableProxy: It is a SOCKS proxy, and PySocks is not installed or does not know its scheme.
        """
        scheme = urlsplit(proxy).scheme.lower()
        if not scheme.startswith("socks"):
            manager = super().proxy_manager_for(proxy, **kwargs)
            manager.pool_classes_by_scheme = POOLS
            return manager
        try:
            manager = super().proxy_manager_for(proxy, **kwargs)
        except requests.exceptions.InvalidSchema:
            raise UnusableProxy(messages.SOCKS_MISSING, messages.SOCKS_ADVICE) from None
        except ValueError:
            raise UnusableProxy(messages.socks_unknown(scheme), messages.SOCKS_FORMS) from None
        manager.pool_classes_by_scheme = socks_pools()
        return manager


def _was_dead_before(error: BaseException) -> bool:
    """Whether an error came from a connection that was opened by an earlier request."""
    untouched = current.deadline is not None and not current.opened and not current.received
    return untouched and any(isinstance(cause, _DEAD) for cause in causes(error))

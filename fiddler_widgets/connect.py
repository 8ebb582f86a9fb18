"""Which connection a job uses: the one of `init`, the environment's, or the official client's."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from fiddler_widgets import official
from fiddler_widgets.exceptions import NotConnected
from fiddler_widgets.transport import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.seams import Fetcher

__all__ = ["current", "init", "latest"]

_lock = threading.Lock()
_current: Connection | None = None


def init(
    url: str | None = None,
    token: str | None = None,
    *,
    proxies: Mapping[str, str] | None = None,
    timeout: float | tuple[float, float] | None = None,
    verify: bool | str = True,
) -> None:
    """Say which platform to ask, and with which API key.

    Without ``url`` and ``token``, the environment variables ``FIDDLER_URL`` and ``FIDDLER_TOKEN`` count, and without
    these the connection of an earlier ``fiddler.init()``. Makes no request.

    Args:
        url: The platform's address, such as ``https://your-company.fiddler.ai``.
        token: The API key, from the Credentials tab of the platform's settings.
        proxies: Proxies by scheme, as in requests; the environment's by default.
        timeout: Seconds for connecting and for each receive, or a pair of them; a request never takes more than 30 s.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle.

    Raises:
        NotConnected: There is nothing to connect to.
        ValueError: The address, token or timeout cannot be used.
    """
    global _current  # noqa: PLW0603
    made = _connect(url, token, proxies=proxies, timeout=timeout, verify=verify)
    with _lock:
        # An equal one is kept, with its open sockets.
        _current = _current if made == _current else made


def current() -> Connection:
    """The connection for a job that is given by its id.

    Raises:
        NotConnected: No connection is configured; the message says how to.
    """
    with _lock:
        if _current is not None:
            return _current
    return _connect(None, None)


def latest(connection: Fetcher) -> Fetcher:
    """The newest connection to the same platform: a renewed token serves the jobs that wait for it, too."""
    for candidate in (_current, official.connection()):
        if candidate is not None and candidate.url == getattr(connection, "url", None):
            return candidate
    return connection


def _connect(
    url: str | None,
    token: str | None,
    *,
    proxies: Mapping[str, str] | None = None,
    timeout: float | tuple[float, float] | None = None,
    verify: bool | str = True,
) -> Connection:
    given = url is not None or token is not None
    url = os.environ.get("FIDDLER_URL") or None if url is None else url
    token = os.environ.get("FIDDLER_TOKEN") or None if token is None else token
    if url is not None and token is not None:
        return Connection(url, token, proxies=proxies, timeout=timeout, verify=verify)
    theirs = None if given else official.connection()
    if theirs is not None:
        return theirs
    missing = (
        "no address and no token" if url is None and token is None else "no address" if url is None else "no token"
    )
    msg = (
        f"Not connected to a Fiddler platform: there is {missing}. Call fw.init(url=..., token=...), or set "
        "FIDDLER_URL and FIDDLER_TOKEN, or call fiddler.init(url=..., token=...) first."
    )
    raise NotConnected(msg)

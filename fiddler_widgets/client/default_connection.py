"""Which connection a job uses: the one of `init`, the environment's, or the official client's."""

from __future__ import annotations

import contextlib
import os
import threading
import warnings
from typing import TYPE_CHECKING

from fiddler_widgets import messages
from fiddler_widgets.client import fiddler_client
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.exceptions import NotConnected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.client.connection_options import Timeout
    from fiddler_widgets.polling.subscriptions import Fetcher

__all__ = ["current", "init", "latest", "latest_of_official"]

_lock = threading.Lock()
_current: Connection | None = None
"""The connection of `init`; ``None`` if `init` left it to the official client, or was not called."""

_warned = False
"""Whether this process has warned that certificates are not checked."""


def init(
    url: str | None = None,
    token: str | None = None,
    *,
    proxies: Mapping[str, str] | None = None,
    timeout: float | tuple[float | None, float | None] | None = None,
    verify: bool | str = True,
) -> None:
    """Say which platform to ask, and with which API key.

    Without ``url`` and ``token``, the environment variables ``FIDDLER_URL`` and ``FIDDLER_TOKEN`` count, and without
    these the connection of ``fiddler.init()``, as it is whenever one is needed: a later ``fiddler.init()`` counts, and
    so do its proxies, time-out and ``verify`` instead of those passed here. Makes no request.

    Args:
        url: The platform's address, such as ``https://your-company.fiddler.ai``.
        token: The API key, from the Credentials tab of the platform's settings.
        proxies: Proxies by scheme, as in requests; the environment's by default.
        timeout: Seconds for connecting and for each receive, or a pair of them; ``None`` means the package's own limit.
            A request never takes more than 30 s.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle. ``False`` warns, once a
            process.

    Raises:
        NotConnected: There is nothing to connect to, or only a ``fiddler.init()`` that we cannot use.
        ValueError: The address, token or timeout cannot be used.
    """
    global _current  # noqa: PLW0603
    connection, adopted = _connect(url, token, proxies=proxies, timeout=timeout, verify=verify)
    if verify is False and not adopted:
        _warn_once()
    with _lock:
        # An equal connection is kept, as it has open sockets.
        _current = None if adopted else _current if connection == _current else connection


def _warn_once() -> None:
    global _warned  # noqa: PLW0603
    if not _warned:
        _warned = True
        # The warning names the line that called `init`.
        warnings.warn(messages.UNVERIFIED, UserWarning, stacklevel=3)


def current() -> Connection:
    """The connection for a job of which only the id is known.

    Raises:
        NotConnected: No connection is configured, or only one that cannot be used; the message says what to do.
    """
    with _lock:
        if _current is not None:
            return _current
    return _connect(None, None)[0]


def latest(connection: Fetcher | None) -> Fetcher:
    """The newest connection to the same platform, so that a renewed token also serves the jobs that wait for it.

    Args:
        connection: The connection that a job used last; ``None`` if it has not used one yet.

    Raises:
        NotConnected: As for `current`, if ``connection`` is ``None``.
    """
    if connection is None:
        return current()
    configured, url = _current, getattr(connection, "url", None)
    if configured is not None and configured.url == url:
        return configured
    # If the official client's connection cannot be used, the job keeps the one that it has.
    with contextlib.suppress(NotConnected):
        official = fiddler_client.connection()
        if official is not None and official.url == url:
            return official
    return connection


def latest_of_official(connection: Fetcher | None) -> Fetcher:
    """The connection for a job of the official client, through which that client would ask for it now.

    Args:
        connection: The connection that the job used last; ``None`` if it has not used one yet.

    Raises:
        NotConnected: The official client's connection cannot be used, and there is none of `init` either.
    """
    try:
        official = fiddler_client.connection()
    except NotConnected:
        if _current is None:
            raise
        return _current
    return latest(connection) if official is None else official


def _connect(
    url: str | None,
    token: str | None,
    *,
    proxies: Mapping[str, str] | None = None,
    timeout: Timeout = None,
    verify: bool | str = True,
) -> tuple[Connection, bool]:
    """A connection, and whether it is the official client's."""
    explicit = url is not None or token is not None
    url = os.environ.get("FIDDLER_URL") or None if url is None else url
    token = os.environ.get("FIDDLER_TOKEN") or None if token is None else token
    if url is not None and token is not None:
        return Connection(url, token, proxies=proxies, timeout=timeout, verify=verify), False
    official = None if explicit else fiddler_client.connection()
    if official is not None:
        return official, True
    missing = (
        "no address and no token" if url is None and token is None else "no address" if url is None else "no token"
    )
    msg = (
        f"Not connected to a Fiddler platform: there is {missing}. Call fw.init(url=..., token=...), or set "
        "FIDDLER_URL and FIDDLER_TOKEN, or call fiddler.init(url=..., token=...) first."
    )
    raise NotConnected(msg)

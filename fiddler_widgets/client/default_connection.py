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
"""The one of `init`, where that did not leave it to the official client."""

_warned = False
"""Whether this process was told that certificates are not checked."""


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
    its proxies, time-out and ``verify`` do, not those given here. Makes no request.

    Args:
        url: The platform's address, such as ``https://your-company.fiddler.ai``.
        token: The API key, from the Credentials tab of the platform's settings.
        proxies: Proxies by scheme, as in requests; the environment's by default.
        timeout: Seconds for connecting and for each receive, or a pair of them, ``None`` in it being our own limit; a
            request never takes more than 30 s.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle. ``False`` warns, once a
            process.

    Raises:
        NotConnected: There is nothing to connect to, or only a ``fiddler.init()`` that we cannot use.
        ValueError: The address, token or timeout cannot be used.
    """
    global _current  # noqa: PLW0603
    made, adopted = _connect(url, token, proxies=proxies, timeout=timeout, verify=verify)
    if verify is False and not adopted:
        _warn_once()
    with _lock:
        # An equal one is kept, with its open sockets.
        _current = None if adopted else _current if made == _current else made


def _warn_once() -> None:
    global _warned  # noqa: PLW0603
    if not _warned:
        _warned = True
        # Where `init` was called.
        warnings.warn(messages.UNVERIFIED, UserWarning, stacklevel=3)


def current() -> Connection:
    """The connection for a job that is given by its id.

    Raises:
        NotConnected: No connection is configured, or only one that cannot be used; the message says what to do.
    """
    with _lock:
        if _current is not None:
            return _current
    return _connect(None, None)[0]


def latest(connection: Fetcher | None) -> Fetcher:
    """The newest connection to the same platform: a renewed token serves the jobs that wait for it, too.

    Args:
        connection: The one that a job used last; ``None`` for a job that has used none yet.

    Raises:
        NotConnected: As for `current`, where there is no last one.
    """
    if connection is None:
        return current()
    given, url = _current, getattr(connection, "url", None)
    if given is not None and given.url == url:
        return given
    # One that cannot be used is of no concern to a job that has another.
    with contextlib.suppress(NotConnected):
        theirs = fiddler_client.connection()
        if theirs is not None and theirs.url == url:
            return theirs
    return connection


def latest_of_official(connection: Fetcher | None) -> Fetcher:
    """The connection for a job of the official client: where that client would ask for it by now.

    Args:
        connection: The one that the job used last; ``None`` for a job that has used none yet.

    Raises:
        NotConnected: The official client's connection cannot be used, and `init` was given no other.
    """
    try:
        theirs = fiddler_client.connection()
    except NotConnected:
        if _current is None:
            raise
        return _current
    return latest(connection) if theirs is None else theirs


def _connect(
    url: str | None,
    token: str | None,
    *,
    proxies: Mapping[str, str] | None = None,
    timeout: Timeout = None,
    verify: bool | str = True,
) -> tuple[Connection, bool]:
    """A connection, and whether it is the official client's."""
    given = url is not None or token is not None
    url = os.environ.get("FIDDLER_URL") or None if url is None else url
    token = os.environ.get("FIDDLER_TOKEN") or None if token is None else token
    if url is not None and token is not None:
        return Connection(url, token, proxies=proxies, timeout=timeout, verify=verify), False
    theirs = None if given else fiddler_client.connection()
    if theirs is not None:
        return theirs, True
    missing = (
        "no address and no token" if url is None and token is None else "no address" if url is None else "no token"
    )
    msg = (
        f"Not connected to a Fiddler platform: there is {missing}. Call fw.init(url=..., token=...), or set "
        "FIDDLER_URL and FIDDLER_TOKEN, or call fiddler.init(url=..., token=...) first."
    )
    raise NotConnected(msg)

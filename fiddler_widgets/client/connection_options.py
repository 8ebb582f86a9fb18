"""The options of a connection: checks of what a user passes, and what requests needs besides."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import requests

from fiddler_widgets import configs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests.adapters import BaseAdapter

__all__ = ["ConnectionOptions", "Timeout", "checked_timeout", "checked_token", "checked_url", "is_loopback"]

Timeout = float | tuple[float | None, float | None] | None
"""Seconds for connecting and for each receive, or a pair of them; ``None`` means the limits in `configs`."""


class ConnectionOptions(NamedTuple):
    """How requests reach a server and which certificates count, in the terms of requests.

    Attributes:
        proxies: Proxies by scheme; those of the environment are not added.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle.
        cert: The path of a client certificate, or a pair of paths: certificate and key.
        adapter: Sends the requests; ``None`` for our own adapter, which bounds each request as a whole.
    """

    proxies: dict[str, str]
    verify: bool | str
    cert: str | tuple[str, str] | None = None
    adapter: BaseAdapter | None = None

    @classmethod
    def from_environment(cls, url: str, proxies: Mapping[str, str] | None, verify: bool | str) -> ConnectionOptions:  # noqa: FBT001
        """The arguments, completed by the environment; but without its proxies for a loopback address.

        Browsers do the same: a proxy for the internet cannot reach a server on this machine.
        """
        with requests.Session() as session:
            merged: Any = session.merge_environment_settings(url, dict(proxies or {}), None, verify, None)
        effective_proxies = (proxies or {}) if is_loopback(urlsplit(url).hostname or "") else merged["proxies"]
        return cls(dict(effective_proxies), merged["verify"])


def is_loopback(host: str) -> bool:
    """Whether a name or address is that of this machine: localhost, a name below it, 127.0.0.0/8 or ::1."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def checked_url(url: str) -> str:
    """A platform's address, without blanks around it or a slash at its end.

    Raises:
        ValueError: It is no http or https address, or contains a user name or password.
    """
    text = str(url).strip()
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        msg = "`url` must be the platform's whole address, beginning with https://, as https://your-company.fiddler.ai"
        raise ValueError(msg)
    if parts.username is not None or parts.password is not None:
        msg = "`url` must not hold a user name or password"
        raise ValueError(msg)
    return text.rstrip("/")


def checked_token(token: str) -> str:
    """An API key without blanks around it.

    Raises:
        TypeError: It is no str.
        ValueError: It is empty, or cannot be sent.
    """
    # No message may quote the token; requests' own message about a line break would.
    if not isinstance(token, str):
        msg = f"`token` is a str, not {type(token).__name__}"  # type: ignore[unreachable]
        raise TypeError(msg)
    text = token.strip()
    if not text:
        msg = "`token` is empty; it is the API key from the Credentials tab of the platform's settings"
        raise ValueError(msg)
    if not (text.isascii() and text.isprintable()):
        msg = "`token` holds a character that no API key has, such as a line break"
        raise ValueError(msg)
    return text


def checked_timeout(timeout: Timeout) -> tuple[float, float]:
    """Seconds for connecting and for each receive, neither above ``configs.REQUEST_TIMEOUT``.

    Raises:
        ValueError: It is neither a number above 0 nor a pair of them.
    """
    limits = (configs.CONNECT_TIMEOUT, configs.REQUEST_TIMEOUT)
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    try:
        connect, receive = (
            limit if seconds is None else float(seconds) for limit, seconds in zip(limits, pair, strict=True)
        )
    except (TypeError, ValueError):
        connect = receive = -1.0
    if not (connect > 0 and receive > 0):
        msg = "`timeout` must be a number of seconds above 0, or a pair of them (connecting, each receive)"
        raise ValueError(msg)
    return min(connect, configs.REQUEST_TIMEOUT), min(receive, configs.REQUEST_TIMEOUT)

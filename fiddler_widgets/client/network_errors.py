"""What went wrong on the way to the server, in a few plain words and whether trying again can help.

requests and urllib3 wrap the cause in up to five layers, whose texts name objects and addresses in memory. The
innermost exceptions say it plainly.
"""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

import requests
import urllib3.exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AuthenticationFailed", "connection_problem"]


class AuthenticationFailed(ValueError):
    """The authentication object of a connection raised; the text is safe to show."""


_PERMANENT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidProxyURL,
    urllib3.exceptions.LocationValueError,
)

_ERRNOS = {
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: "the connection was reset",
    errno.EPIPE: "the connection was reset",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.EHOSTUNREACH: "the host cannot be reached",
}


def connection_problem(error: BaseException) -> tuple[str, bool]:
    """Say what an exception of requests or urllib3 means.

    Args:
        error: The exception.

    Returns:
        A clause ("the connection was refused"), and whether trying again is useless.
    """
    causes = list(_causes(error))
    if isinstance(error, AuthenticationFailed):
        return str(error), False
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the server's certificate is not valid ({cause.verify_message or 'verification failed'})", True
    for cause in causes:
        if isinstance(cause, (socket.gaierror, urllib3.exceptions.NameResolutionError)):
            return "the host's name could not be resolved", False
        if isinstance(cause, OSError) and cause.errno in _ERRNOS:
            return _ERRNOS[cause.errno], False
    return _by_kind(causes)


def _by_kind(causes: list[BaseException]) -> tuple[str, bool]:
    for kinds, words, permanent in (
        (_PERMANENT, "the address or a header cannot be sent", True),
        (FileNotFoundError, "the file of CA certificates does not exist", True),
        (
            (urllib3.exceptions.ProxyError, requests.exceptions.ProxyError),
            "the proxy did not let the request through",
            False,
        ),
        ((urllib3.exceptions.ConnectTimeoutError,), "connecting took too long", False),
        ((TimeoutError, urllib3.exceptions.TimeoutError), "the server took too long to answer", False),
        ((ssl.SSLError, urllib3.exceptions.SSLError), "the TLS handshake was cut", False),
        ((urllib3.exceptions.IncompleteRead,), "the answer was cut off", False),
        ((urllib3.exceptions.DecodeError,), "the answer's compression is broken", False),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return words, permanent
    if isinstance(causes[0], OSError) and "CA certificate" in str(causes[0]):
        return "the file of CA certificates does not exist", True
    return "the connection was closed", False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and all that it wraps: chained, as an argument, or as a ``reason``."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        wrapped = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        waiting.extend(cause for cause in wrapped if isinstance(cause, BaseException))

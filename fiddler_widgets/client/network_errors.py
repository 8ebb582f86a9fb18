"""Explain an error of the network in a few plain words, and say whether trying again can help.

requests and urllib3 wrap the cause in up to five layers, whose texts name objects and addresses in memory. The
innermost exceptions are the clearest.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
import urllib3.exceptions

from fiddler_widgets import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AuthenticationFailed", "Problem", "UnusableProxy", "causes", "connection_problem"]


class AuthenticationFailed(ValueError):
    """The authentication object of a connection raised; the text is safe to show."""


class UnusableProxy(ValueError):
    """A proxy cannot be used; the text is a clause that is safe to show.

    Args:
        clause: What is wrong.
        advice: What the user can do, as a sentence.
    """

    def __init__(self, clause: str, advice: str) -> None:
        super().__init__(clause)
        self.advice = advice


_REFUSED_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")

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


class Problem(NamedTuple):
    """What went wrong.

    Attributes:
        clause: A clause such as "the connection was refused".
        permanent: Whether trying again is useless.
        advice: What the user can do, as a sentence; may be empty.
        code: The HTTP status that a proxy gave as the reason, if any.
    """

    clause: str
    permanent: bool = False
    advice: str = ""
    code: int | None = None


def connection_problem(error: BaseException) -> Problem:
    """What an exception of requests or urllib3 means."""
    chain = list(causes(error))
    problem = next(filter(None, map(_plain_problem, chain)), None) or next(
        filter(None, map(_system_problem, chain)), None
    )
    return problem or _by_kind(chain)


def _plain_problem(cause: BaseException) -> Problem | None:
    if isinstance(cause, AuthenticationFailed):
        return Problem(str(cause))
    if isinstance(cause, UnusableProxy):
        return Problem(str(cause), permanent=True, advice=cause.advice)
    if isinstance(cause, ssl.SSLCertVerificationError):
        clause = f"the server's certificate is not valid ({cause.verify_message or 'verification failed'})"
        return Problem(clause, permanent=True, advice=messages.CERTIFICATE_ADVICE)
    if isinstance(cause, _socks_error("SOCKS5AuthError")):
        return Problem(messages.SOCKS_ASKS, permanent=True, advice=messages.SOCKS_LOGIN)
    # http.client has the proxy's answer to CONNECT only in the text of the exception.
    if isinstance(cause, OSError) and (refused := _REFUSED_TUNNEL.match(str(cause))) is not None:
        return _refused_tunnel(int(refused[1]))
    return None


def _system_problem(cause: BaseException) -> Problem | None:
    if isinstance(cause, (socket.gaierror, urllib3.exceptions.NameResolutionError)):
        return Problem("the host's name could not be resolved")
    if isinstance(cause, OSError) and cause.errno in _ERRNOS:
        return Problem(_ERRNOS[cause.errno])
    return None


def _socks_error(name: str) -> Any:
    """A class of exceptions of PySocks; an empty tuple, of which nothing is an instance, if that is not loaded."""
    return getattr(sys.modules.get("socks"), name, ())


def _refused_tunnel(code: int) -> Problem:
    if code == 407:  # noqa: PLR2004
        return Problem(messages.PROXY_ASKS, permanent=True, advice=messages.PROXY_ADVICE, code=code)
    return Problem(f"the proxy did not let the request through: {code}")


_NO_CERTIFICATES = Problem(
    "the file of CA certificates does not exist", permanent=True, advice=messages.CERTIFICATE_ADVICE
)


def _by_kind(chain: list[BaseException]) -> Problem:
    if any(isinstance(cause, FileNotFoundError) for cause in chain):
        return _NO_CERTIFICATES
    for kinds, clause, permanent in (
        (_PERMANENT, "the address or a header cannot be sent", True),
        (
            (urllib3.exceptions.ProxyError, requests.exceptions.ProxyError, _socks_error("SOCKS5Error")),
            "the proxy did not let the request through",
            False,
        ),
        ((urllib3.exceptions.ConnectTimeoutError,), "connecting took too long", False),
        ((TimeoutError, urllib3.exceptions.TimeoutError), "the server took too long to answer", False),
        ((ssl.SSLError, urllib3.exceptions.SSLError), "the TLS handshake was cut", False),
        ((urllib3.exceptions.IncompleteRead,), "the answer was cut off", False),
        ((urllib3.exceptions.DecodeError,), "the answer's compression is broken", False),
    ):
        if any(isinstance(cause, kinds) for cause in chain):
            return Problem(clause, permanent)
    if isinstance(chain[0], OSError) and "CA certificate" in str(chain[0]):
        return _NO_CERTIFICATES
    return Problem("the connection was closed")


def causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all exceptions that it wraps: chained, as an argument, or as a ``reason``."""
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

"""The connection to a platform, which makes one bounded GET at a time.

`Connection.fetch` makes exactly one request. It ends within 30 s in all, reads at most 8 MiB, follows no redirect, and
either returns a `JobState` or raises an `ApiError` that says what came instead. It is the caller who tries again.

The token is kept only in the authentication object of the connection, and in a request while that is under way. No
exception that leaves this module is chained to one that refers to the request.
"""

from __future__ import annotations

import os
import time
import weakref
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import requests
import urllib3.exceptions
from requests.auth import AuthBase
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict

from fiddler_widgets import configs
from fiddler_widgets._version import __version__
from fiddler_widgets.client.adapter import DeadlineAdapter
from fiddler_widgets.client.answers import interpret
from fiddler_widgets.client.connection_options import ConnectionOptions, checked_timeout, checked_token, checked_url
from fiddler_widgets.client.deadline import deadline
from fiddler_widgets.client.masking import Mask
from fiddler_widgets.client.network_errors import AuthenticationFailed, connection_problem
from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.models import JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from fiddler_widgets.client.connection_options import Timeout

__all__ = ["Connection"]

_CHUNK = 64 * 1024

_connections: weakref.WeakValueDictionary[int, Connection] = weakref.WeakValueDictionary()


class _BearerAuth(AuthBase):
    """Sets the token on each request; with an authentication object, requests does not read ``~/.netrc``."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.header = f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.header
        return request


class Connection:
    """A platform's address and token, and how requests to it are made. Safe to share between threads.

    Args:
        url: The platform's address, http or https.
        token: The API key.
        proxies: Proxies by scheme, as in requests; the environment's beside them.
        timeout: Seconds, or a pair of seconds for connecting and for each receive; never more than 30 s in all.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle.
        headers: Further headers for each request.
        auth: A requests authentication object, applied to each request after the token's header is set.
        options: Replaces ``proxies``, ``verify`` and what the environment says about them.

    Raises:
        ValueError: The address, token or timeout cannot be used.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        proxies: Mapping[str, str] | None = None,
        timeout: Timeout = None,
        verify: bool | str = True,
        headers: Mapping[str, str] | None = None,
        auth: Callable[[requests.PreparedRequest], requests.PreparedRequest] | None = None,
        options: ConnectionOptions | None = None,
    ) -> None:
        self.url = checked_url(url)
        self._bearer = _BearerAuth(checked_token(token))
        self._auth = auth
        self._timeout = checked_timeout(timeout)
        self._headers = {
            **(headers or {}),
            "User-Agent": f"fiddler-widgets/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }
        # Encoded as requests sends it, with international host names, once for all requests.
        self._base = requests.Request("GET", f"{self.url}/").prepare().url or ""
        # Read once and not for each request: reading proxies and CA bundles from the environment costs more than one.
        self._options = options or ConnectionOptions.from_environment(self.url, proxies, verify)
        self._settings = {name: getattr(self._options, name) for name in ("proxies", "verify", "cert")}
        self.renew_sockets()
        # By identity, since equal connections have different sockets.
        _connections[id(self)] = self

    def renew_sockets(self) -> None:
        """Begin with no open socket: a forked child would share the open ones with its parent."""
        self._adapter = DeadlineAdapter() if self._options.adapter is None else self._options.adapter

    def __eq__(self, other: object) -> bool:
        """Whether both make the same requests, so that they can share one stream."""
        return isinstance(other, Connection) and self._identity() == other._identity()

    def __hash__(self) -> int:
        """By the address, which all equal connections share."""
        return hash(self.url)

    def _identity(self) -> tuple[Any, ...]:
        return self.url, self._bearer.header, self._auth, self._timeout, self._options, self._headers

    def __repr__(self) -> str:
        """The address; never the token."""
        return f"Connection({self.url!r})"

    def __reduce__(self) -> Any:
        """Refuse to be pickled: a pickle would hold the token."""
        msg = "a Connection holds a secret and cannot be pickled; call fw.init() where it is needed"
        raise TypeError(msg)

    def masked(self, text: str) -> str:
        """A text with the token replaced, in case it contains it."""
        return Mask(self._bearer.token).text(text)

    def close_idle(self) -> None:
        """Close the sockets that are kept open for reuse; the connection stays usable."""
        # An adapter that was passed in belongs to its owner, who closes it.
        if self._options.adapter is None:
            self._adapter.close()

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """Ask once for a job.

        Args:
            job_id: The job.
            verbose: Ask for its subtasks too.

        Raises:
            NotFound: 404.
            ApiConnectionError: There was no answer, or no trustworthy server.
            ApiError: Any other answer than the job.
        """
        outcome = self._exchange(job_id, verbose)
        if isinstance(outcome, JobState):
            return outcome
        raise outcome

    def _exchange(self, job_id: UUID | str, verbose: bool) -> JobState | ApiError:  # noqa: FBT001
        """As `fetch`, but the error is returned: raised here, it would be chained to one that refers to the token."""
        response: requests.Response | None = None
        try:
            with deadline(time.monotonic() + configs.REQUEST_TIMEOUT):
                request = self._prepare(job_id, verbose)
                response = self._adapter.send(request, stream=True, timeout=self._timeout, **self._settings)
                body = _read_bounded(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            clause, permanent, advice, code = connection_problem(error)
            address = urlsplit(self.url).netloc
            return ApiConnectionError(f"{clause} ({address})", permanent=permanent, advice=advice, code=code)
        except Exception as error:  # noqa: BLE001 (a foreign adapter may raise anything, and quote a secret)
            return ApiConnectionError(f"the request failed with {type(error).__name__}")
        finally:
            if response is not None:
                # If the body was read to its end, the connection is in its pool again; otherwise it must not be reused.
                response.close()
        # The server may repeat the token, which must not be shown.
        mask = Mask(self._bearer.token)
        return interpret(response.status_code, response.url or "", response.headers, body, job_id, mask)

    def _prepare(self, job_id: UUID | str, verbose: bool) -> requests.PreparedRequest:  # noqa: FBT001
        # The same as requests would prepare, without its checks of each part for every poll.
        request = requests.PreparedRequest()
        request.method = "GET"
        request.url = f"{self._base}v3/jobs/{quote(str(job_id), safe='')}?verbose={'true' if verbose else 'false'}"
        request.headers = CaseInsensitiveDict(self._headers)
        request.hooks = default_hooks()
        self._bearer(request)
        if self._auth is not None:
            try:
                request.prepare_auth(self._auth)
            except Exception as error:  # noqa: BLE001
                # Foreign code may quote a secret in its message, so only the exception's type is repeated.
                msg = f"the session's own authentication failed with {type(error).__name__}"
                raise AuthenticationFailed(msg) from None
        return request


def _read_bounded(response: requests.Response) -> bytes | None:
    """The body after decompression, or ``None`` when it is larger than allowed."""
    pieces: list[bytes] = []
    size, raw = 0, response.raw
    while piece := raw.read(_CHUNK, decode_content=True):
        size += len(piece)
        if size > configs.RESPONSE_LIMIT:
            return None
        pieces.append(piece)
        if getattr(raw, "length_remaining", None) == 0 and "content-encoding" not in raw.headers:
            # The usual case, in which another read would only find that there is no more.
            break
    return b"".join(pieces)


def _renew_after_fork() -> None:
    """Give a forked child new sockets: on shared ones, parent and child would read each other's answers."""
    for connection in list(_connections.values()):
        connection.renew_sockets()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_after_fork)

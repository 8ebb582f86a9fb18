"""One bounded GET: the connection to a platform, and what can come back from it.

`Connection.fetch` makes exactly one request. It ends within 30 s in all, reads at most 8 MiB, follows no redirect, and
either returns a `JobState` or raises an `ApiError` that says what came instead. Whether to try again is not decided
here.

The token lives in the authentication object of the connection and in the request while it is under way, nowhere else;
no exception that leaves this module is chained to one that holds the request.
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
from fiddler_widgets.client.answers import interpreted
from fiddler_widgets.client.connection_options import Route, checked_timeout, checked_token, checked_url
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
    """Sets the token on each request; its being there keeps requests from looking into ``~/.netrc``."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.header = f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.header
        return request


class Connection:
    """Where a platform is and how to be let in. Safe to share between threads.

    Args:
        url: The platform's address, http or https.
        token: The API key.
        proxies: Proxies by scheme, as in requests; the environment's beside them.
        timeout: Seconds, or a pair of seconds for connecting and for each receive; never more than 30 s in all.
        verify: Whether the server's certificate must be valid, or the path of a CA bundle.
        headers: Further headers for each request.
        auth: A requests authentication object, applied to each request after the token's header is set.
        route: How requests get there, in place of ``proxies``, ``verify`` and the environment.

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
        route: Route | None = None,
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
        # As requests would send it: international host names and the like are encoded once.
        self._base = requests.Request("GET", f"{self.url}/").prepare().url or ""
        # Once, not per request: reading proxies and CA bundles from the environment costs more than a request.
        self._route = route or Route.from_environment(self.url, proxies, verify)
        self._settings = {name: getattr(self._route, name) for name in ("proxies", "verify", "cert")}
        self.renew_sockets()
        # By identity: equal ones have sockets of their own.
        _connections[id(self)] = self

    def renew_sockets(self) -> None:
        """Begin with no open socket: those of a forked child are shared with its parent."""
        self._adapter = DeadlineAdapter() if self._route.adapter is None else self._route.adapter

    def __eq__(self, other: object) -> bool:
        """Whether requests through both are the same, so that they can share one stream."""
        return isinstance(other, Connection) and self._identity() == other._identity()

    def __hash__(self) -> int:
        """Of what all equal connections share."""
        return hash(self.url)

    def _identity(self) -> tuple[Any, ...]:
        return self.url, self._bearer.header, self._auth, self._timeout, self._route, self._headers

    def __repr__(self) -> str:
        """Where it leads to; never the token."""
        return f"Connection({self.url!r})"

    def __reduce__(self) -> Any:
        """Refuse to be pickled: a pickle would hold the token."""
        msg = "a Connection holds a secret and cannot be pickled; call fw.init() where it is needed"
        raise TypeError(msg)

    def masked(self, text: str) -> str:
        """A text without the token, should that be in it."""
        return Mask(self._bearer.token).text(text)

    def close_idle(self) -> None:
        """Close the sockets that are kept open for reuse; the connection stays usable."""
        # One that is somebody else's is theirs to close.
        if self._route.adapter is None:
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
        """As `fetch`, but the error is returned: raised from here it would be chained to what holds the token."""
        response: requests.Response | None = None
        try:
            with deadline(time.monotonic() + configs.REQUEST_TIMEOUT):
                request = self._prepare(job_id, verbose)
                response = self._adapter.send(request, stream=True, timeout=self._timeout, **self._settings)
                body = _read_bounded(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            words, permanent, advice, code = connection_problem(error)
            where = urlsplit(self.url).netloc
            return ApiConnectionError(f"{words} ({where})", permanent=permanent, advice=advice, code=code)
        except Exception as error:  # noqa: BLE001 (somebody else's adapter may raise anything, and quote a secret)
            return ApiConnectionError(f"the request failed with {type(error).__name__}")
        finally:
            if response is not None:
                # A body read to its end has given its connection back already; any other connection must not be reused.
                response.close()
        # A server that repeats the token is not to make us pass it on.
        mask = Mask(self._bearer.token)
        return interpreted(response.status_code, response.url or "", response.headers, body, job_id, mask)

    def _prepare(self, job_id: UUID | str, verbose: bool) -> requests.PreparedRequest:  # noqa: FBT001
        # What requests would prepare from these, without its looking at each part anew for every poll.
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
                # Somebody else's code, which may quote a secret: its kind is all that may be repeated.
                msg = f"the session's own authentication failed with {type(error).__name__}"
                raise AuthenticationFailed(msg) from None
        return request


def _read_bounded(response: requests.Response) -> bytes | None:
    """The body after decompression, or ``None`` when it is larger than allowed."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read(_CHUNK, decode_content=True):
        size += len(piece)
        if size > configs.RESPONSE_LIMIT:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _renew_after_fork() -> None:
    """Give a forked child sockets of its own: on those of its parent, each would read the other's answers."""
    for connection in list(_connections.values()):
        connection.renew_sockets()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_after_fork)

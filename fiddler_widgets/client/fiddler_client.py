"""The official client, ``fiddler``, where the user has it: its connection, its jobs and its exceptions.

Nothing here imports it. If it has been imported, it is found among the loaded modules; if not, there is nothing to do.
"""

from __future__ import annotations

import copy
import sys
import weakref
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urljoin

from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from fiddler_widgets.client.connection import Connection
from fiddler_widgets.client.connection_options import Route, checked_url
from fiddler_widgets.exceptions import ApiError, AsyncJobFailed, FiddlerWidgetsError, NotConnected, NotFound

if TYPE_CHECKING:
    from fiddler_widgets.models import JobState

__all__ = ["also_official", "connection", "handles", "is_job", "update"]

_Error = TypeVar("_Error", bound=FiddlerWidgetsError)
_FIELDS = ("name", "status", "progress", "info", "error_message", "error_reason", "extras")

handles: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""Our handle on each job of the official client that was given to us."""

_PREPARES_REQUESTS_SINCE = (3, 7)

_adopted: tuple[dict[str, Any], Connection] | None = None


def connection() -> Connection | None:
    """The connection of the user's last ``fiddler.init()`` as it is now, or ``None``.

    What has been set on its session since, such as its authentication, counts from the next call on.

    Raises:
        NotConnected: There is one that we cannot use; the message says why.
    """
    adopted = _adopt()
    if not isinstance(adopted, str):
        return adopted
    msg = (
        f"The connection of fiddler.init() cannot be used for live jobs: {adopted}. Change that in fiddler.init(), or "
        "call fw.init(url=..., token=...) as well."
    )
    raise NotConnected(msg)


def _adopt() -> Connection | str | None:
    """Our counterpart of their connection, or what is wrong with that: raised from here, it could show the token."""
    global _adopted  # noqa: PLW0603
    theirs = getattr(sys.modules.get("fiddler"), "conn", None)
    if theirs is None:
        return None
    try:
        terms, adopted = _terms(theirs), _adopted
        if adopted is None or adopted[0] != terms:
            adopted = _adopted = terms, Connection(**terms)
    except ValueError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (their objects may be of a version that nobody has seen yet)
        return f"reading it failed with {type(error).__name__}"
    return adopted[1]


def _terms(theirs: Any) -> dict[str, Any]:
    """What to make a `Connection` from: what the official client itself goes by at this moment."""
    client = theirs.client
    # As it joins the address and "/v3/...", a path is dropped, such as that of a page copied from the browser.
    url = checked_url(urljoin(getattr(client, "base_url", theirs.url).strip(), "/"))
    headers = CaseInsensitiveDict({**client.session.headers, **theirs.request_headers})
    scheme, _, key = headers.pop("Authorization", "").partition(" ")
    return {
        "url": url,
        "token": key if scheme == "Bearer" else theirs.token,
        "timeout": theirs.timeout,
        "headers": {name: text for name, text in headers.items() if text is not None},
        "auth": client.session.auth,
        "route": _route(client, getattr(client, "proxies", theirs.proxies), f"{url}/v3/jobs/"),
    }


def _route(client: Any, proxies: Any, url: str) -> Route:
    session = client.session
    settings = {"proxies": proxies, "verify": session.verify, "cert": session.cert}
    if _asks_environment():
        settings = session.merge_environment_settings(url, dict(proxies or {}), None, session.verify, None)
    adapter = session.get_adapter(url)
    # The plain one is what it comes with; ours stands for that.
    mounted = None if type(adapter) is HTTPAdapter else adapter
    return Route(dict(settings["proxies"] or {}), settings["verify"], settings["cert"], mounted)


def _asks_environment() -> bool:
    """Whether proxies and CA bundles of the environment count for the official client that is loaded.

    They do in `Session.request`, which versions before 3.7 call. Newer ones prepare requests themselves, for
    `Session.send`, and give it proxies and ``verify`` of their own: then it looks no further.
    """
    version = str(getattr(sys.modules.get("fiddler"), "__version__", ""))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return bool(numbers) and numbers < _PREPARES_REQUESTS_SINCE


def is_job(thing: object) -> bool:
    """Whether something is a job of the official client."""
    kind = getattr(sys.modules.get("fiddler.entities.job"), "Job", None)
    return isinstance(kind, type) and isinstance(thing, kind)


def update(job: Any, state: JobState) -> None:
    """Write a new state into a job of the official client, in the types that it uses."""
    for name in _FIELDS:
        # Copies: what its owner does with the dictionaries must not reach the snapshot that others share.
        setattr(job, name, copy.deepcopy(getattr(state, name)))
    job.status = str(state.status)
    job.progress = state.progress if state.progress is not None else 0.0


def also_official(kind: type[_Error]) -> type[_Error]:
    """A subclass of an exception class that ``except fiddler.…`` catches too, where there is such a counterpart."""
    theirs = sys.modules.get("fiddler.exceptions")
    for ours in (NotFound, ApiError, AsyncJobFailed):
        counterpart = getattr(theirs, ours.__name__, None)
        if issubclass(kind, ours) and isinstance(counterpart, type):
            return cast("type[_Error]", _joined(cast("Any", kind), counterpart))
    return kind


@cache
def _joined(kind: type[FiddlerWidgetsError], counterpart: type[BaseException]) -> type[FiddlerWidgetsError]:
    def reduce(self: FiddlerWidgetsError) -> tuple[Any, ...]:
        # By our class, which a pickle finds by its name; this one is joined anew where the error arrives.
        return _rebuilt, (kind, self.args), vars(self)

    namespace = {"__module__": kind.__module__, "__doc__": kind.__doc__, "__reduce__": reduce}
    # Ours come first, so that their constructors and attributes hold.
    return type(kind.__name__, (kind, counterpart), namespace)


def _rebuilt(kind: type[FiddlerWidgetsError], args: tuple[Any, ...]) -> FiddlerWidgetsError:
    return also_official(kind)(*args)

"""The official client, ``fiddler``, if the user has it: its connection, its jobs and its exceptions.

Nothing here imports it. If the user has imported it, it is found in ``sys.modules``; if not, there is nothing to do.
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
from fiddler_widgets.client.connection_options import ConnectionOptions, checked_url
from fiddler_widgets.exceptions import ApiError, AsyncJobFailed, FiddlerWidgetsError, NotConnected, NotFound

if TYPE_CHECKING:
    from fiddler_widgets.models import JobState

__all__ = ["also_official", "connection", "handles", "is_job", "update"]

_Error = TypeVar("_Error", bound=FiddlerWidgetsError)
_FIELDS = ("name", "status", "progress", "info", "error_message", "error_reason", "extras")

handles: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""The `Job` that was made for each job of the official client."""

_PREPARES_REQUESTS_SINCE = (3, 7)

_adopted: tuple[dict[str, Any], Connection] | None = None


def connection() -> Connection | None:
    """The connection of the user's last ``fiddler.init()`` as it is now, or ``None``.

    Changes that the user makes to its session, such as to its authentication, count from the next call on.

    Raises:
        NotConnected: There is a connection that cannot be used; the message says why.
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
    """The official client's connection as ours, or why it cannot be used (an exception could show the token)."""
    global _adopted  # noqa: PLW0603
    official = getattr(sys.modules.get("fiddler"), "conn", None)
    if official is None:
        return None
    try:
        arguments, adopted = _connection_arguments(official), _adopted
        if adopted is None or adopted[0] != arguments:
            adopted = _adopted = arguments, Connection(**arguments)
    except ValueError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (the client may be of a version that does not exist yet)
        return f"reading it failed with {type(error).__name__}"
    return adopted[1]


def _connection_arguments(official: Any) -> dict[str, Any]:
    """The arguments for a `Connection` that makes requests as the official client would at this moment."""
    client = official.client
    # The client joins the address and "/v3/..." so that a path in the address, such as that of a page, is dropped.
    url = checked_url(urljoin(getattr(client, "base_url", official.url).strip(), "/"))
    headers = CaseInsensitiveDict({**client.session.headers, **official.request_headers})
    scheme, _, key = headers.pop("Authorization", "").partition(" ")
    return {
        "url": url,
        "token": key if scheme == "Bearer" else official.token,
        "timeout": official.timeout,
        "headers": {name: text for name, text in headers.items() if text is not None},
        "auth": client.session.auth,
        "options": _options(client, getattr(client, "proxies", official.proxies), f"{url}/v3/jobs/"),
    }


def _options(client: Any, proxies: Any, url: str) -> ConnectionOptions:
    session = client.session
    settings = {"proxies": proxies, "verify": session.verify, "cert": session.cert}
    if _asks_environment():
        settings = session.merge_environment_settings(url, dict(proxies or {}), None, session.verify, None)
    adapter = session.get_adapter(url)
    # A plain `HTTPAdapter` is the default of requests; our own adapter replaces it.
    mounted = None if type(adapter) is HTTPAdapter else adapter
    return ConnectionOptions(dict(settings["proxies"] or {}), settings["verify"], settings["cert"], mounted)


def _asks_environment() -> bool:
    """Whether proxies and CA bundles of the environment count for the official client that is loaded.

    They do with versions before 3.7, which call `Session.request`. Newer versions call `Session.send` with proxies and
    ``verify`` of their own, and then requests does not read the environment.
    """
    version = str(getattr(sys.modules.get("fiddler"), "__version__", ""))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return bool(numbers) and numbers < _PREPARES_REQUESTS_SINCE


def is_job(value: object) -> bool:
    """Whether a value is a job of the official client."""
    kind = getattr(sys.modules.get("fiddler.entities.job"), "Job", None)
    return isinstance(kind, type) and isinstance(value, kind)


def update(job: Any, state: JobState) -> None:
    """Write a new state into a job of the official client, in the types that it uses."""
    for name in _FIELDS:
        # Copies, since changes by the job's owner must not reach the snapshot that others share.
        setattr(job, name, copy.deepcopy(getattr(state, name)))
    job.status = str(state.status)
    job.progress = state.progress if state.progress is not None else 0.0


def also_official(kind: type[_Error]) -> type[_Error]:
    """A subclass of an exception class which an ``except`` of its official counterpart, if any, catches too."""
    official = sys.modules.get("fiddler.exceptions")
    for own_class in (NotFound, ApiError, AsyncJobFailed):
        counterpart = getattr(official, own_class.__name__, None)
        if issubclass(kind, own_class) and isinstance(counterpart, type):
            return cast("type[_Error]", _joined(cast("Any", kind), counterpart))
    return kind


@cache
def _joined(kind: type[FiddlerWidgetsError], counterpart: type[BaseException]) -> type[FiddlerWidgetsError]:
    def reduce(self: FiddlerWidgetsError) -> tuple[Any, ...]:
        # A pickle finds our class by its name; the joined class is made anew when the error is loaded.
        return _rebuilt, (kind, self.args), vars(self)

    namespace = {"__module__": kind.__module__, "__doc__": kind.__doc__, "__reduce__": reduce}
    # Ours come first, so that their constructors and attributes hold.
    return type(kind.__name__, (kind, counterpart), namespace)


def _rebuilt(kind: type[FiddlerWidgetsError], args: tuple[Any, ...]) -> FiddlerWidgetsError:
    return also_official(kind)(*args)

"""The official client, ``fiddler``, where the user has it: its connection, its jobs and its exceptions.

Nothing here imports it. If it has been imported, it is found among the loaded modules; if not, there is nothing to do.
"""

from __future__ import annotations

import copy
import sys
import weakref
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fiddler_widgets.exceptions import ApiError, AsyncJobFailed, FiddlerWidgetsError, NotFound
from fiddler_widgets.transport import Connection

if TYPE_CHECKING:
    from fiddler_widgets.models import JobState

__all__ = ["also_official", "connection", "handles", "is_job", "update"]

_Error = TypeVar("_Error", bound=FiddlerWidgetsError)
_FIELDS = ("name", "status", "progress", "info", "error_message", "error_reason", "extras")

handles: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""Our handle on each job of the official client that was given to us."""

_adopted: tuple[Any, Connection] | None = None


def connection() -> Connection | None:
    """The connection of the user's last ``fiddler.init()``, or ``None``."""
    global _adopted  # noqa: PLW0603
    theirs = getattr(sys.modules.get("fiddler"), "conn", None)
    if theirs is None:
        return None
    if _adopted is None or _adopted[0] is not theirs:
        session = theirs.client.session
        headers = {name: text for name, text in theirs.request_headers.items() if name.lower() != "authorization"}
        _adopted = (
            theirs,
            Connection(
                theirs.url,
                theirs.token,
                proxies=theirs.proxies,
                timeout=theirs.timeout,
                verify=session.verify,
                headers=headers,
                auth=session.auth,
            ),
        )
    return _adopted[1]


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

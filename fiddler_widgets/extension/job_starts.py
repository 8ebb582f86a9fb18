"""Jobs that the official client starts: after a start it calls ``Job.get`` itself, which is how a start is noticed."""

from __future__ import annotations

import functools
import inspect
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["noting_get"]

_log = logging.getLogger("fiddler_widgets")

_STARTERS = "fiddler.entities."
"""The prefix of the official client's modules that start jobs; a call of `Job.get` from elsewhere looks a job up."""

_failure_logged = False


def noting_get(note: Callable[[object, Any], None]) -> Callable[[Any], Any]:
    """A wrapper for the official ``Job.get``, which notes the jobs that the client starts.

    Args:
        note: Called with the id of each job that the client starts, and with its object. The object is ``None`` if the
            first request for it fails; otherwise the user would never learn the id.

    Returns:
        A function that wraps the class method; it returns ``None`` if its argument is no class method.
    """

    def wrap(original: Any) -> Any:
        if not isinstance(original, classmethod):
            return None
        function: Callable[..., Any] = original.__func__

        @functools.wraps(function)
        def get(cls: Any, *args: Any, **kwargs: Any) -> Any:
            frame = inspect.currentframe()
            caller = frame.f_back if frame is not None else None
            if caller is None or not caller.f_globals.get("__name__", "").startswith(_STARTERS):
                return function(cls, *args, **kwargs)
            id_ = kwargs["id_"] if "id_" in kwargs else args[0] if args else None
            try:
                job = function(cls, *args, **kwargs)
            except Exception:
                _note_safely(note, id_, None)
                raise
            _note_safely(note, id_, job)
            return job

        return classmethod(get)

    return wrap


def _note_safely(note: Callable[[object, Any], None], id_: object, job: Any) -> None:
    """Note a start; an exception does not reach the cell, and is logged once per process."""
    global _failure_logged  # noqa: PLW0603
    try:
        note(id_, job)
    except Exception:  # noqa: BLE001 (a cell must not fail because a job cannot be shown)
        if not _failure_logged:
            _failure_logged = True
            _log.exception("a job that was started could not be shown")

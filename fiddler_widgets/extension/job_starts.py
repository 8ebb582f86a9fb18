"""Jobs that the official client starts: its modules end in ``Job.get``, whose caller says whether it is a start."""

from __future__ import annotations

import functools
import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["noting_get"]

_log = logging.getLogger("fiddler_widgets")

_STARTERS = "fiddler.entities."
"""Where the official client's own modules are; whoever else calls `Job.get` looks a job up."""

_complained = False


def noting_get(note: Callable[[object, Any], None]) -> Callable[[Any], Any]:
    """What makes our ``Job.get`` of the official one.

    Args:
        note: Called with the id of each job that the client starts, and with its object; that is ``None`` where the
            first request for it fails, of whose id the user otherwise never learns.

    Returns:
        A function from the class method to ours; it returns ``None`` for what is no class method.
    """

    def made(original: Any) -> Any:
        if not isinstance(original, classmethod):
            return None
        function: Callable[..., Any] = original.__func__

        @functools.wraps(function)
        def get(cls: Any, *args: Any, **kwargs: Any) -> Any:
            if not sys._getframe(1).f_globals.get("__name__", "").startswith(_STARTERS):  # noqa: SLF001
                return function(cls, *args, **kwargs)
            id_ = kwargs["id_"] if "id_" in kwargs else args[0] if args else None
            try:
                job = function(cls, *args, **kwargs)
            except Exception:
                _noted(note, id_, None)
                raise
            _noted(note, id_, job)
            return job

        return classmethod(get)

    return made


def _noted(note: Callable[[object, Any], None], id_: object, job: Any) -> None:
    """Tell of a start; nothing that goes wrong with it reaches the cell, and it is logged once."""
    global _complained  # noqa: PLW0603
    try:
        note(id_, job)
    except Exception:  # noqa: BLE001 (likewise)
        if not _complained:
            _complained = True
            _log.exception("a job that was started could not be shown")

"""The context of a cell, for code that runs outside of it, in threads of this package or of the user.

ipykernel keeps in context variables to which cell a message or a printed line belongs, and a new thread has none of
them. So a thread can send nothing at all in ipykernel 7.0; in later versions its output goes to the cell that ran last.
"""

from __future__ import annotations

import contextvars
import functools
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from fiddler_widgets import compat
from fiddler_widgets.environment import headless, shell

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CellContext", "follow_cells", "in_cell"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_newest: contextvars.Context | None = None
"""The context of the cell that ran last; ``None`` before one was noted."""


def follow_cells() -> None:
    """From now on, note the context of each cell that runs; does nothing outside of a kernel."""
    running = shell()
    if not hasattr(running, "kernel"):
        return
    _note_cell()
    # Registering it again does nothing, since IPython keeps each callback only once.
    running.events.register("pre_run_cell", _note_cell)


def _note_cell(_info: object = None) -> None:
    global _newest  # noqa: PLW0603
    if compat.knows_its_cell(shell()):
        _newest = contextvars.copy_context()


def _current_context() -> contextvars.Context:
    """A copy of the caller's context; in a thread without a cell, of the newest cell's context."""
    if _newest is not None and not compat.knows_its_cell(shell()):
        return _newest.copy()
    return contextvars.copy_context()


def in_cell(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Decorate a function that displays something: in a thread without a cell, it runs in the newest cell's context."""

    @functools.wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        if _newest is None or compat.knows_its_cell(shell()):
            return function(*args, **kwargs)
        return _newest.copy().run(function, *args, **kwargs)

    return run


class CellContext:
    """The context in which this object was made, to run functions in it later.

    Hosts that run a notebook without a page (nbclient, papermill) receive only the output of the running cell; there,
    the newest cell's context is used instead.
    """

    def __init__(self) -> None:
        self._context = _current_context()
        self._follows_newest = _newest is not None and self._context.run(headless)

    def run(self, function: Callable[..., _T], *args: Any) -> _T:
        """Call a function in a copy of the context; any number of threads may do so at the same time."""
        newest = _newest if self._follows_newest else None
        return (newest or self._context).copy().run(function, *args)

"""Whose output it is: the context of a cell, for what runs outside of it, in our threads or in the user's.

ipykernel keeps in context variables which cell a message or a printed line belongs to, and a thread has none of them:
in 7.0 it can send nothing at all, later what it says goes under whichever cell ran last.
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
"""That of the cell that ran last."""


def follow_cells() -> None:
    """From now on, know the context of the cell that runs; outside of a kernel there are none."""
    running = shell()
    if not hasattr(running, "kernel"):
        return
    _note_cell()
    # Twice is once: IPython keeps no callback that it has.
    running.events.register("pre_run_cell", _note_cell)


def _note_cell(_info: object = None) -> None:
    global _newest  # noqa: PLW0603
    if compat.knows_its_cell(shell()):
        _newest = contextvars.copy_context()


def _here() -> contextvars.Context:
    """A copy of the caller's context, or in a thread that has none of the newest cell's."""
    if _newest is not None and not compat.knows_its_cell(shell()):
        return _newest.copy()
    return contextvars.copy_context()


def in_cell(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Have a function that shows something run as part of the newest cell, where its thread is part of none."""

    @functools.wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        if _newest is None or compat.knows_its_cell(shell()):
            return function(*args, **kwargs)
        return _newest.copy().run(function, *args, **kwargs)

    return run


class CellContext:
    """The context in which this object was made, for all that runs for its owner later.

    What runs a notebook without a page (nbclient, papermill) hears only what belongs to the cell that runs: there, that
    cell's is taken.
    """

    def __init__(self) -> None:
        self._own = _here()
        self._moves = _newest is not None and self._own.run(headless)

    def run(self, function: Callable[..., _T], *args: Any) -> _T:
        """Call a function in a copy, which any number of threads may do at a time."""
        newest = _newest if self._moves else None
        return (newest or self._own).copy().run(function, *args)

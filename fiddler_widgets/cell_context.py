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

__all__ = ["CellContext", "follow_cells", "in_cell", "send_within_cell"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_newest: contextvars.Context | None = None
"""The context of the cell that ran last; ``None`` before one was noted."""

_cell_runs = True
"""Whether a cell runs now; true where cells are not followed."""

_turns = 0
"""How often a cell has begun or ended."""

_sent_between: dict[object, Callable[[], None]] = {}
"""What was sent while no cell ran, to be sent again when the next one begins; of each sender the last."""


def follow_cells() -> None:
    """From now on, note the context of each cell that runs; does nothing outside of a kernel."""
    running = shell()
    if not hasattr(running, "kernel"):
        return
    _note_cell()
    # Registering it again does nothing, since IPython keeps each callback only once.
    running.events.register("pre_run_cell", _begin_cell)
    running.events.register("post_execute", _end_cell)


def _begin_cell(_info: object = None) -> None:
    global _cell_runs, _turns
    _note_cell()
    while _sent_between:
        for sender in list(_sent_between):
            send = _sent_between.pop(sender, None)
            if send is not None:
                send()
    # Only now: what a thread sends meanwhile is sent once more after what is older.
    _cell_runs, _turns = True, _turns + 1


def _end_cell() -> None:
    global _cell_runs, _turns
    _cell_runs, _turns = False, _turns + 1


def send_within_cell(sender: object, send: Callable[[], None]) -> None:
    """Send something to a host that receives nothing between two cells, as nbclient and papermill do.

    Args:
        sender: Who sends; what it sends later takes the place of what it has sent before.
        send: Sends it, without an exception; called now, and again when the next cell begins, if no cell runs by then.
    """
    turns = _turns
    _sent_between.pop(sender, None)
    send()
    if not _cell_runs or turns != _turns:
        _sent_between[sender] = send


def _note_cell() -> None:
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

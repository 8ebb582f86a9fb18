"""All that rests on private parts of other libraries, each with what is lost where it goes.

Everything here works without them too, only less well; `tests/unit/test_compat.py` shows which ones the installed
versions have. A leaf: it may be imported from everywhere.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["answer_on_arrival_shell", "closed_by_host", "format_caller", "live_widgets", "observers"]

_FRAMES = 12
"""How far up the asker may be: between it and a card there are a decorator and the ways of a `Job` to its card."""


def answer_on_arrival_shell(comm: Any) -> None:
    """Have messages of a page handled on the shell that they arrive on (ipykernel 7).

    A message would otherwise be routed to the shell that sent last, and wait there for the end of a blocking cell.
    Without it, clicks on a card wait while a cell waits; ■ works all the same.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001


def closed_by_host(comm: Any) -> bool:
    """Whether the host has thrown a widget away (comm, marimo).

    Without it, a card in marimo whose cell ran again is found unseen only after `configs.UNSEEN_TIMEOUT`.
    """
    return bool(getattr(comm, "_closed", False))


def format_caller() -> str | None:
    """The function that has IPython format the thing whose method runs; ``None`` if its method was called directly.

    For a cell's last expression that is ``compute_format_data``: IPython does not say so in any other way. Without it,
    everything counts as that, and whatever asks for a card's formats without displaying it displays it in the cell.
    """
    frame = inspect.currentframe()
    for _ in range(_FRAMES):
        frame = frame.f_back if frame is not None else None
        if frame is None:
            return None
        if frame.f_code.co_name == "format" and frame.f_globals.get("__name__") == "IPython.core.formatters":
            return frame.f_back.f_code.co_name if frame.f_back is not None else None
    return None


def live_widgets() -> list[Any]:
    """All widgets that are open (ipywidgets).

    Without it, a card within a layout widget counts as not displayed, and a wait displays it once more.
    """
    from ipywidgets.widgets import widget  # noqa: PLC0415 (whoever shows no card pays nothing for it)

    return list(getattr(widget, "_instances", {}).values())


def observers(widget: Any, names: Iterable[str]) -> bool:
    """Whether anybody observes one of these traits (traitlets).

    Without it, a card that is only observed pauses once no page shows it.
    """
    notifiers = getattr(widget, "_trait_notifiers", {})
    return any(handlers for name in names for handlers in notifiers.get(name, {}).values())

"""Whether jobs are remembered, and with which notebook and cell.

A watch captures its context; the journal's thread finds out the rest later.
"""

from __future__ import annotations

import contextvars
import os

from fiddler_widgets import configs
from fiddler_widgets.environment import headless, in_voila, notebook, running_cell
from fiddler_widgets.journal.sightings import Moment

__all__ = ["capture_context", "place", "recording", "switch"]

_OFF = ("off", "0", "false", "no")
_ON = ("on", "1", "true", "yes")


def recording() -> bool:
    """Whether jobs of the running cell are to be remembered.

    ``FIDDLER_WIDGETS_JOURNAL=off`` and ``configs.JOURNAL = False`` each switch the journal off. In Voilà, and in
    notebooks that run without a page, it has to be switched on.
    """
    switched = switch()
    return not headless() if switched is None else switched


def switch() -> bool | None:
    """Whether the journal is switched on or off; ``None`` if that depends on whether the cell has a page."""
    setting = os.environ.get("FIDDLER_WIDGETS_JOURNAL", "").strip().lower()
    if configs.JOURNAL is False or setting in _OFF:
        return False
    if configs.JOURNAL or setting in _ON:
        return True
    return False if in_voila() else None


def capture_context() -> tuple[Moment, contextvars.Context]:
    """The present moment, and the running cell's context, in which `place` may be called later."""
    return Moment.now(), contextvars.copy_context()


def place() -> str | None:
    """The running notebook and cell, such as "/home/me/churn.ipynb#1f3a"; ``None`` if nothing is to be remembered.

    Empty outside of notebooks, and in hosts that do not tell the notebook's path.
    """
    if not recording():
        return None
    path, cell = notebook(), running_cell()[0]
    return f"{path[-120:]}#{cell[:40]}" if path and cell else path[-160:]

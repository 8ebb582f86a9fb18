"""Whether jobs are remembered here, and in which place: noted by the watch, found out by the journal's thread."""

from __future__ import annotations

import contextvars
import os

from fiddler_widgets import configs
from fiddler_widgets.environment import headless, in_voila, notebook, running_cell
from fiddler_widgets.journal.sightings import Moment

__all__ = ["here", "place", "recording", "switch"]

_OFF = ("off", "0", "false", "no")
_ON = ("on", "1", "true", "yes")


def recording() -> bool:
    """Whether what happens here and now is to be remembered.

    ``FIDDLER_WIDGETS_JOURNAL=off`` and ``configs.JOURNAL = False`` each switch it off; in Voilà, and in notebooks that
    are run without a page, it has to be switched on.
    """
    switched = switch()
    return not headless() if switched is None else switched


def switch() -> bool | None:
    """What the switches say; ``None`` for what depends on whether the cell has a page."""
    word = os.environ.get("FIDDLER_WIDGETS_JOURNAL", "").strip().lower()
    if configs.JOURNAL is False or word in _OFF:
        return False
    if configs.JOURNAL or word in _ON:
        return True
    return False if in_voila() else None


def here() -> tuple[Moment, contextvars.Context]:
    """This moment, and this cell: enough to find out later, by `place`, where this was."""
    return Moment.now(), contextvars.copy_context()


def place() -> str | None:
    """The notebook that runs, and its cell, as in "/home/me/churn.ipynb#1f3a"; ``None`` where nothing is remembered.

    Empty in what is no notebook, or one that no host tells of.
    """
    if not recording():
        return None
    path, cell = notebook(), running_cell()[0]
    return f"{path[-120:]}#{cell[:40]}" if path and cell else path[-160:]

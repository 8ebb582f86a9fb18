"""The traits of a board, which it shares with its page, and the files of the frontend."""

from __future__ import annotations

import pathlib
from functools import cache
from typing import Any, Final

import traitlets

from fiddler_widgets.environment import headless
from fiddler_widgets.models import Health
from fiddler_widgets.widget.page_comms import ReachableWidget
from fiddler_widgets.widget.saved_state import NO_FILES

__all__ = ["PAGE_TRAITS", "BoardTraits", "frontend"]

PAGE_TRAITS: Final = ("_table", "_delta", "_head", "_cards", "counts", "progress", "time_left", "health")
"""The traits that the kernel sends to its pages."""


@cache
def frontend() -> tuple[str, str]:
    """The frontend's module and its style sheet; read when the first board is made."""
    static = pathlib.Path(__file__).parent.parent / "static"
    return (static / "job_board.js").read_text("utf-8"), (static / "job_board.css").read_text("utf-8")


def _table_to_page(_count: int, board: Any) -> bytes:
    return bytes(board.__table_snapshot__())


def _table_from_page(_value: object, board: Any) -> int:
    """Keep the trait's value, since a page never sends a table."""
    return int(board.__tables_sent__)


class BoardTraits(ReachableWidget):
    """The traits of a board; those without an underscore are for users to observe."""

    # Declared, so that the files are read when a board is made and not when this module is imported.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    counts = traitlets.Dict(help="How many jobs have each status; an empty one before the first answer.").tag(sync=True)
    progress = traitlets.Float(0.0, help="Per cent over all jobs, 0 to 100; 100 for each that is over.").tag(sync=True)
    time_left = traitlets.Tuple(
        traitlets.Float(),
        traitlets.Float(),
        default_value=None,
        allow_none=True,
        help="From what to what many seconds all jobs may take yet; None while unknown.",
    ).tag(sync=True)
    health = traitlets.Unicode(Health.STARTING.value, help="How the watching of most jobs goes.").tag(sync=True)
    filter = traitlets.Unicode(help="What the reader searches for; may be set.").tag(sync=True)

    # The value counts how often the whole table was sent; the table itself is made when the trait is serialised.
    _table = traitlets.Int(0).tag(sync=True, to_json=_table_to_page, from_json=_table_from_page)
    _delta = traitlets.Dict(help="What has changed since the delta before.").tag(sync=True)
    _head = traitlets.Dict(help="What stands above the rows, and the sign of life.").tag(sync=True)
    _cards = traitlets.Dict(help="The cards of the open rows.").tag(sync=True)
    _view = traitlets.Dict(help="How the reader wants to see the rows; written by the page.").tag(sync=True)
    _height = traitlets.Float(0.0, help="Pixels that the rows take at most; 0 for as many as usual.").tag(sync=True)
    _notify = traitlets.Bool(default_value=False, help="Whether the page tells when all jobs are over.").tag(sync=True)

    @traitlets.default("_esm")
    def _first_esm(self) -> str:
        return NO_FILES["_esm"] if headless() else frontend()[0]

    @traitlets.default("_css")
    def _first_css(self) -> str:
        return NO_FILES["_css"] if headless() else frontend()[1]

    @property
    def __tables_sent__(self) -> int:
        """How often the whole table was sent without a question of a page."""
        return int(self._table)

    def __table_snapshot__(self) -> bytes:
        """All rows as they are now, as a page reads them; `JobBoard` overrides this."""
        return b""

"""How a board is displayed in a notebook, and what its outputs hold for readers without a kernel."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Protocol

from fiddler_widgets import configs
from fiddler_widgets.board.saved_board import SavedBoard
from fiddler_widgets.rendering import static_list
from fiddler_widgets.widget.formats import asked_to_display, give_formats

if TYPE_CHECKING:
    from fiddler_widgets.board.board_watcher import BoardWatcher
    from fiddler_widgets.board.job_rows import JobRows

__all__ = ["BoardOutput"]


class LiveFormats(Protocol):
    """Gives the widget's own formats; ``None`` if it has none."""

    def __call__(self, **kwargs: Any) -> Any:
        """As ``_repr_mimebundle_`` of a widget."""
        ...


class BoardOutput:
    """The outputs of one board.

    Args:
        rows: The board's jobs.
        watcher: What tells its pages.
        live: Gives the widget's own formats.
        grows: Whether further jobs may come by themselves, so that the board is never over.
    """

    def __init__(self, rows: JobRows, watcher: BoardWatcher, live: LiveFormats, *, grows: bool) -> None:
        self._rows, self._watcher, self._live = rows, watcher, live
        self._freeze = configs.FREEZE
        frontend = watcher.frontend
        self._saved = SavedBoard(self._static_rows, grows=grows, seen_at=self._seen_at, absent=lambda: frontend.absent)

    def display(self) -> bool:
        """Display the board in the running cell; returns whether that was done here and not left to IPython."""
        shown = asked_to_display() and self._freeze and self._saved.show(self._live)
        if shown:
            self._displayed()
        return shown

    def formats(self, text: str, **kwargs: Any) -> Any:
        """The formats of the board for whoever asks for them.

        Args:
            text: What stands beside the widget where nothing is kept up to date.
            **kwargs: As for ``_repr_mimebundle_``.
        """
        given = self._saved.give(self._live, self._displayed) if self._freeze else None
        live = functools.partial(self._live, **kwargs)
        return give_formats(given, live, lambda: text, self._saved, self._displayed, self._watcher.presence)

    def publish(self, *, again: bool = False) -> None:
        """Bring the outputs up to date if it is time to.

        Args:
            again: Do so in any case if the board is over, for a page that was not there when the last job ended.
        """
        if not self._saved:
            return
        pause = self._saved.update(self._rows.summary.counts, self._live, again=again)
        if pause is not None:
            self._watcher.publish_after(pause)

    def text(self) -> str:
        """Counts, and a line for each of the first jobs, failures before all others."""
        return static_list.text(self._static_rows())

    def _displayed(self, update: bool = False) -> None:  # noqa: FBT001, FBT002
        self._watcher.presence.shown(update=update)
        self._watcher.frontend.displayed()
        # In its turn, because the jobs may have ended while the display was on its way.
        self._watcher.post(self.publish)

    def _static_rows(self) -> list[static_list.Row]:
        return [static_list.Row(str(watch.job.id), watch.job.state) for watch in self._rows.watches()]

    def _seen_at(self) -> float | None:
        seen = (watch.job.__job_record__.known_since() for watch in self._rows.watches())
        return max((at for at in seen if at is not None), default=None)

"""What a board leaves in a notebook's outputs: counts and the rows that matter most, readable without a kernel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets.environment import headless
from fiddler_widgets.rendering import static_list
from fiddler_widgets.widget.notebook_output import Outputs, can_be_renewed
from fiddler_widgets.widget.renewals import Renewals

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.rendering.static_list import Row

    Bundle = tuple[dict[str, Any], dict[str, Any]]

__all__ = ["SavedBoard"]

_RENEWED_AFTER = 60.0
"""Seconds after which other counts are published again; the first failure and the end are published at once."""

_RENEWED_HEADLESS = 1.0
"""The same where no page draws it anew."""


class SavedBoard:
    """The outputs of one board, published again when what they say is no longer true.

    Args:
        rows: Gives the jobs as they are now.
        grows: Whether further jobs may come by themselves, so that it is never over.
        seen_at: Says when any of the jobs was last seen, in epoch seconds; ``None`` where that is not known.
        absent: Says whether no page can draw the widget: what is published is all there is then, and as good as live.
        monotonic: The clock, in seconds.
    """

    def __init__(
        self,
        rows: Callable[[], list[Row]],
        *,
        grows: bool,
        seen_at: Callable[[], float | None] = lambda: None,
        absent: Callable[[], bool] = bool,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows, self._grows, self._absent, self._monotonic = rows, grows, absent, monotonic
        self._seen_at, self._renewals = seen_at, Renewals(monotonic)
        self._published: tuple[bool, list[Row]] = (False, [])
        self._outputs = Outputs()
        self._headless = headless()
        self._counts: dict[str, int] = {}
        self._published_at = float("-inf")

    def __bool__(self) -> bool:
        """Whether the board has an output of its own."""
        return bool(self._outputs)

    def show(self, live: Callable[[], Bundle | None]) -> bool:
        """Display the board in the running cell.

        Args:
            live: Gives the widget's own formats.

        Returns:
            Whether it was displayed, as for `Outputs.show`.
        """
        return self._outputs.show(*self._formats(live))

    def give(self, live: Callable[[], Bundle | None], displayed: Callable[[bool], None]) -> tuple[Bundle, bool] | None:
        """The board's formats for somebody who may or may not display them.

        Args:
            live: Gives the widget's own formats.
            displayed: Called once they are displayed, with whether it is in an output that was there already.

        Returns:
            The formats, and whether ``displayed`` will be called; ``None`` where nothing is saved.
        """
        if not can_be_renewed():
            return None
        bundle = self._formats(live)
        return bundle, self._outputs.expect(bundle[0], displayed, renew=True)

    def give_live(self, formats: dict[str, Any], displayed: Callable[[bool], None]) -> bool:
        """Formats that stay as they are were given to somebody; returns whether ``displayed`` will be called."""
        return self._outputs.expect(formats, displayed, renew=False)

    def update(self, counts: dict[str, int], live: Callable[[], Bundle | None], *, again: bool = False) -> float | None:
        """Publish again where it is time to.

        Args:
            counts: How many jobs have each status.
            live: Gives the widget's own formats.
            again: Publish a board that is over in any case: a page has come that may have missed it.

        Returns:
            Seconds after which to be called again, where it is too soon now; ``None`` where that is not so.
        """
        if not self._outputs:
            return None
        absent = self._absent()
        if absent or self._published[0]:
            # The first time and the last it is not the jobs that have changed, but who draws them.
            rows = self._rows()
            over = _over(static_list.by_status(rows))
            pause = self._renewals.due(self._published != (absent, rows), static=absent and not over)
            if pause == 0:
                self._outputs.publish(*self._formats(live))
                return None
            return pause
        if counts == self._counts and not (again and self._settled(sum(counts.values()))):
            return None
        first_failure = "FAILURE" in counts and "FAILURE" not in self._counts
        # The end, and that it was none because further jobs have come.
        ended = _over(counts) or _over(self._counts)
        pause = _RENEWED_HEADLESS if self._headless else _RENEWED_AFTER
        if first_failure or ended or self._monotonic() - self._published_at >= pause:
            self._outputs.publish(*self._formats(live))
        return None

    def _formats(self, live: Callable[[], Bundle | None]) -> Bundle:
        rows, absent = self._rows(), self._absent()
        self._counts, self._published_at = static_list.by_status(rows), self._monotonic()
        self._published = absent, rows
        # Of a board that is over, and all of whose rows are in what is saved, that takes the widget's place.
        alone = absent and not _over(self._counts)
        html = static_list.html(rows, alone=alone, at=self._seen_at() if alone else None)
        static = {"text/plain": static_list.text(rows), "text/html": html}
        bundle = None if self._settled(len(rows)) or self._headless or absent else live()
        return self._outputs.formats(bundle, static)

    def _settled(self, rows: int) -> bool:
        """Whether nothing of the board is live any more, and what is saved tells all of it."""
        return _over(self._counts) and not self._grows and rows <= static_list.MOST_ROWS


def _over(counts: dict[str, int]) -> bool:
    return bool(counts) and counts.keys() <= {"SUCCESS", "FAILURE", "REVOKED"}

"""What the page needs of a row that is opened into its card: the values of a card's traits, without a widget for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets.rendering import card_content
from fiddler_widgets.widget import trait_values
from fiddler_widgets.widget.links import links
from fiddler_widgets.widget.stopwatch import Stopwatch

if TYPE_CHECKING:
    from fiddler_widgets.board.row_watch import RowWatch
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.rendering.history import History

__all__ = ["OpenCard"]

_UNSENT = ("name", "error_reason", "info", "extras", "health_detail")
"""Traits of a card that are for users alone."""


class OpenCard:
    """The card of one row, for as long as it is open.

    Args:
        watch: The row's watching.
        began: Since when it is on the board, in epoch seconds.
        until: Until when it was watched, likewise.
        history: What was seen of the job, kept up to date by whoever takes in reports.
    """

    def __init__(self, watch: RowWatch, began: float, until: float, history: History) -> None:
        self._watch = watch
        self._began, self._seen_at = began, until
        self._history = history
        if history.start is None:
            history.see(time.time(), watch.report)
        self._stopwatch, self._running = Stopwatch(), False
        self._fields: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        self._report: Report | None = None
        self._number = 0

    def values(self, *, controls: bool) -> tuple[dict[str, Any], bool]:
        """What the page is to know now.

        Args:
            controls: Whether a click can reach the kernel.

        Returns:
            The traits of a card by name, and whether they are other than at the last call, or a sign of life is due.
        """
        now, watch = time.monotonic(), self._watch
        report, new = watch.report, watch.report is not self._report
        self._run_stopwatch(now)
        if new:
            self._report = report
            where = links(watch.job)
            self._fields = trait_values.fields(str(watch.job.id), report, watch.job.state, where=where)
        changed = (
            self._fields_changed(controls=controls)
            or self._stopwatch.beat_due(now)
            or self._stopwatch.left_changed(report, now)
        )
        if changed:
            self._number += 1
            self._values = self._told(report, now, controls=controls)
        return self._values, changed

    def _run_stopwatch(self, now: float) -> None:
        if self._watch.watching != self._running:
            self._running = self._watch.watching
            (self._stopwatch.start if self._running else self._stopwatch.stop)(now)

    def _until(self) -> float:
        if self._running:
            self._seen_at = time.time()
        return self._seen_at

    def _fields_changed(self, *, controls: bool) -> bool:
        values = self._values
        same = all(values.get(name) == value for name, value in self._fields.items() if name not in _UNSENT)
        return not same or values.get("_controls") != controls or not values

    def _told(self, report: Report, now: float, *, controls: bool) -> dict[str, Any]:
        left = self._stopwatch.left(report, now)
        clock = self._stopwatch.clock(report, now) | self._history.times(time.time())
        # What was watched before the row was opened counts too; of a job that is over it stands still.
        clock["watched"] = round(max(0.0, self._until() - self._began), 1)
        fields = {name: value for name, value in self._fields.items() if name not in _UNSENT}
        return {
            "status": "",
            "progress": 0.0,
            "indeterminate": True,
            "error_message": "",
            **fields,
            "job_id": str(self._watch.job.id),
            "time_left": None if left is None else list(left),
            "_clock": clock,
            "_tasks": card_content.tasks(self._watch.job.state),
            "_history": self._history.as_dict(),
            "_controls": controls,
            "_notify": False,
            "_number": self._number,
        }

"""The card of an open row: the page gets the values of a card's traits, though there is no widget for them."""

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
"""Traits of a card that only users read, and not the page."""


class OpenCard:
    """The card of one row, for as long as it is open.

    Args:
        watch: The row's watch.
        began: When the job was added to the board, in epoch seconds.
        until: When it was last seen, in epoch seconds.
        history: The job's history, which `JobRows` keeps up to date.
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
        """The values for the page.

        Args:
            controls: Whether a click can reach the kernel.

        Returns:
            The traits of a card by name, and whether they have changed since the last call or a heartbeat is due.
        """
        now, watch = time.monotonic(), self._watch
        report, new = watch.report, watch.report is not self._report
        self._run_stopwatch(now)
        if new:
            self._report = report
            job_links = links(watch.job)
            self._fields = trait_values.fields(str(watch.job.id), report, watch.job.state, where=job_links)
        changed = (
            self._fields_changed(controls=controls)
            or self._stopwatch.beat_due(now)
            or self._stopwatch.left_changed(report, now)
        )
        if changed:
            self._number += 1
            self._values = self._card_values(report, now, controls=controls)
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

    def _card_values(self, report: Report, now: float, *, controls: bool) -> dict[str, Any]:
        remaining = self._stopwatch.left(report, now)
        clock = self._stopwatch.clock(report, now) | self._history.times(time.time())
        # The time before the row was opened counts, too; it ends with the job.
        clock["watched"] = round(max(0.0, self._until() - self._began), 1)
        fields = {name: value for name, value in self._fields.items() if name not in _UNSENT}
        return {
            "status": "",
            "progress": 0.0,
            "indeterminate": True,
            "error_message": "",
            **fields,
            "job_id": str(self._watch.job.id),
            "time_left": None if remaining is None else list(remaining),
            "_clock": clock,
            "_tasks": card_content.tasks(self._watch.job.state),
            "_history": self._history.as_dict(),
            "_controls": controls,
            "_notify": False,
            "_number": self._number,
        }

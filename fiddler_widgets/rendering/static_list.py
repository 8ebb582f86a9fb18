"""Several jobs without a live page, as text and as HTML: counts, and a line for each of the most important jobs."""

from __future__ import annotations

import html as markup
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets.durations import percent
from fiddler_widgets.messages import job_line, job_name, safe_text
from fiddler_widgets.models import JobStatus
from fiddler_widgets.rendering.badges import ICONS, badge
from fiddler_widgets.rendering.card_content import card_name
from fiddler_widgets.rendering.job_facts import subject
from fiddler_widgets.rendering.static_card import ALONE, icon, style, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fiddler_widgets.models import JobState

__all__ = ["MOST_ROWS", "Row", "by_status", "counts", "html", "text"]

MOST_ROWS = 50
"""The most rows of a saved list; there are fewer if the rows are long."""

_MOST_BYTES = 20_000
_ROOM_FOR_REST = 120
_MOST_LINES = 10
_NAME_LENGTH = 60
_WHAT_LENGTH = 80
_REASON_LENGTH = 100
_ORDER = ("FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS")


class Row(NamedTuple):
    """One of the jobs.

    Attributes:
        job_id: Its id.
        state: The last answer about it; ``None`` before the first.
    """

    job_id: str
    state: JobState | None

    @property
    def status(self) -> str:
        """Its status in the REST API; empty before the first answer."""
        return "" if self.state is None else str(self.state.status)


def counts(rows: Sequence[Row]) -> str:
    """How many jobs there are, and with which status, such as "5 jobs: 1 failed, 3 running, 1 succeeded"."""
    summary = _status_counts(rows)
    return f"{len(rows)} job{'' if len(rows) == 1 else 's'}{': ' if summary else ''}{summary}"


def by_status(rows: Sequence[Row]) -> dict[str, int]:
    """How many jobs have each status."""
    return dict(Counter(row.status for row in rows))


def _status_counts(rows: Sequence[Row]) -> str:
    counted = by_status(rows)
    statuses = sorted(counted, key=lambda status: _ORDER.index(status if status in _ORDER else ""))
    return ", ".join(f"{counted[status]} {badge(status).word.lower()}" for status in statuses)


def _progress(row: Row) -> float:
    """A job's part in the bar of all jobs, in per cent: 100 if it is over, 0 if its progress is unknown."""
    if row.state is None:
        return 0.0
    return 100.0 if row.state.final else row.state.progress or 0.0


def text(rows: Sequence[Row]) -> str:
    """The counts, and a line for each of the first jobs; failed jobs are first."""
    lines = [f"{counts(rows)}."]
    for row in _ordered(rows)[:_MOST_LINES]:
        state_text = "not seen yet" if row.state is None else job_line(row.state)
        lines.append(f"  {job_name(row.state, row.job_id)}: {state_text}{_because(row)}")
    return "\n".join([*lines, *_rest(_ordered(rows)[_MOST_LINES:], "  ")])


def _rest(rows: Sequence[Row], indent: str = "") -> list[str]:
    """A line about the jobs that are omitted; none if there are none."""
    if not rows:
        return []
    statuses = by_status(rows)
    kind = f", all {badge(next(iter(statuses))).word.lower()}" if len(statuses) == 1 else ""
    return [f"{indent}and {len(rows)} more{kind}"]


def html(rows: Sequence[Row], *, alone: bool = False, at: float | None = None) -> str:
    """The same as HTML of less than 20 KB, with a bar; all text of the server is escaped and bounded.

    Args:
        rows: The jobs.
        alone: Whether no page draws the widget, so that this list is kept up to date in its place.
        at: When any of the jobs was last seen, in epoch seconds; ``None`` if that is not to be said.
    """
    ordered = _ordered(rows)
    progress = sum(map(_progress, rows)) / len(rows) if rows else 0.0
    figure = percent(progress)
    title, value = markup.escape(counts(rows)), figure.removesuffix(" %")
    head = [
        '<div class="fw-job-list">',
        '<div class="fw-static" data-fw-tone="run">',
        f'<div class="fw-head"><strong class="fw-name">{title}</strong><span class="fw-percent">{figure}</span></div>',
        f'<div class="fw-bar" role="progressbar" aria-label="Progress of all jobs" aria-valuenow="{value}">',
        f'<div class="fw-fill" style="width: {progress:.4g}%"></div></div>',
        *([f'<div class="fw-sub"><span>as of {time_of(at)}</span></div>'] if at is not None else []),
        *([f'<div class="fw-notice" data-fw-tone="idle" dir="auto">{markup.escape(ALONE)}</div>'] if alone else []),
        "</div>",
    ]
    # The style sheet is last: a host that drops the tag and keeps its text shows the jobs first.
    foot = [f"<style>{_icons(ordered[:MOST_ROWS])}{style()}</style>", "</div>"]
    room = _MOST_BYTES - len("\n".join([*head, *foot]).encode("utf-8", "replace"))
    lines: list[str] = []
    for row in ordered[:MOST_ROWS]:
        line = _html_row(row)
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < _ROOM_FOR_REST:
            break
        lines.append(line)
    rest = [f"<div>{markup.escape(line)}</div>" for line in _rest(ordered[len(lines) :])]
    return "\n".join([*head, *lines, *rest, *foot])


def _icons(rows: Sequence[Row]) -> str:
    """One CSS rule for each icon; within each row, the icon would be most of the row's size."""
    icons = sorted({badge(row.status).icon for row in rows})
    return "".join(f'.fw-job-list [data-fw-icon="{name}"]{{{icon(ICONS.get(name, ""))}}}' for name in icons)


def _html_row(row: Row) -> str:
    label, tone, drawing = badge(row.status)
    name = safe_text(card_name(row.job_id, row.state), _NAME_LENGTH)
    progress = None if row.state is None else row.state.progress
    if row.status == JobStatus.SUCCESS:
        progress = 100.0
    figure = "" if progress is None else percent(progress)
    what = subject(row.state.info) if row.state is not None else row.job_id
    reason = _because(row).removeprefix(": ")
    lines = [
        f'<div class="fw-static" data-fw-tone="{tone}" data-fw-icon="{drawing}">',
        f'<div class="fw-head"><strong class="fw-badge">{markup.escape(label)}</strong>',
        f'<strong class="fw-name" dir="auto">{markup.escape(name)}</strong>',
        f'<span class="fw-percent">{figure}</span></div>',
        f'<div class="fw-sub"><span dir="auto">{markup.escape(safe_text(what, _WHAT_LENGTH))}</span></div>',
        f'<div class="fw-failure"><div class="fw-reason" dir="auto">{markup.escape(reason)}</div></div>'
        if reason
        else "",
    ]
    return "".join([*lines, "</div>"])


def _because(row: Row) -> str:
    state = row.state
    reason = "" if state is None else state.error_reason or state.error_message or ""
    return f": {safe_text(reason, _REASON_LENGTH)}" if reason else ""


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: _ORDER.index(row.status if row.status in _ORDER else ""))

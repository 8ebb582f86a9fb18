"""From a report to the row of its job: a value for each column of the table.

Pure. Words, tones and icons are those of cards; all text of the server is cut and sanitised.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, Final

from fiddler_widgets.messages import safe_text
from fiddler_widgets.models import Health, JobState, JobStatus, clean
from fiddler_widgets.rendering.badges import badge
from fiddler_widgets.rendering.card_content import card_name, failure
from fiddler_widgets.rendering.job_facts import joined, subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.polling.report import Report

__all__ = ["COMPLETE", "TROUBLES", "first_values", "row_values"]

_NAME = 120
_WHAT = 240
_GROUP = 120
_ERROR = 160

TROUBLES: Final = {
    Health.STARTING: "",
    Health.LIVE: "",
    Health.OVER: "",
    Health.RETRYING: "Reconnecting",
    Health.STOPPED: "Not watched",
    Health.TIMED_OUT: "Timed out",
    Health.REFUSED: "Token refused",
    Health.NOT_FOUND: "Not found",
    Health.ERROR: "Error",
}
"""What a row says about the watching; empty while all is well."""

COMPLETE: Final = 100
"""The progress in per cent of a job that has succeeded, whatever its last answer said."""


def first_values(job_id: str, state: JobState | None, now: float, link: str = "") -> dict[str, Any]:
    """The row of a job before its first report.

    Args:
        job_id: The job's id.
        state: Its last known state.
        now: Epoch seconds.
        link: The address of the job's page; empty if there is none.
    """
    values = dict(_UNKNOWN) if state is None else _UNKNOWN | _of_state(job_id, state, Health.STARTING)
    if state is None:
        values["name"] = card_name(job_id, None)
    values["began"] = values["phase"] = _seconds(now)
    values["id"], values["link"] = safe_text(str(clean(job_id)), _NAME), link
    return values


def row_values(
    before: Mapping[str, Any], job_id: str, report: Report, *, now: float, age: float | None, pause: float | None
) -> dict[str, Any]:
    """The columns that a report sets.

    Args:
        before: The row before: its ``status``, ``began``, ``phase``, ``seen`` and ``took``.
        job_id: The job's id.
        report: The report about it.
        now: Epoch seconds.
        age: Seconds since the last good answer; ``None`` before the first.
        pause: Seconds until the next look; ``None`` if there will be none.
    """
    values = _of_state(job_id, report.state, report.health)
    seen = before["seen"] if age is None else _seconds(now - age)
    final, status = values["final"], values["status"]
    low = high = None
    if report.left is not None and seen is not None and not values["held"] and not final:
        low, high = map(_short, report.left)
    values |= {"low": low, "high": high, "seen": seen, "pause": None if pause is None else _short(pause)}
    if status != before["status"]:
        values["phase"] = since = _seconds(now)
        # How long the job took is known only if it was seen before its end.
        values["took"] = since - before["began"] if final and before["seen"] is not None else None
    return values


def _of_state(job_id: str, state: JobState | None, health: Health) -> dict[str, Any]:
    final, status = state is not None and state.final, "" if state is None else str(state.status)
    word, tone, icon = badge(status, awaited=not health.ended)
    parts = [] if state is None else subjects(state.info)
    facts = dict(parts)
    progress = None if state is None or state.progress is None else _short(state.progress)
    if status == JobStatus.SUCCESS:
        progress = COMPLETE
    return {
        "name": _text(card_name(job_id, state), _NAME),
        "what": _text(joined(parts), _WHAT),
        "project": _text(facts.get("project", ""), _GROUP),
        "model": _text(facts.get("model", ""), _GROUP),
        "kind": "" if state is None else _text(state.name.strip(), _GROUP),
        "status": _text(status, _GROUP),
        "word": word,
        "tone": tone,
        "icon": icon,
        "final": final,
        "held": health.ended and not final,
        "health": health.value,
        "trouble": "" if final else TROUBLES[health],
        "progress": progress,
        "error": _error(state),
    }


def _error(state: JobState | None) -> str:
    """Why the job failed, on one line: the reason, and the beginning of the message."""
    problem = (
        failure(state) if state is not None and (state.error_reason or state.error_message or state.final) else None
    )
    if problem is None or state is None:
        return ""
    message = (problem["lead"] or state.error_message or "").strip()
    return safe_text(f"{problem['reason']}: {message}" if message else problem["reason"], _ERROR - 1)


def _text(text: str, limit: int) -> str:
    """A sanitised text; interned, so that it is in memory once however many rows have the same."""
    return sys.intern(safe_text(text, limit))


def _seconds(value: float) -> int:
    """Whole seconds: a page shows no decimals, and ten thousand rows become a tenth shorter."""
    return round(value)


def _short(value: float) -> float | None:
    """A number with one decimal, or none if it is large; ``None`` if it is not finite."""
    if not math.isfinite(value):
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded >= COMPLETE or rounded == int(rounded) else rounded


_UNKNOWN: Final = {
    **_of_state("", None, Health.STARTING),
    **dict.fromkeys(("id", "link"), ""),
    **dict.fromkeys(("low", "high", "began", "phase", "seen", "pause", "took")),
}
"""The row of a job about which nothing is known, without its id and its name."""

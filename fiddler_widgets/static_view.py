"""The card without a live page: as plain text for terminals and logs, and as HTML for whoever opens a saved notebook.

The HTML stands alone: no script, no network, its style sheet within, and in an order that reads well where a host takes
the style sheet away. Nothing in it changes unless the job's state does, so that saved notebooks differ little.
"""

from __future__ import annotations

import html as markup
import pathlib
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from fiddler_widgets.face import badge, card_name, percent
from fiddler_widgets.facts import facts, lead, next_step, subject, subtasks
from fiddler_widgets.models import Health
from fiddler_widgets.static_timeline import drawing, phases
from fiddler_widgets.wording import job_line, job_name, seconds, shown

if TYPE_CHECKING:
    from fiddler_widgets.job import Job
    from fiddler_widgets.models import JobState

__all__ = ["Seen", "html", "saved_text", "text"]

_MESSAGE = 10_000
_TASKS = 100


class Seen(NamedTuple):
    """What is known of a job, and since when, for a view that will not change."""

    job_id: str
    state: JobState | None
    health: Health
    detail: str
    watched: float
    """Seconds that the job was watched."""
    at: float | None
    """When it was last seen, in epoch seconds."""
    retries: int = 0
    """How often it was seen to begin anew."""
    history: dict[str, Any] | None = None
    """What was seen of it, as `History.as_dict` gives it."""
    shown_at: float | None = None
    """When it is shown, in epoch seconds: all that can be said where it is unknown how old the state is."""


_RING = "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0"
_ICONS = {
    "question": f"{_RING} M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2 M8 11.3h.01",
    "clock": f"{_RING} M8 4.6V8l2.3 1.6",
    "spinner": "M8 2a6 6 0 1 1-6 6",
    "again": "M13 8a5 5 0 1 1-1.6-3.7L13 5.8 M13 2.6v3.2h-3.2",
    "tick": f"{_RING} M5.3 8.2l1.9 1.9 3.6-4",
    "cross": f"{_RING} M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4",
    "barred": f"{_RING} M3.8 12.2l8.4-8.4",
}
"""Those of the live card (``js/src/icons.js``) that a badge may have."""


def text(job: Job, health: Health, detail: str) -> str:
    """One job on a line or three.

    Args:
        job: The job.
        health: How the watching goes.
        detail: That, as a sentence.
    """
    state = job.state
    name = job_name(state, job.id)
    first = f"{name[:1].upper()}{name[1:]}: {job_line(state) if state is not None else 'not seen yet'}"
    lines = [first]
    if state is not None and (state.error_reason or state.error_message):
        reason, message = shown(state.error_reason or ""), shown(state.error_message or "", 2000, lines=True)
        why = [part for part in (reason, message) if part]
        lines.append("  " + ": ".join(why))
    # Where something is known already, that the next answer is awaited is no news.
    if health not in (Health.LIVE, Health.OVER) and (health is not Health.STARTING or state is None):
        lines.append(f"  {health}: {shown(detail, 400)}")
    return "\n".join(lines)


def saved_text(job: Job, seen: Seen) -> str:
    """The same for a saved notebook, which has to say as of when it is true."""
    when = _when(seen)
    return text(job, seen.health, seen.detail) + (f"\n  {when}" if when else "")


def html(seen: Seen) -> str:
    """One job as a card that stands alone.

    Args:
        seen: What is known of the job.

    Returns:
        HTML of some kilobytes, most of them its style sheet. All text of the server is escaped and bounded.
    """
    state = seen.state
    status = "" if state is None else str(state.status)
    words = badge(status)
    over = state is not None and state.final
    progress = 100.0 if status == "SUCCESS" else None if state is None else state.progress
    name = card_name(seen.job_id, state)
    figure = "" if progress is None else percent(progress)
    held = "" if over else " data-fw-held"
    body = [
        f'<div class="fw-static" data-fw-tone="{words.tone}"{held} style="{_escaped(_icon(_ICONS[words.icon]))}">',
        '<div class="fw-head">',
        f'<strong class="fw-badge">{_escaped(words.word)}</strong>',
        f'<strong class="fw-name" dir="auto">{_escaped(name)}</strong>',
        f'<span class="fw-percent">{figure}</span>',
        "</div>",
        '<div class="fw-sub">',
        f'<span dir="auto">{_escaped(subject(state.info if state is not None else None))}</span>',
        f"<span>{_escaped(_when(seen))}</span>",
        "</div>",
        f'<div class="fw-bar" role="progressbar" aria-label="{_escaped(f"Progress of {name}")}"{_value(progress)}>',
        f'<div class="fw-fill" style="width: {progress or 0:.4g}%"></div>',
        "</div>",
        *_notice(seen),
        *_failure(state),
        *_next(state),
        *_details(seen),
        # Last, so that a host which drops the tag and keeps what is in it shows the card first.
        f"<style>{_style()}</style>",
        "</div>",
    ]
    return "\n".join(body)


def _escaped(text_: str) -> str:
    return markup.escape(text_)


def _value(progress: float | None) -> str:
    return "" if progress is None else f' aria-valuenow="{percent(progress).removesuffix(" %")}"'


def _icon(path: str) -> str:
    # As a mask, so that it has the colour of the word beside it.
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='#000' stroke-width='1.6' "
        f"stroke-linecap='round' stroke-linejoin='round'><path d='{path}'/></svg>"
    )
    quoted = drawing.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    return f'--fw-icon: url("data:image/svg+xml,{quoted}")'


@cache
def _style() -> str:
    return (pathlib.Path(__file__).parent / "static" / "static_card.css").read_text(encoding="utf-8").strip()


def _when(seen: Seen) -> str:
    """As of when it is true, and how long it was watched."""
    over = seen.state is not None and seen.state.final
    parts = []
    if seen.watched >= 1:
        parts.append(f"watched for {seconds(round(seen.watched))}")
    at = seen.shown_at if seen.at is None else seen.at
    if at is not None:
        earlier = " or earlier" if seen.at is None and seen.state is not None else ""
        parts.append(f"over by {_time(at, 'minutes')}" if over else f"as of {_time(at)}{earlier}")
    return ", ".join(parts)


def _time(at: float, precision: str = "seconds") -> str:
    moment = datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
    return moment.isoformat(" ", precision) + " UTC"


def _notice(seen: Seen) -> list[str]:
    if seen.health is Health.OVER or (seen.state is not None and seen.state.final):
        return []
    if seen.health in (Health.STARTING, Health.LIVE):
        said = "Not over when this was saved; the job may have gone on. Run the cell again to watch it."
    else:
        said = f"{str(seen.health).capitalize()}: {shown(seen.detail, 1000)}"
    return [f'<div class="fw-notice" dir="auto">{_escaped(said)}</div>']


def _failure(state: JobState | None) -> list[str]:
    if state is None or not (state.error_reason or state.error_message):
        return []
    lines = ['<div class="fw-failure">']
    if state.error_reason:
        lines.append(f'<div class="fw-reason" dir="auto">{_escaped(shown(state.error_reason, 1000))}</div>')
    if state.error_message:
        whole = shown(state.error_message, _MESSAGE, lines=True)
        first = lead(whole)
        lines.append(f'<pre dir="auto">{_escaped(first)}</pre>')
        if first != whole:
            lines.append("<details><summary>The whole message</summary>")
            lines.append(f'<pre dir="auto">{_escaped(whole)}</pre></details>')
    return [*lines, "</div>"]


def _next(state: JobState | None) -> list[str]:
    said = "" if state is None else next_step(state)
    return [f'<div class="fw-next">{_escaped(said)}</div>'] if said else []


def _phases(seen: Seen) -> str:
    words = phases(seen.history, seen.at)
    return f'<div class="fw-phases">{_escaped(words)}</div>' if words else ""


def _details(seen: Seen) -> list[str]:
    rows = [("Id", seen.job_id)]
    if seen.at is not None:
        rows.append(("Last seen", _time(seen.at)))
    if seen.retries:
        rows.append(("Retries seen", str(seen.retries)))
    if seen.state is not None:
        rows += facts(seen.state.info)
    terms = [f'<dt>{_escaped(label)}</dt><dd dir="auto">{_escaped(value)}</dd>' for label, value in rows]
    timeline = [line for line in (drawing(seen.history, seen.at), _phases(seen)) if line]
    lines = ["<details><summary>Details</summary>", *timeline, "<dl>", *terms, "</dl>"]
    tasks = subtasks(seen.state.extras if seen.state is not None else None)
    if tasks:
        done = sum(status == "SUCCESS" for _, status, _ in tasks)
        lines.append(f"<strong>Subtasks: {done} of {len(tasks)} done</strong>")
        lines.append("<dl>")
        for id_, status, error in tasks[:_TASKS]:
            said = ": ".join(part for part in (badge(status).word, error) if part)
            lines.append(f'<dt>{_escaped(id_)}</dt><dd dir="auto">{_escaped(said)}</dd>')
        lines.append("</dl>")
        if len(tasks) > _TASKS:
            lines.append(f"<div>and {len(tasks) - _TASKS} more</div>")
    return [*lines, "</details>"]

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

from fiddler_widgets.durations import duration, percent
from fiddler_widgets.messages import job_line, job_name, shown
from fiddler_widgets.models import Health
from fiddler_widgets.rendering.badges import ICONS, badge
from fiddler_widgets.rendering.card_content import face, tasks
from fiddler_widgets.rendering.job_facts import lead, subject
from fiddler_widgets.rendering.static_timeline import timeline

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.models import JobState

__all__ = ["ALONE", "Seen", "html", "icon", "saved_text", "style", "text", "time_of"]

_MESSAGE = 10_000
_TASKS = 100
_ERROR = 2000


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
    platform: str = ""
    """The platform's address; empty where it is not known."""
    page: str = ""
    """The address of the job's page there, likewise."""


_NOT_OVER = "The job was not over when this was saved."

ALONE = (
    "This page draws no widgets, so the kernel writes each change here, as long as it runs. "
    "For the live view, install anywidget where the notebook's server is, and run the cell again."
)
"""What is said where no page draws a widget; true of what was saved, too."""


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


def html(seen: Seen, *, alone: bool = False) -> str:
    """One job as a card that stands alone.

    Args:
        seen: What is known of the job.
        alone: Whether no page draws the widget, so that this is kept up to date in its place.

    Returns:
        HTML of some kilobytes, most of them its style sheet. All text of the server is escaped and bounded.
    """
    state = seen.state
    said = face(seen.job_id, state, seen.health, seen.detail, platform=seen.platform, page=seen.page)
    over = said["final"]
    status = "" if state is None else str(state.status)
    words = badge(status)
    # What nobody follows any more is not said as if it were so now.
    word = words.word if over or state is None else f"Last seen: {words.word.lower()}"
    progress = 100.0 if status == "SUCCESS" else None if state is None else state.progress
    figure = "" if progress is None else percent(progress)
    value = "" if progress is None else f' aria-valuenow="{figure.removesuffix(" %")}"'
    name = said["name"]
    held = "" if over else " data-fw-held"
    body = [
        f'<div class="fw-static" data-fw-tone="{words.tone}"{held} style="{_escaped(icon(ICONS[words.icon]))}">',
        '<div class="fw-head">',
        f'<strong class="fw-badge">{_escaped(word)}</strong>',
        f'<strong class="fw-name" dir="auto">{_linked(said["link"], name)}</strong>',
        f'<span class="fw-percent">{figure}</span>',
        "</div>",
        '<div class="fw-sub">',
        f'<span dir="auto">{_escaped(subject(state.info) if state is not None else "")}</span>',
        *([f"<span{' class=fw-ill' if said['ill'] else ''}>{said['tasks']}</span>"] if said["tasks"] else []),
        f"<span>{_escaped(_when(seen))}</span>",
        "</div>",
        f'<div class="fw-bar" role="progressbar" aria-label="{_escaped(f"Progress of {name}")}"{value}>',
        f'<div class="fw-fill" style="width: {progress or 0:.4g}%"></div>',
        "</div>",
        *_notice(said, seen, alone=alone),
        *_failure(said["failure"], state),
        *([f'<div class="fw-next">{_escaped(said["next"])}</div>'] if said["next"] else []),
        *_details(seen, said),
        # Last, so that a host which drops the tag and keeps what is in it shows the card first.
        f"<style>{style()}</style>",
        "</div>",
    ]
    return "\n".join(body)


def _escaped(text_: str) -> str:
    return markup.escape(text_)


def _linked(address: str, text_: str) -> str:
    """A text that leads to an http or https address, if there is one."""
    if not address:
        return _escaped(text_)
    return f'<a href="{_escaped(address)}" target="_blank" rel="noopener noreferrer">{_escaped(text_)}</a>'


def icon(path: str) -> str:
    """A drawing as the CSS variable that the style sheet takes a badge's icon from."""
    # As a mask, so that it has the colour of the word beside it.
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='#000' stroke-width='1.6' "
        f"stroke-linecap='round' stroke-linejoin='round'><path d='{path}'/></svg>"
    )
    quoted = drawing.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    return f'--fw-icon: url("data:image/svg+xml,{quoted}")'


@cache
def style() -> str:
    """The style sheet of what is saved."""
    return (pathlib.Path(__file__).parent.parent / "static" / "static_card.css").read_text(encoding="utf-8").strip()


def _when(seen: Seen) -> str:
    """As of when it is true, and how long it was watched."""
    over = seen.state is not None and seen.state.final
    parts = []
    if seen.watched >= 1:
        parts.append(f"watched for {duration(seen.watched)}")
    at = seen.shown_at if seen.at is None else seen.at
    if at is not None:
        earlier = " or earlier" if seen.at is None and seen.state is not None else ""
        parts.append(f"ended by {time_of(at, 'minutes')}" if over else f"as of {time_of(at)}{earlier}")
    return ", ".join(parts)


def time_of(at: float, precision: str = "seconds") -> str:
    """A moment in words, by a clock that is the same for whoever reads it."""
    moment = datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
    return moment.isoformat(" ", precision) + " UTC"


def _notice(said: dict[str, Any], seen: Seen, *, alone: bool) -> list[str]:
    if said["final"]:
        return []
    if alone and not said["held"]:
        return _noticed(said["notice"] or {"tone": "idle", "head": "", "detail": ""}, ALONE)
    notice = {"tone": "idle", "head": "Saved copy", "detail": _NOT_OVER}
    # What the watching ran into; where it just ended, that the job goes on was true then, and may not be now.
    if seen.health in (Health.REFUSED, Health.NOT_FOUND, Health.ERROR):
        notice = said["notice"]
    # Running the cell again may start another job.
    follow = f'To follow it: fiddler_widgets.JobWidget("{shown(seen.job_id)}")'
    return _noticed(notice, follow)


def _noticed(notice: dict[str, Any], follow: str) -> list[str]:
    head = f"<strong>{_escaped(notice['head'])}</strong>" if notice["head"] else ""
    said_ = " ".join(part for part in (head, _escaped(notice["detail"]), _escaped(follow)) if part)
    return [f'<div class="fw-notice" data-fw-tone="{notice["tone"]}" dir="auto">{said_}</div>']


def _failure(failure: dict[str, str] | None, state: JobState | None) -> list[str]:
    if failure is None or state is None:
        return []
    reason, message = failure["reason"], shown(state.error_message or "", _MESSAGE, lines=True)
    first = lead(message)
    lines = [f'<div class="fw-failure" data-fw-tone="{failure["tone"]}">']
    lines.append(f'<div class="fw-reason" dir="auto">{_escaped(reason)}</div>')
    if message not in ("", reason):
        lines.append(f'<pre dir="auto">{_escaped(first)}</pre>')
    if first != message:
        lines.append("<details><summary>The whole message</summary>")
        lines.append(f'<pre dir="auto">{_escaped(message)}</pre></details>')
    return [*lines, "</div>"]


def _details(seen: Seen, said: dict[str, Any]) -> list[str]:
    rows = [["Job id", seen.job_id], said["rows"][0]]
    if seen.at is not None:
        rows.append(["Last seen", time_of(seen.at)])
    if seen.retries:
        rows.append(["Retries seen", str(seen.retries)])
    rows += said["facts"]
    # In words: whoever is given the notebook need not be able to go there.
    rows += [["Platform", said["platform"]]] if said["platform"] else []
    terms = [f'<dt>{_escaped(label)}</dt><dd dir="auto">{_escaped(value)}</dd>' for label, value in rows]
    return [
        "<details><summary>Details</summary>",
        *timeline(seen.history, seen.at),
        "<dl>",
        *terms,
        "</dl>",
        *_tasks(seen.state),
        "</details>",
    ]


def _tasks(state: JobState | None) -> list[str]:
    found = tasks(state)
    if not found:
        return []
    lines = [f'<div class="fw-tasks"><strong>Subtasks</strong> {found["counted"]}']
    for id_, kind, error in found["rows"][:_TASKS]:
        word, tone, _ = found["kinds"][kind]
        detail = f'<div dir="auto">{_escaped(shown(error, _ERROR, lines=True))}</div>' if error else ""
        lines.append(
            f'<div data-fw-tone="{tone}"><strong>{_escaped(word)}</strong> <code>{_escaped(id_)}</code>{detail}</div>'
        )
    left = len(state.extras if state is not None else ()) - _TASKS
    return [*lines, *([f"<div>and {left} more</div>"] if left > 0 else []), "</div>"]

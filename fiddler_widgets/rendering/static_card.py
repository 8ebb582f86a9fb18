"""The card without a live page: as plain text for terminals and logs, and as HTML in saved notebooks.

The HTML needs no script and no network, and contains its style sheet. It also reads well in hosts that remove the style
sheet. It changes only with the job's state, so that two versions of a saved notebook differ little.
"""

from __future__ import annotations

import html as markup
import pathlib
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from fiddler_widgets.durations import duration, percent
from fiddler_widgets.messages import job_line, job_name, safe_text
from fiddler_widgets.models import Health
from fiddler_widgets.rendering.badges import ICONS, badge
from fiddler_widgets.rendering.card_content import card_content, tasks
from fiddler_widgets.rendering.job_facts import lead, subject
from fiddler_widgets.rendering.static_timeline import timeline

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.models import JobState

__all__ = ["ALONE", "CardSnapshot", "html", "icon", "saved_text", "style", "text", "time_of"]

_MESSAGE = 10_000
_TASKS = 100
_ERROR = 2000


class CardSnapshot(NamedTuple):
    """A snapshot of a card: what is known of a job, and since when, for a view that does not change."""

    job_id: str
    state: JobState | None
    health: Health
    detail: str
    watched: float
    """Seconds that the job was watched."""
    at: float | None
    """When it was last seen, in epoch seconds."""
    retries: int = 0
    """How often it was seen to be retried."""
    history: dict[str, Any] | None = None
    """Its history, from `History.as_dict`."""
    shown_at: float | None = None
    """When the card is shown, in epoch seconds; used if it is unknown when the job was last seen."""
    platform: str = ""
    """The platform's address; empty if it is unknown."""
    page: str = ""
    """The address of the job's page there; empty if there is none."""


_NOT_OVER = "The job was not over when this was saved."

ALONE = (
    "This page draws no widgets, so the kernel writes each change here, as long as it runs. "
    "For the live view, install anywidget where the notebook's server is, and run the cell again."
)
"""What is said where no page draws a widget; true of what was saved, too."""


def text(job: Job, health: Health, detail: str) -> str:
    """One job as text of one to three lines.

    Args:
        job: The job.
        health: How the watching goes.
        detail: The health in a sentence.
    """
    state = job.state
    name = job_name(state, job.id)
    first = f"{name[:1].upper()}{name[1:]}: {job_line(state) if state is not None else 'not seen yet'}"
    lines = [first]
    if state is not None and (state.error_reason or state.error_message):
        reason, message = safe_text(state.error_reason or ""), safe_text(state.error_message or "", 2000, lines=True)
        reasons = [part for part in (reason, message) if part]
        lines.append("  " + ": ".join(reasons))
    # If a state is known already, it is not worth a line that the next answer is awaited.
    if health not in (Health.LIVE, Health.OVER) and (health is not Health.STARTING or state is None):
        lines.append(f"  {health}: {safe_text(detail, 400)}")
    return "\n".join(lines)


def saved_text(job: Job, snapshot: CardSnapshot) -> str:
    """The text for a saved notebook, with the time as of which it is true."""
    when = _as_of(snapshot)
    return text(job, snapshot.health, snapshot.detail) + (f"\n  {when}" if when else "")


def html(snapshot: CardSnapshot, *, alone: bool = False) -> str:
    """One job as a card in HTML.

    Args:
        snapshot: What is known of the job.
        alone: Whether no page draws the widget, so that this card is kept up to date in its place.

    Returns:
        HTML of a few kilobytes, most of them its style sheet. All text of the server is escaped and bounded.
    """
    state = snapshot.state
    content = card_content(
        snapshot.job_id, state, snapshot.health, snapshot.detail, platform=snapshot.platform, page=snapshot.page
    )
    over = content["final"]
    status = "" if state is None else str(state.status)
    status_badge = badge(status)
    # A saved card is not updated, so the status of a job that was not over is marked as the last one seen.
    label = status_badge.word if over or state is None else f"Last seen: {status_badge.word.lower()}"
    progress = 100.0 if status == "SUCCESS" else None if state is None else state.progress
    figure = "" if progress is None else percent(progress)
    value = "" if progress is None else f' aria-valuenow="{figure.removesuffix(" %")}"'
    name = content["name"]
    frozen = "" if over else " data-fw-held"
    drawing = icon(ICONS[status_badge.icon])
    body = [
        f'<div class="fw-static" data-fw-tone="{status_badge.tone}"{frozen} style="{_escaped(drawing)}">',
        '<div class="fw-head">',
        f'<strong class="fw-badge">{_escaped(label)}</strong>',
        f'<strong class="fw-name" dir="auto">{_linked(content["link"], name)}</strong>',
        f'<span class="fw-percent">{figure}</span>',
        "</div>",
        '<div class="fw-sub">',
        f'<span dir="auto">{_escaped(subject(state.info) if state is not None else "")}</span>',
        *([f"<span{' class=fw-ill' if content['ill'] else ''}>{content['tasks']}</span>"] if content["tasks"] else []),
        f"<span>{_escaped(_as_of(snapshot))}</span>",
        "</div>",
        f'<div class="fw-bar" role="progressbar" aria-label="{_escaped(f"Progress of {name}")}"{value}>',
        f'<div class="fw-fill" style="width: {progress or 0:.4g}%"></div>',
        "</div>",
        *_notice(content, snapshot, alone=alone),
        *_failure(content["failure"], state),
        *([f'<div class="fw-next">{_escaped(content["next"])}</div>'] if content["next"] else []),
        *_details(snapshot, content),
        # The style sheet is last: a host that drops the tag and keeps its text shows the card first.
        f"<style>{style()}</style>",
        "</div>",
    ]
    return "\n".join(body)


def _escaped(text_: str) -> str:
    return markup.escape(text_)


def _linked(address: str, text_: str) -> str:
    """A text as a link to an http or https address; the text alone if the address is empty."""
    if not address:
        return _escaped(text_)
    return f'<a href="{_escaped(address)}" target="_blank" rel="noopener noreferrer">{_escaped(text_)}</a>'


def icon(path: str) -> str:
    """An SVG path as the CSS variable from which the style sheet takes a badge's icon."""
    # The style sheet uses it as a mask, so that the icon has the colour of the word beside it.
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='#000' stroke-width='1.6' "
        f"stroke-linecap='round' stroke-linejoin='round'><path d='{path}'/></svg>"
    )
    quoted = drawing.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    return f'--fw-icon: url("data:image/svg+xml,{quoted}")'


@cache
def style() -> str:
    """The style sheet of saved cards."""
    return (pathlib.Path(__file__).parent.parent / "static" / "static_card.css").read_text(encoding="utf-8").strip()


def _as_of(snapshot: CardSnapshot) -> str:
    """How long the job was watched, and as of when the card is true."""
    over = snapshot.state is not None and snapshot.state.final
    parts = []
    if snapshot.watched >= 1:
        parts.append(f"watched for {duration(snapshot.watched)}")
    at = snapshot.shown_at if snapshot.at is None else snapshot.at
    if at is not None:
        earlier = " or earlier" if snapshot.at is None and snapshot.state is not None else ""
        parts.append(f"ended by {time_of(at, 'minutes')}" if over else f"as of {time_of(at)}{earlier}")
    return ", ".join(parts)


def time_of(at: float, precision: str = "seconds") -> str:
    """A moment in words, by a clock that is the same for whoever reads it."""
    moment = datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
    return moment.isoformat(" ", precision) + " UTC"


def _notice(content: dict[str, Any], snapshot: CardSnapshot, *, alone: bool) -> list[str]:
    if content["final"]:
        return []
    if alone and not content["held"]:
        return _notice_lines(content["notice"] or {"tone": "idle", "head": "", "detail": ""}, ALONE)
    notice = {"tone": "idle", "head": "Saved copy", "detail": _NOT_OVER}
    # An error that ended the watching is shown. The notice of a watch that was stopped or timed out is not: it says
    # that the job goes on, which may be untrue by now.
    if snapshot.health in (Health.REFUSED, Health.NOT_FOUND, Health.ERROR):
        notice = content["notice"]
    # The advice is not to run the cell again, which may start another job.
    follow = f'To follow it: fiddler_widgets.JobWidget("{safe_text(snapshot.job_id)}")'
    return _notice_lines(notice, follow)


def _notice_lines(notice: dict[str, Any], advice: str) -> list[str]:
    head = f"<strong>{_escaped(notice['head'])}</strong>" if notice["head"] else ""
    text = " ".join(part for part in (head, _escaped(notice["detail"]), _escaped(advice)) if part)
    return [f'<div class="fw-notice" data-fw-tone="{notice["tone"]}" dir="auto">{text}</div>']


def _failure(failure: dict[str, str] | None, state: JobState | None) -> list[str]:
    if failure is None or state is None:
        return []
    reason, message = failure["reason"], safe_text(state.error_message or "", _MESSAGE, lines=True)
    first = lead(message)
    lines = [f'<div class="fw-failure" data-fw-tone="{failure["tone"]}">']
    lines.append(f'<div class="fw-reason" dir="auto">{_escaped(reason)}</div>')
    if message not in ("", reason):
        lines.append(f'<pre dir="auto">{_escaped(first)}</pre>')
    if first != message:
        lines.append("<details><summary>The whole message</summary>")
        lines.append(f'<pre dir="auto">{_escaped(message)}</pre></details>')
    return [*lines, "</div>"]


def _details(snapshot: CardSnapshot, content: dict[str, Any]) -> list[str]:
    rows = [["Job id", snapshot.job_id], content["rows"][0]]
    if snapshot.at is not None:
        rows.append(["Last seen", time_of(snapshot.at)])
    if snapshot.retries:
        rows.append(["Retries seen", str(snapshot.retries)])
    rows += content["facts"]
    # The address is shown as text, since a reader of the notebook may have no access to the platform.
    rows += [["Platform", content["platform"]]] if content["platform"] else []
    terms = [f'<dt>{_escaped(label)}</dt><dd dir="auto">{_escaped(value)}</dd>' for label, value in rows]
    return [
        "<details><summary>Details</summary>",
        *timeline(snapshot.history, snapshot.at),
        "<dl>",
        *terms,
        "</dl>",
        *_tasks(snapshot.state),
        "</details>",
    ]


def _tasks(state: JobState | None) -> list[str]:
    task_list = tasks(state)
    if not task_list:
        return []
    lines = [f'<div class="fw-tasks"><strong>Subtasks</strong> {task_list["counted"]}']
    for id_, kind, error in task_list["rows"][:_TASKS]:
        label, tone, _ = task_list["kinds"][kind]
        detail = f'<div dir="auto">{_escaped(safe_text(error, _ERROR, lines=True))}</div>' if error else ""
        lines.append(
            f'<div data-fw-tone="{tone}"><strong>{_escaped(label)}</strong> <code>{_escaped(id_)}</code>{detail}</div>'
        )
    remaining = len(state.extras if state is not None else ()) - _TASKS
    return [*lines, *([f"<div>and {remaining} more</div>"] if remaining > 0 else []), "</div>"]

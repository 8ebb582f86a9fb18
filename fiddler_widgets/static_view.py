"""The card as plain text, for terminals, logs and saved notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets.models import Health
from fiddler_widgets.wording import job_line, job_name, shown

if TYPE_CHECKING:
    from fiddler_widgets.job import Job

__all__ = ["text"]


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

"""The content of a card except its times: the badge, the notice, the failure, the rows of its details.

Pure. The live card shows this content and adds only what changes with the clock of its page; the saved card shows the
same.
"""

from __future__ import annotations

from typing import Any

from fiddler_widgets import messages
from fiddler_widgets.messages import safe_text, sentence
from fiddler_widgets.models import Health, JobState, JobStatus
from fiddler_widgets.rendering.badges import HEALTHS, STATUSES, Badge, badge
from fiddler_widgets.rendering.job_facts import facts, lead, next_step, subject, subtasks

__all__ = ["card_content", "card_name", "failure", "tasks"]

_NAME = 300
_SUBJECT = 400
_DETAIL = 1000
_REASON = 500
_MOST_TASKS = 1000


_GOING_ON = frozenset(status.value for status in JobStatus if not status.final)
_QUIET = (Health.STARTING, Health.LIVE)


def card_name(job_id: str, state: JobState | None) -> str:
    """The name of a job on its card: its own name, or else the beginning of its id."""
    if state is not None and (name := safe_text(state.name.strip(), _NAME)):
        return name
    return f"Job {safe_text(job_id.split('-', 1)[0] or job_id, 13)}"


def card_content(
    job_id: str, state: JobState | None, health: Health, detail: str, *, platform: str = "", page: str = ""
) -> dict[str, Any]:
    """Everything that a card shows of its job, except times and progress.

    Args:
        job_id: The job's id.
        state: The last answer about it; ``None`` before the first.
        health: How the watching goes.
        detail: The health in a sentence; may be empty.
        platform: The platform's address; empty if it is not to be shown.
        page: The address of the job's page there; empty if there is none.

    Returns:
        Strict JSON of a few hundred characters, bounded whatever the server sent:
        ``status``, ``tone`` and ``icon`` of the badge; ``final``: whether the job is over; ``held``: whether the card
        is frozen, as nobody watches the job though it may go on; ``name``; ``what`` it works on; ``chip``: a short word
        for a good health; ``tasks``: how many subtasks are done or failed; ``ill``: whether some failed; ``notice``
        about the health (``tone``, ``icon``, ``head``, ``detail``) or ``None``; ``failure`` (``tone``, ``reason``, and
        ``lead``: the part of a long message to show first) or ``None``; ``next``: what the user can do now; ``rows``
        and ``facts`` for the details, as labels and values; ``platform`` and ``link``, the two addresses.
    """
    final = state is not None and state.final
    status = "" if state is None else str(state.status)
    status_badge = badge(status, awaited=not health.ended)
    what = subject(state.info) if state is not None else ""
    quiet = not final and health in _QUIET
    return {
        "status": status_badge.word,
        "tone": status_badge.tone,
        "icon": status_badge.icon,
        "final": final,
        "held": health.ended and not final,
        "name": card_name(job_id, state),
        # Before the first answer, the detail takes the place of this text, so that the card does not change its height.
        "what": safe_text(what or (detail if health is Health.STARTING else ""), _SUBJECT),
        # Before the first answer the badge says "Connecting" already.
        "chip": HEALTHS[health].word if quiet and status else "",
        **_subtask_counts(state),
        "notice": None
        if final
        else _notice(health, detail or (_unknown_status_detail(status) if health is Health.LIVE else "")),
        "failure": None if state is None else failure(state),
        "next": "" if state is None else next_step(state),
        "rows": _rows(status, health, detail),
        "facts": [] if state is None else [list(fact) for fact in facts(state.info)],
        "platform": platform,
        "link": page,
    }


def tasks(state: JobState | None) -> dict[str, Any]:
    """The subtasks for the details, the failed ones first; empty if there are none.

    Args:
        state: The job's state. If the job is over, no subtask counts as running, whatever its last status.

    Returns:
        Strict JSON: ``counted``: a text on how many are done and failed; ``kinds``: word, tone and icon of each status
        among them; ``rows``: id, index of the kind, and full error of a thousand subtasks at most; ``more``: a text on
        how many are omitted.
    """
    task_rows = subtasks(state.extras, longest=None) if state is not None else []
    if state is None or not task_rows:
        return {}
    kind = _final_badge if state.final else badge
    statuses = list(dict.fromkeys(status for _, status, _ in task_rows))
    done, failed = (sum(status == wanted for _, status, _ in task_rows) for wanted in ("SUCCESS", "FAILURE"))
    remaining = len(task_rows) - _MOST_TASKS
    return {
        "counted": f"{done} of {len(task_rows)} done" + (f", {failed} failed" if failed else ""),
        "kinds": [list(kind(status)) for status in statuses],
        "rows": [[id_, statuses.index(status), error] for id_, status, error in task_rows[:_MOST_TASKS]],
        "more": f"and {remaining} more" if remaining > 0 else "",
    }


def _final_badge(status: str) -> Badge:
    """The badge of a subtask whose job is over."""
    status_badge = badge(status)
    return Badge(f"Was {status_badge.word.lower()}", "idle", "dots") if status in _GOING_ON else status_badge


def _subtask_counts(state: JobState | None) -> dict[str, Any]:
    statuses = [task.get("status") for task in state.extras.values() if isinstance(task, dict)] if state else []
    total = len(state.extras) if state else 0
    failed, done = statuses.count("FAILURE"), statuses.count("SUCCESS")
    summary = f"{failed} of {total} subtasks failed" if failed else f"{done} of {total} subtasks done" if total else ""
    return {"tasks": summary, "ill": failed > 0}


def _notice(health: Health, detail: str) -> dict[str, str] | None:
    word, tone, icon = HEALTHS[health]
    text = safe_text(detail.strip(), _DETAIL)
    if health in (Health.STARTING, Health.OVER) or (health is Health.LIVE and not text):
        return None
    head = "" if health is Health.LIVE else word
    full_detail = _below_heading(head, text)
    if health is Health.RETRYING:
        full_detail = f"{full_detail} The card keeps trying.".strip()
    return {"tone": tone, "icon": icon, "head": head, "detail": full_detail}


def _unknown_status_detail(status: str) -> str:
    """A sentence about a status that this package does not know; empty for a known one."""
    return "" if status in STATUSES else "This status is new to the card, which follows the job all the same."


def _below_heading(head: str, text: str) -> str:
    """A sentence below its heading, without what the heading says already."""
    if head and text == messages.STOPPED_WATCHING:
        return messages.JOB_GOES_ON
    return sentence(text) if text else ""


def failure(state: JobState) -> dict[str, str] | None:
    """Why a job failed, or the error of one that goes on; ``None`` if there is none.

    Returns:
        ``tone``; ``reason``, in short; ``lead``: the part of a long message to show first, empty for a short message.
    """
    failed = state.status == JobStatus.FAILURE
    reason, message = safe_text((state.error_reason or "").strip(), _REASON), state.error_message or ""
    if not (failed or reason or message):
        return None
    if not reason:
        reason = "The platform reports an error"
        if failed:
            reason = "The job failed" if message else "The job failed without saying why"
    first = lead(message)
    return {"tone": "bad" if failed else "warn", "reason": reason, "lead": first if first != message else ""}


def _rows(status: str, health: Health, detail: str) -> list[list[str]]:
    word, text = HEALTHS[health].word, safe_text(detail.strip(), _DETAIL)
    return [
        ["Status", safe_text(status, 200) or "not known yet"],
        ["Watching", f"{word}: {text}" if text else word],
    ]

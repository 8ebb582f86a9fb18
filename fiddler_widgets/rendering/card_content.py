"""What a card says besides its times: the badge, the notice, the failure, the rows of its details.

Pure, and the one place where statuses and healths get their words, tones and icons: the live card shows what is found
here and adds only what changes with the clock of its page; the saved card says the same.
"""

from __future__ import annotations

from typing import Any

from fiddler_widgets import messages
from fiddler_widgets.messages import sentence, shown
from fiddler_widgets.models import Health, JobState, JobStatus
from fiddler_widgets.rendering.badges import HEALTHS, STATUSES, Badge, badge
from fiddler_widgets.rendering.job_facts import facts, lead, next_step, subject, subtasks

__all__ = ["card_name", "face", "failure", "tasks"]

_NAME = 300
_SUBJECT = 400
_DETAIL = 1000
_REASON = 500
_MOST_TASKS = 1000


_GOING_ON = frozenset(status.value for status in JobStatus if not status.final)
_QUIET = (Health.STARTING, Health.LIVE)


def card_name(job_id: str, state: JobState | None) -> str:
    """What a card calls its job: the name, else the beginning of its id."""
    if state is not None and (name := shown(state.name.strip(), _NAME)):
        return name
    return f"Job {shown(job_id.split('-', 1)[0] or job_id, 13)}"


def face(
    job_id: str, state: JobState | None, health: Health, detail: str, *, platform: str = "", page: str = ""
) -> dict[str, Any]:
    """Everything that a card says of its job, but for times and progress.

    Args:
        job_id: The job's id.
        state: The last answer about it; ``None`` before the first.
        health: How the watching goes.
        detail: That, as a sentence.
        platform: The platform's address; empty where it is not to be shown.
        page: The address of the job's page there; empty where it has none.

    Returns:
        Strict JSON of some hundred characters, bounded whatever the server sent:
        ``status``, ``tone`` and ``icon`` of the badge; ``final``: whether the job is over; ``held``: whether nobody
        watches it though it may go on; ``name``; ``what`` it works on; ``chip``: a quiet word on a good health;
        ``tasks``: how its subtasks do, and ``ill``, whether some failed; ``notice`` on the health (``tone``, ``icon``,
        ``head``, ``detail``) or ``None``; ``failure`` (``tone``, ``reason``, and ``lead``: what of a long message to
        show first) or ``None``; ``next``: what to do now; ``rows`` and ``facts`` for its details, as labels and values;
        ``platform`` and ``link``, the two addresses.
    """
    final = state is not None and state.final
    status = "" if state is None else str(state.status)
    its = badge(status, awaited=not health.ended)
    what = subject(state.info) if state is not None else ""
    quiet = not final and health in _QUIET
    return {
        "status": its.word,
        "tone": its.tone,
        "icon": its.icon,
        "final": final,
        "held": health.ended and not final,
        "name": card_name(job_id, state),
        # What is waited for stands where the particulars will, so that the card does not jump.
        "what": shown(what or (detail if health is Health.STARTING else ""), _SUBJECT),
        # Before the first answer the badge says it.
        "chip": HEALTHS[health].word if quiet and status else "",
        **_count(state),
        "notice": None if final else _notice(health, detail or (_odd(status) if health is Health.LIVE else "")),
        "failure": None if state is None else failure(state),
        "next": "" if state is None else next_step(state),
        "rows": _rows(status, health, detail),
        "facts": [] if state is None else [list(fact) for fact in facts(state.info)],
        "platform": platform,
        "link": page,
    }


def tasks(state: JobState | None) -> dict[str, Any]:
    """The subtasks for the details, the failed ones first; empty where there are none.

    Args:
        state: The job. Where it is over, none of them goes on, whatever was last said of it.

    Returns:
        Strict JSON: ``counted``: how they do; ``kinds``: word, tone and icon of each status among them; ``rows``: id,
        number of the kind, and error in full of a thousand at most; ``more``: how many are left out, in words.
    """
    found = subtasks(state.extras, longest=None) if state is not None else []
    if state is None or not found:
        return {}
    kind = _last if state.final else badge
    statuses = list(dict.fromkeys(status for _, status, _ in found))
    done, failed = (sum(status == wanted for _, status, _ in found) for wanted in ("SUCCESS", "FAILURE"))
    left = len(found) - _MOST_TASKS
    return {
        "counted": f"{done} of {len(found)} done" + (f", {failed} failed" if failed else ""),
        "kinds": [list(kind(status)) for status in statuses],
        "rows": [[id_, statuses.index(status), error] for id_, status, error in found[:_MOST_TASKS]],
        "more": f"and {left} more" if left > 0 else "",
    }


def _last(status: str) -> Badge:
    """How a subtask is shown whose job is over."""
    its = badge(status)
    return Badge(f"Was {its.word.lower()}", "idle", "dots") if status in _GOING_ON else its


def _count(state: JobState | None) -> dict[str, Any]:
    found = [task.get("status") for task in state.extras.values() if isinstance(task, dict)] if state else []
    total = len(state.extras) if state else 0
    failed, done = found.count("FAILURE"), found.count("SUCCESS")
    said = f"{failed} of {total} subtasks failed" if failed else f"{done} of {total} subtasks done" if total else ""
    return {"tasks": said, "ill": failed > 0}


def _notice(health: Health, detail: str) -> dict[str, str] | None:
    word, tone, icon = HEALTHS[health]
    said = shown(detail.strip(), _DETAIL)
    if health in (Health.STARTING, Health.OVER) or (health is Health.LIVE and not said):
        return None
    head = "" if health is Health.LIVE else word
    detail_ = _under(head, said)
    if health is Health.RETRYING:
        detail_ = f"{detail_} The card keeps trying.".strip()
    return {"tone": tone, "icon": icon, "head": head, "detail": detail_}


def _odd(status: str) -> str:
    """What there is to say of a status that is not known here, while all is well."""
    return "" if status in STATUSES else "This status is new to the card, which follows the job all the same."


def _under(head: str, text: str) -> str:
    """A sentence as it stands under its heading, which need not be said twice."""
    if head and text == messages.STOPPED_WATCHING:
        return messages.JOB_GOES_ON
    return sentence(text) if text else ""


def failure(state: JobState) -> dict[str, str] | None:
    """Why a job failed, or what the platform says of one that goes on; ``None`` if there is nothing to say.

    Returns:
        ``tone``; ``reason``, in a word or two; ``lead``: what of a long message to show first, empty for a short one.
    """
    failed = state.status == JobStatus.FAILURE
    reason, message = shown((state.error_reason or "").strip(), _REASON), state.error_message or ""
    if not (failed or reason or message):
        return None
    if not reason:
        reason = "The platform reports an error"
        if failed:
            reason = "The job failed" if message else "The job failed without saying why"
    first = lead(message)
    return {"tone": "bad" if failed else "warn", "reason": reason, "lead": first if first != message else ""}


def _rows(status: str, health: Health, detail: str) -> list[list[str]]:
    word, said = HEALTHS[health].word, shown(detail.strip(), _DETAIL)
    return [
        ["Status", shown(status, 200) or "not known yet"],
        ["Watching", f"{word}: {said}" if said else word],
    ]

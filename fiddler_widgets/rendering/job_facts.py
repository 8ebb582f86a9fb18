"""What a job works on, how its subtasks are, and what to do now: from `info`, `extras` and errors of any shape.

The live card, the saved card and the terminal all use these functions. Text of the server is cut and sanitised here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fiddler_widgets.messages import safe_text
from fiddler_widgets.models import JobStatus

if TYPE_CHECKING:
    from fiddler_widgets.models import JobState

__all__ = ["facts", "joined", "lead", "next_step", "subject", "subjects", "subtasks"]

_VALUE_LENGTH = 400
_MOST_ROWS = 24
_ERROR_LENGTH = 2000
_FAMILIES = ("project", "model", "resource")


def subject(info: object) -> str:
    """What a job works on, from its ``info``, such as "project bank_churn · model churn v1 · dataset train".

    Lines break only between the parts, since these contain no-break spaces.
    """
    return joined(subjects(info))


def joined(parts: list[tuple[str, str]]) -> str:
    """The text of `subject` from the parts that `subjects` returns."""
    return " · ".join(f"{label} {value}".replace(" ", "\u00a0") for label, value in parts)


def subjects(info: object) -> list[tuple[str, str]]:
    """What a job works on, as labels and values: project, model with its version, and a resource of some kind."""
    return _subjects(_mapping(info))


def facts(info: object) -> list[tuple[str, str]]:
    """Everything in ``info`` as labels and values, bounded in number: first what the job works on, then the rest."""
    fields = _mapping(info)
    rows = _subjects(fields)
    for key, value in fields.items():
        family = any(key == name or key.startswith(f"{name}_") for name in _FAMILIES)
        text = "" if family else _text(value)
        if text and len(rows) < _MOST_ROWS:
            rows.append((safe_text(key, 60).replace("_", " "), text))
    return [(label[:1].upper() + label[1:], value) for label, value in rows]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return safe_text(json.dumps(value, ensure_ascii=False), _VALUE_LENGTH)
    return safe_text(str(value).strip(), _VALUE_LENGTH) if isinstance(value, str | int | float) else ""


def _subjects(fields: dict[str, Any]) -> list[tuple[str, str]]:
    def name(key: str) -> str:
        nested = fields.get(key)
        of_nested = nested.get("name") if isinstance(nested, dict) else nested
        value = fields.get(f"{key}_name") or of_nested
        return safe_text(str(value)) if isinstance(value, str | int | float) else ""

    version = _mapping(fields.get("model")).get("version") or fields.get("model_version")
    kind = safe_text(str(fields.get("resource_type") or "resource"), 40).lower().replace("_", " ")
    project, model, resource = name("project"), name("model"), name("resource")
    rows = [("project", project)] if project else []
    if model:
        of_version = f" {safe_text(version, 40)}" if isinstance(version, str) and version else ""
        rows.append(("model", model + of_version))
    if resource and resource != {"project": project, "model": model}.get(kind):
        rows.append((kind, resource))
    return rows


_SUBTASK_ORDER = ("FAILURE", "REVOKED", "RETRY", "STARTED", "", "PENDING", "SUCCESS")


def subtasks(extras: object, longest: int | None = _ERROR_LENGTH) -> list[tuple[str, str, str]]:
    """Id, status and error of each subtask in ``extras``, the failed ones first.

    Args:
        extras: As the server gave it, of any shape.
        longest: The most characters of an error; ``None`` for the whole unchanged error, which users can copy.
    """
    rows = []
    for id_, task in extras.items() if isinstance(extras, dict) else ():
        fields = task if isinstance(task, dict) else {}
        status, error = fields.get("status"), fields.get("error_message")
        rows.append(
            (
                safe_text(str(id_), 60),
                safe_text(status, 40) if isinstance(status, str) else "",
                _error(error, longest),
            )
        )
    return sorted(rows, key=lambda task: _SUBTASK_ORDER.index(task[1] if task[1] in _SUBTASK_ORDER else ""))


def _error(error: object, longest: int | None) -> str:
    if not isinstance(error, str):
        return ""
    return error.strip() if longest is None else safe_text(error, longest, lines=True)


def next_step(state: JobState) -> str:
    """What the user can do after a job or a subtask has failed, as a sentence; empty if none has."""
    if state.status == JobStatus.SUCCESS:
        return ""
    if state.status == JobStatus.REVOKED:
        return "What now: the job was cancelled and will not finish; start it again if it is needed."
    has_failures = any(status == "FAILURE" for _, status, _ in subtasks(state.extras))
    pointer = " See Details for the errors of its subtasks." if has_failures else ""
    if state.status == JobStatus.FAILURE:
        return f"What now: fix the cause, then start the job again.{pointer}"
    if has_failures:
        return f"What now: wait; the job goes on, and may yet fail.{pointer}"
    return "What now: nothing; the platform tries the job again by itself." if state.status == JobStatus.RETRY else ""


_LINES_AT_ONCE = 8
_LINES_OF_LEAD = 4
_LEAD_LENGTH = 1000


def lead(message: str) -> str:
    """The part of a long message to show first; all of a short one.

    Args:
        message: The server's text.

    Returns:
        The last line of a Python traceback, which names the error; of other messages, the first few lines.
    """
    lines = message.split("\n")
    if len(message) <= _LEAD_LENGTH and len(lines) <= _LINES_AT_ONCE:
        return message
    if "Traceback (most recent call last)" in message:
        return message[-_LEAD_LENGTH:].rstrip().rsplit("\n", 1)[-1]
    first = "\n".join(lines[:_LINES_OF_LEAD])
    return first if len(first) <= _LEAD_LENGTH else first[: _LEAD_LENGTH - 1] + "…"

"""The job as the server describes it: statuses, an immutable snapshot, and a parser that tolerates harmless deviations.

Pure: no I/O, no clock. All values from this module can be encoded as strict JSON, whatever the server sent.
"""

from __future__ import annotations

import codecs
import json
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

__all__ = ["Health", "JobState", "JobStatus", "MalformedAnswer", "clean", "normal_id", "parse_id"]

_MAX_DEPTH = 40


class _TextEnum(str, Enum):
    """An enumeration whose members are strings, also when they are formatted."""

    __str__ = str.__str__


class JobStatus(_TextEnum):
    """The statuses that the platform knows. A member equals its string: ``job.status == "SUCCESS"``."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    RETRY = "RETRY"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    REVOKED = "REVOKED"

    @property
    def final(self) -> bool:
        """Whether a job with this status is over."""
        return self in _FINAL


_FINAL = frozenset((JobStatus.SUCCESS, JobStatus.FAILURE, JobStatus.REVOKED))


class Health(_TextEnum):
    """How the watching goes; it says nothing about the job."""

    STARTING = "starting"
    LIVE = "live"
    RETRYING = "retrying"
    STOPPED = "stopped"
    TIMED_OUT = "timed out"
    REFUSED = "refused"
    NOT_FOUND = "not found"
    ERROR = "error"
    OVER = "over"

    @property
    def ended(self) -> bool:
        """Whether the watching has ended, so that no more answers come."""
        return self not in _GOING_ON


_GOING_ON = frozenset((Health.STARTING, Health.LIVE, Health.RETRYING))


class MalformedAnswer(ValueError):
    """The server's answer does not describe the job that was asked for."""


def parse_id(id_: object) -> UUID | str:
    """The id of a job, as a `UUID` if it is one.

    Args:
        id_: A `UUID`, or a str.

    Raises:
        TypeError: It is neither.
        ValueError: It is empty.
    """
    if isinstance(id_, UUID):
        return id_
    if not isinstance(id_, str):
        msg = f"a job id is a UUID or a str, not {type(id_).__name__}"
        raise TypeError(msg)
    text = id_.strip()
    if not text:
        msg = "the job id is empty"
        raise ValueError(msg)
    try:
        return UUID(text)
    except ValueError:
        return text


def normal_id(id_: UUID | str) -> str:
    """An id in the one spelling by which ids are compared and looked up."""
    return str(parse_id(id_))


@dataclass(frozen=True)
class JobState:
    """One answer of the server about one job.

    Attributes:
        id: The job's id.
        name: Its name; empty if the server gave none.
        status: A `JobStatus`; a str if the server uses a status that is not known.
        progress: Per cent, 0 to 100; ``None`` while unknown.
        info: What the job works on.
        error_message: Why it failed, in full.
        error_reason: Why it failed, in short.
        extras: The job's subtasks by id; empty unless asked for with ``verbose=True``.
    """

    id: UUID | str
    name: str = ""
    status: JobStatus | str = ""
    progress: float | None = None
    info: dict[str, Any] = field(default_factory=dict, hash=False)
    error_message: str | None = None
    error_reason: str | None = None
    extras: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def final(self) -> bool:
        """Whether the job is over."""
        return isinstance(self.status, JobStatus) and self.status.final

    @classmethod
    def from_body(cls, body: bytes, *, expected_id: UUID | str) -> JobState:
        """Read the body of a good answer.

        Args:
            body: The bytes, already decompressed.
            expected_id: The job that was asked for.

        Raises:
            MalformedAnswer: It is no JSON, has another shape, or is about another job.
        """
        try:
            # `utf-8-sig` ignores a byte order mark.
            document = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        except RecursionError:
            problem = "the answer is nested too deeply"
        except ValueError:
            problem = (
                "the answer is HTML"
                if body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"
                else "the answer is not JSON"
            )
        else:
            return cls.from_wire(document, expected_id=expected_id)
        raise MalformedAnswer(problem)

    @classmethod
    def from_wire(cls, document: object, *, expected_id: UUID | str) -> JobState:
        """Read a decoded answer, and tolerate harmless deviations.

        Args:
            document: The decoded JSON.
            expected_id: The job that was asked for.

        Raises:
            MalformedAnswer: It has no job, no id or no status, or is about another job.
        """
        fields = document.get("data") if isinstance(document, dict) else None
        if not isinstance(fields, dict):
            msg = "the answer holds no job"
            raise MalformedAnswer(msg)
        id_, status = fields.get("id"), fields.get("status")
        if not isinstance(id_, str) or not id_.strip() or not isinstance(status, str) or not status.strip():
            msg = "the answer holds no job id or no status"
            raise MalformedAnswer(msg)
        if normal_id(id_) != normal_id(expected_id):
            msg = "the answer is about another job"
            raise MalformedAnswer(msg)
        return cls(
            id=parse_id(expected_id),
            name=_text(fields.get("name")) or "",
            status=_status(status),
            progress=_progress(fields.get("progress")),
            info=_mapping(fields.get("info")),
            error_message=_text(fields.get("error_message")),
            error_reason=_text(fields.get("error_reason")),
            extras=_mapping(fields.get("extras")),
        )


def _status(status: str) -> JobStatus | str:
    try:
        return JobStatus(status)
    except ValueError:
        return str(clean(status))


def _progress(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 (NaN)
        return None
    # The comparison comes before the conversion: an integer of a thousand digits does not fit a float.
    return float(min(max(value, 0), 100))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return str(clean(value))
    try:
        return json.dumps(clean(value), ensure_ascii=False)
    except (TypeError, ValueError):
        return None


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    cleaned = clean(value)
    return cleaned if isinstance(cleaned, dict) else {}


def _no_number(_literal: str) -> None:
    """Read NaN and Infinity, which are no JSON, as null."""


def clean(value: object, depth: int = 0) -> object:
    """The value, encodable as strict JSON in UTF-8: without lone surrogates, NaN and very deep nesting."""
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean(str(key)): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return value

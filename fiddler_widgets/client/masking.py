"""Keeping the token out of what a server says.

It is replaced in text alone, after an answer has been read: a token that happens to be a word of the wire, such as
``data``, leaves the structure of every answer as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fiddler_widgets.models import JobState, JobStatus

__all__ = ["Mask"]

_MASK = "[token]"

_WIRE = frozenset(
    (
        "api_version",
        "code",
        "data",
        "error",
        "error_message",
        "error_reason",
        "errors",
        "extras",
        "file_type",
        "help",
        "id",
        "info",
        "kind",
        "message",
        "model",
        "name",
        "progress",
        "project",
        "project_name",
        "reason",
        "resource",
        "resource_name",
        "resource_type",
        "result",
        "status",
        "version",
    )
)
"""The names of fields, which say nothing secret, and by which answers are read."""

_STATUSES = frozenset(JobStatus)


class Mask:
    """Replaces one secret in texts.

    Args:
        secret: The token.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._bytes = secret.encode()

    def concerns(self, body: bytes) -> bool:
        """Whether the secret may be in a body of JSON: as it is, or with characters escaped."""
        return self._bytes in body or b"\\" in body

    def text(self, text: str) -> str:
        """A text without the secret."""
        return text.replace(self._secret, _MASK)

    def host(self, text: str) -> str:
        """A host's name without the secret, which names have in small letters."""
        return re.sub(re.escape(self._secret), lambda _: _MASK, text, flags=re.IGNORECASE)

    def tree(self, value: Any) -> Any:
        """Decoded JSON without the secret; the names of the wire's fields and its statuses stay."""
        if isinstance(value, str):
            return value if value in _STATUSES else self.text(value)
        if isinstance(value, dict):
            return {key if key in _WIRE else self.text(key): self.tree(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        return value

    def state(self, state: JobState) -> JobState:
        """A job's state without the secret. Its id is the one that was asked for, and its status a word of the wire."""
        return replace(
            state,
            name=self.text(state.name),
            status=state.status if isinstance(state.status, JobStatus) else self.text(state.status),
            info=self.tree(state.info),
            error_message=self.tree(state.error_message),
            error_reason=self.tree(state.error_reason),
            extras=self.tree(state.extras),
        )

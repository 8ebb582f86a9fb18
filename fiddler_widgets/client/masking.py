"""Keeping the token out of what a server says.

The token is replaced only in texts, after an answer has been read. So a token that happens to be a name of the REST
API, such as ``data``, does not change the structure of an answer.
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
"""The names of fields in answers of the platform; they are never masked, since answers are read by them."""

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
        """Whether a JSON body may contain the secret, as it is or with escaped characters."""
        return self._bytes in body or b"\\" in body

    def text(self, text: str) -> str:
        """A text without the secret."""
        return text.replace(self._secret, _MASK)

    def host(self, text: str) -> str:
        """A host's name without the secret, in upper or lower case."""
        return re.sub(re.escape(self._secret), lambda _: _MASK, text, flags=re.IGNORECASE)

    def tree(self, value: Any) -> Any:
        """Decoded JSON without the secret; the names of the platform's fields and its statuses stay."""
        if isinstance(value, str):
            return value if value in _STATUSES else self.text(value)
        if isinstance(value, dict):
            return {key if key in _WIRE else self.text(key): self.tree(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        return value

    def state(self, state: JobState) -> JobState:
        """A job's state without the secret; its id and a known status stay as they are."""
        return replace(
            state,
            name=self.text(state.name),
            status=state.status if isinstance(state.status, JobStatus) else self.text(state.status),
            info=self.tree(state.info),
            error_message=self.tree(state.error_message),
            error_reason=self.tree(state.error_reason),
            extras=self.tree(state.extras),
        )

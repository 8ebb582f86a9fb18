"""Answers as data, and Fiddler's JSON envelopes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

__all__ = ["Reply", "data_reply", "dump", "error_reply", "phrase"]

_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True)
class Reply:
    """One answer, and how it is sent.

    Attributes:
        status: The HTTP status, or `None` to send no header and no body.
        body: The beginning of the body.
        content_type: The value of the `Content-Type` header.
        headers: Further headers, in order.
        padding: How many blanks follow `body`; they are streamed.
        content_length: A false `Content-Length`; `None` for the true one.
        delay: Seconds to wait before the first byte.
        head_pace: Seconds between two bytes of the header; 0 sends it at once.
        body_pace: Seconds between two bytes of the body; 0 sends it at once.
        then: What happens to the connection afterwards: it is kept for the next
            request, closed, reset (a TCP RST), or kept open without another byte.
    """

    status: int | None
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    padding: int = 0
    content_length: int | None = None
    delay: float = 0.0
    head_pace: float = 0.0
    body_pace: float = 0.0
    then: Literal["keep", "close", "reset", "hang"] = "keep"

    def head(self, *, keep_alive: bool) -> bytes:
        """Return the status line and headers, including the empty line after them.

        Args:
            keep_alive: Whether the header offers to keep the connection.

        Raises:
            ValueError: If this reply has no status.
        """
        if self.status is None:
            raise ValueError("A reply without a status has no header.")
        lines = [f"HTTP/1.1 {self.status} {phrase(self.status)}"]
        if not self.bodiless:
            length = self.content_length
            if length is None:
                length = len(self.body) + self.padding
            lines.append(f"Content-Type: {self.content_type}")
            lines.append(f"Content-Length: {length}")
        lines.extend(f"{name}: {value}" for name, value in self.headers)
        lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def bodiless(self) -> bool:
        """Whether HTTP allows no body with this status."""
        return self.status in _BODILESS


def phrase(code: int) -> str:
    """Return the reason phrase of an HTTP status; "Unknown" for an unknown one."""
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Unknown"


def dump(document: object) -> bytes:
    """Return a document as JSON in UTF-8.

    NaN and the infinities are written as Python writes them, which is not JSON;
    clients must cope with that, too.
    """
    text = json.dumps(document, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def data_reply(data: object, *, status: int = 200, kind: str = "NORMAL") -> Reply:
    """Return a good answer that carries `data` in the platform's envelope.

    Args:
        data: The data of the answer.
        status: The HTTP status.
        kind: The kind in the envelope; `"PAGINATED"` for a list.
    """
    document = {"api_version": "3.0", "kind": kind, "data": data}
    return Reply(status, dump(document))


def error_reply(code: int, message: str, reason: str) -> Reply:
    """Return an error in the platform's envelope.

    Args:
        code: The HTTP status.
        message: What happened, for people.
        reason: What happened, for programs, such as `"ObjectNotFound"`.
    """
    error = {
        "code": int(code),
        "message": message,
        "errors": [{"reason": reason, "message": message, "help": ""}],
    }
    document = {"error": error, "api_version": "3.0", "kind": "ERROR"}
    return Reply(int(code), dump(document))

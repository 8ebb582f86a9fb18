"""Reading the bodies of requests, and the errors for those that are refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tornado.httputil import HTTPInputError, parse_body_arguments

from fiddler_widgets.simulator.replies import error_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.httputil import HTTPFile

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Refused", "bad_request", "conflict", "form_of", "json_of", "not_found", "object_in", "text_in"]

# A lone surrogate, which is allowed in JSON and not in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")


class Refused(Exception):
    """A request is answered with an error.

    Attributes:
        reply: The answer, in the platform's envelope.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def bad_request(message: str) -> Refused:
    """Return the exception for a request that is not valid: 400."""
    return Refused(error_reply(400, message, "BadRequest"))


def not_found(kind: str) -> Refused:
    """Return the exception for a request about an item that does not exist: 404."""
    return Refused(error_reply(404, f"{kind} not found for the given identifier", "ObjectNotFound"))


def conflict(message: str) -> Refused:
    """Return the exception for a request to make an item that exists already: 409."""
    return Refused(error_reply(409, message, "Conflict"))


def json_of(request: Request) -> dict[str, object]:
    """Return the request's body, which must be a JSON object.

    Raises:
        Refused: It is no JSON object.
    """
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise bad_request("The body is no JSON object.")
    return document


def form_of(request: Request) -> tuple[dict[str, str], HTTPFile]:
    """Return the fields of a form, and its file, which must be called `file`.

    Raises:
        Refused: There is no such form, or no such file in it.
    """
    fields: dict[str, list[bytes]] = {}
    files: dict[str, list[HTTPFile]] = {}
    try:
        parse_body_arguments(request.headers.get("Content-Type", ""), request.body, fields, files)
    except (HTTPInputError, ValueError):
        files = {}
    if "file" not in files:
        raise bad_request("The body is no form with a file.")
    return {name: values[-1].decode("utf-8", "replace") for name, values in fields.items()}, files["file"][-1]


def text_in(document: Mapping[str, object], name: str) -> str:
    """Return a field that must be a text, not empty and encodable in UTF-8.

    Raises:
        Refused: It is missing, or no such text.
    """
    value = document.get(name)
    if not isinstance(value, str) or not value or _HALF.search(value):
        raise bad_request(f"{name}: a text is required.")
    return value


def object_in(document: Mapping[str, object], name: str) -> dict[str, object]:
    """Return a field that must be an object.

    Raises:
        Refused: It is missing, or no object.
    """
    value = document.get(name)
    if not isinstance(value, dict):
        raise bad_request(f"{name}: an object is required.")
    return value

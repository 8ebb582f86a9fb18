"""What a request says in its body; where it makes no sense, a refusal."""

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

__all__ = ["Refused", "bad", "conflict", "form_of", "json_of", "missing", "object_in", "text_in"]

# One of a pair of surrogates, which JSON lets stand alone and UTF-8 does not.
_HALF = re.compile("[\ud800-\udfff]")


class Refused(Exception):
    """A request that gets an error for its answer.

    Attributes:
        reply: That answer, in the platform's envelope.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def bad(message: str) -> Refused:
    """Return the refusal of a request that makes no sense: 400."""
    return Refused(error_reply(400, message, "BadRequest"))


def missing(what: str) -> Refused:
    """Return the refusal of a request about something that is not there: 404."""
    return Refused(error_reply(404, f"{what} not found for the given identifier", "ObjectNotFound"))


def conflict(message: str) -> Refused:
    """Return the refusal of a request for what is there already: 409."""
    return Refused(error_reply(409, message, "Conflict"))


def json_of(request: Request) -> dict[str, object]:
    """Return the JSON object that is the request's body.

    Raises:
        Refused: It is something else.
    """
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise bad("The body is no JSON object.")
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
        raise bad("The body is no form with a file.")
    return {name: values[-1].decode("utf-8", "replace") for name, values in fields.items()}, files["file"][-1]


def text_in(document: Mapping[str, object], name: str) -> str:
    """Return a field that must be a text, neither empty nor with half a character in it.

    Raises:
        Refused: It is missing, or something else.
    """
    value = document.get(name)
    if not isinstance(value, str) or not value or _HALF.search(value):
        raise bad(f"{name}: a text is required.")
    return value


def object_in(document: Mapping[str, object], name: str) -> dict[str, object]:
    """Return a field that must be an object.

    Raises:
        Refused: It is missing, or something else.
    """
    value = document.get(name)
    if not isinstance(value, dict):
        raise bad(f"{name}: an object is required.")
    return value

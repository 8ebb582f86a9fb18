"""What an answer means: the job's state, or an error.

An error of the platform is recognised by its envelope, ``{"error": {"code": …, "message": …, "errors": …}}``. A 4xx
without it came from something in between, such as a firewall, or an ingress while the platform is being deployed: such
an answer says nothing about our token or job.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from fiddler_widgets import configs, messages
from fiddler_widgets.client.retry_hints import asked_pause
from fiddler_widgets.exceptions import ApiConnectionError, ApiError, NotFound
from fiddler_widgets.models import JobState, MalformedAnswer, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from fiddler_widgets.client.masking import Mask

__all__ = ["interpret"]

_TAG = re.compile(r"<[^>]*>")
_TITLE_SEARCH_LIMIT = 64 * 1024
"""Bytes of a foreign page that are searched for its title."""
_LONGEST_TITLE = 1000
"""Characters of a title, or of a page without one, that are read: removing tags from hostile text takes long."""

_PROXY_AUTHENTICATION = 407
_SENDER_DOES_NOT_MATTER = frozenset((401, 408, 425, 429))
"""Statuses that mean the same whoever sends them: the token is refused, or the request is to be made later."""


def interpret(
    code: int, url: str, headers: Mapping[str, str], body: bytes | None, job_id: UUID | str, mask: Mask
) -> JobState | ApiError:
    """Read an answer.

    Args:
        code: Its HTTP status.
        url: The URL of the request.
        headers: Its headers; names in any case.
        body: Its decompressed body; ``None`` if that is larger than allowed.
        job_id: The job that was asked for.
        mask: Removes the token from texts of the server.
    """
    if 300 <= code < 400:  # noqa: PLR2004
        return _redirection(code, url, headers.get("Location") or "", mask)
    if code == _PROXY_AUTHENTICATION:
        return ApiConnectionError(messages.PROXY_ASKS, code=code, permanent=True, advice=messages.PROXY_ADVICE)
    if code == 200 and body is not None:  # noqa: PLR2004
        try:
            state = JobState.from_body(body, expected_id=job_id)
        except MalformedAnswer as error:
            return ApiError(f"{error} (status 200)", code=code, malformed=True)
        return mask.state(state) if mask.concerns(body) else state
    return _error(code, headers, body, mask)


def _error(code: int, headers: Mapping[str, str], body: bytes | None, mask: Mask) -> ApiError:
    facts: dict[str, Any] = {"code": code, "retry_after": asked_pause(headers), "malformed": code < 300}  # noqa: PLR2004
    kind = NotFound if code == 404 else ApiError  # noqa: PLR2004
    envelope = None if body is None else _envelope(body)
    if envelope is None and _is_foreign(code):
        summary = mask.text(_page_summary(body or b""))
        return kind(messages.foreign_clause(code, summary), **facts, foreign=True)
    if body is None:
        limit = configs.RESPONSE_LIMIT // 2**20
        return kind(f"the answer ({code}) is larger than {limit} MiB", **facts)
    message, errors = mask.tree(envelope or ("", []))
    return kind(f"the server answered {code}" + (f": {message}" if message else ""), **facts, errors=errors)


def _is_foreign(code: int) -> bool:
    """Whether an answer with this status and without the platform's envelope came from something else."""
    return (400 <= code < 500 or code == 501) and code not in _SENDER_DOES_NOT_MATTER  # noqa: PLR2004


def _envelope(body: bytes) -> list[Any] | None:
    """The message and list of errors in the platform's envelope, each empty if missing; ``None`` without envelope."""
    try:
        error: Any = clean(json.loads(body)["error"])
        code, message, errors = error.get("code", 0), error.get("message"), error.get("errors")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    # Other servers have similar envelopes, with a string as the code.
    if isinstance(code, str) or not error.keys() & {"code", "message", "errors"}:
        return None
    return [message if isinstance(message, str) else "", errors if isinstance(errors, list) else []]


def _page_summary(body: bytes) -> str:
    """A summary of a foreign page: its title or heading, the message of its JSON, or the beginning of its text."""
    text = body[:_TITLE_SEARCH_LIMIT].decode("utf-8-sig", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        text = _element(text, "title") or _element(text, "h1") or text
    else:
        fields = document if isinstance(document, dict) else {}
        text = next((fields[key] for key in ("message", "detail", "error") if isinstance(fields.get(key), str)), "")
    plain = html.unescape(_TAG.sub(" ", text[:_LONGEST_TITLE])).encode("utf-8", "replace").decode("utf-8")
    return " ".join(plain.split())


def _element(page: str, name: str) -> str:
    """The content of the first element with that name; empty if there is none."""
    lower = page.lower()
    start = lower.find(f"<{name}")
    end = lower.find(f"</{name}", start)
    return page[page.find(">", start, end) + 1 : end] if 0 <= start < end else ""


def _redirection(code: int, url: str, location: str, mask: Mask) -> ApiError:
    """The error for a redirect; it names scheme, host and port of the target, and no other part of its address."""
    try:
        target = urlsplit(urljoin(url, location))
        host, port, source = target.hostname, target.port, urlsplit(url)
        upgrade = (source.scheme, target.scheme) == ("http", "https") and source.hostname == host
    except ValueError:
        return ApiError(messages.redirect_clause(code, "an address that is none"), code=code)
    if not host:
        return ApiError(messages.redirect_clause(code, "nowhere"), code=code)
    name = mask.host(f"[{host}]" if ":" in host else host)
    address = f"{target.scheme}://{name}" + ("" if port is None else f":{port}")
    return ApiError(
        messages.redirect_clause(code, address, upgrade=upgrade),
        code=code,
        advice=messages.UPGRADE_ADVICE if upgrade else "",
    )

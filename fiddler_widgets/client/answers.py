"""What an answer means: the job, or what came in its place.

An error of the platform is recognised by its envelope, ``{"error": {"code": …, "message": …, "errors": …}}``. A 4xx
without it was said by something on the way, such as a firewall, or an ingress while the platform is deployed anew: what
it says about keys and ids is not about ours.
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

__all__ = ["interpreted"]

_TAG = re.compile(r"<[^>]*>")
_LOOKED_THROUGH = 64 * 1024
"""Bytes of a foreign page in which its title is looked for."""
_LONGEST_TITLE = 1000
"""Characters of a title, or of a page without one, that are looked at: taking tags out of hostile text takes long."""

_PROXY_AUTHENTICATION = 407
_THE_PLATFORMS_OWN = frozenset((401, 408, 425, 429))
"""Statuses of which it does not matter who says them: the key is refused, or the time for asking is wrong."""


def interpreted(
    code: int, url: str, headers: Mapping[str, str], body: bytes | None, job_id: UUID | str, mask: Mask
) -> JobState | ApiError:
    """Read an answer.

    Args:
        code: Its HTTP status.
        url: What was asked.
        headers: Its headers; names in any case.
        body: What came after them, decompressed; ``None`` where that is larger than allowed.
        job_id: The job that was asked for.
        mask: Takes the token out of what the server says.
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
        words = mask.text(_words(body or b""))
        return kind(messages.foreign_clause(code, words), **facts, foreign=True)
    if body is None:
        limit = configs.RESPONSE_LIMIT // 2**20
        return kind(f"the answer ({code}) is larger than {limit} MiB", **facts)
    message, errors = mask.tree(envelope or ("", []))
    return kind(f"the server answered {code}" + (f": {message}" if message else ""), **facts, errors=errors)


def _is_foreign(code: int) -> bool:
    """Whether a status without the platform's envelope was said by something else."""
    return (400 <= code < 500 or code == 501) and code not in _THE_PLATFORMS_OWN  # noqa: PLR2004


def _envelope(body: bytes) -> list[Any] | None:
    """The message and the list of errors of the platform's envelope, as far as they are there; ``None`` without one."""
    try:
        error: Any = clean(json.loads(body)["error"])
        code, message, errors = error.get("code", 0), error.get("message"), error.get("errors")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    # Others have envelopes that look alike, with a word in place of the number.
    if isinstance(code, str) or not error.keys() & {"code", "message", "errors"}:
        return None
    return [message if isinstance(message, str) else "", errors if isinstance(errors, list) else []]


def _words(body: bytes) -> str:
    """What a foreign page calls itself: its title or heading, the message of its JSON, or how its text begins."""
    text = body[:_LOOKED_THROUGH].decode("utf-8-sig", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        text = _element(text, "title") or _element(text, "h1") or text
    else:
        said = document if isinstance(document, dict) else {}
        text = next((said[key] for key in ("message", "detail", "error") if isinstance(said.get(key), str)), "")
    plain = html.unescape(_TAG.sub(" ", text[:_LONGEST_TITLE])).encode("utf-8", "replace").decode("utf-8")
    return " ".join(plain.split())


def _element(page: str, name: str) -> str:
    """What the first element of that name holds; empty where there is none."""
    lower = page.lower()
    start = lower.find(f"<{name}")
    end = lower.find(f"</{name}", start)
    return page[page.find(">", start, end) + 1 : end] if 0 <= start < end else ""


def _redirection(code: int, url: str, location: str, mask: Mask) -> ApiError:
    """Where a redirect leads: scheme, host and port, without what else its address may hold."""
    try:
        target = urlsplit(urljoin(url, location))
        host, port, from_ = target.hostname, target.port, urlsplit(url)
        upgrade = (from_.scheme, target.scheme) == ("http", "https") and from_.hostname == host
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

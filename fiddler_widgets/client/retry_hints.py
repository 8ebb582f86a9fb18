"""The pause that a server asks for in the headers of an answer.

The headers are read in this order: ``Retry-After`` (RFC 9110, section 10.2.3: seconds or an HTTP date; some servers
send decimals), ``retry-after-ms`` and ``RateLimit-Reset``. A header that is neither a number nor a date is ignored.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["asked_pause"]

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_LONGEST = 1e12
_EPOCH = 1e9
"""From this number of seconds on (the year 2001), a ``RateLimit-Reset`` is a Unix time and not a pause."""


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; ``None`` if the answer asks for no pause.

    Args:
        headers: The headers of the answer; names in any case.
    """
    retry_after = headers.get("Retry-After") or ""
    pause = _seconds(retry_after)
    if pause is None:
        pause = _until(retry_after, headers)
    if pause is None and (thousandths := _seconds(headers.get("retry-after-ms") or "")) is not None:
        pause = thousandths / 1000
    if pause is None and (pause := _seconds(headers.get("RateLimit-Reset") or "")) is not None and pause >= _EPOCH:
        pause = max(0.0, pause - _now(headers).timestamp())
    return pause


def _seconds(text: str) -> float | None:
    text = text.strip()
    return min(float(text), _LONGEST) if _NUMBER.fullmatch(text) else None


def _until(text: str, headers: Mapping[str, str]) -> float | None:
    at = _date(text)
    return None if at is None else max(0.0, (at - _now(headers)).total_seconds())


def _now(headers: Mapping[str, str]) -> datetime:
    # The server's own clock, if the answer has it: ours may be wrong by minutes, and only the difference counts.
    return _date(headers.get("Date") or "") or datetime.now(timezone.utc)


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=timezone.utc)

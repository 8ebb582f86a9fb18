"""The word, the tone and the icon of each status and each health; they are listed only here."""

from __future__ import annotations

from typing import NamedTuple

from fiddler_widgets.messages import safe_text
from fiddler_widgets.models import Health

__all__ = ["HEALTHS", "ICONS", "STATUSES", "Badge", "badge"]

_STATUS_LENGTH = 60


class Badge(NamedTuple):
    """How a status or a health is shown: by a word and an icon, never by colour alone.

    Attributes:
        word: The word on the card.
        tone: The colour: ``idle``, ``run``, ``warn``, ``ok`` or ``bad``.
        icon: A name in ``js/src/icons.js``.
    """

    word: str
    tone: str
    icon: str


STATUSES = {
    "": Badge("Connecting", "idle", "dots"),
    "PENDING": Badge("Queued", "idle", "clock"),
    "STARTED": Badge("Running", "run", "spinner"),
    "RETRY": Badge("Retrying", "warn", "retry"),
    "SUCCESS": Badge("Succeeded", "ok", "tick"),
    "FAILURE": Badge("Failed", "bad", "cross"),
    "REVOKED": Badge("Revoked", "idle", "barred"),
}
_NEVER_SEEN = Badge("Unknown", "idle", "question")

HEALTHS = {
    Health.STARTING: Badge("connecting", "idle", "dots"),
    Health.LIVE: Badge("live", "idle", "info"),
    Health.RETRYING: Badge("Reconnecting", "warn", "warning"),
    Health.STOPPED: Badge("Stopped watching", "idle", "stop"),
    Health.TIMED_OUT: Badge("Watching timed out", "warn", "clock"),
    Health.REFUSED: Badge("Watching ended: token refused", "warn", "lock"),
    Health.NOT_FOUND: Badge("Watching ended: job not found", "warn", "question"),
    Health.ERROR: Badge("Watching ended: error", "warn", "warning"),
    Health.OVER: Badge("over", "idle", "tick"),
}


def badge(status: str, *, awaited: bool = False) -> Badge:
    """The badge of a status; an unknown status is shown as it is.

    Args:
        status: The status in the REST API; empty if there has been no answer.
        awaited: Whether a first answer may still come.
    """
    if not status:
        return STATUSES[""] if awaited else _NEVER_SEEN
    return STATUSES.get(status) or Badge(safe_text(status, _STATUS_LENGTH), "idle", "question")


_RING = "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0"
ICONS = {
    "question": f"{_RING} M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2 M8 11.3h.01",
    "clock": f"{_RING} M8 4.6V8l2.3 1.6",
    "spinner": "M8 2a6 6 0 1 1-6 6",
    "retry": "M3 7.4a5 5 0 0 1 8.8-2.6L13 6.2 M13 3v3.2H9.8 M13 8.6a5 5 0 0 1-8.8 2.6L3 9.8 M3 13V9.8h3.2",
    "tick": f"{_RING} M5.3 8.2l1.9 1.9 3.6-4",
    "cross": f"{_RING} M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4",
    "barred": f"{_RING} M3.8 12.2l8.4-8.4",
}
"""The icons of the live card (``js/src/icons.js``) that a badge may have, as SVG paths."""

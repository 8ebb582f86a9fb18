"""How long a server asks to be left alone, from the headers of its answer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from requests.structures import CaseInsensitiveDict

from fiddler_widgets.client.retry_hints import asked_pause

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=timezone.utc)
DATE = format_datetime(NOW, usegmt=True)
IN_SEVEN = format_datetime(NOW + timedelta(seconds=7), usegmt=True)

SAID: dict[str, tuple[dict[str, str], float | None]] = {
    "nothing": ({}, None),
    "seconds": ({"Retry-After": "7"}, 7.0),
    "blanks around": ({"Retry-After": " 7 "}, 7.0),
    "decimals": ({"Retry-After": "1.5"}, 1.5),
    "a date by the server's clock": ({"Retry-After": IN_SEVEN, "Date": DATE}, 7.0),
    "a date that is over": ({"Retry-After": DATE, "Date": IN_SEVEN}, 0.0),
    "thousandths": ({"Retry-After-Ms": "1500"}, 1.5),
    "a limit's end": ({"RateLimit-Reset": "30"}, 30.0),
    "a limit's end by the clock": ({"ratelimit-reset": str(int(NOW.timestamp()) + 9), "date": DATE}, 9.0),
    "seconds before the rest": ({"Retry-After": "2", "retry-after-ms": "9000", "RateLimit-Reset": "30"}, 2.0),
    "thousandths before a limit": ({"retry-after-ms": "900", "RateLimit-Reset": "30"}, 0.9),
    "what is no time is passed over": ({"Retry-After": "soon", "RateLimit-Reset": "3"}, 3.0),
    "negative": ({"Retry-After": "-5"}, None),
    "an exponent": ({"Retry-After": "1e9"}, None),
    "other digits": ({"Retry-After": "\u0663"}, None),
    "no number": ({"retry-after-ms": "nan", "RateLimit-Reset": "inf"}, None),
    "no date": ({"Retry-After": "Mon, 99 Foo 2026 00:00:00 GMT"}, None),
    "endless": ({"Retry-After": "9" * 4000}, 1e12),
}


@pytest.mark.parametrize(("headers", "seconds"), SAID.values(), ids=SAID.keys())
def test_pause_that_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, whichever header says so; the first that is a time counts."""
    assert asked_pause(CaseInsensitiveDict(headers)) == seconds


def test_date_without_the_servers_clock_is_taken_by_ours() -> None:
    """Where an answer has no date of its own, or none that can be read."""
    soon = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=20), usegmt=True)
    for date in ("", "yesterday"):
        assert asked_pause({"Retry-After": soon, "Date": date}) == pytest.approx(19.5, abs=3)

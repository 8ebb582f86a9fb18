"""Which clicks of a page have been acted upon."""

from __future__ import annotations

from typing import Any

import pytest

from fiddler_widgets.widget.clicks import Clicks


def test_click_is_known_from_its_second_message_on() -> None:
    """Whatever else came between."""
    clicks = Clicks()
    assert [clicks.known({"click": name}) for name in ("one", "two", "one", "two", "three")] == [
        False,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("content", [None, "one", {}, {"click": None}, {"click": ["one"]}])
def test_message_that_names_no_click_is_never_known(content: Any) -> None:
    """Nor is nonsense."""
    clicks = Clicks()
    assert not any(clicks.known(content) for _ in range(2))


def test_few_clicks_are_remembered() -> None:
    """A page that sends ever new ones fills no memory."""
    clicks = Clicks()
    for number in range(1000):
        clicks.known({"click": str(number)})
    assert clicks.known({"click": "999"})
    assert not clicks.known({"click": "0"})

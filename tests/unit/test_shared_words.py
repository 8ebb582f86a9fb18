"""What Python and the page both say, from the files in tests/shared that the frontend's tests read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fiddler_widgets.durations import duration, percent, setting, whole_percent

SHARED = Path(__file__).parents[1] / "shared"


def shared(name: str) -> Any:
    """Return what both sides have to say."""
    return json.loads((SHARED / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("seconds", "words"), shared("durations"))
def test_durations_are_the_pages(seconds: float, words: str) -> None:
    """At most two units that follow each other, cut and not rounded."""
    assert duration(seconds) == words


@pytest.mark.parametrize(("progress", "words"), shared("percents"))
def test_percents_are_the_pages(progress: float, words: str) -> None:
    """Cut and not rounded, so that 100 % is said of nothing less."""
    assert percent(progress) == words


@pytest.mark.parametrize(("progress", "words"), shared("percents"))
def test_log_lines_cut_percents_as_the_card_does(progress: float, words: str) -> None:
    """The whole number in a log line is the one on the card: at 99.6 neither says 100 %."""
    assert whole_percent(progress).split(" ")[0] == words.split(" ", maxsplit=1)[0].split(".", maxsplit=1)[0]


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (0.5, "0.5 s"), (9, "9 s"), (30, "30 s"), (1800, "30 min")])
def test_settings_keep_their_decimal(seconds: float, words: str) -> None:
    """Whoever set a timeout of half a second reads "0.5 s"."""
    assert setting(seconds) == words

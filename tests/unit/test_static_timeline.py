"""The timeline of a saved card: what it draws, and what it says where the drawing is taken away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from fiddler_widgets.rendering import static_card, static_timeline
from fiddler_widgets.rendering.static_timeline import drawing, phases, timeline
from tests.unit.test_static_card import seen

SOURCE = Path(__file__).parents[2] / "js" / "src" / "timeline.js"
START = 1_795_000_000.0
HISTORY: dict[str, Any] = {
    "start": START,
    "steps": [[0, 0, "q"], [40, 0, "r"], [60, 20, "o"], [80, 30, "r"], [100, 100, "e"]],
}


def test_phases_say_how_long_each_kind_lasted() -> None:
    """In the order in which they first came, each kind once."""
    assert phases(HISTORY, None) == "queued 40 s · running 40 s · outage 20 s"


def test_job_that_goes_on_is_told_up_to_the_last_look() -> None:
    """Not up to now: the saved card does not know what has been since."""
    going = {**HISTORY, "steps": HISTORY["steps"][:2]}
    assert phases(going, START + 100) == "queued 40 s · running 1 min"


@pytest.mark.parametrize("history", [None, {}, {"start": START, "steps": []}, {"start": START, "steps": [[0, 5, "e"]]}])
def test_nothing_seen_is_nothing_drawn(history: dict[str, Any] | None) -> None:
    """A job that was over at the first look has no timeline."""
    assert phases(history, START) == drawing(history, START) == ""
    assert timeline(history, START) == []


def test_drawing_is_one_line_of_sound_svg() -> None:
    """Named for screen readers, phases and progress as paths within the box."""
    text = drawing(HISTORY, None)
    assert "\n" not in text
    root = ET.fromstring(text)  # noqa: S314 (our own text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Timeline: queued 40 s · running 40 s · outage 20 s"
    numbers = [float(number) for path in root for number in re.findall(r"[\d.]+", path.get("d") or "")]
    assert max(numbers) == 1000
    assert [path.get("class") for path in root if path.get("class")] == ["fw-q", "fw-r", "fw-o", "fw-r", "fw-seen"]


def test_progress_that_nobody_saw_is_dashed() -> None:
    """Through an outage the line is a guess, and looks it."""
    dashed = [path for path in ET.fromstring(drawing(HISTORY, None)) if path.get("stroke-dasharray") == "3 4"]  # noqa: S314
    assert [path.get("d") for path in dashed] == ["M600 63.6L800 56.4"]


def test_unknown_progress_has_phases_only() -> None:
    """Nothing is drawn that is not known, and no room is kept for it."""
    history = {"start": START, "steps": [[0, None, "r"]]}
    root = ET.fromstring(drawing(history, START + 10))  # noqa: S314
    assert [path.get("class") for path in root] == ["fw-r"]
    assert (root.get("height"), root.get("viewBox")) == ("20", "0 80 1000 20")


def test_phase_of_many_steps_is_one_band() -> None:
    """Sixty joints in it would look like the ticks of an outage, and weigh as much."""
    steps = [[at, at, "r"] for at in range(64)]
    text = drawing({"start": START, "steps": steps}, START + 64)
    bands = [path.get("d") for path in ET.fromstring(text) if path.get("class") == "fw-r"]  # noqa: S314
    assert bands == ["M0 92H1000"]
    assert len(text) < 2600


def test_card_holds_both() -> None:
    """The drawing, and its words for whoever is not shown the drawing."""
    html = static_card.html(seen()._replace(history=HISTORY))
    assert drawing(HISTORY, None) in html
    words = re.sub(r"<[^>]*>", "", html)
    assert "\n11:06 to 11:08 UTC: queued 40 s · running 40 s · outage 20 s\n" in words


def test_each_phase_has_its_stroke_beside_its_words() -> None:
    """The same as in the drawing."""
    whole, legend = timeline(HISTORY, None)
    for kind in "qro":
        stroke = re.search(rf'stroke-width="[^/]*class="fw-{kind}"', legend)
        assert stroke is not None
        assert stroke[0] in whole


def test_timeline_over_midnight_gives_its_dates() -> None:
    """Times alone would look as if it had ended before it began."""
    long = {"start": START, "steps": [[0, 0, "r"], [80_000, 100, "e"]]}
    assert "2026-11-18 11:06 to 2026-11-19 09:20 UTC" in timeline(long, None)[1]


def test_words_are_those_of_the_live_timeline() -> None:
    """The frontend's table and this one say the same."""
    if not SOURCE.exists():
        pytest.skip("the frontend's sources are in a checkout, not in a wheel")
    table = dict(re.findall(r'^  ([a-z]): "([^"]+)",', SOURCE.read_text("utf-8"), re.MULTILINE))
    assert table == {**static_timeline.KINDS, "e": "over"}

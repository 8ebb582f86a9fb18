"""Every state in the dress of every host looks as it does in `tools/gallery`, where somebody has looked at it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from tools.gallery import compare, render, themes
from tools.gallery.__main__ import HERE, page_of_sheets, referred
from tools.gallery.compare import Sheet
from tools.gallery.states import DESCRIPTIONS, NAMES, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

RESULTS = Path(__file__).parents[2] / "test-results"
SOME = ["queued", "running", "outage", "failed"]
"""Enough of each tone to see whether the comparison works."""


@pytest.fixture(scope="module")
def painter(playwright: Playwright, browser: Browser) -> Iterator[Browser]:
    """Return a Chromium with the flags of the gallery; where there is no browser at all, `browser` says so."""
    del browser
    with render.launch(playwright) as started:
        yield started


@pytest.fixture(scope="module")
def fonts(painter: Browser) -> None:
    """Make sure that texts are as wide here as where the pictures were made."""
    stored = json.loads((HERE / "fonts.json").read_text("utf-8"))
    here = render.fonts(painter, themes.LIGHT)
    # Another version of a font moves no text by half a pixel; another font moves all of them by many.
    other = [name for name, width in stored.items() if abs(here[name] - width) > 0.5]
    if other:
        reason = f"other fonts here ({', '.join(other)}): apt-get install fonts-liberation fonts-dejavu-core"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def some(painter: Browser) -> Sheet:
    """Return some cards as they are."""
    return render.sheet(painter, themes.LIGHT, SOME)


def differing(one: Sheet, other: Sheet) -> dict[str, str]:
    """Return what has become of each card, for those that have changed."""
    found = {name: compare.difference(one.card(name), other.card(name)) for name in one.boxes}
    return {name: said for name, said in found.items() if said}


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
def test_every_state_looks_as_in_the_gallery(painter: Browser, theme: themes.Theme) -> None:
    """Card by card; what differs is left in `test-results`, as it was, as it is, and the difference."""
    stored = Sheet.load(HERE / f"{theme.name}.png")
    new = render.sheet(painter, theme)
    assert list(stored.boxes) == list(new.boxes), "states have come or gone: make gallery"
    changed = differing(stored, new)
    for name in changed:
        RESULTS.mkdir(exist_ok=True)
        both = compare.beside(stored.card(name), new.card(name))
        both.save(RESULTS / f"gallery-{theme.name}-{name}.png")
    assert not changed, "see test-results/gallery-*.png; if it is meant so: make gallery, and look at the sheets"


@pytest.mark.parametrize(
    ("css", "cards"),
    [
        ('.fw-card.fw-card.fw-card[data-fw-tone="run"] { --fw-hue: #1f9d55; }', {"running", "outage"}),
        (".fw-card.fw-card .fw-badge .fw-icon { visibility: hidden; }", set(SOME)),
        (".fw-card.fw-card .fw-sub { transform: translateY(2px); }", set(SOME)),
        (".fw-card.fw-card .fw-percent { visibility: hidden; }", set(SOME)),
        (".fw-card.fw-card .fw-badge { transform: translateX(3px); }", set(SOME)),
        (".fw-card.fw-card .fw-notice { padding-block-end: 9px; }", {"outage"}),
    ],
    ids=["tone", "badge's icon", "line", "per cent", "badge", "height"],
)
def test_a_change_that_an_eye_sees_is_found(painter: Browser, some: Sheet, css: str, cards: set[str]) -> None:
    """Another tone, a missing icon or figure, a line two pixels lower: on the cards that have it, and on no others."""
    assert set(differing(some, render.sheet(painter, themes.LIGHT, SOME, css=css))) == cards


@pytest.mark.parametrize(
    "css",
    [
        ".fw-card.fw-card.fw-card * { -webkit-text-stroke: 0.1px; }",
        ".fw-card.fw-card.fw-card .fw-sub { transform: translateX(0.25px); }",
        ".fw-card.fw-card.fw-card .fw-name { transform: translateX(-0.25px); }",
    ],
    ids=["heavier", "right", "left"],
)
def test_another_way_of_smoothing_glyphs_is_not_a_change(painter: Browser, some: Sheet, css: str) -> None:
    """Strokes a tenth of a pixel heavier, a text a quarter of a pixel aside: the picture differs, the card does not."""
    other = render.sheet(painter, themes.LIGHT, SOME, css=css)
    assert other.image.tobytes() != some.image.tobytes()
    assert differing(some, other) == {}


@pytest.mark.parametrize("flag", ["--font-render-hinting=full", "--enable-lcd-text"])
def test_another_rasteriser_is_not_a_change(playwright: Playwright, some: Sheet, flag: str) -> None:
    """What a machine's own configuration of fonts may do."""
    with render.launch(playwright, flag) as other:
        assert differing(some, render.sheet(other, themes.LIGHT, SOME)) == {}


def test_a_sheet_is_the_same_when_read_again(some: Sheet, tmp_path: Path) -> None:
    """Its boxes exactly, its cards but for the colours that the smaller file leaves out."""
    some.save(tmp_path / "sheet.png")
    again = Sheet.load(tmp_path / "sheet.png")
    assert again.boxes == some.boxes
    assert differing(some, again) == {}


def test_the_page_shows_every_sheet() -> None:
    """As `make gallery` writes it, with no sheet left over from a theme that is gone."""
    assert (HERE / "README.md").read_text("utf-8") == page_of_sheets()
    assert {path.stem for path in HERE.glob("*.png")} == set(themes.THEMES)
    assert list(DESCRIPTIONS) == NAMES


def test_every_picture_that_a_page_refers_to_is_there() -> None:
    """And no others lie about."""
    there = {path.stem for path in (render.ROOT / "docs" / "images").glob("*.png")}
    assert there == {f"{name}-{kind}" for name, kind in referred()}


def test_the_states_have_every_trait_of_the_widget() -> None:
    """What the fake model of the gallery knows is what the real one sends."""
    sent = {name for name, trait in fw.JobWidget.class_traits(sync=True).items() if trait.this_class in OWN}
    for traits in STATES.values():
        assert sent <= set(traits)


OWN = [cls for cls in fw.JobWidget.__mro__ if cls.__module__.startswith("fiddler_widgets")]

"""Every state in the dress of every host looks as when somebody looked at it: its print is in `tools/gallery`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import ImageChops

import fiddler_widgets as fw
from tools.gallery import boards, compare, render, themes
from tools.gallery.__main__ import BOARDS, HERE
from tools.gallery.states import DESCRIPTIONS, NAMES, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

    from tools.gallery.compare import Print, Sheet

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


def compare_with_prints(new: Sheet, path: Path) -> None:
    """Compare a contact sheet with the stored prints, and leave in `test-results` what differs."""
    stored = compare.load(path)
    assert list(stored) == list(new.boxes), "states have come or gone: make gallery"
    changed = changes(stored, new.prints())
    for name in changed:
        RESULTS.mkdir(exist_ok=True)
        both = compare.beside(stored[name], new.card(name))
        both.save(RESULTS / f"gallery-{path.stem}-{name}.png")
    assert not changed, "see test-results/gallery-*.png; if it is meant so: make gallery, and look at its sheets"


def differing(one: Sheet, other: Sheet) -> dict[str, str]:
    """Return what has become of each card, for those that have changed."""
    return changes(one.prints(), other.prints())


def changes(stored: dict[str, Print], new: dict[str, Print]) -> dict[str, str]:
    """Return what has become of each card, for those that have changed."""
    found = {name: compare.difference(one, new[name]) for name, one in stored.items()}
    return {name: said for name, said in found.items() if said}


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
def test_every_state_looks_as_in_the_gallery(painter: Browser, theme: themes.Theme) -> None:
    """Card by card; what differs is left in `test-results`, as it was, as it is, and the difference."""
    compare_with_prints(render.sheet(painter, theme), HERE / f"{theme.name}.webp")


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("theme", boards.THEMES, ids=lambda theme: theme.name)
def test_boards_look_as_in_the_gallery(painter: Browser, theme: themes.Theme) -> None:
    """With rows of all kinds, in groups, with a card open, before the first answers, and without a job."""
    compare_with_prints(boards.sheet(painter, theme), BOARDS / f"{theme.name}.webp")


@pytest.mark.parametrize(
    ("css", "changed"),
    [
        (".fw-board.fw-board.fw-board .fw-board-groupname { width: 0; }", {"board-groups"}),
        ('.fw-board.fw-board.fw-board [data-fw-tone="bad"] { --fw-hue: #1f9d55; }', {"board", "board-groups"}),
        (".fw-board.fw-board.fw-board .fw-board-sum { visibility: hidden; }", {"board", "board-groups", "board-new"}),
    ],
    ids=["groups without names", "tone", "no sum"],
)
def test_a_change_of_a_board_is_found(painter: Browser, css: str, changed: set[str]) -> None:
    """A group whose name has no room, a failed job in green, a head without its sum."""
    names = ["board", "board-groups", "board-new"]
    before = boards.sheet(painter, themes.LIGHT, names)
    assert set(differing(before, boards.sheet(painter, themes.LIGHT, names, css))) == changed


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


def test_prints_are_the_same_when_read_again(some: Sheet, tmp_path: Path) -> None:
    """Sizes exactly, cells but for the last two of their eight bits."""
    compare.save(some.prints(), tmp_path / "some.webp")
    again = compare.load(tmp_path / "some.webp")
    assert list(again) == list(some.boxes)
    for name, drawn in some.prints().items():
        assert again[name].size == drawn.size
        off = ImageChops.difference(again[name].cells, drawn.cells)
        assert off.point(lambda change: 255 * (change > compare.STEP // 2)).getbbox() is None


def test_every_theme_has_its_prints() -> None:
    """With none left over from a theme that is gone, and a sentence for each state."""
    assert {path.stem for path in HERE.glob("*.webp")} == set(themes.THEMES)
    assert {path.stem for path in BOARDS.glob("*.webp")} == {theme.name for theme in boards.THEMES}
    assert list(DESCRIPTIONS) == NAMES


def test_the_pictures_of_the_repository_are_small() -> None:
    """Whoever clones it waits for them, in every version that they had: 1.5 MB, all together."""
    kinds = {".png", ".webp", ".jpg", ".jpeg", ".gif"}
    files = [
        path
        for folder in ("docs", "tools")
        for path in (render.ROOT / folder).rglob("*")
        if path.suffix in kinds and "_build" not in path.parts
    ]
    assert sum(path.stat().st_size for path in files) <= 1_500_000


def test_every_picture_that_a_page_refers_to_is_there() -> None:
    """And no others lie about."""
    there = {path.name for path in (render.ROOT / "docs" / "images").glob("*.webp")}
    pages = [render.ROOT / "README.md", *(render.ROOT / "docs").glob("*.md")]
    assert there == {name for page in pages for name in re.findall(r"images/([\w-]+\.webp)", page.read_text("utf-8"))}


def test_the_states_have_every_trait_of_the_widget() -> None:
    """What the fake model of the gallery knows is what the real one sends."""
    sent = {name for name, trait in fw.JobWidget.class_traits(sync=True).items() if trait.this_class in OWN}
    for traits in STATES.values():
        assert sent <= set(traits)


OWN = [cls for cls in fw.JobWidget.__mro__ if cls.__module__.startswith("fiddler_widgets")]

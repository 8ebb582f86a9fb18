"""Cards and boards by keyboard, by screen reader, in larger letters, in other colours, and without motion."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tools.gallery import boards, render, themes
from tools.gallery.states import NAMES, NOW, STATES, traits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tools.gallery.themes import Theme

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
NOT_THE_CARDS = {
    "bypass": "links that skip to the content are the page's",
    "landmark-one-main": "landmarks are the page's",
    "page-has-heading-one": "headings are the notebook's",
    "region": "landmarks are the page's",
}
"""Rules for whole pages, and why they say nothing about a card in one."""

DRESSES = [themes.LIGHT, themes.DARK, themes.FORCED]
WIDE = [theme for theme in themes.ALL if theme.name != "narrow-light"]
NARROW = themes.THEMES["narrow-light"]


def name_of(value: object) -> str:
    """Return how a test's parameter is called."""
    return getattr(value, "name", str(value))


@contextmanager
def opened(browser: Browser, theme: Theme, names: list[str], **options: Any) -> Iterator[Page]:
    """Show some states on a page of their own."""
    page = render.open_page(browser, theme, **options)
    try:
        render.show(page, names, theme.columns)
        yield page
    finally:
        page.close()


@pytest.fixture(scope="module")
def shown(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a page with every state, in the dress that the test's parameter names."""
    with opened(browser, request.param, NAMES) as page:
        yield page


@pytest.fixture(scope="module", params=[1, 2], ids=["320 pixels", "640 pixels at 200 per cent"])
def narrow(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a page of 320 CSS pixels with every state."""
    scale = request.param
    with opened(browser, NARROW, NAMES, scale=scale) as page:
        assert page.evaluate("() => [innerWidth, innerWidth * devicePixelRatio]") == [320, 320 * scale]
        yield page


@pytest.fixture(scope="module")
def right_to_left(browser: Browser) -> Iterator[Page]:
    """Return a page with every state that is read from right to left."""
    with opened(browser, themes.LIGHT, NAMES) as page:
        page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
        yield page


@pytest.fixture(scope="module")
def measured(shown: Page) -> dict[str, list[render.Contrast]]:
    """Return the contrasts of every state, in the dress that the test's parameter names."""
    return render.contrasts(shown, NAMES)


def failing(page: Page, check: str) -> dict[str, list[str]]:
    """Return what one of the gallery's checks finds, by state."""
    found = page.evaluate(f"names => names.map(gallery.{check})", NAMES)
    return {name: what for name, what in zip(NAMES, found, strict=True) if what}


def axe(page: Page) -> list[tuple[str, str, str | None, list[str]]]:
    """Return what axe-core says of the whole page: the rule, its meaning, the state, the elements."""
    # axe waits for timers: the page's clock goes on, as it does in life.
    page.clock.resume()
    page.evaluate(AXE)
    rules = {rule: {"enabled": False} for rule in NOT_THE_CARDS}
    found = page.evaluate(
        "options => axe.run(document.getElementById('frame'), options)",
        {"rules": rules, "resultTypes": ["violations"]},
    )
    assert len(found["passes"]) > 10
    assert found["inapplicable"]
    return [
        (one["id"], one["help"], page.evaluate(STATE_OF, node["target"][0]), node["html"])
        for one in found["violations"]
        for node in one["nodes"]
    ]


STATE_OF = "selector => document.querySelector(selector)?.closest('figure')?.dataset.state"


@pytest.mark.parametrize("theme", DRESSES, ids=name_of)
def test_axe_finds_nothing(browser: Browser, theme: Theme) -> None:
    """In light, in dark and with forced colours, with every state on the page."""
    with opened(browser, theme, NAMES) as page:
        assert axe(page) == []


@pytest.mark.parametrize("theme", boards.THEMES, ids=name_of)
def test_axe_finds_nothing_on_boards(browser: Browser, theme: Theme) -> None:
    """With rows of all kinds, in groups, with a card open, before the first answers, and without a job."""
    with boards.opened(browser, theme) as page:
        assert axe(page) == []


def test_axe_would_find_something_on_a_board(browser: Browser) -> None:
    """A sum that is too faint."""
    faint = '[data-state="board"] .fw-board.fw-board .fw-board-sum { color: #ccc; }'
    with boards.opened(browser, themes.LIGHT, ["board", "board-groups"], faint) as page:
        found = axe(page)
    assert {(rule, state) for rule, _, state, _ in found} == {("color-contrast", "board")}


def test_axe_would_find_something(browser: Browser) -> None:
    """A bar without its name, and a button without its word, are found on the card that has them."""
    with opened(browser, themes.LIGHT, ["running", "outage"]) as page:
        render.card(page, "outage").get_by_role("progressbar").evaluate("bar => bar.removeAttribute('aria-label')")
        words = "card => card.querySelectorAll('.fw-button-word').forEach(word => word.remove())"
        titles = "card => card.querySelectorAll('[title]').forEach(node => node.removeAttribute('title'))"
        render.card(page, "outage").evaluate(words)
        render.card(page, "outage").evaluate(titles)
        found = axe(page)
    assert {rule for rule, *_ in found} == {"aria-progressbar-name", "button-name"}
    assert {state for *_, state, _ in found} == {"outage"}


@pytest.mark.parametrize("kind", ["text", "icon"])
@pytest.mark.parametrize("shown", WIDE, indirect=True, ids=name_of)
def test_texts_and_icons_stand_out(measured: dict[str, list[render.Contrast]], kind: str) -> None:
    """Texts by 4.5:1, icons by 3:1, against what lies under them, whatever the host's colours are."""
    assert render.too_faint(measured, kind) == {}


@pytest.mark.parametrize("shown", WIDE, indirect=True, ids=name_of)
def test_the_bar_stands_out(measured: dict[str, list[render.Contrast]]) -> None:
    """By 3:1 against the card, and against the part that is yet to come."""
    assert render.too_faint(measured, "bar") == {}


@pytest.mark.parametrize("shown", WIDE, indirect=True, ids=name_of)
def test_nothing_leaves_its_place(shown: Page) -> None:
    """Whatever letters and margins the host gives a card."""
    assert failing(shown, "tooWide") == {}


@pytest.mark.parametrize("check", ["tooWide", "overlaps", "cutOff"])
def test_a_narrow_page_shows_everything(narrow: Page, check: str) -> None:
    """Nothing sticks out, lies on another text, or is cut off without being whole in a tooltip."""
    assert failing(narrow, check) == {}


def test_a_narrow_page_scrolls_in_one_direction_only(narrow: Page) -> None:
    """Down, never sideways."""
    assert narrow.evaluate("() => document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("shown", [themes.LIGHT], indirect=True, ids=name_of)
def test_texts_do_not_lie_on_one_another(shown: Page) -> None:
    """On a card of the usual width."""
    assert failing(shown, "overlaps") == {}


BEFORE = """() => {
  const button = document.createElement("button");
  document.body.prepend(button);
  button.focus();
}"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the card is left, and return what had the focus meanwhile."""
    page.evaluate(BEFORE)
    stops: list[dict[str, Any]] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stop = page.evaluate("() => gallery.focused()")
        if not stop["inside"]:
            return stops
        stops.append(stop)
    pytest.fail("Tab never leaves the card")


STOPS = {
    "running-details": [
        "Check now",
        "Stop watching",
        "Details",
        "Timeline of Ingestion dataset Upload",
        "Copy job id",
        "Tell me when it is over",
        "Subtasks",
        "Copy the error of 77aa1c50-8a0e-4a30-9f4e-0c6c5a0a5f21",
    ],
    "failed-details": [
        "Details",
        "Copy error message",
        "Error message",
        "Timeline of Ingestion dataset Upload",
        "Copy job id",
        "Subtasks",
        "Copy the error of 77aa1c50-8a0e-4a30-9f4e-0c6c5a0a5f21",
    ],
}


@pytest.mark.parametrize("state", STOPS)
def test_the_keyboard_reaches_everything_in_reading_order(browser: Browser, state: str) -> None:
    """Each control and each part that scrolls, from top to bottom and from left to right, and out again."""
    with opened(browser, themes.LIGHT, [state]) as page:
        stops = walk(page)
    assert [stop["name"] for stop in stops] == STOPS[state]
    for one, next_ in pairwise(stops):
        same_line = next_["top"] < one["bottom"]
        assert next_["left"] > one["left"] if same_line else next_["top"] >= one["bottom"], next_["name"]


@pytest.mark.parametrize("state", STOPS)
@pytest.mark.parametrize("theme", WIDE, ids=name_of)
def test_the_focus_is_seen_wherever_it_is(browser: Browser, theme: Theme, state: str) -> None:
    """An outline of two pixels at least, by 3:1 against what lies under it."""
    with opened(browser, theme, [state]) as page:
        stops = walk(page)
    unseen = {stop["name"]: stop for stop in stops if stop["outline"] < 2 or stop["contrast"] < 3}
    assert unseen == {}


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_and_closes_the_details(browser: Browser, key: str) -> None:
    """And the focus stays where it was."""
    with opened(browser, themes.LIGHT, ["running"]) as page:
        details = page.get_by_role("button", name="Details", exact=True)
        details.focus()
        for expanded in ("true", "false"):
            page.keyboard.press(key)
            assert details.get_attribute("aria-expanded") == expanded
            assert page.evaluate("() => gallery.focused().name") == "Details"


@pytest.mark.parametrize("check", ["tooWide", "overlaps", "cutOff"])
def test_a_page_from_right_to_left_holds_the_card(right_to_left: Page, check: str) -> None:
    """Nothing leaves its place there either."""
    assert failing(right_to_left, check) == {}


def test_a_card_keeps_its_direction_on_a_page_from_right_to_left(right_to_left: Page) -> None:
    """The card itself is English: its badge is on the left of its percentage."""
    side = "node => node.getBoundingClientRect().left"
    card = render.card(right_to_left, "running")
    assert card.locator(".fw-badge").evaluate(side) < card.locator(".fw-percent").evaluate(side)


@pytest.mark.parametrize(("state", "direction"), [("rtl", "rtl"), ("running", "ltr")])
@pytest.mark.parametrize("part", [".fw-name", ".fw-reason"])
def test_a_name_has_the_direction_of_its_own_letters(browser: Browser, part: str, state: str, direction: str) -> None:
    """Whatever that of the card is: an Arabic name begins at the right, with its digits in place."""
    names = ["rtl", "failed"] if part == ".fw-reason" and state == "running" else [state]
    with opened(browser, themes.LIGHT, names) as page:
        node = render.card(page, names[-1]).locator(part)
        assert node.evaluate("node => getComputedStyle(node).direction") == direction
        assert node.evaluate("node => getComputedStyle(node).unicodeBidi").startswith("isolate")


RUNNING = "() => document.getAnimations().filter(one => one.playState === 'running').length"


def moving(browser: Browser, motion: Any) -> int:
    """Return how many animations run on a page of every state, just after one of them has moved on."""
    page = render.open_page(browser, themes.LIGHT)
    try:
        page.emulate_media(reduced_motion=motion)
        render.show(page, list(STATES), 2)
        page.evaluate("at => gallery.models[at].receive({ progress: 80 })", list(STATES).index("running"))
        found: int = page.evaluate(RUNNING)
    finally:
        page.close()
    return found


def test_nothing_moves_for_those_who_want_no_motion(browser: Browser) -> None:
    """Neither spinner nor sweep nor the bar's growth, which all move for the others."""
    assert moving(browser, "reduce") == 0
    assert moving(browser, "no-preference") > 3


LISTEN = """() => {
  globalThis.said = [];
  const region = document.querySelector("[aria-live=polite].fw-speech");
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) said.push(node.textContent);
  }).observe(region, { childList: true, characterData: true, subtree: true });
  return region.textContent;
}"""


def test_a_screen_reader_hears_what_changes_and_nothing_else(browser: Browser) -> None:
    """A job's whole life of 200 updates in 200 seconds: its statuses, its quarters, an outage; no word more."""
    with opened(browser, themes.LIGHT, ["queued"]) as page:
        clock = STATES["queued"]["_clock"]
        known: dict[str, Any] = {"status": "PENDING", "progress": 0.0, "name": STATES["queued"]["name"]}
        assert page.evaluate(LISTEN) == ""

        def news(seconds: int, **changes: Any) -> None:
            times = {**clock, "now": NOW + 1 + seconds, **changes.pop("clock", {})}
            known.update(changes)
            its = traits(**known)
            told = {name: its[name] for name in (*changes, "_said")}
            page.evaluate("changes => gallery.models[0].receive(changes)", {**told, "_clock": times})
            page.clock.run_for(1000)

        for second in range(5):
            news(second)
        for second in range(201):
            # An outage half-way up to the third quarter, counting down to the next try.
            out = 110 <= second < 125
            news(
                second,
                status="STARTED",
                progress=min(second, 110 if out else 200) / 2,
                health="retrying" if out else "live",
                health_detail="The server answered 503." if out else "",
                clock={"retry": 125.0 - second if out else None},
            )
        news(201, status="SUCCESS", progress=100.0, health="over", clock={"running": False})
        said = page.evaluate("() => said")
    name = STATES["queued"]["name"]
    words = ["running", "25 %", "50 %", "Reconnecting", "live", "75 %", "100 %", "succeeded"]
    assert [text.removeprefix(f"{name}: ") for text in said] == words

"""Shows the built frontend in a real Chromium: strict fake models, clock and animations stand still, no network."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PIL import Image

from tests.e2e import browser as browsers
from tools.gallery import colours
from tools.gallery.compare import Sheet
from tools.gallery.states import NAMES, NOW, OPEN, SAVED, STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Browser, Page, Playwright, Route

    from tools.gallery.themes import Theme

ROOT: Final = Path(__file__).resolve().parents[2]
STATIC: Final = ROOT / "fiddler_widgets" / "static"
ADDRESS: Final = "http://gallery.invalid/"
PAGE: Final = Path(__file__).with_name("page.js").read_text("utf-8")
MARGIN: Final = 16

# The families of Debian's fonts-liberation and fonts-dejavu-core, which .ci/ensure-browser installs; the second has
# Arabic and Hebrew. A host's own family would be another one on each machine.
SANS: Final = '"Liberation Sans", "DejaVu Sans"'
MONO: Final = '"Liberation Mono", "DejaVu Sans Mono", "DejaVu Sans"'
SAMPLES: Final = {
    "text": (f"13px {SANS}", "Ingestion dataset Upload 42.5 %"),
    "bold": (f"600 14px {SANS}", "Ingestion dataset Upload 42.5 %"),
    "mono": (f"12px {MONO}", "e9a2a782-1db4-4bb8-8db0"),
    "arabic": (f"13px {SANS}", "\u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a"),
    "hebrew": (f"13px {SANS}", "\u05e0\u05d8\u05d9\u05e9\u05ea"),
}
FLAGS: Final = (
    "--force-color-profile=srgb",
    # Glyphs where the font's outlines put them, whatever this machine's fontconfig says.
    "--font-render-hinting=none",
    "--disable-lcd-text",
)


class Contrast(NamedTuple):
    """How well something stands out against what lies under it.

    Attributes:
        kind: ``"text"``, ``"icon"`` or ``"bar"``.
        what: Which one.
        ratio: As WCAG 2 defines it, from 1 to 21.
        least: The ratio that it must have.
    """

    kind: str
    what: str
    ratio: float
    least: float


class UglyError(Exception):
    """A card that cannot be read, or does not keep to its place."""


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start a Chromium that draws the same on every machine, as far as that can be had."""
    return playwright.chromium.launch(
        executable_path=browsers.installed(),
        args=[*browsers.FLAGS, *FLAGS, *flags],
        # What scrolls shows it, as it does to a reader.
        ignore_default_args=["--hide-scrollbars"],
    )


def open_page(browser: Browser, theme: Theme, *, css: str = "", scale: float = 1, still: bool = True) -> Page:
    """Open a page in the dress of a host, without a card yet.

    Args:
        browser: A running Chromium.
        theme: The dress.
        css: More style sheets, after the widget's own.
        scale: Device pixels to a CSS pixel.
        still: Whether the page's clock stands still at `NOW`, and one second.

    Returns:
        The page; it may ask for nothing but itself.
    """
    whole = theme.columns * theme.card + (theme.columns - 1) * MARGIN
    widget = (STATIC / "job_widget.css").read_text("utf-8")
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{theme.title}</title>
    <style>{theme.style()}</style><style>{widget}</style>
    <style>
      body {{ margin: 0; }}
      #frame {{ box-sizing: content-box; width: {whole}px; padding: {MARGIN}px; display: flex; gap: {MARGIN}px;
        align-items: flex-start; background: inherit; }}
      #frame > div {{ width: {theme.card}px; }}
      figure {{ margin: 0 0 14px; }}
      figcaption {{ font: 11px/16px {SANS}; color: var(--jp-ui-font-color1, CanvasText); }}
      .box {{ display: flow-root; }}
      .fw-card.fw-card.fw-card {{ --fw-font: {SANS}; --fw-mono: {MONO}; }}
      .fw-static.fw-static {{ font-family: {SANS}; --fw-mono: {MONO}; }}
    </style><style>{css}</style>
    <body {theme.body}><div id="frame"></div></body></html>"""
    page = browser.new_page(
        viewport={"width": whole + 2 * MARGIN, "height": 800},
        device_scale_factor=scale,
        timezone_id="UTC",
        locale="en-GB",
        color_scheme=theme.scheme,
        forced_colors="active" if theme.forced else "none",
    )

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html")
        else:
            asked.append(route.request.url)
            route.abort()

    asked: list[str] = []
    page.route("**/*", answer)
    if still:
        # Well before: it goes on until it is paused, and the page may take its time to load.
        page.clock.install(time=NOW - 60)
    page.goto(ADDRESS)
    if asked:
        message = f"the page of {theme.name} asked for {asked}"
        raise UglyError(message)
    if still:
        page.clock.pause_at(NOW + 1)
    page.evaluate(f"{PAGE}()")
    return page


def show(page: Page, names: Sequence[str], columns: int = 1, captions: bool = True) -> None:  # noqa: FBT001, FBT002
    """Put the cards of some states on a page, and bring each into its state."""
    cards = [{"name": name, "caption": name if captions else "", **_content(name)} for name in names]
    bundle = (STATIC / "job_widget.js").read_text("utf-8")
    page.evaluate("given => gallery.show(given)", {"bundle": bundle, "cards": cards, "columns": columns})
    page.evaluate("names => names.forEach(gallery.openDetails)", [name for name in names if _is_open(name)])
    if "busy-kernel" in names:
        page.evaluate("() => gallery.stopWatching('busy-kernel')")
        page.clock.run_for(5_000)
    if "lost" in names:
        _lose(page, names.index("lost"))
    page.mouse.move(0, 0)


def _is_open(name: str) -> bool:
    return (name.removeprefix("saved-") if name in SAVED else name) in OPEN


def _content(name: str) -> dict[str, Any]:
    if name in SAVED:
        return {"html": SAVED[name]}
    return {"traits": {**STATES[name], "_clock": {**STATES[name]["_clock"], "now": NOW + 1}}}


def card(page: Page, name: str) -> Any:
    """Return the card of a state."""
    return page.locator(f'[data-state="{name}"] :is(.fw-card, .fw-static)')


def check(page: Page, names: Sequence[str], what: str) -> None:
    """Measure the contrast of texts, and width, on a page.

    Raises:
        UglyError: A text is too faint, or an element leaves its place.
    """
    faint = too_faint(contrasts(page, names))
    wide = {name: found for name in names if (found := page.evaluate("name => gallery.tooWide(name)", name))}
    if faint or wide:
        message = f"{what}: too faint {json.dumps(faint)}, too wide {json.dumps(wide)}"
        raise UglyError(message)


def contrasts(page: Page, names: Sequence[str]) -> dict[str, list[Contrast]]:
    """Measure all texts, icons and bars of the cards of some states."""
    measured = page.evaluate("names => names.map(gallery.contrasts)", list(names))
    return {name: [Contrast(*one) for one in found] for name, found in zip(names, measured, strict=True)}


def too_faint(measured: Mapping[str, Sequence[Contrast]], kind: str = "text") -> dict[str, dict[str, float]]:
    """Return which texts, icons or bars (``kind``) have too little contrast, by state, with what they have."""
    faint = {
        name: {one.what: round(one.ratio, 2) for one in found if one.kind == kind and one.ratio < one.least}
        for name, found in measured.items()
    }
    return {name: found for name, found in faint.items() if found}


def sheet(
    browser: Browser, theme: Theme, names: Sequence[str] | None = None, css: str = "", *, checked: bool = False
) -> Sheet:
    """Draw the contact sheet of a theme: each state under its name; ``checked`` as `check` does, if it is to be."""
    names = NAMES if names is None else names
    page = open_page(browser, theme, css=css)
    try:
        show(page, names, theme.columns)
        if checked:
            check(page, names, theme.name)
        return photograph(page)
    finally:
        page.close()


def picture(browser: Browser, theme: Theme, names: Sequence[str], path: Path) -> None:
    """Write one picture of some states for the documentation, without captions."""
    page = open_page(browser, theme, scale=2, css="figure { margin: 0 0 4px; } figcaption { display: none; }")
    show(page, names, theme.columns, captions=False)
    check(page, names, path.name)
    colours.save(photograph(page).image, path)
    page.close()


def fonts(browser: Browser, theme: Theme) -> dict[str, float]:
    """Return how wide some texts are: a fingerprint of the fonts that the cards are set in."""
    page = open_page(browser, theme)
    widths = {
        name: round(page.evaluate("sample => gallery.textWidth(sample)", list(sample)), 2)
        for name, sample in SAMPLES.items()
    }
    page.close()
    return widths


def photograph(page: Page) -> Sheet:
    """Return what a page shows, all of it, and where each state is."""
    frame = page.locator("#frame")
    size = page.viewport_size or {"width": 0, "height": 0}
    # All of it in view, and drawn once: the rows of a long list have their real height only then.
    height = page.evaluate("() => document.getElementById('frame').getBoundingClientRect().height")
    page.set_viewport_size({"width": size["width"], "height": int(height) + 1000})
    page.screenshot(animations="allow", clip={"x": 0, "y": 0, "width": 1, "height": 1})
    boxes = page.evaluate("() => gallery.freeze()")
    shot = frame.screenshot(animations="allow")
    with Image.open(io.BytesIO(shot)) as image:
        return Sheet(image.convert("RGB"), {name: tuple(box) for name, box in boxes.items()})


def _lose(page: Page, index: int) -> None:
    """Let one card's kernel fall silent for 14 seconds, while the other cards keep hearing from theirs."""
    for pause in (5_000, 5_000, 4_000):
        page.clock.run_for(pause)
        page.evaluate("lost => gallery.models.forEach((model, at) => at === lost || model.receive())", index)
    if card(page, "lost").get_attribute("data-fw-lost") is None:
        message = "the card does not say that the connection is lost"
        raise UglyError(message)

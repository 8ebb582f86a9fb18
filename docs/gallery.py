"""Render every state of the card in a real Chromium, and write the pictures to ``docs/images/``.

``python docs/gallery.py`` writes one picture per state and theme, and one overview per theme. The page gets
JupyterLab's own theme variables, a fixed clock and a strict fake model, so that the same sources give the same
pictures. The script fails when a text falls below a contrast of 4.5:1, when the card is wider than its place, or when
the page asks the network for anything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gallery_states import NOW, OPEN, OVERVIEW, STATES
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ROOT: Final = Path(__file__).resolve().parent.parent
STATIC: Final = ROOT / "fiddler_widgets" / "static"
IMAGES: Final = ROOT / "docs" / "images"
THEMES: Final = Path(sys.prefix) / "share" / "jupyter" / "lab" / "themes" / "@jupyterlab"
ADDRESS: Final = "http://gallery.invalid/"
LEAST_CONTRAST: Final = 4.5

# Stricter than the real model: an unknown trait throws, a trait is never written, only known messages are sent.
FAKE_MODEL: Final = """
() => {
globalThis.models = [];
globalThis.createModel = (traits) => {
  const listeners = [];
  const model = {
    beat() { for (const [name, callback] of listeners) if (name === 'change') callback(); },
    get(name) {
      if (!Object.hasOwn(traits, name)) throw new Error(`no trait ${name}`);
      return traits[name];
    },
    set(name) { throw new Error(`the frontend wrote ${name}`); },
    save_changes() { throw new Error('the frontend saved'); },
    send({ type }) {
      if (!['hello', 'bye', 'stop', 'resume', 'check'].includes(type)) throw new Error(`sent ${type}`);
    },
    on(name, callback) { listeners.push([name, callback]); },
    off(name, callback) {
      const at = listeners.findIndex(([n, c]) => n === name && c === callback);
      if (at < 0) throw new Error(`no listener for ${name}`);
      listeners.splice(at, 1);
    },
  };
  models.push(model);
  return model;
};
}
"""

RENDER: Final = """
async ({ bundle, cards }) => {
  const url = URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' }));
  const widget = (await import(url)).default;
  for (const traits of cards) {
    const el = document.createElement('div');
    document.getElementById('frame').append(el);
    const signal = new AbortController().signal;
    await widget.render({ model: createModel(traits), el, signal });
  }
}
"""

FREEZE: Final = """
() => {
  for (const animation of document.getAnimations()) {
    animation.pause();
    animation.currentTime = 640;
  }
}
"""

# The contrast of every text that can be seen, against the colours that lie under it.
CONTRAST: Final = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const ground = (node) => {
    const own = rgba(getComputedStyle(node).backgroundColor);
    const under = own[3] === 1 || !node.parentElement ? [255, 255, 255] : ground(node.parentElement);
    return over(own, under);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const node of document.querySelectorAll('.fw-card *')) {
    const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!text || node.closest('.fw-offscreen') || !node.checkVisibility()) continue;
    const under = ground(node);
    const ink = over(rgba(getComputedStyle(node).color), under);
    const [one, other] = [light(ink), light(under)].sort((a, b) => b - a);
    found.push([node.className, (one + 0.05) / (other + 0.05)]);
  }
  return found;
}
"""

TOO_WIDE: Final = """
() => {
  const edge = (node) => node.getBoundingClientRect().right;
  const frame = document.getElementById('frame');
  return [...document.querySelectorAll('.fw-card, .fw-card *')]
    .filter((node) => !node.closest('.fw-offscreen, .fw-button-word, svg') && node.checkVisibility())
    .filter((node) => edge(node) > edge(frame) + 0.5)
    .map((node) => node.className);
}
"""


class UglyError(Exception):
    """A card that cannot be read, or does not keep to its place."""


def page_of(browser: Browser, theme: str, width: int, columns: int) -> Page:
    """Open a page with JupyterLab's variables of one theme and a place of a certain width for the cards.

    Args:
        browser: A running Chromium.
        theme: ``light`` or ``dark``.
        width: Of the place for one card, in CSS pixels.
        columns: How many cards stand side by side.

    Returns:
        A page without a card yet, whose clock stands still.
    """
    gap = 16
    whole = columns * width + (columns - 1) * gap
    variables = (THEMES / f"theme-{theme}-extension" / "index.css").read_text("utf-8")
    style = (STATIC / "job_widget.css").read_text("utf-8")
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>gallery</title>
    <style>{variables}</style><style>{style}</style>
    <style>
      body {{ margin: 0; background: var(--jp-layout-color0); }}
      #frame {{ box-sizing: content-box; width: {whole}px; padding: 16px;
        column-count: {columns}; column-gap: {gap}px; }}
      #frame > div {{ break-inside: avoid; padding: 4px 0; }}
    </style>
    <body data-jp-theme-light="{"true" if theme == "light" else "false"}"><div id="frame"></div></body></html>"""
    page = browser.new_page(
        viewport={"width": whole + 32, "height": 600},
        device_scale_factor=2,
        timezone_id="UTC",
        locale="en-GB",
    )

    def answer(route: Route) -> None:
        if route.request.url != ADDRESS:
            message = f"the page asked for {route.request.url}"
            raise UglyError(message)
        route.fulfill(body=html, content_type="text/html")

    page.route("**/*", answer)
    page.clock.install(time=NOW)
    page.goto(ADDRESS)
    page.clock.pause_at(NOW + 1)
    page.evaluate(FAKE_MODEL)
    return page


def show(page: Page, names: list[str]) -> None:
    """Put the cards of some states on a page, and bring each into its state."""
    cards = [{**STATES[name], "_clock": {**STATES[name]["_clock"], "now": NOW + 1}} for name in names]
    page.evaluate(RENDER, {"bundle": (STATIC / "job_widget.js").read_text("utf-8"), "cards": cards})
    for index, name in enumerate(names):
        card = page.locator(".fw-card").nth(index)
        if name in OPEN:
            card.get_by_role("button", name="Details").click()
        if name == "busy-kernel":
            card.get_by_role("button", name="Stop watching").click()
            page.clock.run_for(5_000)
    if "lost" in names:
        lose(page, names.index("lost"))
    page.mouse.move(0, 0)
    page.evaluate(FREEZE)


def check(page: Page, what: str) -> None:
    """Measure contrast and width on a page.

    Raises:
        UglyError: Where a text is too faint or an element leaves its place.
    """
    faint = {name: round(ratio, 2) for name, ratio in page.evaluate(CONTRAST) if ratio < LEAST_CONTRAST}
    wide = page.evaluate(TOO_WIDE)
    if faint or wide:
        message = f"{what}: too faint {json.dumps(faint)}, too wide {wide}"
        raise UglyError(message)


def picture(browser: Browser, theme: str, width: int, names: list[str], path: Path, columns: int = 1) -> None:
    """Write one picture of the cards of some states."""
    page = page_of(browser, theme, width, columns)
    show(page, names)
    check(page, f"{path.name} at {width}")
    page.locator("#frame").screenshot(path=path, animations="allow")
    page.close()


def lose(page: Page, index: int) -> None:
    """Let one card's kernel fall silent for 14 seconds, while the other cards keep hearing from theirs."""
    for pause in (5_000, 5_000, 4_000):
        page.clock.run_for(pause)
        page.evaluate("(lost) => models.forEach((model, at) => at === lost || model.beat())", index)
    if page.locator(".fw-card").nth(index).get_attribute("data-fw-lost") is None:
        message = "the card does not say that the connection is lost"
        raise UglyError(message)


def main() -> int:
    """Write the pictures.

    Returns:
        0; a card that is not fit to be seen raises.
    """
    parser = argparse.ArgumentParser(description="Write pictures of every state of the card.")
    parser.add_argument("--width", type=int, default=720, help="of a card, in CSS pixels")
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder for the pictures")
    parser.add_argument("--only", nargs="*", default=None, help="states to show, instead of all")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = options.only or list(STATES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--force-color-profile=srgb"],
        )
        for theme in ("light", "dark"):
            for name in names:
                picture(browser, theme, options.width, [name], options.out / f"{name}-{theme}.png")
            if not options.only:
                picture(browser, theme, 620, OVERVIEW, options.out / f"overview-{theme}.png", columns=2)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

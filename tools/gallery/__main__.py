"""Makes all pictures of the card, and the prints of boards, anew: ``make gallery``.

Writes the prints of every theme that tests compare with, the fingerprint of the fonts, and those single pictures in
``docs/images/`` to which the documentation refers; and, to be looked at and not to be kept, a contact sheet of every
theme in ``test-results/gallery/``. Fails where a text is too faint, a card is wider than its place, or the page asks
the network for anything. ``--only-sheets`` leaves ``docs/images/`` alone.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from tools.gallery import boards, compare, render, themes
from tools.gallery.states import NAMES, OVERVIEW

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE: Final = Path(__file__).parent
BOARDS: Final = HERE / "board_prints"
IMAGES: Final = render.ROOT / "docs" / "images"
SHEETS: Final = render.ROOT / "test-results" / "gallery"


def write_sheets(browser: Browser) -> None:
    """Draw the contact sheets, write the prints of what has changed, and say what that is."""
    cards = partial(render.sheet, checked=True)
    for folder, of, dresses in ((HERE, cards, themes.ALL), (BOARDS, boards.sheet, boards.THEMES)):
        folder.mkdir(exist_ok=True)
        for theme in dresses:
            write_sheet(of(browser, theme), folder / f"{theme.name}.webp")
    print(f"to look at: {SHEETS.relative_to(render.ROOT)}/**/*.png")


def write_sheet(sheet: compare.Sheet, path: Path) -> None:
    """Write one contact sheet, and its prints where they have changed."""
    whole = SHEETS / path.relative_to(HERE).with_suffix(".png")
    whole.parent.mkdir(parents=True, exist_ok=True)
    sheet.image.save(whole)
    new = sheet.prints()
    old = compare.load(path) if path.exists() else {}
    changed = [name for name in new if name not in old or compare.difference(old[name], new[name])]
    if not changed and list(old) == list(new):
        # As before, but for what no eye sees: no reason for another version of the file.
        return
    compare.save(new, path)
    print(f"{path.relative_to(render.ROOT)}: {', '.join(changed) or 'moved'}")


def referred() -> set[tuple[str, str]]:
    """Return the names and themes of the single pictures that the documentation shows."""
    pages = [render.ROOT / "README.md", *(render.ROOT / "docs").glob("*.md")]
    texts = "".join(page.read_text("utf-8") for page in pages)
    return set(re.findall(r"images/([\w-]+)-(light|dark)\.webp", texts))


def write_pictures(browser: Browser) -> None:
    """Write the single pictures, and remove those of states that no page shows any more."""
    wanted = referred()
    for name, kind in sorted(wanted):
        dress = themes.LIGHT if kind == "light" else themes.DARK
        path = IMAGES / f"{name}-{kind}.webp"
        if name == "overview":
            render.picture(browser, replace(dress, card=620), OVERVIEW, path)
        else:
            render.picture(browser, replace(dress, card=720, columns=1), [name], path)
    for name in (*NAMES, "overview"):
        for kind in ("light", "dark"):
            if (name, kind) not in wanted:
                (IMAGES / f"{name}-{kind}.webp").unlink(missing_ok=True)


def main() -> int:
    """Make everything.

    Returns:
        0; a card that is not fit to be seen raises.
    """
    parser = argparse.ArgumentParser(description="Make all pictures of the card anew.")
    parser.add_argument("--only-sheets", action="store_true", help="leave docs/images alone")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = render.launch(playwright)
        write_sheets(browser)
        fonts = json.dumps(render.fonts(browser, themes.LIGHT), indent=2)
        (HERE / "fonts.json").write_text(fonts + "\n", encoding="utf-8")
        if not options.only_sheets:
            write_pictures(browser)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

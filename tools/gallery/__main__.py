"""Makes all pictures of the card anew: ``make gallery``.

Writes a contact sheet for every theme, the page that shows them, the fingerprint of the fonts, and those single
pictures in ``docs/images/`` to which the documentation refers. Fails where a text is too faint, a card is wider than
its place, or the page asks the network for anything. ``--only-sheets`` leaves ``docs/images/`` alone.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from tools.gallery import render, themes
from tools.gallery.compare import Sheet, difference
from tools.gallery.states import DESCRIPTIONS, NAMES, OVERVIEW

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE: Final = Path(__file__).parent
IMAGES: Final = render.ROOT / "docs" / "images"
INTRODUCTION: Final = """# The card in the dress of every host

Drawn by `make gallery` from the frontend as it is: every state under its name. A test compares each card with these
pictures.
"""


def write_sheets(browser: Browser) -> None:
    """Write the contact sheets, and say which cards have changed."""
    for theme in themes.ALL:
        path = HERE / f"{theme.name}.png"
        new = render.sheet(browser, theme)
        old = Sheet.load(path) if path.exists() else Sheet(new.image, {})
        changed = [name for name in new.boxes if name not in old.boxes or difference(old.card(name), new.card(name))]
        if not changed and old.boxes == new.boxes:
            # As before, but for what no eye sees: no reason for another version of the file.
            continue
        new.save(path)
        print(f"{path.relative_to(render.ROOT)}: {', '.join(changed) or 'moved'}")
        stored = Sheet.load(path)
        spoilt = [name for name in new.boxes if difference(stored.card(name), new.card(name))]
        if spoilt:
            raise render.UglyError(f"{path.name} has too few colours for {spoilt}")


def page_of_sheets() -> str:
    """Return the page that shows the sheets, as Markdown."""
    seen = "; ".join(f"{name}: {DESCRIPTIONS[name]}" for name in NAMES)
    parts = [INTRODUCTION]
    parts += [
        f"## {theme.title}\n\n![{theme.title}: {len(NAMES)} cards, one for each state]({theme.name}.png)\n"
        for theme in themes.ALL
    ]
    listed = "\n".join(f"- {line}" for line in seen.split("; "))
    parts.insert(1, f"## The states\n\n{listed}\n")
    return "\n".join(parts)


def referred() -> set[tuple[str, str]]:
    """Return the names and themes of the single pictures that the documentation shows."""
    pages = [render.ROOT / "README.md", *(render.ROOT / "docs").glob("*.md")]
    texts = "".join(page.read_text("utf-8") for page in pages)
    return set(re.findall(r"images/([\w-]+)-(light|dark)\.png", texts))


def write_pictures(browser: Browser) -> None:
    """Write the single pictures, and remove those of states that no page shows any more."""
    wanted = referred()
    for name, kind in sorted(wanted):
        dress = themes.LIGHT if kind == "light" else themes.DARK
        path = IMAGES / f"{name}-{kind}.png"
        if name == "overview":
            render.picture(browser, replace(dress, card=620), OVERVIEW, path)
        else:
            render.picture(browser, replace(dress, card=720, columns=1), [name], path)
    for name in (*NAMES, "overview"):
        for kind in ("light", "dark"):
            if (name, kind) not in wanted:
                (IMAGES / f"{name}-{kind}.png").unlink(missing_ok=True)


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
        (HERE / "README.md").write_text(page_of_sheets(), encoding="utf-8")
        if not options.only_sheets:
            write_pictures(browser)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

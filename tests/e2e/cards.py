"""A job's card on a page, as its reader meets it: by role, name and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from re import Pattern

    from playwright.sync_api import Locator, Page

CARD = ".fw-card, .fw-static"
"""Live, and as it stays in the notebook when the job is over."""


class Card:
    """One card.

    Attributes:
        root: The card's element.
        bar: Its progress bar.
    """

    def __init__(self, scope: Page | Locator, index: int = 0) -> None:
        self.root = scope.locator(CARD).nth(index)
        self.bar = self.root.get_by_role("progressbar")

    def button(self, name: str) -> Locator:
        """Return the button of that name."""
        return self.root.get_by_role("button", name=name)

    def shows(self, *texts: str | Pattern[str], seconds: float = 15) -> None:
        """Wait until the card contains each text where it can be seen."""
        for text in texts:
            expect(self.root.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=seconds * 1000)

    def lacks(self, text: str | Pattern[str], seconds: float = 15) -> None:
        """Wait until the text can be seen nowhere on the card."""
        expect(self.root.get_by_text(text).filter(visible=True)).to_have_count(0, timeout=seconds * 1000)

    def is_at(self, percent: float, seconds: float = 15) -> None:
        """Wait until the bar stands at that many per cent."""
        expect(self.bar).to_have_attribute("aria-valuenow", f"{percent:g}", timeout=seconds * 1000)

"""A board of jobs on a page, as its reader meets it: by role, name and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

BOARD = ".fw-board"


class Board:
    """One board.

    Attributes:
        root: The board's element.
    """

    def __init__(self, scope: Page | Locator, index: int = 0) -> None:
        self.root = scope.locator(BOARD).nth(index)

    def says(self, text: str, seconds: float = 20) -> None:
        """Wait until its head says how many jobs are over."""
        expect(self.root.locator(".fw-board-sum")).to_have_text(text, timeout=seconds * 1000)

    def chip(self, name: str) -> Locator:
        """Return the chip of that name, such as "3 Failed"."""
        return self.root.get_by_role("group", name="Show only").get_by_role("button", name=name)

    def row(self, name: str) -> Locator:
        """Return the row of the job of that name."""
        return self.root.get_by_role("row").filter(
            has=self.root.page.get_by_role("rowheader").get_by_text(name, exact=True)
        )

    def names(self) -> list[str]:
        """Return the names of the jobs in the rows that are drawn, from top to bottom."""
        places: list[tuple[int, str]] = []
        for row in self.root.locator(".fw-board-row[data-fw-tone]").all():
            name = row.locator(".fw-board-name").inner_text()
            places.append((int(row.get_attribute("aria-rowindex") or 0), name))
        return [name for _, name in sorted(places)]

    def search(self, text: str) -> None:
        """Search for something."""
        self.root.get_by_role("searchbox").fill(text)

    def shows_only(self, count: int, total: object) -> None:
        """Wait until so many of its jobs are shown."""
        expect(self.root.get_by_text(f"{count} of {total} jobs shown")).to_be_visible(timeout=15_000)

    def details(self, name: str) -> Locator:
        """Return the button that opens the card of the job of that name."""
        return self.root.get_by_role("button", name=f"Details of {name}")

"""Pages that go on from test to test, and what a failed test leaves of its page."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.lab import close_notebooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

RESULTS = Path(__file__).parents[2] / "test-results"
PHASES = pytest.StashKey[dict[str, pytest.TestReport]]()


@contextmanager
def recording(page: Page, test: pytest.Item) -> Iterator[None]:
    """Keep what a page says, and write it down with a picture of the page if the test has failed."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text}")

    def thrown(error: Error) -> None:
        said.append(f"uncaught: {error}")

    page.on("console", heard)
    page.on("pageerror", thrown)
    yield
    page.remove_listener("console", heard)
    page.remove_listener("pageerror", thrown)
    if has_failed(test):
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", test.nodeid.rpartition("/")[2]).strip("-")
        page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
        (RESULTS / f"{name}.console.log").write_text("\n".join(said), encoding="utf-8")


def has_failed(test: pytest.Item) -> bool:
    """Say whether a test, or what it needs, has failed so far."""
    return any(report.failed for report in test.stash.get(PHASES, {}).values())


class LabPages:
    """JupyterLab's page from the test before: to load it anew takes twice as long as all else that opens a notebook."""

    # What a page that lives for ever might gather is nothing that a reader of one notebook sees.
    MOST = 20

    def __init__(self, context: BrowserContext, prepare: Callable[[Page], None] = lambda _page: None) -> None:
        self._context = context
        self._prepare = prepare
        self._page: Page | None = None
        self._used = 0

    def take(self) -> Page:
        """Return a page that shows no notebook; a new one where none was given back, or that one has served enough."""
        page, self._page = self._page, None
        if page is not None and self._used >= self.MOST:
            page.close()
            page = None
        if page is None:
            page, self._used = self._context.new_page(), 0
            self._prepare(page)
        self._used += 1
        return page

    def give_back(self, page: Page) -> None:
        """Keep a page for the next test, without its notebooks."""
        close_notebooks(page)
        # Nothing is to be under the pointer before a test moves it.
        page.mouse.move(0, 0)
        self._page = page

    def close(self) -> None:
        """Close the page that is kept, before its JupyterLab ends."""
        if self._page is not None:
            self._page.close()
            self._page = None

    @contextmanager
    def lent_to(self, test: pytest.Item) -> Iterator[Page]:
        """Lend a test a page, and keep it for the next one unless the test has failed or has loaded it anew."""
        page = self.take()
        is_new = page.url == "about:blank"
        loaded: list[Page] = []

        def load(loading: Page) -> None:
            loaded.append(loading)

        page.on("domcontentloaded", load)
        with recording(page, test):
            yield page
        page.remove_listener("domcontentloaded", load)
        # A page that was loaded anew in the test may still be about to open the notebook that its address names.
        if has_failed(test) or len(loaded) > is_new:
            page.close()
        else:
            self.give_back(page)

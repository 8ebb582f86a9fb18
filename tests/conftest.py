"""What every test shares: marks by folder, an order that keeps the browser last, a clean environment."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from fiddler_widgets.journal import api as journal_api

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
# Fast tests first. Playwright's loop stays current in the main thread for the rest of the session,
# which forbids asyncio.run(), so whatever may use asyncio.run() has to come before it.
FOLDERS = ("unit", "http", "docs", "e2e")

# A shell that starts the tests in its background has them ignore Ctrl-C, and all that they start; some are about it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("project", deadline=None)
# The same examples on every run: CI should fail for the change it tests.
settings.register_profile("ci", parent=settings.get_profile("project"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "project")


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by its folder, and run the folders in the order of `FOLDERS`, of each the long tests first."""
    for item in items:
        item.add_marker(_folder(item))
    items.sort(key=lambda item: (FOLDERS.index(_folder(item)), item.get_closest_marker("long") is None))


@pytest.fixture(autouse=True)
def _journal_of_the_test(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begin with an empty journal, here and in all that a test starts: none writes into the home of whoever runs it."""
    monkeypatch.setenv("FIDDLER_WIDGETS_STATE_DIR", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("FIDDLER_WIDGETS_JOURNAL", raising=False)
    monkeypatch.setattr(journal_api, "_shared", None)
    yield
    journal_api.close()


@pytest.fixture(autouse=True)
def _no_connection_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's own FIDDLER_URL and FIDDLER_TOKEN out of every test."""
    for name in ("FIDDLER_URL", "FIDDLER_TOKEN", "FIDDLER_JOBS"):
        monkeypatch.delenv(name, raising=False)

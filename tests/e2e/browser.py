"""Which Chromium the tests drive, and with what flags.

``python tests/e2e/browser.py`` prints its path, or exits with 1 where there is none.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The first is Chromium without its windows, as a package of Debian's: less to start and to draw.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks anyone but this machine fails at once, and does so on every machine alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def installed() -> str | None:
    """Return the path of the system's Chromium, or `None`."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> str | None:
    """Return the path of the browser that Playwright has downloaded, or `None`."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    found = installed() or playwrights_own()
    if found is None:
        sys.exit(1)
    sys.stdout.write(f"{found}\n")

"""One browser and one JupyterLab for the session; a page, a notebook and a simulator for a test."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import textwrap
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from fiddler_widgets.simulator import Simulator
from tests.e2e import browser as browsers
from tests.e2e.lab import TOKEN_FILE, LabNotebook, Notebook7, write_notebook
from tests.e2e.lab_pages import PHASES, LabPages, recording
from tests.e2e.relay import Relay
from tests.e2e.servers import lab_server, marimo_server, notebook_server, voila_server

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize

VIEWPORT: ViewportSize = {"width": 1100, "height": 1000}

expect.set_options(timeout=15_000)


class Lab(NamedTuple):
    """A running JupyterLab.

    Attributes:
        url: Its address.
        files: The folder of its notebooks.
    """

    url: str
    files: Path


class OpenNotebook(Protocol):
    """Writes a notebook of the given cells and opens it in the test's page."""

    def __call__(self, *cells: str) -> LabNotebook:
        """Return the notebook, ready to run."""


class StartVoila(Protocol):
    """Starts Voilà on a notebook."""

    def __call__(self, notebook: Path, variables: Mapping[str, str] | None = None) -> str:
        """Return its address."""


class StartMarimo(Protocol):
    """Starts marimo on a notebook of the given cells, which may use ``fw``."""

    def __call__(self, *cells: str, edit: bool = False) -> str:
        """Return its address."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep each phase's report, for the page to know whether its test failed."""
    report = yield
    item.stash.setdefault(PHASES, {})[report.when] = report
    return report


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return the browser; without one the test is skipped, in CI it fails."""
    try:
        found = playwright.chromium.launch(executable_path=browsers.installed(), args=list(browsers.FLAGS))
    except Error as error:
        reason = f"no Chromium here (apt-get install chromium): {error.message.splitlines()[0]}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with found:
        yield found


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return one profile for the session, so that JupyterLab's files are fetched only once."""
    with browser.new_context(viewport=VIEWPORT) as profile:
        yield profile


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a new page; a failed test leaves its picture and console in `test-results`."""
    with context.new_page() as tab, recording(tab, request.node):
        yield tab


@pytest.fixture(scope="session")
def lab_pages(context: BrowserContext) -> LabPages:
    """Return the session's pages of JupyterLab."""
    return LabPages(context)


@pytest.fixture
def lab_page(request: pytest.FixtureRequest, lab_pages: LabPages) -> Iterator[Page]:
    """Return the page for JupyterLab: that of the test before, but a new one if the test asks for `page` itself."""
    if "page" in request.fixturenames:
        yield request.getfixturevalue("page")
        return
    with lab_pages.lent_to(request.node) as page:
        yield page


@pytest.fixture(scope="session")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return the session's JupyterLab; asking for the browser first spares a start in vain."""
    del browser
    with lab_server(tmp_path_factory.mktemp("lab")) as (url, files):
        yield Lab(url, files)


@pytest.fixture(scope="session")
def notebook7(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return the session's Notebook 7."""
    del browser
    with notebook_server(tmp_path_factory.mktemp("notebook7")) as (url, files):
        yield Lab(url, files)


@pytest.fixture
def open_notebook(lab: Lab, lab_page: Page, sim: Simulator, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Return a function that opens a notebook of the given cells in JupyterLab; its kernel ends with the test."""
    with opening(LabNotebook, lab, lab_page, sim, request.node.name) as open_one:
        yield open_one


@pytest.fixture
def lab_relay(lab: Lab) -> Iterator[Relay]:
    """Return a way to JupyterLab that can go dead."""
    with contextlib.closing(Relay(lab.url)) as relay:
        yield relay


@pytest.fixture
def open_relayed_notebook(
    lab: Lab, lab_relay: Relay, page: Page, sim: Simulator, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Return the same for a page that has no other way to JupyterLab."""
    with opening(LabNotebook, Lab(lab_relay.url, lab.files), page, sim, request.node.name) as open_one:
        yield open_one
        # A test that failed in the silence: what is left of it is ended by the same way.
        lab_relay.restore()


@pytest.fixture
def open_notebook7(
    notebook7: Lab, page: Page, sim: Simulator, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Return the same for Notebook 7."""
    with opening(Notebook7, notebook7, page, sim, request.node.name) as open_one:
        yield open_one


@contextmanager
def opening(kind: type[LabNotebook], host: Lab, page: Page, sim: Simulator, name: str) -> Iterator[OpenNotebook]:
    """Yield a function that opens notebooks in a host; their kernels end with the block."""
    (host.files / TOKEN_FILE).write_text(sim.token, encoding="utf-8")
    opened: list[LabNotebook] = []

    def open_one(*cells: str) -> LabNotebook:
        stem = re.sub(r"\W+", "_", name)
        path = host.files / f"{stem}_{len(opened)}.ipynb"
        write_notebook(path, cells)
        notebook = kind(page, host.url, path)
        opened.append(notebook)
        return notebook

    yield open_one
    for notebook in opened:
        notebook.discard()


@pytest.fixture
def start_voila(browser: Browser, tmp_path: Path) -> Iterator[StartVoila]:
    """Return a function that starts Voilà on a notebook; it ends with the test."""
    del browser
    with ExitStack() as servers:

        def start(notebook: Path, variables: Mapping[str, str] | None = None) -> str:
            folder = tmp_path / f"voila-{notebook.stem}"
            folder.mkdir()
            copy = Path(shutil.copy(notebook, folder))
            return servers.enter_context(voila_server(copy, folder, variables))

        yield start


@pytest.fixture
def start_marimo(browser: Browser, tmp_path: Path, sim: Simulator) -> Iterator[StartMarimo]:
    """Return a function that starts marimo on a notebook of the given cells; it ends with the test."""
    del browser
    with ExitStack() as servers:

        def start(*cells: str, edit: bool = False) -> str:
            first = "import os\nimport fiddler_widgets as fw\nfw.init(os.environ['SIM_URL'], os.environ['SIM_TOKEN'])"
            app = tmp_path / "app.py"
            app.write_text(marimo_notebook(f"{first}\nfw.configs.JOB_POLL_INTERVAL = 1", *cells), encoding="utf-8")
            variables = {"SIM_URL": sim.url, "SIM_TOKEN": sim.token}
            return servers.enter_context(marimo_server(app, tmp_path, variables, edit=edit))

        yield start


def marimo_notebook(*cells: str) -> str:
    """Return the source of a marimo notebook; what its first cell imports as ``fw`` the others may use."""
    parts = ["import marimo", "app = marimo.App()"]
    for index, cell in enumerate(cells):
        body = textwrap.indent(cell, "    ")
        parts.append(f"@app.cell\ndef _({'fw' if index else ''}):\n{body}\n    return{'' if index else ' (fw,)'}")
    return "\n\n".join([*parts, 'if __name__ == "__main__":\n    app.run()\n'])


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Return a simulator of its own for the test."""
    with Simulator() as simulator:
        yield simulator

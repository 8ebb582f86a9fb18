"""Hosts that tell the kernel of no cell, and one that updates no output: pages that do as PyCharm and Databricks do.

JupyterLab's page draws, with its own extensions; what it says of cells does not reach the kernel, and in the one that
stands for Databricks no ``update_display_data`` reaches the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.boards import Board
from tests.e2e.cards import CARD, Card
from tests.e2e.lab import connecting
from tests.e2e.lab_pages import LabPages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, Page, WebSocketRoute

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import Lab, OpenNotebook
    from tests.e2e.lab import LabNotebook

HOSTS = {
    "PyCharm": "",
    "Databricks": "import os\nos.environ['DATABRICKS_RUNTIME_VERSION'] = '15.4'\n",
}
STDERR = '[data-mime-type="application/vnd.jupyter.stderr"]'


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def become(host: str) -> Callable[[Page], None]:
    """Return what makes a page such a host's."""

    def pass_on(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def to_kernel(message: str | bytes) -> None:
            # As long as before, since the places of a message's parts are told in bytes.
            renamed = message.replace(b'"cellId"', b'"noName"') if isinstance(message, bytes) else message
            server.send(renamed)

        def to_page(message: str | bytes) -> None:
            if not (host == "Databricks" and b'"update_display_data"' in as_bytes(message)):
                route.send(message)

        route.on_message(to_kernel)
        server.on_message(to_page)

    def prepare(page: Page) -> None:
        page.route_web_socket("**/channels*", pass_on)

    return prepare


@pytest.fixture(scope="module")
def host_pages(lab: Lab, context: BrowserContext) -> Iterator[dict[str, LabPages]]:
    """Return the pages of each host."""
    del lab
    pages = {host: LabPages(context, become(host)) for host in HOSTS}
    yield pages
    for each in pages.values():
        each.close()


@pytest.fixture(params=sorted(HOSTS))
def host(request: pytest.FixtureRequest) -> str:
    """Return the name of a host, whose page `open_notebook` uses here."""
    return str(request.param)


@pytest.fixture
def lab_page(host: str, host_pages: dict[str, LabPages], request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a page that does as the host's does, in the place of JupyterLab's own."""
    with host_pages[host].lent_to(request.node) as page:
        yield page


def as_bytes(message: str | bytes) -> bytes:
    """Return a message of a kernel as it is searched."""
    return message if isinstance(message, bytes) else message.encode()


def opened(open_notebook: OpenNotebook, sim: Simulator, host: str, *cells: str) -> LabNotebook:
    """Return a notebook that is connected; the kernel hears of no cell."""
    no_cell = "from fiddler_widgets import environment\nassert environment.running_cell()[0] is None"
    notebook = open_notebook(f"{HOSTS[host]}{connecting(sim)}\n{no_cell}", *cells)
    notebook.run_to_end(0)
    expect(notebook.traceback(0)).to_have_count(0)
    return notebook


def only_card(notebook: LabNotebook, index: int) -> Card:
    """Return the one card of a cell, beside which nothing is printed."""
    output = notebook.output(index)
    expect(output.locator(CARD).filter(visible=True)).to_have_count(1)
    expect(output.locator(STDERR)).to_have_count(0)
    return Card(output)


def test_wait_has_one_true_card(host: str, open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Live while the cell waits, and with the end when it is done; nothing is printed, nothing goes blank."""
    notebook = opened(open_notebook, sim, host, f"fw.Job.get({job.id!r}).wait(interval=0.3)", "6 * 7")
    notebook.run(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(progress=60)
    card.is_at(60)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded", "100 %")
    notebook.run_to_end(2)
    only_card(notebook, 1).shows("Succeeded", "100 %")


def test_card_of_a_cell_stays_to_the_end(
    host: str, open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Shown, live, over: the same one output, and cells that run later leave it alone."""
    notebook = opened(open_notebook, sim, host, f"fw.JobWidget({job.id!r}, interval=0.3)", "6 * 7")
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="FAILURE", error_message="no space left")
    card.shows("Failed", "no space left")
    for _ in range(2):
        notebook.run_to_end(2)
    only_card(notebook, 1).shows("Failed", "no space left")


def test_board_stays_to_the_end(host: str, open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """One board for jobs that are waited for together, with the end of each."""
    other = sim.add_job("linear", name="Ingestion of loans")
    other.set(status="STARTED", progress=10)
    notebook = opened(open_notebook, sim, host, f"fw.wait([{job.id!r}, {other.id!r}])", "6 * 7")
    notebook.run(1)
    Board(notebook.output(1)).says("0 of 2 over")
    for each in (job, other):
        each.set(status="SUCCESS", progress=100)
    expect(notebook.output(1)).to_contain_text("2 succeeded", timeout=20_000)
    notebook.run_to_end(2)
    expect(notebook.output(1)).to_contain_text("2 succeeded")
    expect(notebook.output(1).locator(STDERR)).to_have_count(0)

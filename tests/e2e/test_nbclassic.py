"""The card in the classic notebook (nbclassic), which tells the kernel of no cell and has no subshells."""

from __future__ import annotations

import importlib.util
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.lab import TOKEN_FILE, connecting, write_notebook
from tests.e2e.servers import classic_server
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator

INTERVAL = 0.3
READY = "() => globalThis.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()"
RUN = "index => Jupyter.notebook.execute_cells([index])"
PROMPT = "index => Jupyter.notebook.get_cell(index).input_prompt_number"
OUTPUTS = "index => Jupyter.notebook.get_cell(index).output_area.toJSON()"
END = "() => new Promise((resolve) => Jupyter.notebook.session.delete(resolve, resolve))"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nbclassic") is None and not os.environ.get("CI"), reason="nbclassic is not installed"
)


class ClassicNotebook:
    """One notebook, open in one page.

    Attributes:
        page: The page.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.wait_for_function(READY, timeout=60_000)

    def output(self, index: int) -> Locator:
        """Return the outputs of a cell."""
        return self.page.locator(".code_cell").nth(index).locator(".output_wrapper")

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """Return what would be saved of them."""
        found: list[dict[str, Any]] = self.page.evaluate(OUTPUTS, index)
        return found

    def stderr(self, index: int) -> str:
        """Return what the cell has said on stderr."""
        return "".join(one["text"] for one in self.outputs(index) if one.get("name") == "stderr")

    def run(self, index: int) -> None:
        """Run a cell; return at once."""
        self.page.evaluate(RUN, index)

    def is_busy(self, index: int) -> bool:
        """Say whether a cell runs."""
        return bool(self.page.evaluate(PROMPT, index) == "*")

    def expect_done(self, index: int) -> None:
        """Wait until a cell has been run."""
        until(lambda: isinstance(self.page.evaluate(PROMPT, index), int), "the cell's end")


@pytest.fixture(scope="module")
def classic(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Return the module's server, and the folder of its notebooks."""
    del browser
    with classic_server(tmp_path_factory.mktemp("classic")) as found:
        yield found


@pytest.fixture
def open_classic(
    classic: tuple[str, Path], page: Page, sim: Simulator, request: pytest.FixtureRequest
) -> Iterator[Callable[..., ClassicNotebook]]:
    """Return a function that opens a notebook of the given cells; its kernel ends with the test."""
    url, files = classic
    (files / TOKEN_FILE).write_text(sim.token, encoding="utf-8")
    opened: list[ClassicNotebook] = []

    def open_one(*cells: str) -> ClassicNotebook:
        stem = re.sub(r"\W+", "_", request.node.name)
        path = files / f"{stem}.ipynb"
        write_notebook(path, cells)
        opened.append(ClassicNotebook(page, f"{url}/nbclassic/notebooks/{path.name}"))
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.page.evaluate(END)


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def test_card_is_live_and_becomes_static(
    open_classic: Callable[..., ClassicNotebook], sim: Simulator, job: SimulatedJob
) -> None:
    """As in JupyterLab, and nothing is said on stderr."""
    notebook = open_classic(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run(0)
    notebook.expect_done(0)
    notebook.run(1)
    notebook.expect_done(1)
    output, card = notebook.output(1), Card(notebook.output(1))
    expect(output.locator(".fw-card")).to_be_visible()
    card.is_at(20)
    job.set(progress=40)
    card.is_at(40)
    job.set(status="SUCCESS", progress=100)
    expect(output.locator(".fw-static")).to_be_visible()
    card.shows("Succeeded", "100 %", "ended by")
    expect(output.locator(CARD)).to_have_count(1)
    assert notebook.stderr(1) == ""


def test_wait_has_a_live_card_and_no_lines_beside_it(
    open_classic: Callable[..., ClassicNotebook], sim: Simulator, job: SimulatedJob
) -> None:
    """Though the kernel can handle no message of the page meanwhile; at the end the card is there, and not blank."""
    notebook = open_classic(connecting(sim), f"job = fw.Job.get({job.id!r})\njob.wait(interval={INTERVAL})", "job")
    notebook.run(0)
    notebook.expect_done(0)
    notebook.run(1)
    output, card = notebook.output(1), Card(notebook.output(1))
    for progress in (20, 40):
        job.set(progress=progress)
        card.is_at(progress)
    # Longer than a page is given to answer.
    requests = len(sim.requests_for(job.id))
    sim.wait_for_requests(requests + 12, job.id, timeout=30)
    job.set(progress=60)
    card.is_at(60)
    assert notebook.is_busy(1)
    expect(output.locator(".fw-card")).to_be_visible()
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    notebook.expect_done(1)
    card.shows("Failed", "row 7 has no balance")
    expect(output.locator(CARD)).to_have_count(1)
    assert notebook.stderr(1) == ""
    assert [one["ename"] for one in notebook.outputs(1) if one["output_type"] == "error"] == ["AsyncJobFailed"]


def test_card_in_a_layout_is_not_blanked_at_the_end(
    open_classic: Callable[..., ClassicNotebook], sim: Simulator, job: SimulatedJob
) -> None:
    """A widget that a page shows keeps its frontend, whatever the kernel has heard of it."""
    cell = f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ndisplay(ipywidgets.VBox([card]))\ncard.wait()"
    notebook = open_classic(connecting(sim) + "\nimport ipywidgets", cell)
    notebook.run(0)
    notebook.expect_done(0)
    notebook.run(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="SUCCESS", progress=100)
    notebook.expect_done(1)
    card.shows("Succeeded", "100 %")
    expect(notebook.output(1).locator(".fw-card")).to_be_visible()


def test_board_is_live(open_classic: Callable[..., ClassicNotebook], sim: Simulator, job: SimulatedJob) -> None:
    """It is no list that stands still."""
    notebook = open_classic(connecting(sim), f"fw.JobBoard([{job.id!r}], interval={INTERVAL})")
    notebook.run(0)
    notebook.expect_done(0)
    notebook.run(1)
    notebook.expect_done(1)
    board = notebook.output(1).locator(".fw-board")
    expect(board).to_contain_text("Ingestion of bank_churn")
    job.set(progress=45)
    expect(board).to_contain_text("45 %")
    assert notebook.stderr(1) == ""

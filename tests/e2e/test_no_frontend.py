"""A JupyterLab whose server has no frontend for widgets, or not anywidget's, as where kernels live elsewhere."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.conftest import Lab, opening
from tests.e2e.lab import LabNotebook, connecting
from tests.e2e.lab_pages import LabPages
from tests.e2e.servers import lab_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook

INTERVAL = 0.3
NO_MODEL = "Error displaying widget"
MANAGER = "@jupyter-widgets/jupyterlab-manager"
WAYS = {"no manager": (MANAGER,), "no anywidget": ("anywidget",)}


class StartLab(Protocol):
    """Starts a JupyterLab once for the module."""

    def __call__(self, way: str) -> tuple[Lab, LabPages]:
        """Return the one that lacks something, and its pages."""


@pytest.fixture(scope="module")
def labs(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartLab]:
    """Return a function that starts a JupyterLab without something, once."""
    started: dict[str, tuple[Lab, LabPages]] = {}
    with ExitStack() as servers:

        def start(way: str) -> tuple[Lab, LabPages]:
            if way not in started:
                lab = Lab(*servers.enter_context(lab_server(tmp_path_factory.mktemp("bare"), WAYS[way])))
                started[way] = lab, servers.enter_context(closing(LabPages(context)))
            return started[way]

        yield start


@pytest.fixture(params=sorted(WAYS))
def open_bare(labs: StartLab, sim: Simulator, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Return a function that opens a notebook in such a Lab."""
    lab, pages = labs(request.param)
    with pages.lent_to(request.node) as page, opening(LabNotebook, lab, page, sim, request.node.name) as open_one:
        yield open_one


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def test_card_is_kept_up_to_date_as_html(open_bare: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """No error beside a job that goes on: progress, trouble and the end are written into the output."""
    notebook = open_bare(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    output, card = notebook.output(1), Card(notebook.output(1))
    card.shows("Ingestion of bank_churn", "Running", "This page draws no widgets", re.compile("as of 20"))
    expect(output.get_by_text(NO_MODEL)).to_have_count(0)
    for progress in (35, 50):
        job.set(progress=progress)
        card.is_at(progress, seconds=5)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded", "ended by")
    card.lacks("This page draws no widgets")
    expect(output.locator(CARD)).to_have_count(1)


def test_wait_shows_html_while_the_cell_is_busy(open_bare: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """The kernel's thread is blocked, and yet it is known that nobody answers."""
    notebook = open_bare(connecting(sim), f"fw.Job.get({job.id!r}).wait(interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run(1)
    output, card = notebook.output(1), Card(notebook.output(1))
    card.shows("This page draws no widgets")
    job.set(progress=35)
    card.is_at(35)
    assert notebook.is_busy(1)
    expect(output.get_by_text(NO_MODEL)).to_have_count(0)
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    notebook.expect_done(1)
    card.shows("Failed", "row 7 has no balance")
    expect(output.locator(CARD)).to_have_count(1)


def test_board_is_kept_up_to_date_as_html(open_bare: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Its rows say at each change how far each job is."""
    other = sim.add_job("linear", name="Still going")
    other.set(status="STARTED", progress=30)
    notebook = open_bare(connecting(sim), f"fw.JobBoard([{job.id!r}, {other.id!r}], interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    output = notebook.output(1)
    expect(output.get_by_text("This page draws no widgets")).to_be_visible()
    expect(output.get_by_text(NO_MODEL)).to_have_count(0)
    row = output.locator(".fw-static").filter(has_text="Ingestion of bank_churn")
    for progress in (35, 50):
        job.set(progress=progress)
        expect(row).to_contain_text(f"{progress} %")
    job.set(status="SUCCESS", progress=100)
    other.set(status="FAILURE", error_reason="NoSpace", error_message="the disk is full")
    expect(row).to_contain_text("Succeeded")
    expect(output.get_by_text("NoSpace")).to_be_visible()
    expect(output.get_by_text("This page draws no widgets")).to_have_count(0)

"""What JupyterLab saves of widgets with a notebook, where its reader has that switched on."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import Card
from tests.e2e.conftest import Lab, opening
from tests.e2e.lab import LabNotebook, connecting
from tests.e2e.lab_pages import LabPages
from tests.e2e.servers import SAVED_STATE, lab_server
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

    from fiddler_widgets.simulator import Simulator
    from tests.e2e.conftest import OpenNotebook

STATE = "application/vnd.jupyter.widget-state+json"
CARDS, RUNS, MOST = 30, 5, 100_000
INTERVAL = 0.5


@pytest.fixture(scope="module")
def saving(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return a JupyterLab that saves the state of widgets."""
    del browser
    with lab_server(tmp_path_factory.mktemp("saving"), settings=SAVED_STATE) as found:
        yield Lab(*found)


@pytest.fixture(scope="module")
def saving_pages(saving: Lab, context: BrowserContext) -> Iterator[LabPages]:
    """Return its pages."""
    del saving
    with closing(LabPages(context)) as pages:
        yield pages


@pytest.fixture
def open_saving(
    saving: Lab, saving_pages: LabPages, sim: Simulator, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Return a function that opens a notebook there."""
    with (
        saving_pages.lent_to(request.node) as page,
        opening(LabNotebook, saving, page, sim, request.node.name) as open_one,
    ):
        yield open_one


def state_of(notebook: LabNotebook) -> dict[str, Any]:
    """Save, and return what is there of widgets."""
    notebook.save()
    content = json.loads(notebook.path.read_text(encoding="utf-8"))
    return dict(content["metadata"].get("widgets", {}).get(STATE, {}).get("state", {}))


def models_of_cards(notebook: LabNotebook) -> list[dict[str, Any]]:
    """Save, and return what is there of cards."""
    return [model for model in state_of(notebook).values() if "_esm" in model["state"]]


@pytest.mark.parametrize("first", ["over", "running"])
def test_cards_that_are_over_leave_little(open_saving: OpenNotebook, sim: Simulator, first: str) -> None:
    """Thirty of them, run five times: below 100 KB, whether or not the jobs were over when they were shown."""
    jobs = [sim.add_job("linear", name=f"Job {index}") for index in range(CARDS)]
    for job in jobs:
        job.set(status="STARTED" if first == "running" else "SUCCESS", progress=20)
    ids = [job.id for job in jobs]
    notebook = open_saving(
        connecting(sim), f"for id_ in {ids}: display(fw.JobWidget(id_, interval={INTERVAL}))", "6 * 7"
    )
    notebook.run_to_end(0)
    for _ in range(RUNS):
        notebook.run_to_end(1, 60)
        expect(notebook.output(1).locator(".fw-card, .fw-static")).to_have_count(CARDS, timeout=60_000)
    for job in jobs:
        job.set(status="SUCCESS", progress=100)
    expect(notebook.output(1).locator(".fw-static")).to_have_count(CARDS, timeout=60_000)
    until(lambda: len(json.dumps(state_of(notebook))) < MOST, "little to be saved", 60)


def test_cards_taken_away_before_they_were_drawn_leave_nothing(open_saving: OpenNotebook, sim: Simulator) -> None:
    """JupyterLab makes their views all the same, on no page, and never removes them."""
    jobs = [sim.add_job("linear", name=f"Job {index}") for index in range(CARDS // 3)]
    for job in jobs:
        job.set(status="SUCCESS", progress=100)
    notebook = open_saving(
        connecting(sim) + "\nfrom IPython.display import clear_output",
        f"for id_ in {[job.id for job in jobs]}:\n    display(fw.JobWidget(id_, interval={INTERVAL}))\nclear_output()",
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    until(lambda: not models_of_cards(notebook), "the widgets to go", 30)


def test_card_that_is_over_can_still_be_put_into_a_layout(open_saving: OpenNotebook, sim: Simulator) -> None:
    """Its widget comes back where it is needed."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    notebook = open_saving(
        connecting(sim) + "\nimport ipywidgets",
        f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard",
        "ipywidgets.VBox([card])",
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)
    assert models_of_cards(notebook)
    job.set(status="SUCCESS", progress=100)
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    until(lambda: not models_of_cards(notebook), "the widget to go")
    notebook.run_to_end(2)
    Card(notebook.output(2)).shows("Succeeded", "100 %")
    expect(notebook.output(2).locator(".fw-card")).to_be_visible()

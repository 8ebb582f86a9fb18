"""The card in Notebook 7."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import Card
from tests.e2e.lab import connecting

if TYPE_CHECKING:
    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook
    from tests.e2e.lab import LabNotebook

INTERVAL = 0.3


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


@pytest.fixture
def waiting(open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob) -> LabNotebook:
    """Return a notebook whose cell 1 waits for the job."""
    notebook = open_notebook7(connecting(sim), f"job = fw.Job.get({job.id!r})\njob.wait(interval={INTERVAL})", "6 * 7")
    notebook.run_to_end(0)
    notebook.run(1)
    notebook.expect_busy(1)
    Card(notebook.output(1)).is_at(20)
    return notebook


def test_a_card_goes_on_while_other_cells_run(open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """A card's cell is done at once, and the card follows the job to its end, also after a reload."""
    notebook = open_notebook7(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})", "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    notebook.run_to_end(2)
    job.set(progress=65)
    card.is_at(65)
    notebook.save()
    notebook.reload()
    card.is_at(65)
    card.button("Check now").click()
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded", "100 %")


def test_the_bar_moves_while_the_cell_is_busy(waiting: LabNotebook, job: SimulatedJob) -> None:
    """`wait()` blocks under a live card."""
    card = Card(waiting.output(1))
    for progress in (40, 90):
        job.set(progress=progress)
        card.is_at(progress)
        assert waiting.is_busy(1)
    job.set(status="SUCCESS", progress=100)
    waiting.expect_done(1)
    card.shows("Succeeded")


def test_stop_watching_on_the_card_ends_the_wait(waiting: LabNotebook) -> None:
    """A click while the cell is blocked raises `WatchStopped`."""
    Card(waiting.output(1)).button("Stop watching").click()
    waiting.expect_done(1, seconds=3)
    expect(waiting.traceback(1)).to_contain_text("WatchStopped")


def test_the_stop_button_of_jupyter_ends_the_wait_and_not_the_card(waiting: LabNotebook, job: SimulatedJob) -> None:
    """■ raises at once, and the card goes on."""
    waiting.interrupt()
    waiting.expect_done(1, seconds=3)
    expect(waiting.traceback(1)).to_contain_text("KeyboardInterrupt")
    card = Card(waiting.output(1))
    job.set(progress=55)
    card.is_at(55)


def test_a_failure_raises_under_a_red_card(waiting: LabNotebook, job: SimulatedJob) -> None:
    """With its reason in both places."""
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    waiting.expect_done(1)
    expect(waiting.traceback(1)).to_contain_text("AsyncJobFailed")
    Card(waiting.output(1)).shows("Failed", "DataValidationError", "row 7 has no balance")

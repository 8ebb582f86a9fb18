"""The card in Notebook 7."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.lab import TOKEN_FILE, connecting

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


def test_the_output_becomes_static_at_the_end_and_is_there_without_the_kernel(
    open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The widget gives way; saved and opened again with no kernel, the card is there and no broken widget."""
    notebook = open_notebook7(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})", "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    output = notebook.output(1)
    Card(output).is_at(20)
    expect(output.locator(".fw-card")).to_be_visible()
    job.set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7 has no balance")
    expect(output.locator(".fw-static")).to_be_visible()
    expect(output.locator(".fw-card")).to_have_count(0)
    notebook.save()
    notebook.discard()
    notebook.open()
    Card(output).shows("Ingestion of bank_churn", "Failed", "70 %", "row 7 has no balance", "ended by")
    expect(output.get_by_text("Error displaying widget")).to_have_count(0)


def test_the_extension_keeps_the_official_wait_live(
    open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The official job's card as last expression; its wait below, busy, which fails as the official one does."""
    notebook = open_notebook7(
        "%load_ext fiddler_widgets",
        f"import fiddler\nfiddler.init(url={sim.url!r}, token=open({TOKEN_FILE!r}).read())",
        f"fiddler.Job.get({job.id!r}).wait(interval={INTERVAL})",
        f"fiddler.Job.get({job.id!r})",
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1, 60)
    notebook.run_to_end(3)
    shown, waiting = Card(notebook.output(3)), notebook.output(2)
    shown.is_at(20)
    notebook.run(2)
    notebook.expect_busy(2)
    job.set(progress=40)
    shown.is_at(40)
    assert notebook.is_busy(2)
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    notebook.expect_done(2)
    expect(notebook.traceback(2)).to_contain_text("AsyncJobFailed")
    shown.shows("Failed", "row 7 has no balance")
    # It was shown in the other cell already.
    expect(waiting.locator(CARD)).to_have_count(0)


def test_a_wait_that_is_run_again_shows_one_card_each_time(
    open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """While the cell is busy and after it."""
    notebook = open_notebook7(
        connecting(sim), f"job = fw.Job.get({job.id!r})\ntry: job.wait(timeout=3)\nexcept TimeoutError: pass"
    )
    notebook.run_to_end(0)
    for progress in (20, 30, 40):
        job.set(progress=progress)
        notebook.run(1)
        notebook.expect_busy(1)
        Card(notebook.output(1)).is_at(progress)
        assert notebook.is_busy(1)
        notebook.expect_done(1)
        expect(notebook.output(1).locator(CARD)).to_have_count(1)


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

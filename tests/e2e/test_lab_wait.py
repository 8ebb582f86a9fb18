"""`wait()` in JupyterLab: the cell is busy, and the card is alive."""

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
# A traceback quotes the source, which must not read like what it prints.
THEN = "print(f'gone {\"on\"}')"
WENT_ON = "gone on"


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


@pytest.fixture(params=["card.wait()", "job.wait()"])
def waiting(
    request: pytest.FixtureRequest, open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> LabNotebook:
    """Return a notebook whose cell 2 waits for the job, through a widget or through the job itself."""
    makes, waits = {
        "card.wait()": (f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})", f"card.wait()\n{THEN}"),
        "job.wait()": (f"job = fw.Job.get({job.id!r})", f"job.wait(interval={INTERVAL})\n{THEN}"),
    }[request.param]
    notebook = open_notebook(connecting(sim), makes, waits, "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run(2)
    notebook.expect_busy(2)
    Card(notebook.output(2)).is_at(20)
    return notebook


def test_the_bar_moves_while_the_cell_is_busy(waiting: LabNotebook, job: SimulatedJob) -> None:
    """The card follows the job under a prompt of [*], and the cell goes on once the job has succeeded."""
    card = Card(waiting.output(2))
    for progress in (40, 60.5, 90):
        job.set(progress=progress)
        card.is_at(progress)
        assert waiting.is_busy(2)
    job.set(status="SUCCESS", progress=100)
    waiting.expect_done(2)
    card.shows("Succeeded")
    expect(waiting.output(2)).to_contain_text(WENT_ON)
    # The card is enough: no line of what was logged.
    expect(waiting.output(2)).not_to_contain_text("STARTED")


def test_a_failure_raises_under_a_red_card(waiting: LabNotebook, job: SimulatedJob) -> None:
    """The traceback names the reason, the card shows it, and the cell does not go on."""
    job.set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7 has no balance")
    waiting.expect_done(2)
    card = Card(waiting.output(2))
    card.shows("Failed", "DataValidationError", "row 7 has no balance")
    expect(card.root).to_have_attribute("data-fw-tone", "bad")
    expect(waiting.traceback(2)).to_contain_text("AsyncJobFailed")
    expect(waiting.traceback(2)).to_contain_text("DataValidationError: row 7 has no balance")
    expect(waiting.output(2)).not_to_contain_text(WENT_ON)


def test_a_revoked_job_raises(waiting: LabNotebook, job: SimulatedJob) -> None:
    """Revocation is no success: `JobRevoked`, and a card that says so."""
    job.set(status="REVOKED")
    waiting.expect_done(2)
    Card(waiting.output(2)).shows("Revoked")
    expect(waiting.traceback(2)).to_contain_text("JobRevoked")


def test_the_stop_button_of_jupyter_ends_the_wait_and_not_the_card(waiting: LabNotebook, job: SimulatedJob) -> None:
    """■ raises at once; the card says that the job goes on, and follows it."""
    waiting.interrupt()
    waiting.expect_done(2, seconds=3)
    expect(waiting.traceback(2)).to_contain_text("KeyboardInterrupt")
    card = Card(waiting.output(2))
    card.shows("Stopped waiting; the job goes on.")
    job.set(progress=55)
    card.is_at(55)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")


def test_stop_watching_on_the_card_ends_the_wait(waiting: LabNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """A click while the cell is blocked raises `WatchStopped` within 2 s, and the requests end."""
    card = Card(waiting.output(2))
    card.button("Stop watching").click()
    waiting.expect_done(2, seconds=3)
    expect(waiting.traceback(2)).to_contain_text("WatchStopped")
    expect(waiting.traceback(2)).to_contain_text("The job goes on")
    card.shows("Stopped watching")
    sim.clear_requests()
    waiting.run_to_end(3)
    assert sim.requests_for(job.id) == []


SLOW_SUBSHELLS = """
import asyncio
kernel = get_ipython().kernel
create = kernel.control_handlers["create_subshell_request"]
async def create_later(*request):
    await asyncio.sleep(3)
    return await create(*request)
kernel.control_handlers["create_subshell_request"] = create_later
"""


def test_click_in_the_first_moment_of_a_card_ends_the_wait(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """JupyterLab has no subshell for the card yet, so that the message waits for the cell; the click is sent again."""
    notebook = open_notebook(connecting(sim) + SLOW_SUBSHELLS, f"fw.Job.get({job.id!r}).wait(interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run(1)
    Card(notebook.output(1)).button("Stop watching").click()
    notebook.expect_done(1)
    expect(notebook.traceback(1)).to_contain_text("WatchStopped")


def test_a_time_out_ends_the_wait_and_not_the_card(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """`JobTimeoutError` says where the job stood; the widget's own watching goes on."""
    notebook = open_notebook(
        connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})", "card.wait(timeout=1.5)"
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run_to_end(2)
    expect(notebook.traceback(2)).to_contain_text("JobTimeoutError")
    expect(notebook.traceback(2)).to_contain_text("was not over after 1.5 s")
    card = Card(notebook.output(2))
    card.shows("live")
    job.set(progress=77)
    card.is_at(77)


def test_run_all_stops_at_a_job_that_failed(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """The cells after a failed `wait()` are not run."""
    notebook = open_notebook(connecting(sim), f"fw.Job.get({job.id!r}).wait(interval={INTERVAL})", "6 * 7")
    notebook.run_all()
    notebook.expect_busy(1)
    Card(notebook.output(1)).is_at(20)
    job.set(status="FAILURE", error_reason="DataValidationError")
    notebook.expect_done(1)
    expect(notebook.traceback(1)).to_contain_text("AsyncJobFailed")
    expect(notebook.prompt(2)).to_have_text("[ ]:")


def test_an_awaited_card_leaves_its_buttons_alive(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """`await card` follows the job, and "Stop watching" ends it with `WatchStopped`."""
    notebook = open_notebook(
        connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard", "await card"
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    notebook.run(2)
    notebook.expect_busy(2)
    job.set(progress=35)
    card.is_at(35)
    card.button("Stop watching").click()
    notebook.expect_done(2, seconds=3)
    expect(notebook.traceback(2)).to_contain_text("WatchStopped")


OFFICIAL = f"""\
%load_ext fiddler_widgets
import fiddler
fiddler.init(url={{url!r}}, token=open({TOKEN_FILE!r}).read())
job = fiddler.Job.get({{id!r}})"""
OURS = f"""\
import fiddler_widgets as fw
fw.init({{url!r}}, open({TOKEN_FILE!r}).read())
job = fw.Job.get({{id!r}})
card = fw.JobWidget(job, interval={INTERVAL})"""


@pytest.mark.parametrize(
    ("before", "waits"),
    [
        pytest.param(OFFICIAL, "job.wait(interval=1, timeout=3)", id="official"),
        pytest.param(OURS, "job.wait(timeout=3)", id="job"),
        pytest.param(OURS, "card.wait(timeout=3)", id="card"),
        pytest.param(OURS, "import asyncio\nawait asyncio.wait_for(card, 3)", id="await"),
    ],
)
def test_a_wait_that_is_run_again_shows_one_card_each_time(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, before: str, waits: str
) -> None:
    """While the cell is busy and after it, though the page clears the output once the kernel has the new request."""
    notebook = open_notebook(before.format(url=sim.url, id=job.id), waits)
    notebook.run_to_end(0, 30)
    cards = notebook.output(1).locator(CARD)
    for progress in (20, 30, 40, 50):
        job.set(progress=progress)
        notebook.run(1)
        notebook.expect_busy(1)
        expect(cards).to_have_count(1)
        Card(notebook.output(1)).is_at(progress)
        assert notebook.is_busy(1)
        notebook.expect_done(1)
        expect(notebook.traceback(1)).to_contain_text("TimeoutError")
        expect(cards).to_have_count(1)


@pytest.mark.parametrize("shown", ["card", "import ipywidgets\nipywidgets.VBox([card])"])
def test_a_wait_leaves_a_card_that_is_shown_elsewhere_there(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, shown: str
) -> None:
    """Run once or again, it adds no second card to one in another cell, by itself or in a layout widget."""
    notebook = open_notebook(OURS.format(url=sim.url, id=job.id), shown, "card.wait(timeout=3)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)
    for progress in (30, 40):
        job.set(progress=progress)
        notebook.run(2)
        notebook.expect_busy(2)
        Card(notebook.output(1)).is_at(progress)
        notebook.expect_done(2)
        expect(notebook.page.locator(CARD)).to_have_count(1)


def test_all_cells_run_again_show_the_card_where_it_is_waited_for(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Though its only other place, below, is cleared when the run begins and filled when it has come that far."""
    notebook = open_notebook(
        OURS.format(url=sim.url, id=job.id), "try: job.wait(timeout=4)\nexcept TimeoutError: pass", "job"
    )
    for progress in (20, 30):
        job.set(progress=progress)
        notebook.run_all()
        notebook.expect_busy(1)
        Card(notebook.output(1)).is_at(progress)
        assert notebook.is_busy(1)
        notebook.expect_done(2)
        Card(notebook.output(2)).is_at(progress)
        expect(notebook.page.locator(CARD)).to_have_count(2)

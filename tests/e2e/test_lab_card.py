"""The card in JupyterLab while cells are free."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.lab import TOKEN_FILE, LabNotebook, connecting
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook

INTERVAL = 0.3


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def test_a_card_goes_on_while_other_cells_run(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """A widget's cell is done at once, and the card follows the job to its end without it."""
    notebook = open_notebook(connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard", "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.shows("Ingestion of bank_churn", "Running", "live")
    card.is_at(20)

    notebook.run_to_end(2)
    expect(notebook.output(2)).to_contain_text("42")
    job.set(progress=65)
    card.is_at(65)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded", "100 %")


def test_a_job_as_last_expression_is_its_card(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """`job` at the end of a cell shows a live card."""
    notebook = open_notebook(connecting(sim), f"job = fw.Job.get({job.id!r})\njob")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")


def test_a_handle_updates_its_one_card(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """However often, in its own cell and from another one; the card is live there, and static at the end."""
    show = (
        f"job = fw.Job.get({job.id!r})\nhandle = display(job, display_id=True)\nfor _ in range(3): handle.update(job)"
    )
    notebook = open_notebook(connecting(sim), show, "handle.update(job)")
    for cell in range(3):
        notebook.run_to_end(cell)
    card = Card(notebook.output(1))
    card.is_at(20)
    expect(notebook.page.locator(CARD)).to_have_count(1)
    job.set(progress=45)
    card.button("Check now").click()
    card.is_at(45)
    job.set(status="SUCCESS", progress=100)
    card.button("Check now").click()
    expect(notebook.output(1).locator(".fw-static")).to_contain_text("Succeeded")
    expect(notebook.page.locator(".fw-static")).to_have_count(1)


def test_a_card_is_where_it_was_put(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """In an output widget that another cell shows, and live there; asking for its formats alone shows nothing."""
    notebook = open_notebook(
        connecting(sim),
        "import ipywidgets\nbox = ipywidgets.Output()\nbox",
        f"job = fw.Job.get({job.id!r})\nget_ipython().display_formatter.format(job)\nbox.append_display_data(job)",
    )
    for cell in range(3):
        notebook.run_to_end(cell)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(progress=45)
    card.button("Check now").click()
    card.is_at(45)
    expect(notebook.page.locator(CARD)).to_have_count(1)


def test_an_official_job_as_last_expression_is_its_card(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """With the extension: live, its buttons work, and the official object follows."""
    notebook = open_notebook(
        "%load_ext fiddler_widgets",
        f"import fiddler\nfiddler.init(url={sim.url!r}, token=open({TOKEN_FILE!r}).read())",
        f"job = fiddler.Job.get({job.id!r})\njob",
        "print(type(job).__module__, job.status, job.progress)",
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1, 60)
    notebook.run_to_end(2)
    card = Card(notebook.output(2))
    card.is_at(20)
    expect(notebook.output(2).locator(".fw-card")).to_be_visible()
    job.set(progress=65)
    card.button("Check now").click()
    card.is_at(65)
    notebook.run_to_end(3)
    expect(notebook.output(3)).to_have_text("fiddler.entities.job STARTED 65.0")
    job.set(status="SUCCESS", progress=100)
    card.button("Check now").click()
    card.shows("Succeeded", "100 %")
    expect(notebook.output(2).locator(".fw-static")).to_be_visible()
    notebook.run_to_end(3)
    expect(notebook.output(3)).to_have_text("fiddler.entities.job SUCCESS 100.0")


def test_a_failure_is_told_on_the_card(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Reason and message of a failed job stand on a card that is toned as bad, and its markup is text."""
    job.set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7: <b>n/a</b>")
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.shows("Failed", "DataValidationError", "row 7: <b>n/a</b>")
    card.is_at(70)
    expect(card.root).to_have_attribute("data-fw-tone", "bad")


def test_a_reload_in_mid_job_brings_the_card_back_alive(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """After F5 the same card is there and follows the job, and its buttons work."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)

    notebook.save()
    notebook.reload()
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(progress=45)
    card.is_at(45)
    card.button("Stop watching").click()
    card.shows("Stopped watching")


def test_the_card_says_that_its_kernel_was_killed(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Within 15 s the page says by its own clock that nothing is heard any more, and offers no button."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)

    notebook.kill_kernel()
    card.shows("Connection to the kernel lost", seconds=15)
    card.lacks("live")
    for button in ("Stop watching", "Check now", "Resume"):
        expect(card.button(button)).to_be_hidden()


def test_the_card_knows_a_kernel_that_hangs_from_one_that_is_back(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """A kernel that stands still is called lost within 15 s, and not any more once it goes on."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)

    with notebook.frozen_kernel():
        card.shows("Connection to the kernel lost", seconds=15)
    card.lacks("Connection to the kernel lost")
    job.set(progress=50)
    card.is_at(50)


def test_a_cell_run_twice_makes_one_stream_of_requests(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Two cards on one job ask no more often than one does."""
    interval = 1.0
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={interval})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)

    sim.clear_requests()
    sim.wait_for_requests(5, job.id, timeout=15)
    times = [request.at for request in sim.requests_for(job.id)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 0.9 * interval, gaps


def test_a_server_that_is_down_for_ten_seconds_is_told_and_comes_back(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The card keeps the last good state, says since when and when it tries again, and recovers by itself."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)

    sim.pause()
    card.shows(re.compile("Reconnecting: (next try in|trying)"))
    card.shows(re.compile(r"Last good answer 1\d s ago"), seconds=25)
    card.shows("Running", "20 %")
    job.set(progress=80)
    sim.resume()
    card.is_at(80, seconds=40)
    card.shows("live")
    card.lacks(re.compile("Reconnecting"))


def test_stop_resume_and_check_now_do_what_they_say(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Stopping ends the requests, resuming begins them again, and checking asks once more at once."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval=3600)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)

    job.set(progress=30)
    card.button("Check now").click()
    card.is_at(30)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    expect(card.button("Stop watching")).to_be_hidden()
    job.set(progress=40)
    card.button("Resume").click()
    card.is_at(40)
    card.shows("live")


def test_the_token_is_neither_on_the_page_nor_in_the_saved_notebook(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Nothing that the card sends to the page holds the token."""
    notebook = open_notebook(
        connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard", "card.get_state(), repr(card)"
    )
    for index in range(3):
        notebook.run_to_end(index)
    Card(notebook.output(1)).is_at(20)
    notebook.save()
    assert sim.token not in notebook.path.read_text(encoding="utf-8")
    assert sim.token not in notebook.page.content()


def test_a_closed_card_stops_asking(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """`close()` takes the card away, and the platform hears no more."""
    notebook = open_notebook(
        connecting(sim),
        f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard",
        "card.close()",
        "import time; time.sleep(4 * 0.3)",
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)
    notebook.run_to_end(2)
    expect(notebook.page.locator(CARD)).to_have_count(0)
    # One request may have been under way; after that, none.
    until(lambda: not sim.requests or sim.requests[-1].status is not None, "the last answer")
    sim.clear_requests()
    notebook.run_to_end(3)
    assert sim.requests_for(job.id) == []


def test_two_views_of_one_card_stay_in_step(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Displayed in two cells, and stopped and resumed in one of them, it is so in both."""
    notebook = open_notebook(connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard", "card")
    for index in range(3):
        notebook.run_to_end(index)
    one, other = Card(notebook.output(1)), Card(notebook.output(2))
    one.is_at(20)
    other.is_at(20)
    one.button("Stop watching").click()
    other.shows("Stopped watching")
    other.button("Resume").click()
    job.set(progress=40)
    one.is_at(40)
    other.is_at(40)
    job.set(status="SUCCESS", progress=100)
    one.shows("Succeeded", "ended by")
    other.shows("Succeeded", "ended by")


def test_a_second_window_is_closed_and_the_first_goes_on(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Two windows on one kernel are in step; when one says goodbye, the card is still looked at in the other."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    first = Card(notebook.output(1))
    first.is_at(20)
    notebook.save()
    with notebook.page.context.new_page() as window:
        also = LabNotebook(window, notebook.server, notebook.path)
        assert also.kernel_id() == notebook.kernel_id()
        second = Card(also.output(1))
        second.is_at(20)
        job.set(progress=40)
        second.is_at(40)
        first.is_at(40)
    closed = sim.clock()
    # Longer than a card goes on without any page.
    until(lambda: sim.requests_for(job.id)[-1].at > closed + 13, "requests long after the window was closed", 30)
    job.set(progress=60)
    first.is_at(60)
    first.shows("live")


def test_two_kernels_share_nothing(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Stopped in one notebook, a card of the same job goes on in another."""
    cells = (connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    first = open_notebook(*cells)
    first.run_to_end(0)
    first.run_to_end(1)
    card = Card(first.output(1))
    card.is_at(20)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    first.save()
    second = open_notebook(*cells)
    second.run_to_end(0)
    second.run_to_end(1)
    Card(second.output(1)).is_at(20)
    job.set(progress=40)
    Card(second.output(1)).is_at(40)
    first.open()
    card.shows("Stopped watching", "20 %")

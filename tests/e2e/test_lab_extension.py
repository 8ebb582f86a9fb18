"""Whatever happens to the page: reloaded while a cell waits, opened twice, away at the end, without a kernel."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.boards import Board
from tests.e2e.cards import CARD, Card
from tests.e2e.lab import LabNotebook, connecting
from tests.e2e.servers import installed_extension
from tests.e2e.silences import Frames
from tests.e2e.test_saved import saved
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import Lab, OpenNotebook

INTERVAL = 0.3
SOON = 12
STATIC = {"text/plain", "text/html"}
# What JupyterLab's own renderer of widgets says, and nothing else.
NOTHING = re.compile("Loading widget|Error displaying widget")
# In a kernel's frames: a widget leaves its page; the states of all widgets, which a page asks for when it is loaded.
COMM_CLOSE = b'"comm_close"'
UPDATE_STATES = b'"update_states"'
NO_SUBSHELLS = """\
from ipykernel.ipkernel import IPythonKernel
told = IPythonKernel.kernel_info
IPythonKernel.kernel_info = property(lambda self: {**told.fget(self), "supported_features": []})"""


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def reload(notebook: LabNotebook) -> None:
    """Save and reload, and wait for the cells only: of a kernel that is busy JupyterLab learns nothing."""
    notebook.save()
    notebook.page.reload()
    expect(notebook.cell(0)).to_be_visible(timeout=60_000)


def words(output: Locator) -> Locator:
    """Return what JupyterLab says in the place of a widget that it cannot show, where it can be seen."""
    return output.get_by_text(NOTHING).filter(visible=True)


def finish(job: SimulatedJob) -> None:
    """Let the job succeed."""
    job.set(status="SUCCESS", progress=100)


def shown(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, *further: str) -> LabNotebook:
    """Return a notebook whose cell 1 shows the job's card, at 20 %."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})", "6 * 7", *further)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Card(notebook.output(1)).is_at(20)
    notebook.expect_to_save(1, "STARTED")
    return notebook


@pytest.mark.parametrize("waits", ["job.wait(interval=0.3)", "await job", "fw.JobWidget(job, interval=0.3).wait()"])
def test_card_is_live_on_a_page_reloaded_while_a_cell_waits(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, waits: str
) -> None:
    """Within 12 s; it follows the job, its buttons work, and the end is saved."""
    notebook = open_notebook(connecting(sim), f"job = fw.Job.get({job.id!r})", waits)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run(2)
    output = notebook.output(2)
    card = Card(output)
    card.is_at(20)
    notebook.expect_to_save(2, "STARTED")
    reload(notebook)
    expect(output.locator(".fw-card")).to_be_visible(timeout=SOON * 1000)
    expect(words(output)).to_have_count(0)
    job.set(progress=60)
    card.is_at(60)
    expect(output.locator(CARD).filter(visible=True)).to_have_count(1)
    finish(job)
    expect(output.locator(".fw-static")).to_be_visible()
    card.shows("Succeeded", "100 %")
    (bundle,) = saved(notebook, 2)
    assert bundle.keys() == STATIC


def test_stop_watching_works_on_a_page_reloaded_while_a_cell_waits(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The click reaches the kernel that is busy, and ends the wait."""
    ended = "try: job.wait(interval=0.3)\nexcept fw.WatchStopped: open('stopped', 'w').close()"
    notebook = open_notebook(connecting(sim), f"job = fw.Job.get({job.id!r})", ended)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run(2)
    card = Card(notebook.output(2))
    card.is_at(20)
    notebook.expect_to_save(2, "STARTED")
    reload(notebook)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    # The kernel is free again: the widget's own view takes over.
    card.button("Resume watching").click()
    job.set(progress=80)
    card.is_at(80)
    assert notebook.path.with_name("stopped").exists()
    notebook.path.with_name("stopped").unlink()


@pytest.mark.parametrize("waits", ["fw.wait(jobs)", "fw.JobBoard(jobs, interval=0.3).wait()"])
def test_board_is_live_on_a_page_reloaded_while_a_cell_waits(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, waits: str
) -> None:
    """Within 12 s, with its rows; and the end of all jobs is saved."""
    other = sim.add_job("linear", name="Ingestion of loans")
    other.set(status="STARTED", progress=10)
    notebook = open_notebook(connecting(sim), f"jobs = [{job.id!r}, {other.id!r}]", waits)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run(2)
    board = Board(notebook.output(2))
    board.says("0 of 2 over")
    reload(notebook)
    expect(notebook.output(2).locator(".fw-board")).to_be_visible(timeout=SOON * 1000)
    expect(words(notebook.output(2))).to_have_count(0)
    finish(other)
    board.says("1 of 2 over")
    finish(job)
    expect(notebook.output(2).locator(".fw-board")).to_have_count(0, timeout=20_000)
    expect(notebook.output(2)).to_contain_text("2 succeeded")
    (bundle,) = saved(notebook, 2)
    assert bundle.keys() == STATIC


def test_kernel_that_cannot_be_heard_while_it_is_busy_is_said_to_be(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Without subshells, the last state with its time, kept up to date as far as the status goes; the end is saved."""
    job.set(status="PENDING", progress=0)
    notebook = open_notebook(f"{NO_SUBSHELLS}\n{connecting(sim)}", f"fw.Job.get({job.id!r}).wait(interval=0.3)")
    notebook.run_to_end(0)
    notebook.run(1)
    card = Card(notebook.output(1))
    card.shows("Queued")
    notebook.expect_to_save(1, "PENDING")
    reload(notebook)
    expect(notebook.output(1).get_by_role("note")).to_contain_text("the kernel is busy", timeout=SOON * 1000)
    card.shows("Last seen: queued", re.compile("as of 20"))
    job.set(status="STARTED", progress=40)
    card.shows("Last seen: running", "40 %")
    expect(words(notebook.output(1))).to_have_count(0)
    finish(job)
    card.shows("Succeeded")
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == STATIC


def test_end_after_a_reload_is_saved(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Reloaded in mid-job, the widget is live as before; at the end the static card takes its place, and stays."""
    notebook = shown(open_notebook, sim, job)
    reload(notebook)
    card = Card(notebook.output(1))
    job.set(progress=70)
    card.is_at(70)
    finish(job)
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == STATIC
    notebook.discard()
    notebook.open()
    card.shows("Succeeded", "100 %")
    expect(words(notebook.output(1))).to_have_count(0)


def test_end_is_saved_by_a_second_window(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """Opened in mid-job beside the first one: both show the end, and either may save it."""
    notebook = shown(open_notebook, sim, job)
    notebook.save()
    with notebook.page.context.new_page() as page:
        second = LabNotebook(page, notebook.server, notebook.path)
        Card(second.output(1)).is_at(20)
        finish(job)
        for each in (notebook, second):
            expect(each.output(1).locator(".fw-static")).to_be_visible()
        (bundle,) = saved(second, 1)
        assert bundle.keys() == STATIC


def test_end_that_came_while_no_page_was_there_is_saved(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The page comes back, finds that the job is over, and its notebook holds the static card."""
    notebook = shown(open_notebook, sim, job)
    notebook.save()
    notebook.page.goto("about:blank")
    finish(job)
    sim.wait_for_requests(len(sim.requests_for(job.id)) + 1, job.id, timeout=15)
    notebook.open(reset=False)
    card = Card(notebook.output(1))
    card.shows("Succeeded")
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == STATIC


def test_card_that_left_its_page_comes_back_whole(
    open_notebook: OpenNotebook, page: Page, sim: Simulator, job: SimulatedJob
) -> None:
    """Reloaded after the end, and not saved since, however late the page hears of all models at once."""
    frames = Frames(page)
    notebook = shown(open_notebook, sim, job)
    notebook.save()
    finish(job)
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    until(lambda: frames.has_passed(COMM_CLOSE), "the widget to leave the page")
    frames.lose(UPDATE_STATES)
    notebook.reload()
    Card(notebook.output(1)).shows("Succeeded", "100 %")
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()


def test_card_without_its_kernel_is_shown_as_it_was(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Saved in mid-job, its kernel gone, opened again with a new one: the static card, and why it is not live."""
    notebook = shown(open_notebook, sim, job)
    notebook.save()
    notebook.discard()
    notebook.open()
    output = notebook.output(1)
    card = Card(output)
    card.shows("Last seen: running", "20 %", re.compile("as of 20"))
    expect(output.get_by_role("note")).to_contain_text("no longer watches this")
    expect(words(output)).to_have_count(0)


def test_closed_card_leaves_the_page(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """As every widget that is closed; no static card takes its place."""
    notebook = open_notebook(
        connecting(sim), f"card = fw.JobWidget({job.id!r}, interval={INTERVAL})\ncard", "card.close()"
    )
    for index in range(2):
        notebook.run_to_end(index)
    Card(notebook.output(1)).is_at(20)
    notebook.run_to_end(2)
    expect(notebook.output(1).locator(CARD).filter(visible=True)).to_have_count(0)
    expect(notebook.output(1).get_by_role("note").filter(visible=True)).to_have_count(0)


def test_card_is_live_in_notebook_7_reloaded_while_a_cell_waits(
    open_notebook7: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """As in JupyterLab, the end included."""
    notebook = open_notebook7(connecting(sim), f"fw.Job.get({job.id!r}).wait(interval=0.3)")
    notebook.run_to_end(0)
    notebook.run(1)
    output = notebook.output(1)
    Card(output).is_at(20)
    notebook.expect_to_save(1, "STARTED")
    reload(notebook)
    expect(output.locator(".fw-card")).to_be_visible(timeout=SOON * 1000)
    job.set(progress=60)
    Card(output).is_at(60)
    finish(job)
    expect(output.locator(".fw-static")).to_be_visible()
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == STATIC


NOTHING_IN_IT = """\
const nothing = () => ({ __esModule: true, default: [] });
globalThis._JUPYTERLAB["fiddler-widgets"] = { init() {}, get: async () => nothing };"""


@pytest.fixture
def install(lab: Lab) -> Iterator[Callable[[], None]]:
    """Take the extension out of the running JupyterLab; return a function that puts it back.

    What is in its place comes before one that may be installed beside this JupyterLab.
    """
    place, kept = installed_extension(lab.files.parent), lab.files.parent / "kept-extension"
    place.rename(kept)
    (place / "static").mkdir(parents=True)
    build = {"load": "static/nothing.js", "extension": "./extension"}
    description = {"name": "fiddler-widgets", "version": "0.0.1", "jupyterlab": {"extension": True, "_build": build}}
    (place / "package.json").write_text(json.dumps(description))
    (place / "static" / "nothing.js").write_text(NOTHING_IN_IT)

    def put_back() -> None:
        if kept.exists():
            shutil.rmtree(place)
            kept.rename(place)

    yield put_back
    put_back()


def test_installing_it_needs_no_more_than_a_reload(
    install: Callable[[], None], open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """JupyterLab runs, the package comes, the page is reloaded: a card that has lost its kernel is there again."""
    notebook = shown(open_notebook, sim, job)
    notebook.save()
    notebook.discard()
    notebook.open()
    expect(words(notebook.output(1))).to_be_visible()
    install()
    notebook.reload()
    Card(notebook.output(1)).shows("Last seen: running", "20 %")
    expect(words(notebook.output(1))).to_have_count(0)

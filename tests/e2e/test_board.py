"""The board of many jobs, on the pages of real hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.boards import BOARD, Board
from tests.e2e.cards import Card
from tests.e2e.lab import connecting, write_notebook
from tests.e2e.silences import Frames
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook, StartMarimo, StartVoila
    from tests.e2e.lab import LabNotebook

COUNT = 40


@pytest.fixture
def jobs(sim: Simulator) -> list[SimulatedJob]:
    """Return forty jobs that run until the test says otherwise."""
    jobs = [sim.add_job("linear", name=f"Upload {number:02}") for number in range(COUNT)]
    for job in jobs:
        job.set(status="STARTED", progress=30)
    return jobs


def shows(jobs: list[SimulatedJob], how: str = "") -> str:
    """Return the source of a cell that shows a board of jobs."""
    return f"board = fw.JobBoard({[job.id for job in jobs]!r}, interval=0.5{how})\nboard"


@pytest.fixture
def notebook(open_notebook: OpenNotebook, sim: Simulator, jobs: list[SimulatedJob]) -> LabNotebook:
    """Return a notebook in JupyterLab that shows the board of `jobs`."""
    notebook = open_notebook(connecting(sim), shows(jobs), "import time; time.sleep(30)", "print(board.filter)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    Board(notebook.output(1)).says(f"0 of {COUNT} over")
    expect(Board(notebook.output(1)).chip(f"{COUNT} Running")).to_be_visible(timeout=20_000)
    return notebook


def test_board_follows_its_jobs_while_other_cells_run(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """Counts, rows and the first failure, which goes to the top."""
    board = Board(notebook.output(1))
    notebook.run(2)
    notebook.expect_busy(2)
    jobs[0].set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7")
    jobs[1].set(status="SUCCESS", progress=100)
    board.says(f"2 of {COUNT} over")
    expect(board.chip("1 Failed")).to_be_visible()
    expect(board.row("Upload 00")).to_contain_text("DataValidationError")
    until(lambda: board.names()[0] == "Upload 00", "the failure at the top")
    assert notebook.is_busy(2)
    notebook.interrupt()


def test_chips_and_search_filter_the_rows_and_survive_a_reload(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """What is excluded is not shown, Python knows the filter, and a page that comes back shows the same."""
    board = Board(notebook.output(1))
    for job in jobs[:3]:
        job.set(status="FAILURE", error_reason="DataValidationError")
    board.says(f"3 of {COUNT} over")
    board.chip("3 Failed").click()
    board.shows_only(3, COUNT)
    board.search('!"upload 01"')
    board.shows_only(2, COUNT)
    assert sorted(board.names()) == ["Upload 00", "Upload 02"]
    until(lambda: '!"upload 01"' in _printed(notebook, 3), "Python to know the filter")
    notebook.save()
    notebook.reload()
    board.shows_only(2, COUNT)
    expect(board.chip("3 Failed")).to_have_attribute("aria-pressed", "true")
    board.root.get_by_role("button", name="Show all").click()
    expect(board.root.get_by_text(f"{COUNT} jobs", exact=True)).to_be_visible()


def _printed(notebook: LabNotebook, cell: int) -> str:
    notebook.run_to_end(cell)
    return notebook.output(cell).inner_text()


def test_row_opens_into_the_whole_card(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """With its controls, which act on that job only."""
    board = Board(notebook.output(1))
    board.search('"upload 05"')
    board.shows_only(1, COUNT)
    board.details("Upload 05").click()
    card = Card(board.root)
    card.shows("Upload 05", "Running", "live")
    jobs[5].set(progress=64)
    card.is_at(64)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    jobs[5].set(progress=80)
    card.button("Resume").click()
    card.is_at(80)


def test_rows_do_not_move_under_the_pointer(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """They say that they have moved, and do so when they are asked to."""
    board = Board(notebook.output(1))
    first = board.names()
    board.row(first[3]).hover()
    jobs[0].set(status="FAILURE", error_reason="DataValidationError")
    board.says(f"1 of {COUNT} over")
    update = board.root.get_by_role("button", name="1 row moved · Update order")
    expect(update).to_be_visible(timeout=15_000)
    assert board.names()[:4] == first[:4]
    # On its way the pointer leaves the rows; then it stays for some frames, as a hand does.
    update.hover()
    update.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => done()), 200))")
    assert board.names()[:4] == first[:4]
    update.click()
    until(lambda: board.names()[0] == "Upload 00", "the failure at the top")


def test_clear_finished_can_be_undone(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """The finished rows go, and come back."""
    board = Board(notebook.output(1))
    for job in jobs[:4]:
        job.set(status="SUCCESS", progress=100)
    board.says(f"4 of {COUNT} over")
    board.root.get_by_role("button", name="Clear finished").click()
    board.says(f"0 of {COUNT - 4} over")
    board.root.get_by_role("button", name="Bring back 4").click()
    board.says(f"4 of {COUNT} over")


def test_saved_board_says_how_its_jobs_ended(notebook: LabNotebook, jobs: list[SimulatedJob]) -> None:
    """Failures first with their reasons, without a kernel and without the widget."""
    output = notebook.output(1)
    for job in jobs[1:]:
        job.set(status="SUCCESS", progress=100)
    jobs[0].set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7")
    notebook.expect_to_save(1, f"{COUNT} jobs: 1 failed, {COUNT - 1} succeeded", 60)
    notebook.save()
    notebook.discard()
    notebook.open()
    expect(output.get_by_text(f"{COUNT} jobs: 1 failed, {COUNT - 1} succeeded")).to_be_visible(timeout=30_000)
    expect(output.get_by_text("DataValidationError")).to_be_visible()
    expect(output.get_by_text("Error displaying widget")).to_have_count(0)


def test_messages_that_got_lost_heal(
    open_notebook: OpenNotebook, page: Page, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """The page notices by their numbers, and asks for all."""
    frames = Frames(page)
    notebook = open_notebook(connecting(sim), shows(jobs))
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    board = Board(notebook.output(1))
    expect(board.chip(f"{COUNT} Running")).to_be_visible(timeout=20_000)
    frames.lose()
    for job in jobs[:7]:
        job.set(status="SUCCESS", progress=100)
    begun = sim.clock()
    until(lambda: sim.clock() > begun + 3, "messages to get lost")
    board.says(f"0 of {COUNT} over")
    frames.restore()
    jobs[8].set(progress=50)
    board.says(f"7 of {COUNT} over", seconds=8)
    jobs[-1].set(progress=51)
    expect(board.row(jobs[-1].name)).to_contain_text("51 %", timeout=15_000)


def test_wait_of_a_board_blocks_with_live_rows(
    open_notebook: OpenNotebook, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """And raises with all that failed when the rest are over."""
    waits = "try:\n    board.wait()\nexcept fw.AsyncJobFailed as error:\n    print(len(error.failed), 'failed')"
    notebook = open_notebook(connecting(sim), shows(jobs[:5]), waits)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    notebook.run(2)
    notebook.expect_busy(2)
    board = Board(notebook.output(1))
    board.says("0 of 5 over")
    for job in jobs[:2]:
        job.set(status="FAILURE", error_reason="DataValidationError")
    board.says("2 of 5 over")
    assert notebook.is_busy(2)
    for job in jobs[2:5]:
        job.set(status="SUCCESS", progress=100)
    notebook.expect_done(2)
    expect(notebook.output(2)).to_contain_text("2 failed")


def test_board_lives_in_notebook_7(open_notebook7: OpenNotebook, sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """Its cell is done at once, and it follows the jobs."""
    notebook = open_notebook7(connecting(sim), shows(jobs))
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    board = Board(notebook.output(1))
    board.says(f"0 of {COUNT} over")
    jobs[0].set(status="SUCCESS", progress=100)
    board.says(f"1 of {COUNT} over")


def test_board_lives_on_a_page_of_voila(
    start_voila: StartVoila, page: Page, sim: Simulator, jobs: list[SimulatedJob], tmp_path: Path
) -> None:
    """The newest state when the page opens, and what changes after it."""
    ids = [job.id for job in jobs]
    cell = f"import fiddler_widgets as fw\nfw.init()\nfw.JobBoard({ids!r}, interval=0.5)"
    write_notebook(tmp_path / "page.ipynb", [cell])
    address = start_voila(tmp_path / "page.ipynb", {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token})
    page.goto(address)
    board = Board(page)
    board.says(f"0 of {COUNT} over", seconds=60)
    jobs[0].set(status="FAILURE", error_reason="DataValidationError")
    board.says(f"1 of {COUNT} over")
    board.details("Upload 00").click()
    Card(board.root).shows("Failed", "DataValidationError")
    assert sim.token not in page.content()


def test_board_lives_in_marimo(start_marimo: StartMarimo, page: Page, jobs: list[SimulatedJob]) -> None:
    """A board of the session."""
    page.goto(start_marimo(shows(jobs)))
    board = Board(page)
    board.says(f"0 of {COUNT} over", seconds=60)
    jobs[0].set(status="SUCCESS", progress=100)
    board.says(f"1 of {COUNT} over", seconds=30)


def test_ten_thousand_jobs_scroll_sort_and_search(
    open_notebook: OpenNotebook, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """With few elements on the page, whichever part of the rows is in view."""
    many = "ids = [f'{number:08d}-0000-4000-8000-000000000000' for number in range(10_000)]\n"
    notebook = open_notebook(connecting(sim), f"{many}board = fw.JobBoard([{jobs[0].id!r}, *ids])\nboard")
    notebook.run_to_end(0)
    notebook.run_to_end(1, 60)
    board = Board(notebook.output(1))
    expect(board.root.get_by_text("10,001 jobs", exact=True)).to_be_visible(timeout=30_000)
    elements: Any = board.root.evaluate("root => root.querySelectorAll('*').length")
    assert elements <= 800
    board.search('"upload 00"')
    board.shows_only(1, "10,001")
    expect(board.row("Upload 00")).to_be_visible()
    expect(notebook.output(1).locator(BOARD)).to_have_count(1)

"""Live cards on a page of Voilà, where every cell has run before the reader sees anything."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.boards import Board
from tests.e2e.cards import CARD, Card
from tests.e2e.lab import write_notebook
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import StartVoila

DASHBOARD = Path(__file__).parents[2] / "notebooks" / "dashboard.ipynb"
PAGE = """
import os

import ipywidgets

import fiddler_widgets as fw

fw.init()
verdict = ipywidgets.Label("nothing is over yet")
cards = [fw.JobWidget(id_, interval=0.3) for id_ in os.environ["FIDDLER_JOBS"].split(",")]


@cards[0].on_complete
def tell(card):
    verdict.value = f"{card.name} ended as {card.status}"


ipywidgets.VBox([*cards, verdict])
"""
# The contrast of an element's text with the first opaque background behind it, as WCAG 2 has it.
CONTRAST = """element => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = colour => rgba(colour).slice(0, 3)
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  let behind = element;
  while (behind && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const background = behind ? getComputedStyle(behind).backgroundColor : "white";
  const [darker, lighter] = [luminance(getComputedStyle(element).color), luminance(background)].sort((a, b) => a - b);
  return { ratio: (lighter + 0.05) / (darker + 0.05), background: luminance(background) };
}"""


@pytest.fixture
def jobs(sim: Simulator) -> list[SimulatedJob]:
    """Return three jobs that run until the test says otherwise."""
    jobs = [sim.add_job("linear", name=name) for name in ("Upload of churn", "Baseline of churn", "Ingestion of fraud")]
    for number, job in enumerate(jobs):
        job.set(status="STARTED", progress=10 * (number + 1))
    return jobs


def connection(sim: Simulator, jobs: list[SimulatedJob]) -> dict[str, str]:
    """Return the environment in which a dashboard finds the simulator and the jobs."""
    return {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token, "FIDDLER_JOBS": ",".join(job.id for job in jobs)}


@pytest.fixture
def voila_page(start_voila: StartVoila, sim: Simulator, jobs: list[SimulatedJob], tmp_path: Path) -> str:
    """Return the address of a page with the cards of `jobs`, and a label that tells how the first one ended."""
    notebook = tmp_path / "page.ipynb"
    write_notebook(notebook, [PAGE])
    return start_voila(notebook, connection(sim, jobs))


def test_cards_live_on_a_page_and_drive_other_widgets(
    voila_page: str, page: Page, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """Several cards follow their jobs, `on_complete` changes a label, and the buttons work."""
    page.goto(voila_page)
    for index, job in enumerate(jobs):
        Card(page, index).shows(job.name, "Running", "live")
        Card(page, index).is_at(10 * (index + 1))
        job.set(progress=50 + index)
        Card(page, index).is_at(50 + index)

    expect(page.get_by_text("nothing is over yet")).to_be_visible()
    jobs[0].set(status="SUCCESS", progress=100)
    expect(page.get_by_text("Upload of churn ended as SUCCESS")).to_be_visible()
    jobs[1].set(status="FAILURE", error_reason="DataValidationError")
    Card(page, 1).shows("Failed", "DataValidationError")

    third = Card(page, 2)
    third.button("Stop watching").click()
    third.shows("Stopped watching")
    jobs[2].set(progress=90)
    third.button("Resume").click()
    third.is_at(90)
    assert sim.token not in page.content()


def test_cards_are_dark_on_a_dark_page(voila_page: str, page: Page, jobs: list[SimulatedJob]) -> None:
    """With `?theme=dark` the cards stand on a dark ground, and every text on them has a contrast of 4.5 : 1."""
    jobs[1].set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    page.goto(f"{voila_page}/?theme=dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_be_attached()
    Card(page, 0).shows("Running", "live")
    Card(page, 1).shows("Failed", "row 7 has no balance")
    for text in ("Upload of churn", "Running", "live", "watching for", "Failed", "DataValidationError", "row 7 has no"):
        seen = page.locator(CARD).get_by_text(text).filter(visible=True).first.evaluate(CONTRAST)
        assert seen["background"] < 0.2, f"{text}: not on a dark ground"
        assert seen["ratio"] >= 4.5, f"{text}: contrast {seen['ratio']:.1f}"


def test_the_dashboard_counts_its_jobs(
    start_voila: StartVoila, page: Page, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """The dashboard of the notebooks folder shows a card for every job, counts them, and has them on a board."""
    page.goto(start_voila(DASHBOARD, connection(sim, jobs)))
    expect(page.get_by_role("heading", name="Fiddler jobs")).to_be_visible()
    expect(page.locator(CARD)).to_have_count(3)
    summary = page.locator(".summary")
    expect(summary).to_have_text("3 running")
    jobs[0].set(status="SUCCESS", progress=100)
    jobs[2].set(status="FAILURE", error_reason="DataValidationError")
    expect(summary).to_have_text("1 running1 succeeded1 failed", timeout=30_000)
    expect(page.get_by_text("Finished while you watched")).to_be_visible()
    expect(page.locator(".finished li")).to_have_count(2)
    board = Board(page)
    board.says("2 of 3 over")
    expect(board.row("Ingestion of fraud")).to_contain_text("DataValidationError")


def test_a_demonstrations_jobs_begin_again(
    start_voila: StartVoila, page: Page, sim: Simulator, jobs: list[SimulatedJob]
) -> None:
    """Where jobs begin again under the same id, as in the demonstration, each round gets a new card."""
    page.goto(start_voila(DASHBOARD, {**connection(sim, jobs), "FIDDLER_JOBS_BEGIN_AGAIN": "1"}))
    Card(page, 1).is_at(20)
    jobs[1].set(status="SUCCESS", progress=100)
    expect(page.locator(".summary")).to_have_text("2 running1 succeeded", timeout=30_000)
    jobs[1].set(status="STARTED", progress=5)
    Card(page, 1).is_at(5)
    expect(page.locator(".summary")).to_have_text("3 running")
    Board(page).says("0 of 3 over")
    expect(page.locator(CARD)).to_have_count(3)


def test_a_wait_warns_in_the_servers_log(start_voila: StartVoila, page: Page, sim: Simulator, tmp_path: Path) -> None:
    """Whoever runs the server reads that the page was late, for which job, and what to do; the page has none of it."""
    job = sim.add_job("linear", duration=1.0)
    notebook = tmp_path / "waiting.ipynb"
    write_notebook(
        notebook,
        ["import os, fiddler_widgets as fw\nfw.init()\nfw.Job.get(os.environ['FIDDLER_JOBS']).wait()\nprint('waited')"],
    )
    page.goto(start_voila(notebook, connection(sim, [job])))
    expect(page.get_by_text("waited")).to_be_visible()
    Card(page).shows("Succeeded")
    log = (tmp_path / "voila-waiting" / "server.log").read_text(encoding="utf-8")
    (warning,) = [line for line in log.splitlines() if "delays the whole page" in line]
    assert job.id in warning
    assert "on_complete" in warning
    assert sim.token not in log
    assert "delays the whole page" not in page.content()


@pytest.mark.parametrize("end", ["closed", "crashed"])
def test_a_page_that_is_gone_leaves_nothing_polling(
    end: str, start_voila: StartVoila, browser: Browser, sim: Simulator, jobs: list[SimulatedJob], tmp_path: Path
) -> None:
    """The kernel outlives its page, but asks for nothing any more: soon after a goodbye, and in time without one."""
    notebook = tmp_path / "page.ipynb"
    write_notebook(notebook, ["import fiddler_widgets; fiddler_widgets.configs.UNSEEN_TIMEOUT = 12", PAGE])
    url = start_voila(notebook, connection(sim, jobs))
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    for index in range(len(jobs)):
        Card(page, index).shows("live")
    if end == "closed":
        page.close()
    else:
        # A renderer that dies says nothing to anybody, not even to the one who asked for it.
        with contextlib.suppress(Error):
            page.goto("chrome://crash", timeout=5_000)

    def silence() -> float:
        return sim.clock() - max(request.at for job in jobs for request in sim.requests_for(job.id))

    until(lambda: silence() > 5, "the cards to stop asking", 60)
    context.close()

"""The card's controls and details, in every host: they work, or are not shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import Card
from tests.e2e.lab import connecting, write_notebook
from tests.e2e.settled import sizes

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook
    from tests.e2e.lab import LabNotebook

HOSTS = ("lab", "notebook7", "voila", "marimo")
EXTRAS = {
    "prepare": {"status": "SUCCESS"},
    "ingest": {"status": "FAILURE", "error_message": "Column 'balance' holds text in 1,204 rows"},
    "publish": {"status": "PENDING"},
}
RECORDING = """() => {
  globalThis.told = [];
  globalThis.Notification = class {
    static permission = "granted";
    constructor(title, options) { told.push([title, options.silent]); }
  };
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
}"""


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job with three subtasks that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn", extras=EXTRAS)
    job.set(status="STARTED", progress=20)
    return job


def settle(notebook: LabNotebook) -> None:
    """Wait until the first answer has had the card in cell 1 drawn anew, which takes the focus and the view from it."""
    notebook.expect_to_save(1, "STARTED")
    sizes(notebook.output(1), ".fw-card")


@pytest.fixture(params=HOSTS)
def card(request: pytest.FixtureRequest, sim: Simulator, job: SimulatedJob, tmp_path: Path) -> Card:
    """Return a live card of the job, shown by each host in turn; it asks once and then only when it is told to."""
    shown = f"fw.JobWidget({job.id!r}, interval=3600, verbose=True)"
    if request.param in ("lab", "notebook7"):
        opening = "open_notebook" if request.param == "lab" else "open_notebook7"
        notebook = request.getfixturevalue(opening)(connecting(sim), shown)
        notebook.run_to_end(0)
        notebook.run_to_end(1)
        settle(notebook)
        found = Card(notebook.output(1))
    elif request.param == "voila":
        path = tmp_path / "page.ipynb"
        write_notebook(path, [f"import fiddler_widgets as fw\nfw.init()\n{shown}"])
        page = request.getfixturevalue("page")
        connection = {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token}
        page.goto(request.getfixturevalue("start_voila")(path, connection))
        found = Card(page)
    else:
        page = request.getfixturevalue("page")
        page.goto(request.getfixturevalue("start_marimo")(shown))
        found = Card(page)
    found.is_at(20, seconds=60)
    return found


def test_each_control_does_what_it_says(card: Card, job: SimulatedJob) -> None:
    """Check now asks at once, Stop ends the watching, Resume begins it again."""
    job.set(progress=30)
    card.button("Check now").click()
    card.is_at(30)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    expect(card.button("Check now")).to_be_hidden()
    job.set(progress=40)
    card.button("Resume").click()
    card.is_at(40)
    expect(card.button("Check now")).to_be_visible()


def test_details_open_by_keyboard_and_tell_all(card: Card, job: SimulatedJob) -> None:
    """Enter opens them; the failed subtask stands first, the id can be copied, the timeline has its values."""
    card.shows("1 of 3 subtasks failed")
    card.button("Details").focus()
    card.root.page.keyboard.press("Enter")
    expect(card.root.get_by_role("listitem").first).to_contain_text("Column 'balance' holds text in 1,204 rows")
    card.shows(job.id)
    card.button("Copy job id").click()
    card.shows("Copied")
    timeline = card.root.get_by_role("slider", name=re.compile("Timeline of Ingestion"))
    timeline.focus()
    timeline.press("Home")
    expect(timeline).to_have_attribute(
        "aria-valuetext", re.compile(r"^0 s after the first look, at .*: running, 20 %$")
    )
    expect(timeline).to_be_focused()


def test_hidden_page_is_told_of_the_end(
    open_notebook: OpenNotebook, page: Page, sim: Simulator, job: SimulatedJob
) -> None:
    """With `notify=True`: a mark in the title and one silent notification, and nothing of it stays when it is seen."""
    shown = f"fw.JobWidget({job.id!r}, interval=0.3, notify=True)"
    notebook = open_notebook(connecting(sim), shown)
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    # A view that is drawn only when the job is over has seen no end.
    settle(notebook)
    page.evaluate(RECORDING)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")
    expect(page).to_have_title(re.compile("^✓ "))
    assert page.evaluate("told") == [["Succeeded: Ingestion of bank_churn", True]]
    # JupyterLab renews its title whenever it stores its layout, which may come at this moment too.
    page.evaluate("document.title = 'Renewed - JupyterLab'")
    expect(page).to_have_title(re.compile("^✓ "))
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).not_to_have_title(re.compile("✓"))

"""Jobs that a cell starts, on the pages of real hosts: nobody waits for them, and they are on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from fiddler_widgets.simulator import Scenario
from tests.e2e.cards import CARD, Card
from tests.e2e.lab import TOKEN_FILE, write_notebook
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook, StartVoila
    from tests.e2e.lab import LabNotebook

MODEL = """\
model = fdl.Model.from_name("bank_churn", project_id=fdl.Project.from_name("bank_churn").id)
df = pd.DataFrame({"CreditScore": [619, 608, 502]})
def publish(name):
    return model.publish(source=df, environment=fdl.EnvType.PRE_PRODUCTION, dataset_name=name)"""


@pytest.fixture(params=["open_notebook", "open_notebook7"], ids=["JupyterLab", "Notebook 7"])
def start(request: pytest.FixtureRequest, sim: Simulator) -> Any:
    """Return a function that runs a cell which starts so many jobs; it returns the notebook and the jobs."""
    open_notebook: OpenNotebook = request.getfixturevalue(request.param)

    def run(cell: str, count: int) -> tuple[LabNotebook, list[SimulatedJob]]:
        sim.publishing.scenario = Scenario.linear(600.0, 0.0)
        token = f"open({TOKEN_FILE!r}).read()"
        connect = f"import fiddler as fdl\nimport pandas as pd\nfdl.init(url={sim.url!r}, token={token})"
        notebook = open_notebook(f"%load_ext fiddler_widgets\n{connect}\n{MODEL}", cell, "6 * 7")
        notebook.run_to_end(0, seconds=60)
        notebook.run_to_end(1, seconds=60)
        until(lambda: len(sim.jobs) == count, "the jobs")
        for job in sim.jobs:
            job.set(status="STARTED", progress=40)
        return notebook, list(sim.jobs)

    return run


def test_job_that_nobody_waits_for_is_live_below_its_cell(start: Any) -> None:
    """Its id is printed and the wait is commented out, as people have it."""
    notebook, (job,) = start('job = publish("baseline")\nprint(job.id)\n# job.wait()', 1)
    card = Card(notebook.output(1))
    card.is_at(40, seconds=30)
    expect(notebook.output(1).locator(CARD)).to_have_count(1)
    notebook.run_to_end(2)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded", seconds=30)
    notebook.expect_to_save(1, "SUCCESS")
    expect(notebook.output(1).locator(".fw-static")).to_have_count(1)


def test_several_jobs_are_a_board(start: Any) -> None:
    """Each has its row in one output; at the end a list without a kernel takes the board's place."""
    notebook, jobs = start('for name in ("one", "two", "three"):\n    print(publish(name).id)', 3)
    output = notebook.output(1)
    rows = output.locator(".fw-board-row")
    expect(rows.filter(has_text="Running")).to_have_count(3, timeout=30_000)
    expect(rows.filter(has_text="40 %")).to_have_count(3, timeout=30_000)
    jobs[0].set(status="FAILURE", progress=40, error_reason="DataValidationError", error_message="row 7")
    expect(rows.filter(has_text="Failed")).to_have_count(1, timeout=30_000)
    for job in jobs[1:]:
        job.set(status="SUCCESS", progress=100)
    expect(output.get_by_text("3 jobs: 1 failed, 2 succeeded")).to_be_visible(timeout=30_000)
    notebook.expect_to_save(1, "3 jobs: 1 failed, 2 succeeded")
    expect(output.locator(".fw-job-list")).to_contain_text("DataValidationError")


def test_dashboard_shows_no_job_that_it_was_not_asked_for(
    start_voila: StartVoila, page: Page, sim: Simulator, tmp_path: Path
) -> None:
    """A page of Voilà is its author's: jobs are shown from `%fiddler_jobs on` on."""
    sim.publishing.scenario = Scenario.linear(600.0, 0.0)
    connect = 'import os\nimport fiddler as fdl\nimport pandas as pd\nfdl.init(url=os.environ["FIDDLER_URL"], '
    connect += 'token=os.environ["FIDDLER_TOKEN"])'
    cells = [f"%load_ext fiddler_widgets\n{connect}\n{MODEL}", 'publish("unasked"); print("the first is published")']
    cells += ["%fiddler_jobs on", 'publish("asked"); print("the second is published")']
    write_notebook(tmp_path / "page.ipynb", cells)
    page.goto(start_voila(tmp_path / "page.ipynb", {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token}))
    expect(page.get_by_text("the second is published")).to_be_visible(timeout=60_000)
    assert len(sim.jobs) == 2
    sim.jobs[1].set(status="STARTED", progress=40)
    Card(page).is_at(40, seconds=30)
    expect(page.locator(CARD)).to_have_count(1)

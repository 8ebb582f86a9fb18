"""The official client's quickstart in a real JupyterLab: published, watched live, saved, and found again later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from fiddler_widgets.simulator import Scenario
from tests.e2e.cards import CARD, Card
from tests.e2e.lab import TOKEN_FILE
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook
    from tests.e2e.lab import LabNotebook

NO_MODEL = "Error displaying widget"
PUBLISH = """\
project = fdl.Project.from_name("bank_churn")
model = fdl.Model.from_name("bank_churn", project_id=project.id)
df = pd.DataFrame({"CreditScore": [619, 608, 502], "Churned": [1, 0, 1]})
job = model.publish(source=df, environment=fdl.EnvType.PRE_PRODUCTION, dataset_name="baseline")"""
WAIT = """\
job.wait(interval=20)
if job.status == 'SUCCESS':
    print("published")"""
PUBLISH_CELL, WAIT_CELL, NEXT_CELL = 2, 3, 4
NEXT_POLL = 60
"""Seconds in which a poll surely happened: the quickstart pauses 20 s between polls, on a machine that may be busy."""


def published(open_notebook: OpenNotebook, sim: Simulator) -> tuple[LabNotebook, SimulatedJob]:
    """Open the quickstart and run all of it; return once its job is there, with the job standing at 40 %."""
    sim.publishing.scenario = Scenario.linear(600.0, 0.0)
    notebook = open_notebook(
        "%load_ext fiddler_widgets",
        f"import fiddler as fdl\nimport pandas as pd\nfdl.init(url={sim.url!r}, token=open({TOKEN_FILE!r}).read())",
        PUBLISH,
        WAIT,
        "6 * 7",
    )
    notebook.run_all()
    until(lambda: bool(sim.jobs), "the publication", seconds=60)
    (job,) = sim.jobs
    job.set(status="STARTED", progress=40)
    return notebook, job


@pytest.mark.parametrize(
    ("status", "progress", "shown", "printed"),
    [
        ("SUCCESS", 100, ("Succeeded", "100 %"), "published"),
        ("FAILURE", 70, ("Failed", "70 %", "DataValidationError", "row 7 has no balance"), "AsyncJobFailed"),
    ],
)
def test_the_quickstarts_card_is_live_and_stays_without_a_kernel(
    open_notebook: OpenNotebook, sim: Simulator, status: str, progress: int, shown: tuple[str, ...], printed: str
) -> None:
    """Publish, wait, look how it ended: a live card below the cell that publishes, and later the final one."""
    notebook, job = published(open_notebook, sim)
    card = Card(notebook.output(PUBLISH_CELL))
    card.shows("Upload dataset baseline", "Running", seconds=NEXT_POLL)
    card.is_at(40, seconds=NEXT_POLL)
    notebook.expect_busy(WAIT_CELL)
    expect(notebook.output(PUBLISH_CELL).locator(".fw-card")).to_be_visible()
    expect(notebook.output(WAIT_CELL).locator(CARD)).to_have_count(0)
    job.set(progress=60)
    card.is_at(60, seconds=NEXT_POLL)

    failed = status == "FAILURE"
    reason, message = ("DataValidationError", "row 7 has no balance") if failed else (None, None)
    job.set(status=status, progress=progress, error_reason=reason, error_message=message)
    card.shows(*shown, seconds=NEXT_POLL)
    notebook.expect_done(WAIT_CELL)
    expect(notebook.output(WAIT_CELL)).to_contain_text(printed)
    # What comes after the wait runs after a success alone.
    expect(notebook.output(NEXT_CELL)).to_have_text("" if failed else re.compile("42"))
    # It takes the widget's place after the widget has shown the end, and from another thread than the cell's.
    expect(notebook.output(PUBLISH_CELL).locator(".fw-static")).to_have_count(1)
    notebook.save()

    notebook.discard()
    notebook.open()
    card.shows("Upload dataset baseline", *shown)
    expect(notebook.output(WAIT_CELL)).to_contain_text(printed)
    expect(notebook.output(PUBLISH_CELL).locator(".fw-static")).to_have_count(1)
    expect(notebook.output(PUBLISH_CELL).get_by_text(NO_MODEL)).to_have_count(0)

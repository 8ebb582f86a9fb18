"""What reaches the reader's machine: never the token, and nothing that a server says is ever more than text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from fiddler_widgets.simulator import Simulator
from tests.e2e.cards import Card
from tests.e2e.lab import write_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, WebSocket

    from fiddler_widgets.simulator import SimulatedJob
    from tests.e2e.conftest import Lab, OpenNotebook, StartVoila

CANARY = "canary-4f1d0c9e7b"
HOSTILE = (
    '<img src=x onerror="window.pwned = 1"><script>window.pwned = 2</script><i class="planted">i</i>'
    '<a href="javascript:window.pwned = 3" class="planted">a</a>'
)
CELL = """
import os

import fiddler_widgets as fw

fw.init()
card = fw.JobWidget(os.environ["FIDDLER_JOBS"], interval=0.3, verbose=True)
card
"""


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator whose token is the canary."""
    with Simulator(token=CANARY) as simulator:
        yield simulator


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


@pytest.fixture
def frames(page: Page) -> list[str]:
    """Every frame that comes to the page through a websocket, from here on, as text."""
    received: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda payload: received.append(payload if isinstance(payload, str) else payload.decode("latin-1")),
        )

    page.on("websocket", listen)
    return received


def connection(sim: Simulator, job: SimulatedJob) -> dict[str, str]:
    """Return the environment in which a notebook finds the simulator and the job."""
    return {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token, "FIDDLER_JOBS": job.id}


def from_environment(lab: Lab, sim: Simulator, job: SimulatedJob) -> str:
    """Return a cell that fills the kernel's environment from a file, as a launcher would, and is silent about it."""
    path = lab.files / "environment.txt"
    path.write_text("\n".join(f"{key}={value}" for key, value in connection(sim, job).items()), encoding="utf-8")
    return f"import os\nos.environ.update(line.split('=', 1) for line in open({path.name!r}).read().split('\\n'))"


def assert_only_text(page: Page, job: SimulatedJob) -> None:
    """The hostile text stands on the page as text; it made no element, and ran nothing."""
    assert job.answer()["name"] == HOSTILE
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    expect(page.locator(".planted")).to_have_count(0)
    expect(page.locator("img[src='x']")).to_have_count(0)
    assert page.evaluate("() => window.pwned") is None


def test_token_is_in_no_lab_page_frame_or_saved_notebook(
    open_notebook: OpenNotebook, lab: Lab, page: Page, frames: list[str], sim: Simulator, job: SimulatedJob
) -> None:
    """Through a life with an outage, a refusal and a failure, Lab is sent the card, and never the token."""
    notebook = open_notebook(
        from_environment(lab, sim, job),
        CELL,
        "job = fw.Job.get(card.job_id); print(repr(job), card, vars(job), card.get_state()); job",
        "card.wait(timeout=0.5)",
        "import logging; logging.basicConfig(level=logging.DEBUG); fw.Job.get('no-such-job')",
    )
    for index in range(5):
        notebook.run_to_end(index)
    Card(notebook.output(1)).is_at(20)
    sim.pause()
    Card(notebook.output(1)).shows("Reconnecting")
    sim.resume()
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7")
    Card(notebook.output(1)).shows("Failed", seconds=40)
    notebook.save()
    saved = notebook.path.read_text(encoding="utf-8")
    assert "no-such-job" in saved
    assert any("DataValidationError" in frame for frame in frames)
    where = {"notebook": saved, "page": page.content(), "frames": "\n".join(frames)}
    assert [name for name, text in where.items() if CANARY in text] == []


def test_token_is_in_no_voila_page_or_frame(
    start_voila: StartVoila, page: Page, frames: list[str], tmp_path: Path, sim: Simulator, job: SimulatedJob
) -> None:
    """A dashboard's reader is sent cards, and never the token that the server holds."""
    path = tmp_path / "page.ipynb"
    write_notebook(path, [CELL, "print(repr(card), card.get_state())"])
    response = page.goto(start_voila(path, connection(sim, job)))
    assert response is not None
    Card(page).is_at(20)
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7")
    Card(page).shows("Failed")
    assert any("DataValidationError" in frame for frame in frames)
    where = {"source": response.text(), "page": page.content(), "frames": "\n".join(frames)}
    assert [name for name, text in where.items() if CANARY in text] == []


def test_hostile_text_is_text_in_lab(
    open_notebook: OpenNotebook, lab: Lab, page: Page, sim: Simulator, job: SimulatedJob
) -> None:
    """Markup in a job's name, reason, message, info and subtasks makes no element and runs nothing."""
    resource = {"id": HOSTILE, "name": HOSTILE}
    extras = {HOSTILE: {"status": "FAILURE", "result": None, "error_message": HOSTILE}}
    info = {
        "resource_type": HOSTILE,
        "resource_name": HOSTILE,
        "project_name": HOSTILE,
        "model": resource,
        "x": HOSTILE,
    }
    fields = {"name": HOSTILE, "error_reason": HOSTILE, "error_message": HOSTILE, "info": info, "extras": extras}
    job.set(status="FAILURE", **fields)
    notebook = open_notebook(from_environment(lab, sim, job), CELL, "card.job", "card.wait()")
    for index in range(4):
        notebook.run_to_end(index)
    Card(notebook.output(1)).shows("Failed")
    # The job is over: every card gives way to a static one, whose details stay open once they are.
    expect(page.locator(".fw-card")).to_have_count(0)
    summaries = page.locator(".fw-static > details > summary")
    expect(summaries.first).to_be_visible()
    for summary in summaries.all():
        summary.click()
    assert_only_text(page, job)
    notebook.save()
    notebook.reload()
    expect(page.locator(".planted")).to_have_count(0)
    assert page.evaluate("() => window.pwned") is None


def test_hostile_text_is_text_in_voila(
    start_voila: StartVoila, page: Page, tmp_path: Path, sim: Simulator, job: SimulatedJob
) -> None:
    """On a dashboard too, before and after the page has come alive."""
    path = tmp_path / "page.ipynb"
    write_notebook(path, [CELL])
    job.set(name=HOSTILE)
    page.goto(start_voila(path, connection(sim, job)))
    Card(page).is_at(20)
    job.set(status="FAILURE", error_reason=HOSTILE, error_message=HOSTILE)
    Card(page).shows("Failed")
    assert_only_text(page, job)

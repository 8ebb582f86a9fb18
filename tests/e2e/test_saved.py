"""What is found by whoever opens a saved notebook later, in real hosts."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import expect

from fiddler_widgets.widget.output_type import OUTPUT_TYPE
from tests.e2e.cards import Card
from tests.e2e.lab import connecting
from tests.e2e.settled import sizes
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook
    from tests.e2e.lab import LabNotebook

INTERVAL = 0.3
WIDGET = "application/vnd.jupyter.widget-view+json"
NO_MODEL = "Error displaying widget"


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def saved(notebook: LabNotebook, cell: int) -> list[Any]:
    """Save, and return the bundles in a cell's outputs."""
    notebook.save()
    content = read(notebook.path)
    return [output["data"] for output in content["cells"][cell]["outputs"] if "data" in output]


def read(path: Path) -> Any:
    """Read a notebook that is being written, once it is whole."""
    whole: list[Any] = []

    def is_whole() -> bool:
        with contextlib.suppress(ValueError, nbformat.reader.NotJSONError):
            whole.append(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
        return bool(whole)

    until(is_whole, "a notebook that can be read")
    return whole[0]


def test_the_final_card_is_there_without_its_kernel(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Run, saved, its kernel gone, opened again: status, times, error and details, and no broken widget."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})", "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7 has no balance")
    card.shows("Failed", "ended by")
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == {"text/plain", "text/html"}

    notebook.discard()
    notebook.open()
    card.shows("Ingestion of bank_churn", "Failed", "70 %", "DataValidationError", "row 7 has no balance")
    card.lacks(job.id)
    card.root.get_by_text("Details").click()
    card.shows(job.id)
    expect(notebook.output(1).get_by_text(NO_MODEL)).to_have_count(0)


def test_the_static_card_is_as_high_as_the_live_one(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """But for its line of details, the page does not jump when the job ends."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    output = notebook.output(1)
    Card(output).is_at(20)
    (live,) = sizes(output, ".fw-card")
    job.set(status="SUCCESS", progress=100)
    expect(output.locator(".fw-static")).to_be_visible()
    static, details = sizes(output, ".fw-static", ".fw-static details")
    assert static.width == pytest.approx(live.width, abs=2)
    assert static.height - details.height == pytest.approx(live.height, abs=6)


def test_a_change_of_status_is_saved_and_open_details_stay_open(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """The saved text follows from PENDING to STARTED, as of when; the reader's card is drawn anew and goes on."""
    job.set(status="PENDING", progress=0)
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.shows("Queued")
    notebook.expect_to_save(1, "PENDING")
    assert "PENDING" in saved(notebook, 1)[0]["text/plain"]
    card.button("Details").click()
    card.shows(job.id)
    job.set(status="STARTED", progress=30)
    card.is_at(30)
    card.shows(job.id)
    notebook.expect_to_save(1, "STARTED")
    (bundle,) = saved(notebook, 1)
    assert bundle.keys() == {WIDGET, OUTPUT_TYPE, "text/plain", "text/html"}
    assert "STARTED" in bundle["text/plain"]
    assert "as of 20" in bundle["text/html"]
    job.set(progress=50)
    card.is_at(50)


def test_a_card_within_a_layout_stays_live(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """It has no output of its own: the box stays, and so does the card in it."""
    notebook = open_notebook(
        connecting(sim), f"import ipywidgets\nipywidgets.VBox([fw.JobWidget({job.id!r}, interval={INTERVAL})])"
    )
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")
    expect(notebook.output(1).locator(".fw-card")).to_be_visible()
    assert WIDGET in saved(notebook, 1)[0]


def test_freezing_can_be_switched_off(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> None:
    """With `freeze=False` the widget stays to the end and after it."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL}, freeze=False)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.is_at(20)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")
    expect(notebook.output(1).locator(".fw-card")).to_be_visible()
    assert WIDGET in saved(notebook, 1)[0]


def test_nbconvert_shows_it_offline(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob, page: Page, tmp_path: Path
) -> None:
    """As a page of HTML: the final card in full, one that was not over as of when; our part asks for nothing."""
    other = sim.add_job("linear", name="Still going")
    other.set(status="STARTED", progress=35)
    notebook = open_notebook(
        connecting(sim),
        f"fw.JobWidget({job.id!r}, interval={INTERVAL})",
        f"fw.JobWidget({other.id!r}, interval={INTERVAL})",
    )
    for index in range(3):
        notebook.run_to_end(index)
    for index in (1, 2):
        Card(notebook.output(index)).shows("Running")
    job.set(status="SUCCESS", progress=100)
    Card(notebook.output(1)).shows("Succeeded")
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    until(lambda: "as of" in saved(notebook, 2)[0]["text/html"], "the first answer in the output")

    exporter: Any = HTMLExporter()  # type: ignore[no-untyped-call]
    html, _ = exporter.from_notebook_node(read(notebook.path))
    path = tmp_path / "saved.html"
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    Card(page, 0).shows("Ingestion of bank_churn", "Succeeded", "100 %", "ended by")
    Card(page, 1).shows("Still going", "Running", "as of", "Not over when this was saved")
    for index in range(2):
        source = page.locator(".fw-static").nth(index).evaluate("node => node.outerHTML")
        assert "src=" not in source
        assert "href=" not in source


def failed(open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob) -> LabNotebook:
    """Return a saved notebook whose cell 1 holds the static card of a job that was watched and failed."""
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval={INTERVAL})", "6 * 7")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    for progress in (20, 40, 60):
        job.set(progress=progress)
        card.is_at(progress)
    # Below a second there is no timeline to draw.
    sim.wait_for_requests(len(sim.requests_for(job.id)) + 5, job.id, timeout=15)
    job.set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message=MESSAGE)
    card.shows("Failed", "ended by")
    expect(notebook.output(1).locator(".fw-static")).to_be_visible()
    notebook.save()
    return notebook


MESSAGE = "row 7 has no balance"
SELECTION = "() => window.getSelection().toString()"


def test_the_static_cards_text_can_be_selected_and_its_timeline_is_drawn(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """By the mouse, as any text on the page; the drawing has a size, a name, and strokes in colour."""
    notebook = failed(open_notebook, sim, job)
    static = notebook.output(1).locator(".fw-static")
    static.get_by_text(MESSAGE).first.click(click_count=3)
    assert notebook.page.evaluate(SELECTION).strip() == MESSAGE
    drawing = static.locator("svg.fw-timeline")
    expect(drawing).to_be_hidden()
    static.get_by_text("Details").click()
    static.locator("dd").first.click(click_count=3)
    assert notebook.page.evaluate(SELECTION).strip() == job.id
    expect(drawing).to_be_visible()
    expect(drawing).to_have_attribute("aria-label", re.compile("^Timeline: running"))
    box = drawing.bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert box["height"] > 10
    strokes = drawing.locator("path").evaluate_all("paths => paths.map(path => getComputedStyle(path).stroke)")
    assert strokes
    assert "none" not in strokes


def test_a_notebook_that_is_not_trusted_shows_the_card_in_words(
    open_notebook: OpenNotebook, sim: Simulator, job: SimulatedJob
) -> None:
    """Received from somebody else, JupyterLab takes its style sheet away: what is left reads well, details included."""
    notebook = failed(open_notebook, sim, job)
    notebook.discard()
    received = notebook.path.with_name(f"received_{notebook.path.name}")
    content = read(notebook.path)
    # What was signed on this machine is known by what it holds.
    content["cells"][2]["source"] = "6 * 8"
    nbformat.write(content, received)  # type: ignore[no-untyped-call]
    notebook.path = received
    notebook.open()
    assert not notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.trusted")
    output = notebook.output(1)
    card = Card(output)
    card.shows("Ingestion of bank_churn", "Failed", "70 %", "DataValidationError", MESSAGE, re.compile("ended by 20"))
    expect(output.locator("style")).to_have_count(0)
    card.lacks(job.id)
    output.get_by_text("Details").click()
    # The drawing is taken away, too; what it shows is told beside it.
    card.shows(job.id, "Last seen", re.compile("UTC: running"))

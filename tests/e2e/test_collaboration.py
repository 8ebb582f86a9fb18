"""Several readers have one notebook open (jupyter-collaboration): each sees the job, and any may save its end."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.conftest import Lab, opening
from tests.e2e.lab import LabNotebook, connecting
from tests.e2e.servers import lab_server
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, WebSocketRoute

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook

    class NewReader(Protocol):
        """Opens a notebook on another machine."""

        def __call__(self, first: LabNotebook, prepare: Callable[[Page], object] = ...) -> LabNotebook:
            """Return it open; `prepare` is called with its page before that."""


PACKAGES = Path(sys.prefix) / "collaboration"
STATIC = {"text/plain", "text/html"}

COUNT_OUTPUTS = """() => {
    const { outputs } = window.jupyterapp.shell.currentWidget.content.model.cells.get(1);
    outputs.changed.connect(() => { window.mostOutputs = Math.max(window.mostOutputs ?? 0, outputs.length); });
}"""
"""Keeps the highest number of outputs that the second cell has had."""


@pytest.fixture(scope="module")
def shared_lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return a JupyterLab whose notebooks are shared documents."""
    del browser
    assert PACKAGES.is_dir(), "make .venv/collaboration/.installed"
    with lab_server(tmp_path_factory.mktemp("shared_lab"), beside=PACKAGES) as (url, files):
        yield Lab(url, files)


@pytest.fixture
def open_shared(shared_lab: Lab, page: Page, sim: Simulator, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Return a function that opens a notebook of the given cells there; its kernel ends with the test."""
    with opening(LabNotebook, shared_lab, page, sim, request.node.name) as open_one:
        yield open_one


@pytest.fixture
def new_reader(browser: Browser) -> Iterator[NewReader]:
    """Return a function that opens a notebook on another machine: nothing is shared with the first but the server."""
    with ExitStack() as profiles:

        def open_too(first: LabNotebook, prepare: Callable[[Page], object] = lambda _page: None) -> LabNotebook:
            page = profiles.enter_context(browser.new_context()).new_page()
            prepare(page)
            return LabNotebook(page, first.server, first.path)

        yield open_too


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def outputs_in_file(path: Path, index: int) -> list[set[str]]:
    """Return the formats of each output of a cell that the server has saved; nothing while it writes."""
    try:
        cell = json.loads(path.read_text(encoding="utf-8"))["cells"][index]
    except json.JSONDecodeError:
        return []
    return [set(output.get("data", {})) for output in cell["outputs"]]


class SlowLine:
    """A page's line to the document that it shares with others: what either side says may come late, but does come.

    Args:
        page: Before it has opened a notebook.
    """

    def __init__(self, page: Page) -> None:
        self._held: list[tuple[Callable[[str | bytes], None], str | bytes]] | None = None
        page.route_web_socket("**/api/collaboration/room/**", self._connect)

    def hold(self) -> None:
        """Keep back all that is said from now on."""
        self._held = []

    def release(self) -> None:
        """Let what was kept back arrive, in order, and all after it."""
        held, self._held = self._held or [], None
        for send, message in held:
            send(message)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def passing(send: Callable[[str | bytes], None]) -> Callable[[str | bytes], None]:
            def take(message: str | bytes) -> None:
                if self._held is None:
                    send(message)
                else:
                    self._held.append((send, message))

            return take

        server.on_message(passing(route.send))
        route.on_message(passing(server.send))


def test_end_is_saved_by_readers_who_did_not_run_the_cell(
    open_shared: OpenNotebook, new_reader: NewReader, sim: Simulator, job: SimulatedJob
) -> None:
    """One runs the cell and leaves, the job ends, two others see the end; the file holds the static card, once."""
    first = open_shared(connecting(sim), f"fw.JobWidget({job.id!r}, interval=0.3)")
    assert first.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.collaborative")
    first.run_to_end(0)
    first.run_to_end(1)
    Card(first.output(1)).is_at(20)
    others = [new_reader(first), new_reader(first)]
    for each in others:
        Card(each.output(1)).is_at(20)
    first.page.goto("about:blank")
    job.set(status="SUCCESS", progress=100)
    for each in others:
        Card(each.output(1)).shows("Succeeded", "100 %")
        expect(each.output(1).locator(".fw-static")).to_have_count(1)
    # By then each page that would write has done so.
    elapsed = sim.clock() + 6
    until(lambda: sim.clock() > elapsed, "the turns of all pages", 10)
    for each in others:
        expect(each.output(1).locator(CARD)).to_have_count(1)
    until(lambda: outputs_in_file(first.path, 1) == [STATIC], "the end to be in the file", 20)


def test_readers_who_hear_of_each_other_late_save_the_end_once(
    open_shared: OpenNotebook, new_reader: NewReader, sim: Simulator, job: SimulatedJob
) -> None:
    """Two write the end before either hears of the other; when they do, one of the two cards goes, everywhere."""
    first = open_shared(connecting(sim), f"fw.JobWidget({job.id!r}, interval=0.3)")
    first.run_to_end(0)
    first.run_to_end(1)
    lines: list[SlowLine] = []
    second = new_reader(first)
    third = new_reader(first, lambda page: lines.append(SlowLine(page)))
    for each in (first, second, third):
        Card(each.output(1)).is_at(20)
    for each in (second, third):
        each.page.evaluate(COUNT_OUTPUTS)
    first.page.goto("about:blank")
    (line,) = lines
    line.hold()
    job.set(status="SUCCESS", progress=100)
    for each in (second, third):
        expect(each.output(1).locator(".fw-static")).to_have_count(1)
    # Each has one by now, though nothing has come to the third: it has written its own.
    line.release()
    for each in (second, third):
        each.page.wait_for_function("() => window.mostOutputs === 2")
        expect(each.output(1).locator(".fw-static")).to_have_count(1)
        Card(each.output(1)).shows("Succeeded", "100 %")
    until(lambda: outputs_in_file(first.path, 1) == [STATIC], "the end to be in the file, once", 20)


def test_reader_who_looks_on_sees_each_change_of_status(
    open_shared: OpenNotebook, new_reader: NewReader, sim: Simulator, job: SimulatedJob
) -> None:
    """JupyterLab does not trust what another reader ran, so it shows the static card; that one is kept up to date."""
    job.set(status="PENDING", progress=0)
    first = open_shared(connecting(sim), f"fw.Job.get({job.id!r}).wait(interval=0.3)")
    first.run_to_end(0)
    second = new_reader(first)
    first.run(1)
    Card(first.output(1)).shows("Queued")
    Card(second.output(1)).shows("Last seen: queued")
    job.set(status="STARTED", progress=60)
    Card(first.output(1)).is_at(60)
    Card(second.output(1)).shows("Last seen: running", "60 %")
    job.set(status="SUCCESS", progress=100)
    for each in (first, second):
        expect(each.output(1).locator(".fw-static")).to_be_visible()
        Card(each.output(1)).shows("Succeeded", "100 %")
        expect(each.output(1).locator(CARD).filter(visible=True)).to_have_count(1)
    until(lambda: outputs_in_file(first.path, 1) == [STATIC], "the end to be in the file", 20)

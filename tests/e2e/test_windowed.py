"""Cells that are far from view, which JupyterLab does not draw: their cards tell of the end all the same."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.lab import KERNEL_IS_CONNECTED, connecting
from tests.e2e.test_card_in_depth import RECORDING
from tests.e2e.test_lab_extension import INTERVAL, STATIC, finish, job, reload
from tests.e2e.test_saved import saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import Lab, OpenNotebook

__all__ = ["job"]

LONG = ["\n".join("pass" for _ in range(40))] * 30
SCROLL_TO = "index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index)"
SELECT = "index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"


@pytest.fixture
def windowed(lab: Lab) -> Iterator[None]:
    """Have JupyterLab put only those cells on the page that are in view, as it does by default before 4.5."""
    address = f"{lab.url}/lab/api/settings/@jupyterlab/notebook-extension:tracker"

    def put(settings: str) -> None:
        body = json.dumps({"raw": settings}).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method="PUT")
        urllib.request.urlopen(request, timeout=15).close()

    put('{"windowingMode": "full"}')
    yield
    put("{}")


@pytest.mark.parametrize("where", ["below", "above"])
def test_card_far_from_view_on_a_reloaded_page_tells_of_the_end(
    windowed: None, open_notebook: OpenNotebook, page: Page, sim: Simulator, job: SimulatedJob, where: str
) -> None:
    """Its cell is not drawn: the watching goes on; title and one notification tell of the end, which is saved."""
    del windowed
    above = where == "above"
    card = f"fw.JobWidget({job.id!r}, interval={INTERVAL}, notify=True)"
    notebook = open_notebook(connecting(sim), *([card, *LONG] if above else [*LONG, card]))
    place, elsewhere = (1, len(LONG) + 1) if above else (len(LONG) + 1, 0)
    notebook.run_to_end(0)
    page.evaluate(SELECT, place)
    page.evaluate(SCROLL_TO, place)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    Card(page).is_at(20)
    notebook.expect_to_save(place, "STARTED")
    page.evaluate(SCROLL_TO, elsewhere)
    reload(notebook)
    page.wait_for_function(KERNEL_IS_CONNECTED)
    page.evaluate(SELECT, elsewhere)
    page.evaluate(SCROLL_TO, elsewhere)
    expect(page.locator(CARD).filter(visible=True)).to_have_count(0)
    # Longer than a card is watched that no page shows.
    sim.wait_for_requests(len(sim.requests_for(job.id)) + 50, job.id, timeout=40)
    page.evaluate(RECORDING)
    finish(job)
    expect(page).to_have_title(re.compile("^✓ "))
    assert page.evaluate("told") == [["Succeeded: Ingestion of bank_churn", True]]
    notebook.expect_to_save(place, "SUCCESS")
    (bundle,) = saved(notebook, place)
    assert bundle.keys() == STATIC

"""The same on a page of Voilà."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.e2e.cards import Card
from tests.e2e.lab import write_notebook
from tests.e2e.relay import Relay
from tests.e2e.silences import Frames, outlive_a_silence, outlive_losses, queued_job

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import StartVoila

pytestmark = pytest.mark.long


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that is queued until the test says otherwise."""
    return queued_job(sim)


@pytest.fixture
def voila_page(start_voila: StartVoila, job: SimulatedJob, sim: Simulator, tmp_path: Path) -> str:
    """Return the address of a page with the card of `job`."""
    notebook = tmp_path / "page.ipynb"
    cell = "import os, fiddler_widgets as fw\nfw.init()\nfw.JobWidget(os.environ['FIDDLER_JOB'], interval=0.5)"
    write_notebook(notebook, [cell])
    return start_voila(notebook, {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token, "FIDDLER_JOB": job.id})


def test_end_that_came_in_a_silence_is_shown_in_voila(
    voila_page: str, page: Page, job: SimulatedJob, sim: Simulator
) -> None:
    """Likewise."""
    with contextlib.closing(Relay(voila_page)) as relay:
        page.goto(relay.url)
        card = Card(page)
        card.shows("Queued", "live")
        outlive_a_silence(relay, card, job, sim)


def test_end_that_was_lost_on_an_open_connection_is_shown_in_voila(
    voila_page: str, page: Page, job: SimulatedJob
) -> None:
    """Likewise."""
    frames = Frames(page)
    page.goto(voila_page)
    card = Card(page)
    card.shows("Queued", "live")
    outlive_losses(frames, card, job)

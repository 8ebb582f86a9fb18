"""Connections that die without a word while a job comes to its end, and what JupyterLab shows when they are back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.cards import Card
from tests.e2e.lab import connecting
from tests.e2e.silences import Frames, outlive_a_silence, outlive_losses, queued_job

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import OpenNotebook
    from tests.e2e.relay import Relay

pytestmark = pytest.mark.long


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that is queued until the test says otherwise."""
    return queued_job(sim)


def test_end_that_came_in_a_silence_is_shown_in_jupyterlab(
    open_relayed_notebook: OpenNotebook, lab_relay: Relay, job: SimulatedJob, sim: Simulator
) -> None:
    """The job was queued when the connection died, and was over when it was back."""
    notebook = open_relayed_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval=0.5)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.shows("Queued", "live")
    outlive_a_silence(lab_relay, card, job, sim)


def test_end_that_was_lost_on_an_open_connection_is_shown_in_jupyterlab(
    open_notebook: OpenNotebook, page: Page, job: SimulatedJob, sim: Simulator
) -> None:
    """Neither the card's message has come nor the static card that was to take its place."""
    frames = Frames(page)
    notebook = open_notebook(connecting(sim), f"fw.JobWidget({job.id!r}, interval=0.5)")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    card = Card(notebook.output(1))
    card.shows("Queued", "live")
    outlive_losses(frames, card, job)

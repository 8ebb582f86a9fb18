"""The card in marimo, as an app and in its editor."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.cards import CARD, Card
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.conftest import StartMarimo

LOADS = 60
"""Seconds that marimo's own page may take."""


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", name="Ingestion of bank_churn")
    job.set(status="STARTED", progress=20)
    return job


def nobody_asks(sim: Simulator) -> bool:
    """Say whether three seconds have gone by without a request, at an interval of one."""
    return bool(sim.requests) and time.monotonic() - sim.requests[-1].at > 3


@pytest.mark.parametrize("shown", ["fw.JobWidget({!r})", "fw.Job.get({!r})"])
def test_a_card_is_live_and_its_buttons_work(
    start_marimo: StartMarimo, page: Page, sim: Simulator, job: SimulatedJob, shown: str
) -> None:
    """As a widget and as a job; stopped by its button, resumed, and followed to the end."""
    page.goto(start_marimo(shown.format(job.id)))
    card = Card(page)
    card.is_at(20, seconds=LOADS)
    job.set(progress=55)
    card.is_at(55)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    job.set(progress=60)
    card.button("Resume").click()
    card.is_at(60)
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")
    assert sim.token not in page.content()


# What a traceback quotes of the source must not read like what it prints.
WAIT = "fw.Job.get({!r}).wait(interval=0.3)\nprint(f'gone {{\"on\"}}')"
WENT_ON = "gone on"


def test_a_wait_shows_the_card_and_blocks(start_marimo: StartMarimo, page: Page, job: SimulatedJob) -> None:
    """The bar moves while the cell runs; what comes after the wait comes after the end. No button, and no log line."""
    page.goto(start_marimo(WAIT.format(job.id), edit=True))
    source = page.locator(".cm-content").nth(1)
    source.wait_for(timeout=LOADS * 1000)
    source.click()
    page.keyboard.press("Control+Enter")
    card = Card(page)
    for progress in (20, 55, 70):
        job.set(progress=progress)
        card.is_at(progress, seconds=LOADS)
        expect(page.get_by_text(WENT_ON)).to_have_count(0)
    expect(card.button("Stop watching")).to_be_hidden()
    job.set(status="SUCCESS", progress=100)
    card.shows("Succeeded")
    expect(page.get_by_text(WENT_ON)).to_be_visible()
    expect(page.get_by_text("STARTED")).to_have_count(0)


def test_a_wait_raises_a_failure(start_marimo: StartMarimo, page: Page, job: SimulatedJob) -> None:
    """In the place of the card, as marimo does with the output of a cell that raises; and the cell does not go on."""
    page.goto(start_marimo(WAIT.format(job.id), edit=True))
    source = page.locator(".cm-content").nth(1)
    source.wait_for(timeout=LOADS * 1000)
    source.click()
    page.keyboard.press("Control+Enter")
    Card(page).is_at(20, seconds=LOADS)
    job.set(status="FAILURE", error_reason="DataValidationError", error_message="row 7 has no balance")
    error = page.get_by_role("alert").filter(has_text="AsyncJobFailed")
    expect(error).to_contain_text("DataValidationError: row 7 has no balance")
    expect(page.locator(CARD)).to_have_count(0)
    expect(page.get_by_text(WENT_ON)).to_have_count(0)


def test_two_sessions_share_nothing(
    start_marimo: StartMarimo, page: Page, context: BrowserContext, job: SimulatedJob
) -> None:
    """Each page has a card of its own: stopped in one, it goes on in the other."""
    url = start_marimo(f"fw.Job.get({job.id!r})")
    page.goto(url)
    one = Card(page)
    one.is_at(20, seconds=LOADS)
    with context.new_page() as second:
        second.goto(url)
        other = Card(second)
        other.is_at(20, seconds=LOADS)
        one.button("Stop watching").click()
        one.shows("Stopped watching")
        job.set(progress=70)
        other.is_at(70)
        other.shows("live")


def test_a_closed_page_leaves_nothing_polling(
    start_marimo: StartMarimo, context: BrowserContext, sim: Simulator, job: SimulatedJob
) -> None:
    """Some seconds after the last page is gone, so are the requests."""
    url = start_marimo(f"fw.JobWidget({job.id!r}, interval=0.5)")
    with context.new_page() as only:
        only.goto(url)
        Card(only).is_at(20, seconds=LOADS)
    until(lambda: nobody_asks(sim), "the end of the requests", 40)


def test_a_cell_run_again_leaves_no_orphan(
    start_marimo: StartMarimo, page: Page, sim: Simulator, job: SimulatedJob
) -> None:
    """In the editor: the card of the first run stops asking, and that of the second goes on alone."""
    page.goto(start_marimo(f"card = fw.JobWidget({job.id!r}, interval=0.5)\ncard", edit=True))
    source = page.locator(".cm-content").nth(1)
    source.wait_for(timeout=LOADS * 1000)
    card = Card(page)
    cards = page.locator(".fw-card")
    for progress in (20, 30, 40):
        job.set(progress=progress)
        # Until the cell is run, the card of the run before shows the same progress.
        cards.evaluate_all("cards => cards.forEach(card => card.dataset.earlierRun = '')")
        source.click()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".fw-card[data-earlier-run]")).to_have_count(0, timeout=LOADS * 1000)
        card.is_at(progress, seconds=LOADS)
        expect(cards).to_have_count(1)
    card.button("Stop watching").click()
    card.shows("Stopped watching")
    until(lambda: nobody_asks(sim), "the end of the requests of earlier runs", 40)

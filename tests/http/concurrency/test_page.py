"""What a page shows is what the traits say, whoever writes them at the same time."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.jobs.wait import Wait
from fiddler_widgets.models import Health
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.report import Report
from fiddler_widgets.simulator import Fault
from tests.http.concurrency.moments import TOLD, in_threads, page_says, running, shown
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from fiddler_widgets.simulator import Simulator

pytestmark = pytest.mark.timeout(60)


def test_page_shows_the_traits_whoever_writes(
    sim: Simulator, sent: list[tuple[str, str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While updates arrive, a blocked wait hides the controls and the page's messages show them: none gets lost."""
    card = fw.JobWidget(running(sim).id, interval=3600)
    until(lambda: card.health == "live")
    monkeypatch.setattr(card.__card_watcher__.presence, "reachable", lambda _elapsed: False)
    state = card.job.refresh().state
    assert state is not None
    wait = Wait(card.job, None, 10)
    for turn in range(25):

        def update(turn: int = turn) -> None:
            for number in range(20):
                card.__card_watcher__.mailbox.post(Report(state, Health.RETRYING, f"try {turn}.{number}"))

        def hide() -> None:
            for _ in range(20):
                card.__wait_view__.wait_goes_on(wait, 9.0)

        def show() -> None:
            for _ in range(20):
                page_says(card, type="pong")

        in_threads(update, hide, show)
        done = threading.Event()
        shared_poller.shared().call_soon(done.set)
        assert done.wait(10)
        card.__card_watcher__.mailbox.settle(5)
        page = shown(sent, card)
        assert {name: page.get(name) for name in TOLD} == {name: getattr(card, name) for name in TOLD}


def test_page_shows_the_traits_after_any_life(sim: Simulator, sent: list[tuple[str, str, Any]]) -> None:
    """Through faults, stops and starts, until the job is over: the last messages add up to the traits."""
    chance = random.Random(7)  # noqa: S311
    cards = []
    for _ in range(20):
        simulated = running(sim)
        simulated.misbehave(chance.choice([Fault.status(503), Fault.reset(), Fault.html()]), after=1, times=2)
        card = fw.JobWidget(simulated.id, interval=0.2)
        card.observe(lambda _, card=card: card.stop() or card.start(), "status")
        cards.append((card, simulated))
    until(lambda: all(card.status == "STARTED" for card, _ in cards), 20)
    for _, simulated in cards:
        simulated.set(status=chance.choice(["SUCCESS", "FAILURE", "REVOKED"]), progress=90)
    until(lambda: all(card.health == "over" for card, _ in cards), 20)
    for card, _ in cards:
        card.__card_watcher__.mailbox.settle(5)
        page = shown(sent, card)
        assert {name: page.get(name) for name in TOLD} == {name: getattr(card, name) for name in TOLD}
        assert card._clock["running"] is False

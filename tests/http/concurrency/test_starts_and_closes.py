"""A card that is started, stopped and closed from any thread and from its own observers."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.polling import shared_poller
from tests.http.concurrency.moments import RecordingComm, in_threads, is_closed, page_says, running, subscriptions
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.simulator import Simulator

pytestmark = pytest.mark.timeout(60)


def test_card_is_live_after_any_starts_and_stops(sim: Simulator) -> None:
    """Hundreds of starts, stops and looks from four threads: started at last, the card is live, and its clock runs."""
    simulated = running(sim)
    card = fw.JobWidget(simulated.id, interval=0.2)

    def churn(seed: int) -> Callable[[], None]:
        chance = random.Random(seed)  # noqa: S311 (a reproducible choice, no secret)

        def check() -> None:
            page_says(card, type="check")

        def run() -> None:
            for _ in range(60):
                act: Callable[[], object] = chance.choice([card.start, card.stop, check])
                act()

        return run

    in_threads(*(churn(seed) for seed in range(4)))
    card.start()
    simulated.set(progress=77.0)
    until(lambda: card.health == "live" and card.progress == 77.0)
    card.__card_watcher__.mailbox.settle(5)
    assert subscriptions() == 1
    # A heartbeat at the latest brings the clock that the page goes by.
    until(lambda: card._clock.get("running") is True, configs.HEARTBEAT + 3)


def test_restart_within_an_observer_leaves_the_clock_running(sim: Simulator) -> None:
    """A card stopped and started again by its own observer goes on, with a clock that runs."""
    simulated = running(sim)
    card = fw.JobWidget(simulated.id, interval=0.2)
    until(lambda: card.health == "live")

    def restart(_change: object) -> None:
        card.unobserve(restart, "progress")
        card.stop()
        card.start()

    card.observe(restart, "progress")
    simulated.set(progress=50.0)
    until(lambda: card.progress == 50.0)
    simulated.set(progress=60.0)
    until(lambda: card.progress == 60.0)
    card.__card_watcher__.mailbox.settle(5)
    assert card.health == "live"
    assert card._clock["running"] is True


def test_no_subscription_is_left_when_start_meets_close(sim: Simulator) -> None:
    """A card that is closed while another thread starts it polls no more."""
    simulated = running(sim)
    for _ in range(150):
        card = fw.JobWidget(simulated.id, interval=3600)
        card.stop()

        def start(card: fw.JobWidget = card) -> None:
            with contextlib.suppress(RuntimeError):
                card.start()

        in_threads(start, card.close)
    assert subscriptions() == 0


def test_start_that_is_overtaken_by_close_subscribes_to_nothing(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with the worst timing: the card is closed right after `start` found it open."""
    card = fw.JobWidget(running(sim).id, interval=3600)
    card.stop()
    check = card.__card_watcher__.check_open

    thread = threading.Thread(target=card.close)

    def check_and_be_overtaken() -> None:
        check()
        thread.start()
        thread.join(0.5)

    monkeypatch.setattr(card.__card_watcher__, "check_open", check_and_be_overtaken)
    with contextlib.suppress(RuntimeError):
        card.start()
    thread.join(5)
    assert not thread.is_alive()
    assert subscriptions() == 0


def test_nothing_is_sent_after_close(
    sim: Simulator, sent: list[tuple[str, str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred cards closed at any moment of their first seconds: the closing is the last that their pages hear."""
    monkeypatch.setattr(RecordingComm, "seconds", 0.003)
    chance = random.Random(5)  # noqa: S311
    jobs = [running(sim) for _ in range(20)]
    for number in range(200):
        card = fw.JobWidget(jobs[number % 20].id, interval=0.2)
        page_says(card, type="hello", view="a")
        time.sleep(chance.choice([0, 0, 0.001, 0.004, 0.012]))
        if number % 3 == 0:
            page_says(card, type="stop")
        if number % 7 == 0:
            page_says(card, type="resume")
        in_threads(card.close) if number % 2 else card.close()
    done = threading.Event()
    shared_poller.shared().call_soon(done.set)
    assert done.wait(10)
    until(lambda: subscriptions() == 0)
    closed: set[str] = set()
    for comm_id, kind, data in sent:
        assert comm_id not in closed, (kind, data)
        if kind == "comm_close":
            closed.add(comm_id)
    # Each card and its layout.
    assert len(closed) == 400


def test_card_may_be_closed_by_many_at_once(sim: Simulator, sent: list[tuple[str, str, Any]]) -> None:
    """Closing from four threads, and from within a callback, is closing once."""
    simulated = running(sim)
    for _ in range(50):
        card = fw.JobWidget(simulated.id, interval=0.2)
        model = card.model_id
        sent.clear()
        in_threads(*[card.close] * 4)
        assert [kind for id_, kind, _ in sent if kind == "comm_close" and id_ == model] == ["comm_close"]
    assert subscriptions() == 0


def test_observer_may_close_its_card(sim: Simulator) -> None:
    """A card that is closed in the middle of its own update is closed."""
    for _ in range(30):
        simulated = running(sim)
        card = fw.JobWidget(simulated.id, interval=0.2)
        card.observe(lambda _, card=card: card.close(), ["health", "progress"])
        # The first answer may have come before the observer was there.
        simulated.set(progress=60.0)
        until(partial(is_closed, card))
    assert subscriptions() == 0

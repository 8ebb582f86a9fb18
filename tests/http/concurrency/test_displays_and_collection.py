"""One card for all who show a job, and nothing left of what is dropped."""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.simulator import Fault
from fiddler_widgets.widget.shared_widgets import SharedCards
from tests.http.concurrency.moments import in_threads, running, subscriptions
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from fiddler_widgets.simulator import Simulator

pytestmark = pytest.mark.timeout(60)


def test_displays_from_many_threads_share_one_card(sim: Simulator) -> None:
    """Handles on one job that are shown at once in many threads have one card and one stream."""
    simulated = running(sim)
    display = SharedCards()
    for _ in range(30):
        cards: list[fw.JobWidget] = []
        job_ids = [simulated.id, simulated.id.upper()]
        in_threads(*(lambda id_=id_, to=cards: to.append(display.card(fw.Job.get(id_))) for id_ in job_ids * 2))
        assert len({card.model_id for card in cards}) == 1
        in_threads(*(lambda card=card: card._repr_mimebundle_() for card in cards))
        assert subscriptions() == 1
        cards[0].close()


def test_job_whose_card_is_being_closed_gets_a_new_one(sim: Simulator) -> None:
    """A closing card that waits for an observer is not handed out again."""
    simulated = running(sim)
    job = fw.Job.get(simulated.id)
    display = SharedCards()
    card = display.card(job)
    until(lambda: card.health == "live")
    busy, release = threading.Event(), threading.Event()

    def dawdle(_change: object) -> None:
        busy.set()
        release.wait(10)

    card.observe(dawdle, "progress")
    simulated.set(progress=50)
    card.__card_watcher__._subscription.hurry()  # type: ignore[union-attr]
    assert busy.wait(10)
    closing = threading.Thread(target=card.close)
    closing.start()
    try:
        until(lambda: card.__card_watcher__.closed)
        display.card(job).__wait_view__.make_ready()
    finally:
        release.set()
        closing.join(10)


def test_closed_cards_are_collected(sim: Simulator) -> None:
    """Neither poller, job nor page keeps a card that is closed, however it lived."""
    gone = []
    for number in range(60):
        card = fw.JobWidget(running(sim).id, interval=0.2)
        card.on_complete(lambda card: card.name)
        if number % 2:
            with contextlib.suppress(fw.JobTimeoutError):
                card.wait(timeout=0.01)
        card.close()
        gone.append(weakref.ref(card))
        del card

    def collected() -> bool:
        gc.collect()
        return not any(reference() is not None for reference in gone)

    until(collected)


def test_watches_that_are_dropped_end(sim: Simulator) -> None:
    """Loops that are left half-way, collected in whatever thread, leave no subscription."""
    job = fw.Job.get(running(sim).id)

    def drop() -> None:
        for number in range(30):
            watch = job.watch(interval=0.2, timeout=30)
            if number % 10 == 0:
                next(watch)
            keeper: list[Any] = [watch]
            keeper.append(keeper)
            del watch, keeper
            if number % 10 == 5:
                gc.collect()

    in_threads(*[drop] * 4)
    gc.collect()
    until(lambda: subscriptions() == 0)


@pytest.mark.parametrize(
    "fault", [Fault.reset(), Fault.close(), Fault.hang(), Fault.slow_header(0.05)], ids=lambda f: f.name
)
def test_idle_sockets_are_closed_without_a_collection(
    sim: Simulator, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a request that failed, too, closing what is idle closes it, and does not leave that to the collector."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 0.3)
    simulated = running(sim)
    simulated.misbehave(fault, times=1)
    connection = Connection(sim.url, sim.token)
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(fw.ApiConnectionError):
            connection.fetch(simulated.id)
        connection.fetch(simulated.id)
        connection.close_idle()
        until(lambda: sim.connections == 0, 3)
    finally:
        gc.enable()

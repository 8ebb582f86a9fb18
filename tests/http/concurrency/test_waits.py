"""Waits that are interrupted, cancelled and timed out at any moment, whatever other jobs' servers and callbacks do."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.polling import poller
from fiddler_widgets.simulator import Fault
from tests.http.concurrency.moments import page_says, running, subscriptions
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from fiddler_widgets.simulator import Simulator

pytestmark = pytest.mark.timeout(60)


@pytest.mark.no_cover
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_interrupt_at_any_moment_leaves_no_wait_behind(sim: Simulator) -> None:
    """Interrupts at 150 different moments of a `wait`: nothing is left but the card, and it goes on."""
    chance = random.Random(3)  # noqa: S311
    simulated = running(sim)
    card = fw.JobWidget(simulated.id, interval=0.2)
    until(lambda: card.health == "live")
    # Fires only where the program's own code runs within `wait`, so that the test itself is left alone.
    armed = False

    def interrupt(_number: int, _frame: object) -> None:
        if armed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(150):
            with contextlib.suppress(KeyboardInterrupt):
                armed = True
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0001, 0.006))
                (card if chance.random() < 0.5 else card.job).wait(timeout=5)
            armed = False
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    # What an interrupt left in the middle of a subscription goes with the next look.
    until(lambda: subscriptions() == 1)
    assert card.__card_watcher__._waits == []
    simulated.set(progress=88.0)
    until(lambda: card.progress == 88.0)


def test_tasks_cancelled_at_the_end_of_a_job(sim: Simulator) -> None:
    """Awaits that are cancelled just when the job ends are cancelled or done, in silence."""

    async def race() -> None:
        for _ in range(15):
            simulated = running(sim)
            simulated.set(status="SUCCESS")
            tasks = [asyncio.ensure_future(self_await(fw.Job.get(simulated.id))) for _ in range(8)]
            for number, task in enumerate(tasks):
                await asyncio.sleep(0.0005 * number)
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError)

    asyncio.run(race())
    assert subscriptions() == 0


async def self_await(job: fw.Job) -> None:
    """Await a job, as a coroutine."""
    await job


def test_loop_closed_in_mid_await_is_no_error(sim: Simulator) -> None:
    """An event loop that is gone when the news comes is not called back."""
    for _ in range(20):
        simulated = running(sim)
        loop = asyncio.new_event_loop()
        task = loop.create_task(self_await(fw.Job.get(simulated.id)))
        loop.call_later(0.005, loop.stop)
        loop.run_forever()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()
        simulated.set(status="SUCCESS")
    assert subscriptions() == 0


def hang_every_worker(sim: Simulator) -> list[fw.JobWidget]:
    """Watch so many jobs that never answer that every worker waits for one."""
    cards = []
    for _ in range(poller.WORKERS):
        simulated = running(sim)
        simulated.misbehave(Fault.hang())
        cards.append(fw.JobWidget(simulated.id))
    sim.wait_for_requests(poller.WORKERS)
    return cards


@pytest.mark.alone
def test_deadline_of_an_await_is_kept_while_every_worker_waits(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that hang keep nobody's deadline from being noticed, also in asyncio."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 4.0)
    job = fw.Job.get(running(sim).id)
    sim.clear_requests()
    hang_every_worker(sim)
    monkeypatch.setattr(configs, "JOB_WAIT_TIMEOUT", 0.5)
    began = time.monotonic()
    with pytest.raises(fw.JobTimeoutError):
        asyncio.run(self_await(job))
    assert time.monotonic() - began - 0.5 < 0.25


def test_timeout_of_a_card_is_shown_while_every_worker_waits(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card says that its time is over when it is, whatever other jobs' servers do."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 4.0)
    hang_every_worker(sim)
    began = time.monotonic()
    card = fw.JobWidget(running(sim).id, timeout=0.5)
    until(lambda: card.health == "timed out")
    assert time.monotonic() - began < 2.0


def test_stop_button_works_while_a_callback_takes_long(sim: Simulator) -> None:
    """A callback that blocks, of another job even, keeps no wait from being stopped from the page within 2 s."""
    first, second = running(sim), running(sim)
    first.set(status="SUCCESS")
    started, release = threading.Event(), threading.Event()

    def block(_card: fw.JobWidget) -> None:
        started.set()
        release.wait(20)

    other = fw.JobWidget(first.id)
    other.on_complete(block)
    assert started.wait(10)
    card = fw.JobWidget(second.id, interval=0.2)
    until(lambda: card.health == "live")
    clicked: list[float] = []

    def click() -> None:
        until(lambda: card.__card_watcher__._waits)
        clicked.append(time.monotonic())
        page_says(card, type="stop")

    clicking = threading.Thread(target=click)
    clicking.start()
    try:
        with pytest.raises(fw.WatchStopped):
            card.wait(timeout=5)
        assert time.monotonic() - clicked[0] < 2.0
    finally:
        release.set()
        clicking.join(10)

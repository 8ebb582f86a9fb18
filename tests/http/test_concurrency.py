"""Start, stop, close, display, collect, fork, interrupt and exit, at any moment and from any thread, many times over.

Whatever is done when: no exception that nobody asked for, no thread or subscription left, nothing sent after `close`,
and in the end a page that shows what the traits say.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import weakref
from functools import partial
from typing import TYPE_CHECKING, Any

import comm
import ipywidgets
import pytest
from comm.base_comm import BaseComm

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.jobs.wait import Wait
from fiddler_widgets.journal import api as journal_api
from fiddler_widgets.models import Health
from fiddler_widgets.polling import poller, shared_poller
from fiddler_widgets.polling.report import Report
from fiddler_widgets.simulator import Fault, Simulator
from fiddler_widgets.widget.shared_widgets import SharedCards
from fiddler_widgets.widget.traits import CardTraits
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fiddler_widgets.simulator import SimulatedJob

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(autouse=True)
def _silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is logged as an error, and no thread or destructor raises, in any of these tests."""
    raised: list[str] = []
    in_thread, unraisable = threading.excepthook, sys.unraisablehook
    threading.excepthook = lambda args: raised.append(repr(args.exc_value))
    sys.unraisablehook = lambda args: raised.append(repr(args.exc_value))
    try:
        yield
        gc.collect()
    finally:
        threading.excepthook, sys.unraisablehook = in_thread, unraisable
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert (raised, errors) == ([], [])


@pytest.fixture(autouse=True)
def _own_poller(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A poller for each test, so that what one leaves behind is not found by the next; it ends with no thread."""
    # The poller of the process may still have threads, if a test of another file used it a moment ago.
    others = set(threading.enumerate())
    own = poller.Poller(linger=0.5)
    monkeypatch.setattr(shared_poller, "_shared", own)
    yield
    ipywidgets.Widget.close_all()
    own.close(8)
    journal_api.close()
    left = [thread for thread in threading.enumerate() if thread not in others]
    assert [thread.name for thread in left if thread.name.startswith("fiddler-widgets")] == []


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[tuple[str, str, Any]]
    seconds = 0.0
    """How long sending an update takes."""

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a copy of a message as it is now."""
        del metadata, buffers, keys
        time.sleep(self.seconds if msg_type == "comm_msg" else 0)
        self.sent.append((self.comm_id, msg_type, json.loads(json.dumps(data, allow_nan=False))))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Every message to the page, from here on: comm, type and data."""
    messages: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(RecordingComm, "sent", messages, raising=False)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    return messages


TOLD = [name for name, trait in fw.JobWidget.class_traits(sync=True).items() if trait.this_class is CardTraits]
"""The traits that the page is told of."""


def shown(sent: Sequence[tuple[str, str, Any]], card: fw.JobWidget) -> dict[str, Any]:
    """The state that a page has after all messages for a card."""
    state: dict[str, Any] = {}
    for comm_id, _, data in list(sent):
        if comm_id == card.model_id and isinstance(data, dict):
            state |= data.get("state", {})
    return state


def running(sim: Simulator, progress: float = 40.0) -> SimulatedJob:
    """Return a job that stands still while running."""
    job = sim.add_job("linear")
    job.set(status="STARTED", progress=progress)
    return job


def in_threads(*tasks: Callable[[], object]) -> None:
    """Run all tasks at once, begun together; what one raises is raised."""
    barrier = threading.Barrier(len(tasks))
    errors: list[BaseException] = []

    def run(task: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            task()
        except Exception as error:  # noqa: BLE001 (raised again below, in the test's thread)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    if errors:
        raise errors[0]


def subscriptions() -> int:
    """How many subscriptions the poller has."""
    engine = shared_poller.shared()
    with engine._lock:
        return sum(len(channel.subscriptions) for channel in engine._agenda.channels.values())


def is_closed(card: fw.JobWidget) -> bool:
    """Whether a card is off every page."""
    return card.comm is None


def page_says(card: fw.JobWidget, **content: Any) -> None:
    """A message arrives from the page."""
    card._handle_custom_msg(content, [])


# ---- start and stop


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


# ---- close


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


# ---- the page


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


# ---- display


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


# ---- collection


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


# ---- waits


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


# ---- fork and exit

SCRIPT = """
import faulthandler, logging, os, random, signal, sys, threading, time
import fiddler_widgets as fw
faulthandler.enable()
logging.basicConfig(level=logging.WARNING)
chance = random.Random(11)
url, token, *ids = sys.argv[1:]
fw.init(url, token)
"""


def run_script(sim: Simulator, script: str, *ids: str) -> None:
    """Run a process against the simulator; it is to end well, and to say nothing."""
    done = subprocess.run(
        # That a process with threads is forked, newer Pythons warn of, is what the scripts are about.
        [
            *(sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning"),
            # The socket of a request that is under way when the interpreter exits is the system's to close.
            *("-W", "ignore:unclosed:ResourceWarning"),
            *("-c", SCRIPT + script, sim.url, sim.token, *ids),
        ],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stderr == "", done.stderr
    assert done.returncode == 0


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@forks
def test_fork_at_any_moment(sim: Simulator) -> None:
    """Forty children, forked amid updates: each has one thread, can close the card, and can watch for itself."""
    simulated, over = running(sim), running(sim)
    over.set(status="SUCCESS")
    run_script(
        sim,
        """
card = fw.JobWidget(ids[0], interval=0.2)
others = [fw.JobWidget(fw.Job(id_, connection=card.job.__job_record__.connection), interval=0.2) for id_ in ids[2:]]
children = []
for number in range(40):
    time.sleep(chance.uniform(0, 0.03))
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            assert threading.active_count() == 1, threading.enumerate()
            for one in (card, *others):
                one.close()
            # Other settings, and so a connection of its own: sharing the parent's is the next test's subject.
            fw.init(url, token, timeout=20)
            assert [update.status for update in fw.Job.get(ids[1]).watch(timeout=10)] == ["SUCCESS"]
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    children.append(child)
    if len(children) == 4:
        for child in children:
            _, status = os.waitpid(child, 0)
            assert status == 0, status
        children.clear()
        seen = card._clock
assert card.health == "live", card.health
job = fw.Job.get(ids[0])
""",
        simulated.id,
        over.id,
        *(running(sim).id for _ in range(6)),
    )


@forks
def test_forked_child_has_connections_of_its_own(sim: Simulator) -> None:
    """Parent and child ask at the same time, hundreds of times, and nobody reads the other's answer."""
    first, second = running(sim, 1.0), running(sim, 2.0)
    run_script(
        sim,
        """
fw.Job.get(ids[0])
child = os.fork()
mine, progress = (ids[0], 1.0) if child else (ids[1], 2.0)
signal.alarm(30)
for _ in range(200):
    assert fw.Job.get(mine).progress == progress
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
""",
        first.id,
        second.id,
    )


@forks
def test_exit_at_any_moment(sim: Simulator) -> None:
    """Sixty processes that end at any moment of a watch end well, in time and in silence."""
    simulated = running(sim)
    slow = running(sim)
    slow.misbehave(Fault.slow_body(0.2))
    run_script(
        sim,
        """
def child(number):
    signal.alarm(20)
    card = fw.JobWidget(ids[number % 2], interval=0.2)
    card.on_complete(print)
    if number % 3 == 0:
        threading.Thread(target=lambda: card.job.wait(timeout=30), daemon=True).start()
    if number % 5 == 0:
        watch = card.job.watch()
        next(watch)
    time.sleep(chance.uniform(0, 0.05) * (number % 4))
    sys.exit(0)

# Without a thread so far, the children are as good as fresh interpreters, and much cheaper.
assert threading.active_count() == 1
children = {}
for number in range(60):
    chance.random()
    one = os.fork()
    if one == 0:
        children.clear()
        child(2 * number if number % 5 == 0 else number)
    children[one] = number
    if len(children) == 4:
        for one, number in children.items():
            status = os.waitpid(one, 0)[1]
            assert status == 0, (number, status)
        children.clear()
""",
        simulated.id,
        slow.id,
    )

"""Ctrl-C at every step of a wait, of a request, and of what else a cell may do: the other watches and waits go on.

Python looks for interrupts when a function of its own begins and when a built-in one has returned; a profiler is called
at the same steps, so it stands for the interrupt here.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import logging
import sys
import threading
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.board.job_rows import JobRows
from fiddler_widgets.journal import api as journal_api
from fiddler_widgets.polling import agenda, poller, shared_poller
from fiddler_widgets.widget.card_watcher import CardWatcher
from tests.http.concurrency.moments import running, subscriptions
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from fiddler_widgets.simulator import SimulatedJob, Simulator

pytestmark = [pytest.mark.timeout(120), pytest.mark.no_cover]

PACKAGE = str(Path(fw.__file__).parent)

_AT_A_TIME = 20
"""After so many interrupts the rest of the process is looked at."""


@pytest.fixture(autouse=True)
def _own_poller(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A poller for each test; it ends with no thread, and so does the journal."""
    others = set(threading.enumerate())
    own = poller.Poller(linger=0.5)
    monkeypatch.setattr(shared_poller, "_shared", own)
    monkeypatch.setattr(configs, "SHORTEST_PAUSE", 0.001)
    # A subscription that was made and not yet known to its caller ends with the next look at its job.
    monkeypatch.setattr(configs, "JOB_POLL_INTERVAL", 0.5)
    # Python says of an interrupt in a destructor that it is ignored.
    monkeypatch.setattr(sys, "unraisablehook", lambda _args: None)
    yield
    own.close(8)
    journal_api.close()
    # A thread that is not alive hangs in its very start, as nothing of ours can prevent; another one does its work.
    left = [thread for thread in threading.enumerate() if thread not in others and thread.is_alive()]
    assert [thread.name for thread in left if thread.name.startswith("fiddler-widgets")] == []


def ours(frame: FrameType | None) -> bool:
    """Whether code of this package runs, or something that it has called.

    What logs is left alone: before Python 3.13 an interrupt can leave a lock of `logging` taken.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith(PACKAGE):
            return True
        if frame.f_code.co_filename == logging.__file__:
            return False
        frame = frame.f_back
    return False


def interrupted_at(step: int, action: Callable[[], object]) -> str:
    """Run an action with an interrupt at its step of that number; returns where it was, nothing if there are fewer."""
    count, where = 0, ""

    def profile(frame: FrameType, event: str, _value: Any) -> None:
        nonlocal count, where
        if event not in ("call", "c_return") or not ours(frame):
            return
        count += 1
        if count == step:
            sys.setprofile(None)
            where = f"{event} in {frame.f_code.co_filename}:{frame.f_lineno}"
            raise KeyboardInterrupt

    try:
        sys.setprofile(profile)
        action()
    except (KeyboardInterrupt, fw.JobTimeoutError):
        pass
    except RuntimeError as error:
        # An interrupt of `threading.Thread.start` can end so.
        if "release unlocked lock" not in str(error):
            raise
    finally:
        sys.setprofile(None)
    return where


def interrupt_everywhere(
    prepare: Callable[[], Callable[[], object]], others_go_on: Callable[[], None], stride: int = 1
) -> None:
    """Interrupt an action at its first step, then at its second, and so on; every few times, look at all else.

    Args:
        prepare: Returns the action; called for each.
        others_go_on: Fails if something else has been stopped.
        stride: How many steps lie between two interrupts, where an action has thousands of them.
    """
    step, places = 1, [""]
    while places[-1] or step == 1:
        places.append(interrupted_at(step, prepare()))
        if len(places) % _AT_A_TIME == 0 or not places[-1]:
            try:
                others_go_on()
            except AssertionError as error:
                msg = "one of these interrupts stopped the others:\n" + "\n".join(places[-_AT_A_TIME:])
                raise AssertionError(msg) from error
        step += stride
    assert len(places) > 50, "the steps of the action were not seen"
    assert gc.isenabled()


def check(simulated: SimulatedJob, card: fw.JobWidget) -> Callable[[], None]:
    """Return what shows that a card goes on, and that another thread can wait."""
    progress = iter(range(1, 100_000))

    def others_go_on() -> None:
        shown = 40 + next(progress) / 1000
        simulated.set(progress=shown)
        until(lambda: card.progress == shown, 30)
        thread = threading.Thread(target=lambda: fw.wait([simulated.id], timeout=0), daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()

    return others_go_on


@pytest.fixture
def simulated(sim: Simulator) -> SimulatedJob:
    """A job that stands still."""
    return running(sim)


@pytest.fixture
def card(simulated: SimulatedJob) -> fw.JobWidget:
    """A live card of it."""
    card = fw.JobWidget(simulated.id, interval=0.01)
    until(lambda: card.health == "live")
    return card


def test_of_a_job(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`Job.wait`."""
    interrupt_everywhere(lambda: partial(card.job.wait, timeout=0.01), check(simulated, card))
    until(lambda: subscriptions() == 1)


def test_of_a_card(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`JobWidget.wait`."""
    interrupt_everywhere(lambda: partial(card.wait, timeout=0.01), check(simulated, card))
    until(lambda: subscriptions() == 1)


def test_of_a_board(sim: Simulator, simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`JobBoard.wait`."""
    board = fw.JobBoard([running(sim).id, running(sim).id])
    interrupt_everywhere(lambda: partial(board.wait, timeout=0.01), check(simulated, card))
    until(lambda: subscriptions() == 3)


def test_of_an_await(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """``await job``, in the loop of a notebook's kernel."""
    loops: list[asyncio.AbstractEventLoop] = []

    def awaited() -> Callable[[], None]:
        # A loop that an interrupt has hit may be left with a callback that stops it.
        while loops:
            loops.pop().close()
        loops.append(asyncio.new_event_loop())
        loops[-1].set_exception_handler(lambda _loop, _context: None)
        return partial(loops[-1].run_until_complete, card.job.wait_async(timeout=0.01))

    try:
        interrupt_everywhere(awaited, check(simulated, card))
    finally:
        loops.pop().close()
    until(lambda: subscriptions() == 1)


def test_that_starts_all_threads(monkeypatch: pytest.MonkeyPatch, simulated: SimulatedJob) -> None:
    """The first wait of a process: the next one starts what the interrupted one did not."""
    job = fw.Job.get(simulated.id)
    pollers = []

    def first_wait() -> Callable[[], None]:
        pollers.append(poller.Poller(linger=0.05))
        monkeypatch.setattr(shared_poller, "_shared", pollers[-1])
        return partial(job.wait, timeout=0.01)

    def others_go_on() -> None:
        thread = threading.Thread(target=lambda: fw.wait([simulated.id], timeout=0), daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()

    monkeypatch.setattr(sys.modules[__name__], "_AT_A_TIME", 1)
    try:
        interrupt_everywhere(first_wait, others_go_on)
    finally:
        for engine in pollers:
            engine.close()


def test_of_a_request(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`Job.refresh`, which asks in the cell's own thread, over the connections that all threads share."""
    interrupt_everywhere(lambda: card.job.refresh, check(simulated, card))


def test_of_making_a_card(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """A card that is made and closed, or was about to be."""
    interrupt_everywhere(lambda: lambda: fw.JobWidget(simulated.id).close(), check(simulated, card), 53)


def test_of_making_a_board(sim: Simulator, simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """A board that is made and closed, or was about to be."""
    ids = [running(sim).id, running(sim).id]
    interrupt_everywhere(lambda: lambda: fw.JobBoard(ids).close(), check(simulated, card), 53)


def test_of_as_completed(sim: Simulator, simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`fw.as_completed`, which gives up."""
    ids = [running(sim).id, running(sim).id]
    interrupt_everywhere(lambda: lambda: list(fw.as_completed(ids, timeout=0.01)), check(simulated, card))
    until(lambda: subscriptions() == 1)


def test_of_the_journal(simulated: SimulatedJob, card: fw.JobWidget) -> None:
    """`fw.journal.jobs`, which waits for the journal's thread."""
    interrupt_everywhere(lambda: fw.journal.jobs, check(simulated, card))


def test_a_change_of_the_schedule_that_is_cut_short(monkeypatch: pytest.MonkeyPatch, simulated: SimulatedJob) -> None:
    """The time of the next look was noted and not queued; the job's card goes on within about a second."""
    card = fw.JobWidget(simulated.id, interval=0.5)
    until(lambda: card.health == "live")
    main = threading.current_thread()

    def push(queue: list[Any], item: Any) -> None:
        if threading.current_thread() is main:
            raise KeyboardInterrupt
        heapq.heappush(queue, item)

    with monkeypatch.context() as patch:
        patch.setattr(agenda, "heapq", SimpleNamespace(heappush=push, heappop=heapq.heappop))
        with pytest.raises(KeyboardInterrupt):
            card.job.wait(timeout=30)
    simulated.set(progress=88.0)
    until(lambda: card.progress == 88.0)


@pytest.mark.parametrize(
    ("owner", "make"),
    [(CardWatcher, fw.JobWidget), (JobRows, lambda job_id: fw.JobBoard([job_id]))],
    ids=["card", "board"],
)
def test_what_is_interrupted_as_it_begins_is_closed(
    monkeypatch: pytest.MonkeyPatch, simulated: SimulatedJob, owner: Any, make: Callable[[Any], object]
) -> None:
    """Nobody has it, so it watches no job."""
    start = owner.start

    def interrupted(self: Any) -> None:
        start(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make(simulated.id)
    assert subscriptions() == 0

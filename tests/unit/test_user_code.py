"""Code of users on our threads: slow observers, callbacks and adapters hold up nothing but themselves."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.jobs.wait import wait_for
from fiddler_widgets.models import Health
from fiddler_widgets.polling import turns
from fiddler_widgets.polling.delivery import DELIVERERS, MOST_EXTRA
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.poller import WORKERS, Poller
from fiddler_widgets.polling.thread_pool import ThreadPool
from tests.unit.fake_server import FakeServer, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fiddler_widgets.polling.report import Report

LATE = 1.5
"""Seconds by which slow code may delay what is not its own."""


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets go whatever hangs, at the end of the test at the latest."""
    event = threading.Event()
    yield event
    event.set()


class Counting(FakeServer):
    """Every answer differs from the last, so that observers of the progress are called for each."""

    def __init__(self) -> None:
        super().__init__()
        self.before = self._advance

    def _advance(self) -> None:
        self.fields = {**self.fields, "progress": (float(str(self.fields["progress"])) + 0.5) % 100}


@pytest.fixture
def server(engine: Poller) -> FakeServer:  # noqa: ARG001 (a server is there to be polled)
    """A server whose jobs move on at each look."""
    return Counting()


@pytest.fixture
def make(server: FakeServer) -> Callable[..., fw.JobWidget]:
    """Makes a card of a job on that server."""
    return lambda name="job": fw.JobWidget(fw.Job(name, connection=server), interval=0.2)


def hang_in_observers(cards: list[fw.JobWidget], release: threading.Event) -> None:
    """Observe them, slowly, until all of these observers hang."""
    hanging: set[object] = set()

    def observe(change: Any) -> None:
        hanging.add(change["owner"])
        release.wait(30)

    for card in cards:
        card.observe(observe, "progress")
    until(lambda: len(hanging) == len(cards))


def hang(release: threading.Event) -> None:
    """Do what code of a user's may do: take long."""
    release.wait(30)


def threads() -> int:
    """How many threads of this package there are."""
    return sum(thread.name.startswith("fiddler-widgets") for thread in threading.enumerate())


def gaps(times: list[float]) -> list[float]:
    """The seconds between one and the next."""
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@pytest.mark.parametrize("same_job", [True, False], ids=["of one job", "of ten jobs"])
def test_ten_slow_observers_delay_nobody(
    make: Callable[..., fw.JobWidget], server: FakeServer, release: threading.Event, *, same_job: bool
) -> None:
    """Requests, other cards of the same job and of others, and waits are as punctual as without."""
    watched = [make("job" if same_job else f"job-{number}") for number in range(10)]
    others = {name: make(name) for name in ("job-0", "job", "another")}
    seen: dict[str, list[float]] = {name: [] for name in others}

    def note(times: list[float], _change: object) -> None:
        times.append(time.monotonic())

    for name, card in others.items():
        card.observe(functools.partial(note, seen[name]), "progress")
    hang_in_observers(watched, release)
    asked = server.asked["another"]
    until(lambda: all(len(times) >= 8 for times in seen.values()))
    assert server.asked["another"] >= asked + 4
    assert max(gap for times in seen.values() for gap in gaps(times)) < 0.2 + LATE


def test_slow_observer_does_not_delay_a_wait(
    make: Callable[..., fw.JobWidget], server: FakeServer, release: threading.Event
) -> None:
    """The wait of the observed card itself included, and of a wait for the job in a thread of its own."""
    card = make()
    ended: list[float] = []

    def wait() -> None:
        fw.Job("job", connection=server).wait(interval=0.2, timeout=20)
        ended.append(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    hang_in_observers([card], release)
    threading.Timer(0.5, lambda: server.fields.update(status="SUCCESS")).start()
    card.wait(interval=0.2, timeout=20)
    ended.append(time.monotonic())
    thread.join()
    noticed = server.asked["job"]
    assert abs(ended[0] - ended[1]) < LATE
    assert not release.is_set()
    assert server.asked["job"] == noticed


def test_end_is_told_to_waits_in_time(engine: Poller, server: FakeServer, release: threading.Event) -> None:
    """Within half a second of the answer, though a display before it in the round hangs."""
    slow: Mailbox[Report] = Mailbox(lambda _: hang(release))
    engine.subscribe(server, "job", slow, interval=0.2)
    until(lambda: server.asked["job"] >= 2)
    told: list[tuple[float, Report]] = []
    prompt: Mailbox[Report] = Mailbox(lambda report: told.append((time.monotonic(), report)), prompt=True)
    engine.subscribe(server, "job", prompt, interval=0.2, last=True)
    answered: list[float] = []

    def end() -> None:
        server.fields["status"] = "SUCCESS"
        answered.append(time.monotonic())

    server.before = end
    until(lambda: any(report.health is Health.OVER for _, report in told))
    assert told[-1][0] - answered[-1] < LATE


def test_displays_come_before_waits_where_nobody_is_slow(engine: Poller, server: FakeServer) -> None:
    """The order of a round holds, whatever way it takes."""
    order: list[str] = []
    last: Mailbox[Report] = Mailbox(lambda report: order.append(f"wait {report.health}"), prompt=True)
    first: Mailbox[Report] = Mailbox(lambda report: order.append(f"card {report.health}"))
    engine.subscribe(server, "job", last, interval=0.2, last=True)
    engine.subscribe(server, "job", first, interval=0.2)
    server.fields["status"] = "SUCCESS"
    until(lambda: "wait over" in order)
    assert order.index("card over") < order.index("wait over")


def test_deadline_of_a_wait_holds_under_a_slow_observer(
    make: Callable[..., fw.JobWidget], release: threading.Event
) -> None:
    """`JobTimeoutError` comes in time."""
    card = make()
    hang_in_observers([card], release)
    began = time.monotonic()
    with pytest.raises(fw.JobTimeoutError):
        wait_for(card.job, 0.2, 1.0, card.__wait_view__)
    assert time.monotonic() - began < 1.0 + LATE


def test_stop_ends_waits_under_a_slow_observer(make: Callable[..., fw.JobWidget], release: threading.Event) -> None:
    """Within two seconds."""
    card = make()
    hang_in_observers([card], release)
    threading.Timer(0.3, card.stop).start()
    began = time.monotonic()
    with pytest.raises(fw.WatchStopped):
        card.wait(timeout=20)
    assert time.monotonic() - began < 0.3 + 2


def test_threads_grow_for_slow_observers_and_go_again(
    make: Callable[..., fw.JobWidget], release: threading.Event
) -> None:
    """Up to a limit, above which cards are late but no request is."""
    cards = [make(f"job-{number}") for number in range(MOST_EXTRA)]
    hang_in_observers(cards, release)
    other = make("other")
    until(lambda: other.progress)
    # And the scheduler, that for callbacks, and that of the journal.
    assert threads() <= WORKERS + DELIVERERS + 3 + MOST_EXTRA
    release.set()
    for card in [*cards, other]:
        card.close()
    until(lambda: not threads())


def test_requests_go_on_whatever_hangs(
    make: Callable[..., fw.JobWidget], server: FakeServer, release: threading.Event
) -> None:
    """More observers that hang than there may be threads delay cards, and no request."""
    cards = [make(f"job-{number}") for number in range(2 * MOST_EXTRA)]
    for card in cards:
        card.observe(lambda _: release.wait(30), "progress")
    until(lambda: all(server.asked[f"job-{number}"] >= 3 for number in range(len(cards))), seconds=30)
    job = fw.Job("waited for", connection=server)
    threading.Timer(0.5, lambda: server.fields.update(status="SUCCESS")).start()
    wait_for(job, 0.2, 20, None)


def test_observer_that_raises_or_closes_its_card(
    make: Callable[..., fw.JobWidget], caplog: pytest.LogCaptureFixture
) -> None:
    """One is logged and goes on, the other ends its card alone."""
    raising, closing, other = make(), make(), make()
    seen: list[object] = []

    def fail(change: object) -> None:
        seen.append(change)
        raise ValueError

    raising.observe(fail, "progress")
    closing.observe(lambda _: closing.close(), "progress")
    until(lambda: closing.closed and len(seen) >= 3 and other.progress)
    assert "ValueError" in caplog.text


def test_callback_may_wait_for_another_job(
    make: Callable[..., fw.JobWidget], server: FakeServer, release: threading.Event
) -> None:
    """Whose own callbacks come meanwhile: here the wait ends only after one of them."""
    first, second = make("first"), make("second")
    called = threading.Event()
    order: list[str] = []

    def wait_for_second(_card: fw.JobWidget) -> None:
        second.wait(timeout=20)
        assert called.wait(20)
        order.append("first")

    first.on_complete(wait_for_second)
    first.on_complete(lambda _: release.wait(30))
    first.on_complete(lambda _: order.append("third"))
    second.on_complete(lambda _: called.set())
    server.fields["status"] = "SUCCESS"
    until(lambda: sorted(order) == ["first", "third"])


def test_callback_that_raises_closes_or_never_returns(
    make: Callable[..., fw.JobWidget], server: FakeServer, release: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest run, in order as long as each is quick."""
    card = make()
    order: list[int] = []

    def fail(_card: object) -> None:
        raise LookupError

    card.on_complete(fail)
    for number in range(5):
        card.on_complete(lambda _, number=number: order.append(number))
    card.on_complete(lambda card: card.close())
    card.on_complete(lambda _: release.wait(30))
    card.on_complete(lambda _: order.append(5))
    server.fields["status"] = "SUCCESS"
    until(lambda: 5 in order)
    assert order == [0, 1, 2, 3, 4, 5]
    assert card.closed
    assert "on_complete raised" in caplog.text


def test_pool_grows_only_for_tasks_that_wait() -> None:
    """Quick ones share a thread, and idle threads go."""
    pool, release, ran = ThreadPool(1, "a pool", 0.1), threading.Event(), []
    for _ in range(20):
        pool.submit(lambda: ran.append(threading.get_ident()))
    until(lambda: len(ran) == 20)
    assert len(set(ran)) == 1
    for _ in range(5):
        pool.submit(lambda: hang(release))
    pool.relieve(60, 2)
    assert len(pool._threads) == 1
    pool.relieve(0, 2)
    assert len(pool._threads) == 3
    release.set()
    until(lambda: not pool._threads)
    pool.close(1)


def test_hanging_server_does_not_stop_another(engine: Poller, server: FakeServer, release: threading.Event) -> None:
    """However many of its requests hang, as in an adapter of the user's, places are left for others."""
    hanging = FakeServer()
    hanging.before = lambda: release.wait(30)
    for number in range(3 * WORKERS):
        engine.subscribe(hanging, f"job-{number}", Mailbox(lambda _: None), interval=0.2)
    engine.subscribe(server, "job", Mailbox(lambda _: None), interval=0.2)
    until(lambda: hanging.under_way >= WORKERS // 2 and server.asked["job"] >= 5)
    assert hanging.under_way <= WORKERS


def test_request_that_never_ends_is_given_up(
    engine: Poller, server: FakeServer, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adapter that hangs for ever takes a thread with it, and not the place of other requests."""
    monkeypatch.setattr(turns, "_LOST", 1.0)
    server.hanging, server.released = {f"lost-{number}" for number in range(WORKERS)}, release
    for name in server.hanging:
        engine.subscribe(server, name, Mailbox(lambda _: None), interval=0.2)
    until(lambda: server.under_way == WORKERS)
    engine.subscribe(server, "job", Mailbox(lambda _: None), interval=0.2)
    until(lambda: server.asked["job"] >= 3)

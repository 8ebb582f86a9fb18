"""The engine: one stream per job, few threads, and nothing left over."""

from __future__ import annotations

import functools
import itertools
import math
import os
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from fiddler_widgets import configs
from fiddler_widgets.models import Health
from fiddler_widgets.polling.delivery import GATHERING
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.poller import DELIVERERS, WORKERS, Poller
from tests.unit.fake_server import FakeServer, until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Channel, Subscription


class Listener:
    """Subscribes, and keeps what it is told."""

    def __init__(self, engine: Poller, server: FakeServer, job_id: str = "job", **options: object) -> None:
        self.reports: list[Report] = []
        self.mailbox: Mailbox[Report] = Mailbox(self.reports.append)
        self.subscription: Subscription = engine.subscribe(server, job_id, self.mailbox, **options)  # type: ignore[arg-type]
        self.mailbox.deliver()

    @property
    def answers(self) -> int:
        """How many good answers came."""
        return sum(report.answered for report in self.reports)

    @property
    def healths(self) -> list[Health]:
        """The health of each report."""
        return [report.health for report in self.reports]


def hang(release: threading.Event) -> None:
    """Do what a callback of a user's may do: take long."""
    release.wait(20)


def note_time(seen: list[float], _report: Report) -> None:
    """Keep the time of a report."""
    seen.append(time.monotonic())


def our_threads() -> list[str]:
    """The names of this package's threads."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("fiddler-widgets")]


def test_subscribers_share_one_stream(engine: Poller, server: FakeServer) -> None:
    """Many subscribers to one job cost the requests of one, and all hear each answer."""
    listeners = [Listener(engine, server, interval=0.2) for _ in range(20)]
    until(lambda: all(listener.answers >= 3 for listener in listeners))
    assert server.asked["job"] <= 2 + min(listener.answers for listener in listeners)
    assert server.most_under_way == 1


def test_many_requests_are_made_several_at_a_time(
    engine: Poller, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler does not wake for each of 300 a second."""
    monkeypatch.setattr(configs, "REQUEST_RATE_LIMIT", 300.0)
    made: list[float] = []
    sent = engine._turns.sent

    def noting(channel: Channel, number: int, now: float) -> None:
        made.append(now)
        sent(channel, number, now)

    monkeypatch.setattr(engine._turns, "sent", noting)
    with engine.many():
        for number in range(220):
            Listener(engine, server, f"job {number}", interval=60)
    until(lambda: len(made) == 220)
    times = sorted(set(made[110:]))
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert statistics.median(gaps) >= 0.9 * GATHERING


def test_newcomer_is_shown_what_is_known(engine: Poller, server: FakeServer) -> None:
    """A card for a job that is watched already shows its state before the next answer."""
    Listener(engine, server, interval=60)
    until(lambda: server.asked["job"] == 1 and server.under_way == 0)
    until(lambda: engine._agenda.channels[server, "job"].monitor.state is not None)
    newcomer = Listener(engine, server, interval=60)
    assert newcomer.reports[0].state is not None
    assert not newcomer.reports[0].answered


def test_final_state_is_told_once_to_everyone(engine: Poller, server: FakeServer) -> None:
    """Each subscriber hears of the end exactly once, displays first, and nothing after it."""
    order: list[str] = []
    last = Listener(engine, server, interval=0.2, last=True)
    first = Listener(engine, server, interval=0.2)
    last.mailbox._receive = lambda report: order.append(f"last {report.health}")
    first.mailbox._receive = lambda report: order.append(f"first {report.health}")
    server.fields["status"] = "SUCCESS"
    until(lambda: "last over" in order)
    asked = server.asked["job"]
    until(lambda: not our_threads())
    assert order.count("first over") == order.count("last over") == 1
    assert order.index("first over") < order.index("last over")
    assert server.asked["job"] == asked


def test_number_of_threads_does_not_grow_with_jobs(engine: Poller, server: FakeServer) -> None:
    """Three hundred jobs on a slow server are watched by a scheduler and a few workers."""
    server.before = lambda: time.sleep(0.01)
    listeners = [Listener(engine, server, f"job-{number}", interval=1) for number in range(300)]
    until(lambda: all(listener.answers for listener in listeners))
    assert len(our_threads()) <= WORKERS + DELIVERERS + 2
    assert server.most_under_way <= WORKERS


def test_threads_end_when_nobody_watches(engine: Poller, server: FakeServer) -> None:
    """After the last subscription, threads and sockets go, and come again when needed."""
    for _ in range(2):
        listener = Listener(engine, server, interval=0.2)
        until(lambda: listener.answers)  # noqa: B023 (called within this round)
        assert our_threads()
        listener.subscription.close()
        until(lambda: not our_threads())
    assert server.closed == 2
    assert engine._agenda.channels == {}


def test_closing_is_silent_and_stopping_says_so(engine: Poller, server: FakeServer) -> None:
    """After `close` nothing is reported; `stop` reports that once."""
    closed, stopped = Listener(engine, server, interval=0.2), Listener(engine, server, interval=0.2)
    until(lambda: closed.answers and stopped.answers)
    closed.subscription.close()
    count = len(closed.reports)
    stopped.subscription.stop()
    stopped.subscription.stop()
    until(lambda: not our_threads())
    assert len(closed.reports) == count
    assert stopped.healths[-1] is Health.STOPPED
    assert stopped.healths.count(Health.STOPPED) == 1


def test_subscription_expires(engine: Poller, server: FakeServer) -> None:
    """A subscription with a timeout ends with a report that says so; another one goes on."""
    short, long = Listener(engine, server, interval=0.2, timeout=0.5), Listener(engine, server, interval=0.2)
    until(lambda: Health.TIMED_OUT in short.healths)
    answers = long.answers
    until(lambda: long.answers > answers + 1)
    assert short.healths[-1] is Health.TIMED_OUT
    assert "0.5 s" in short.reports[-1].detail


def test_heartbeat_repeats_the_last_report(engine: Poller, server: FakeServer) -> None:
    """A subscriber that asked for signs of life gets them between two answers."""
    listener = Listener(engine, server, interval=60, beat=0.1)
    until(lambda: len(listener.reports) >= 5)
    assert listener.answers == 1


def test_verbose_is_asked_for_when_anybody_wants_it(engine: Poller, server: FakeServer) -> None:
    """One subscriber who wants the subtasks is enough."""
    Listener(engine, server, interval=0.2)
    until(lambda: server.verbose)
    Listener(engine, server, interval=0.2, verbose=True)
    until(lambda: server.verbose[-1])
    assert server.verbose[0] is False


def test_defect_in_a_look_is_survived(engine: Poller, server: FakeServer) -> None:
    """An exception that no server causes is treated as a failed request, and named by its kind."""
    failing = iter([True, True])

    def break_twice() -> None:
        if next(failing, False):
            msg = "a secret"
            raise LookupError(msg)

    server.before = break_twice
    listener = Listener(engine, server, interval=0.2)
    until(lambda: listener.answers)
    assert "LookupError" in listener.reports[0].detail
    assert "secret" not in listener.reports[0].detail


def test_slow_subscriber_delays_nobody(engine: Poller, server: FakeServer) -> None:
    """One subscriber that hangs in its callback holds up neither its job's other subscribers nor other jobs."""
    release = threading.Event()
    slow = Listener(engine, server, "slow", interval=0.2)
    slow.mailbox._receive = lambda _: hang(release)
    others = [Listener(engine, server, "slow", interval=0.2), Listener(engine, server, "other", interval=0.2)]
    until(lambda: all(other.answers >= 4 for other in others))
    release.set()


def test_half_the_workers_may_hang_and_no_other_job_is_late(engine: Poller, server: FakeServer) -> None:
    """With half of all workers held up by slow jobs, the others are looked at within half a second of their time."""
    server.hanging = {f"slow-{number}" for number in range(WORKERS // 2)}
    for name in server.hanging:
        Listener(engine, server, name, interval=0.2)
    until(lambda: server.under_way == len(server.hanging))
    times: dict[str, list[float]] = {f"job-{number}": [] for number in range(8)}
    for name, seen in times.items():
        listener = Listener(engine, server, name, interval=0.3)
        listener.mailbox._receive = functools.partial(note_time, seen)
    until(lambda: all(len(seen) >= 8 for seen in times.values()))
    server.released.set()
    gaps = [later - earlier for seen in times.values() for earlier, later in itertools.pairwise(seen)]
    assert max(gaps) < 0.3 + 0.5


def test_request_that_outlives_all_watching_ends_in_silence(
    engine: Poller, server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure that comes when nobody watches any more, and the scheduler has gone, is no error of ours."""
    server.hanging, server.error = {"job"}, http_error(503)
    listener = Listener(engine, server, interval=0.2)
    until(lambda: server.under_way)
    engine.close()
    server.released.set()
    until(lambda: not server.under_way and not our_threads())
    assert caplog.text == ""
    assert not any(report.health.ended for report in listener.reports)


def test_jump_of_the_clock_brings_a_check_at_once() -> None:
    """When wall time jumps against monotonic time, as after sleep, every job is looked at again."""
    wall = [1_000_000.0]
    engine, server = Poller(linger=0.2, wall=lambda: wall[0] + time.monotonic()), FakeServer()
    listener = Listener(engine, server, interval=3600)
    until(lambda: listener.answers == 1)
    wall[0] += 3600
    until(lambda: listener.answers == 2)
    wall[0] -= 7200
    until(lambda: listener.answers == 3)
    engine.close(5)


def test_retry_after_survives_the_watch(engine: Poller, server: FakeServer) -> None:
    """A new watch on a job cannot get around what the server asked of the one before."""
    server.error = http_error(429, retry_after=1.0)
    first = Listener(engine, server, interval=0.2)
    until(lambda: Health.RETRYING in first.healths)
    began = time.monotonic()
    first.subscription.close()
    server.error = None
    second = Listener(engine, server, interval=0.2)
    until(lambda: second.answers)
    assert time.monotonic() - began >= 0.9


def test_callbacks_run_in_a_thread_of_their_own(engine: Poller, server: FakeServer) -> None:
    """A callback that takes long delays neither other callbacks nor polling."""
    release, ran = threading.Event(), threading.Event()
    engine.call_soon(lambda: hang(release))
    engine.call_soon(ran.set)
    listener = Listener(engine, server, interval=0.2)
    until(lambda: listener.answers >= 3)
    until(ran.is_set)
    release.set()


def test_any_number_of_starts_and_stops_leaves_nothing(engine: Poller, server: FakeServer) -> None:
    """Hundreds of short subscriptions from several threads at once: no thread, no channel, no report after the end."""
    late: list[str] = []

    def churn() -> None:
        for number in range(60):
            listener = Listener(engine, server, f"job-{number % 7}", interval=0.2, timeout=math.inf)
            if number % 3:
                time.sleep(0.001)
            listener.subscription.close()
            listener.mailbox.settle(5)
            count = len(listener.reports)
            if number % 5 == 0:
                time.sleep(0.002)
            if len(listener.reports) != count:
                late.append("a report after close")

    threads = [threading.Thread(target=churn) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: not our_threads() and not engine._agenda.channels)
    assert late == []


SCRIPT = """
import os, sys, threading, time
import fiddler_widgets as fw
from fiddler_widgets.polling import poller
from tests.unit.fake_server import FakeServer, until
server = FakeServer()
job = fw.Job("job", connection=server)
card = fw.JobWidget(job, interval=0.2)
until(lambda: server.asked["job"] >= 2)
"""


def run_script(ending: str) -> subprocess.CompletedProcess[str]:
    """Run a process that watches a job, and then does this."""
    return subprocess.run(
        # That a process with threads is forked, newer Pythons warn of, is what one of the scripts is about.
        [sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning", "-c", SCRIPT + ending],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "ending",
    ["", "sys.exit(0)", "server.before = lambda: time.sleep(30); until(lambda: server.under_way)"],
    ids=["end of the program", "exit", "exit with a request under way"],
)
def test_interpreter_exits_promptly_and_in_silence(ending: str) -> None:
    """A program that ends in mid-watch ends, without a word."""
    began = time.monotonic()
    done = run_script(ending)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_child_polls_nothing_and_can_begin_anew() -> None:
    """A child inherits no thread and no stream; it can watch by itself, and the parent goes on."""
    done = run_script("""
sys.stdout.flush()
asked = server.asked["job"]
child = os.fork()
if child == 0:
    time.sleep(1.0)
    assert threading.active_count() == 1, threading.enumerate()
    assert server.asked["job"] == asked
    card.close()
    server.fields["status"] = "SUCCESS"
    assert [update.status for update in fw.Job("job", connection=server).watch(timeout=10)] == ["SUCCESS"]
    os._exit(0)
_, status = os.waitpid(child, 0)
assert status == 0
until(lambda: server.asked["job"] > asked + 2)
""")
    assert (done.returncode, done.stderr) == (0, "")

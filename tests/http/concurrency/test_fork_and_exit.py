"""Processes that are forked, and that end, at any moment of a watch."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fiddler_widgets.simulator import Fault
from tests.http.concurrency.moments import running

if TYPE_CHECKING:
    from fiddler_widgets.simulator import Simulator

pytestmark = pytest.mark.timeout(60)


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

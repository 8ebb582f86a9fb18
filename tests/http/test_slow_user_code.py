"""Code of users on our threads, with real sockets: how punctual requests and waits are beside it."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from requests.adapters import HTTPAdapter

import fiddler_widgets as fw
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.client.connection_options import ConnectionOptions
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.poller import WORKERS
from fiddler_widgets.simulator import Simulator
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets go whatever hangs, at the end of the test at the latest."""
    event = threading.Event()
    yield event
    event.set()


def running(sim: Simulator) -> SimulatedJob:
    """A job that goes on until the test ends it."""
    job = sim.add_job("linear", duration=20)
    job.set(status="STARTED")
    return job


@pytest.mark.alone
def test_ten_observers_that_sleep_delay_no_request_and_no_wait(sim: Simulator, release: threading.Event) -> None:
    """Each request comes within half a second of its time, and the end is told half a second after it at the latest."""
    hanging: set[str] = set()

    def sleep(change: Any) -> None:
        hanging.add(change["owner"].job_id)
        release.wait(12)

    for _ in range(10):
        fw.JobWidget(sim.add_job("linear", duration=60).id, interval=0.3).observe(sleep, "progress")
    until(lambda: len(hanging) == 10, seconds=20)
    waited_for, other = running(sim), running(sim)
    job, card = fw.Job.get(waited_for.id), fw.JobWidget(other.id, interval=0.3)
    ended: list[float] = []

    def end() -> None:
        ended.append(time.monotonic())
        waited_for.set(status="SUCCESS")

    timer = threading.Timer(3.0, end)
    timer.start()
    job.wait(interval=0.3, timeout=30)
    late = time.monotonic() - ended[0]
    timer.join()
    assert card.status == "STARTED"
    assert late < 0.3 + 0.5
    for job_id in (waited_for.id, other.id):
        times = [request.at for request in sim.requests_for(job_id)]
        assert len(times) >= 6
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 0.3 + 0.5


class Hanging(HTTPAdapter):
    """An adapter of the user's that sends nothing and does not return."""

    def __init__(self, release: threading.Event) -> None:
        super().__init__()
        self.release = release
        self.under_way = 0

    def send(self, *_args: Any, **_options: Any) -> Any:
        """Hang, then fail."""
        self.under_way += 1
        self.release.wait(60)
        raise LookupError


def test_adapters_that_hang_do_not_stop_another_server(sim: Simulator, release: threading.Event) -> None:
    """Though there are more of their requests than there are places."""
    with Simulator() as elsewhere:
        adapter = Hanging(release)
        connection = Connection(
            elsewhere.url, elsewhere.token, options=ConnectionOptions({}, verify=True, cert=None, adapter=adapter)
        )
        engine = shared_poller.shared()
        job = fw.Job.get(sim.add_job("linear", duration=1.0).id)
        subscriptions = [
            engine.subscribe(connection, elsewhere.add_job("linear").id, Mailbox(lambda _: None), interval=0.2)
            for _ in range(2 * WORKERS)
        ]
        watched = running(sim)
        other = fw.JobWidget(watched.id, interval=0.3)
        until(lambda: adapter.under_way >= WORKERS // 2)
        job.wait(interval=0.3, timeout=10)
        until(lambda: len(sim.requests_for(watched.id)) >= 5)
        other.close()
        for subscription in subscriptions:
            subscription.close()
        release.set()

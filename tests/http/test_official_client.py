"""The official client, as installed from PyPI, takes the simulator for a Fiddler platform."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import fiddler
import pytest
import requests

from fiddler_widgets.simulator import Fault, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERVAL = 0.05


@pytest.fixture
def sim(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """Return a running simulator; afterwards the client is as it was before."""
    # By default the client goes on for five minutes before it raises.
    monkeypatch.setenv("FIDDLER_CLIENT_RETRY_MAX_DURATION_SECONDS", "1")
    monkeypatch.setattr(fiddler, "conn", None)
    with Simulator() as simulator:
        yield simulator
        if fiddler.conn is not None:
            fiddler.conn.client.session.close()


@pytest.fixture
def connected(sim: Simulator) -> Simulator:
    """Return a simulator to which the client is connected, with its validation on."""
    fiddler.init(url=sim.url, token=sim.token, auto_attach_log_handler=False)
    return sim


def test_init_validates_server_and_version(connected: Simulator) -> None:
    """The client asks for the server's version and its own compatibility, and is content."""
    assert [request.path for request in connected.requests] == [
        "/v3/server-info",
        "/v3/version-compatibility",
    ]
    assert all(request.authorized and request.status == 200 for request in connected.requests)
    assert fiddler.conn.organization_name == "simulated"


def test_init_with_a_wrong_token_is_an_api_error(sim: Simulator) -> None:
    """The 401 arrives as the client's own error, with the code and the message."""
    with pytest.raises(fiddler.ApiError, match="token") as caught:
        fiddler.init(url=sim.url, token="wrong", auto_attach_log_handler=False)
    assert caught.value.code == 401


def test_get_fills_the_job(connected: Simulator) -> None:
    """Every field of the official job is what the simulator says."""
    made = connected.add_job("subtasks")
    made.set(progress=42.5, status="STARTED")
    job = fiddler.Job.get(made.id)
    said = made.answer()
    assert str(job.id) == said.pop("id")
    assert {name: getattr(job, name) for name in said} == said


def test_get_asks_with_a_capital_letter_and_is_understood(connected: Simulator) -> None:
    """The client writes `verbose=True` and `verbose=False`, and gets what it means."""
    made = connected.add_job("subtasks")
    assert fiddler.Job.get(made.id).extras == {}
    assert len(fiddler.Job.get(made.id, verbose=True).extras) == 6
    queries = [request.query for request in connected.requests_for(made.id)]
    assert queries == ["verbose=False", "verbose=True"]


def test_watch_sees_the_job_through(connected: Simulator) -> None:
    """From the queue to success, with progress that grows."""
    job = fiddler.Job.get(connected.add_job("linear", duration=1.0, queued=0.2).id)
    seen = [(update.status, update.progress) for update in job.watch(interval=INTERVAL)]
    statuses = [status for status, _ in seen]
    assert list(dict.fromkeys(statuses)) == ["PENDING", "STARTED", "SUCCESS"]
    progress = [percent for _, percent in seen]
    assert progress == sorted(progress)
    assert progress[-1] == 100.0


def test_wait_returns_on_success(connected: Simulator) -> None:
    """A job that succeeds ends the wait without an error."""
    job = fiddler.Job.get(connected.add_job("stepwise", duration=0.3).id)
    job.wait(interval=INTERVAL)
    assert job.status == "SUCCESS"


def test_wait_raises_on_failure_with_reason_and_message(connected: Simulator) -> None:
    """A job that fails is the client's `AsyncJobFailed`, in the simulator's words."""
    made = connected.add_job("failing", duration=0.3)
    with pytest.raises(fiddler.AsyncJobFailed) as caught:
        fiddler.Job.get(made.id).wait(interval=INTERVAL)
    answer = made.answer()
    assert f"failed with {answer['error_reason']}: {answer['error_message']}" in str(caught.value)


def test_watch_ends_on_revoked(connected: Simulator) -> None:
    """A revoked job ends the watch."""
    job = fiddler.Job.get(connected.add_job("revoked", duration=0.3).id)
    assert [update.status for update in job.watch(interval=INTERVAL)][-1] == "REVOKED"


def test_wait_gives_up_at_its_deadline(connected: Simulator) -> None:
    """A job that hangs ends in the built-in `TimeoutError`."""
    job = fiddler.Job.get(connected.add_job("stuck", duration=0.1).id)
    with pytest.raises(TimeoutError, match=str(job.id)):
        job.wait(interval=INTERVAL, timeout=0.3)


@pytest.mark.usefixtures("connected")
def test_unknown_job_is_not_found() -> None:
    """The 404 arrives as the client's `NotFound`, with the server's message."""
    with pytest.raises(fiddler.NotFound, match="Job not found") as caught:
        fiddler.Job.get(uuid4())
    assert caught.value.code == 404


def test_token_that_expires_is_an_api_error(connected: Simulator) -> None:
    """A token that is refused later on is an `ApiError`, too."""
    job = connected.add_job()
    connected.token = "renewed"
    with pytest.raises(fiddler.ApiError) as caught:
        fiddler.Job.get(job.id)
    assert caught.value.code == 401


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.status(400), fiddler.ApiError),
        (Fault.status(405), fiddler.Unsupported),
        (Fault.status(409), fiddler.Conflict),
        (Fault.html(), fiddler.HttpError),
        (Fault.status(400, body=b"<html>"), requests.HTTPError),
    ],
)
def test_errors_arrive_as_the_clients_types(connected: Simulator, fault: Fault, expected: type[Exception]) -> None:
    """What goes wrong on the wire is what the client knows it as."""
    job = connected.add_job()
    job.misbehave(fault)
    with pytest.raises(expected):
        fiddler.Job.get(job.id)


@pytest.mark.parametrize("fault", [Fault.status(503), Fault.reset(), Fault.cut_body()])
def test_watch_lives_through_an_outage(connected: Simulator, fault: Fault) -> None:
    """The client ignores failed looks and goes on."""
    made = connected.add_job("linear", duration=0.4)
    job = fiddler.Job.get(made.id)
    made.misbehave(fault, after=1, times=3)
    assert [update.status for update in job.watch(interval=INTERVAL)][-1] == "SUCCESS"
    assert [r.fault for r in connected.requests_for(made.id)].count(fault.name) == 3


def test_server_that_is_down_and_comes_back_is_lived_through(connected: Simulator) -> None:
    """A refused connection in mid-watch is no end."""
    made = connected.add_job()
    made.set(status="STARTED")
    updates = fiddler.Job.get(made.id).watch(interval=INTERVAL)
    assert next(updates).status == "STARTED"
    connected.pause()
    with pytest.raises(requests.ConnectionError):
        requests.get(connected.url, timeout=5)
    connected.resume()
    made.set(status="SUCCESS")
    begun = time.monotonic()
    assert next(updates).status == "SUCCESS"
    assert time.monotonic() - begun < 30

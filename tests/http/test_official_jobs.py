"""Jobs of the official client in our hands: its connection, its exceptions, its objects kept up to date."""

from __future__ import annotations

import asyncio
import concurrent.futures
import multiprocessing
import threading
from typing import TYPE_CHECKING

import fiddler
import pytest

import fiddler_widgets as fw
from fiddler_widgets.simulator import Fault, Simulator
from tests.http.official_init import official_init

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob

FIELDS = ("id", "name", "status", "progress", "info", "error_message", "error_reason", "extras")


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A simulator that only `fiddler.init` leads to."""
    monkeypatch.setattr(fiddler, "conn", None)
    with Simulator() as simulator:
        official_init(simulator)
        yield simulator
        fiddler.conn.client.session.close()


@pytest.fixture
def simulated(official: Simulator) -> SimulatedJob:
    """A running job there."""
    job = official.add_job("linear")
    job.set(status="STARTED", progress=30.0)
    return job


def test_connection_of_the_official_client_serves_us(simulated: SimulatedJob) -> None:
    """After `fiddler.init()`, `fw.Job.get` and `fw.init()` need nothing more."""
    assert fw.Job.get(simulated.id).progress == 30.0
    fw.init()
    assert fw.Job.get(simulated.id).progress == 30.0


def test_card_of_an_official_job_shows_it_at_once_and_updates_it(simulated: SimulatedJob) -> None:
    """The official object's fields follow, in the types that its owner expects."""
    theirs = fiddler.Job.get(simulated.id)
    card = fw.JobWidget(theirs, interval=0.2)
    assert (card.name, card.progress) == (simulated.name, 30.0)
    simulated.set(status="SUCCESS", progress=None, error_reason=None)
    card.wait(timeout=10)
    assert theirs.status == fiddler.JobStatus.SUCCESS
    assert type(theirs.status) is str
    assert theirs.progress == 0.0
    assert str(theirs.id) == simulated.id


@pytest.mark.parametrize("verbose", [False, True])
def test_every_field_of_an_official_job_is_as_if_just_asked_for(official: Simulator, verbose: bool) -> None:  # noqa: FBT001
    """After our wait, the official object equals one that its own `get` returns, in values and types."""
    simulated = official.add_job("subtasks", duration=600)
    theirs = fiddler.Job.get(simulated.id, verbose=verbose)
    card = fw.JobWidget(theirs, interval=0.2)
    simulated.set(status="FAILURE", progress=70.0, error_reason="DataValidationError", error_message="no column")
    with pytest.raises(fiddler.AsyncJobFailed):
        card.wait(timeout=10)
    fresh = fiddler.Job.get(simulated.id, verbose=verbose)
    assert theirs.error_reason == "DataValidationError"
    for name in FIELDS:
        ours, expected = getattr(theirs, name), getattr(fresh, name)
        assert (name, type(ours), ours) == (name, type(expected), expected)


def test_subtasks_of_an_official_job_are_kept(official: Simulator) -> None:
    """Who asked for them with `verbose=True` still has them after our first look, and in every card of that job."""
    theirs = fiddler.Job.get(official.add_job("subtasks", duration=600).id, verbose=True)
    assert len(theirs.extras) == 6
    with pytest.raises(TimeoutError):
        fw.JobWidget(theirs).wait(timeout=0)
    assert len(theirs.extras) == 6
    assert {request.verbose for request in official.requests_for(str(theirs.id))} == {True}


def test_official_object_may_be_changed_freely(simulated: SimulatedJob) -> None:
    """What its owner writes into its dictionaries is written into no state of ours."""
    simulated.set(status="SUCCESS")
    theirs = fiddler.Job.get(simulated.id, verbose=True)
    card = fw.JobWidget(theirs)
    card.wait(timeout=10)
    state = card.job.state
    assert state is not None
    before = repr((state.info, state.extras))
    theirs.info["project"]["name"] = "another"
    theirs.extras["mine"] = {}
    assert repr((state.info, state.extras)) == before


@pytest.mark.parametrize("status", ["FAILURE", "REVOKED"])
def test_official_except_clause_catches_a_failed_job(simulated: SimulatedJob, status: str) -> None:
    """`except fiddler.AsyncJobFailed` holds, and so does ours; the text and the job are there."""
    card = fw.JobWidget(fiddler.Job.get(simulated.id), interval=0.2)
    simulated.set(status=status, error_reason="Oops", error_message="no space")
    with pytest.raises(fiddler.AsyncJobFailed, match="no space") as caught:
        card.wait(timeout=10)
    assert isinstance(caught.value, fw.JobRevoked if status == "REVOKED" else fw.AsyncJobFailed)
    assert caught.value.job is card.job


def test_official_except_clause_catches_through_await(simulated: SimulatedJob) -> None:
    """Awaiting is no different."""
    simulated.set(status="FAILURE")
    card = fw.JobWidget(fiddler.Job.get(simulated.id))

    async def wait() -> None:
        await card

    with pytest.raises(fiddler.AsyncJobFailed):
        asyncio.run(wait())


def test_official_not_found_and_api_error_catch(simulated: SimulatedJob) -> None:
    """`except fiddler.NotFound` and `except fiddler.ApiError` hold, with code and message."""
    card = fw.JobWidget(fiddler.Job.get(simulated.id), interval=0.2)
    simulated.misbehave(Fault.status(404))
    with pytest.raises(fiddler.NotFound) as missing:
        card.job.refresh()
    assert missing.value.code == 404
    simulated.misbehave(Fault.status(403))
    with pytest.raises(fiddler.ApiError, match="token was refused") as refused:
        card.wait(timeout=10)
    assert refused.value.code == 403
    assert isinstance(refused.value, fw.ApiError)


def test_timeout_of_an_official_job_is_a_timeout_error(simulated: SimulatedJob) -> None:
    """What its own `wait` raises at the deadline."""
    with pytest.raises(TimeoutError):
        fw.JobWidget(fiddler.Job.get(simulated.id)).wait(timeout=0.3)


def test_several_official_jobs_at_once(official: Simulator, simulated: SimulatedJob) -> None:
    """`fw.wait` takes them, mixed with ids."""
    other = official.add_job("instant")
    timer = threading.Timer(0.3, lambda: simulated.set(status="SUCCESS"))
    timer.start()
    done, _ = fw.wait([fiddler.Job.get(simulated.id), other.id], timeout=20)
    assert {job.status for job in done} == {"SUCCESS"}
    timer.join()


def wait_for_official_job(url: str, token: str, id_: str) -> None:
    """What a process of a pool is given to do."""
    fiddler.init(url=url, token=token)
    fw.JobWidget(fiddler.Job.get(id_)).wait(timeout=20)


def test_failure_in_a_process_pool_is_raised_where_it_is_waited_for(official: Simulator) -> None:
    """The exception comes out of the pool, is caught as ever, and knows its job."""
    simulated = official.add_job("linear")
    simulated.set(status="FAILURE", error_message="no space")
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, spawn) as pool:
        failed = pool.submit(wait_for_official_job, official.url, official.token, simulated.id)
        with pytest.raises(fiddler.AsyncJobFailed, match="no space") as caught:
            failed.result(60)
    assert (str(caught.value.job.id), caught.value.job.status) == (simulated.id, "FAILURE")


def test_our_own_jobs_raise_our_own_exceptions(simulated: SimulatedJob) -> None:
    """Who never used the official client is not handed its classes."""
    simulated.set(status="FAILURE")
    with pytest.raises(fw.AsyncJobFailed) as caught:
        fw.Job.get(simulated.id).wait(timeout=10)
    assert not isinstance(caught.value, fiddler.AsyncJobFailed)

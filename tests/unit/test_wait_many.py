"""Several jobs at once, as `concurrent.futures` has it."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

import fiddler_widgets as fw
from fiddler_widgets.client import default_connection
from tests.unit.fake_server import FakeServer, until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.polling.poller import Poller

IDS = [f"{number}1111111-1111-1111-1111-111111111111" for number in range(4)]


class Servers(dict[str, FakeServer]):
    """A server for each job, so that each can be driven by itself."""

    def job(self, number: int) -> fw.Job:
        """The handle of a job."""
        return fw.Job(IDS[number], connection=self[IDS[number]])

    def end(self, number: int, status: str = "SUCCESS") -> None:
        """A job reaches its final status."""
        self[IDS[number]].fields["status"] = status


@pytest.fixture
def servers(engine: Poller) -> Servers:  # noqa: ARG001 (they are there to be polled)
    """Four running jobs."""
    return Servers({id_: FakeServer() for id_ in IDS})


def soon(action: Callable[[], object]) -> None:
    """Do something in a moment, in another thread."""
    threading.Timer(0.3, action).start()


def test_wait_for_all(servers: Servers) -> None:
    """By default it returns when every job is over, however it ended."""
    jobs = [servers.job(number) for number in range(3)]
    servers.end(0)
    servers.end(1, "FAILURE")
    soon(lambda: servers.end(2, "REVOKED"))
    done, not_done = fw.wait(jobs, timeout=20)
    assert done == set(jobs)
    assert not_done == set()
    assert [job.status for job in jobs] == ["SUCCESS", "FAILURE", "REVOKED"]


def test_wait_for_the_first(servers: Servers) -> None:
    """FIRST_COMPLETED returns with the first that is over."""
    jobs = [servers.job(number) for number in range(3)]
    soon(lambda: servers.end(1))
    result = fw.wait(jobs, timeout=20, return_when="FIRST_COMPLETED")
    assert result.done == {jobs[1]}
    assert result.not_done == {jobs[0], jobs[2]}


def test_wait_for_the_first_exception(servers: Servers) -> None:
    """FIRST_EXCEPTION passes over successes and returns with the first failure."""
    jobs = [servers.job(number) for number in range(3)]
    servers.end(0)
    soon(lambda: servers.end(2, "FAILURE"))
    done, not_done = fw.wait(jobs, timeout=20, return_when="FIRST_EXCEPTION")
    assert jobs[2] in done
    assert jobs[1] in not_done


def test_first_exception_without_one_waits_for_all(servers: Servers) -> None:
    """Where all succeed it is as ALL_COMPLETED."""
    jobs = [servers.job(0), servers.job(1)]
    servers.end(0)
    soon(lambda: servers.end(1))
    assert fw.wait(jobs, timeout=20, return_when="FIRST_EXCEPTION").not_done == set()


def test_refused_job_is_done_and_an_exception(servers: Servers) -> None:
    """A job of which nothing more can be learned does not hold up the rest."""
    servers[IDS[0]].error = http_error(401)
    jobs = [servers.job(0), servers.job(1)]
    done, not_done = fw.wait(jobs, timeout=20, return_when="FIRST_EXCEPTION")
    assert (done, not_done) == ({jobs[0]}, {jobs[1]})
    assert not jobs[0].done()


def test_timeout_returns_what_there_is(servers: Servers) -> None:
    """When the time is over it returns, and raises nothing."""
    jobs = [servers.job(0), servers.job(1)]
    servers.end(0)
    began = time.monotonic()
    done, not_done = fw.wait(jobs, timeout=0.6)
    assert 0.6 <= time.monotonic() - began < 0.85
    assert (done, not_done) == ({jobs[0]}, {jobs[1]})


def test_jobs_and_ids_mix(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids become jobs of the configured connection."""
    for number in range(3):
        servers.end(number)
    monkeypatch.setattr(default_connection, "current", lambda: servers[IDS[1]])
    done, _ = fw.wait([servers.job(0), IDS[1], UUID(IDS[2])], timeout=20)
    assert {str(job.id) for job in done} == set(IDS[:3])
    assert all(isinstance(job, fw.Job) for job in done)


def test_same_job_twice_is_one(servers: Servers) -> None:
    """As with futures, a job counts once."""
    job = servers.job(0)
    servers.end(0)
    assert fw.wait([job, job], timeout=20).done == {job}
    assert list(fw.as_completed([job, job], timeout=20)) == [job]


def test_finished_job_needs_no_request(servers: Servers) -> None:
    """What is known to be over is done at once."""
    servers.end(0)
    job = servers.job(0).refresh()
    fw.wait([job])
    assert servers[IDS[0]].asked.total() == 1


def test_no_jobs_are_all_done() -> None:
    """An empty list is no reason to wait."""
    assert fw.wait([]) == (set(), set())
    assert list(fw.as_completed([])) == []


def test_as_completed_yields_in_the_order_of_the_ends(servers: Servers) -> None:
    """Each job comes when it is over, once."""
    jobs = [servers.job(number) for number in range(3)]
    order = []
    servers.end(2)
    for job in fw.as_completed(jobs, timeout=30):
        order.append(jobs.index(job))
        if len(order) == 1:
            servers.end(0, "FAILURE")
        else:
            servers.end(1)
    assert order == [2, 0, 1]


def test_as_completed_times_out(servers: Servers) -> None:
    """It raises a `TimeoutError` that says how many are left, after yielding those that are over."""
    jobs = [servers.job(0), servers.job(1)]
    servers.end(0)
    seen: list[fw.Job] = []
    with pytest.raises(fw.JobTimeoutError, match="1 of 2 jobs"):
        seen.extend(fw.as_completed(jobs, timeout=0.6))
    assert seen == [jobs[0]]


def test_leaving_early_polls_no_more(servers: Servers, engine: Poller) -> None:
    """A loop that breaks, and a wait that returns, leave nothing behind."""
    servers.end(0)
    for _ in fw.as_completed([servers.job(0), servers.job(1)], timeout=20):
        break
    fw.wait([servers.job(0), servers.job(1)], timeout=20, return_when="FIRST_COMPLETED")
    until(lambda: not any(channel.subscriptions for channel in engine._agenda.channels.values()))


@pytest.mark.parametrize("bad", [-1, math.nan])
def test_impossible_timeouts_are_refused_at_the_call(servers: Servers, bad: float) -> None:
    """Before any request."""
    with pytest.raises(ValueError, match="timeout"):
        fw.wait([servers.job(0)], timeout=bad)
    with pytest.raises(ValueError, match="timeout"):
        fw.as_completed([servers.job(0)], timeout=bad)
    assert not servers[IDS[0]].asked


def test_unknown_condition_is_refused(servers: Servers) -> None:
    """The message lists what there is."""
    with pytest.raises(ValueError, match="FIRST_COMPLETED"):
        fw.wait([servers.job(0)], return_when="SOMETIMES")


def test_what_is_no_job_is_refused_at_the_call() -> None:
    """Also by `as_completed`, before its first step."""
    for function in (fw.wait, fw.as_completed):
        with pytest.raises(TypeError, match="id"):
            function([None])


@pytest.mark.parametrize("single", ["e9a2a782-1db4-4bb8-8db0-3fa5a278c068", b"id", None, 7])
def test_single_thing_is_no_list_of_jobs(single: object) -> None:
    """An id is not taken apart into letters."""
    for function in (fw.wait, fw.as_completed):
        with pytest.raises(TypeError, match=r"\[job\]"):
            function(single)  # type: ignore[arg-type]

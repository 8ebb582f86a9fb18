"""The simulator starts, pauses, stops and counts, from any thread and any number of times."""

from __future__ import annotations

import asyncio
import http.client
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fiddler_widgets.simulator import Fault, Simulator
from tests.http.raw_http import asking, get, get_job, job_path, read_all

HANGING = """
import socket
from fiddler_widgets.simulator import Fault, Simulator

with Simulator() as sim:
    job = sim.add_job()
    for fault in (Fault.hang(), Fault.slow_body(), Fault.huge_body(10**12), Fault.delay(60)):
        job.misbehave(fault, times=1)
        sock = socket.create_connection(("127.0.0.1", sim.port))
        sock.sendall(
            f"GET /v3/jobs/{job.id} HTTP/1.1\\r\\nAuthorization: Bearer {sim.token}\\r\\n\\r\\n".encode()
        )
        sim.wait_for_requests(1)
        sim.clear_requests()
        globals().setdefault("kept", []).append(sock)
for sock in kept:
    sock.close()
"""


def simulator_threads() -> list[threading.Thread]:
    """Return the threads of simulators that run."""
    return [t for t in threading.enumerate() if t.name.startswith("fiddler-simulator")]


def refused(sim: Simulator) -> bool:
    """Say whether the simulator's port refuses a connection."""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", sim.port)) != 0


def test_stop_leaves_no_thread_and_no_port() -> None:
    """After the block nothing listens and nothing runs."""
    with Simulator() as sim:
        assert len(simulator_threads()) == 1
        assert not refused(sim)
    assert simulator_threads() == []
    assert refused(sim)


def test_start_and_stop_twice_do_no_harm() -> None:
    """Both are idempotent, and stopping before starting is nothing."""
    sim = Simulator()
    sim.stop()
    sim.start()
    sim.start()
    assert len(simulator_threads()) == 1
    sim.stop()
    sim.stop()
    assert simulator_threads() == []


def test_start_after_stop_takes_the_same_port() -> None:
    """A client's address stays good, and the jobs are still there."""
    sim = Simulator()
    sim.start()
    job, url = sim.add_job(), sim.url
    sim.stop()
    with sim:
        assert sim.url == url
        assert get_job(sim, job)["id"] == job.id


def test_two_simulators_share_nothing() -> None:
    """Each has its port, its token and its jobs."""
    with Simulator() as one, Simulator() as other:
        assert one.port != other.port
        assert get(other, job_path(one.add_job()))[0] == 404
        assert get(other, "/v3/server-info", token=one.token)[0] == 401


def test_taken_port_is_an_error_at_start() -> None:
    """Who asks for a port that is taken is told so, and nothing stays behind."""
    with Simulator() as sim:
        second = Simulator(port=sim.port)
        with pytest.raises(OSError, match="in use"):
            second.start()
        assert len(simulator_threads()) == 1
        second.stop()


def test_stop_is_quick_whatever_hangs() -> None:
    """Requests that would go on for ever end with the server, within a second."""
    with Simulator() as sim:
        job = sim.add_job()
        job.misbehave(Fault.hang())
        with asking(sim, job) as first, asking(sim, job) as second:
            sim.wait_for_requests(2)
            begun = time.monotonic()
            sim.stop()
            assert time.monotonic() - begun < 1
            assert read_all(first) == read_all(second) == b""


def test_stop_in_the_middle_of_everything_says_nothing() -> None:
    """No warning, no pending task, no traceback appears on standard error."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", HANGING],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_many_simulators_in_a_row_leave_nothing() -> None:
    """Thirty simulators come, answer and go."""
    for _ in range(30):
        with Simulator() as sim:
            assert get_job(sim, sim.add_job())["status"] == "PENDING"
    assert simulator_threads() == []


def test_works_while_an_event_loop_runs_in_the_calling_thread() -> None:
    """In a notebook the caller's thread has a running loop of its own."""

    async def cell() -> int:
        with Simulator() as sim:
            job = sim.add_job()
            sim.pause()
            sim.resume()
            return (await asyncio.to_thread(get, sim, job_path(job)))[0]

    assert asyncio.run(cell()) == 200


def test_pause_refuses_and_resume_listens_on_the_same_port() -> None:
    """While paused the port refuses; afterwards the same address answers."""
    with Simulator() as sim:
        job, port = sim.add_job(), sim.port
        for _ in range(3):
            sim.pause()
            assert refused(sim)
            sim.resume()
            assert get_job(sim, job)["id"] == job.id
        assert sim.port == port


def test_pause_drops_the_connections_there_are() -> None:
    """An idle connection and one with an answer under way both end."""
    with Simulator() as sim:
        job = sim.add_job()
        idle = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
        idle.request("GET", job_path(job), headers={"Authorization": f"Bearer {sim.token}"})
        idle.getresponse().read()
        job.misbehave(Fault.hang())
        with asking(sim, job) as busy:
            sim.wait_for_requests(2)
            sim.pause()
            assert read_all(busy) == read_all(idle.sock) == b""
        idle.close()


def test_pause_keeps_the_port_from_others() -> None:
    """Nobody else gets the port while it refuses."""
    with Simulator() as sim:
        sim.pause()
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", sim.port))


def test_pause_twice_and_resume_twice_do_no_harm() -> None:
    """Both are idempotent, and a paused simulator can be stopped."""
    with Simulator() as sim:
        sim.resume()
        sim.pause()
        sim.pause()
        sim.resume()
        sim.resume()
        assert get(sim, "/v3/server-info")[0] == 200
        sim.pause()
    assert simulator_threads() == []


def test_pause_of_what_does_not_run_is_an_error() -> None:
    """There is nothing to pause before the start."""
    with pytest.raises(RuntimeError, match="not running"):
        Simulator().pause()


def test_requests_are_noted_in_order_with_time_and_agent() -> None:
    """Each request is noted as it came, oldest first, by the simulator's clock."""
    with Simulator() as sim:
        job = sim.add_job()
        before = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
        for path in ("/v3/server-info?a=b", job_path(job, verbose=True)):
            headers = {"Authorization": f"Bearer {sim.token}", "User-Agent": "test/1"}
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
        connection.close()
        first, second = sim.requests
    assert before <= first.at <= second.at <= time.monotonic()
    assert (first.method, first.path, first.query, first.job_id) == (
        "GET",
        "/v3/server-info",
        "a=b",
        None,
    )
    assert (second.job_id, second.verbose, second.authorized) == (job.id, True, True)
    assert second.user_agent == "test/1"


def test_requests_can_be_told_apart_by_job_and_cleared() -> None:
    """`requests_for` is about one job; `clear_requests` begins anew."""
    with Simulator() as sim:
        one, other = sim.add_job(), sim.add_job()
        for job in (one, other, one):
            get_job(sim, job)
        assert [len(sim.requests_for(job.id)) for job in (one, other)] == [2, 1]
        sim.clear_requests()
        assert sim.requests == []
        with pytest.raises(TimeoutError):
            sim.wait_for_requests(1, one.id, timeout=0)


def test_wait_for_requests_wakes_when_they_came() -> None:
    """The wait ends with the n-th request about that job, and returns those."""
    with Simulator() as sim, ThreadPoolExecutor(1) as pool:
        job, other = sim.add_job(), sim.add_job()
        waiting = pool.submit(sim.wait_for_requests, 2, job.id)
        for asked in (other, other, job):
            get_job(sim, asked)
        assert not waiting.done()
        get_job(sim, job)
        assert [request.job_id for request in waiting.result(10)] == [job.id] * 2


def test_wait_for_requests_says_what_it_saw_instead() -> None:
    """A wait in vain names both numbers."""
    with Simulator() as sim:
        get(sim, "/v3/server-info")
        with pytest.raises(TimeoutError, match="Saw 1 of 5 requests"):
            sim.wait_for_requests(5, timeout=0.05)


def test_carries_ten_thousand_jobs() -> None:
    """So many jobs are there, each with an answer of its own, many clients at a time."""
    with Simulator() as sim:
        jobs = [sim.add_job(duration=1000.0) for _ in range(10_000)]
        asked = jobs[::50]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda job: get_job(sim, job), asked))
    assert [answer["id"] for answer in answers] == [job.id for job in asked]
    assert len({job.id for job in jobs}) == 10_000

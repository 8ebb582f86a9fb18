"""The simulator misbehaves exactly as asked: seen byte by byte, on real sockets."""

from __future__ import annotations

import gzip
import http.client
import json
import math
import socket
import time
import zlib
from typing import Any

import pytest

from fiddler_widgets.simulator import Fault, SimulatedJob, Simulator
from tests.http.raw_http import asking, get, get_job, job_path, raw_answer, read_all

MIB = 2**20


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """Return a job that stands still at 40 %."""
    job = sim.add_job()
    job.set(status="STARTED", progress=40.0)
    return job


def envelope(job: SimulatedJob) -> dict[str, Any]:
    """Return the whole document that a good answer about the job is."""
    return {"api_version": "3.0", "kind": "NORMAL", "data": job.answer()}


@pytest.mark.parametrize("code", [400, 401, 403, 404, 408, 422, 425, 429, 500, 501, 503, 599])
def test_status_comes_in_the_error_envelope(sim: Simulator, job: SimulatedJob, code: int) -> None:
    """Any status can be had, in the platform's envelope."""
    job.misbehave(Fault.status(code))
    status, headers, body = get(sim, job_path(job))
    error = json.loads(body)["error"]
    assert status == error["code"] == code
    assert headers["Retry-After"] is None
    assert set(error["errors"][0]) == {"reason", "message", "help"}


@pytest.mark.parametrize(
    ("given", "sent"),
    [(7, "7"), (0.5, "0.5"), ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT")],
)
def test_retry_after_in_both_forms(sim: Simulator, job: SimulatedJob, given: float | str, sent: str) -> None:
    """`Retry-After` is sent as seconds or as a date."""
    job.misbehave(Fault.status(503, retry_after=given))
    assert get(sim, job_path(job))[1]["Retry-After"] == sent


def test_status_with_a_body_and_headers_of_ones_own(sim: Simulator, job: SimulatedJob) -> None:
    """Body and headers of an error can be chosen."""
    job.misbehave(Fault.status(502, body=b"<h1>proxy</h1>", headers={"Via": "1.1 proxy"}))
    status, headers, body = get(sim, job_path(job))
    assert (status, headers["Via"], body) == (502, "1.1 proxy", b"<h1>proxy</h1>")


@pytest.mark.parametrize("code", [204, 304])
def test_status_without_a_body_sends_none(sim: Simulator, job: SimulatedJob, code: int) -> None:
    """Where HTTP allows no body, none follows, so that a next answer would be read right."""
    job.misbehave(Fault.status(code))
    head, body = raw_answer(sim, job)
    assert head.startswith(f"HTTP/1.1 {code} ".encode())
    assert body == b""


def test_reset_comes_before_any_byte(sim: Simulator, job: SimulatedJob) -> None:
    """A reset is a TCP RST and nothing else."""
    job.misbehave(Fault.reset())
    with asking(sim, job) as sock, pytest.raises(ConnectionResetError):
        sock.recv(1)


def test_reset_in_the_body_comes_after_the_header(sim: Simulator, job: SimulatedJob) -> None:
    """The header and a part of the body arrive, then the RST."""
    job.misbehave(Fault.reset(in_body=True))
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    connection.request("GET", job_path(job), headers={"Authorization": f"Bearer {sim.token}"})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(ConnectionResetError):
        response.read()
    connection.close()


def test_close_ends_the_connection_without_an_answer(sim: Simulator, job: SimulatedJob) -> None:
    """The connection ends in good order, with no byte sent."""
    job.misbehave(Fault.close())
    with asking(sim, job) as sock:
        assert read_all(sock) == b""


def test_hang_takes_the_request_and_never_answers(sim: Simulator, job: SimulatedJob) -> None:
    """The request was seen, and no byte and no end comes."""
    job.misbehave(Fault.hang())
    with asking(sim, job) as sock:
        sim.wait_for_requests(1, job.id)
        sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_slow_header_comes_byte_by_byte(sim: Simulator, job: SimulatedJob) -> None:
    """From the first byte of the header on, each one takes its time."""
    job.misbehave(Fault.slow_header(pace=0.1))
    with asking(sim, job) as sock:
        begun = time.monotonic()
        received = b"".join(sock.recv(65536) for _ in range(4))
        took = time.monotonic() - begun
    # Bytes sent while the test was not looking arrive together.
    assert b"HTTP/1.1 200 OK".startswith(received[:15])
    assert len(received) <= took / 0.1 + 2


def test_slow_body_comes_after_a_quick_header(sim: Simulator, job: SimulatedJob) -> None:
    """The header comes at once, then the body byte by byte."""
    job.misbehave(Fault.slow_body(pace=0.1))
    with asking(sim, job) as sock:
        received = sock.recv(65536)
        while b"\r\n\r\n" not in received:
            received += sock.recv(65536)
        begun = time.monotonic()
        body = b"".join(sock.recv(65536) for _ in range(4))
        took = time.monotonic() - begun
    assert len(body) <= took / 0.1 + 2


def test_slow_answer_is_good_in_the_end(sim: Simulator, job: SimulatedJob) -> None:
    """Slowness is all that is wrong with it."""
    job.misbehave(Fault.slow_body(pace=0.0002))
    assert json.loads(raw_answer(sim, job)[1]) == envelope(job)


def test_delay_is_a_good_answer_later(sim: Simulator, job: SimulatedJob) -> None:
    """No byte comes before the delay is over, then the whole answer."""
    job.misbehave(Fault.delay(0.2))
    with asking(sim, job) as sock:
        seen = sim.wait_for_requests(1)[0]
        first = sock.recv(1)
        assert time.monotonic() - seen.at >= 0.2
        answer = first + read_all(sock)
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == envelope(job)


def test_truncated_json_has_an_honest_length(sim: Simulator, job: SimulatedJob) -> None:
    """HTTP is satisfied; only the JSON ends in the middle."""
    job.misbehave(Fault.truncated_json())
    status, headers, body = get(sim, job_path(job))
    assert status == 200
    assert int(headers["Content-Length"]) == len(body) > 0
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_cut_body_promises_more_than_it_sends(sim: Simulator, job: SimulatedJob) -> None:
    """The connection ends before `Content-Length` bytes came."""
    job.misbehave(Fault.cut_body())
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(sim, job_path(job))
    assert caught.value.partial
    assert caught.value.expected


def test_huge_body_is_wrong_in_its_size_only(sim: Simulator, job: SimulatedJob) -> None:
    """So many bytes come, and they are a good answer."""
    job.misbehave(Fault.huge_body(9 * MIB))
    _, headers, body = get(sim, job_path(job))
    assert int(headers["Content-Length"]) == len(body) == 9 * MIB
    assert json.loads(body) == envelope(job)


def test_huge_body_waits_for_its_reader(sim: Simulator, job: SimulatedJob) -> None:
    """A body larger than any memory is streamed, and the server goes on meanwhile."""
    job.misbehave(Fault.huge_body(10**13), times=1)
    with asking(sim, job) as sock:
        assert sock.recv(1) == b"H"
        assert get_job(sim, job)["progress"] == 40.0


def test_gzip_bomb_is_small_on_the_wire(sim: Simulator, job: SimulatedJob) -> None:
    """A few kilobytes unpack to megabytes of a good answer."""
    job.misbehave(Fault.gzip_bomb(9))
    _, headers, body = get(sim, job_path(job))
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < MIB / 64
    unpacked = gzip.decompress(body)
    assert len(unpacked) > 9 * MIB
    assert json.loads(unpacked) == envelope(job)
    assert zlib.decompressobj(31).decompress(body) == unpacked


def test_html_is_a_page_with_status_200(sim: Simulator, job: SimulatedJob) -> None:
    """A sign-in page comes where JSON belongs."""
    job.misbehave(Fault.html())
    status, headers, body = get(sim, job_path(job))
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_names_its_target(sim: Simulator, job: SimulatedJob, code: int) -> None:
    """The status is a redirect's, and `Location` is the target."""
    job.misbehave(Fault.redirect("http://other.invalid/x", code))
    status, headers, _ = get(sim, job_path(job))
    assert (status, headers["Location"]) == (code, "http://other.invalid/x")


def test_wrong_id_is_right_in_all_else(sim: Simulator, job: SimulatedJob) -> None:
    """Only the id is another one."""
    job.misbehave(Fault.wrong_id())
    data = get_job(sim, job)
    assert data["id"] != job.id
    assert {**data, "id": job.id} == job.answer()


@pytest.mark.parametrize("literal", ["NaN", "Infinity", '"42"', "true", "-5", "250", "null", "{}"])
def test_odd_progress_goes_over_the_wire_letter_by_letter(sim: Simulator, job: SimulatedJob, literal: str) -> None:
    """Whatever literal was asked for stands in the JSON, and the rest is good."""
    job.misbehave(Fault.odd_progress(literal))
    _, body = raw_answer(sim, job)
    assert f'"progress": {literal}, '.encode() in body
    data = json.loads(body)["data"]
    expected = json.loads(literal)
    if isinstance(expected, float) and math.isnan(expected):
        assert math.isnan(data["progress"])
    else:
        assert data["progress"] == expected
    assert {**data, "progress": 40.0} == job.answer()


def test_odd_progress_can_be_missing(sim: Simulator, job: SimulatedJob) -> None:
    """The field is not there at all."""
    job.misbehave(Fault.odd_progress(None))
    assert job.answer().keys() - get_job(sim, job).keys() == {"progress"}


def test_without_leaves_fields_out(sim: Simulator, job: SimulatedJob) -> None:
    """Any fields can be missing."""
    job.misbehave(Fault.without("info", "name"))
    assert job.answer().keys() - get_job(sim, job).keys() == {"info", "name"}


def test_without_data_is_an_empty_envelope(sim: Simulator, job: SimulatedJob) -> None:
    """The envelope comes without its content."""
    job.misbehave(Fault.without_data())
    assert json.loads(get(sim, job_path(job))[2]) == {"api_version": "3.0", "kind": "NORMAL"}


def test_list_body_is_a_list(sim: Simulator, job: SimulatedJob) -> None:
    """Good JSON of the wrong shape comes."""
    job.misbehave(Fault.list_body())
    assert json.loads(get(sim, job_path(job))[2]) == [envelope(job)]


def test_invalid_utf8_cannot_be_decoded(sim: Simulator, job: SimulatedJob) -> None:
    """The bytes are JSON but for their encoding."""
    job.misbehave(Fault.invalid_utf8())
    body = get(sim, job_path(job))[2]
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert json.loads(body.decode(errors="ignore")) == envelope(job)


def test_body_is_sent_as_given(sim: Simulator, job: SimulatedJob) -> None:
    """Any bytes can be had under any type and status."""
    job.misbehave(Fault.body(b"\x00\xff", "application/x-any", status=206))
    status, headers, body = get(sim, job_path(job))
    assert (status, headers["Content-Type"], body) == (206, "application/x-any", b"\x00\xff")


def statuses(sim: Simulator, job: SimulatedJob, n: int) -> list[int]:
    """Ask n times and return the statuses."""
    return [get(sim, job_path(job))[0] for _ in range(n)]


def test_fault_is_due_after_so_many_and_so_often(sim: Simulator, job: SimulatedJob) -> None:
    """`after` requests go well, `times` go wrong, then all is well again."""
    job.misbehave(Fault.status(503), after=2, times=3)
    assert statuses(sim, job, 6) == [200, 200, 503, 503, 503, 200]


def test_fault_without_times_lasts_until_behave(sim: Simulator, job: SimulatedJob) -> None:
    """It goes on until `behave` ends it."""
    job.misbehave(Fault.status(503))
    assert statuses(sim, job, 3) == [503] * 3
    job.behave()
    assert statuses(sim, job, 1) == [200]


def test_fault_for_no_request_is_none(sim: Simulator, job: SimulatedJob) -> None:
    """`times=0` plans nothing."""
    job.misbehave(Fault.status(503), times=0)
    assert statuses(sim, job, 2) == [200, 200]


def test_latest_plan_wins_where_two_meet(sim: Simulator, job: SimulatedJob) -> None:
    """A short fault can interrupt a long one."""
    job.misbehave(Fault.status(503))
    job.misbehave(Fault.status(429), after=1, times=1)
    assert statuses(sim, job, 3) == [503, 429, 503]


def test_fault_is_the_jobs_own(sim: Simulator, job: SimulatedJob) -> None:
    """Other jobs answer well."""
    job.misbehave(Fault.status(503))
    assert statuses(sim, sim.add_job(), 1) == [200]


def test_fault_of_a_job_does_not_hide_a_wrong_token(sim: Simulator, job: SimulatedJob) -> None:
    """A request with a wrong token gets its 401, and uses no fault up."""
    job.misbehave(Fault.status(503), times=1)
    assert get(sim, job_path(job), token="wrong")[0] == 401
    assert statuses(sim, job, 2) == [503, 200]


def test_fault_of_the_server_hits_every_path(sim: Simulator, job: SimulatedJob) -> None:
    """A server that misbehaves does so for jobs, for the rest, and without a token."""
    sim.misbehave(Fault.status(500))
    paths = (job_path(job), "/v3/server-info", "/nowhere")
    assert [get(sim, path, token="wrong")[0] for path in paths] == [500] * 3
    sim.behave()
    assert statuses(sim, job, 1) == [200]


def test_fault_of_the_server_goes_before_a_jobs(sim: Simulator, job: SimulatedJob) -> None:
    """It wins, and does not use the job's fault up."""
    job.misbehave(Fault.status(503), times=1)
    sim.misbehave(Fault.status(500), times=1)
    assert statuses(sim, job, 3) == [500, 503, 200]


@pytest.mark.parametrize(
    "fault",
    [Fault.wrong_id(), Fault.odd_progress("NaN"), Fault.without("name"), Fault.invalid_utf8()],
)
def test_fault_about_jobs_leaves_other_answers_whole(sim: Simulator, fault: Fault) -> None:
    """Where there is no job to change, a whole answer comes."""
    sim.misbehave(fault)
    assert get(sim, "/nowhere")[0] == 404


@pytest.mark.parametrize(("after", "times"), [(-1, None), (0, -1)])
def test_negative_counts_are_refused(job: SimulatedJob, after: int, times: int | None) -> None:
    """A count below zero is an error at the call."""
    with pytest.raises(ValueError, match="must not be negative"):
        job.misbehave(Fault.hang(), after=after, times=times)


def test_requests_say_what_was_answered(sim: Simulator, job: SimulatedJob) -> None:
    """Each request is noted with its status and with the fault it met."""
    job.misbehave(Fault.status(503), times=1)
    statuses(sim, job, 2)
    job.misbehave(Fault.reset())
    with asking(sim, job) as sock, pytest.raises(ConnectionResetError):
        sock.recv(1)
    assert [(r.status, r.fault) for r in sim.requests_for(job.id)] == [
        (503, "status 503"),
        (200, None),
        (None, "reset"),
    ]


def test_client_that_leaves_ends_a_slow_answer(sim: Simulator, job: SimulatedJob) -> None:
    """A connection that nobody reads any more is not served on."""
    job.misbehave(Fault.hang())
    with asking(sim, job) as sock:
        sim.wait_for_requests(1, job.id)
        assert sim.connections == 1
        sock.shutdown(socket.SHUT_RDWR)
    deadline = time.monotonic() + 10
    while sim.connections and time.monotonic() < deadline:
        time.sleep(0.005)
    assert sim.connections == 0

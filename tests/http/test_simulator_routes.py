"""The simulator's routes: what a well-behaved server answers."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from fiddler_widgets.simulator import Simulator
from tests.http.raw_http import TIMEOUT, get, get_job, job_path, read_all, request_bytes


@pytest.fixture
def sim() -> Simulator:
    """Return a simulator whose clock stands still; the test starts it."""
    return Simulator(clock=lambda: 1000.0)


def test_job_answers_in_the_platforms_envelope(sim: Simulator) -> None:
    """A good answer has the envelope and exactly the fields of the wire."""
    with sim:
        job = sim.add_job(name="Ingestion dataset Upload")
        status, headers, body = get(sim, job_path(job))
    document = json.loads(body)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert (document["api_version"], document["kind"]) == ("3.0", "NORMAL")
    assert document["data"] == job.answer()
    assert list(document["data"]) == [
        "id",
        "name",
        "info",
        "status",
        "progress",
        "error_message",
        "error_reason",
        "extras",
    ]


def test_info_says_what_the_job_works_on(sim: Simulator) -> None:
    """`info` has resource, project and model, by name and id."""
    with sim:
        info = get_job(sim, sim.add_job(kind="artifact"))["info"]
    assert info["resource_type"] == "MODEL"
    assert info["project_name"] == info["project"]["name"]
    assert info["resource_name"] == info["resource"]["name"]
    assert set(info["model"]) == {"id", "name", "version"}


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer no", "Basic {token}"])
@pytest.mark.parametrize("path", ["/v3/jobs/{id}", "/v3/server-info", "/nowhere"])
def test_anything_but_the_right_token_is_refused(sim: Simulator, authorization: str | None, path: str) -> None:
    """Without the bearer token every path answers 401 in the error envelope."""
    with sim:
        job = sim.add_job()
        connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=TIMEOUT)
        headers = {}
        if authorization is not None:
            headers["Authorization"] = authorization.format(token=sim.token)
        connection.request("GET", path.format(id=job.id), headers=headers)
        response = connection.getresponse()
        document = json.loads(response.read())
        connection.close()
    assert response.status == document["error"]["code"] == 401
    assert document["kind"] == "ERROR"
    assert [request.authorized for request in sim.requests] == [False]


def test_token_with_letters_outside_ascii_is_refused(sim: Simulator) -> None:
    """A token of any bytes is compared without an error."""
    with sim:
        assert get(sim, "/v3/server-info", token="é" * 43)[0] == 401


@pytest.mark.parametrize("path", ["/v3/jobs/no-such-job", "/v3/jobs/", "/v3/jobs", "/", "/v2/x"])
def test_what_is_not_there_answers_404(sim: Simulator, path: str) -> None:
    """An unknown job and an unknown path answer 404 in the error envelope."""
    with sim:
        status, _, body = get(sim, path)
    error = json.loads(body)["error"]
    assert status == error["code"] == 404
    assert set(error["errors"][0]) == {"reason", "message", "help"}


def test_unknown_job_is_an_object_not_found(sim: Simulator) -> None:
    """The reason tells a missing job from a missing path."""
    with sim:
        error = json.loads(get(sim, "/v3/jobs/no-such-job")[2])["error"]
    assert error["errors"][0]["reason"] == "ObjectNotFound"


def test_other_methods_are_not_allowed(sim: Simulator) -> None:
    """There is no endpoint that cancels a job."""
    with sim:
        assert get(sim, job_path(sim.add_job()), method="DELETE")[0] == 405


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", False),
        ("?verbose=false", False),
        ("?verbose=False", False),
        ("?verbose=", False),
        ("?verbose=true", True),
        ("?verbose=True", True),
        ("?verbose=TRUE", True),
    ],
)
def test_verbose_in_any_case_fills_extras(sim: Simulator, query: str, *, shown: bool) -> None:
    """Only `verbose`, in whatever case it is written, brings the subtasks."""
    with sim:
        job = sim.add_job("subtasks")
        data = json.loads(get(sim, job_path(job) + query)[2])["data"]
    assert bool(data["extras"]) is shown
    assert [request.verbose for request in sim.requests] == [shown]


def test_server_info_says_what_the_official_client_asks(sim: Simulator) -> None:
    """The version, the flags and the organisation are there."""
    with sim:
        data = json.loads(get(sim, "/v3/server-info")[2])["data"]
    assert data["server_version"] == "25.2.0"
    assert data["feature_flags"] == {}
    assert set(data["organization"]) == {"id", "name"}


def test_version_compatibility_is_granted(sim: Simulator) -> None:
    """The official client's question about its version is answered with 200."""
    with sim:
        assert get(sim, "/v3/version-compatibility?client_version=3.14.1")[0] == 200


def test_one_connection_carries_many_requests(sim: Simulator) -> None:
    """Connections are kept alive, after errors too."""
    with sim:
        job = sim.add_job()
        connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=TIMEOUT)
        connection.connect()
        own_port = connection.sock.getsockname()[1]
        for path in (job_path(job), "/nowhere", job_path(job)):
            connection.request("GET", path, headers={"Authorization": f"Bearer {sim.token}"})
            connection.getresponse().read()
            assert connection.sock.getsockname()[1] == own_port
        connection.close()
    assert [request.status for request in sim.requests] == [200, 404, 200]


def test_connection_close_is_honoured(sim: Simulator) -> None:
    """A client that says so gets the end of the connection after the answer."""
    with sim, socket.create_connection(("127.0.0.1", sim.port), TIMEOUT) as sock:
        sock.sendall(request_bytes(sim, "/v3/server-info", close=True))
        answer = read_all(sock)
    assert b"\r\nConnection: close\r\n" in answer


def test_pipelined_requests_are_answered_in_order(sim: Simulator) -> None:
    """Two requests in one packet get two answers, the first one first."""
    with sim, socket.create_connection(("127.0.0.1", sim.port), TIMEOUT) as sock:
        first = request_bytes(sim, "/nowhere", close=False)
        sock.sendall(first + request_bytes(sim, "/v3/server-info"))
        answer = read_all(sock)
    assert answer.index(b" 404 ") < answer.index(b" 200 ")


@pytest.mark.parametrize(
    "garbage",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_garbage_is_a_bad_request(sim: Simulator, garbage: bytes) -> None:
    """What is not HTTP gets a 400 and the end of the connection."""
    with sim, socket.create_connection(("127.0.0.1", sim.port), TIMEOUT) as sock:
        sock.sendall(garbage)
        assert read_all(sock).startswith(b"HTTP/1.1 400 ")


def test_body_of_a_request_does_not_disturb_the_next(sim: Simulator) -> None:
    """A body is read and dropped, and the connection goes on."""
    with sim, socket.create_connection(("127.0.0.1", sim.port), TIMEOUT) as sock:
        post = request_bytes(sim, "/nowhere", close=False).replace(b"GET", b"POST", 1)
        body = b"GET /a-body HTTP/1.1\r\n\r\n"
        post = post[:-2] + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        sock.sendall(post + request_bytes(sim, "/v3/server-info"))
        assert b" 200 OK" in read_all(sock)
    assert [request.path for request in sim.requests] == ["/nowhere", "/v3/server-info"]


def test_latency_delays_every_answer() -> None:
    """No answer comes sooner than the latency."""
    with Simulator(latency=0.2) as sim, socket.create_connection(("127.0.0.1", sim.port)) as sock:
        sock.sendall(request_bytes(sim, "/v3/server-info"))
        seen = sim.wait_for_requests(1)[0]
        assert read_all(sock)
        assert sim.clock() - seen.at >= 0.2

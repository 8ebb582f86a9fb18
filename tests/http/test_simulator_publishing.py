"""The endpoints that publishing needs: what they refuse, and how; the official client's way is tested with it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from fiddler_widgets.simulator import Fault, Scenario, Simulator
from tests.http.raw_http import TIMEOUT, get, get_job

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "multipart/form-data; boundary=limit"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator that listens, with a clock that stands still."""
    with Simulator(clock=lambda: 1000.0) as simulator:
        yield simulator


def send(
    sim: Simulator, path: str, body: Any, *, method: str = "POST", kind: str = "application/json", token: str = ""
) -> tuple[int, Any]:
    """Send a body, an object as JSON; return the status and the document that came."""
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=TIMEOUT)
    headers = {"Authorization": f"Bearer {token or sim.token}", "Content-Type": kind}
    try:
        connection.request(method, path, body if isinstance(body, bytes) else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def form(content: bytes, name: str = "file", **fields: str) -> bytes:
    """Return a form with a file of this content."""
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'Content-Disposition: form-data; name="{name}"; filename="a.csv"\r\n\r\n'.encode() + content)
    return b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"


def uploaded(sim: Simulator, content: bytes = b"a,b\n1,2\n") -> str:
    """Upload a file; return its id."""
    status, document = send(sim, "/v3/files/upload", form(content), kind=FORM)
    assert status == 200
    return str(document["data"]["id"])


def begun(sim: Simulator) -> str:
    """Begin an upload in parts; return the file's id."""
    return str(send(sim, "/v3/files/multipart-init", {"filename": "a.csv"})[1]["data"]["id"])


def model_id(sim: Simulator) -> str:
    """Return the id of the model that there is."""
    return str(json.loads(get(sim, "/v3/models")[2])["data"]["items"][0]["id"])


def events(sim: Simulator, **changes: object) -> dict[str, object]:
    """Return what publishes a file well, but for these changes; `None` leaves a field away."""
    good = {
        "model_id": model_id(sim),
        "env_type": "PRE_PRODUCTION",
        "env_name": "baseline",
        "source": {"type": "FILE", "file_id": uploaded(sim)},
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def refusal(answer: tuple[int, Any]) -> tuple[int, str]:
    """Return an error's status and reason; its envelope has to be the platform's."""
    status, document = answer
    (item,) = document["error"]["errors"]
    assert document["kind"] == "ERROR"
    assert document["error"]["code"] == status
    assert document["error"]["message"] == item["message"] != ""
    return status, str(item["reason"])


def test_publication_starts_a_job(sim: Simulator) -> None:
    """It is answered with 202, and goes as the simulator was told, from then on."""
    sim.publishing.scenario = Scenario.instant()
    status, document = send(sim, "/v3/events", events(sim))
    sim.publishing.scenario = Scenario.linear(60, 6)
    send(sim, "/v3/events", events(sim, env_name="later"))
    assert status == 202
    first, second = sim.jobs
    assert document["data"] == {"source_type": "FILE", "job": {"id": first.id, "name": "Upload dataset baseline"}}
    assert get_job(sim, first)["status"] == "SUCCESS"
    assert get_job(sim, second)["status"] == "PENDING"
    assert [publication.dataset for publication in sim.publishing.published] == ["baseline", "later"]
    assert {publication.size for publication in sim.publishing.published} == {8}


@pytest.mark.parametrize(
    "path", ["/v3/files/upload", "/v3/files/multipart-init", "/v3/events", "/v3/projects", "/v3/models"]
)
def test_nothing_happens_without_the_token(sim: Simulator, path: str) -> None:
    """Each answers 401, and no job begins."""
    assert refusal(send(sim, path, events(sim), token="wrong")) == (401, "Unauthorized")
    assert sim.jobs == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"model_id": NOWHERE}, (404, "ObjectNotFound")),
        ({"model_id": None}, (400, "BadRequest")),
        ({"model_id": 7}, (400, "BadRequest")),
        ({"env_type": None}, (400, "BadRequest")),
        ({"env_type": "STAGING"}, (400, "BadRequest")),
        ({"env_name": None}, (400, "BadRequest")),
        ({"source": None}, (400, "BadRequest")),
        ({"source": []}, (400, "BadRequest")),
        ({"source": {"type": "FILE"}}, (400, "BadRequest")),
        ({"source": {"type": "FILE", "file_id": NOWHERE}}, (404, "ObjectNotFound")),
        ({"source": {"type": "QUERY"}}, (400, "BadRequest")),
        ({"source": {"type": "EVENTS", "events": [{}]}}, (400, "BadRequest")),
        ({"env_type": "PRODUCTION", "source": {"type": "EVENTS"}}, (400, "BadRequest")),
        ({"env_type": "PRODUCTION", "source": {"type": "EVENTS", "events": [1]}}, (400, "BadRequest")),
    ],
)
def test_bad_publication_is_refused(sim: Simulator, changes: dict[str, object], expected: tuple[int, str]) -> None:
    """Unknown ids are not found, fields that are missing or make no sense a bad request; no job begins."""
    assert refusal(send(sim, "/v3/events", events(sim, **changes))) == expected
    assert sim.jobs == []
    assert sim.publishing.published == []


def test_file_is_published_only_when_it_is_complete(sim: Simulator) -> None:
    """Parts that are still to come are said to be; afterwards the parts' bytes count."""
    file_id = begun(sim)
    source = {"type": "FILE", "file_id": file_id}
    parts = []
    for number, content in enumerate((b"12345", b"678"), start=1):
        body = form(content, file_id=file_id, part_number=str(number))
        _, document = send(sim, "/v3/files/multipart-upload", body, kind=FORM)
        parts.append({"number": number, "id": document["data"]["part_id"]})
    assert refusal(send(sim, "/v3/events", events(sim, source=source))) == (400, "BadRequest")
    wrong = {"file_id": file_id, "parts": parts[:1]}
    assert refusal(send(sim, "/v3/files/multipart-complete", wrong)) == (400, "BadRequest")
    assert send(sim, "/v3/files/multipart-complete", {"file_id": file_id, "parts": parts})[0] == 200
    assert send(sim, "/v3/events", events(sim, source=source))[0] == 202
    assert sim.publishing.published[0].size == 8


@pytest.mark.parametrize(
    ("path", "body", "kind", "expected"),
    [
        ("/v3/events", b"{", "application/json", (400, "BadRequest")),
        ("/v3/events", b"[" * 100_000, "application/json", (400, "BadRequest")),
        ("/v3/events", [], "application/json", (400, "BadRequest")),
        ("/v3/projects", {}, "application/json", (400, "BadRequest")),
        ("/v3/projects", {"name": "half \ud83d"}, "application/json", (400, "BadRequest")),
        ("/v3/projects", {"name": "bank_churn"}, "application/json", (409, "Conflict")),
        ("/v3/files/upload", {}, "application/json", (400, "BadRequest")),
        ("/v3/files/upload", form(b"x")[:-4], FORM, (400, "BadRequest")),
        ("/v3/files/upload", form(b"x", "document"), FORM, (400, "BadRequest")),
        ("/v3/files/multipart-init", {"filename": ""}, "application/json", (400, "BadRequest")),
        ("/v3/files/multipart-upload", form(b"x", file_id=NOWHERE), FORM, (404, "ObjectNotFound")),
        ("/v3/files/multipart-complete", {"file_id": NOWHERE}, "application/json", (404, "ObjectNotFound")),
        ("/v3/files", {}, "application/json", (404, "NotFound")),
    ],
)
# Older versions of Tornado log a form that cannot be read, and go on.
@pytest.mark.filterwarnings("default")
def test_bad_body_is_refused(sim: Simulator, path: str, body: Any, kind: str, expected: tuple[int, str]) -> None:
    """In the platform's envelope, and the server goes on."""
    assert refusal(send(sim, path, body, kind=kind)) == expected
    assert get(sim, "/v3/server-info")[0] == 200


@pytest.mark.parametrize("number", ["", "x", "-1", "1" * 9])
def test_part_needs_a_number(sim: Simulator, number: str) -> None:
    """A part that is none is refused."""
    body = form(b"x", file_id=begun(sim), part_number=number)
    assert refusal(send(sim, "/v3/files/multipart-upload", body, kind=FORM)) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v3/files/upload"), ("GET", "/v3/events"), ("PUT", "/v3/models/x"), ("DELETE", "/v3/projects")],
)
def test_methods_are_not_mixed_up(sim: Simulator, method: str, path: str) -> None:
    """A method that a path does not know is told so."""
    assert refusal(send(sim, path, {}, method=method)) == (405, "MethodNotAllowed")


@pytest.mark.parametrize(
    "query",
    [
        "filter={",
        "filter=[]",
        "filter=" + quote('{"rules": [{"field": "name"}]}'),
        "filter=" + quote('{"rules": [{"field": "name", "operator": "like", "value": "b"}]}'),
        "filter=" + quote('{"condition": "OR", "rules": []}'),
        "limit=0",
        "limit=many",
        "offset=-1",
        "ordering=name",
    ],
)
def test_query_that_is_not_understood_is_refused(sim: Simulator, query: str) -> None:
    """Nothing is let through in silence."""
    status, _, body = get(sim, f"/v3/projects?{query}")
    assert refusal((status, json.loads(body))) == (400, "BadRequest")


def test_list_comes_in_pages(sim: Simulator) -> None:
    """As many as were asked for, from where, and how many there are."""
    for name in ("a", "b"):
        assert send(sim, "/v3/projects", {"name": name})[0] == 200
    page = json.loads(get(sim, "/v3/projects?limit=2&offset=2")[2])
    assert page["kind"] == "PAGINATED"
    assert [project["name"] for project in page["data"].pop("items")] == ["b"]
    assert page["data"] == {
        "page_size": 2,
        "total": 3,
        "item_count": 1,
        "page_count": 2,
        "page_index": 2,
        "offset": 2,
    }


def test_misbehaviour_spoils_the_answer_not_the_deed(sim: Simulator) -> None:
    """A publication whose answer got lost has started its job all the same."""
    body = events(sim)
    sim.misbehave(Fault.status(503), times=1)
    assert send(sim, "/v3/events", body)[0] == 503
    assert len(sim.jobs) == 1


def test_largest_part_of_the_official_client_is_taken(sim: Simulator) -> None:
    """100 MiB, and the form around it."""
    file_id = uploaded(sim, bytes(100 * 2**20))
    assert send(sim, "/v3/events", events(sim, source={"type": "FILE", "file_id": file_id}))[0] == 202
    assert sim.publishing.published[0].size == 100 * 2**20


def test_body_beyond_all_measure_is_refused_before_it_is_read(sim: Simulator) -> None:
    """Its length alone is enough for a 400."""
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=TIMEOUT)
    connection.putrequest("POST", "/v3/files/upload")
    connection.putheader("Content-Length", str(2**40))
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()

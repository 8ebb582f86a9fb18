"""What an answer means, from its status, headers and body alone."""

from __future__ import annotations

import codecs
import json
import time
from typing import Any

import pytest

from fiddler_widgets import messages
from fiddler_widgets.client.answers import interpret
from fiddler_widgets.client.masking import Mask
from fiddler_widgets.exceptions import ApiConnectionError, ApiError, NotFound
from fiddler_widgets.models import JobState

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
URL = f"http://fiddler.example/v3/jobs/{ID}?verbose=false"
JOB: dict[str, Any] = {
    "id": ID,
    "name": "Upload of data",
    "status": "STARTED",
    "progress": 42.5,
    "info": {"resource_type": "DATASET", "resource_name": "data", "project": {"id": "1", "name": "bank"}},
    "error_message": None,
    "error_reason": None,
    "extras": {"one": {"status": "SUCCESS", "result": {"result": {"file_type": ".csv"}}}},
}
ENVELOPE: dict[str, Any] = {"code": 400, "message": "no", "errors": [{"reason": "Bad", "message": "no", "help": ""}]}


def read(
    code: int, body: bytes | None = b"", headers: dict[str, str] | None = None, key: str = "canary"
) -> JobState | ApiError:
    """Interpret an answer."""
    return interpret(code, URL, headers or {}, body, ID, Mask(key))


def error(code: int, body: bytes | None = b"", headers: dict[str, str] | None = None, key: str = "canary") -> ApiError:
    """Interpret an answer that is an error."""
    outcome = read(code, body, headers, key)
    assert isinstance(outcome, ApiError)
    return outcome


def job(document: object, key: str = "canary") -> JobState:
    """Interpret a good answer."""
    outcome = read(200, json.dumps(document).encode(), key=key)
    assert isinstance(outcome, JobState)
    return outcome


# ---- who speaks

FOREIGN = {
    "a page": (b"<html><head><title>\n Request\tblocked </title></head></html>", "Request blocked"),
    "a heading": (b"<html><body><H1 class=x>404 <i>Not</i> Found</H1><hr>nginx</body></html>", "404 Not Found"),
    "plain text": (b"default backend - 404", "default backend - 404"),
    "a gateway's JSON": (b'{"message": "no Route matched with those values"}', "no Route matched"),
    "a cloud's JSON": (b'{"error": {"code": "ResourceNotFound", "message": "x"}}', ""),
    "another's envelope": (b'{"error": {"status": "denied"}}', ""),
    "entities": (b"<title>A &amp; B &lt;script&gt;</title>", "A & B <script>"),
    "a byte order mark": (codecs.BOM_UTF8 + b"<title>Blocked</title>", "Blocked"),
    "another encoding": ("<title>Zugriff verweigert: Gr\xfcn</title>".encode("latin-1"), "Zugriff verweigert"),
    "nothing": (b"", ""),
    "a list": (b"[1]", ""),
    "control characters": (b"<title>\x1b[2Jx\x07\xe2\x80\xae</title>", "[2Jx"),
}


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 418, 422, 501])
@pytest.mark.parametrize(("body", "title"), FOREIGN.values(), ids=FOREIGN.keys())
def test_error_without_the_envelope_is_not_the_platforms(code: int, body: bytes, title: str) -> None:
    """It says that something between answers, quotes a few words, and says nothing of keys or ids."""
    found = error(code, body)
    assert found.foreign
    assert (found.code, isinstance(found, NotFound)) == (code, code == 404)
    text = messages.api_error_text(found, None, "j")
    assert "omething between here and the platform answers" in text
    assert title in text
    assert text.isprintable()
    for word in ("API key", "token", "Check the id"):
        assert word not in text


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 418, 422, 501])
def test_error_with_the_envelope_is_the_platforms(code: int) -> None:
    """Its message and its list of errors are handed on, whether a byte order mark stands before them or not."""
    for before in (b"", codecs.BOM_UTF8):
        found = error(code, before + json.dumps({"error": ENVELOPE, "kind": "ERROR"}).encode())
        assert not found.foreign
        assert found.errors == ENVELOPE["errors"]
        assert found.message == f"the server answered {code}: no"


@pytest.mark.parametrize("code", [401, 408, 425, 429, 500, 502, 503, 504])
def test_some_codes_mean_the_same_whoever_says_them(code: int) -> None:
    """A refused key, a wrong moment and a server's error need no envelope."""
    found = error(code, b"<title>Wait</title>")
    assert not found.foreign
    assert found.message == f"the server answered {code}"


def test_long_title_is_cut() -> None:
    """A few words are quoted, not a page."""
    assert len(error(403, b"<title>" + b"word " * 5000).message) < 200
    assert len(error(403, b"<title>" + b"word " * 2000 + b"</title>").message) < 200


@pytest.mark.parametrize("page", [b"<" * 60_000, b"<title>" * 9000, b"<title" * 9000 + b"</title", b"&" * 60_000])
def test_hostile_page_is_read_in_no_time(page: bytes) -> None:
    """Looking for a title takes no longer than the page is long."""
    began = time.perf_counter()
    assert error(403, page).foreign
    assert time.perf_counter() - began < 0.2


def test_page_above_the_limit_is_not_the_platforms() -> None:
    """A body that was not read to its end has no envelope."""
    assert error(403, None).foreign
    assert error(503, None, {"Retry-After": "9"}).retry_after == 9


def test_proxy_that_asks_for_a_password() -> None:
    """407 is about the way, and says where a name and password go."""
    found = error(407, b"<title>Proxy Authentication Required</title>")
    assert isinstance(found, ApiConnectionError)
    assert found.permanent
    text = messages.api_error_text(found, None, "j")
    assert "proxy asks for a name and password" in text
    assert 'fw.init(proxies={"https": "http://name:password@host:port"})' in text
    assert "HTTPS_PROXY" in text


# ---- redirects

REDIRECTS = {
    "https://fiddler.example/v3/jobs/x": "to https://fiddler.example; use https://fiddler.example in",
    "https://fiddler.example:8443/": "to https://fiddler.example:8443; use https://fiddler.example:8443 in",
    "//FIDDLER.example/login": "to http://fiddler.example",
    "https://login.example/?token=canary": "to https://login.example",
    "/login?next=canary": "to http://fiddler.example",
    "http://user:canary@[::1]:80/": "to http://[::1]:80",
    "https://canary.example/": "to https://[token].example",
    "http://[::1": "to an address that is none",
    "mailto:x@y": "to nowhere",
}


@pytest.mark.parametrize(("location", "says"), REDIRECTS.items())
def test_redirect_names_its_target_with_the_scheme(location: str, says: str) -> None:
    """Scheme, host and port, and no more; the same host by https is what to use."""
    found = error(302, b"", {"Location": location})
    assert says in found.message
    assert ("use https" in found.message) == ("use https" in says)
    assert "canary" not in found.message
    assert "token was not sent" in messages.advice(found)


# ---- good answers


def test_byte_order_mark_is_accepted() -> None:
    """Some gateways write one."""
    outcome = read(200, codecs.BOM_UTF8 + json.dumps({"data": JOB}).encode())
    assert isinstance(outcome, JobState)
    assert outcome.progress == 42.5
    assert "HTML" in error(200, codecs.BOM_UTF8 + b"<html>").message


WORDS = ["data", "id", "name", "status", "STARTED", "SUCCESS", "progress", "info", "extras", "result", "resource_name"]


@pytest.mark.parametrize("token", WORDS)
def test_token_that_is_a_word_of_the_wire_spoils_nothing(token: str) -> None:
    """Fields, statuses and the id are read as they are, and only text is masked."""
    plain, masked = job({"data": JOB}), job({"data": JOB}, token)
    assert (masked.id, masked.status, masked.progress) == (plain.id, plain.status, plain.progress)
    assert masked.info.keys() == plain.info.keys()
    assert masked.extras["one"]["status"] == "SUCCESS"
    assert masked.name == plain.name.replace(token, "[token]")


def test_token_that_is_the_id_spoils_nothing() -> None:
    """The answer is still about the job that was asked for."""
    assert str(job({"data": JOB}, ID).id) == ID


@pytest.mark.parametrize("token", ["error", "code", "message", "errors", "reason"])
def test_token_that_is_a_word_of_the_envelope_spoils_nothing(token: str) -> None:
    """An error of the platform stays one."""
    found = error(404, json.dumps({"error": ENVELOPE}).encode(), key=token)
    assert not found.foreign
    assert found.errors == ENVELOPE["errors"]


ECHO = "Authorization: Bearer canary/1"


def test_token_is_masked_wherever_the_server_says_it() -> None:
    """In names, errors, words that are no status, values and keys at any depth, and escaped as JSON allows."""
    fields = {
        "name": ECHO,
        "status": ECHO,
        "error_message": {"why": ECHO},
        "error_reason": ECHO,
        "info": {ECHO: [{"x": ECHO}], "name": ECHO},
        "extras": {ECHO: {"error_message": ECHO}},
    }
    text = json.dumps({"data": {**JOB, **fields}})
    for body in (text, text.replace("canary/1", "can\\u0061ry\\/1"), text.replace("/", "\\/")):
        outcome = read(200, body.encode(), key="canary/1")
        assert isinstance(outcome, JobState)
        assert "canary" not in repr(outcome)
        assert repr(outcome).count("[token]") >= 8
    for code in (400, 403, 404, 503):
        body = json.dumps({"error": {"message": ECHO, "errors": [{"message": ECHO, ECHO: 1}]}})
        for form in (body, body.replace("canary", "can\\u0061ry")):
            found = error(code, form.encode(), key="canary/1")
            assert "canary" not in found.message + repr(found.errors)
    assert "canary" not in error(403, f"<title>{ECHO}</title>".encode(), key="canary/1").message

"""The token is found nowhere, whatever the server does; and what the server says is harmless wherever it is shown."""

from __future__ import annotations

import base64
import json
import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import comm
import pytest
from comm.base_comm import BaseComm

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.client import default_connection
from fiddler_widgets.models import Health
from fiddler_widgets.simulator import Fault, Simulator
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fiddler_widgets.simulator import SimulatedJob

CANARY = "canary-4f1d0c9e7b"

FAULTS: dict[str, Fault | None] = {
    "none": None,
    **{
        f"status {code}": Fault.status(code)
        for code in (204, 400, 401, 403, 404, 405, 408, 410, 422, 429, 500, 501, 503)
    },
    "retry later": Fault.status(503, retry_after=1),
    "reset": Fault.reset(),
    "reset in body": Fault.reset(in_body=True),
    "close": Fault.close(),
    "hang": Fault.hang(),
    "slow header": Fault.slow_header(0.05),
    "slow body": Fault.slow_body(0.05),
    "truncated JSON": Fault.truncated_json(),
    "cut body": Fault.cut_body(),
    "huge body": Fault.huge_body(9 * 2**20),
    "gzip bomb": Fault.gzip_bomb(9),
    "HTML": Fault.html(),
    "a firewall": Fault.firewall(),
    "an ingress": Fault.ingress(),
    "a proxy's question": Fault.proxy_password(),
    "redirect": Fault.redirect("http://127.0.0.1:9/elsewhere"),
    "redirect to nonsense": Fault.redirect("http://[::1"),
    "wrong id": Fault.wrong_id(),
    "no status": Fault.without("status"),
    "no data": Fault.without_data(),
    "a list": Fault.list_body(),
    "invalid UTF-8": Fault.invalid_utf8(),
    "broken gzip": Fault.status(200, headers={"Content-Encoding": "gzip"}, body=b"no gzip"),
}
faults = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator whose token is the canary."""
    with Simulator(token=CANARY) as simulator:
        fw.init(simulator.url, CANARY)
        yield simulator


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and pauses are short: what is told of them is the subject here."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 1.0)
    monkeypatch.setattr(configs, "BACKOFF_LIMIT", 0.2)
    monkeypatch.setattr(configs, "NOT_FOUND_TOLERANCE", 0.3)


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[str]

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a message as it would be sent."""
        text = json.dumps([msg_type, data, metadata, keys, repr(buffers)], allow_nan=False, ensure_ascii=False)
        text.encode("utf-8")
        self.sent.append(text)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every message to the page, from here on, as text."""
    messages: list[str] = []
    monkeypatch.setattr(RecordingComm, "sent", messages, raising=False)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    return messages


def running(sim: Simulator) -> SimulatedJob:
    """Return a job that stands still while running."""
    job = sim.add_job("linear")
    job.set(status="STARTED", progress=40)
    return job


def whole_text(error: BaseException) -> str:
    """All that anybody could print of an exception: text, arguments, attributes, chain, frames and their locals."""
    shown = ["".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())]
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        shown += [repr(one), str(one), repr(one.args), repr(vars(one)), repr(getattr(one, "__notes__", ""))]
        waiting += [linked for linked in (one.__cause__, one.__context__) if linked is not None]
    return "\n".join(shown)


def pickled(thing: object) -> str:
    """The pickle as text, or the refusal's text."""
    try:
        return pickle.dumps(thing).decode("latin-1")
    except Exception as refusal:  # noqa: BLE001 (however it is refused)
        return whole_text(refusal)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All log records, with their arguments and tracebacks."""
    return caplog.text + "".join(repr(vars(record)) for record in caplog.records)


def found(text: str) -> bool:
    """Whether the token is in a text, plainly or in the encodings that headers know."""
    return any(
        form in text
        for form in (CANARY, CANARY.upper(), base64.b64encode(CANARY.encode()).decode().rstrip("="), CANARY[::-1])
    )


def error_of(way: Callable[[], object]) -> BaseException | None:
    """The exception that a call raises, if any."""
    try:
        way()
    except Exception as error:  # noqa: BLE001 (whatever it is, it may hold the token)
        return error
    return None


# ---- the token


@faults
def test_token_is_nowhere(
    sim: Simulator, fault: Fault | None, sent: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """In no exception, log at DEBUG, repr, pickle, trait or message to the page, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    simulated = running(sim)
    job = fw.Job.get(simulated.id)
    if fault is not None:
        simulated.misbehave(fault)
    card = fw.JobWidget(job, interval=0.2)
    texts: list[str] = []
    ways: list[Callable[[], object]] = [
        lambda: fw.Job.get(simulated.id),
        lambda: job.wait(interval=0.2, timeout=0.4),
        lambda: card.wait(interval=0.2, timeout=0.1),
        lambda: list(job.watch(interval=0.2, timeout=0.05)),
    ]
    for error in filter(None, map(error_of, ways)):
        texts += [whole_text(error), pickled(error)]
    card.stop()
    state = job.state
    texts += [repr(state), pickled(state), repr(job), pickled(job), repr(vars(job)), repr(card), pickled(card)]
    texts += [repr(card.get_state()), repr(card._repr_mimebundle_()), repr(job._repr_mimebundle_())]
    texts += [repr(default_connection.current()), pickled(default_connection.current()), *sent, logged(caplog)]
    assert not [text for text in texts if found(text)]
    # The rest of the test is worth something only if there was something to find.
    assert sim.requests[-1].authorized
    assert len(sent) > 1


def test_text_of_exceptions_would_show_a_token() -> None:
    """The searching itself finds a token in a local, an argument, an attribute, and down the chain."""

    def fail(local: str) -> None:
        kept = local
        msg = "nothing here"
        raise ValueError(msg) if kept else AssertionError

    for wrap in (lambda: fail(CANARY), lambda: (_ for _ in ()).throw(KeyError(CANARY))):
        with pytest.raises((ValueError, KeyError)) as caught:
            wrap()
        assert found(whole_text(caught.value))
    outer = RuntimeError("outer")
    outer.__cause__ = ValueError(CANARY)
    assert found(whole_text(outer))


ECHOES = {
    "an error's message": Fault.status(400, body=json.dumps({"error": {"message": f"bad token {CANARY}"}}).encode()),
    "a refusal's errors": Fault.status(
        401, body=json.dumps({"error": {"message": "no", "errors": [{"message": f"token {CANARY}"}]}}).encode()
    ),
    "an outage's message": Fault.status(503, body=json.dumps({"error": {"message": f"no {CANARY}"}}).encode()),
    "a foreign page's title": Fault.status(403, body=f"<title>blocked: Bearer {CANARY}</title>".encode()),
    "a foreign text": Fault.status(404, body=f"no backend for {CANARY}".encode()),
    "a gateway's message": Fault.status(400, body=json.dumps({"message": f"bad header: {CANARY}"}).encode()),
    "a redirect's host": Fault.redirect(f"http://{CANARY}.elsewhere.invalid/"),
    "a redirect's user": Fault.redirect(f"http://user:{CANARY}@elsewhere.invalid/"),
    "a redirect's path": Fault.redirect(f"http://elsewhere.invalid/?token={CANARY}"),
}


@pytest.mark.parametrize("fault", ECHOES.values(), ids=ECHOES.keys())
def test_token_that_a_server_repeats_is_not_passed_on(
    sim: Simulator, fault: Fault, sent: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A server or proxy that quotes the token in its error does not get it into an exception, a log or the page."""
    caplog.set_level(logging.DEBUG)
    simulated = running(sim)
    simulated.misbehave(fault)
    card = fw.JobWidget(simulated.id, interval=0.2)
    with pytest.raises(fw.FiddlerWidgetsError) as caught:
        card.wait(timeout=0.3)
    with pytest.raises(fw.ApiError) as got:
        fw.Job.get(simulated.id)
    texts = {"wait": whole_text(caught.value), "get": whole_text(got.value), "card": repr(card), "log": logged(caplog)}
    texts |= {"page": "\n".join(sent)}
    assert not [place for place, text in texts.items() if found(text)]


@pytest.mark.parametrize("token", ["data", "id", "status", "STARTED", "error", "name"])
def test_token_that_is_a_word_of_the_wire_spoils_nothing(token: str) -> None:
    """Answers and errors are read as they are; only what the server says is masked."""
    with Simulator(token=token) as simulator:
        fw.init(simulator.url, token)
        job = fw.Job.get(running(simulator).id)
        assert (job.status, job.progress) == ("STARTED", 40)
        with pytest.raises(fw.NotFound, match="Check the id"):
            fw.Job.get("00000000-0000-4000-8000-000000000000")


def test_job_that_quotes_the_token_does_not_show_it(sim: Simulator, sent: list[str]) -> None:
    """A failed job whose message has the token in it, as a failed request's dump would, shows it on no page."""
    simulated = running(sim)
    simulated.set(status="FAILURE", error_reason="HTTPError", error_message=f"GET ... Authorization: Bearer {CANARY}")
    card = fw.JobWidget(simulated.id)
    with pytest.raises(fw.AsyncJobFailed) as caught:
        card.wait(timeout=5)
    assert not found(str(caught.value))
    assert not found(repr(card) + "".join(sent))


# ---- what the server says

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = {
    "HTML": '<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "escape sequences": "\x1b[2J\x1b]0;title\x07\x9b31m\x08\x7f",
    "bidirectional controls": f"abc{BIDI}txt.exe",
    "line breaks": "x\n2026-01-01 00:00:00 CRITICAL forged\r\nline\x0b\x0c\x85end",
    "line separators": "x\u20282026-01-01 00:00:00 CRITICAL forged\u2029end",
    "a megabyte": "A" * 1_000_000,
    "half a character": "a\ud800b\udfff",
    "null": "a\x00b",
}
FIELDS = ["name", "status", "error_reason", "error_message", "info", "extras"]
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())

FORBIDDEN = {*map(chr, range(32)), *map(chr, range(127, 160)), *BIDI, "\u2028", "\u2029"} - {"\n", "\t"}


def assert_harmless(text: str, *, lines: int = 60, length: int = 8000) -> None:
    """A terminal, a log and a reader come to no harm from a text."""
    assert not FORBIDDEN & set(text)
    assert len(text) <= length
    assert text.count("\n") <= lines
    text.encode("utf-8")


def say(simulated: SimulatedJob, **fields: object) -> None:
    """Have the server answer with these fields, half characters and all, which the simulator's own answers have not."""
    answer = {**simulated.answer(verbose=True), **fields}
    simulated.misbehave(Fault.body(json.dumps({"api_version": "3.0", "kind": "NORMAL", "data": answer}).encode()))


def hostile_job(sim: Simulator, field: str, text: str) -> SimulatedJob:
    """Return a running job with the text in one field."""
    simulated = running(sim)
    value: object = {text[:1000]: {"name": text, "list": [text]}} if field in ("info", "extras") else text
    say(simulated, **{field: value})
    return simulated


@hostile
@pytest.mark.parametrize("field", FIELDS)
def test_hostile_text_is_harmless_in_text_and_logs(
    sim: Simulator, field: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In every field: repr, log lines and the timeout's message are short and plain, and a change is one line."""
    caplog.set_level(logging.DEBUG)
    job = fw.Job.get(hostile_job(sim, field, text).id, verbose=True)
    card = fw.JobWidget(job, interval=0.2)
    with pytest.raises(fw.JobTimeoutError) as caught:
        card.wait(timeout=0.05)
    until(lambda: card.health == "live")
    for shown in (repr(job), repr(card), str(caught.value), job._repr_mimebundle_()["text/plain"]):
        assert_harmless(shown)
    assert "\n" not in repr(job)
    for record in caplog.records:
        assert_harmless(record.getMessage(), lines=0, length=1000)


@hostile
def test_hostile_failure_is_harmless_in_its_exception(sim: Simulator, text: str) -> None:
    """Name, reason and message of a failed job make an exception that is bounded and plain; its lines stay."""
    simulated = running(sim)
    say(simulated, status="FAILURE", name=text, error_reason=text, error_message=text)
    with pytest.raises(fw.AsyncJobFailed) as caught:
        fw.Job.get(simulated.id).wait(timeout=5)
    assert_harmless(str(caught.value))
    assert_harmless("".join(traceback.format_exception_only(caught.type, caught.value)))


@hostile
@pytest.mark.parametrize("code", [400, 401, 404, 503])
def test_hostile_error_is_harmless_in_its_exception(
    sim: Simulator, text: str, code: int, sent: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The message of an error's envelope is bounded and plain in exceptions, logs and the card's detail."""
    caplog.set_level(logging.DEBUG)
    simulated = running(sim)
    error = {"error": {"code": code, "message": text, "errors": [{"reason": text, "message": text}]}}
    simulated.misbehave(Fault.status(code, body=json.dumps(error).encode()))
    with pytest.raises(fw.ApiError) as caught:
        fw.Job.get(simulated.id)
    assert_harmless(str(caught.value))
    card = fw.JobWidget(simulated.id, interval=0.2)
    with pytest.raises(fw.FiddlerWidgetsError) as waited:
        card.wait(timeout=0.6)
    assert_harmless(str(waited.value))
    until(lambda: card.health not in ("starting", "live"))
    card.__card_watcher__.mailbox.settle(5)
    for shown in (card.health_detail, repr(card)):
        assert_harmless(shown)
    assert card.health in sent[-1] or any(f'"{card.health}"' in message for message in sent)
    for record in caplog.records:
        assert_harmless(record.getMessage(), lines=0, length=2000)


LOCATIONS = {
    "escape sequences": "http://x\x1bc\x07.invalid/",
    "bidirectional controls": "http://\u202ex.invalid/",
    "very long": "http://" + "x" * 60_000 + ".invalid/",
    "no address": "http://[::1",
    "HTML": "http://<script>alert(1)</script>/",
}


@pytest.mark.parametrize("to", LOCATIONS.values(), ids=LOCATIONS.keys())
def test_hostile_redirect_is_harmless(sim: Simulator, to: str) -> None:
    """The host that a redirect names is shown bounded and plain, and whatever it is, the error is the contract's."""
    simulated = running(sim)
    simulated.misbehave(Fault.redirect(to.encode().decode("latin-1")))
    with pytest.raises(fw.ApiError) as caught:
        fw.Job.get(simulated.id)
    assert_harmless(str(caught.value))
    assert caught.value.code == 302


@hostile
def test_hostile_text_reaches_the_page_as_strict_json(sim: Simulator, text: str, sent: list[str]) -> None:
    """Whatever is in every field, the page is sent what it can read, and sees the end."""
    simulated = running(sim)
    many = {text[:100]: {"name": text}}
    fields = {"name": text, "error_reason": text, "error_message": text, "info": many, "extras": many}
    say(simulated, **fields)
    card = fw.JobWidget(simulated.id, interval=0.2, verbose=True)
    until(lambda: card.health == "live")
    say(simulated, **fields, status="SUCCESS")
    until(lambda: card.health == Health.OVER)
    card.__card_watcher__.mailbox.settle(5)
    assert any('"over"' in message for message in sent)

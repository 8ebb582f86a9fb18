"""What happens when: the contract's table, row by row, over real sockets and in each of the four ways."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.client import default_connection
from fiddler_widgets.simulator import Fault, Simulator
from tests.http.ways import WAYS, Way, by_wait, by_watch, by_widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fiddler_widgets.simulator import SimulatedJob

SPACING = 0.2 - 0.02
"""Seconds that lie at least between two requests, less what a loaded machine's two clock readings may differ by."""

way = pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)


@pytest.fixture
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses after failures are the shortest allowed: their growth is tested in virtual time."""
    monkeypatch.setattr(configs, "BACKOFF_LIMIT", 0.2)


def running(sim: Simulator, progress: float = 40.0) -> SimulatedJob:
    """Return a job that stands still while running."""
    job = sim.add_job("linear")
    job.set(status="STARTED", progress=progress)
    return job


def followed(job: SimulatedJob) -> fw.Job:
    """Return a handle that has seen the job once, in good health."""
    return fw.Job.get(job.id)


def finish_after(sim: Simulator, job: SimulatedJob, requests: int) -> threading.Thread:
    """Let the job succeed as soon as so many requests were seen since now."""
    already = len(sim.requests_for(job.id))

    def finish() -> None:
        sim.wait_for_requests(already + requests, job.id, timeout=30)
        job.set(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=finish)
    thread.start()
    return thread


def spacing(sim: Simulator, job: SimulatedJob, *, resent: int = 0) -> float:
    """Return the shortest time between two requests of a watch, the handle's own first request aside.

    Args:
        sim: Where they were made.
        job: What about.
        resent: How many may have been sent at once after one that met a dead connection.
    """
    times = [request.at for request in sim.requests_for(job.id)][1:]
    return min(sorted(later - earlier for earlier, later in itertools.pairwise(times))[resent:], default=1.0)


# ---- final statuses


@way
def test_success_returns(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """SUCCESS ends the wait, with the last update in place."""
    simulated = running(sim)
    job = followed(simulated)
    thread = finish_after(sim, simulated, 2)
    way(job, 20, monkeypatch)
    thread.join()
    assert job.done()
    assert (job.status, job.progress) == ("SUCCESS", 100.0)


@way
def test_failure_raises_with_reason_and_message(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAILURE is an `AsyncJobFailed` that says which job, how far and why; `watch` just ends."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.set(status="FAILURE", progress=70.0, error_reason="SchemaError", error_message="no column 'age'")
    if way is by_watch:
        way(job, 20, monkeypatch)
    else:
        with pytest.raises(fw.AsyncJobFailed) as caught:
            way(job, 20, monkeypatch)
        assert not isinstance(caught.value, fw.JobRevoked)
        assert caught.value.job is job
        for part in (simulated.name, simulated.id, "70 %", "SchemaError", "no column 'age'"):
            assert part in str(caught.value)
    assert job.status == "FAILURE"


@way
def test_revoked_raises(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """REVOKED is no success: `JobRevoked`, which is also an `AsyncJobFailed`; `watch` just ends."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.set(status="REVOKED")
    if way is by_watch:
        way(job, 20, monkeypatch)
    else:
        with pytest.raises(fw.JobRevoked, match="was revoked"):
            way(job, 20, monkeypatch)
    assert job.status == "REVOKED"


@way
def test_unknown_status_is_live(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status nobody has heard of is followed until a final one comes."""
    simulated = running(sim)
    simulated.set(status="OPTIMIZING")
    job = followed(simulated)
    assert job.status == "OPTIMIZING"
    thread = finish_after(sim, simulated, 2)
    way(job, 20, monkeypatch)
    thread.join()


# ---- what passes


@dataclass(frozen=True)
class Transient:
    """A fault that a watch survives.

    Attributes:
        fault: What the server does.
        says: What the health's detail says about it, as a regular expression.
        times: How often it does.
        resent: How many of these are met by a request sent again, the connection having been an old one.
    """

    fault: Fault
    says: str
    times: int = field(default=2)
    resent: int = field(default=0)


TRANSIENT = {
    **{f"status {code}": Transient(Fault.status(code), str(code)) for code in (408, 425, 429, 500, 502, 503, 504, 599)},
    "reset before the header": Transient(Fault.reset(), "reset|closed", resent=1),
    "reset in mid-body": Transient(Fault.reset(in_body=True), "reset|closed|cut off"),
    "closed without an answer": Transient(Fault.close(), "closed", resent=1),
    "body cut off": Transient(Fault.cut_body(), "cut off|closed"),
    "truncated JSON": Transient(Fault.truncated_json(), "not JSON"),
    "HTML with 200": Transient(Fault.html(), "HTML"),
    "a list": Transient(Fault.list_body(), "no job"),
    "no data": Transient(Fault.without_data(), "no job"),
    "no status": Transient(Fault.without("status"), "no status"),
    "invalid UTF-8": Transient(Fault.invalid_utf8(), "not JSON"),
    "deep nesting": Transient(Fault.body(b"[" * 100_000), "nested"),
    "over 8 MiB": Transient(Fault.huge_body(9 * 2**20), "8 MiB"),
    "gzip bomb": Transient(Fault.gzip_bomb(64), "8 MiB"),
    "about another id": Transient(Fault.wrong_id(), "another job"),
    "a firewall's page": Transient(Fault.firewall(), "omething between.*403.*Request blocked"),
    "a gateway's 501": Transient(Fault.firewall(501), "omething between.*501.*Request blocked"),
    "an ingress without a backend": Transient(Fault.ingress(), "omething between.*404.*default backend"),
    "no content": Transient(Fault.body(b"", status=204), "204"),
}


@pytest.mark.usefixtures("quick_backoff")
@way
@pytest.mark.parametrize("row", TRANSIENT.values(), ids=TRANSIENT.keys())
def test_transient_fault_is_survived(sim: Simulator, row: Transient, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last good state is kept, the health says why, requests keep their distance, and the end is seen."""
    simulated = running(sim, progress=40.0)
    job = followed(simulated)
    seen: list[tuple[str, str, float]] = []
    with card_of(job, lambda card: seen.append((card.health, card.health_detail, card.progress))):
        simulated.misbehave(row.fault, after=1, times=row.times)
        thread = finish_after(sim, simulated, 2 + row.times)
        way(job, 30, monkeypatch)
        thread.join()
    assert job.status == "SUCCESS"
    retrying = [(detail, progress) for health, detail, progress in seen if health == "retrying"]
    assert retrying
    for detail, progress in retrying:
        assert re.search(row.says, detail)
        assert progress == 40.0
    assert seen[-1][0] == "over"
    assert spacing(sim, simulated, resent=row.resent) >= SPACING


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.close()], ids=lambda fault: fault.name)
@way
def test_dead_connection_is_no_news(sim: Simulator, fault: Fault, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept connection that dies as the next request comes costs one request more, and no health but "live"."""
    simulated = running(sim)
    job = followed(simulated)
    seen: list[str] = []
    with card_of(job, lambda card: seen.append(card.health)):
        for after in (1, 4, 7):
            simulated.misbehave(fault, after=after, times=1)
        thread = finish_after(sim, simulated, 10)
        way(job, 30, monkeypatch)
        thread.join()
    assert set(seen) <= {"starting", "live", "over"}


@contextlib.contextmanager
def card_of(job: fw.Job, changed: Callable[[fw.JobWidget], object]) -> Iterator[fw.JobWidget]:
    """A card for the job beside the way under test, on the same stream; `changed` hears of each change of health."""
    card = fw.JobWidget(job, interval=0.2)
    card.observe(lambda _: changed(card), ["health", "health_detail"])
    yield card
    card.__card_watcher__.mailbox.settle(5)
    card.close()


@pytest.mark.usefixtures("quick_backoff")
@way
@pytest.mark.parametrize("fault", [Fault.hang(), Fault.slow_header(0.05), Fault.slow_body(0.05)], ids=lambda f: f.name)
def test_request_is_bounded_in_time_as_a_whole(
    sim: Simulator, fault: Fault, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence, a dripping header and a dripping body are given up after the request's time, and survived."""
    assert configs.REQUEST_TIMEOUT == 30
    simulated = running(sim)
    job = followed(simulated)
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 0.6)
    simulated.misbehave(fault, times=1)
    simulated.set(status="SUCCESS")
    began = time.monotonic()
    way(job, 30, monkeypatch)
    assert time.monotonic() - began >= 0.6
    first, second = (request.at for request in sim.requests_for(simulated.id)[1:])
    assert 0.6 <= second - first < 3.0


@way
def test_refused_port_and_back(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that goes away and comes back is no reason to end a watch."""
    simulated = running(sim)
    job = followed(simulated)
    down = threading.Event()
    with card_of(job, lambda card: down.set() if card.health == "retrying" else None):
        sim.pause()
        # Not before: a card that saw the end has no reason to look again, and would never notice the outage.
        simulated.set(status="SUCCESS")

        def come_back() -> None:
            assert down.wait(20)
            sim.resume()

        thread = threading.Thread(target=come_back)
        thread.start()
        way(job, 60, monkeypatch)
        thread.join()
    assert job.done()


def http_date(ahead: float) -> str:
    """Return the time so many seconds from now, as headers have it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + ahead))


# A date has whole seconds: two from now are between one and two.
PATIENCE: dict[str, Callable[[], dict[str, str]]] = {
    "seconds": lambda: {"Retry-After": "1"},
    "decimals": lambda: {"Retry-After": "1.25"},
    "a date": lambda: {"Retry-After": http_date(2)},
    "a date of a clock ten minutes slow": lambda: {"Retry-After": http_date(-599), "Date": http_date(-600)},
    "a date of a clock ten minutes fast": lambda: {"Retry-After": http_date(601), "Date": http_date(600)},
    "thousandths": lambda: {"retry-after-ms": "1250"},
    "a limit's end": lambda: {"RateLimit-Reset": "1"},
}


@pytest.mark.usefixtures("quick_backoff")
@pytest.mark.parametrize("code", [429, 500, 503])
@pytest.mark.parametrize("headers", PATIENCE.values(), ids=PATIENCE.keys())
def test_pause_that_the_server_asks_for(sim: Simulator, headers: Callable[[], dict[str, str]], code: int) -> None:
    """No request comes before the time that the server asked for, in whatever way, nor long after it."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.misbehave(Fault.status(code, headers=headers()), times=1)
    simulated.set(status="SUCCESS")
    job.wait(interval=0.2, timeout=30)
    first, second = (request.at for request in sim.requests_for(simulated.id)[1:])
    assert 0.95 <= second - first < 4


@pytest.mark.usefixtures("quick_backoff")
def test_pause_that_the_server_asks_for_holds_every_job(sim: Simulator) -> None:
    """Nobody is asked about meanwhile, whoever met the answer."""
    one, other = running(sim), running(sim)
    watch = followed(other).watch(interval=0.2, timeout=30)
    next(watch)
    one.misbehave(Fault.status(502, headers={"retry-after-ms": "1500"}), times=1)
    job = fw.Job(one.id, connection=default_connection.current())
    one.set(status="SUCCESS")
    job.wait(interval=0.2, timeout=30)
    met = sim.requests_for(one.id)[0].at
    # One that was on its way already does no harm.
    assert not [at for at in (seen.at - met for seen in sim.requests_for(other.id)) if 0.1 < at < 1.45]
    other.set(status="SUCCESS")
    for _ in watch:
        pass


@pytest.mark.usefixtures("quick_backoff")
@pytest.mark.parametrize("header", ["-5", "soon", "1e9", "", "Mon, 99 Foo 2026 00:00:00 GMT", "٣"])
def test_absurd_retry_after_is_ignored(sim: Simulator, header: str) -> None:
    """What is no time is no reason to wait."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.misbehave(Fault.status(503, headers={"Retry-After": header.encode().decode("latin-1")}), times=1)
    simulated.set(status="SUCCESS")
    began = time.monotonic()
    job.wait(interval=0.2, timeout=30)
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("quick_backoff")
@pytest.mark.parametrize("literal", ["null", None, "NaN", '"42"', "true", "-5", "250", "Infinity", "[1]"])
def test_odd_progress_is_clamped_or_indeterminate(sim: Simulator, literal: str | None) -> None:
    """An odd progress is shown within 0 to 100, or as unknown, and harms nothing."""
    simulated = running(sim)
    simulated.misbehave(Fault.odd_progress(literal))
    job = followed(simulated)
    card = fw.JobWidget(job)
    expected = {"-5": 0.0, "250": 100.0}.get(literal or "")
    assert job.progress == expected
    assert (card.progress, card.indeterminate) == (expected or 0.0, expected is None)


# ---- what does not pass


@way
@pytest.mark.parametrize("code", [400, 401, 403, 405, 410, 418, 422, 501])
def test_permanent_status_ends_at_once(sim: Simulator, code: int, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `ApiError` with code, message and errors, after one request; the last good state is kept."""
    simulated = running(sim, progress=40.0)
    job = followed(simulated)
    simulated.misbehave(Fault.status(code))
    with pytest.raises(fw.ApiError) as caught:
        way(job, 20, monkeypatch)
    error = caught.value
    assert error.code == code
    assert error.errors
    text = str(error)
    for part in (simulated.name, simulated.id, "STARTED, 40 %", str(code)):
        assert part in text
    if code in (401, 403):
        assert "token was refused" in text
        assert "fw.init(token=...)" in text
    assert job.progress == 40.0
    # A card with a wait of its own on it may have had its first look, and the wait its own right after it.
    assert len(sim.requests_for(simulated.id)) - 1 <= (2 if way is by_widget else 1)


FOREIGN = {
    "a firewall": Fault.firewall(),
    "a firewall that hides": Fault.firewall(400),
    "a gateway": Fault.status(405, body=b'{"message": "Request blocked"}'),
    "an ingress": Fault.ingress(),
}
foreign = pytest.mark.parametrize("fault", FOREIGN.values(), ids=FOREIGN.keys())


def assert_says_who_speaks(text: str) -> None:
    """A text says that something between answers and quotes its title, and gives no advice about keys or ids."""
    assert re.search(r'omething between here and the platform answers in its place \(4\d\d "(Request|default)', text)
    for word in ("API key", "token", "Check the id"):
        assert word not in text


@pytest.mark.usefixtures("quick_backoff")
@way
@foreign
def test_foreign_answer_about_a_job_that_was_seen_ends_after_its_time(
    sim: Simulator, fault: Fault, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once, but when it has been so for the tolerance; then the code stands."""
    assert configs.FOREIGN_TOLERANCE == 300
    monkeypatch.setattr(configs, "FOREIGN_TOLERANCE", 1.2)
    monkeypatch.setattr(configs, "NOT_FOUND_TOLERANCE", 0.1)
    simulated = running(sim)
    job = followed(simulated)
    # Twice: a card with a wait of its own on it looks twice at first.
    simulated.misbehave(fault, after=2)
    began = time.monotonic()
    with pytest.raises(fw.ApiError) as caught:
        way(job, 20, monkeypatch)
    # `await` takes its pauses from the schedule, so the two looks alone take some seconds.
    assert 1.2 <= time.monotonic() - began < 10
    assert isinstance(caught.value, fw.NotFound) == (fault.name == "ingress")
    assert_says_who_speaks(str(caught.value))
    assert "STARTED, 40 %" in str(caught.value)


@pytest.mark.usefixtures("quick_backoff")
@foreign
def test_foreign_answer_about_a_job_never_seen(sim: Simulator, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends a watch at once, a 404 after ten seconds, and a single look says the same."""
    monkeypatch.setattr(configs, "NOT_FOUND_TOLERANCE", 0.6)
    simulated = running(sim)
    simulated.misbehave(fault)
    with pytest.raises(fw.ApiError) as got:
        fw.Job.get(simulated.id)
    card = fw.JobWidget(simulated.id, interval=0.2)
    with pytest.raises(fw.ApiError) as waited:
        card.wait(timeout=20)
    assert card.health == ("not found" if fault.name == "ingress" else "error")
    for text in (str(got.value), str(waited.value), card.health_detail):
        assert_says_who_speaks(text)
    if fault.name != "ingress":
        assert len(sim.requests_for(simulated.id)) <= 3


def test_proxy_that_asks_for_a_password_on_a_plain_route(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """407 ends a watch at once, and says where name and password go."""
    simulated = running(sim)
    with Simulator() as proxy:
        proxy.misbehave(Fault.proxy_password())
        fw.init(sim.url, sim.token, proxies={"http": proxy.url})
        assert_asks_for_a_password(simulated.id, monkeypatch)
        assert all(seen.method == "GET" for seen in proxy.requests)


def test_proxy_that_asks_for_a_password_at_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where the way to an https address begins with CONNECT."""
    with Simulator() as proxy:
        proxy.misbehave(Fault.proxy_password())
        fw.init("https://fiddler.example", "token", proxies={"https": proxy.url})
        assert_asks_for_a_password("job", monkeypatch)
        assert all(seen.method == "CONNECT" for seen in proxy.requests)


def assert_asks_for_a_password(job_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way, and a single look, end at once with the error that says so."""

    def get(*_: object) -> None:
        fw.Job.get(job_id)

    for one in (*WAYS, get):
        began = time.monotonic()
        with pytest.raises(fw.ApiConnectionError, match=r"proxy asks for a name and password") as caught:
            one(fw.Job(job_id, connection=default_connection.current()), 20, monkeypatch)
        assert time.monotonic() - began < 3
        assert caught.value.code == 407
        assert 'fw.init(proxies={"https": "http://name:password@host:port"})' in str(caught.value)
        assert "HTTPS_PROXY" in str(caught.value)


def test_proxy_that_refuses_a_host_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another status of CONNECT passes, as a proxy's 503 does; the status is named."""
    with Simulator() as proxy:
        proxy.misbehave(Fault.status(503))
        fw.init("https://fiddler.example", "token", proxies={"https": proxy.url})
        with pytest.raises(fw.JobTimeoutError, match=r"proxy did not let the request through: 503"):
            by_wait(fw.Job("job", connection=default_connection.current()), 0.7, monkeypatch)


@way
def test_redirect_to_https_says_what_to_use(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commonest redirect is to the same host by https: the error names the address to give."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.misbehave(Fault.redirect(f"https://127.0.0.1/v3/jobs/{simulated.id}", code=301))
    with pytest.raises(
        fw.ApiError, match=r"redirected \(301\) to https://127\.0\.0\.1; use https://127\.0\.0\.1 in fw"
    ):
        way(job, 20, monkeypatch)


@way
def test_byte_order_mark_is_accepted(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that writes one before the JSON is no trouble."""
    simulated = running(sim)
    simulated.misbehave(Fault.byte_order_mark())
    job = followed(simulated)
    simulated.set(status="SUCCESS")
    way(job, 5, monkeypatch)
    assert job.status == "SUCCESS"


@way
def test_redirect_is_not_followed(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect is an `ApiError` that names the other host, which never hears from us."""
    with Simulator() as elsewhere:
        simulated = running(sim)
        job = followed(simulated)
        simulated.misbehave(Fault.redirect(f"{elsewhere.url}/v3/jobs/{simulated.id}"))
        with pytest.raises(fw.ApiError, match=re.escape(f"to http://127.0.0.1:{elsewhere.port}")) as caught:
            way(job, 20, monkeypatch)
        assert caught.value.code == 302
        assert elsewhere.requests == []


@way
def test_404_is_not_found_after_the_tolerance(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that stays unknown is `NotFound`, after the tolerance and not before."""
    assert configs.NOT_FOUND_TOLERANCE == 10
    monkeypatch.setattr(configs, "NOT_FOUND_TOLERANCE", 1.0)
    simulated = running(sim)
    job = followed(simulated)
    simulated.misbehave(Fault.status(404))
    began = time.monotonic()
    with pytest.raises(fw.NotFound, match=str(simulated.id)):
        way(job, 20, monkeypatch)
    assert 1.0 <= time.monotonic() - began < 4.0


@way
def test_404_of_a_new_job_passes(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is not visible yet is watched as soon as it is."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.set(status="SUCCESS")
    simulated.misbehave(Fault.status(404), times=3)
    way(job, 20, monkeypatch)
    assert job.done()


@way
def test_invalid_certificate_ends_at_once(tls_server: str, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that nobody vouches for is an `ApiConnectionError`, without a second try."""
    fw.init(tls_server, "token")
    began = time.monotonic()
    with pytest.raises(fw.ApiConnectionError, match=r"certificate is not valid.*verify="):
        way(fw.Job("job", connection=default_connection.current()), 20, monkeypatch)
    assert time.monotonic() - began < 3


@way
def test_name_that_does_not_resolve_is_tried_until_the_deadline(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver may recover; the error at the deadline says what the trouble was, and with which host."""
    fw.init("http://no-such-host.invalid", "token")
    with pytest.raises(fw.JobTimeoutError, match=r"could not be resolved \(no-such-host\.invalid\)"):
        way(fw.Job("job", connection=default_connection.current()), 1.5, monkeypatch)


# ---- deadlines and ends

SILENT: dict[str, Callable[[Simulator, SimulatedJob], object]] = {
    "live": lambda _sim, _job: None,
    "never answers": lambda _sim, job: job.misbehave(Fault.hang()),
    "slow header": lambda _sim, job: job.misbehave(Fault.slow_header()),
    "slow body": lambda _sim, job: job.misbehave(Fault.slow_body()),
    "503": lambda _sim, job: job.misbehave(Fault.status(503)),
    "retry later": lambda _sim, job: job.misbehave(Fault.status(429, retry_after=60)),
    "down": lambda sim, _job: sim.pause(),
}
silent = pytest.mark.parametrize("make", SILENT.values(), ids=SILENT.keys())


@pytest.mark.alone
@way
@silent
def test_deadline_is_kept_whatever_the_server_does(
    sim: Simulator, make: Callable[[Simulator, SimulatedJob], object], way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`JobTimeoutError` comes within 0.25 s of the deadline, says where the job was, and is a `TimeoutError`."""
    simulated = running(sim, progress=40.0)
    job = followed(simulated)
    make(sim, simulated)
    began = time.monotonic()
    with pytest.raises(fw.JobTimeoutError) as caught:
        way(job, 0.7, monkeypatch)
    late = time.monotonic() - began - 0.7
    assert 0 <= late < 0.25
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.job is job
    for part in (simulated.name, simulated.id, "STARTED, 40 %", "goes on"):
        assert part in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as signals")
@pytest.mark.alone
@silent
def test_interrupt_is_prompt(sim: Simulator, make: Callable[[Simulator, SimulatedJob], object]) -> None:
    """■ is raised within 0.25 s; the card stays live and says that only the waiting has stopped."""
    simulated = running(sim)
    job = followed(simulated)
    card = fw.JobWidget(job, interval=0.2)
    make(sim, simulated)
    pressed: list[float] = []

    def press() -> None:
        time.sleep(0.5)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        card.wait(timeout=20)
    assert time.monotonic() - pressed[0] < 0.25
    thread.join()
    assert card.health in ("live", "retrying", "starting")
    if card.health == "live":
        assert card.health_detail == "Stopped waiting; the job goes on. This card still follows it."


@way
def test_stopping_ends_the_waits_of_a_card(sim: Simulator, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """`stop` ends the wait begun through the card with `WatchStopped`, and no other watcher."""
    simulated = running(sim)
    job = followed(simulated)
    card = fw.JobWidget(job, interval=0.2)
    if way is by_widget:
        thread = threading.Timer(0.5, card.stop)
        thread.start()
        began = time.monotonic()
        with pytest.raises(fw.WatchStopped, match="goes on"):
            card.wait(timeout=20)
        assert time.monotonic() - began < 2.5
        assert card.health == "stopped"
    else:
        card.stop()
        thread = finish_after(sim, simulated, 2)  # type: ignore[assignment]
        way(job, 20, monkeypatch)
    thread.join()


def test_closing_a_card_ends_its_waits(sim: Simulator) -> None:
    """`close` during a wait is the same as `stop`."""
    card = fw.JobWidget(followed(running(sim)), interval=0.2)
    thread = threading.Timer(0.3, card.close)
    thread.start()
    with pytest.raises(fw.WatchStopped):
        card.wait(timeout=20)
    thread.join()


def test_timeout_of_zero_looks_once(sim: Simulator) -> None:
    """A wait with no time makes one request, and returns if the job is over."""
    simulated = running(sim)
    job = followed(simulated)
    with pytest.raises(fw.JobTimeoutError):
        job.wait(timeout=0)
    assert len(sim.requests_for(simulated.id)) == 2
    simulated.set(status="SUCCESS")
    job.wait(timeout=0)


def test_several_watchers_share_one_stream(sim: Simulator) -> None:
    """Two cards and a watch on one job make one stream of requests, at the pace of the most eager."""
    simulated = running(sim)
    job = followed(simulated)
    cards = [fw.JobWidget(job, interval=0.5), fw.JobWidget(simulated.id, interval=0.5)]
    watch = job.watch(interval=0.5, timeout=20)
    for _ in range(4):
        next(watch)
    simulated.set(status="SUCCESS")
    assert [update.status for update in watch] == ["SUCCESS"]
    assert spacing(sim, simulated) >= SPACING
    times = [request.at for request in sim.requests_for(simulated.id)][1:]
    assert len(times) <= 7
    for card in cards:
        card.wait(timeout=5)
        assert card.status == "SUCCESS"


def test_series_of_short_waits_cannot_spin(sim: Simulator) -> None:
    """Code that waits again and again gets no more requests through than one in 0.2 s."""
    simulated = running(sim)
    job = followed(simulated)
    simulated.misbehave(Fault.status(401))
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        with pytest.raises(fw.ApiError):
            job.wait(timeout=5)
    assert spacing(sim, simulated) >= SPACING

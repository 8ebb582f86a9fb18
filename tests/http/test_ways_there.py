"""The way to a server, over real sockets: connections that died, proxies, addresses that lead nowhere."""

from __future__ import annotations

import logging
import socket
import ssl
import sys
import threading
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests.adapters

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.client import default_connection
from fiddler_widgets.client.connection import Connection
from fiddler_widgets.simulator import Fault, Simulator
from tests.http.dying import DEATHS, dying
from tests.http.gateway import gateway
from tests.http.socks5 import socks5
from tests.http.tunnel import tunnel
from tests.http.ways import WAYS, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import trustme

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


# ---- connections that were kept open


@pytest.fixture(params=["http", "https"])
def context(request: pytest.FixtureRequest, authority: trustme.CA) -> ssl.SSLContext | None:
    """For TLS, with the authority's certificate, or none for plain HTTP."""
    if request.param == "http":
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """The authority's own certificate, as a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.mark.parametrize("die", DEATHS.values(), ids=DEATHS.keys())
def test_connection_that_died_meanwhile_is_no_news(
    die: Callable[[socket.socket], None],
    context: ssl.SSLContext | None,
    bundle: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The request is sent once more at once, on a new connection, and nobody hears of it."""
    caplog.set_level(logging.INFO)
    with dying(die, context=context) as server:
        fw.init(server.url, "token", verify=bundle)
        job = fw.Job.get("job")
        began = time.monotonic()
        for _ in range(5):
            job.refresh()
        assert time.monotonic() - began < 2
        assert server.requests == [2, 2, 2, 2, 2, 1]
        default_connection.current().close_idle()
    assert caplog.text == ""


@pytest.mark.parametrize("die", DEATHS.values(), ids=DEATHS.keys())
def test_second_try_uses_no_other_old_connection(die: Callable[[socket.socket], None]) -> None:
    """Where a server drops all its connections, the next old one is as dead as the first."""
    with dying(die) as server:
        connection = Connection(server.url, "token")
        together = threading.Barrier(4)
        send = connection._adapter.send

        def at_once(*args: Any, **kwargs: Any) -> Any:
            together.wait(10)
            return send(*args, **kwargs)

        connection._adapter.send = at_once  # type: ignore[method-assign]
        with ThreadPoolExecutor(4) as pool:
            assert len(list(pool.map(connection.fetch, ["job"] * 4))) == 4
        connection._adapter.send = send  # type: ignore[method-assign]
        opened = len(server.requests)
        for _ in range(4):
            connection.fetch("job")
        assert len(server.requests) == opened + 4
        connection.close_idle()


@pytest.mark.parametrize("die", DEATHS.values(), ids=DEATHS.keys())
def test_new_connection_that_dies_is_an_error(die: Callable[[socket.socket], None]) -> None:
    """A server that hangs up on who has just come is asked once."""
    with dying(die, first=die) as server:
        fw.init(server.url, "token")
        with pytest.raises(fw.ApiConnectionError, match=r"closed|reset"):
            fw.Job.get("job")
        assert server.requests == [1]


def test_answer_that_has_begun_is_not_asked_for_again(sim: Simulator) -> None:
    """After the first byte, a cut is the server's doing."""
    simulated = sim.add_job("linear")
    job = fw.Job.get(simulated.id)
    for fault in (Fault.reset(in_body=True), Fault.cut_body()):
        simulated.misbehave(fault, times=1)
        with pytest.raises(fw.ApiConnectionError):
            job.refresh()
        job.refresh()
    assert len(sim.requests) == 5

    def one_byte(sock: socket.socket) -> None:
        sock.sendall(b"H")
        time.sleep(0.1)
        DEATHS["reset"](sock)

    with dying(one_byte) as server:
        fw.init(server.url, "token")
        job = fw.Job.get("job")
        with pytest.raises(fw.ApiConnectionError):
            job.refresh()
        assert server.requests == [2]


def test_silence_on_an_old_connection_is_not_asked_again(sim: Simulator) -> None:
    """A server that takes its time is not a dead connection."""
    fw.init(sim.url, sim.token, timeout=(5, 0.3))
    simulated = sim.add_job("linear")
    job = fw.Job.get(simulated.id)
    simulated.misbehave(Fault.hang())
    with pytest.raises(fw.ApiConnectionError, match="too long"):
        job.refresh()
    assert len(sim.requests) == 2


def test_deadline_of_a_request_holds_for_both_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second try has what the first one left of the time."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 1.2)

    def late(sock: socket.socket) -> None:
        time.sleep(0.8)
        DEATHS["reset"](sock)

    with dying(late) as server:
        fw.init(server.url, "token")
        job = fw.Job.get("job")
        monkeypatch.setattr("tests.http.dying._GOOD", b"HTTP/1.1 200 OK\r\nX-Waits: ")
        began = time.monotonic()
        with pytest.raises(fw.ApiConnectionError, match="too long"):
            job.refresh()
        assert 1.1 <= time.monotonic() - began < 1.6
        assert server.requests == [2, 1]


def test_dead_connection_to_a_proxy_is_no_news(sim: Simulator) -> None:
    """Proxies drop connections too."""
    simulated = sim.add_job("linear")
    with Simulator(token=sim.token) as proxy:
        there = proxy.add_job("linear", id=simulated.id)
        fw.init("http://fiddler.example", sim.token, proxies={"http": proxy.url})
        job = fw.Job.get(simulated.id)
        there.misbehave(Fault.reset(), times=1)
        job.refresh()
        assert len(proxy.requests) == 3


def test_tls_through_a_proxy(
    context: ssl.SSLContext | None, bundle: str, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By CONNECT, also where the proxy itself is reached by TLS: kept, renewed when dead, bounded as a whole."""
    inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(inner)
    with dying(DEATHS["reset"], context=inner) as server, tunnel(context) as (proxy, asked):
        fw.init(server.url, "token", proxies={"https": proxy}, verify=bundle)
        job = fw.Job.get("job")
        job.refresh()
        assert server.requests == [2, 1]
        assert asked == [server.url.removeprefix("https://")] * 2

        def drip(sock: socket.socket) -> None:
            sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _ in range(60):
                time.sleep(0.05)
                sock.sendall(b"x")

        default_connection.current().close_idle()
        monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 1.0)
        with dying(drip, first=drip, context=inner) as dripping:
            fw.init(dripping.url, "token", proxies={"https": proxy}, verify=bundle)
            began = time.monotonic()
            with pytest.raises(fw.ApiConnectionError, match="too long"):
                fw.Job.get("job")
            assert time.monotonic() - began < 1.6
            default_connection.current().close_idle()


# ---- SOCKS


@pytest.fixture
def pysocks() -> None:
    """Only where PySocks is installed."""
    pytest.importorskip("socks")


def by_init(url: str, token: str, proxy: str, _patch: pytest.MonkeyPatch) -> None:
    """The proxy is given to `init`."""
    fw.init(url, token, proxies={"http": proxy, "https": proxy})


def by_environment(url: str, token: str, proxy: str, patch: pytest.MonkeyPatch) -> None:
    """The proxy is the environment's."""
    patch.setenv("ALL_PROXY", proxy)
    fw.init(url, token)


@pytest.mark.usefixtures("pysocks")
@pytest.mark.parametrize("init", [by_init, by_environment])
@pytest.mark.parametrize("login", [None, ("name", "secret")], ids=["open", "login"])
def test_socks_proxy_is_used(
    sim: Simulator,
    init: Callable[..., None],
    login: tuple[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With socks5h the proxy finds the host; the connection is kept, and dies unheard, like any other."""
    simulated = sim.add_job("linear", name="Upload")
    before = "name:secret@" if login else ""
    with socks5(hosts={"fiddler.example": "127.0.0.1"}, login=login) as proxy:
        init(f"http://fiddler.example:{sim.port}", sim.token, f"socks5h://{before}127.0.0.1:{proxy.port}", monkeypatch)
        job = fw.Job.get(simulated.id)
        job.refresh()
        assert proxy.asked == ["fiddler.example"]
        simulated.misbehave(Fault.reset(), times=1)
        job.refresh()
        assert proxy.asked == ["fiddler.example"] * 2
        simulated.set(status="SUCCESS")
        job.wait(timeout=10)
        default_connection.current().close_idle()


@pytest.mark.usefixtures("pysocks")
def test_socks_proxy_is_used_for_tls(tls_server: str, bundle: str) -> None:
    """And with an address that we have found ourselves."""
    with socks5() as proxy:
        fw.init(tls_server, "token", proxies={"https": f"socks5://127.0.0.1:{proxy.port}"}, verify=bundle)
        assert fw.Job.get("job").name == "Upload"
        assert proxy.asked == ["127.0.0.1"]
        default_connection.current().close_idle()


@pytest.mark.usefixtures("pysocks")
def test_request_through_socks_is_bounded_as_a_whole(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dripping header behind it, and a proxy that drips itself, end with the request's time."""
    monkeypatch.setattr(configs, "REQUEST_TIMEOUT", 1.0)
    simulated = sim.add_job("linear")
    for pace in (0.0, 0.2):
        if not pace:
            simulated.misbehave(Fault.slow_header(0.02), times=1)
        with socks5(pace=pace) as proxy:
            fw.init(sim.url, sim.token, proxies={"http": f"socks5://127.0.0.1:{proxy.port}"})
            began = time.monotonic()
            with pytest.raises(fw.ApiConnectionError, match="too long"):
                fw.Job.get(simulated.id)
            assert 0.9 <= time.monotonic() - began < 1.6
            default_connection.current().close_idle()


@pytest.mark.usefixtures("pysocks")
def test_socks_proxy_that_refuses(sim: Simulator) -> None:
    """A host that it cannot reach is tried again; a password that is wrong is not, and nobody shows it."""
    with socks5(hosts={"fiddler.example": "127.0.0.1"}, login=("name", "secret")) as proxy:
        fw.init("http://fiddler.example:9", "token", proxies={"http": f"socks5h://name:secret@127.0.0.1:{proxy.port}"})
        with pytest.raises(fw.ApiConnectionError, match="proxy did not let the request through") as caught:
            fw.Job.get("job")
        assert not caught.value.permanent
        fw.init(sim.url, sim.token, proxies={"http": f"socks5h://name:wrong-one@127.0.0.1:{proxy.port}"})
        with pytest.raises(
            fw.ApiConnectionError, match=r"asks for another name and password.*socks5h://name:"
        ) as caught:
            fw.Job.get("job")
        assert caught.value.permanent
        assert "wrong-one" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("init", [by_init, by_environment])
def test_socks_proxy_without_pysocks_ends_at_once(
    way: Way, init: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names what to install."""

    def missing(*_: object, **__: object) -> None:
        msg = "Missing dependencies for SOCKS support."
        raise requests.exceptions.InvalidSchema(msg)

    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    init("http://fiddler.example", "token", "socks5h://127.0.0.1:9", monkeypatch)
    began = time.monotonic()
    with pytest.raises(fw.ApiConnectionError, match=r"SOCKS proxy is given.*pip install \"requests\[socks\]\""):
        way(fw.Job("job", connection=default_connection.current()), 20, monkeypatch)
    assert time.monotonic() - began < 3


@pytest.mark.usefixtures("pysocks")
def test_socks_proxy_of_no_version_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desktops write socks://: the error says what to write."""
    by_environment("http://fiddler.example", "token", "socks://127.0.0.1:9", monkeypatch)
    with pytest.raises(fw.ApiConnectionError, match=r"socks://.*socks5h://host:port") as caught:
        fw.Job.get("job")
    assert caught.value.permanent


# ---- loopback


def test_loopback_uses_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator, the demo and a tunnel are reached whatever HTTP_PROXY says."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOBODY)
    with Simulator() as sim:
        job = sim.add_job("linear")
        for host in ("127.0.0.1", "localhost", "LOCALHOST"):
            fw.init(f"http://{host}:{sim.port}", sim.token)
            assert fw.Job.get(job.id).status


def test_proxies_given_to_init_count_for_loopback(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user says explicitly holds, and the environment's other proxies do not come with it."""
    monkeypatch.setenv("ALL_PROXY", NOBODY)
    job = sim.add_job("linear")
    with gateway() as proxy:
        fw.init(sim.url, sim.token, proxies={"http": proxy.url})
        assert fw.Job.get(job.id).status
        assert len(proxy.ours) == 1
        fw.init(sim.url, sim.token, proxies={"https": NOBODY})
        assert fw.Job.get(job.id).status
        assert len(proxy.ours) == 1


# ---- certificates that nobody checks


def test_unchecked_certificates_warn_once_in_our_words(tls_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `init` was called; urllib3's warning never shows, whichever thread asks, and its filters are left alone."""
    monkeypatch.setattr(default_connection, "_warned", False)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        filters = list(warnings.filters)
        for _ in range(3):
            fw.init(tls_server, "token", verify=False)
        assert fw.Job.get("job").name == "Upload"
        with ThreadPoolExecutor(1) as pool:
            pool.submit(fw.Job.get, "job").result()
        watch = fw.Job.get("job").watch(timeout=5)
        next(watch)
        watch.close()  # type: ignore[attr-defined]
        fw.init(tls_server, "another", verify=False)
        fw.Job.get("job")
        assert list(warnings.filters) == filters
    assert [(one.category, one.filename) for one in seen] == [(UserWarning, __file__)]
    assert "verify=False" in str(seen[0].message)


# ---- addresses


@pytest.fixture
def black_hole() -> Iterator[tuple[str, int]]:
    """An address that never answers: the queue of its listener is full."""
    if sys.platform != "linux":
        pytest.skip("what a full queue does is the system's choice")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()
        for filler in fillers:
            filler.close()


def resolving(monkeypatch: pytest.MonkeyPatch, *where: tuple[str, int]) -> None:
    """Have fiddler.example lead to these addresses, in that order."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in where]
    real = socket.getaddrinfo

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        return found if host == "fiddler.example" else real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


@pytest.mark.alone
def test_address_that_leads_nowhere_costs_a_moment(
    sim: Simulator, black_hole: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next address is tried beside it after a quarter of a second, for each new connection."""
    resolving(monkeypatch, black_hole, ("127.0.0.1", sim.port))
    fw.init("http://fiddler.example", sim.token)
    simulated = sim.add_job("linear")
    began = time.monotonic()
    job = fw.Job.get(simulated.id)
    took = time.monotonic() - began
    assert 0.2 <= took < 0.6
    began = time.monotonic()
    job.refresh()
    assert time.monotonic() - began < 0.2


@pytest.mark.alone
def test_address_that_refuses_costs_nothing(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is tried at once."""
    resolving(monkeypatch, ("127.0.0.1", 9), ("127.0.0.1", sim.port))
    fw.init("http://fiddler.example", sim.token)
    began = time.monotonic()
    assert fw.Job.get(sim.add_job("linear").id).status
    assert time.monotonic() - began < 0.2


@pytest.mark.alone
def test_addresses_that_all_lead_nowhere(black_hole: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the time for connecting together, and the error says what it was."""
    resolving(monkeypatch, black_hole, black_hole, black_hole)
    fw.init("http://fiddler.example", "token", timeout=(0.7, 5))
    began = time.monotonic()
    with pytest.raises(fw.ApiConnectionError, match="onnecting took too long"):
        fw.Job.get("job")
    assert 0.6 <= time.monotonic() - began < 1.2
    resolving(monkeypatch, ("127.0.0.1", 9), ("127.0.0.1", 9))
    with pytest.raises(fw.ApiConnectionError, match="connection was refused"):
        fw.Job.get("job")

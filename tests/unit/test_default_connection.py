"""Which connection counts, and what `init` accepts."""

from __future__ import annotations

import sys
import traceback
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import requests
from requests.adapters import HTTPAdapter

import fiddler_widgets as fw
from fiddler_widgets.client import default_connection
from fiddler_widgets.client.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

URL, TOKEN = "https://acme.fiddler.example", "canary-token"


def official_client(
    monkeypatch: pytest.MonkeyPatch, url: str = "https://official.example", token: str = TOKEN
) -> SimpleNamespace:
    """Put a stand-in for the official client in place, as after its `init`; return its connection."""
    module = ModuleType("fiddler")
    session = requests.Session()
    session.verify = "/some/bundle.pem"
    conn = module.conn = SimpleNamespace(  # type: ignore[attr-defined]
        url=url,
        token=token,
        proxies={"https": "http://proxy.example:3128"},
        timeout=None,
        request_headers={"Authorization": f"Bearer {token}", "X-Fiddler-Client-Name": "python-sdk"},
        client=SimpleNamespace(session=session),
    )
    monkeypatch.setitem(sys.modules, "fiddler", module)
    return conn


def bearer(connection: object) -> str:
    """The token that a connection sends."""
    assert isinstance(connection, Connection)
    return connection._bearer.token


def test_arguments_count_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given to `init` beats the environment."""
    monkeypatch.setenv("FIDDLER_URL", "https://environment.example")
    monkeypatch.setenv("FIDDLER_TOKEN", "other")
    fw.init(URL, TOKEN)
    assert default_connection.current().url == URL


def test_environment_counts_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, FIDDLER_URL and FIDDLER_TOKEN count, with or without a call of `init`."""
    official_client(monkeypatch)
    monkeypatch.setenv("FIDDLER_URL", URL)
    monkeypatch.setenv("FIDDLER_TOKEN", TOKEN)
    assert default_connection.current().url == URL
    fw.init()
    assert default_connection.current().url == URL


def test_one_argument_is_completed_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token may come from the environment alone."""
    monkeypatch.setenv("FIDDLER_TOKEN", TOKEN)
    fw.init(URL)
    assert default_connection.current().url == URL


def test_official_connection_counts_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier `fiddler.init()` is taken over: address, proxies, TLS settings and headers."""
    official_client(monkeypatch)
    connection = default_connection.current()
    assert connection.url == "https://official.example"
    assert connection._settings["verify"] == "/some/bundle.pem"
    assert connection._settings["proxies"]["https"] == "http://proxy.example:3128"
    assert connection._headers["X-Fiddler-Client-Name"] == "python-sdk"
    assert default_connection.current() is connection


def test_new_official_connection_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second `fiddler.init()` counts from then on."""
    official_client(monkeypatch)
    default_connection.current()
    official_client(monkeypatch, "https://second.example")
    assert default_connection.current().url == "https://second.example"


def test_init_that_took_the_official_connection_over_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """After `fw.init()` without arguments, a later `fiddler.init()` counts, for new jobs and old ones."""
    official_client(monkeypatch, token="first")
    fw.init()
    first = default_connection.current()
    official_client(monkeypatch, token="second")
    assert (bearer(default_connection.current()), bearer(default_connection.latest(first))) == ("second", "second")


def test_init_without_arguments_lets_an_explicit_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last `fw.init` counts: one that takes the official connection over does not leave an older one in place."""
    fw.init(URL, TOKEN)
    official_client(monkeypatch)
    fw.init()
    assert default_connection.current().url == "https://official.example"


def test_explicit_init_counts_for_our_own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said to us comes first for our jobs, and last for those of the official client."""
    official_client(monkeypatch, URL, "theirs")
    fw.init(URL, "ours")
    connection = default_connection.current()
    assert bearer(default_connection.latest(connection)) == "ours"
    assert bearer(default_connection.latest_of_official(connection)) == "theirs"


def test_job_of_the_official_client_without_a_connection_of_it_uses_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a job that was made by hand."""
    fw.init(URL, TOKEN)
    assert default_connection.latest_of_official(None) is default_connection.current()
    monkeypatch.setattr(default_connection, "_current", None)
    with pytest.raises(fw.NotConnected):
        default_connection.latest_of_official(None)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/projects",
        "https://acme.example/projects/?id=7#top",
        "https://acme.example/",
        " https://acme.example",
    ],
)
def test_path_of_the_official_address_is_dropped(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """As the official client drops it: an address may be copied from a page of the platform."""
    official_client(monkeypatch, url)
    assert default_connection.current().url == "https://acme.example"


CHANGES: dict[str, Callable[[SimpleNamespace], object]] = {
    "auth": lambda conn: setattr(conn.client.session, "auth", ("user", "password")),
    "verify": lambda conn: setattr(conn.client.session, "verify", False),
    "certificate": lambda conn: setattr(conn.client.session, "cert", "/some/client.pem"),
    "header": lambda conn: conn.client.session.headers.update({"X-Tenant": "acme"}),
    "adapter": lambda conn: conn.client.session.mount("https://", type("Mine", (HTTPAdapter,), {})()),
    "proxies": lambda conn: conn.proxies.clear(),
    "timeout": lambda conn: setattr(conn, "timeout", 3),
    "token": lambda conn: conn.request_headers.update({"Authorization": "Bearer renewed"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_of_the_official_session_counts_from_the_next_call(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[SimpleNamespace], object]
) -> None:
    """What is set on it after our first use is taken over, too, and the connection is kept while nothing changes."""
    theirs = official_client(monkeypatch)
    before = default_connection.current()
    change(theirs)
    after = default_connection.current()
    assert after != before
    assert default_connection.current() is after


def test_session_of_the_official_client_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Client certificate, headers, and the token that is really sent."""
    theirs = official_client(monkeypatch)
    theirs.client.session.cert = ("/some/client.pem", "/some/key.pem")
    theirs.client.session.headers.update({"X-Tenant": "acme", "X-None": None})
    theirs.client.session.headers["authorization"] = "of no account beside the client's"
    theirs.request_headers["Authorization"] = "Bearer renewed"
    connection = default_connection.current()
    assert connection._settings["cert"] == ("/some/client.pem", "/some/key.pem")
    assert connection._headers["X-Tenant"] == "acme"
    assert "X-None" not in connection._headers
    assert bearer(connection) == "renewed"


UNUSABLE: dict[str, Callable[[SimpleNamespace], object]] = {
    "`timeout` must be": lambda conn: setattr(conn, "timeout", "soon"),
    "`url` must be": lambda conn: setattr(conn, "url", "acme.example"),
    "AttributeError": lambda conn: delattr(conn.client, "session"),
}
unusable = pytest.mark.parametrize(("why", "change"), UNUSABLE.items(), ids=UNUSABLE.keys())


@unusable
def test_official_connection_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, why: str, change: Callable[[SimpleNamespace], object]
) -> None:
    """Whoever needs it is told what is wrong with it and what to do; nothing of that shows the token."""
    change(official_client(monkeypatch))
    for needs_it in (default_connection.current, fw.init, lambda: default_connection.latest_of_official(None)):
        with pytest.raises(fw.NotConnected, match=rf"fiddler\.init\(\).*{why}.*fw\.init\(url") as caught:
            needs_it()
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert TOKEN not in "".join(shown.format())


@unusable
def test_official_connection_that_cannot_be_used_is_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch, why: str, change: Callable[[SimpleNamespace], object]
) -> None:
    """Jobs with a connection of ours keep it, and one given to `init` serves those of the official client, too."""
    fw.init("https://elsewhere.example", TOKEN)
    elsewhere = default_connection.current()
    change(official_client(monkeypatch))
    fw.init(URL, TOKEN)
    ours = default_connection.current()
    assert why
    assert default_connection.latest(ours) is ours
    assert default_connection.latest(elsewhere) is elsewhere
    assert default_connection.latest_of_official(elsewhere) is ours


@pytest.mark.parametrize(
    ("url", "token", "missing"),
    [(None, None, "no address and no token"), (URL, None, "no token"), (None, TOKEN, "no address")],
)
def test_what_is_missing_is_named(url: str | None, token: str | None, missing: str) -> None:
    """`NotConnected` says which part is not there, and where to put it."""
    with pytest.raises(fw.NotConnected, match=f"{missing}.*FIDDLER_URL"):
        fw.init(url, token)


@pytest.mark.parametrize("url", ["", "acme", "ftp://acme.example", "https://", "https://user:secret@acme.example"])
def test_impossible_addresses(url: str) -> None:
    """An address is http or https with a host, and holds no password."""
    with pytest.raises(ValueError, match="`url`") as caught:
        fw.init(url, TOKEN)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["", "   ", "a\nb", "schlüssel"])
def test_impossible_tokens(token: str) -> None:
    """A token that cannot be sent is refused at once."""
    with pytest.raises(ValueError, match="`token`"):
        fw.init(URL, token)


def test_token_of_another_type() -> None:
    """What is no str is a `TypeError`."""
    with pytest.raises(TypeError, match="`token`"):
        fw.init(URL, 42)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("timeout", "limits"),
    [
        (None, (10.0, 30.0)),
        (3, (3.0, 3.0)),
        ((1, 2), (1.0, 2.0)),
        ((5, None), (5.0, 30.0)),
        ((None, 7.5), (10.0, 7.5)),
        (100, (30.0, 30.0)),
    ],
)
def test_timeouts(
    monkeypatch: pytest.MonkeyPatch,
    timeout: float | tuple[float | None, float | None] | None,
    limits: tuple[float, float],
) -> None:
    """Seconds, or a pair as in requests; ``None`` leaves it to our own limits, also within a pair."""
    fw.init(URL, TOKEN, timeout=timeout)
    assert default_connection.current()._timeout == limits
    official_client(monkeypatch).timeout = timeout
    fw.init()
    assert default_connection.current()._timeout == limits


@pytest.mark.parametrize("timeout", [0, -1, (5,), (5, 0), "soon", (1, 2, 3), float("nan")])
def test_impossible_timeouts(timeout: object) -> None:
    """A timeout is a positive number of seconds, or two."""
    with pytest.raises(ValueError, match="`timeout`"):
        fw.init(URL, TOKEN, timeout=timeout)  # type: ignore[arg-type]


def test_same_connection_is_kept() -> None:
    """A cell that is run again keeps its connection, and so its streams of requests."""
    fw.init(URL, TOKEN)
    first = default_connection.current()
    fw.init(URL + "/", TOKEN)
    assert default_connection.current() is first


def test_renewed_token_serves_the_jobs_that_wait_for_it() -> None:
    """After `init` with a new token, a job of the same platform uses it; one of another platform does not."""
    fw.init(URL, "old")
    old = default_connection.current()
    fw.init(URL, "new")
    assert default_connection.latest(old) is default_connection.current()
    fw.init("https://elsewhere.example", "other")
    assert default_connection.latest(old) is old

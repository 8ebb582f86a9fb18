"""Which connection counts, and what `init` accepts."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest
import requests

import fiddler_widgets as fw
from fiddler_widgets import connect, official

URL, TOKEN = "https://acme.fiddler.example", "canary-token"


def official_client(monkeypatch: pytest.MonkeyPatch, url: str = "https://official.example") -> None:
    """Put a stand-in for the official client in place, as after its `init`."""
    module = ModuleType("fiddler")
    session = requests.Session()
    session.verify = "/some/bundle.pem"
    module.conn = SimpleNamespace(  # type: ignore[attr-defined]
        url=url,
        token=TOKEN,
        proxies={"https": "http://proxy.example:3128"},
        timeout=None,
        request_headers={"Authorization": f"Bearer {TOKEN}", "X-Fiddler-Client-Name": "python-sdk"},
        client=SimpleNamespace(session=session),
    )
    monkeypatch.setitem(sys.modules, "fiddler", module)


def test_arguments_count_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given to `init` beats the environment."""
    monkeypatch.setenv("FIDDLER_URL", "https://environment.example")
    monkeypatch.setenv("FIDDLER_TOKEN", "other")
    fw.init(URL, TOKEN)
    assert connect.current().url == URL


def test_environment_counts_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, FIDDLER_URL and FIDDLER_TOKEN count, with or without a call of `init`."""
    official_client(monkeypatch)
    monkeypatch.setenv("FIDDLER_URL", URL)
    monkeypatch.setenv("FIDDLER_TOKEN", TOKEN)
    assert connect.current().url == URL
    fw.init()
    assert connect.current().url == URL


def test_one_argument_is_completed_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token may come from the environment alone."""
    monkeypatch.setenv("FIDDLER_TOKEN", TOKEN)
    fw.init(URL)
    assert connect.current().url == URL


def test_official_connection_counts_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier `fiddler.init()` is taken over: address, proxies, TLS settings and headers."""
    official_client(monkeypatch)
    connection = connect.current()
    assert connection.url == "https://official.example"
    assert connection._settings["verify"] == "/some/bundle.pem"
    assert connection._settings["proxies"]["https"] == "http://proxy.example:3128"
    assert connection._headers["X-Fiddler-Client-Name"] == "python-sdk"
    assert connect.current() is connection


def test_new_official_connection_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second `fiddler.init()` counts from then on."""
    official_client(monkeypatch)
    connect.current()
    official_client(monkeypatch, "https://second.example")
    assert connect.current().url == "https://second.example"


def test_official_client_is_never_imported() -> None:
    """Nobody pays for a client that they do not use."""
    assert official.connection() is None or "fiddler" in sys.modules


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


@pytest.mark.parametrize("timeout", [0, -1, (5,), (5, 0), "soon", (1, 2, 3), float("nan")])
def test_impossible_timeouts(timeout: object) -> None:
    """A timeout is a positive number of seconds, or two."""
    with pytest.raises(ValueError, match="`timeout`"):
        fw.init(URL, TOKEN, timeout=timeout)  # type: ignore[arg-type]


def test_same_connection_is_kept() -> None:
    """A cell that is run again keeps its connection, and so its streams of requests."""
    fw.init(URL, TOKEN)
    first = connect.current()
    fw.init(URL + "/", TOKEN)
    assert connect.current() is first


def test_renewed_token_serves_the_jobs_that_wait_for_it() -> None:
    """After `init` with a new token, a job of the same platform uses it; one of another platform does not."""
    fw.init(URL, "old")
    old = connect.current()
    fw.init(URL, "new")
    assert connect.latest(old) is connect.current()
    fw.init("https://elsewhere.example", "other")
    assert connect.latest(old) is old

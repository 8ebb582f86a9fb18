"""Which addresses are the machine's own, and in which order those of a host are tried."""

from __future__ import annotations

import socket

import pytest

from fiddler_widgets.client.connection_options import ConnectionOptions, is_loopback
from fiddler_widgets.client.dialling import by_turns

OWN = ["localhost", "LocalHost.", "a.b.localhost", "127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]
OTHERS = ["fiddler.example", "localhost.example", "notlocalhost", "128.0.0.1", "10.0.0.1", "::2", "0.0.0.0", ""]  # noqa: S104


@pytest.mark.parametrize("host", [*OWN, *OTHERS])
def test_loopback_is_told_from_other_hosts(host: str) -> None:
    """By name or address, in any spelling; names are not looked up."""
    assert is_loopback(host) == (host in OWN)


@pytest.mark.parametrize("url", ["http://localhost:8080", "https://[::1]/x", "http://127.0.0.1"])
def test_environments_proxies_do_not_count_for_loopback(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given ones do, and the environment's CA bundle too."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example")
        monkeypatch.setenv(name.lower(), "http://proxy.example")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/some/bundle.pem")
    given = {"http": "http://given.example"}
    assert ConnectionOptions.from_environment(url, None, verify=True) == ConnectionOptions({}, "/some/bundle.pem")
    assert ConnectionOptions.from_environment(url, given, verify=True) == ConnectionOptions(given, "/some/bundle.pem")
    elsewhere = ConnectionOptions.from_environment("https://fiddler.example", given, verify=True).proxies
    assert elsewhere["https"] == "http://proxy.example"
    assert elsewhere["http"] == "http://given.example"


SIX, FOUR = socket.AF_INET6, socket.AF_INET


def test_families_alternate() -> None:
    """In the system's order within each, the family that it prefers first; each address once."""
    found = [(SIX, 1), (SIX, 2), (SIX, 3), (FOUR, 4), (FOUR, 5)]
    assert by_turns(found) == [(SIX, 1), (FOUR, 4), (SIX, 2), (FOUR, 5), (SIX, 3)]
    assert by_turns(found[3:]) == found[3:]
    assert by_turns([]) == []

"""A poller of the test's own, where one is used, and no widget left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets
import pytest

from fiddler_widgets.client import default_connection, fiddler_client
from fiddler_widgets.polling import poller, shared_poller
from tests.unit.fake_server import FakeServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without a connection."""
    monkeypatch.setattr(default_connection, "_current", None)
    monkeypatch.setattr(fiddler_client, "_adopted", None)


@pytest.fixture(autouse=True)
def _no_threads_for_later_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """See that a test that watches has asked for `engine`: the process's own poller would outlive it."""
    monkeypatch.setattr(shared_poller, "_shared", None)
    yield
    left = shared_poller._shared
    assert left is None or left.closed


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[poller.Poller]:
    """The process's poller for one test, whose threads leave quickly."""
    own = poller.Poller(linger=0.2)
    monkeypatch.setattr(shared_poller, "_shared", own)
    yield own
    ipywidgets.Widget.close_all()
    own.close(5)


@pytest.fixture
def server(engine: poller.Poller) -> FakeServer:  # noqa: ARG001 (a server is there to be polled)
    """A server without a network."""
    return FakeServer()

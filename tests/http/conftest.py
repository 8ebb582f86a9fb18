"""A simulator for each test, connected, and nothing left over after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets
import pytest

import fiddler_widgets as fw
from fiddler_widgets.client import default_connection, fiddler_client
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.simulator import Simulator
from tests.http.tls import authority, mutual_tls_server, tls_server
from tests.jupyter_faults import no_jupyter_faults

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = ["authority", "mutual_tls_server", "no_jupyter_faults", "sim", "tls_server"]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator that `fw.init` leads to."""
    with Simulator() as simulator:
        fw.init(simulator.url, simulator.token)
        yield simulator


@pytest.fixture(autouse=True)
def _nothing_left_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin without a connection; afterwards close the cards, and find the poller with nothing to do."""
    monkeypatch.setattr(default_connection, "_current", None)
    monkeypatch.setattr(fiddler_client, "_adopted", None)
    yield
    ipywidgets.Widget.close_all()
    engine = shared_poller.shared()
    with engine._lock:
        assert not any(channel.subscriptions for channel in engine._agenda.channels.values())

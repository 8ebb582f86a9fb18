"""A card to make, and what its page would receive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import comm
import pytest

import fiddler_widgets as fw
from tests.unit.job_widget.cards import ID, RecordingComm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.fake_server import FakeServer


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every message to the page, from here on."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(RecordingComm, "sent", messages, raising=False)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    return messages


@pytest.fixture
def make(server: FakeServer) -> Callable[..., fw.JobWidget]:
    """Makes a card of a job on that server, by default a quick one."""

    def make_card(job_id: str = ID, **options: Any) -> fw.JobWidget:
        options.setdefault("interval", 0.2)
        return fw.JobWidget(fw.Job(job_id, connection=server), **options)

    return make_card

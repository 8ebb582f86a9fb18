"""A board to make, and what its page would receive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import comm
import pytest

import fiddler_widgets as fw
from fiddler_widgets.jobs import kernel_jobs as registry
from tests.unit.boards import IDS, ManyJobs, RecordingComm

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.polling.poller import Poller


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every message to the page, from here on."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(RecordingComm, "sent", messages, raising=False)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    return messages


@pytest.fixture
def server(engine: Poller) -> ManyJobs:  # noqa: ARG001 (a server is there to be polled)
    """A server whose jobs differ."""
    return ManyJobs()


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a kernel that has no jobs."""
    for name in ("_records", "_followers"):
        monkeypatch.setattr(registry.kernel_jobs, name, type(getattr(registry.kernel_jobs, name))())


@pytest.fixture
def make(server: ManyJobs) -> Callable[..., fw.JobBoard]:
    """Makes a board of so many jobs of that server, by default a quick one."""

    def make_board(count: int = 3, **options: Any) -> fw.JobBoard:
        options.setdefault("interval", 0.2)
        return fw.JobBoard([fw.Job(id_, connection=server) for id_ in IDS[:count]], **options)

    return make_board

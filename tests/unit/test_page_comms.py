"""A page that cannot have a widget's model follows it, and speaks to it, by a comm of its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.widget.output_type import COMM_TARGET
from tests.unit.fake_kernel import FakeKernel
from tests.unit.fake_server import FakeServer, until

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


class PageComm:
    """A comm that a page has opened."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed = False
        self.hear: Callable[[dict[str, Any]], None] = lambda _message: None
        self.leave: Callable[[dict[str, Any]], None] = lambda _message: None

    def on_msg(self, callback: Callable[[dict[str, Any]], None]) -> None:
        """As of ``BaseComm``."""
        self.hear = callback

    def on_close(self, callback: Callable[[dict[str, Any]], None]) -> None:
        """As of ``BaseComm``."""
        self.leave = callback

    def send(self, data: dict[str, Any], buffers: Any = None) -> None:
        """As of ``BaseComm``."""
        del buffers
        self.sent.append(data)

    def close(self) -> None:
        """As of ``BaseComm``."""
        self.closed = True

    def says(self, **content: object) -> None:
        """Let the page send a message of a card."""
        self.hear({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def last(self, name: str) -> object:
        """The last value that a trait was sent with."""
        return next((data["state"][name] for data in reversed(self.sent) if name in data.get("state", {})), None)


@pytest.fixture
def targets(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[Any, dict[str, Any]], None]]:
    """What pages can open comms to, in a kernel in which this test runs."""
    targets: dict[str, Callable[[Any, dict[str, Any]], None]] = {}
    shell = FakeKernel()
    manager = SimpleNamespace(targets=targets, register_target=targets.__setitem__)
    shell.kernel = SimpleNamespace(comm_manager=manager)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return targets


@pytest.fixture
def card(targets: dict[str, Any], server: FakeServer) -> fw.JobWidget:
    """A quick card of a job, made after the kernel's comms can be had."""
    del targets
    return fw.JobWidget(fw.Job(ID, connection=server), interval=0.2)


@pytest.fixture
def open_comm(targets: dict[str, Callable[[Any, dict[str, Any]], None]]) -> Callable[[str], PageComm]:
    """Opens a comm to the widget with that model, as a page does."""

    def open_one(model_id: str) -> PageComm:
        comm = PageComm()
        targets[COMM_TARGET](comm, {"content": {"data": {"model_id": model_id}}})
        return comm

    return open_one


def test_page_gets_the_whole_state_and_then_each_change(
    card: fw.JobWidget, open_comm: Callable[[str], PageComm], server: FakeServer
) -> None:
    """The frontend included, which the page may have none of."""
    comm = open_comm(card.model_id)
    until(lambda: bool(comm.sent))
    assert comm.sent[0]["state"].keys() >= {"_esm", "_css", "_said", "_clock", "_number", "job_id"}
    server.fields["progress"] = 70.0
    until(lambda: comm.last("progress") == 70.0)


def test_page_can_stop_the_watching(card: fw.JobWidget, open_comm: Callable[[str], PageComm]) -> None:
    """What it says is taken in as if it had come by the widget's own comm."""
    comm = open_comm(card.model_id)
    comm.says(type="stop", view="one")
    until(lambda: card.health == "stopped")
    until(lambda: comm.last("health") == "stopped")


def test_comm_of_an_unknown_widget_is_closed(card: fw.JobWidget, open_comm: Callable[[str], PageComm]) -> None:
    """The page then says that the kernel does not know it any more."""
    del card
    comm = open_comm("unknown")
    assert comm.closed
    assert comm.sent == []


@pytest.mark.parametrize("leaves", ["closes", "says goodbye"])
def test_page_that_leaves_is_told_nothing_more(
    card: fw.JobWidget, open_comm: Callable[[str], PageComm], leaves: str
) -> None:
    """It closes its comm, or says goodbye, which is all that a page can do that is closed itself."""
    comm, other = open_comm(card.model_id), open_comm(card.model_id)
    until(lambda: bool(comm.sent and other.sent))
    if leaves == "closes":
        comm.leave({})
    else:
        comm.says(type="bye", view="one")
    told = len(comm.sent)
    card.stop()
    until(lambda: other.last("health") == "stopped")
    assert len(comm.sent) == told


def test_comms_close_with_the_widget(card: fw.JobWidget, open_comm: Callable[[str], PageComm]) -> None:
    """So the page takes its view away."""
    comm = open_comm(card.model_id)
    until(lambda: bool(comm.sent))
    card.close()
    assert comm.closed


def test_comm_that_breaks_harms_no_other(card: fw.JobWidget, open_comm: Callable[[str], PageComm]) -> None:
    """Nor the watching."""
    broken, comm = open_comm(card.model_id), open_comm(card.model_id)
    until(lambda: bool(broken.sent and comm.sent))
    broken.send = None  # type: ignore[assignment, method-assign]
    card.stop()
    until(lambda: comm.last("health") == "stopped")

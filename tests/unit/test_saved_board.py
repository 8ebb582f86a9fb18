"""What a board leaves in a notebook: when it is published, and that it says what matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import comm
import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.board.saved_board import SavedBoard
from fiddler_widgets.rendering import static_list
from fiddler_widgets.widget.output_type import OUTPUT_TYPE
from tests.unit.boards import IDS, ManyJobs
from tests.unit.fake_kernel import FakeKernel, SavingComm
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.polling.poller import Poller

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    """A notebook in which this test runs."""
    shell = FakeKernel()
    shell.run("a cell")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell


@pytest.fixture
def server(engine: Poller) -> ManyJobs:  # noqa: ARG001 (a server is there to be polled)
    """A server whose jobs differ."""
    return ManyJobs()


@pytest.fixture
def make(server: ManyJobs) -> Callable[..., fw.JobBoard]:
    """Makes a quick board of so many jobs."""
    return lambda count=3: fw.JobBoard([fw.Job(id_, connection=server) for id_ in IDS[:count]], interval=0.2)


class Clock:
    """Rows, counts and a clock of the test's own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.states: list[str] = ["STARTED"] * 60

    def rows(self) -> list[static_list.Row]:
        """The jobs as they are now."""
        return [
            static_list.Row(id_, fw.JobState.from_wire({"data": {"id": id_, "status": status}}, expected_id=id_))
            for id_, status in zip(IDS, self.states, strict=False)
        ]


def published_after(kernel: FakeKernel, clock: Clock, saved: SavedBoard, *changes: tuple[float, list[str]]) -> int:
    """How often an output was published again by these changes of the first rows."""
    before = len(kernel.display_pub.published)
    for now, first in changes:
        clock.now, clock.states[: len(first)] = now, first
        saved.update(static_list.by_status(clock.rows()), lambda: ({WIDGET: {}}, {}))
    return len(kernel.display_pub.published) - before


@pytest.fixture
def clock() -> Clock:
    """The clock of the next one."""
    return Clock()


@pytest.fixture
def saved(kernel: FakeKernel, clock: Clock) -> SavedBoard:  # noqa: ARG001 (it is displayed in one)
    """What a board of 60 jobs has displayed, at 0 s."""
    board = SavedBoard(clock.rows, grows=False, monotonic=lambda: clock.now)
    assert board.show(lambda: ({WIDGET: {}}, {}))
    return board


def test_output_is_published_again_at_most_once_a_minute(kernel: FakeKernel, clock: Clock, saved: SavedBoard) -> None:
    """Whoever reads the live one is not disturbed by it."""
    assert published_after(kernel, clock, saved, (10.0, ["SUCCESS"]), (59.0, ["SUCCESS"] * 2)) == 0
    assert published_after(kernel, clock, saved, (60.0, ["SUCCESS"] * 3), (61.0, ["SUCCESS"] * 4)) == 1


def test_first_failure_is_published_at_once(kernel: FakeKernel, clock: Clock, saved: SavedBoard) -> None:
    """The others with the next minute."""
    assert published_after(kernel, clock, saved, (1.0, ["FAILURE"]), (2.0, ["FAILURE"] * 2)) == 1
    assert "1 failed" in kernel.display_pub.last()["text/plain"]


def test_end_is_published_at_once(kernel: FakeKernel, clock: Clock, saved: SavedBoard) -> None:
    """Beside the live board, where what is saved has not all of its rows."""
    assert published_after(kernel, clock, saved, (1.0, ["SUCCESS"] * 60)) == 1
    assert "60 succeeded" in kernel.display_pub.last()["text/html"]
    assert WIDGET in kernel.display_pub.last()


def test_board_that_gets_further_jobs_is_live_again(kernel: FakeKernel, clock: Clock) -> None:
    """At once, in the place of what was saved of it when it was over."""
    clock.states = ["SUCCESS"] * 3
    saved = SavedBoard(clock.rows, grows=False, monotonic=lambda: clock.now)
    assert saved.show(lambda: ({WIDGET: {}}, {}))
    assert WIDGET not in kernel.display_pub.last()
    clock.states.append("STARTED")
    assert published_after(kernel, clock, saved, (1.0, [])) == 1
    assert WIDGET in kernel.display_pub.last()


def test_displayed_board_becomes_its_saved_copy(
    kernel: FakeKernel, make: Callable[..., fw.JobBoard], server: ManyJobs
) -> None:
    """When all of its few jobs are over; until then the widget is beside it."""
    board = make()
    board._ipython_display_()
    assert kernel.display_pub.last().keys() == {WIDGET, OUTPUT_TYPE, "text/plain", "text/html"}
    server.of[IDS[1]] = {"status": "FAILURE", "error_reason": "Oops"}
    until(lambda: "Oops" in kernel.display_pub.last()["text/html"])
    assert WIDGET in kernel.display_pub.last()
    server.fields["status"] = "SUCCESS"
    until(lambda: WIDGET not in kernel.display_pub.last())
    assert "3 jobs: 1 failed, 2 succeeded" in kernel.display_pub.last()["text/plain"]


def test_freezing_that_is_switched_off_keeps_the_widget(
    kernel: FakeKernel, make: Callable[..., fw.JobBoard], server: ManyJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a card: the bundle is left to IPython, and nothing is published later."""
    monkeypatch.setattr(configs, "FREEZE", False)
    board = make()
    with pytest.raises(NotImplementedError):
        board._ipython_display_()
    assert WIDGET in board._repr_mimebundle_()[0]
    server.fields["status"] = "SUCCESS"
    until(lambda: board.health == "over")
    board.__board_watcher__.settle(5)
    assert kernel.display_pub.published == []


def test_saved_copy_of_any_board_is_below_20_kilobytes(server: ManyJobs) -> None:
    """Failures first, at most fifty rows, and how many there are besides."""
    for id_ in IDS[1900:1990]:
        server.of[id_] = {"status": "FAILURE", "error_reason": "r" * 300, "info": {"project_name": "p" * 300}}
    states = [server.fetch(id_) for id_ in IDS]
    html = static_list.html([static_list.Row(str(state.id), state) for state in states])
    assert len(html.encode()) <= 20_000
    rows = html.count("data-fw-icon=") - html.count("[data-fw-icon=")
    assert 15 <= rows <= 50
    assert f"and {2000 - rows} more" in html
    few = static_list.html([static_list.Row(str(state.id), state) for state in states[:200]])
    assert few.count('<div class="fw-static" data-fw-tone="run" data-fw-icon=') == static_list.MOST_ROWS
    assert "and 150 more, all running" in few


def test_board_without_a_page_is_text_and_html_alone(
    monkeypatch: pytest.MonkeyPatch, kernel: FakeKernel, make: Callable[..., fw.JobBoard]
) -> None:
    """What runs it shows no widget, and saves of it next to nothing."""
    states: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(SavingComm, "states", states, raising=False)
    monkeypatch.setattr(comm, "create_comm", SavingComm)
    kernel.run(None)
    board = make()
    board._ipython_display_()
    assert kernel.display_pub.last().keys() == {"text/plain", "text/html"}
    state = states[board.model_id]
    assert board.__table_snapshot__() == b""
    assert len(state["_esm"]) < 100

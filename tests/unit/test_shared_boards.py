"""`fw.wait` and `fw.as_completed` in a notebook: one board for each run of a cell."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from fiddler_widgets.board import shared_boards
from tests.unit.boards import IDS, ManyJobs, page_says
from tests.unit.fake_kernel import FakeKernel
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from fiddler_widgets.polling.poller import Poller


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    """A notebook in which this test runs."""
    shell = FakeKernel()
    shell.run("a cell")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("fiddler_widgets.board.wait_view.notebook_display", lambda board: board._ipython_display_())
    monkeypatch.setattr(shared_boards, "_boards", {})
    return shell


@pytest.fixture
def server(engine: Poller) -> ManyJobs:  # noqa: ARG001 (a server is there to be polled)
    """A server whose jobs differ."""
    return ManyJobs()


@pytest.fixture
def jobs(server: ManyJobs) -> list[fw.Job]:
    """Three jobs that run."""
    return [fw.Job(id_, connection=server) for id_ in IDS[:3]]


def displayed(kernel: FakeKernel) -> int:
    """How many outputs there are."""
    return sum(not update for _, update, _ in kernel.display_pub.published)


def test_wait_shows_a_board(kernel: FakeKernel, server: ManyJobs, jobs: list[fw.Job]) -> None:
    """Which says how all ended, when it returns or soon."""
    threading.Timer(0.3, lambda: server.fields.update(status="SUCCESS")).start()
    assert fw.wait(jobs, timeout=20).done == set(jobs)
    assert displayed(kernel) == 1
    until(lambda: "3 succeeded" in kernel.display_pub.last()["text/plain"])


def test_a_cell_that_waits_again_and_again_has_one_board(
    kernel: FakeKernel, server: ManyJobs, jobs: list[fw.Job]
) -> None:
    """Also for further jobs; the next run of it has one of its own."""
    pending = set(jobs)
    for id_ in IDS[:3]:
        server.of[id_] = {"status": "SUCCESS"}
        done, pending = fw.wait(pending, timeout=20, return_when="FIRST_COMPLETED")
        assert done
    server.fields["status"] = "SUCCESS"
    assert len(list(fw.as_completed([fw.Job(IDS[4], connection=server)], timeout=20))) == 1
    assert displayed(kernel) == 1
    kernel.run("a cell")
    fw.wait(jobs, timeout=20)
    assert displayed(kernel) == 2


def test_stopping_the_board_ends_the_wait(kernel: FakeKernel, jobs: list[fw.Job]) -> None:
    """So that "run all" does not go on as if they were over."""

    def stop() -> None:
        until(lambda: shared_boards._boards)
        board = next(iter(shared_boards._boards.values()))
        until(lambda: board.counts == {"STARTED": 3})
        page_says(board, type="stop")

    threading.Thread(target=stop).start()
    with pytest.raises(fw.WatchStopped, match="3 of 3"):
        fw.wait(jobs, timeout=20)
    assert displayed(kernel) == 1


def test_outside_of_a_notebook_there_is_none(server: ManyJobs, jobs: list[fw.Job]) -> None:
    """Nothing is made that nobody sees."""
    server.fields["status"] = "SUCCESS"
    before = dict(shared_boards._boards)
    fw.wait(jobs, timeout=20)
    assert shared_boards._boards == before

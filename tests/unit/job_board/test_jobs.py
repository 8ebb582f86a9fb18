"""The jobs of a board: added once, counted, removed, cleared and found in the journal."""

from __future__ import annotations

import gc
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.board import job_rows, rows
from fiddler_widgets.models import normal_id
from tests.unit.boards import IDS, ManyJobs, all_live, page_says
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Callable


def test_board_holds_jobs_once(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """A job that is given twice, or by another handle, has one row, and both handles are kept up to date."""
    board = make(2)
    other = fw.Job(IDS[0], connection=server)
    board.add(other, other)
    assert len(board) == 2
    assert [str(job.id) for job in board] == IDS[:2]
    assert IDS[1] in board
    assert other in board
    assert IDS[2] not in board
    assert 7 not in board
    until(lambda: other.status == "STARTED")


@pytest.mark.parametrize("enabled", [True, False])
def test_no_garbage_is_looked_for_while_rows_are_made(
    make: Callable[..., fw.JobBoard],
    monkeypatch: pytest.MonkeyPatch,
    enabled: bool,  # noqa: FBT001
) -> None:
    """For ten thousand jobs it would take as long as all the rest; whoever has switched that off finds it off."""
    within: list[bool] = []

    def noting(*given: Any) -> dict[str, Any]:
        within.append(gc.isenabled())
        return rows.first_values(*given)

    monkeypatch.setattr(job_rows, "first_values", noting)
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        board = make(2)
        with pytest.raises(TypeError):
            board.add(3.0)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
    assert within == [False, False]


def test_traits_count_over_all_jobs(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Counts by status, and the mean of the progress, in which a job that is over is at 100 %."""
    server.of[IDS[0]] = {"status": "FAILURE", "progress": 30.0}
    server.of[IDS[1]] = {"status": "SUCCESS", "progress": None}
    board = make(4)
    assert sum(board.counts.values()) == 4
    until(lambda: board.counts == {"FAILURE": 1, "SUCCESS": 1, "STARTED": 2})
    assert board.progress == 55.0
    assert board.health == "live"
    assert [str(job.id) for job in board.failed] == [IDS[0]]


def test_rows_are_ready_for_a_data_frame(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """One dict with the same keys for each job, and times with their zone."""
    server.fields["info"] = {"project_name": "bank", "model_name": "churn"}
    board = make(2)
    until(lambda: all_live(board))
    first, second = board.rows()
    assert first.keys() == second.keys()
    assert (first["id"], first["status"], first["progress"]) == (IDS[0], "STARTED", 10)
    assert (first["project"], first["model"], first["took"]) == ("bank", "churn", None)
    assert first["added"].tzinfo is not None


def test_a_job_that_is_over_has_no_requests(server: ManyJobs) -> None:
    """Nothing new can be learned of it."""
    state = fw.JobState(id=IDS[0], status=fw.JobStatus.SUCCESS)
    board = fw.JobBoard([fw.Job(IDS[0], connection=server, state=state)])
    assert (board.health, board.counts, board.progress) == ("over", {"SUCCESS": 1}, 100.0)
    assert server.asked[normal_id(IDS[0])] == 0


def test_shown_are_those_that_the_page_shows(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """By its search, and by its chips."""
    server.of[IDS[0]] = {"name": "Fairness", "status": "PENDING"}
    board = make(3)
    until(lambda: all_live(board))
    board.filter = "!fair"
    assert [str(job.id) for job in board.shown] == IDS[1:3]
    board.filter = ""
    board._view = {**board._view, "statuses": ["PENDING"]}
    assert [str(job.id) for job in board.shown] == IDS[:1]


def test_removed_job_is_watched_no_more(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """By the board, that is; others go on."""
    board = make(2)
    until(lambda: all_live(board))
    board.remove(IDS[0], "not-there")
    asked = server.asked[normal_id(IDS[0])]
    until(lambda: server.asked[normal_id(IDS[1])] > asked + 3)
    assert server.asked[normal_id(IDS[0])] <= asked + 1
    assert len(board) == 1
    until(lambda: board.counts == {"STARTED": 1})


def test_clear_finished_can_be_undone_on_the_page(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Rows of jobs that are over go, and come back with all they said."""
    server.of[IDS[0]] = {"status": "SUCCESS"}
    board = make(3)
    until(lambda: board.counts.get("SUCCESS") == 1 and all_live(board))
    before = board.rows()[0]
    assert board.clear_finished() == 1
    assert len(board) == 2
    page_says(board, type="restore")
    until(lambda: len(board) == 3)
    after = next(row for row in board.rows() if row["id"] == IDS[0])
    assert after == before
    page_says(board, type="clear")
    until(lambda: len(board) == 2)


def test_what_a_user_gives_is_checked(make: Callable[..., fw.JobBoard]) -> None:
    """At the call, and before any request."""
    for options in ({"order": "colour"}, {"group_by": "colour"}, {"interval": -1}, {"height": -1}):
        with pytest.raises(ValueError, match=next(iter(options))):
            make(1, **options)
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        make(1, colour="red")
    with pytest.raises(TypeError, match=r"jobs is a list"):
        fw.JobBoard("e9a2a782")
    with pytest.raises(fw.NotConnected):
        fw.JobBoard(["e9a2a782"])


def test_board_without_jobs_is_that_of_the_kernel(server: ManyJobs) -> None:
    """It begins with what was watched before, and grows by itself."""
    early = fw.JobWidget(fw.Job(IDS[0], connection=server), interval=0.2)
    board = fw.JobBoard()
    assert [str(job.id) for job in board] == IDS[:1]
    fw.JobWidget(fw.Job(IDS[1], connection=server), interval=0.2)
    until(lambda: len(board) == 2)
    until(lambda: board.counts == {"STARTED": 2})
    early.close()


def test_closed_board_does_not_grow(server: ManyJobs) -> None:
    """Nothing keeps what is gone up to date."""
    board = fw.JobBoard()
    board.close()
    fw.JobWidget(fw.Job(IDS[0], connection=server), interval=0.2)
    assert len(board) == 0
    with pytest.raises(RuntimeError, match="closed"):
        board.start()


def test_board_of_the_journal_looks_at_what_was_not_over(server: ManyJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are shown as they were remembered, since when they were first seen."""
    seen = datetime(2026, 1, 2, tzinfo=timezone.utc)
    kind = SimpleNamespace(info={"project_name": "bank"})

    def remembered(number: int, status: str) -> SimpleNamespace:
        known = fw.JobStatus(status)
        return SimpleNamespace(id=IDS[number], name="Upload", kind=kind, status=known, first_seen=seen)

    asked_for = []

    def jobs(**options: object) -> list[SimpleNamespace]:
        asked_for.append(options)
        return [remembered(0, "FAILURE"), remembered(1, "STARTED")]

    monkeypatch.setattr("fiddler_widgets.journal.jobs", jobs)
    monkeypatch.setattr("fiddler_widgets.client.default_connection._current", server)
    server.fields["status"] = "SUCCESS"
    board = fw.JobBoard.recent(days=3, group_by="project")
    until(lambda: board.counts == {"FAILURE": 1, "SUCCESS": 1})
    assert asked_for == [{"days": 3, "status": None, "server": server.url}]
    assert server.asked[normal_id(IDS[0])] == 0
    first = board.rows()[0]
    assert (first["name"], first["project"], first["added"]) == ("Upload", "bank", seen)

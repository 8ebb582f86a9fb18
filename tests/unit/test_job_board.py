"""`JobBoard`: jobs, traits, messages and waits, against a server without a network."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import comm
import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.board import job_rows, rows
from fiddler_widgets.jobs import kernel_jobs as registry
from fiddler_widgets.models import normal_id
from tests.unit.boards import IDS, ManyJobs, RecordingComm, page_comes, page_says, updates
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

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


def all_live(board: fw.JobBoard) -> bool:
    """Whether each job was seen."""
    return "" not in board.counts


# ---- its jobs


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


# ---- what its page is told


def test_table_is_there_when_the_page_opens(make: Callable[..., fw.JobBoard], sent: list[dict[str, Any]]) -> None:
    """The first message has all rows, in one buffer of JSON."""
    board = make(3)
    table = updates(sent, board)[0]["_table"]
    assert (table["number"], table["rows"]) == (0, [0, 1, 2])
    assert [table["strings"][index] for index in table["columns"]["id"]] == IDS[:3]


def test_nothing_is_sent_to_pages_that_are_not_there(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]]
) -> None:
    """But for the traits that users may observe, or link to other widgets."""
    board = make(3)
    until(lambda: server.asked.total() > 9)
    assert {name for state in updates(sent, board)[1:] for name in state} <= {"counts", "progress", "health"}


def test_page_that_comes_is_told_what_it_missed(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]]
) -> None:
    """In a delta, if it has the table that was there at first."""
    board = make(3)
    until(lambda: server.asked.total() > 6 and all_live(board))
    page_comes(board)
    until(lambda: any(state.get("_delta") for state in updates(sent, board)))
    state = next(state for state in updates(sent, board) if state.get("_delta"))
    assert state["_delta"]["number"] == state["_head"]["number"] == 1
    assert state["_delta"]["rows"] == [0, 1, 2]
    assert state["_delta"]["columns"]["status"] == ["STARTED"] * 3


def test_page_that_missed_a_message_is_sent_the_table(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]]
) -> None:
    """Once for all that ask within a second."""
    board = make(3)
    page_comes(board)
    until(lambda: all_live(board) and any(state.get("_delta") for state in updates(sent, board)))
    server.fields["progress"] = 60.0
    for _ in range(3):
        page_says(board, type="need")
    until(lambda: any("_table" in state for state in updates(sent, board)[1:]))
    state = next(state for state in updates(sent, board)[1:] if "_table" in state)
    assert state["_table"]["number"] == state["_head"]["number"]
    time.sleep(0.3)
    assert sum("_table" in state for state in updates(sent, board)[1:]) == 1


def test_many_changes_at_once_are_sent_as_a_table(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]]
) -> None:
    """Thousands of rows that are added, for instance."""
    board = make(3)
    page_comes(board)
    until(lambda: all_live(board))
    board.add(*(fw.Job(id_, connection=server) for id_ in IDS[3:1000]))
    until(lambda: any("_table" in state for state in updates(sent, board)[1:]))
    state = next(state for state in updates(sent, board)[1:] if "_table" in state)
    assert len(state["_table"]["rows"]) == 1000
    numbers = [s["_delta"]["number"] for s in updates(sent, board) if s.get("_delta")] + [state["_table"]["number"]]
    assert len(set(numbers)) == len(numbers)


def test_no_more_than_two_messages_a_second(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]]
) -> None:
    """However many answers come."""
    board = make(40)
    page_comes(board)
    until(lambda: all_live(board))
    began, before, asked = time.monotonic(), len(updates(sent, board)), server.asked.total()
    progress = iter(range(10, 100))
    server.before = lambda: server.fields.update(progress=float(next(progress, 99)))
    until(lambda: server.asked.total() > asked + 60)
    seconds = time.monotonic() - began
    assert len(updates(sent, board)) - before <= 2 * seconds + 2


def test_nothing_is_sent_while_nothing_changes_but_the_heartbeat(
    make: Callable[..., fw.JobBoard], server: ManyJobs, sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The beat carries the number of the last delta."""
    monkeypatch.setattr(configs, "HEARTBEAT", 1.0)
    board = make(3, interval=60)
    page_comes(board)
    until(lambda: all_live(board) and board._head["number"] >= 1)
    time.sleep(0.6)
    before = len(updates(sent, board))
    until(lambda: len(updates(sent, board)) >= before + 2)
    beats = updates(sent, board)[before:]
    assert all(state.keys() == {"_head"} for state in beats)
    assert {state["_head"]["number"] for state in beats} == {board._rows.table.number}
    assert beats[1]["_head"]["now"] - beats[0]["_head"]["now"] > 0.5
    assert server.asked.total() == 3


def test_rows_in_view_are_looked_at_first(make: Callable[..., fw.JobBoard], engine: Poller, server: ManyJobs) -> None:
    """What the page has in view the poller prefers."""
    board = make(3, interval=60)
    page_says(board, type="look", rows=[1, 17, "x", None])
    channel = engine._agenda.channels[server, normal_id(IDS[1])]
    until(lambda: channel.preferred_until > time.monotonic() + 5)
    assert engine._agenda.channels[server, normal_id(IDS[0])].preferred_until < time.monotonic()
    assert len(board) == 3


def test_open_row_brings_its_card(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """All that a card is told, until the row is closed again."""
    server.fields.update(status="FAILURE", error_reason="Oops", error_message="row 7")
    board = make(3)
    page_comes(board)
    until(lambda: board.health == "over")
    page_says(board, type="open", row=1)
    until(lambda: board._cards)
    card = board._cards["1"]
    assert (card["job_id"], card["status"], card["error_message"]) == (IDS[1], "FAILURE", "row 7")
    assert card["_said"]["failure"]["reason"] == "Oops"
    assert card["_history"]["steps"]
    assert {"_clock", "_tasks", "_controls", "_notify", "_number", "time_left", "progress", "indeterminate"} <= set(
        card
    )
    page_says(board, type="shut", row=1)
    until(lambda: not board._cards)


def test_rows_that_were_open_are_so_after_a_reload(make: Callable[..., fw.JobBoard]) -> None:
    """The page's view says which; nonsense in it is ignored."""
    board = make(3)
    page_comes(board)
    board._view = {**board._view, "open": [2, 99, "x"]}
    until(lambda: set(board._cards) == {"2"})


def test_one_row_can_be_stopped_and_resumed(make: Callable[..., fw.JobBoard]) -> None:
    """Without a row, a message is for all; with one that is gone, for none."""
    board = make(2)
    until(lambda: all_live(board))
    page_says(board, type="stop", row=0)
    until(lambda: board.rows()[0]["health"] == "stopped")
    assert board.rows()[1]["health"] == "live"
    page_says(board, type="stop", row=99)
    page_says(board, type="resume", row=0)
    until(lambda: board.rows()[0]["health"] == "live")
    page_says(board, type="stop")
    until(lambda: board.health == "stopped")
    page_says(board, type="resume")
    until(lambda: board.health == "live")


def test_click_that_comes_again_late_undoes_nothing(make: Callable[..., fw.JobBoard]) -> None:
    """Neither for one row nor for all."""
    board = make(2)
    until(lambda: all_live(board))
    page_says(board, type="stop", row=0, click="one")
    until(lambda: board.rows()[0]["health"] == "stopped")
    page_says(board, type="resume", click="two")
    until(lambda: all_live(board))
    page_says(board, type="stop", row=0, click="one")
    page_says(board, type="stop", row=1, click="three")
    until(lambda: board.rows()[1]["health"] == "stopped")
    assert board.rows()[0]["health"] == "live"


def test_an_outage_is_one_notice(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """For the board, and a word in each row."""
    board = make(5)
    page_comes(board)
    until(lambda: all_live(board))
    server.error = http_error(503)
    until(lambda: board.health == "retrying" and (board._head["notice"] or {}).get("head") == "Reconnecting")
    assert "503" in board._head["notice"]["detail"]
    server.error = None
    until(lambda: board.health == "live" and board._head["notice"] is None)


def test_nonsense_from_a_page_is_ignored(make: Callable[..., fw.JobBoard]) -> None:
    """Whatever comes, the board goes on."""
    board = make(1)
    nonsense: tuple[Any, ...] = (
        [],
        "hello",
        {"type": 7},
        {"type": "look"},
        {"type": "open", "row": "x"},
        {"type": "look", "rows": 5},
    )
    for content in nonsense:
        board._handle_custom_msg(content, [])
    board._view = {"order": "attention"}
    until(lambda: all_live(board))


def test_board_that_nobody_sees_pauses(
    make: Callable[..., fw.JobBoard], server: ManyJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its pages are closed; one that comes back has it watch again."""
    monkeypatch.setattr(configs, "HEARTBEAT", 0.2)
    monkeypatch.setattr("fiddler_widgets.widget.page_presence._GRACE", 0.3)
    board = make(2)
    page_comes(board)
    until(lambda: all_live(board))
    page_says(board, type="bye", view="one")
    until(lambda: board.health == "stopped")
    asked = server.asked.total()
    time.sleep(0.5)
    assert server.asked.total() == asked
    page_comes(board)
    until(lambda: server.asked.total() > asked)
    until(lambda: board.health == "live")


def test_observed_board_goes_on_unseen(
    make: Callable[..., fw.JobBoard], server: ManyJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's code wants to know."""
    monkeypatch.setattr(configs, "HEARTBEAT", 0.2)
    monkeypatch.setattr("fiddler_widgets.widget.page_presence._GRACE", 0.3)
    board = make(2)
    board.observe(lambda _: None, "counts")
    page_comes(board)
    page_says(board, type="bye", view="one")
    time.sleep(0.8)
    asked = server.asked.total()
    until(lambda: server.asked.total() > asked)


# ---- waiting


def test_wait_returns_when_all_have_succeeded(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """And the traits say so by then."""
    board = make(3)
    threading.Timer(0.3, lambda: server.fields.update(status="SUCCESS")).start()
    board.wait(timeout=20)
    assert (board.health, board.counts) == ("over", {"SUCCESS": 3})


def test_wait_raises_when_the_rest_have_ended(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """With all that failed, also those that the reader has taken off the board meanwhile."""
    server.of[IDS[0]] = {"status": "FAILURE", "error_reason": "Oops"}
    server.of[IDS[1]] = {"status": "REVOKED"}
    board = make(3)
    until(lambda: len(board.failed) == 2)

    def later() -> None:
        board.clear_finished()
        server.fields["status"] = "SUCCESS"

    threading.Timer(0.3, later).start()
    with pytest.raises(fw.AsyncJobFailed, match=r"2 of 3 jobs did not succeed.*Oops") as caught:
        board.wait(timeout=20)
    assert not isinstance(caught.value, fw.JobRevoked)
    assert [str(job.id) for job in caught.value.failed] == IDS[:2]
    assert str(caught.value.job.id if caught.value.job else "") == IDS[0]


def test_wait_for_revoked_jobs_raises_that(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Where nothing worse has happened."""
    server.of[IDS[0]] = {"status": "REVOKED"}
    server.fields["status"] = "SUCCESS"
    with pytest.raises(fw.JobRevoked):
        make(2).wait(timeout=20)


def test_wait_times_out(make: Callable[..., fw.JobBoard]) -> None:
    """Within a quarter of a second, and says how many go on."""
    board, began = make(3), time.monotonic()
    with pytest.raises(fw.JobTimeoutError, match=r"3 of 3 jobs were not over after 0.3 s"):
        board.wait(timeout=0.3)
    assert 0.3 <= time.monotonic() - began < 1.0


def test_wait_ends_when_somebody_stops_the_board(make: Callable[..., fw.JobBoard]) -> None:
    """On the page, or in code."""
    board = make(2)
    until(lambda: all_live(board))
    threading.Timer(0.2, lambda: page_says(board, type="stop")).start()
    with pytest.raises(fw.WatchStopped, match="2 of 2"):
        board.wait(timeout=20)
    threading.Timer(0.2, board.close).start()
    with pytest.raises(fw.WatchStopped):
        board.wait(timeout=20)


def test_wait_raises_what_the_server_says_of_one_job(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Once the others have ended."""
    server.error = http_error(401)
    with pytest.raises(fw.ApiError, match="401"):
        make(2).wait(timeout=20)


def test_wait_includes_jobs_that_are_added_meanwhile(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """The board is waited for, not a list."""
    board = make(2)
    server.of[IDS[2]] = {"status": "FAILURE"}

    def later() -> None:
        board.add(fw.Job(IDS[2], connection=server))
        until(lambda: len(board.failed) == 1)
        server.fields["status"] = "SUCCESS"

    threading.Timer(0.1, later).start()
    with pytest.raises(fw.AsyncJobFailed) as caught:
        board.wait(timeout=20)
    assert [str(job.id) for job in caught.value.failed] == [IDS[2]]


def test_slow_observers_delay_no_wait(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Users' code runs elsewhere."""
    board, release = make(2), threading.Event()
    board.observe(lambda _: release.wait(10), "counts")
    until(lambda: all(job.status == "STARTED" for job in board))
    server.fields["status"] = "SUCCESS"
    began = time.monotonic()
    board.wait(timeout=20)
    assert time.monotonic() - began < 2.0
    release.set()


def test_board_can_be_awaited(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """The same in asyncio, more than once."""
    board = make(2)
    server.fields["status"] = "FAILURE"

    async def both() -> None:
        for _ in range(2):
            with pytest.raises(fw.AsyncJobFailed):
                await board

    asyncio.run(both())


def test_jobs_come_as_they_end(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Whether they succeed or not, each once."""
    board = make(3)
    ends = board.as_completed(timeout=20)
    server.of[IDS[1]] = {"status": "FAILURE"}
    assert str(next(ends).id) == IDS[1]
    server.fields["status"] = "SUCCESS"
    assert {str(job.id) for job in ends} == {IDS[0], IDS[2]}


def test_as_completed_gives_up_in_time(make: Callable[..., fw.JobBoard]) -> None:
    """As that of several jobs does."""
    with pytest.raises(fw.JobTimeoutError):
        list(make(2).as_completed(timeout=0.2))


@pytest.mark.parametrize("way", ["time is over", "left off"])
def test_as_completed_that_is_over_keeps_no_board_watching(make: Callable[..., fw.JobBoard], way: str) -> None:
    """A board for which somebody waits is never paused, whoever looks at it; so it must know when they wait no more."""
    board = make(2)
    ends = board.as_completed(timeout=0.2 if way == "time is over" else 20)
    if way == "time is over":
        with pytest.raises(fw.JobTimeoutError):
            next(ends)
    else:
        board.stop()
        next(ends)
        assert board.__job_rows__.awaited is True
        del ends
    assert board.__job_rows__.awaited is False


def test_callbacks_come_once_when_all_are_over(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Also one that is given when all are over."""
    board = make(2)
    called: list[fw.JobBoard] = []
    board.on_complete(called.append)
    server.of[IDS[0]] = {"status": "SUCCESS"}
    until(lambda: board.counts.get("SUCCESS") == 1)
    assert not called
    server.fields["status"] = "FAILURE"
    until(lambda: called)
    board.on_complete(called.append)
    until(lambda: len(called) == 2)
    assert called == [board, board]
    with pytest.raises(TypeError):
        board.on_complete("x")  # type: ignore[type-var]


def test_wait_logs_failures_and_each_tenth(
    make: Callable[..., fw.JobBoard], server: ManyJobs, caplog: pytest.LogCaptureFixture
) -> None:
    """And nothing else: of a thousand jobs there are no thousand lines."""
    caplog.set_level(logging.INFO, "fiddler_widgets")
    board = make(100, interval=None)
    server.fields["status"] = "SUCCESS"
    server.of[IDS[7]] = {"status": "FAILURE", "error_reason": "Oops"}
    with pytest.raises(fw.AsyncJobFailed):
        board.wait(timeout=30)
    lines = [record.getMessage() for record in caplog.records]
    assert sum("Oops" in line for line in lines) == 1
    assert "100 of 100 jobs over" in lines
    assert len(lines) <= 12


def test_repr_has_counts_and_failures_first(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """For a terminal: ten of them at most."""
    server.of[IDS[17]] = {"status": "FAILURE", "error_reason": "Oops"}
    board = make(20)
    until(lambda: all_live(board))
    lines = repr(board).splitlines()
    assert lines[0] == "20 jobs: 1 failed, 19 running."
    assert lines[1].endswith("Oops")
    assert len(lines) == 12


def test_closed_board_leaves_nothing(make: Callable[..., fw.JobBoard], engine: Poller) -> None:
    """No subscription, and no widget."""
    board = make(3)
    until(lambda: all_live(board))
    board.close()
    board.close()
    assert not any(channel.subscriptions for channel in engine._agenda.channels.values())
    assert board.closed

"""What a board's page is told, and says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.models import normal_id
from tests.unit.boards import IDS, ManyJobs, all_live, page_comes, page_says, updates
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from fiddler_widgets.polling.poller import Poller


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

"""The messages to the page, those that get lost included."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.polling import shared_poller
from tests.unit.fake_server import FakeServer, until
from tests.unit.job_widget.cards import ID, page_says, until_told, updates

if TYPE_CHECKING:
    from collections.abc import Callable


def test_one_message_per_poll_that_changed_something(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """All that one answer changed leaves in one message, and an answer without a change sends none."""
    card = make()
    until(lambda: server.asked[ID] >= 4)
    card.__card_watcher__.mailbox.settle(5)
    before = len(updates(sent, card))
    assert before <= 2
    until(lambda: server.asked[ID] >= 8)
    assert len(updates(sent, card)) == before
    server.fields.update(status="RETRY", progress=0.0, info={"a": 1}, name="Again")
    until(lambda: card.status == "RETRY")
    card.__card_watcher__.mailbox.settle(5)
    new = updates(sent, card)[before:]
    assert len(new) == 1
    assert set(new[0]) == {"status", "progress", "name", "_clock", "_history", "_said", "_number"}


def test_progress_message_is_small(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """Progress that moved costs at most 300 bytes of content."""
    card = make()
    until_told(card, "live")
    server.fields["progress"] = 33.333333333333
    until(lambda: card.progress > 33)
    card.__card_watcher__.mailbox.settle(5)
    (message,) = [state for state in updates(sent, card) if state.get("progress", 0) > 33]
    assert len(json.dumps({"method": "update", "state": message, "buffer_paths": []})) <= 300


def test_heartbeat_while_nothing_changes(
    make: Callable[..., fw.JobWidget],
    server: FakeServer,
    sent: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A card that watches tells its page so every few seconds; one that is over says nothing more."""
    monkeypatch.setattr(configs, "HEARTBEAT", 0.7)
    card = make(interval=30)
    until_told(card, "live")
    before = len(updates(sent, card))
    until(lambda: len(updates(sent, card)) >= before + 3)
    assert all(set(state) == {"_clock", "_number"} for state in updates(sent, card)[before:])
    assert all(state["_clock"]["running"] for state in updates(sent, card)[before:])
    server.fields["status"] = "SUCCESS"
    page_says(card, type="check")
    until_told(card, "over")
    assert not card._clock["running"]
    count = len(updates(sent, card))
    server.fields["status"] = "STARTED"
    other = make("11111111-1111-1111-1111-111111111111", interval=30)
    until(lambda: len(updates(sent, other)) >= 4)
    assert len(updates(sent, card)) == count


def test_no_message_after_close(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """Closing is the last thing that the page hears."""
    card = make()
    until_told(card, "live")
    model = card.model_id
    card.close()
    mine = [message for message in sent if message["comm"] == model]
    assert mine[-1]["type"] == "comm_close"
    server.fields["progress"] = 99.0
    other = make("11111111-1111-1111-1111-111111111111")
    until(lambda: other.progress == 99.0)
    assert [message for message in sent if message["comm"] == model] == mine


def test_hostile_answer_can_be_sent(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """NaN and half characters from the server do not break the connection to the page."""
    server.fields.update(name="a\ud800b", info={"score": math.nan, "deep": {"\udfff": [math.inf]}})
    card = make()
    until_told(card, "live")
    assert any("name" in state for state in updates(sent, card))


@pytest.mark.usefixtures("engine")
def test_no_trait_holds_the_token() -> None:
    """Whatever is synced to the page, the token is not."""
    fw.init("http://127.0.0.1:9", "canary-token")
    card = fw.JobWidget(ID)
    assert "canary" not in json.dumps(card.get_state())
    assert "canary" not in repr(card)
    card.close()


def test_each_message_has_the_next_number(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """A page that misses one notices at the next."""
    card = make()
    for progress in (20.0, 30.0, 40.0):
        server.fields["progress"] = progress
        until(lambda: card.progress == server.fields["progress"])
    card.__card_watcher__.show_controls(shown=False)
    server.fields["status"] = "SUCCESS"
    until_told(card, "over")
    numbers = [state["_number"] for state in updates(sent, card)]
    assert len(numbers) >= 5
    assert numbers == list(range(1, len(numbers) + 1))


def test_page_that_asks_is_sent_the_whole_state(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """Also when the job is over and nobody watches any more: all traits in one message, which says that it is whole."""
    server.fields |= {"status": "FAILURE", "error_reason": "Oops", "error_message": "row 7"}
    card = make()
    until_told(card, "over")
    before = len(updates(sent, card))
    page_says(card, type="need")
    until(lambda: len(updates(sent, card)) == before + 2)
    told, whole = updates(sent, card)[before:]
    assert (told["_number"], whole["_number"], whole["_whole"]) == (before + 1, before + 1, 1)
    assert {"_said", "_clock", "_tasks", "_history", "_controls", "_notify", "time_left", "job_id"} <= set(whole)
    assert not {"_esm", "_css"} & set(whole)
    assert (whole["status"], whole["error_reason"], whole["health"]) == ("FAILURE", "Oops", "over")
    assert not any("_whole" in state for state in [*updates(sent, card)[:before], told])


def test_whole_state_is_sent_once_a_second_at_most(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions that were held up in a dead connection may come all at once."""
    server.fields["status"] = "SUCCESS"
    card = make()
    until_told(card, "over")
    monkeypatch.setattr(shared_poller.shared(), "act_soon", lambda action: action())
    for second in (1, 2):
        for _ in range(50):
            page_says(card, type="need")
        assert [state["_whole"] for state in updates(sent, card) if "_whole" in state] == list(range(1, second + 1))
        card.__card_watcher__._writer.pages._answered_at -= 1.0


@pytest.mark.parametrize(("have", "behind"), [(0, True), (None, False), ("all", False), (10_000, False)])
def test_hello_of_a_page_that_is_behind_brings_the_whole_state(
    make: Callable[..., fw.JobWidget],
    server: FakeServer,
    sent: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    have: object,
    *,
    behind: bool,
) -> None:
    """After a reload, say; one that has all, or does not tell, is sent nothing."""
    server.fields["status"] = "SUCCESS"
    card = make()
    until_told(card, "over")
    monkeypatch.setattr(shared_poller.shared(), "act_soon", lambda action: action())
    page_says(card, type="hello", view="v", have=have)
    assert any("_whole" in state for state in updates(sent, card)) == behind


def test_whole_state_tells_times_as_of_now(
    make: Callable[..., fw.JobWidget], sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page counts on from the moment at which it hears of them."""
    card = make(interval=30)
    until_told(card, "live")
    before = card._clock
    monkeypatch.setattr(shared_poller.shared(), "act_soon", lambda action: action())
    time.sleep(0.5)
    page_says(card, type="need")
    whole = updates(sent, card)[-1]
    assert whole["_clock"]["silent"] >= before["silent"] + 0.4
    assert whole["_clock"]["watched"] >= before["watched"] + 0.4


def test_question_of_a_page_wakes_a_card_that_paused_unseen(
    make: Callable[..., fw.JobWidget], server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection was dead for so long that nobody seemed to be there."""
    card = make()
    page_says(card, type="hello", view="v")
    until(lambda: card.health == "live")
    with monkeypatch.context() as unseen:
        unseen.setattr(card.__card_watcher__.presence, "silent", lambda _card: True)
        until(lambda: card.health == "stopped")
    asked = server.asked.total()
    page_says(card, type="need")
    until(lambda: card.health == "live" and server.asked.total() > asked)

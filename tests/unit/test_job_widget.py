"""`JobWidget`: traits, messages, waits, callbacks and views, against a server without a network."""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from typing import TYPE_CHECKING, Any

import comm
import ipywidgets
import pytest
from comm.base_comm import BaseComm

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.widget import page_presence
from tests.unit.fake_server import FakeServer, until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.polling.poller import Poller

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[dict[str, Any]]

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a message, if it can be sent at all."""
        json.dumps([data, metadata, keys], allow_nan=False, ensure_ascii=False).encode("utf-8")
        self.sent.append({"type": msg_type, "comm": self.comm_id, "data": data, "buffers": buffers})


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


def updates(sent: list[dict[str, Any]], card: fw.JobWidget) -> list[dict[str, Any]]:
    """The states that the page of a card was sent, message by message."""
    return [
        message["data"]["state"]
        for message in sent
        if message["type"] == "comm_msg" and message["comm"] == card.model_id and message["data"]["method"] == "update"
    ]


def page_says(card: fw.JobWidget, **content: Any) -> None:
    """A message arrives from the page."""
    card._handle_custom_msg(content, [])


# ---- traits


def test_traits_follow_the_job(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """Each field of the job is a trait, of a type that links to other widgets."""
    server.fields.update(info={"project_name": "bank"})
    card = make()
    assert (card.job_id, card.status, card.health) == (ID, "", "starting")
    until(lambda: card.health == "live")
    assert (card.name, card.status, card.progress, card.indeterminate) == ("Upload", "STARTED", 10.0, False)
    assert card.info == {"project_name": "bank"}
    server.fields.update(status="FAILURE", error_reason="Oops", error_message="no space", progress=20)
    until(lambda: card.health == "over")
    assert (card.status, card.error_reason, card.error_message, card.progress) == ("FAILURE", "Oops", "no space", 20.0)


def test_unknown_progress_is_indeterminate_and_still_a_float(
    make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """A linked progress bar is never handed a None."""
    server.fields["progress"] = None
    card = make()
    bar = ipywidgets.FloatProgress()
    ipywidgets.dlink((card, "progress"), (bar, "value"))
    until(lambda: card.health == "live")
    assert (card.progress, card.indeterminate, bar.value) == (0.0, True, 0.0)
    server.fields["progress"] = 55
    until(lambda: bar.value == 55.0)
    assert not card.indeterminate


def test_state_of_a_job_that_was_seen_is_there_at_once(server: FakeServer) -> None:
    """A card for a job that `get` has fetched does not begin empty."""
    job = fw.Job(ID, connection=server).refresh()
    server.before = lambda: time.sleep(0.3)
    card = fw.JobWidget(job)
    assert (card.name, card.status, card.progress) == ("Upload", "STARTED", 10.0)


def test_observers_see_a_consistent_state(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """When a status changes, what came with it is there already."""
    seen: list[tuple[Any, ...]] = []
    card = make()
    until(lambda: card.health == "live")
    for name in ("status", "progress", "error_reason", "health"):
        card.observe(lambda _: seen.append((card.status, card.progress, card.error_reason, card.health)), name)
    server.fields.update(status="FAILURE", error_reason="Oops", progress=99)
    until(lambda: len(seen) == 4)
    assert set(seen) == {("FAILURE", 99.0, "Oops", "over")}


def test_health_through_an_outage(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """An outage shows as such, with the last good state, and passes."""
    card = make()
    until(lambda: card.health == "live")
    server.error = http_error(503)
    until(lambda: card.health == "retrying")
    assert "503" in card.health_detail
    assert (card.status, card.progress) == ("STARTED", 10.0)
    assert card._clock["retry"] is not None
    server.error = None
    until(lambda: card.health == "live")


@pytest.mark.parametrize(("code", "health"), [(401, "refused"), (403, "refused"), (400, "error")])
def test_health_when_the_server_says_no(
    make: Callable[..., fw.JobWidget], server: FakeServer, code: int, health: str
) -> None:
    """What ends a watch is the card's health, with advice."""
    server.error = http_error(code)
    card = make()
    until(lambda: card.health == health)
    assert str(code) in card.health_detail


def test_health_of_a_job_that_is_not_found(
    make: Callable[..., fw.JobWidget], server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that stays unknown is said to be."""
    monkeypatch.setattr(configs, "NOT_FOUND_TOLERANCE", 0.3)
    server.error = http_error(404)
    card = make()
    until(lambda: card.health == "not found")


# ---- messages to the page


def test_one_message_per_poll_that_changed_something(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """All that one answer changed leaves in one message, and an answer without a change sends none."""
    card = make()
    until(lambda: server.asked[ID] >= 4)
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
    until(lambda: card.health == "live")
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
    until(lambda: card.health == "live")
    card.__card_watcher__.mailbox.settle(5)
    before = len(updates(sent, card))
    until(lambda: len(updates(sent, card)) >= before + 3)
    assert all(set(state) == {"_clock", "_number"} for state in updates(sent, card)[before:])
    assert all(state["_clock"]["running"] for state in updates(sent, card)[before:])
    server.fields["status"] = "SUCCESS"
    page_says(card, type="check")
    until(lambda: card.health == "over")
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
    until(lambda: card.health == "live")
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
    until(lambda: card.health == "live")
    card.__card_watcher__.mailbox.settle(5)
    assert any("name" in state for state in updates(sent, card))


@pytest.mark.usefixtures("engine")
def test_no_trait_holds_the_token() -> None:
    """Whatever is synced to the page, the token is not."""
    fw.init("http://127.0.0.1:9", "canary-token")
    card = fw.JobWidget(ID)
    assert "canary" not in json.dumps(card.get_state())
    assert "canary" not in repr(card)
    card.close()


# ---- arguments


def test_unknown_keyword_is_a_type_error(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """A misspelt argument is refused by name, before any request."""
    with pytest.raises(TypeError, match="intervall"):
        make(intervall=3)
    assert server.asked.total() == 0


@pytest.mark.parametrize("name", ["status", "progress", "health", "_clock"])
def test_state_is_no_argument(make: Callable[..., fw.JobWidget], name: str) -> None:
    """The job's state comes from the job alone."""
    with pytest.raises(TypeError, match=name):
        make(**{name: "x"})


def test_layout_passes_through(make: Callable[..., fw.JobWidget]) -> None:
    """A card is laid out as any other widget."""
    assert make(layout={"width": "50%"}).layout.width == "50%"


@pytest.mark.parametrize("bad", [{"interval": -1}, {"timeout": math.nan}, {"timeout": -3}])
def test_impossible_times_are_refused(make: Callable[..., fw.JobWidget], server: FakeServer, bad: Any) -> None:
    """A negative or NaN argument is a `ValueError`, before any request."""
    with pytest.raises(ValueError, match="0 seconds or more"):
        make(**bad)
    assert server.asked.total() == 0


@pytest.mark.parametrize("bad", [None, 7, 3.5, ["id"]])
def test_what_is_no_job_is_refused(bad: object) -> None:
    """A card is for a job or an id."""
    with pytest.raises(TypeError, match="id"):
        fw.JobWidget(bad)


def test_card_with_a_timeout_stops_watching(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """It says so, keeps what it knows, asks no more, and can be started again."""
    card = make(timeout=0.5)
    until(lambda: card.health == "timed out")
    assert "goes on" in card.health_detail
    assert card.status == "STARTED"
    asked = server.asked[ID]
    other = make("11111111-1111-1111-1111-111111111111")
    until(lambda: server.asked[other.job_id] >= 3)
    assert server.asked[ID] == asked
    card.start()
    until(lambda: card.health == "live")


# ---- stopping, starting, closing


def test_stop_and_start(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """A stopped card asks nothing and says so at once; a started one goes on."""
    card = make()
    until(lambda: card.health == "live")
    card.stop()
    assert (card.health, card.health_detail) == ("stopped", "Stopped watching; the job goes on.")
    assert not card._clock["running"]
    card.stop()
    server.fields["progress"] = 60.0
    card.start()
    card.start()
    until(lambda: card.progress == 60.0)
    assert card._clock["running"]


def test_stop_leaves_other_watchers_alone(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """Another card on the same job goes on."""
    one, other = make(), make()
    until(lambda: one.health == other.health == "live")
    one.stop()
    server.fields["progress"] = 60.0
    until(lambda: other.progress == 60.0)
    assert one.progress == 10.0


def test_start_of_a_card_that_is_over_does_nothing(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """There is nothing left to watch."""
    server.fields["status"] = "SUCCESS"
    card = make()
    until(lambda: card.health == "over")
    asked = server.asked.total()
    card.start()
    card.stop()
    assert card.health == "over"
    assert server.asked.total() == asked


def test_closed_card_cannot_be_used(make: Callable[..., fw.JobWidget]) -> None:
    """Each method that would watch says that the card is closed."""
    card = make()
    card.close()
    card.close()
    for method in (card.start, card.wait):
        with pytest.raises(RuntimeError, match="closed"):
            method()


@pytest.mark.parametrize("layout", [None, {"width": "50%"}])
def test_closed_card_leaves_nothing_behind(make: Callable[..., fw.JobWidget], layout: object) -> None:
    """A long session that makes and closes cards keeps none of their widgets."""
    before = set(ipywidgets.widgets.widget._instances)
    make(**({} if layout is None else {"layout": layout})).close()
    assert set(ipywidgets.widgets.widget._instances) == before


def test_layout_of_the_users_own_outlives_the_card(make: Callable[..., fw.JobWidget]) -> None:
    """It may be shared with other widgets."""
    layout = ipywidgets.Layout(width="50%")
    make(layout=layout).close()
    assert layout.comm is not None
    layout.close()


def test_card_that_nobody_holds_is_not_kept_by_the_poller(
    make: Callable[..., fw.JobWidget], engine: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The poller alone keeps no card alive."""

    class Forgetful(dict[str, object]):
        def pop(self, key: str, _default: object = None) -> object:
            return super().pop(key, None)

    comms = Forgetful()
    monkeypatch.setattr(ipywidgets.widgets.widget, "_instances", {})
    monkeypatch.setattr(comm.get_comm_manager(), "comms", comms)
    make()
    ipywidgets.widgets.widget._instances.clear()
    comms.clear()

    def collected() -> bool:
        import gc  # noqa: PLC0415

        gc.collect()
        return not any(channel.subscriptions for channel in engine._agenda.channels.values())

    until(collected)


# ---- waiting


def test_wait_returns_with_the_traits_in_place(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """When `wait` returns, the card shows the end."""
    card = make()
    for _ in range(5):
        server.fields["status"] = "SUCCESS"
        card.wait(timeout=5)
        assert (card.status, card.health) == ("SUCCESS", "over")
        server.fields["status"] = "STARTED"
        card = make("11111111-1111-1111-1111-111111111111")


def test_wait_that_times_out_does_not_stop_the_card(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """The card goes on watching."""
    card = make()
    with pytest.raises(fw.JobTimeoutError):
        card.wait(timeout=0.3)
    server.fields["progress"] = 80.0
    until(lambda: card.progress == 80.0)
    assert card.health == "live"


def test_wait_starts_a_stopped_card(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """Whoever waits wants to see."""
    card = make()
    card.stop()
    server.fields["status"] = "SUCCESS"
    card.wait(timeout=5)
    assert card.health == "over"


def test_wait_validates_before_it_does_anything(make: Callable[..., fw.JobWidget]) -> None:
    """Bad arguments do not start a stopped card."""
    card = make()
    card.stop()
    with pytest.raises(ValueError, match="timeout"):
        card.wait(timeout=-1)
    assert card.health == "stopped"


# ---- callbacks


def test_on_complete_is_called_once(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """On the final state only, with the widget, whatever happened before."""
    calls: list[tuple[fw.JobWidget, str]] = []
    card = make()
    card.on_complete(lambda widget: calls.append((widget, widget.status)))
    until(lambda: card.health == "live")
    card.stop()
    card.start()
    server.fields["status"] = "REVOKED"
    until(lambda: calls)
    card.on_complete(lambda widget: calls.append((widget, "late")))
    until(lambda: len(calls) == 2)
    assert calls == [(card, "REVOKED"), (card, "late")]


def test_callback_that_cannot_be_called_is_refused(make: Callable[..., fw.JobWidget]) -> None:
    """The mistake is reported at once, not in a log an hour later."""
    with pytest.raises(TypeError, match="on_complete"):
        make().on_complete(3)  # type: ignore[type-var]


def test_callback_that_raises_is_logged_and_the_rest_run(
    make: Callable[..., fw.JobWidget], server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """One defect costs one callback."""
    ran = threading.Event()
    card = make()

    @card.on_complete
    def fails(_widget: fw.JobWidget) -> None:
        msg = "my defect"
        raise LookupError(msg)

    card.on_complete(lambda _: ran.set())
    server.fields["status"] = "SUCCESS"
    until(ran.is_set)
    assert "my defect" in caplog.text
    assert ID in caplog.text


def test_callback_may_use_the_card(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """No lock is held while it runs: it may wait, make cards, close them."""
    done = threading.Event()
    card = make()

    def use(widget: fw.JobWidget) -> None:
        widget.wait(timeout=5)
        widget.stop()
        make("11111111-1111-1111-1111-111111111111").close()
        widget.close()
        done.set()

    card.on_complete(use)
    server.fields["status"] = "SUCCESS"
    until(done.is_set)


def test_observer_that_raises_does_not_end_the_watching(
    make: Callable[..., fw.JobWidget], server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect in an observer is logged."""
    caplog.set_level(logging.ERROR)
    card = make()
    card.observe(lambda _: 1 / 0, "progress")
    server.fields["progress"] = 20.0
    until(lambda: card.progress == 20.0)
    server.fields["status"] = "SUCCESS"
    until(lambda: card.health == "over")
    assert "ZeroDivisionError" in caplog.text


# ---- what the page says


def test_buttons_of_the_card(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """Stop, resume and check now do what they say."""
    card = make(interval=30)
    until(lambda: card.health == "live")
    server.fields["progress"] = 60.0
    page_says(card, type="check")
    until(lambda: card.progress == 60.0)
    page_says(card, type="stop")
    until(lambda: card.health == "stopped")
    page_says(card, type="resume")
    until(lambda: card.health == "live")


def test_click_that_comes_again_late_undoes_nothing(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """The first of the messages of one click may wait until a cell has ended; the reader has resumed by then."""
    card = make(interval=30)
    until(lambda: card.health == "live")
    page_says(card, type="stop", click="one")
    until(lambda: card.health == "stopped")
    page_says(card, type="resume", click="two")
    until(lambda: card.health == "live")
    page_says(card, type="stop", click="one")
    server.fields["progress"] = 60.0
    page_says(card, type="check", click="three")
    until(lambda: card.progress == 60.0)
    assert card.health == "live"
    page_says(card, type="stop", click="four")
    until(lambda: card.health == "stopped")


def test_stop_button_ends_a_wait(make: Callable[..., fw.JobWidget]) -> None:
    """The wait raises `WatchStopped`, so that "run all" does not go on."""
    card = make()
    timer = threading.Timer(0.3, lambda: page_says(card, type="stop"))
    timer.start()
    began = time.monotonic()
    with pytest.raises(fw.WatchStopped):
        card.wait(timeout=20)
    assert time.monotonic() - began < 2.3
    timer.join()


@pytest.mark.parametrize("content", [None, [], "stop", {}, {"type": 3}, {"type": "hello"}, {"type": "bye", "view": 9}])
def test_nonsense_from_the_page_is_ignored(make: Callable[..., fw.JobWidget], content: Any) -> None:
    """No message breaks the card."""
    card = make()
    until(lambda: card.health == "live")
    card._handle_custom_msg(content, [])
    assert card.health == "live"


def test_card_that_left_every_page_pauses_and_resumes(
    make: Callable[..., fw.JobWidget], server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is polled for something that nobody can see; when a page shows it again, it goes on."""
    monkeypatch.setattr(page_presence, "_GRACE", 0.3)
    card = make()
    page_says(card, type="hello", view="v1")
    until(lambda: card.health == "live")
    page_says(card, type="bye", view="v1")
    until(lambda: card.health == "stopped")
    assert "no page" in card.health_detail
    asked = server.asked.total()
    page_says(card, type="hello", view="v2")
    until(lambda: card.health == "live" and server.asked.total() > asked)


@pytest.mark.parametrize("interest", ["another view", "observer", "callback", "never shown"])
def test_card_that_somebody_needs_goes_on_unseen(
    make: Callable[..., fw.JobWidget], server: FakeServer, monkeypatch: pytest.MonkeyPatch, interest: str
) -> None:
    """A view elsewhere, an observer or a callback is reason enough; so is never having been shown."""
    monkeypatch.setattr(page_presence, "_GRACE", 0.1)
    card = make()
    if interest != "never shown":
        page_says(card, type="hello", view="v1")
    if interest == "another view":
        page_says(card, type="hello", view="v2")
    elif interest == "observer":
        card.observe(lambda _: None, "progress")
    elif interest == "callback":
        card.on_complete(lambda _: None)
    until(lambda: card.health == "live")
    if interest != "never shown":
        page_says(card, type="bye", view="v1")
    asked = server.asked.total()
    until(lambda: server.asked.total() > asked + 4)
    assert card.health == "live"


# ---- as text


def test_text_of_a_card(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """Without a page, the card is its name, status, trouble and failure."""
    server.fields.update(status="FAILURE", error_reason="Oops", error_message="no space")
    card = make()
    until(lambda: card.health == "over")
    assert repr(card) == f"Job 'Upload' ({ID}): FAILURE, 10 %\n  Oops: no space"
    formats, _ = card._repr_mimebundle_()
    assert formats["text/plain"] == repr(card)
    assert "application/vnd.jupyter.widget-view+json" in formats


@pytest.mark.usefixtures("sent")
def test_card_that_its_host_has_thrown_away_stops_asking(make: Callable[..., fw.JobWidget], server: FakeServer) -> None:
    """As marimo does when a cell runs again: whatever observes it belongs to the earlier run."""
    card = make()
    card.observe(lambda _: None, "status")
    card.on_complete(lambda _: None)
    until(lambda: server.asked.total() >= 2)
    card.comm._closed = True
    until(lambda: card.health == "stopped")
    assert not card.__card_watcher__.watching


# ---- messages that do not arrive


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
    until(lambda: card.health == "over")
    numbers = [state["_number"] for state in updates(sent, card)]
    assert len(numbers) >= 5
    assert numbers == list(range(1, len(numbers) + 1))


def test_page_that_asks_is_sent_the_whole_state(
    make: Callable[..., fw.JobWidget], server: FakeServer, sent: list[dict[str, Any]]
) -> None:
    """Also when the job is over and nobody watches any more: all traits in one message, which says that it is whole."""
    server.fields |= {"status": "FAILURE", "error_reason": "Oops", "error_message": "row 7"}
    card = make()
    until(lambda: card.health == "over")
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
    until(lambda: card.health == "over")
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
    until(lambda: card.health == "over")
    monkeypatch.setattr(shared_poller.shared(), "act_soon", lambda action: action())
    page_says(card, type="hello", view="v", have=have)
    assert any("_whole" in state for state in updates(sent, card)) == behind


def test_whole_state_tells_times_as_of_now(
    make: Callable[..., fw.JobWidget], sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page counts on from the moment at which it hears of them."""
    card = make(interval=30)
    until(lambda: card.health == "live")
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

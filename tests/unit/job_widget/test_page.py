"""What the page says: its buttons, its views, and nonsense."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.widget import page_presence
from tests.unit.fake_server import FakeServer, until
from tests.unit.job_widget.cards import page_says

if TYPE_CHECKING:
    from collections.abc import Callable


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

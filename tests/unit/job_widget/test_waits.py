"""Waits and callbacks of a card."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from tests.unit.fake_server import FakeServer, until
from tests.unit.job_widget.cards import ID

if TYPE_CHECKING:
    from collections.abc import Callable


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

"""A card that is stopped, started, closed and shown as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import comm
import ipywidgets
import pytest

from tests.unit.fake_server import FakeServer, until
from tests.unit.job_widget.cards import ID

if TYPE_CHECKING:
    from collections.abc import Callable

    import fiddler_widgets as fw
    from fiddler_widgets.polling.poller import Poller


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


@pytest.mark.parametrize("when", ["at first", "later"])
def test_layout_of_the_users_own_outlives_the_card(make: Callable[..., fw.JobWidget], when: str) -> None:
    """It may be shared with other widgets."""
    layout = ipywidgets.Layout(width="50%")
    card = make(layout=layout) if when == "at first" else make()
    card.layout = layout
    card.close()
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

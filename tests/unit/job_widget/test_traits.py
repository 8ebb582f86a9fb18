"""The traits of a card: what they say of the job, and what may be given."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import ipywidgets
import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from tests.unit.fake_server import FakeServer, until
from tests.unit.job_widget.cards import ID
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable


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

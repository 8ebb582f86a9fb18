"""The time that a job may take yet, from its schedule to `Job` and card."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

import fiddler_widgets as fw
from fiddler_widgets.polling import job_monitor
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from tests.unit.fake_server import FakeServer


class Oracle:
    """A schedule that knows what the test tells it."""

    says: ClassVar[tuple[float, float] | None] = (30.0, 50.0)

    def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
        """The shortest pause."""
        assert (elapsed >= 0, status, progress) == (True, "STARTED", 10.0)
        return 0.2

    def time_left(self, elapsed: float) -> tuple[float, float] | None:
        """What the test says."""
        assert elapsed >= 0
        return Oracle.says


@pytest.fixture(autouse=True)
def _oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every monitor asks the oracle."""
    monkeypatch.setattr(job_monitor, "AdaptiveSchedule", Oracle)
    monkeypatch.setattr(Oracle, "says", (30.0, 50.0))


def test_job_that_is_not_watched_has_none(server: FakeServer) -> None:
    """One look tells no pace."""
    assert fw.Job("job", connection=server).refresh().time_left is None


def test_watched_job_has_a_range_that_shrinks(server: FakeServer) -> None:
    """Between two answers it counts down."""
    job = fw.Job("job", connection=server)
    next(iter(job.watch(interval=30)))
    assert job.time_left is not None
    low, high = job.time_left
    assert 29 < low <= 30
    assert high - low == pytest.approx(20, abs=0.2)
    until(lambda: job.time_left is not None and job.time_left[0] < low)


def test_range_never_goes_below_zero(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that overstays is not over yesterday."""
    monkeypatch.setattr(Oracle, "says", (0.0, 0.1))
    job = fw.Job("job", connection=server)
    next(iter(job.watch(interval=30)))
    until(lambda: job.time_left == (0.0, 0.0))


def test_job_that_is_over_has_none(server: FakeServer) -> None:
    """Nothing is left of it."""
    job = fw.Job("job", connection=server)
    card = fw.JobWidget(job)
    until(lambda: card.time_left is not None)
    server.fields["status"] = "SUCCESS"
    until(lambda: card.health == "over")
    assert {card.time_left, job.time_left} == {None}


def test_card_has_it_as_a_trait(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be observed and linked; a new range arrives."""
    seen: list[object] = []
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    card.observe(lambda change: seen.append(change["new"]), "time_left")
    until(lambda: seen)
    assert seen[0] == pytest.approx((30.0, 50.0), abs=0.5)
    monkeypatch.setattr(Oracle, "says", (5.0, 9.0))
    until(lambda: seen[-1] == pytest.approx((5.0, 9.0), abs=0.5))


def test_range_that_just_counts_down_is_no_news(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page counts by itself: answers that confirm the range send nothing."""
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    until(lambda: card.time_left is not None)
    said = card._clock
    monkeypatch.setattr(Oracle, "says", (29.8, 49.8))
    asked = server.asked["job"]
    until(lambda: server.asked["job"] >= asked + 4)
    assert card._clock is said


def test_fixed_intervals_learn_too(server: FakeServer) -> None:
    """The schedule hears every answer, also where nobody goes by its pauses."""
    job = fw.Job("job", connection=server)
    for _ in job.watch(interval=0.2):
        break
    assert job.time_left is not None


def test_outage_keeps_the_last_range(server: FakeServer) -> None:
    """A failed request teaches nothing about the job."""
    job = fw.Job("job", connection=server)
    card = fw.JobWidget(job, interval=0.2)
    until(lambda: card.time_left is not None)
    server.error = http_error(503)
    until(lambda: card.health == "retrying")
    assert job.time_left is not None

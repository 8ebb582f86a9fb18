"""Scenarios are pure functions from elapsed seconds to the fields of the wire."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.simulator import Scenario
from fiddler_widgets.simulator.scenarios import SCENARIOS

NAMESPACE = UUID("12345678-1234-5678-1234-567812345678")


def at(scenario: Scenario, *seconds: float) -> list[tuple[object, object]]:
    """Return status and progress at each of these moments."""
    fields = [scenario.fields(second) for second in seconds]
    return [(f["status"], f["progress"]) for f in fields]


def test_linear_is_queued_then_grows_evenly_then_succeeds() -> None:
    """Progress is a straight line between the end of the queue and success."""
    scenario = Scenario.linear(12.0, 2.0)
    assert at(scenario, 0, 1.99, 2, 4.5, 7, 11.999, 12, 1e9) == [
        ("PENDING", 0.0),
        ("PENDING", 0.0),
        ("STARTED", 0.0),
        ("STARTED", 25.0),
        ("STARTED", 50.0),
        ("STARTED", 99.99),
        ("SUCCESS", 100.0),
        ("SUCCESS", 100.0),
    ]


def test_stepwise_grows_in_equal_jumps() -> None:
    """Between two jumps nothing moves."""
    scenario = Scenario.stepwise(10.0, 0.0, steps=4)
    seen = [progress for _, progress in at(scenario, 0, 2.4, 2.6, 4.9, 5.1, 7.6, 10)]
    assert seen == [0.0, 0.0, 25.0, 25.0, 50.0, 75.0, 100.0]


def test_uneven_rushes_and_crawls() -> None:
    """The quickest tenth of the run makes several times the progress of the slowest."""
    scenario = Scenario.uneven(100.0, 0.0)
    seen = [scenario.fields(s)["progress"] for s in range(0, 101, 10)]
    numbers = [float(str(p)) for p in seen]
    steps = [b - a for a, b in pairwise(numbers)]
    assert min(steps) >= 0
    assert max(steps) > 5 * min(steps)


def test_no_progress_stays_at_zero_until_success() -> None:
    """All along the run progress is 0."""
    assert at(Scenario.no_progress(10.0, 0.0), 1, 9.9, 10) == [
        ("STARTED", 0.0),
        ("STARTED", 0.0),
        ("SUCCESS", 100.0),
    ]


def test_unknown_progress_is_null_until_success() -> None:
    """All along the run, and in the queue, progress is null."""
    assert at(Scenario.unknown(10.0, 1.0), 0.5, 5, 10) == [
        ("PENDING", None),
        ("STARTED", None),
        ("SUCCESS", 100.0),
    ]


def test_retry_starts_over() -> None:
    """After RETRY the job runs again from 0 and succeeds."""
    seen = at(Scenario.retry(10.0, 0.0), 2.9, 3.5, 5.0, 7.5, 10)
    assert seen == [
        ("STARTED", 43.5),
        ("RETRY", 0.0),
        ("STARTED", 0.0),
        ("STARTED", 50.0),
        ("SUCCESS", 100.0),
    ]


def test_failing_stops_with_reason_and_message() -> None:
    """At its percentage the job is a FAILURE that says why, and stays so."""
    scenario = Scenario.failing(10.0, 0.0, at=70.0, reason="DiskFull", message="no\nspace")
    assert scenario.fields(9.99)["error_reason"] is None
    assert (
        scenario.fields(10.0)
        == scenario.fields(1e6)
        == {
            "status": "FAILURE",
            "progress": 70.0,
            "error_message": "no\nspace",
            "error_reason": "DiskFull",
        }
    )


def test_failing_by_default_explains_itself_in_several_lines() -> None:
    """The usual failure has a reason, and a message of more than one line."""
    fields = Scenario.failing().fields(10.0)
    assert fields["error_reason"]
    assert str(fields["error_message"]).count("\n") >= 2


def test_revoked_keeps_the_progress_it_had() -> None:
    """REVOKED comes without an error and without a jump of progress."""
    assert at(Scenario.revoked(10.0, 0.0, at=40.0), 5, 10) == [
        ("STARTED", 20.0),
        ("REVOKED", 40.0),
    ]
    assert Scenario.revoked().fields(10.0)["error_reason"] is None


def test_instant_is_over_at_once() -> None:
    """The first look already sees SUCCESS."""
    assert at(Scenario.instant(), 0) == [("SUCCESS", 100.0)]


def test_stuck_never_ends() -> None:
    """Progress stalls at 60 % and the job is live for ever."""
    scenario = Scenario.stuck(10.0, 0.0)
    assert at(scenario, 5, 10, 1e9) == [("STARTED", 30.0), ("STARTED", 60.0), ("STARTED", 60.0)]
    assert scenario.seconds == math.inf


def test_subtasks_go_from_pending_to_an_end_and_some_fail() -> None:
    """All subtasks end; two fail with a message, the others have a result."""
    scenario = Scenario.subtasked(10.0, 0.0)
    early, late = scenario.extras(2.0, NAMESPACE), scenario.extras(10.0, NAMESPACE)
    assert early.keys() == late.keys()
    statuses = [task["status"] for task in early.values() if isinstance(task, dict)]
    assert statuses == ["STARTED", *["PENDING"] * 5]
    ends = [task for task in late.values() if isinstance(task, dict)]
    assert [task["status"] for task in ends].count("FAILURE") == 2
    assert [task["status"] for task in ends].count("SUCCESS") == 4
    assert all((task["error_message"] is None) == (task["result"] is not None) for task in ends)


def test_subtask_ids_are_uuids_of_their_own_job() -> None:
    """The ids are UUIDs, and two jobs share none."""
    scenario = Scenario.subtasked()
    mine = {UUID(id_) for id_ in scenario.extras(0, NAMESPACE)}
    others = {UUID(id_) for id_ in scenario.extras(0, UUID(int=1))}
    assert len(mine) == 6
    assert not mine & others


def test_scenarios_are_frozen() -> None:
    """A scenario can be shared by many jobs, since nobody can change it."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scenario.linear().name = "other"  # type: ignore[misc]


def test_unknown_name_lists_the_names_there_are() -> None:
    """A typing error in a name is answered with the right names."""
    with pytest.raises(ValueError, match=r"lineal.*failing.*linear"):
        Scenario.named("lineal")


@pytest.mark.parametrize(
    ("duration", "queued"), [(-1.0, None), (1.0, 2.0), (1.0, -1.0), (math.inf, None), (math.nan, 0)]
)
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_senseless_times_are_refused(name: str, duration: float, queued: float | None) -> None:
    """A negative, endless or too long time is an error when the scenario is made."""
    with pytest.raises(ValueError, match="need 0 <= queued <= duration"):
        Scenario.named(name, duration, queued)


@given(
    name=st.sampled_from(sorted(SCENARIOS)),
    duration=st.floats(0, 1e4),
    moments=st.lists(st.floats(-1, 2e4), min_size=1).map(sorted),
)
def test_every_scenario_stays_within_the_wire(name: str, duration: float, moments: list[float]) -> None:
    """Progress is null or in 0…100, and what is once over stays as it is."""
    scenario = Scenario.named(name, duration)
    over: dict[str, object] | None = None
    for moment in moments:
        fields = scenario.fields(moment)
        progress = fields["progress"]
        assert progress is None or 0 <= float(str(progress)) <= 100
        assert over is None or fields == over
        if fields["status"] in {"SUCCESS", "FAILURE", "REVOKED"}:
            over = fields
            assert max(0.0, moment) >= scenario.seconds - 1e-6

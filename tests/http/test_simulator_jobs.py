"""Jobs on the simulator: led by their scenario in real time, or by hand."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest

from fiddler_widgets.simulator import Scenario, Simulator
from fiddler_widgets.simulator.demo_jobs import lively_jobs
from fiddler_widgets.simulator.job_kinds import KINDS
from fiddler_widgets.simulator.scenarios import SCENARIOS
from tests.clock import Clock
from tests.http.raw_http import get_job


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Simulator:
    """Return a simulator by that clock, not started."""
    return Simulator(clock=clock)


def test_job_moves_with_the_clock(sim: Simulator, clock: Clock) -> None:
    """What the wire says follows the scenario as time passes."""
    with sim:
        job = sim.add_job("linear", duration=10.0, queued=0.0)
        seen = []
        for _ in range(3):
            data = get_job(sim, job)
            seen.append((data["status"], data["progress"]))
            clock.now += 5.0
    assert seen == [("STARTED", 0.0), ("STARTED", 50.0), ("SUCCESS", 100.0)]


def test_job_moves_in_real_time() -> None:
    """Without a clock of the test's own, a job ends by itself."""
    with Simulator() as sim:
        job = sim.add_job("linear", duration=0.2)
        statuses = {get_job(sim, job)["status"]}
        while statuses.isdisjoint({"SUCCESS"}):
            statuses.add(get_job(sim, job)["status"])
    assert "STARTED" in statuses


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_makes_a_whole_job(sim: Simulator, name: str) -> None:
    """Every scenario has a UUID, a name and an `info` unless told otherwise."""
    job = sim.add_job(name)
    answer = job.answer()
    assert str(UUID(job.id)) == job.id == answer["id"]
    assert answer["name"] == job.name
    assert isinstance(answer["info"], dict)
    assert answer["info"]["resource_type"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_name(sim: Simulator, kind: str) -> None:
    """A kind of job decides name and `info`."""
    job = sim.add_job(kind=kind)
    assert job.name == KINDS[kind].name
    assert job.answer()["info"] == KINDS[kind].info()


def test_own_name_id_and_info_are_taken(sim: Simulator) -> None:
    """What the caller says of a job goes before what is usual."""
    id_ = UUID(int=7)
    job = sim.add_job(name="<b>ü", id=id_, info={"a": 1})
    answer = job.answer()
    assert (answer["id"], answer["name"], answer["info"]) == (str(id_), "<b>ü", {"a": 1})


def test_same_id_twice_is_an_error(sim: Simulator) -> None:
    """Two jobs cannot share an id."""
    job = sim.add_job()
    with pytest.raises(ValueError, match="already"):
        sim.add_job(id=job.id)
    assert sim.jobs == [job]


def test_unknown_kind_lists_the_kinds(sim: Simulator) -> None:
    """A typing error in a kind is answered with the right words."""
    with pytest.raises(ValueError, match=r"surogate.*surrogate"):
        sim.add_job(kind="surogate")


def test_times_belong_to_a_scenarios_name(sim: Simulator) -> None:
    """A `Scenario` has its times already."""
    with pytest.raises(TypeError, match="by its name"):
        sim.add_job(Scenario.linear(), duration=3.0)


def test_set_stands_still_with_the_fields_given(sim: Simulator, clock: Clock) -> None:
    """By hand, a job says what it was told, whatever time it is."""
    job = sim.add_job("linear", duration=10.0)
    job.set(status="RETRY", progress=40)
    before = job.answer()
    clock.now += 100
    assert job.answer() == before
    assert (before["status"], before["progress"]) == ("RETRY", 40)


def test_set_adds_to_what_was_set(sim: Simulator) -> None:
    """A second `set` keeps the fields of the first."""
    job = sim.add_job()
    job.set(status="FAILURE")
    job.set(error_reason="Because")
    answer = job.answer()
    assert (answer["status"], answer["error_reason"]) == ("FAILURE", "Because")


@pytest.mark.parametrize("value", [None, "42", True, -5, 250, [], {"a": None}])
def test_set_takes_any_value_for_any_field(sim: Simulator, value: object) -> None:
    """Odd values and unknown fields go over the wire as they are."""
    with sim:
        job = sim.add_job()
        job.set(progress=value, info=value, novelty=value)
        data = get_job(sim, job)
    assert [data[key] for key in ("progress", "info", "novelty")] == [value] * 3


def test_set_extras_are_shown_under_verbose_only(sim: Simulator) -> None:
    """Subtasks set by hand keep to `verbose` too."""
    job = sim.add_job()
    job.set(extras={"a": {"status": "SUCCESS"}})
    assert job.answer(verbose=True)["extras"] == {"a": {"status": "SUCCESS"}}
    assert job.answer()["extras"] == {}


def test_set_extras_of_another_type_are_shown_always(sim: Simulator) -> None:
    """A null in place of the subtasks is sent as it is."""
    job = sim.add_job()
    job.set(extras=None)
    assert job.answer()["extras"] is None


def test_release_goes_on_with_the_scenario(sim: Simulator, clock: Clock) -> None:
    """The scenario went on while the job was led by hand."""
    job = sim.add_job("linear", duration=10.0)
    job.set(status="PENDING")
    clock.now += 10.0
    job.release()
    assert job.answer()["status"] == "SUCCESS"


def test_restart_begins_again(sim: Simulator, clock: Clock) -> None:
    """After `restart` the scenario is at its beginning, also if led by hand."""
    job = sim.add_job("linear", duration=10.0, queued=2.0)
    clock.now += 10.0
    job.set(status="FAILURE")
    job.restart()
    assert job.answer()["status"] == "PENDING"
    clock.now += 6.0
    assert job.answer()["progress"] == 50.0


def test_restarting_job_rests_and_begins_again(sim: Simulator, clock: Clock) -> None:
    """With `restart=True` the job is over for `rest` seconds, then queued again."""
    job = sim.add_job("linear", duration=10.0, queued=2.0, restart=True, rest=3.0)
    seen = []
    for passed in (0.0, 10.0, 2.9, 0.2):
        clock.now += passed
        seen.append(job.answer()["status"])
    assert seen == ["PENDING", "SUCCESS", "SUCCESS", "PENDING"]


def test_restarting_job_without_any_length_is_harmless(sim: Simulator) -> None:
    """A round of no seconds does not end in an error."""
    assert sim.add_job("instant", restart=True, rest=0.0).answer()["status"] == "SUCCESS"


def test_answer_is_the_callers_own(sim: Simulator) -> None:
    """Changing an answer changes nothing on the server."""
    job = sim.add_job()
    answer = job.answer()
    info = answer["info"]
    assert isinstance(info, dict)
    info.clear()
    assert job.answer()["info"] != {}


def test_lively_jobs_show_every_status_and_always_move(sim: Simulator, clock: Clock) -> None:
    """In two minutes every status comes up, and no two seconds pass without a change."""
    jobs = lively_jobs(sim)
    statuses, looks = set(), []
    for _ in range(60):
        look = [job.answer() for job in jobs]
        looks.append(look)
        statuses |= {answer["status"] for answer in look}
        clock.now += 2.0
    assert statuses == {"PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE", "REVOKED"}
    assert all(a != b for a, b in pairwise(looks))


def test_lively_jobs_have_subtasks_and_names_of_their_own(sim: Simulator) -> None:
    """One of them has subtasks throughout, and no two share a name."""
    jobs = lively_jobs(sim)
    assert len({job.name for job in jobs}) == len(jobs)
    assert max(len(job.scenario.subtasks) for job in jobs) >= 5


def test_token_is_random_and_long(sim: Simulator) -> None:
    """Two simulators have two tokens that nobody guesses, and no repr shows them."""
    assert sim.token != Simulator().token
    assert len(sim.token) >= 40
    assert sim.token not in repr(sim) + repr(sim.add_job())

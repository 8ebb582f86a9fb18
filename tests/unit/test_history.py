"""What a card has seen of a job, in time: phases, progress, retries and pace."""

from __future__ import annotations

import json

import pytest

from fiddler_widgets.models import Health, JobState, JobStatus
from fiddler_widgets.polling.report import Report
from fiddler_widgets.rendering.history import MOST_STEPS, History

START = 1_000_000.0


def report(status: str, progress: float | None = 0.0, health: Health = Health.LIVE) -> Report:
    """What a poll brings."""
    state = JobState("e9a2a782-1db4-4bb8-8db0-3fa5a278c068", "Job", JobStatus(status), progress)
    return Report(state, health, answered=health in (Health.LIVE, Health.OVER))


def record(*events: tuple[float, Report]) -> History:
    """A history of reports at seconds since the start."""
    history = History()
    for at, what in events:
        history.see(START + at, what)
    return history


def kinds(history: History) -> str:
    """The kinds of all steps, as one word."""
    return "".join(step.kind for step in history.steps)


def test_life_of_a_job_is_its_phases_and_its_progress() -> None:
    """Queued, running from 0 to 100 per cent, over."""
    history = record(
        (0, report("PENDING")),
        (5, report("STARTED", 0.0)),
        (10, report("STARTED", 50.0)),
        (12, report("SUCCESS", 100.0, Health.OVER)),
    )
    assert history.as_dict() == {
        "start": START,
        "steps": [[0.0, 0.0, "q"], [5.0, 0.0, "r"], [10.0, 50.0, "r"], [12.0, 100.0, "e"]],
    }


def test_what_does_not_change_makes_no_step() -> None:
    """An answer that says what the last one said is recorded only as the last of its kind."""
    history = record((0, report("STARTED", 10.0)), (1, report("STARTED", 10.0)), (2, report("STARTED", 20.0)))
    assert [tuple(step) for step in history.steps] == [(0.0, 10.0, "r"), (1.0, 10.0, "r"), (2.0, 20.0, "r")]


def test_progress_that_stood_still_is_no_slope() -> None:
    """It is held until the last look that showed it: a job that falls back after a crash did not sink slowly."""
    history = record(*((at, report("STARTED", 40.0)) for at in range(0, 31, 5)), (35, report("RETRY", 0.0)))
    assert [tuple(step) for step in history.steps] == [(0.0, 40.0, "r"), (30.0, 40.0, "r"), (35.0, 0.0, "t")]


def test_page_hears_of_phases_at_once_and_of_progress_now_and_then() -> None:
    """A job that moves each second for twenty minutes is told of some dozens of times; a change of kind always."""
    history = record((0, report("PENDING")))
    assert history.see(START + 0.5, report("STARTED", 0.0))
    told = [at for at in range(1, 1200) if history.see(START + at, report("STARTED", at / 12))]
    assert max(one - other for one, other in zip(told[1:], told, strict=False)) <= 61
    assert 20 < len(told) < 100
    assert history.see(START + 1200, report("STARTED", 99.9, Health.RETRYING))
    assert history.see(START + 1200.1, report("SUCCESS", 100.0, Health.OVER))


def test_outage_is_a_phase_that_keeps_the_last_progress() -> None:
    """While no good answer comes, progress stays as last seen."""
    history = record(
        (0, report("STARTED", 10.0)),
        (5, report("STARTED", 10.0, Health.RETRYING)),
        (9, report("STARTED", 30.0)),
    )
    assert [tuple(step) for step in history.steps] == [(0.0, 10.0, "r"), (5.0, 10.0, "o"), (9.0, 30.0, "r")]


def test_nothing_known_from_before_the_watching_is_recorded() -> None:
    """The state that a handle had, perhaps for hours, is no observation."""
    history = record((0, report("STARTED", 10.0, Health.STARTING)), (1, report("STARTED", 60.0)))
    assert history.start == START + 1
    assert [tuple(step) for step in history.steps] == [(0.0, 60.0, "r")]


@pytest.mark.parametrize("health", [Health.STOPPED, Health.TIMED_OUT, Health.REFUSED, Health.ERROR])
def test_watching_that_ended_and_began_again_leaves_a_gap(health: Health) -> None:
    """From the end of the watching to the first new answer the job was not watched."""
    history = record(
        (0, report("STARTED", 10.0)),
        (5, report("STARTED", 10.0, health)),
        (60, report("STARTED", 10.0, Health.STARTING)),
        (61, report("STARTED", 40.0)),
    )
    assert [(step.at, step.kind) for step in history.steps] == [(0.0, "r"), (5.0, "u"), (61.0, "r")]


def test_sleep_of_the_machine_is_a_gap() -> None:
    """Where signs of life were missing, nobody watched, whatever the next report says."""
    history = record((0, report("STARTED", 10.0)), (5, report("STARTED", 10.0)), (3600, report("STARTED", 90.0)))
    assert [(step.at, step.kind) for step in history.steps] == [(0.0, "r"), (5.0, "u"), (3600.0, "r")]


def test_signs_of_life_are_no_gap() -> None:
    """A long pause between answers, with the repeated reports in it, counts as watched."""
    history = record(*((at, report("STARTED", 10.0)) for at in range(0, 600, 5)))
    assert kinds(history) == "r"


def test_clock_that_is_set_back_does_not_turn_time_around() -> None:
    """Steps come in order, and no duration is negative."""
    history = record((100, report("PENDING")), (50, report("STARTED", 10.0)), (60, report("STARTED", 20.0)))
    assert [step.at for step in history.steps] == [0.0, 0.0, 0.0]
    assert min(history.times(START)["phase"], history.times(START)["still"]) == 0.0


def test_retries_are_counted() -> None:
    """Each time that the status becomes RETRY is one."""
    history = record(
        (0, report("STARTED", 10.0)),
        (1, report("RETRY")),
        (2, report("RETRY")),
        (3, report("STARTED")),
        (4, report("RETRY")),
    )
    assert history.times(START + 5)["retries"] == 2
    assert kinds(history) == "rtrt"


def test_time_in_a_phase_is_as_watched() -> None:
    """It counts from when the status was first seen, and goes on through an outage."""
    history = record((0, report("PENDING")), (10, report("PENDING", 0.0, Health.RETRYING)))
    assert history.times(START + 40)["phase"] == 40.0
    history.see(START + 41, report("STARTED", 0.0))
    assert history.times(START + 42)["phase"] == 1.0


def test_stall_is_told_from_the_jobs_own_pace() -> None:
    """Four times the longest pause between two moves, counted from the last move."""
    history = record(*((at, report("STARTED", at / 10)) for at in range(0, 120, 20)))
    times = history.times(START + 400)
    assert times["stall"] == 80.0
    assert times["still"] == 300.0


def test_no_stall_without_a_pace() -> None:
    """A job that has moved only once, or waits in the queue, is not said to stall."""
    assert record((0, report("STARTED", 0.0)), (50, report("STARTED", 5.0))).times(START + 999)["stall"] is None
    assert record((0, report("PENDING"))).times(START + 999)["stall"] is None
    assert record((0, report("STARTED", None))).times(START + 999)["stall"] is None


def test_stall_of_a_fast_job_is_not_one_late_answer() -> None:
    """However fast it moved before, half a minute without a move is the least that counts."""
    history = record(*((at / 2, report("STARTED", float(at))) for at in range(20)))
    assert history.times(START + 10)["stall"] == 30.0


def test_job_that_starts_over_has_no_pace_yet() -> None:
    """Progress that falls back is a new attempt, whose pace is to be learnt anew."""
    history = record(*((at, report("STARTED", float(at))) for at in range(0, 90, 10)))
    assert history.times(START + 90)["stall"] is not None
    history.see(START + 91, report("STARTED", 0.0))
    assert history.times(START + 92)["stall"] is None


def test_record_stays_small_and_keeps_its_shape() -> None:
    """Ten thousand moves leave at most 64 steps: the first, the last, every change of kind, and the bend in between."""
    events = [(float(at), report("STARTED", at / 1000 if at < 9000 else 9 + (at - 9000) / 11)) for at in range(10_000)]
    history = record((0, report("PENDING")), *((at + 1, what) for at, what in events))
    assert len(history.steps) == MOST_STEPS
    assert kinds(history)[0] == "q"
    assert history.steps[-1].at == 10_000.0
    assert any(abs(step.at - 9001) <= 30 for step in history.steps)
    assert len(json.dumps(history.as_dict())) < 2500


def test_status_that_flaps_for_ever_stays_bounded() -> None:
    """Where each step is a change of kind, the shortest phases give way."""
    history = record(*((float(at), report("STARTED" if at % 2 else "RETRY")) for at in range(1000)))
    assert len(history.steps) == MOST_STEPS
    assert history.times(START + 1000)["retries"] == 500


def test_success_is_a_hundred_per_cent() -> None:
    """Whatever figure the last answer gives: the job is done."""
    assert record((0, report("SUCCESS", 70.0, Health.OVER))).steps[-1].progress == 100.0

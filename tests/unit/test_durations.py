"""Laws of durations: by themselves, from past runs, and from tasks that are done; what a schedule makes of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.models import JobState
from fiddler_widgets.polling import past_durations
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.lifetimes import Law, Logistic, LogLogistic, Memoryless, Mixture, Unknown
from fiddler_widgets.polling.schedule import AdaptiveSchedule
from fiddler_widgets.polling.tasks import Tasks

LAWS: list[Law] = [LogLogistic(3.0, 60.0, 2.5), Logistic(80.0, 2.0), Memoryless(5.0, 50.0), Unknown(2.0, 100.0, 200.0)]


@given(st.sampled_from(LAWS), st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(sorted))
def test_surviving_is_a_chain(law: Law, times: list[float]) -> None:
    """To live from one time to a third is to live to the second and from there on, never more than certain."""
    first, second, third = times
    whole = law.survival(first)(third)
    assert 0 <= whole <= 1
    assert whole == pytest.approx(law.survival(first)(second) * law.survival(second)(third), rel=1e-6, abs=1e-9)


def test_mixture_believes_the_law_that_lasted() -> None:
    """Quantiles of a mixture lie between those of its laws; a weight of nothing drops its law."""
    early, late = Logistic(10.0, 0.1), Logistic(100.0, 0.1)
    assert Mixture(0.0, [(1.0, early), (1.0, late)]).quantiles([0.75], 1e6)[0] == pytest.approx(100, rel=0.05)
    assert Mixture(0.0, [(1.0, early), (1.0, late)]).quantiles([0.25], 1e6)[0] == pytest.approx(10, rel=0.05)
    assert Mixture(0.0, [(0.0, early), (1.0, late)]).quantiles([0.25], 1e6)[0] == pytest.approx(100, rel=0.05)
    assert Mixture(0.0, [(0.0, early), (0.0, late)]).parts == [(1.0, late)]


def test_past_runs_give_their_middle() -> None:
    """Two runs count nearly alike, the newer one more; a run that is no duration does not count."""
    known = past_durations.learn([100.0, 121.0])
    assert known is not None
    assert 110 < known.median < 112
    assert known.runs == 2
    assert past_durations.learn([math.nan, -1.0, 0.0, math.inf]) is None
    assert past_durations.learn([]) is None


def test_more_runs_that_agree_are_surer() -> None:
    """One run tells less of the next than ten."""
    one, ten = past_durations.learn([60.0]), past_durations.learn([60.0, 61.0] * 5)
    assert one is not None
    assert ten is not None
    assert ten.spread < 0.6 * one.spread


def test_only_the_newest_runs_count() -> None:
    """Whoever got faster long ago is expected fast."""
    known = past_durations.learn([1000.0] * 50 + [10.0] * past_durations.MOST)
    assert known is not None
    assert known.median == pytest.approx(10)


@pytest.mark.parametrize(
    ("values", "number"),
    [([50.0], 2), ([33.0], 3), ([100 / 3, 200 / 3], 3), ([25.0, 50.0], 4), ([12.0], 8), ([3.7], None)],
)
def test_number_of_tasks_follows_from_progress(values: list[float], number: int | None) -> None:
    """Shares are recognised as they are written, whole or with decimals."""
    tasks = Tasks()
    for index, value in enumerate([0.0, *values]):
        tasks.see(10.0 * index, 10.0 * index + 1, value, straight=False)
    assert tasks.number == number
    assert (tasks.law is None) is (number is None)


def test_staircase_of_odd_steps_counts_by_its_steps() -> None:
    """Steps that are no shares of a few tasks are tasks as large as they are on average; a steady rise has none."""
    stairs, slope = Tasks(), Tasks()
    for now in range(60):
        stairs.see(now - 1.0, float(now), 17.3 * (now // 15) + 0.1 * (now // 30), straight=False)
        slope.see(now - 1.0, float(now), 1.13 * now, straight=True)
    assert stairs.law is not None
    assert 20 < stairs.median < 60
    assert slope.law is None


def test_uneven_tasks_make_the_end_vaguer() -> None:
    """Of jobs that are as far after as long, the one whose tasks were uneven is the less sure."""
    deviations = []
    for times in ((10, 20, 30), (2, 5, 30)):
        tasks = Tasks()
        tasks.see(0.0, 0.0, 0.0, straight=True)
        for index, at in enumerate(times):
            tasks.see(at - 0.5, at + 0.5, 25.0 * (index + 1), straight=False)
        deviations.append(tasks.deviation)
    assert deviations[1] > 1.25 * deviations[0]


@pytest.mark.parametrize("done", [1, 2, 3])
def test_end_recedes_while_no_task_ends(done: int) -> None:
    """While no task ends, the end is put off: at first by as long as one waits, later by more."""
    tasks = Tasks()
    for count in range(done + 1):
        tasks.see(60.0 * count, 60.0 * count, 25.0 * count, straight=True)
    at, medians = 60.0 * done, []
    for quiet in (0.0, 50.0, 90.0, 240.0):
        tasks.see(at + quiet, at + quiet, 25.0 * done, straight=True)
        assert tasks.law is not None
        (told,) = Mixture(at + quiet, [(1.0, tasks.law)]).quantiles((0.5,), 1e6)
        assert told == pytest.approx(tasks.median, rel=0.01)
        medians.append(told)
    assert medians[0] == pytest.approx(medians[1], rel=0.01)
    assert medians[1] < medians[2] < medians[3]
    assert medians[0] > 60 * (3.5 - done)


def test_past_places_the_looks() -> None:
    """Where the kind is known, looks are rare before the end it promises, and dense around it."""
    past = [180.0, 185.0, 178.0, 181.0]
    early, late = (AdaptiveSchedule(past).next_pause(at, "STARTED", None) for at in (60.0, 180.0))
    assert early > 1.1 * AdaptiveSchedule().next_pause(60.0, "STARTED", None)
    assert late < 0.7 * AdaptiveSchedule().next_pause(180.0, "STARTED", None)


def test_past_that_was_wrong_is_forgotten() -> None:
    """Long after the end that memory promised, pauses are as if there were none, and no time left is told."""
    known, plain = AdaptiveSchedule([20.0] * 5), AdaptiveSchedule()
    for now in range(0, 600, 5):
        a, b = known.next_pause(float(now), "STARTED", None), plain.next_pause(float(now), "STARTED", None)
    assert a == pytest.approx(b, rel=0.1)
    assert known.time_left(600.0) is None


def test_past_gives_a_time_left_without_progress() -> None:
    """It counts from the start of the run, not from the queue."""
    schedule = AdaptiveSchedule([100.0, 105.0, 95.0])
    for now in range(0, 50, 2):
        schedule.next_pause(float(now), "PENDING", 0.0)
    assert schedule.time_left(48.0) is None
    schedule.next_pause(50.0, "STARTED", None)
    left = schedule.time_left(50.0)
    assert left is not None
    assert left[0] < 99 < left[1]
    assert left[0] > 30


def test_progress_that_contradicts_the_past_wins() -> None:
    """A job that is half done after ten times the usual time is not expected to be over."""
    schedule = AdaptiveSchedule([20.0] * 5)
    for now in range(0, 200, 5):
        schedule.next_pause(float(now), "STARTED", now / 4)
    left = schedule.time_left(200.0)
    assert left is not None
    assert left[0] < 200 < left[1]
    assert left[0] > 100


def test_monitor_hands_the_past_to_its_schedule() -> None:
    """A monitor with past runs tells the time left by them."""
    asked: list[JobState] = []

    def recall(state: JobState) -> list[float]:
        asked.append(state)
        return [60.0, 61.0]

    monitor = JobMonitor(0.0, recall=recall)
    monitor.watch("card", 0.0)
    for now in (0.1, 5.1):
        state = JobState(id="job", status="STARTED")
        monitor.answer(monitor.begin(now), now, state)
    assert len(asked) == 1
    assert monitor._schedule._past is not None  # type: ignore[attr-defined]
    assert JobMonitor(0.0)._schedule._past is None  # type: ignore[attr-defined]

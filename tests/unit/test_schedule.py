"""When to look next at a job, and in what time it will end, in virtual time."""

from __future__ import annotations

import bisect
import heapq
import random
import statistics
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiddler_widgets import configs
from fiddler_widgets.polling.lifetimes import Mixture
from fiddler_widgets.polling.schedule import AdaptiveSchedule
from fiddler_widgets.polling.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    Curve = Callable[[float], float | None]

ROUND_TRIP = 0.05


class Look(NamedTuple):
    """What a schedule made of one look: when, the pause after it, and the time left it told."""

    at: float
    pause: float
    left: tuple[float, float] | None


class Run(NamedTuple):
    """A job that was watched to its end: the looks while it lived, and the one that saw it over."""

    looks: list[Look]
    noticed: float

    def between(self, begin: float, over: float) -> list[Look]:
        """The looks in a span of time."""
        return [look for look in self.looks if begin <= look.at < over]


def watch(
    end: float, answer: Callable[[float], tuple[str, float | None]], *, round_trip: float = ROUND_TRIP, began: float = 0
) -> Run:
    """Watch a job that ends at a time, from another time on."""
    schedule, now = AdaptiveSchedule(), 0.0
    looks: list[Look] = []
    while True:
        now += round_trip
        if now + began >= end:
            return Run(looks, now + began)
        pause = schedule.next_pause(now, *answer(now + began))
        looks.append(Look(now + began, pause, schedule.time_left(now)))
        now += pause


def running(end: float, curve: Curve, *, queued: float = 0.0) -> Callable[[float], tuple[str, float | None]]:
    """The answers of a job that is queued, then runs, its progress a function of the share that is over."""
    return lambda now: ("PENDING", 0.0) if now < queued else ("STARTED", curve((now - queued) / (end - queued)))


ENDED = (0.05, 0.25, 0.5, 0.75)

ENDS = tuple(15.3 * 1.37**power for power in range(15))


def delays(curve: Curve, *, ends: tuple[float, ...] = ENDS) -> list[float]:
    """How late the ends of jobs with this curve are noticed."""
    return [watch(end, running(end, curve, queued=end / 20)).noticed - end for end in ends]


ODD = st.one_of(st.none(), st.floats(allow_nan=False), st.floats(-5, 105), st.sampled_from([0.0, 50.0, 99.0, 100.0]))
SIGHTS = st.lists(
    st.tuples(st.floats(0, 1e5), st.sampled_from(["PENDING", "STARTED", "RETRY", "PAUSED"]), ODD), max_size=60
)


@settings(max_examples=300, deadline=None)
@given(SIGHTS, st.floats(0, 1e4))
def test_bounds_hold_whatever_comes(sights: list[tuple[float, str, float | None]], interval: float) -> None:
    """Any progress, back and forth or none, gets a pause from 0.2 s to three intervals, and a sound range."""
    schedule, now = AdaptiveSchedule(), 0.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(configs, "JOB_POLL_INTERVAL", interval)
        for step, status, progress in sights:
            now += step
            assert 0.2 <= schedule.next_pause(now, status, progress) <= max(0.2, 3 * interval)
            left = schedule.time_left(now + step)
            assert left is None or 0 <= left[0] <= left[1] < float("inf")


def test_clock_that_goes_back_is_endured() -> None:
    """A time before the last one is taken for the last one."""
    schedule = AdaptiveSchedule()
    for now, progress in ((10.0, 10.0), (20.0, 20.0), (15.0, 30.0), (-100.0, 40.0), (30.0, 50.0)):
        assert 0.2 <= schedule.next_pause(now, "STARTED", progress) <= 3 * configs.JOB_POLL_INTERVAL


def test_young_jobs_get_short_pauses() -> None:
    """A job of seconds is noticed within twice as many more, two seconds at least."""
    for end in (1.0, 2.0, 3.0, 5.0):
        assert watch(end, running(end, lambda _: None)).noticed - end < max(2.0, 2 * end)


def test_pauses_without_knowledge_grow_to_little_more_than_the_interval() -> None:
    """Without progress or past each pause is at least the one before it, and soon all are the same."""
    pauses = [round(look.pause, 6) for look in watch(1800, running(1800, lambda _: None)).looks]
    assert pauses == sorted(pauses)
    assert pauses[0] < 2
    assert pauses[30] == pauses[-1] == pytest.approx(1.12 * configs.JOB_POLL_INTERVAL - ROUND_TRIP)


def test_job_after_a_long_queue_is_young() -> None:
    """Pauses are short again when a job starts at last."""
    run = watch(700, running(700, lambda _: None, queued=600))
    assert run.between(0, 600)[-1].pause > 6
    assert run.between(600, 700)[0].pause < 0.8 * run.between(0, 600)[-1].pause


@pytest.mark.parametrize("factor", [0.25, 4])
def test_tuning_scales_with_the_interval(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the same age, pauses without progress are in proportion to the poll interval."""

    def pause() -> float:
        return AdaptiveSchedule().next_pause(60.0, "STARTED", None)

    plain = pause()
    monkeypatch.setattr(configs, "JOB_POLL_INTERVAL", configs.JOB_POLL_INTERVAL * factor)
    assert pause() == pytest.approx(plain * factor)


@pytest.mark.parametrize("curve", [lambda x: 100 * x, lambda x: float(round(100 * x))])
def test_end_of_a_linear_job_is_noticed_at_once(curve: Curve) -> None:
    """Steady progress, exact or rounded to whole per cents, is noticed within half a second of its end."""
    assert max(delays(curve, ends=(20.3, 47.7, 133.1, 250.9))) < 0.5


def test_end_of_a_job_in_whole_per_cents_is_noticed_soon() -> None:
    """Progress cut off to whole per cents, which may as well be rounded, is noticed within 0.6 s on average."""
    assert statistics.mean(delays(lambda x: float(int(100 * x)))) < 0.6


def test_round_trip_is_allowed_for() -> None:
    """With a slow network the request for the look at the predicted end is made sooner."""
    late = [
        watch(end, running(end, lambda x: 100 * x), round_trip=0.9).noticed - end
        for end in map(float, range(100, 300, 3))
    ]
    assert statistics.mean(late) < 0.65


@pytest.mark.parametrize("steps", [3, 4, 7, 10])
def test_even_steps_are_told_apart(steps: int) -> None:
    """Jobs that move in few even steps are noticed well before a fixed pause would, on average."""
    assert statistics.mean(delays(lambda x: 100 * int(x * steps) / steps)) < 1.5


@pytest.mark.parametrize("power", [1.4, 2.0, 2.4])
def test_curves_are_straightened(power: float) -> None:
    """Progress that slows down, or gathers pace, does not mislead."""
    assert statistics.mean(delays(lambda x: 100 * (1 - (1 - x) ** power))) < 1
    assert statistics.mean(delays(lambda x: 100 * x**power)) < 1


def test_missing_progress_does_no_harm() -> None:
    """Looks without progress among others do not undo the forecast."""
    run = watch(150, running(150, lambda x: None if int(x * 37) % 3 == 0 else 100 * x))
    assert run.noticed - 150 < 0.5


def test_progress_that_sticks_costs_no_flood() -> None:
    """A job that stays at 99 % for most of its time takes hardly more requests than a fixed pause."""
    run = watch(900, running(900, lambda x: min(99.0, 300 * x)))
    assert len(run.looks) < 1.3 * 900 / (6 + ROUND_TRIP)


def test_last_task_that_hangs_costs_no_flood() -> None:
    """Two quick tasks make a third one due soon; one that hangs does not go on to be looked at all the time."""
    run = watch(600, running(600, lambda x: 100 / 3 * bisect.bisect_right((2 / 600, 4 / 600), x)))
    assert len(run.looks) < 1.5 * 600 / (6 + ROUND_TRIP)
    assert run.looks[-1].pause > 5


def test_stall_ends_the_dense_looks() -> None:
    """When the predicted end passes without one, pauses grow again."""
    run = watch(400, running(400, lambda x: 95 * min(1.0, 4 * x)))
    assert statistics.mean(look.pause for look in run.between(200, 400)) > 4


@pytest.mark.parametrize("word", ["RETRY", "STARTED"])
def test_retry_starts_over(word: str) -> None:
    """After a retry, seen or told by falling progress, only the new attempt counts."""

    def answer(now: float) -> tuple[str, float | None]:
        if now < 100:
            return "STARTED", 0.8 * now
        return (word, 0.0) if now < 104 else ("STARTED", 100 * (now - 104) / 250)

    run = watch(354, answer)
    assert run.noticed - 354 < 1
    told = [look.left for look in run.between(160, 300) if look.left]
    assert told
    assert all(low <= 354 - look.at <= high for look in run.between(160, 300) if look.left for low, high in [look.left])


def test_slip_of_progress_is_no_new_start() -> None:
    """Progress that wobbles by a little keeps its forecast."""
    run = watch(300, running(300, lambda x: 100 * x - (0.4 if int(x * 50) % 2 else 0)))
    assert run.noticed - 300 < 2
    assert all(look.left is not None for look in run.between(150, 280))


def test_watching_may_begin_in_the_middle() -> None:
    """A job that ran before anyone watched is forecast by what is seen."""
    run = watch(600, running(600, lambda x: float(round(100 * x))), began=301)
    assert run.noticed - 600 < 1.5


def test_unknown_status_counts_as_running() -> None:
    """A word not known yet does not hide the progress."""
    run = watch(100, lambda now: ("CRUNCHING", now))
    assert run.noticed - 100 < 0.5


def small_corpus() -> list[tuple[float, Callable[[float], tuple[str, float | None]]]]:
    """Seeded jobs of many lengths and curves, as ends and answers."""
    rng = random.Random(7)  # noqa: S311 - a simulation
    jobs = []
    for index in range(240):
        end = min(2000.0, 2 + rng.weibullvariate(150, 0.8))
        power, steps = rng.uniform(0.7, 2), rng.randint(3, 12)
        curves: list[Curve] = [
            lambda _: None,
            lambda x: 100 * x,
            lambda x, power=power: float(round(100 * x**power)),  # type: ignore[misc]
            lambda x, power=power: 100 * (1 - (1 - x) ** power),  # type: ignore[misc]
            lambda x, steps=steps: 100 * int(x * steps) / steps,  # type: ignore[misc]
            lambda x: 60 * x if x < 0.5 else 30 if x < 0.6 else 30 + 175 * (x - 0.6),
        ]
        jobs.append((end, running(end, curves[index % len(curves)], queued=min(end / 2, rng.expovariate(1 / 6)))))
    return jobs


def test_earlier_than_fixed_for_no_more_requests() -> None:
    """On a mixed corpus, ends are noticed well over twice as soon as with a fixed pause, at no more requests."""
    jobs = small_corpus()
    runs = [watch(end, answer) for end, answer in jobs]
    late = [run.noticed - end for run, (end, _) in zip(runs, jobs, strict=True)]
    fixed = statistics.mean(1 + int(end / (6 + ROUND_TRIP)) for end, _ in jobs)
    assert statistics.mean(len(run.looks) + 1 for run in runs) <= fixed
    assert statistics.mean(late) < 1.2
    assert statistics.median(late) < 0.5


def test_time_left_holds_for_four_in_five() -> None:
    """The truth lies in the told range at least four times in five, and the range says something."""
    hits, ratios = [], []
    for end, answer in small_corpus():
        told = [(look.at, look.left) for look in watch(end, answer).looks]
        known = [
            (at, low <= end - at <= high, high / max(1.0, low)) for at, left in told if left for low, high in [left]
        ]
        if known:
            hits.append(statistics.mean(hit for _, hit, _ in known))
            # Towards the end, where there are many looks, a range of a few seconds has a large ratio.
            ratios += [ratio for at, _, ratio in known if at < 0.8 * end]
    assert len(hits) > 120
    assert statistics.mean(hits) >= 0.8
    assert statistics.median(ratios) < 3


def test_time_left_allows_for_a_stall() -> None:
    """However steady the progress, the range reaches beyond the predicted end by two fifths of the job's age."""
    schedule = AdaptiveSchedule()
    for now in range(0, 100, 4):
        schedule.next_pause(float(now), "STARTED", now / 2)
    left = schedule.time_left(96.0)
    assert left is not None
    assert left[1] > 200 - 96 + 0.4 * 96


def test_tasks_foretell_as_exactly_as_they_can() -> None:
    """Half of eight tasks done, the middle four fifths hold for about four jobs in five, not for more.

    One to four workers do them; their durations vary by three to nine tenths.
    """
    rng = random.Random(11)  # noqa: S311 - a simulation
    hits = []
    for _ in range(1200):
        free = [0.0] * rng.choice((1, 1, 1, 2, 3, 4))
        variance = rng.choice((0.3, 0.5, 0.7, 0.9)) ** 2
        ends = []
        for _ in range(8):
            ends.append(heapq.heappop(free) + rng.gammavariate(1 / variance, variance))
            heapq.heappush(free, ends[-1])
        ends.sort()
        tasks = Tasks()
        tasks.restart(0.0, 0.0)
        for done, end in enumerate([0.0, *ends[:4]]):
            tasks.see(60 * end, 60 * end, 12.5 * done, straight=False)
        assert tasks.law is not None
        mixture = Mixture(60 * ends[3], [(1.0, tasks.law)])
        low, high = mixture.quantiles((0.1, 0.9), 1e6)
        hits.append(low <= 60 * (ends[-1] - ends[3]) <= high)
    assert 0.75 < statistics.mean(hits) < 0.85


def test_no_look_is_wasted_while_several_tasks_are_to_come() -> None:
    """With four of five tasks to come the end is not near, however long the second one takes: pauses are long."""
    run = watch(1200, running(1200, lambda x: 20.0 * bisect.bisect_right(ENDED, x)))
    quiet = [look.pause for look in run.between(100, 300)]
    assert statistics.mean(quiet) > 2 * configs.JOB_POLL_INTERVAL
    assert run.noticed - 1200 < 2 * configs.JOB_POLL_INTERVAL


def test_time_left_needs_progress() -> None:
    """Nothing is told without progress, nor from a value that never moved."""
    for still in (None, 0.0, 40.0):
        run = watch(300, running(300, lambda _, still=still: still))  # type: ignore[misc]
        assert {look.left for look in run.looks} == {None}


def test_time_left_shrinks_with_time() -> None:
    """Between two looks the range moves with the clock."""
    schedule = AdaptiveSchedule()
    for now in range(0, 60, 4):
        schedule.next_pause(float(now), "STARTED", now / 2)
    here, later = schedule.time_left(56.0), schedule.time_left(60.0)
    assert here is not None
    assert later is not None
    assert here[0] < 144 < here[1]
    assert later[0] == pytest.approx(here[0] - 4, rel=0.1)


def test_time_left_widens_in_a_stall_and_then_goes() -> None:
    """When progress stops, the range grows, until nothing is told any more."""
    schedule = AdaptiveSchedule()
    for now in range(0, 100, 4):
        schedule.next_pause(float(now), "STARTED", now / 2)
    widths = []
    for now in range(100, 400, 4):
        schedule.next_pause(float(now), "STARTED", 48.0)
        left = schedule.time_left(float(now))
        widths.append(left[1] - left[0] if left else None)
    known = [width for width in widths if width is not None]
    assert known[4:] == sorted(known[4:])
    assert known[-1] > 1.5 * known[0]
    assert widths[-1] is None


def test_state_stays_small() -> None:
    """Ten thousand schedules live in one process: each stays under 2.5 KB, however long it learns."""
    schedule = AdaptiveSchedule()
    for now in range(2000):
        schedule.next_pause(now * 3.1, "STARTED", 99 * (now / 2000) ** 0.9)

    def size(thing: object) -> int:
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        parts = [getattr(thing, name) for name in slots]
        parts += list(thing) if isinstance(thing, (list, tuple)) else []
        return sys.getsizeof(thing) + sum(size(part) for part in parts if part is not None)

    assert 500 < size(schedule) < 2560

"""Whose turn it is: what is in view comes first, and takes no more than its share from the others; in virtual time."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, cast

import pytest

from fiddler_widgets import configs
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.polling.subscriptions import Channel, Server
from fiddler_widgets.polling.turns import PREFERRED, Turns
from tests.unit.fake_server import FakeServer
from tests.unit.virtual import state

if TYPE_CHECKING:
    from collections.abc import Iterable

PAUSE = 9.0
ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


class Job:
    """As much of a channel as turns know of it."""

    def __init__(self, turns: Turns) -> None:
        self.server = turns.server(cast("Any", "a server"))
        self.preferred_until = float("-inf")
        self.line: object = None


def looks(count: int, in_view: Iterable[int], seconds: float) -> dict[int, list[float]]:
    """Watch so many jobs for so long, those with some numbers in view; return when each was looked at."""
    turns = Turns(8)
    jobs = [cast("Channel", Job(turns)) for _ in range(count)]
    numbers = {id(job): number for number, job in enumerate(jobs)}
    for number in in_view:
        jobs[number].preferred_until = float("inf")
    order, times = itertools.count(), defaultdict(list)
    due = [(0.0, next(order), job) for job in jobs]
    now = 0.0
    while now < seconds:
        while due and due[0][0] <= now:
            turns.wait(heapq.heappop(due)[2], now)
        while (turn := turns.take(now)) is not None:
            job, number = turn
            turns.sent(job, number, now)
            times[numbers[id(job)]].append(now)
            turns.over(job, number)
            heapq.heappush(due, (now + PAUSE, next(order), job))
        now = min(turns.next_at(now), due[0][0] if due else float("inf"))
    return times


def longest_gap(times: list[float], since: float) -> float:
    """Return the longest time without a look, from a time on."""
    return max(after - before for before, after in itertools.pairwise([since, *(t for t in times if t > since)]))


def test_rows_in_view_are_seen_every_ten_seconds_among_ten_thousand() -> None:
    """At 50 requests a second, of which ten thousand jobs would have one each in 200 s."""
    in_view = range(5000, 5025)
    times = looks(10_000, in_view, 120.0)
    assert max(longest_gap(times[number], 1.0) for number in in_view) <= 10.0


def test_rows_in_view_take_no_more_than_a_fifth() -> None:
    """However many there are: the others keep the rest, each its turn."""
    times = looks(3000, range(2000), 100.0)
    of_others = sum(len(times[number]) for number in range(2000, 3000))
    assert of_others >= 0.8 * 100 * configs.REQUEST_RATE_LIMIT - PREFERRED
    assert min(len(times[number]) for number in range(2000, 3000)) >= 3


def test_rows_in_view_have_all_turns_where_nothing_else_waits() -> None:
    """A share that nobody else needs is not kept free."""
    times = looks(100, range(100), 30.0)
    assert max(longest_gap(times[number], 5.0) for number in range(100)) <= PAUSE + 0.1


def test_one_that_comes_into_view_does_not_wait_at_its_place_in_the_line() -> None:
    """It has the next turn for those in view, and no second one at its old place."""
    turns = Turns(8)
    jobs = [cast("Channel", Job(turns)) for _ in range(100)]
    for job in jobs:
        turns.wait(job, 0.0)
    for job in (jobs[90], jobs[0]):
        turns.prefer(job)
    taken, now = [], 0.0
    while (turn := turns.take(now)) is not None:
        turns.sent(*turn, now)
        turns.over(*turn)
        taken.append(turn[0])
        now = max(now, turns.next_at(now)) if turns.next_at(now) < float("inf") else now
    assert taken.index(jobs[90]) < PREFERRED
    assert taken.index(jobs[0]) < 2 * PREFERRED
    assert len(taken) == len({id(job) for job in taken}) == 100


@pytest.mark.parametrize(("rate", "many"), [(50, False), (300, True)])
def test_requests_are_gathered_only_where_there_are_many(rate: int, many: bool) -> None:  # noqa: FBT001
    """From a hundred a second on; the ceiling that users have by default is below that."""
    turns = Turns(8)
    job = cast("Channel", Job(turns))
    for number in range(200):
        turns.sent(job, number, number / rate)
    assert turns.last_of_many == (199 / rate if many else float("-inf"))
    turns.sent(job, 200, 300.0)
    assert turns.last_of_many == float("-inf")


@pytest.mark.parametrize(("in_view", "interval", "longest"), [(False, None, 18), (True, None, 9), (True, 30.0, 30)])
def test_job_in_view_is_seen_within_nine_seconds(in_view: bool, interval: float | None, longest: float) -> None:  # noqa: FBT001
    """One that is far from its end, too; pauses that a user has set are kept."""
    server = FakeServer()
    monitor = JobMonitor(0.0)
    channel = Channel("key", server, ID, monitor, Server())
    channel.preferred_until = float("inf") if in_view else float("-inf")
    monitor.watch("watch", 0.0, interval=interval)
    pauses, now = [], 0.0
    for number in range(40):
        ticket = monitor.begin(now)
        channel.take_in(state(progress=number / 4), ticket, now)
        pauses.append((monitor.due or 0.0) - now)
        now = monitor.due or 0.0
    assert max(pauses) == pytest.approx(longest, abs=0.1)


class InterruptedDeque(deque[Any]):
    """Ctrl-C comes just before something would be appended, or just after."""

    after: bool

    def append(self, item: Any) -> None:
        """Append it or not, and be interrupted."""
        if self.after:
            super().append(item)
        raise KeyboardInterrupt


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_one_whose_coming_into_view_is_interrupted_has_its_turn(*, after: bool) -> None:
    """It is in one of the two lines at any moment."""
    turns = Turns(8)
    other, job = (cast("Channel", Job(turns)) for _ in range(2))
    for each in (other, job):
        turns.wait(each, 0.0)
    job.server.preferred = InterruptedDeque()
    job.server.preferred.after = after
    with pytest.raises(KeyboardInterrupt):
        turns.prefer(job)
    taken = [turn[0] for turn in (turns.take(0.0), turns.take(0.0)) if turn is not None]
    assert {id(each) for each in taken} == {id(other), id(job)}
    assert job.queue is None

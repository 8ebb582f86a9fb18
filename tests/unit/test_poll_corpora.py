"""What schedules achieve on small corpora of the benchmarks against a fixed pause; the margins are for chance."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fiddler_widgets.polling.schedule import AdaptiveSchedule

if TYPE_CHECKING:
    from collections.abc import Sequence

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="the benchmarks are not here")


class Silent:
    """A schedule that is not asked for the time left, which takes most of its time."""

    def __init__(self, past: Sequence[float] = ()) -> None:
        self.next_pause = AdaptiveSchedule(past).next_pause


class Fixed:
    """The pause of the official client."""

    def __init__(self, past: Sequence[float] = ()) -> None:
        self.past = past

    def next_pause(self, _elapsed: float, _status: str, _progress: float | None) -> float:
        """Always the same."""
        return 6.0


class Ratios(NamedTuple):
    """What a schedule achieves, as ratios to another."""

    mean: float
    median: float
    p95: float
    requests: float


@functools.cache
def module(name: str) -> Any:
    """A module of the benchmarks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        return importlib.import_module(name)


def ratios(jobs: list[Any], base: list[Any] | None = None) -> Ratios:
    """The adaptive schedule against the fixed pause, or against itself on other jobs."""
    measure = module("poll_corpus_own").measure
    mine, others = measure(Silent, jobs), measure(Fixed if base is None else Silent, base or jobs)
    return Ratios(*[getattr(mine, name) / getattr(others, name) for name in Ratios._fields])


def test_uneven_tasks() -> None:
    """A staircase of uneven tasks is noticed sooner for about as many requests."""
    got = ratios(module("tasks_corpus").task_jobs(300, 1))
    assert got.mean < 0.78
    assert got.median < 0.6
    assert got.p95 < 1.1
    assert got.requests < 1.1


def test_known_kinds() -> None:
    """Past runs alone tell when to look."""
    got = ratios(module("kinds_corpus").known_kinds(300, 1))
    assert got.mean < 0.7
    assert got.median < 0.7
    assert got.p95 < 1
    assert got.requests < 1.05


def test_nothing_known() -> None:
    """Without progress and past it is never much later than a fixed pause, at the same cost."""
    got = ratios(module("kinds_corpus").unknown(300, 1))
    assert got.mean < 1.05
    assert got.p95 < 1.1
    assert got.requests < 1.05


def test_misleading_memory() -> None:
    """A past that misleads costs little over none."""
    jobs = module("kinds_corpus").misleading(250, 1)
    got = ratios(jobs, [job._replace(past=()) for job in jobs])
    assert got.mean < 1.15
    assert got.requests < 1.2

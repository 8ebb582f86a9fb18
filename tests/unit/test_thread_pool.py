"""Threads of the pool for requests: no more are woken than are needed, and none that hangs keeps tasks waiting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from fiddler_widgets.polling.thread_pool import ThreadPool
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 4


@pytest.fixture
def pool() -> Iterator[ThreadPool]:
    """A pool whose threads sleep, and whose tasks were quick so far and may wait."""
    pool = ThreadPool(SIZE, "a pool", linger=30, wait=0.05)
    together, passed = threading.Barrier(SIZE), []
    for _ in range(SIZE):
        pool.submit(lambda: passed.append(together.wait(10)))
    until(lambda: len(pool._sleeping) == SIZE)
    pool._task_duration = 0.001
    yield pool
    pool.close(5)


def test_slow_tasks_have_a_thread_each(pool: ThreadPool) -> None:
    """As many run at once as there are, if tasks took long lately."""
    pool._task_duration = 1.0
    together, passed = threading.Barrier(SIZE), []
    for _ in range(SIZE):
        pool.submit(lambda: passed.append(together.wait(10)))
    until(lambda: len(passed) == SIZE)


def test_quick_tasks_leave_threads_asleep(pool: ThreadPool) -> None:
    """The one that wakes takes all that wait by then."""
    done: list[int] = []
    # Nobody can take a task before all are there.
    wake, first = pool._wake_newest, threading.Event()
    woken: list[threading.Lock] = []

    def late() -> None:
        woken.append(pool._sleeping[-1])
        pool._waking.add(pool._sleeping.pop())
        first.set()

    pool._wake_newest = late  # type: ignore[method-assign]
    for _ in range(10):
        pool.submit(lambda: done.append(threading.get_ident()))
    pool._wake_newest = wake  # type: ignore[method-assign]
    assert first.is_set()
    assert len(woken) == 1
    woken[0].release()
    until(lambda: len(done) == 10)
    assert len(set(done)) == 1


def test_tasks_behind_one_that_hangs_are_taken_by_other_threads(pool: ThreadPool) -> None:
    """What looked quick may hang: the next task wakes another thread, and `relieve` does where there is none."""
    release, done = threading.Event(), []
    pool.submit(lambda: done.append(release.wait(20)))
    for number in range(5):
        pool.submit(lambda number=number: done.append(number))  # type: ignore[misc]

    def relieved() -> bool:
        pool.relieve(0.05, 1)
        return len(done) == 5

    until(relieved)
    assert sorted(done) == [0, 1, 2, 3, 4]
    release.set()


def test_wake_newest_that_was_interrupted_loses_no_task(pool: ThreadPool) -> None:
    """Ctrl-C may come after a thread was noted as waking and before it is woken."""
    pool._waking.add(pool._sleeping[-1])
    done = threading.Event()
    pool.submit(done.set)
    assert not done.wait(0.2)
    pool.relieve(0.05, 1)
    assert done.wait(10)


def test_thread_whose_start_is_interrupted_takes_nobodys_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next task starts another, though the pool has but one; and closing waits for no thread that never ran."""

    def interrupted(_thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    pool, done = ThreadPool(1, "a pool", linger=30), []
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pool.submit(lambda: done.append(1))
    pool.submit(lambda: done.append(2))
    until(lambda: done == [1, 2])
    pool.close(5)

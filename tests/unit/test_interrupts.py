"""The event that an interrupt cannot leave locked."""

from __future__ import annotations

import queue
import threading
import time

import pytest

from fiddler_widgets.interrupts import Event, Queue
from tests.unit.fake_server import until


def test_a_set_event_is_not_waited_for() -> None:
    """Once it is set, `wait` returns true at once."""
    event = Event()
    event.set()
    assert event.is_set()
    assert event.wait(0)


def test_an_event_that_does_not_come() -> None:
    """`wait` gives up after its timeout, and leaves nothing in the event."""
    event = Event()
    began = time.monotonic()
    assert not event.wait(0.05)
    assert time.monotonic() - began >= 0.05
    assert event._waiting == []


def test_all_waiting_threads_wake() -> None:
    """One `set` wakes every thread that waits, long before any of them looks for itself."""
    event = Event()
    woken: list[bool] = []
    threads = [threading.Thread(target=lambda: woken.append(event.wait(30))) for _ in range(5)]
    for thread in threads:
        thread.start()
    until(lambda: len(event._waiting) == 5)
    began = time.monotonic()
    event.set()
    for thread in threads:
        thread.join(10)
    assert woken == [True] * 5
    assert time.monotonic() - began < 0.9


def test_a_cleared_event_has_to_be_set_again() -> None:
    """After `clear`, threads wait again."""
    event = Event()
    event.set()
    event.clear()
    assert not event.is_set()
    assert not event.wait(0)


def test_set_twice_while_a_thread_has_not_woken_yet() -> None:
    """A second `set` finds the lock of a thread released already."""
    event = Event()
    lock = threading.Lock()
    lock.acquire()
    event._waiting.append(lock)
    event.set()
    event.set()
    assert not lock.locked()


def test_a_thread_that_was_not_woken_looks_for_itself() -> None:
    """If an interrupt ended `set` between its two steps, who waits finds out within about a second."""
    event = Event()
    woken: list[bool] = []
    thread = threading.Thread(target=lambda: woken.append(event.wait(30)))
    thread.start()
    until(lambda: event._waiting)
    event._flag = True
    thread.join(10)
    assert woken == [True]


# ---- the queue


def test_items_come_in_their_order() -> None:
    """First in, first out; none is left."""
    items: Queue[int] = Queue()
    for number in range(3):
        items.put(number)
    assert len(items) == 3
    assert [items.get() for _ in range(3)] == [0, 1, 2]
    assert not items


def test_an_empty_queue_is_not_waited_for_longer_than_asked() -> None:
    """Nothing comes: it gives up, at once or after the timeout."""
    items: Queue[int] = Queue()
    with pytest.raises(queue.Empty):
        items.get()
    began = time.monotonic()
    with pytest.raises(queue.Empty):
        items.get(timeout=0.05)
    assert 0.05 <= time.monotonic() - began < 5


def test_a_timeout_of_nothing_after_an_item_never_waits() -> None:
    """On Python 3.10 `queue.SimpleQueue` waits for ever here, once in some ten thousand times."""
    items: Queue[int] = Queue()
    for number in range(100_000):
        items.put(number)
        assert items.get() == number
        if number % 10 == 0:
            with pytest.raises(queue.Empty):
                items.get(timeout=0)


def test_an_item_wakes_the_thread_that_waits() -> None:
    """Long before its timeout."""
    items: Queue[str] = Queue()
    threading.Timer(0.05, lambda: items.put("an item")).start()
    began = time.monotonic()
    assert items.get(timeout=30) == "an item"
    assert time.monotonic() - began < 0.9


def test_no_item_of_many_threads_is_lost() -> None:
    """Four threads put while one takes."""
    items: Queue[int] = Queue()

    def put_many() -> None:
        for _ in range(5000):
            items.put(1)

    threads = [threading.Thread(target=put_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert sum(items.get(timeout=10) for _ in range(20_000)) == 20_000
    assert not items

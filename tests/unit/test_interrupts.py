"""The event that an interrupt cannot leave locked."""

from __future__ import annotations

import threading
import time

from fiddler_widgets.interrupts import Event
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

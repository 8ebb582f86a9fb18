"""The journal's thread: it ends when it is told to, whatever it is doing just then."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from fiddler_widgets.journal.writer import Writer
from tests.unit.fake_server import until


def test_closing_writes_what_waits_and_ends_the_thread() -> None:
    """Nothing that was put before is lost, and the thread ends long before its idle time is over."""
    written: list[Any] = []
    writer = Writer(written.extend, linger=60)
    for number in range(50):
        writer.put(number)
    thread = writer._thread
    assert thread is not None
    writer.close(10)
    assert written == list(range(50))
    assert not thread.is_alive()


def test_closing_while_the_thread_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it ends between the look at it and the task that is to end it, that task's new thread ends, too."""
    writer = Writer(lambda _items: None, linger=0.01)
    writer.put(1)
    first = writer._thread
    assert first is not None
    put = writer._put
    threads: list[threading.Thread | None] = []

    def put_late(item: Any) -> bool:
        first.join(10)
        writer._linger = 60
        result = put(item)
        threads.append(writer._thread)
        return result

    monkeypatch.setattr(writer, "_put", put_late)
    # Otherwise the thread might have ended before `close` looks.
    monkeypatch.setattr(writer, "_current_thread", lambda: writer._thread or (None if threads else first))
    writer.close(10)
    assert all(thread is None or not thread.is_alive() for thread in threads)
    assert threads
    assert writer._thread is None


def test_a_closed_writer_begins_anew() -> None:
    """The next task starts another thread."""
    written: list[Any] = []
    writer = Writer(written.extend, linger=60)
    writer.put(1)
    writer.close(10)
    writer.put(2)
    until(lambda: written == [1, 2])
    writer.close(10)
    assert writer._thread is None


def test_closing_with_a_full_queue_waits_for_nothing() -> None:
    """The disk hangs, and the end of the interpreter is not to wait for it."""
    hanging, disk = threading.Event(), threading.Event()

    def hang(_items: list[Any]) -> None:
        hanging.set()
        disk.wait(60)

    writer = Writer(hang, linger=0.05)
    try:
        writer.put(0)
        # From then on the thread takes nothing out of the queue.
        assert hanging.wait(10)
        while writer.put(0):
            pass
        began = time.monotonic()
        writer.close(20)
        assert time.monotonic() - began < 10
    finally:
        disk.set()
        # Other tests count the threads.
        thread = writer._thread
        if thread is not None:
            thread.join(10)


def test_closing_waits_for_a_thread_that_is_about_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has said that it ends, and does so a moment later."""
    writer = Writer(lambda _items: None, linger=0.01)
    run, held = writer._run, threading.Event()

    def run_and_stay() -> None:
        run()
        held.wait(0.3)

    monkeypatch.setattr(writer, "_run", run_and_stay)
    writer.put(1)
    thread = writer._thread
    assert thread is not None
    until(lambda: writer._thread is None)
    writer.close(10)
    assert not thread.is_alive()


def test_a_thread_whose_start_is_interrupted_is_not_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next task starts another one, which does what waits, too."""
    written: list[Any] = []
    writer = Writer(written.extend, linger=60)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.put(1)
    writer.put(2)
    until(lambda: written == [1, 2])
    writer.close(10)


def interrupted(_thread: threading.Thread) -> None:
    """Be interrupted, as the start of a thread can be."""
    raise KeyboardInterrupt

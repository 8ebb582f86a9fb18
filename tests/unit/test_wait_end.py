"""The end that a coroutine awaits and any thread may bring."""

from __future__ import annotations

import asyncio
import threading
import time

from fiddler_widgets.jobs.wait_end import WaitEnd


def test_an_end_that_has_come_is_not_waited_for() -> None:
    """It may come before anybody awaits it."""
    end = WaitEnd()
    end.come()
    assert asyncio.run(end.wait_async(0))


def test_an_end_that_does_not_come() -> None:
    """The answer is no, after the seconds that were given; it can be asked for again."""
    end = WaitEnd()

    async def twice() -> list[bool]:
        return [await end.wait_async(0.01), await end.wait_async(0.01)]

    assert asyncio.run(twice()) == [False, False]


def test_a_thread_wakes_the_coroutine() -> None:
    """It goes on as soon as another thread says so."""
    end = WaitEnd()

    async def awaited() -> tuple[bool, float]:
        threading.Timer(0.05, end.come).start()
        began = time.monotonic()
        return await end.wait_async(30), time.monotonic() - began

    has_come, seconds = asyncio.run(awaited())
    assert has_come
    assert seconds < 10


def test_an_end_after_the_loop_is_closed() -> None:
    """A loop that is gone is not called, and nothing is raised in the thread that brings the end."""
    end = WaitEnd()
    asyncio.run(end.wait_async(0.01))
    end.come()
    assert asyncio.run(end.wait_async(0))


def test_an_end_that_comes_twice() -> None:
    """The second time changes nothing."""
    end = WaitEnd()

    async def awaited() -> bool:
        loop = asyncio.get_running_loop()
        loop.call_soon(end.come)
        loop.call_soon(end.come)
        return await end.wait_async(30)

    assert asyncio.run(awaited())


def test_a_thread_waits_for_it() -> None:
    """As a coroutine does: until it comes, or the seconds are over."""
    end = WaitEnd()
    assert not end.wait(0.01)
    threading.Timer(0.05, end.come).start()
    assert end.wait(30)
    assert end.has_come

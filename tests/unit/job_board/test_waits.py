"""Waits, callbacks and the end of a board."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from tests.unit.boards import IDS, ManyJobs, all_live, page_says
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.polling.poller import Poller


def test_wait_returns_when_all_have_succeeded(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """And the traits say so by then."""
    board = make(3)
    threading.Timer(0.3, lambda: server.fields.update(status="SUCCESS")).start()
    board.wait(timeout=20)
    assert (board.health, board.counts) == ("over", {"SUCCESS": 3})


def test_wait_raises_when_the_rest_have_ended(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """With all that failed, also those that the reader has taken off the board meanwhile."""
    server.of[IDS[0]] = {"status": "FAILURE", "error_reason": "Oops"}
    server.of[IDS[1]] = {"status": "REVOKED"}
    board = make(3)
    until(lambda: len(board.failed) == 2)

    def later() -> None:
        board.clear_finished()
        server.fields["status"] = "SUCCESS"

    threading.Timer(0.3, later).start()
    with pytest.raises(fw.AsyncJobFailed, match=r"2 of 3 jobs did not succeed.*Oops") as caught:
        board.wait(timeout=20)
    assert not isinstance(caught.value, fw.JobRevoked)
    assert [str(job.id) for job in caught.value.failed] == IDS[:2]
    assert str(caught.value.job.id if caught.value.job else "") == IDS[0]


def test_wait_for_revoked_jobs_raises_that(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Where nothing worse has happened."""
    server.of[IDS[0]] = {"status": "REVOKED"}
    server.fields["status"] = "SUCCESS"
    with pytest.raises(fw.JobRevoked):
        make(2).wait(timeout=20)


def test_wait_times_out(make: Callable[..., fw.JobBoard]) -> None:
    """Within a quarter of a second, and says how many go on."""
    board, began = make(3), time.monotonic()
    with pytest.raises(fw.JobTimeoutError, match=r"3 of 3 jobs were not over after 0.3 s"):
        board.wait(timeout=0.3)
    assert 0.3 <= time.monotonic() - began < 1.0


def test_wait_ends_when_somebody_stops_the_board(make: Callable[..., fw.JobBoard]) -> None:
    """On the page, or in code."""
    board = make(2)
    until(lambda: all_live(board))
    threading.Timer(0.2, lambda: page_says(board, type="stop")).start()
    with pytest.raises(fw.WatchStopped, match="2 of 2"):
        board.wait(timeout=20)
    threading.Timer(0.2, board.close).start()
    with pytest.raises(fw.WatchStopped):
        board.wait(timeout=20)


def test_wait_raises_what_the_server_says_of_one_job(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Once the others have ended."""
    server.error = http_error(401)
    with pytest.raises(fw.ApiError, match="401"):
        make(2).wait(timeout=20)


def test_wait_includes_jobs_that_are_added_meanwhile(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """The board is waited for, not a list."""
    board = make(2)
    server.of[IDS[2]] = {"status": "FAILURE"}

    def later() -> None:
        board.add(fw.Job(IDS[2], connection=server))
        until(lambda: len(board.failed) == 1)
        server.fields["status"] = "SUCCESS"

    threading.Timer(0.1, later).start()
    with pytest.raises(fw.AsyncJobFailed) as caught:
        board.wait(timeout=20)
    assert [str(job.id) for job in caught.value.failed] == [IDS[2]]


def test_slow_observers_delay_no_wait(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Users' code runs elsewhere."""
    board, release = make(2), threading.Event()
    board.observe(lambda _: release.wait(10), "counts")
    until(lambda: all(job.status == "STARTED" for job in board))
    server.fields["status"] = "SUCCESS"
    began = time.monotonic()
    board.wait(timeout=20)
    assert time.monotonic() - began < 2.0
    release.set()


def test_board_can_be_awaited(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """The same in asyncio, more than once."""
    board = make(2)
    server.fields["status"] = "FAILURE"

    async def both() -> None:
        for _ in range(2):
            with pytest.raises(fw.AsyncJobFailed):
                await board

    asyncio.run(both())


def test_jobs_come_as_they_end(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Whether they succeed or not, each once."""
    board = make(3)
    ends = board.as_completed(timeout=20)
    server.of[IDS[1]] = {"status": "FAILURE"}
    assert str(next(ends).id) == IDS[1]
    server.fields["status"] = "SUCCESS"
    assert {str(job.id) for job in ends} == {IDS[0], IDS[2]}


def test_as_completed_gives_up_in_time(make: Callable[..., fw.JobBoard]) -> None:
    """As that of several jobs does."""
    with pytest.raises(fw.JobTimeoutError):
        list(make(2).as_completed(timeout=0.2))


@pytest.mark.parametrize("way", ["time is over", "left off"])
def test_as_completed_that_is_over_keeps_no_board_watching(make: Callable[..., fw.JobBoard], way: str) -> None:
    """A board for which somebody waits is never paused, whoever looks at it; so it must know when they wait no more."""
    board = make(2)
    ends = board.as_completed(timeout=0.2 if way == "time is over" else 20)
    if way == "time is over":
        with pytest.raises(fw.JobTimeoutError):
            next(ends)
    else:
        board.stop()
        next(ends)
        assert board.__job_rows__.awaited is True
        del ends
    assert board.__job_rows__.awaited is False


def test_callbacks_come_once_when_all_are_over(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """Also one that is given when all are over."""
    board = make(2)
    called: list[fw.JobBoard] = []
    board.on_complete(called.append)
    server.of[IDS[0]] = {"status": "SUCCESS"}
    until(lambda: board.counts.get("SUCCESS") == 1)
    assert not called
    server.fields["status"] = "FAILURE"
    until(lambda: called)
    board.on_complete(called.append)
    until(lambda: len(called) == 2)
    assert called == [board, board]
    with pytest.raises(TypeError):
        board.on_complete("x")  # type: ignore[type-var]


def test_wait_logs_failures_and_each_tenth(
    make: Callable[..., fw.JobBoard], server: ManyJobs, caplog: pytest.LogCaptureFixture
) -> None:
    """And nothing else: of a thousand jobs there are no thousand lines."""
    caplog.set_level(logging.INFO, "fiddler_widgets")
    board = make(100, interval=None)
    server.fields["status"] = "SUCCESS"
    server.of[IDS[7]] = {"status": "FAILURE", "error_reason": "Oops"}
    with pytest.raises(fw.AsyncJobFailed):
        board.wait(timeout=30)
    lines = [record.getMessage() for record in caplog.records]
    assert sum("Oops" in line for line in lines) == 1
    assert "100 of 100 jobs over" in lines
    assert len(lines) <= 12


def test_repr_has_counts_and_failures_first(make: Callable[..., fw.JobBoard], server: ManyJobs) -> None:
    """For a terminal: ten of them at most."""
    server.of[IDS[17]] = {"status": "FAILURE", "error_reason": "Oops"}
    board = make(20)
    until(lambda: all_live(board))
    lines = repr(board).splitlines()
    assert lines[0] == "20 jobs: 1 failed, 19 running."
    assert lines[1].endswith("Oops")
    assert len(lines) == 12


def test_closed_board_leaves_nothing(make: Callable[..., fw.JobBoard], engine: Poller) -> None:
    """No subscription, and no widget."""
    board = make(3)
    until(lambda: all_live(board))
    board.close()
    board.close()
    assert not any(channel.subscriptions for channel in engine._agenda.channels.values())
    assert board.closed

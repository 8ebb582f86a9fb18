"""`Job`: arguments, watching, waiting and awaiting, against a server without a network."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import threading
import time
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.exceptions import ApiError
from tests.unit.fake_server import until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from fiddler_widgets.polling.poller import Poller
    from tests.unit.fake_server import FakeServer

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


@pytest.fixture
def job(server: FakeServer) -> fw.Job:
    """A job of that server, seen once."""
    return fw.Job(ID, connection=server).refresh()


def test_fields_are_unknown_before_the_first_answer(server: FakeServer) -> None:
    """A handle that has asked for nothing knows its id alone."""
    job = fw.Job(ID, connection=server)
    assert job.id == UUID(ID)
    fields = (job.state, job.name, job.status, job.progress, job.info, job.error_message, job.error_reason, job.extras)
    assert fields == (None,) * 8
    assert not job.done()
    assert "not asked for yet" in repr(job)


def test_repr_says_what_is_known(job: fw.Job) -> None:
    """Name, id, status and progress."""
    assert repr(job) == f"<job 'Upload' ({ID}): STARTED, 10 %>"


@pytest.mark.parametrize("bad", [-1, -0.001, math.nan, -math.inf])
@pytest.mark.parametrize("name", ["interval", "timeout"])
@pytest.mark.parametrize("method", ["watch", "wait"])
def test_impossible_times_are_refused_at_the_call(
    job: fw.Job, server: FakeServer, method: str, name: str, bad: float
) -> None:
    """A negative or NaN argument is a `ValueError` at the call, before any request."""
    asked = server.asked.total()
    with pytest.raises(ValueError, match=name):
        getattr(job, method)(**{name: bad})
    assert server.asked.total() == asked


@pytest.mark.parametrize("bad", ["6", True, [1]])
def test_times_that_are_no_numbers_are_refused(job: fw.Job, bad: object) -> None:
    """Another type is a `TypeError`."""
    with pytest.raises(TypeError, match="interval"):
        job.watch(interval=bad)  # type: ignore[arg-type]


def test_times_may_be_any_real_number(job: fw.Job) -> None:
    """What counts as a real number without being an int or a float, as numpy's integers do, is one here too."""
    with pytest.raises(fw.JobTimeoutError):
        job.wait(interval=Fraction(1, 4), timeout=Fraction(0))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="timeout"):
        job.wait(timeout=Fraction(-1, 4))  # type: ignore[arg-type]


@pytest.mark.parametrize(("status", "outcome"), [("SUCCESS", None), ("FAILURE", fw.AsyncJobFailed)])
def test_wait_for_a_job_known_to_be_over_needs_no_server(
    job: fw.Job, server: FakeServer, status: str, outcome: type[Exception] | None
) -> None:
    """An outage does not keep a wait from the outcome that was seen before it."""
    server.fields |= {"status": status}
    job.refresh()
    server.error = http_error(503)
    with pytest.raises(outcome) if outcome else contextlib.nullcontext():
        job.wait(timeout=20)
    assert job.status == status


def test_watch_asks_for_nothing_before_it_is_iterated(job: fw.Job, server: FakeServer) -> None:
    """The call validates; the first step looks."""
    asked = server.asked.total()
    job.watch()
    assert server.asked.total() == asked


def test_watch_yields_the_job_itself_after_every_answer(job: fw.Job, server: FakeServer) -> None:
    """Each step is one answer, in the fields of the job."""
    seen = []
    for update in job.watch(interval=0.2):
        assert update is job
        seen.append(update.progress)
        server.fields["progress"] = seen[-1] + 30 if seen[-1] is not None else 0
        if len(seen) == 3:
            server.fields["status"] = "FAILURE"
    assert seen == [10, 40, 70, 100]
    assert job.status == "FAILURE"
    assert server.asked.total() == 5


def test_watch_that_is_left_polls_no_more(job: fw.Job, server: FakeServer, engine: Poller) -> None:
    """A loop that ends early ends the requests with it."""
    for _ in job.watch(interval=0.2):
        break
    until(lambda: not engine._agenda.channels)
    asked = server.asked.total()
    until(lambda: not any(thread.name.startswith("fiddler-widgets") for thread in threading.enumerate()))
    assert server.asked.total() == asked


def test_slow_loop_finds_the_newest_state_and_never_misses_the_last(job: fw.Job, server: FakeServer) -> None:
    """States in between may be passed over, the last one not."""
    seen = []
    for update in job.watch(interval=0.2):
        seen.append(update.status)
        server.fields["status"] = "SUCCESS"
        asked = server.asked.total()
        until(lambda: server.asked.total() > asked or update.done())  # noqa: B023 (called within this round)
    assert seen[0] == "STARTED"
    assert seen[-1] == "SUCCESS"


def test_default_timeout_is_read_at_the_call(job: fw.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assigning to the constant changes the next wait."""
    monkeypatch.setattr(configs, "JOB_WAIT_TIMEOUT", 0.3)
    with pytest.raises(fw.JobTimeoutError, match=r"0\.3 s"):
        job.wait()


def test_infinite_timeout_waits(job: fw.Job, server: FakeServer) -> None:
    """`math.inf` is no limit."""
    thread = threading.Timer(0.5, lambda: server.fields.update(status="SUCCESS"))
    thread.start()
    job.wait(interval=0.2, timeout=math.inf)
    thread.join()


def test_timeout_names_the_trouble(job: fw.Job, server: FakeServer) -> None:
    """A wait that ends during an outage says so."""
    server.error = http_error(503)
    with pytest.raises(fw.JobTimeoutError, match="503"):
        job.wait(timeout=0.5)


@pytest.mark.parametrize("status_code", [400, 503])
def test_wait_for_a_job_that_is_over_returns_though_the_server_cannot_be_asked(
    job: fw.Job, server: FakeServer, status_code: int
) -> None:
    """Whether it refuses or is down: a final status does not change."""
    server.fields.update(status="SUCCESS", progress=100.0)
    job.refresh()
    server.error = http_error(status_code)
    job.wait(interval=0.2, timeout=5)
    assert job.status == "SUCCESS"


def test_each_waiter_gets_an_exception_of_its_own(job: fw.Job, server: FakeServer) -> None:
    """Two waits that fail for one reason do not share a traceback."""
    server.error = http_error(400)
    caught = []
    for _ in range(2):
        with pytest.raises(ApiError) as info:
            job.wait(timeout=5)
        caught.append(info.value)
    assert caught[0] is not caught[1]
    assert caught[0] is not server.error


def test_await_twice_and_concurrently(job: fw.Job, server: FakeServer) -> None:
    """Awaiting a job is not used up, and two tasks may do it."""

    async def both() -> None:
        async def wait() -> None:
            await job

        server.fields["status"] = "SUCCESS"
        await asyncio.gather(wait(), wait())
        await job
        await job

    asyncio.run(both())


def test_await_leaves_the_loop_free_and_can_be_cancelled(job: fw.Job, engine: Poller) -> None:
    """Other tasks run meanwhile; a cancelled task ends its polling."""

    async def cancel() -> None:
        async def wait() -> None:
            await job

        task = asyncio.create_task(wait())
        ticks = 0
        while ticks < 20:
            await asyncio.sleep(0.01)
            ticks += 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    until(lambda: not any(channel.subscriptions for channel in engine._agenda.channels.values()))


@pytest.mark.parametrize("made_of", ["job", "card"])
def test_wait_as_a_coroutine(job: fw.Job, server: FakeServer, made_of: str) -> None:
    """For tasks and groups of them: the deadline and the end are those of `wait`, and the loop stays free."""
    waited = job if made_of == "job" else fw.JobWidget(job, interval=0.2)

    async def main() -> None:
        with pytest.raises(fw.JobTimeoutError):
            await asyncio.create_task(waited.wait_async(0.2, 0.3))
        tasks = [asyncio.create_task(waited.wait_async(interval=0.2, timeout=20)) for _ in range(2)]
        await asyncio.sleep(0.05)
        server.fields["status"] = "SUCCESS"
        assert await asyncio.gather(*tasks, asyncio.ensure_future(waited)) == [None] * 3

    asyncio.run(main())


@pytest.mark.parametrize("made_of", ["job", "card"])
@pytest.mark.parametrize("argument", ["interval", "timeout"])
def test_wait_as_a_coroutine_checks_its_arguments_at_the_call(
    job: fw.Job, made_of: str, argument: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is awaited."""
    monkeypatch.setattr(asyncio, "run", lambda _: pytest.fail("the call went well"))
    waited = job if made_of == "job" else fw.JobWidget(job)
    for wrong, error in ((-1, ValueError), (math.nan, ValueError), ("6", TypeError)):
        with pytest.raises(error):
            asyncio.run(waited.wait_async(**{argument: wrong}))  # type: ignore[arg-type]
    if isinstance(waited, fw.JobWidget):
        waited.close()
        with pytest.raises(RuntimeError, match="closed"):
            asyncio.run(waited.wait_async())


def test_await_raises_what_wait_raises(job: fw.Job, server: FakeServer) -> None:
    """FAILURE in asyncio is the same exception."""
    server.fields.update(status="FAILURE", error_message="no space left")

    async def wait() -> None:
        await job

    with pytest.raises(fw.AsyncJobFailed, match="no space left"):
        asyncio.run(wait())


def test_wait_logs_one_line_per_change(job: fw.Job, server: FakeServer, caplog: pytest.LogCaptureFixture) -> None:
    """Ten polls without a change are one line; each change is one more."""
    caplog.set_level(logging.INFO, "fiddler_widgets")

    def act() -> None:
        until(lambda: server.asked.total() >= 6)
        server.fields["progress"] = 50.0
        until(lambda: "50 %" in caplog.text)
        server.error = http_error(503)
        until(lambda: "503" in caplog.text)
        server.error = None
        server.fields.update(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=act)
    thread.start()
    job.wait(interval=0.2, timeout=30)
    thread.join()
    lines = [record.getMessage() for record in caplog.records]
    name = f"job 'Upload' ({ID})"
    assert lines == [
        f"{name}: STARTED, 10 %",
        f"{name}: STARTED, 50 %",
        f"{name}: STARTED, 50 % (trying again: the server answered 503)",
        f"{name}: SUCCESS, 100 %",
    ]


def test_wait_logs_one_line_per_tenth_of_the_way(
    job: fw.Job, server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A job that is polled a hundred times on its way does not fill a log."""
    caplog.set_level(logging.INFO, "fiddler_widgets")

    def act() -> None:
        for progress, logged in ((10.0, True), (12.0, False), (19.9, False), (20.0, True), (29.0, False), (31.0, True)):
            server.fields["progress"] = progress
            asked, text = server.asked.total(), f"{progress:.0f} %"
            until(lambda: text in caplog.text if logged else server.asked.total() >= asked + 3)  # noqa: B023
        server.fields.update(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=act)
    thread.start()
    job.wait(interval=0.2, timeout=30)
    thread.join()
    said = [record.getMessage().rsplit(": ", 1)[1] for record in caplog.records]
    assert said == ["STARTED, 10 %", "STARTED, 20 %", "STARTED, 31 %", "SUCCESS, 100 %"]


def test_hostile_name_is_harmless_in_a_log_and_an_error(server: FakeServer, caplog: pytest.LogCaptureFixture) -> None:
    """Escape sequences, bidirectional overrides and a megabyte of name reach no terminal."""
    caplog.set_level(logging.INFO, "fiddler_widgets")
    server.fields.update(
        name="\x1b[31m\u202eevil" + "x" * 1_000_000, status="FAILURE", error_message="\x1b]0;title\x07" * 9999
    )
    with pytest.raises(fw.AsyncJobFailed) as caught:
        fw.Job(ID, connection=server).wait(timeout=5)
    for text in (caplog.text, str(caught.value)):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 5000


def test_job_is_updated_by_any_watch_on_it(job: fw.Job, server: FakeServer) -> None:
    """While a card watches, the handle's fields follow."""
    card = fw.JobWidget(job, interval=0.2)
    server.fields["progress"] = 77.0
    until(lambda: job.progress == 77.0)
    card.close()


def test_late_news_does_not_overwrite_newer(job: fw.Job) -> None:
    """An answer that was overtaken by a newer one is dropped."""
    now = time.monotonic()
    newer = fw.JobState(id=job.id, status="STARTED", progress=50.0)
    job.__job_record__.update(newer, now + 5, None)
    job.__job_record__.update(fw.JobState(id=job.id, status="STARTED", progress=40.0), now + 4, None)
    assert job.state is newer


def test_nothing_to_connect_to_says_how() -> None:
    """Without any connection, `get` says what to call."""
    with pytest.raises(fw.NotConnected, match=r"fw\.init\(url=.*FIDDLER_URL.*fiddler\.init"):
        fw.Job.get(ID)


@pytest.mark.parametrize(("bad", "error"), [("", ValueError), (None, TypeError), (7, TypeError)])
def test_impossible_ids_are_refused_before_anything_else(bad: object, error: type[Exception]) -> None:
    """No connection is needed to say that an id is none."""
    with pytest.raises(error, match="id"):
        fw.Job.get(bad)  # type: ignore[arg-type]

"""How fast one server is asked, in virtual time."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets import configs
from fiddler_widgets.polling.rate_limit import RateLimit
from tests.unit.fake_server import until
from tests.unit.test_poller import Listener
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from fiddler_widgets.polling.poller import Poller
    from tests.unit.fake_server import FakeServer


def reserve(limit: RateLimit, now: float) -> float:
    """Make a request that is due now as soon as may be; return when that is."""
    at = max(now, limit.next_at)
    limit.note_request(at)
    return at


def test_load_below_the_ceiling_is_not_delayed() -> None:
    """A request that is due alone is made at once."""
    limit = RateLimit()
    assert [reserve(limit, now) for now in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]


def test_burst_is_spread() -> None:
    """A hundred requests that are due together take two seconds at fifty a second, in order."""
    limit = RateLimit()
    slots = [reserve(limit, 10.0) for _ in range(100)]
    assert slots[0] == 10.0
    assert [later - earlier for earlier, later in itertools.pairwise(slots)] == pytest.approx([0.02] * 99)


def test_ceiling_is_configurable(monkeypatch: pytest.MonkeyPatch) -> None:
    """`configs.REQUEST_RATE_LIMIT` is read at each reservation."""
    monkeypatch.setattr(configs, "REQUEST_RATE_LIMIT", 5)
    limit = RateLimit()
    assert [reserve(limit, 0.0) for _ in range(3)] == pytest.approx([0.0, 0.2, 0.4])


def test_retry_after_holds_all_jobs_of_the_server() -> None:
    """No request may be made before the time that the server asked for, up to a minute."""
    limit = RateLimit()
    reserve(limit, 0.0)
    limit.note_error(0.0, http_error(503, retry_after=7.0))
    assert reserve(limit, 1.0) == 7.0
    limit.note_error(7.0, http_error(429, retry_after=86_400.0))
    assert reserve(limit, 8.0) == 67.0


def test_rate_that_recovers_counts_at_once() -> None:
    """What waits is not held to the pace of the moment at which it became due."""
    limit = RateLimit()
    for second in range(20):
        limit.note_error(float(second), http_error(429))
    slots = [reserve(limit, 20.0) for _ in range(200)]
    assert slots[-1] - slots[-2] < (slots[1] - slots[0]) / 2


def test_429_lowers_the_rate_and_it_recovers() -> None:
    """Many 429s within a second count as one; without another, the rate is regained step by step."""
    limit = RateLimit()
    for _ in range(10):
        limit.note_error(0.0, http_error(429))
    assert limit.rate(0.0) == pytest.approx(35.0)
    assert 36 < limit.rate(2.0) < 50
    assert limit.rate(30.0) == 50.0


def test_stray_429s_do_not_bring_a_server_to_a_stop() -> None:
    """Where one request in a hundred meets a 429 whatever the rate, most of the rate remains."""
    limit, now = RateLimit(), 0.0
    for number in range(3000):
        now = reserve(limit, now)
        if number % 100 == 0:
            limit.note_error(now, http_error(429))
    assert 3000 / now > 20


def test_rate_settles_low_where_every_request_meets_a_429() -> None:
    """A server that says 429 for ever is left nearly alone, and still asked."""
    limit = RateLimit()
    for second in range(100):
        limit.note_error(float(second), http_error(429))
    assert 1.0 <= limit.rate(99.0) <= 6.0


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from([None, 429, 503, 500]), st.none() | st.floats(0, 1e9))))
def test_any_history_keeps_the_ceiling(history: list[tuple[float, int | None, float | None]]) -> None:
    """Any run of requests takes as long as the ceiling asks, less 50 ms that may be made up; none waits for ever."""
    limit, now = RateLimit(), 0.0
    slots: list[float] = []
    for step, code, retry_after in history:
        now += step
        if code is not None:
            limit.note_error(now, http_error(code, retry_after))
        slots.append(reserve(limit, now))
        now = slots[-1]
        assert slots[-1] - max([0.0, *slots[:-1]]) <= 62.0 + step
    for first, last in itertools.combinations(range(len(slots)), 2):
        assert slots[last] - slots[first] >= (last - first) / 50 - 0.05 - 1e-9


def test_poller_spreads_a_burst_and_gives_each_job_its_turn(
    engine: Poller, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty jobs at twenty requests a second: nobody is asked about twice before all have been once."""
    monkeypatch.setattr(configs, "REQUEST_RATE_LIMIT", 20)
    times: list[float] = []
    server.before = lambda: times.append(time.monotonic())
    listeners = [Listener(engine, server, f"job-{number}", interval=0.2) for number in range(40)]
    until(lambda: len(times) >= 80)
    assert times[79] - times[0] >= 79 / 20 - 0.1
    assert max(server.asked.values()) - min(server.asked.values()) <= 1
    assert all(listener.answers for listener in listeners)


def test_one_retry_after_slows_every_job(engine: Poller, server: FakeServer) -> None:
    """A server that asks for patience on one job is left alone by all."""
    others = [Listener(engine, server, f"job-{number}", interval=0.2) for number in range(5)]
    until(lambda: all(listener.answers for listener in others))
    server.error = http_error(429, retry_after=1.0)
    until(lambda: any(report.error for listener in others for report in listener.reports))
    server.error = None
    time_of_patience, asked = time.monotonic(), server.asked.total()
    # Requests that were under way at the time may still be counted.
    until(lambda: server.asked.total() > asked + 5)
    assert time.monotonic() - time_of_patience >= 0.8

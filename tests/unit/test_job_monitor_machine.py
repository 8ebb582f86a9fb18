"""Any sequence of answers, errors, watches, wake-ups and time: the monitor keeps its promises."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fiddler_widgets.exceptions import ApiError
from fiddler_widgets.models import Health
from fiddler_widgets.polling.job_monitor import JobMonitor
from tests.unit.virtual import foreign, http_error, state, unreachable

if TYPE_CHECKING:
    import random

SHORTEST = 0.2 - 1e-9
MARGIN = 1e-9

seconds = st.floats(0, 120, allow_nan=False)
failures = st.one_of(
    st.sampled_from([408, 425, 429, 500, 502, 503, 504, 599]).flatmap(
        lambda code: st.builds(http_error, st.just(code), st.none() | st.floats(0, 1e6))
    ),
    st.sampled_from([301, 400, 401, 403, 404, 405, 410, 422, 501]).map(http_error),
    st.sampled_from([400, 403, 404, 410, 501]).map(foreign),
    st.booleans().map(lambda permanent: unreachable(permanent=permanent)),
    st.just(ApiError("the answer is HTML", code=200, malformed=True)),
)
lively = st.builds(state, st.sampled_from(["PENDING", "STARTED", "RETRY", "NEW"]), st.none() | st.floats(0, 100))


def _may_ask_for_patience(error: ApiError) -> bool:
    return error.code is not None and (error.code == 429 or error.code >= 500)


class MonitorMachine(RuleBasedStateMachine):
    """Plays the poller: serves every event in time, and hands in whatever Hypothesis makes up."""

    @initialize(jitter=st.floats(0, 1))
    def begin(self, jitter: float) -> None:
        """A monitor with one watch."""
        self.now = 5000.0
        self.monitor = JobMonitor(self.now, uniform=lambda low, high: low + jitter * (high - low))
        self.deadlines: dict[int, float] = {}
        self.once: set[int] = set()
        self.watches = 0
        self.ticket: int | None = None
        self.last_begin = -math.inf
        self.last_end = -math.inf
        self.patience = -math.inf
        self.final: str | None = None
        self.add(None, math.inf)

    # ---- what users do

    @rule(interval=st.none() | st.floats(0, 60), timeout=st.one_of(st.just(math.inf), seconds))
    def add(self, interval: float | None, timeout: float) -> None:
        """Somebody begins to watch; the poller makes no watches on what has ended."""
        if self.monitor.ended:
            return
        self.watches += 1
        self.monitor.watch(self.watches, self.now, interval=interval, timeout=timeout)
        self.deadlines[self.watches] = self.now + timeout if timeout > 0 else math.inf
        if timeout <= 0:
            self.once.add(self.watches)

    @precondition(lambda self: self.deadlines)
    @rule(choice=st.randoms(use_true_random=False))
    def remove(self, choice: random.Random) -> None:
        """Somebody ends their watch."""
        key = choice.choice(sorted(self.deadlines))
        del self.deadlines[key]
        self.monitor.unwatch(key)

    @rule(afresh=st.booleans())
    def wake(self, afresh: bool) -> None:  # noqa: FBT001
        """Somebody clicks "check now", or the machine wakes from sleep."""
        self.monitor.wake(self.now, afresh=afresh)

    # ---- what servers do

    @precondition(lambda self: self.ticket is not None)
    @rule(after=st.floats(0, 5), answer=lively)
    def answer(self, after: float, answer: object) -> None:
        """A live status arrives."""
        self._pass(after)
        self._hand_in(answer)

    @precondition(lambda self: self.ticket is not None)
    @rule(after=st.floats(0, 5), status=st.sampled_from(["SUCCESS", "FAILURE", "REVOKED"]))
    def finish(self, after: float, status: str) -> None:
        """A final status arrives."""
        self._pass(after)
        if self._hand_in(state(status)):
            assert self.final is None
            self.final = status

    @precondition(lambda self: self.ticket is not None)
    @rule(after=st.floats(0, 5), error=failures)
    def fail(self, after: float, error: ApiError) -> None:
        """An error arrives."""
        self._pass(after)
        if self._hand_in(error) and error.retry_after is not None and _may_ask_for_patience(error):
            self.patience = self.now + min(60.0, error.retry_after)

    @rule(step=seconds)
    def time(self, step: float) -> None:
        """Time goes by."""
        self._pass(step)

    def _hand_in(self, outcome: object) -> bool:
        ticket, self.ticket = self.ticket, None
        if ticket is None:
            return False
        self.last_end = self.now
        if isinstance(outcome, ApiError):
            return self.monitor.fail(ticket, self.now, outcome)
        return self.monitor.answer(ticket, self.now, outcome)  # type: ignore[arg-type]

    def _pass(self, step: float) -> None:
        end = self.now + step
        for _ in range(2000):
            event = self.monitor.next_event
            if event is None or event > end:
                break
            self.now = max(self.now, event)
            self._serve()
        else:
            msg = "the monitor spins"
            raise AssertionError(msg)
        self.now = max(self.now, end)

    def _serve(self) -> None:
        for key in self.monitor.expire(self.now):
            assert isinstance(key, int)
            # Exactly once, never early, and never late when events are served in time.
            deadline = self.deadlines.pop(key)
            assert key in self.once or deadline - MARGIN <= self.now <= deadline + MARGIN
        due = self.monitor.due
        if due is not None and due <= self.now:
            assert self.deadlines, "a request for nobody"
            assert self.now - self.last_begin >= SHORTEST
            assert self.now >= self.patience - MARGIN
            self.ticket = self.monitor.begin(self.now)
            self.last_begin = self.now

    # ---- what always holds

    @invariant()
    def a_final_state_is_never_lost(self) -> None:
        """Once handed in, it stands."""
        if self.final is not None:
            assert self.monitor.ended
            assert self.monitor.state is not None
            assert self.monitor.state.status == self.final
            assert self.monitor.report().health is Health.OVER

    @invariant()
    def nothing_outlives_its_deadline(self) -> None:
        """No watch is left whose time is over."""
        if not self.monitor.ended:
            self._serve()
            assert all(deadline > self.now - MARGIN for deadline in self.deadlines.values())

    @invariant()
    def a_watched_job_has_a_next_look(self) -> None:
        """As long as somebody watches, something is due, and within a minute and a bit."""
        if self.deadlines and not self.monitor.ended:
            event = self.monitor.next_event
            assert event is not None
            assert event - self.now <= 62

    @invariant()
    def ended_means_silent(self) -> None:
        """What has ended wants nothing more."""
        if self.monitor.ended:
            assert self.monitor.due is None
            assert self.monitor.next_event is None
            assert self.monitor.report().health.ended


TestMonitorMachine = MonitorMachine.TestCase
TestMonitorMachine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

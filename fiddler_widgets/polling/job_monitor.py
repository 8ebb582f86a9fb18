"""The monitor of one job: a state machine without I/O that decides when to look next, what to report, and when it ends.

The caller passes all times, in seconds of any monotonic clock, and the source of randomness. So every decision can be
tested in virtual time. A monitor serves all watches on its job at once: there is one stream of requests, however many
watches there are.

The life of a request: `due` says when to make it, `begin` starts it, `answer` or `fail` ends it. The answer to a
request that was given up comes too late: it is recognised by its ticket and ignored.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets import configs
from fiddler_widgets.exceptions import ApiConnectionError
from fiddler_widgets.models import Health
from fiddler_widgets.polling.failures import Failures
from fiddler_widgets.polling.report import Report
from fiddler_widgets.polling.schedule import AdaptiveSchedule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from fiddler_widgets.exceptions import ApiError
    from fiddler_widgets.models import JobState

__all__ = ["JobMonitor", "Schedule"]

_STUCK = configs.REQUEST_TIMEOUT + 1.0


class Schedule(Protocol):
    """Decides how long to pause between two looks at one job, and learns from them how long it may take."""

    def time_left(self, elapsed: float) -> tuple[float, float] | None:
        """The least and most seconds that the job may still take, as of ``elapsed``; ``None`` while unknown."""
        ...

    def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
        """Seconds to pause, given the seconds watched, the status, and the progress in per cent."""
        ...


class _Watch:
    __slots__ = ("deadline", "interval", "once")

    def __init__(self, interval: float | None, deadline: float, *, once: bool) -> None:
        self.interval, self.deadline, self.once = interval, deadline, once


class JobMonitor:
    """Decides for one job.

    Args:
        now: The time.
        not_before: No request may be made before this time, because an earlier monitor of the job made one.
        schedule: How long to pause while requests succeed, for watches without a fixed interval.
        uniform: The source of jitter, such as `random.uniform`.
        recall: Returns how long earlier jobs of the same kind ran, in seconds, newest last. Called with the first
            answer, and only if no ``schedule`` is passed.
    """

    def __init__(
        self,
        now: float,
        *,
        not_before: float = -math.inf,
        schedule: Schedule | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
        recall: Callable[[JobState], Sequence[float]] | None = None,
    ) -> None:
        self.state: JobState | None = None
        self.ended = False
        self._schedule: Schedule = schedule or AdaptiveSchedule()
        self._recall = recall if schedule is None else None
        self._began = now
        self._watches: dict[Hashable, _Watch] = {}
        self._health, self._detail = Health.STARTING, "Waiting for the first answer."
        self.error: ApiError | None = None
        self._due: float | None = None
        self._not_before = not_before
        self._failures = Failures(uniform)
        self._good_at: float | None = None
        self._remaining: tuple[float, float] | None = None
        self._ticket = 0
        self._asked_at: float | None = None

    # ---- watches

    def watch(self, key: Hashable, now: float, *, interval: float | None = None, timeout: float = math.inf) -> None:
        """Add a watch, and look at once.

        Args:
            key: Identifies the watch in `unwatch` and `expire`.
            now: The time.
            interval: Seconds from the end of an answer to the next request; ``None`` leaves it to the schedule.
            timeout: Seconds until it expires; 0 expires with the next answer or failure.
        """
        self._watches[key] = _Watch(interval, now + timeout if timeout > 0 else math.inf, once=timeout <= 0)
        self.wake(now)

    @property
    def watched(self) -> set[Hashable]:
        """The keys of all watches."""
        return set(self._watches)

    def unwatch(self, key: Hashable) -> None:
        """Remove a watch; without any, no more requests are due."""
        self._watches.pop(key, None)
        if not self._watches:
            self._due = None

    def expire(self, now: float) -> list[Hashable]:
        """Remove the watches whose time is over, and give up a request that takes too long.

        Returns:
            The keys of the watches that expired, each exactly once.
        """
        if self._asked_at is not None and now >= self._asked_at + _STUCK:
            self.fail(self._ticket, now, ApiConnectionError("the server took too long to answer"))
        expired = [key for key, watch in self._watches.items() if now >= watch.deadline]
        for key in expired:
            self.unwatch(key)
        return expired

    # ---- requests

    @property
    def due(self) -> float | None:
        """When the next request is to be made; ``None`` while one is under way, and when no more will be."""
        return None if self._asked_at is not None else self._due

    @property
    def next_event(self) -> float | None:
        """When this monitor next wants `begin` or `expire` to be called; ``None`` if never."""
        look = self.next_look
        first = min(self.deadlines if look is None else [*self.deadlines, look], default=math.inf)
        return first if first < math.inf else None

    @property
    def next_look(self) -> float | None:
        """When the next request is due, or one under way is to be given up."""
        return self._due if self._asked_at is None else self._asked_at + _STUCK

    @property
    def deadlines(self) -> list[float]:
        """When the watches expire."""
        return [watch.deadline for watch in self._watches.values()]

    @property
    def not_before(self) -> float:
        """No request may be made before this time, not even for new watches."""
        return self._not_before

    def wake(self, now: float, *, afresh: bool = False) -> None:
        """Look as soon as possible: now, unless the last request is too recent or the server asked for a pause.

        Args:
            now: The time.
            afresh: Whether to give up a request under way, whose connection may be dead after the machine slept.
        """
        if self.ended or not self._watches:
            return
        if afresh and self._asked_at is not None:
            self._ticket += 1
            self._asked_at = None
        self._due = max(now, self._not_before)

    def begin(self, now: float) -> int:
        """Take note that a request starts.

        Returns:
            Its ticket, to pass to `answer` or `fail`.
        """
        self._ticket += 1
        self._asked_at = now
        self._due = None
        self._not_before = max(self._not_before, now + configs.SHORTEST_PAUSE)
        return self._ticket

    def answer(self, ticket: int, now: float, state: JobState, longest: float = math.inf) -> bool:
        """Take note that a request brought the job's state. The schedule's pause is at most ``longest`` seconds now.

        Returns:
            Whether it counts: it does not if the request was given up, or the monitor has ended.
        """
        if not self._accepts(ticket, now):
            return False
        self.state, self._good_at = state, now
        self.error = None
        self._failures.forget()
        if state.final:
            self._remaining = None
            self._end(Health.OVER, "")
        else:
            self._health, self._detail = Health.LIVE, ""
            pause = self._pause(now - self._began, state, longest)
            self._due = now + pause if self._watches else None
            self._expire_once(now)
        return True

    def fail(self, ticket: int, now: float, error: ApiError) -> bool:
        """Take note that a request failed.

        Returns:
            Whether it counts, as for `answer`.
        """
        if not self._accepts(ticket, now):
            return False
        self.error = error
        verdict = self._failures.judge(error, now, known=self.state is not None)
        if verdict.pause is None:
            self._end(verdict.health, verdict.detail)
        else:
            self._health, self._detail = verdict.health, verdict.detail
            self._not_before = max(self._not_before, now + verdict.asked)
            self._due = max(now + verdict.pause, self._not_before) if self._watches else None
            self._expire_once(now)
        return True

    def report(self, *, answered: bool = False) -> Report:
        """The report as of now."""
        retrying = self.error is not None and not self.ended
        next_try = self._due if retrying else None
        return Report(
            self.state, self._health, self._detail, self.error, answered, next_try, self._good_at, self._remaining
        )

    # ---- decisions

    def _accepts(self, ticket: int, now: float) -> bool:
        if self.ended or ticket != self._ticket or self._asked_at is None:
            return False
        self._asked_at = None
        self._not_before = max(self._not_before, now + configs.SHORTEST_PAUSE)
        return True

    def _end(self, health: Health, detail: str) -> None:
        self._health, self._detail, self.ended, self._due = health, detail, True, None
        self._watches.clear()

    def _pause(self, elapsed: float, state: JobState, longest: float) -> float:
        if self._recall is not None:
            # The kind of the job is known only with its first answer; until then the schedule has learned nothing.
            past, self._recall = self._recall(state), None
            if past:
                self._schedule = AdaptiveSchedule(past)
        # The schedule learns from each answer, also if all watches have a fixed interval: it estimates the time left.
        adaptive = min(longest, self._schedule.next_pause(elapsed, str(state.status), state.progress))
        self._remaining = self._schedule.time_left(elapsed)
        pauses = [adaptive if watch.interval is None else watch.interval for watch in self._watches.values()]
        return max(configs.SHORTEST_PAUSE, min(pauses, default=adaptive))

    def _expire_once(self, now: float) -> None:
        for watch in self._watches.values():
            if watch.once:
                watch.deadline = now

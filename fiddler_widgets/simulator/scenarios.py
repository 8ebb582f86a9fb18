"""How jobs change as time passes: pure functions from seconds to the fields of an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from fiddler_widgets.simulator.phases import Phase, Subtask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fiddler_widgets.simulator.phases import Points

__all__ = ["SCENARIOS", "Scenario"]

_UNEVEN: Points = (
    (0.0, 0.0),
    (0.08, 22.0),
    (0.30, 27.0),
    (0.38, 61.0),
    (0.75, 68.0),
    (0.95, 74.0),
    (1.0, 100.0),
)
_REASON = "DataValidationError"
_MESSAGE = (
    "Ingestion stopped at row 70,412 of 100,588 in bank_churn_2024_q3.csv:\n"
    "  column 'balance': expected FLOAT, found 'n/a' (1,204 rows)\n"
    "  column 'tenure': value -3 is below the minimum 0 of the model schema\n"
    "No rows of this file were published. Correct the columns and publish again."
)
_TASK_MESSAGE = "ValueError: could not convert string to float: 'n/a'"
_LONGEST_QUEUE = 5.0


@dataclass(frozen=True)
class Scenario:
    """How one job changes from the moment it is made.

    The static methods make the usual ones. In each, `duration` is the seconds from
    the job's creation to its end, and `queued` how many of them it first waits in
    PENDING; `None` means a tenth of the duration, 5 s at most.

    Attributes:
        name: Its name.
        phases: Its phases in order; the last one lasts for ever.
        subtasks: The tasks in `extras`.
    """

    name: str
    phases: tuple[Phase, ...]
    subtasks: tuple[Subtask, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds until the last phase begins; infinite if no end comes."""
        if self.phases[-1].status not in {"SUCCESS", "FAILURE", "REVOKED"}:
            return math.inf
        return math.fsum(phase.seconds for phase in self.phases[:-1])

    def fields(self, elapsed: float) -> dict[str, object]:
        """Return status, progress and error fields, `elapsed` seconds after the job began."""
        remaining = max(0.0, elapsed)
        for phase in self.phases[:-1]:
            if remaining < phase.seconds:
                break
            remaining -= phase.seconds
        else:
            phase = self.phases[-1]
        return {
            "status": phase.status,
            "progress": phase.progress_at(remaining),
            "error_message": phase.error_message,
            "error_reason": phase.error_reason,
        }

    def extras(self, elapsed: float, namespace: UUID) -> dict[str, object]:
        """Return the `extras` of an answer.

        Args:
            elapsed: Seconds since the job began.
            namespace: The namespace from which the ids of the tasks are derived.
        """
        share = 1.0 if self.seconds <= 0 else max(0.0, elapsed) / self.seconds
        return {str(uuid5(namespace, task.label)): task.at(share) for task in self.subtasks}

    @staticmethod
    def named(name: str, duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Return the scenario of this name, one of `SCENARIOS`.

        Raises:
            ValueError: If there is none, or `duration` or `queued` makes no sense.
        """
        if name not in SCENARIOS:
            raise ValueError(f"No scenario {name!r}. There are: {', '.join(sorted(SCENARIOS))}.")
        return SCENARIOS[name](duration, queued)

    @staticmethod
    def linear(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Progress grows evenly, and the job succeeds."""
        return _run("linear", duration, queued, ((0.0, 0.0), (1.0, 100.0)))

    @staticmethod
    def stepwise(duration: float = 10.0, queued: float | None = None, *, steps: int = 5) -> Scenario:
        """Progress grows in `steps` equal jumps, and the job succeeds."""
        points = ((0.0, 0.0), (1.0, 100.0))
        return _run("stepwise", duration, queued, points, steps=steps)

    @staticmethod
    def uneven(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Progress is fast and slow by turns, and the job succeeds."""
        return _run("uneven", duration, queued, _UNEVEN)

    @staticmethod
    def no_progress(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Progress stays at 0 until the job succeeds."""
        return _run("no_progress", duration, queued, ((0.0, 0.0),))

    @staticmethod
    def unknown(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Progress is null until the job succeeds."""
        return _run("unknown", duration, queued, ())

    @staticmethod
    def subtasked(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """Uneven progress in six subtasks, of which two fail; the job succeeds."""
        count, failing = 6, {2, 4}
        tasks = tuple(
            Subtask(
                f"part-{i}",
                begin=0.1 + 0.14 * i,
                end=0.1 + 0.14 * (i + 1),
                error_message=_TASK_MESSAGE if i in failing else None,
            )
            for i in range(count)
        )
        return _run("subtasks", duration, queued, _UNEVEN, subtasks=tasks)

    @staticmethod
    def in_tasks(
        duration: float = 10.0,
        queued: float | None = None,
        *,
        lengths: Sequence[float] = (1, 5, 2, 3),
        result: str | None = None,
    ) -> Scenario:
        """Progress is the share of tasks done, in uneven steps as on the platform, and the job succeeds.

        Args:
            duration: Seconds from the job's creation to its end.
            queued: How many of them it first waits.
            lengths: The relative durations of the tasks, which run one after the other.
            result: The result of each task, as `Subtask.result`.

        Raises:
            ValueError: If there is no task, or one of no duration.
        """
        if not lengths or not all(0 < length < math.inf for length in lengths):
            raise ValueError("lengths: at least one is needed, and each above 0.")
        ends = [sum(lengths[: i + 1]) / sum(lengths) for i in range(len(lengths))]
        done = [round(100 * i / len(lengths), 2) for i in range(len(lengths))]
        points = tuple((x, y) for y, step in zip(done, pairwise((0.0, *ends)), strict=True) for x in step)
        waiting, running = _split(duration, queued)
        moments = [(waiting + running * end) / duration if duration else end for end in (0.0, *ends)]
        tasks = tuple(
            Subtask(f"task-{i}", begin, end, result=result) for i, (begin, end) in enumerate(pairwise(moments))
        )
        return _run("in_tasks", duration, queued, points, subtasks=tasks)

    @staticmethod
    def failing(
        duration: float = 10.0,
        queued: float | None = None,
        *,
        at: float = 70.0,
        reason: str = _REASON,
        message: str = _MESSAGE,
    ) -> Scenario:
        """Progress grows to `at` percent; there the job fails, and so does a subtask."""
        waiting, running = _split(duration, queued)
        tasks = (
            Subtask("read", 0.1, 0.5),
            Subtask("publish", 0.5, 1.0, error_message=message.splitlines()[0]),
        )
        phases = (
            Phase(waiting, "PENDING"),
            Phase(running, "STARTED", ((0.0, 0.0), (1.0, at))),
            Phase(math.inf, "FAILURE", ((0.0, at),), 0, reason, message),
        )
        return Scenario("failing", phases, tasks)

    @staticmethod
    def revoked(duration: float = 10.0, queued: float | None = None, *, at: float = 40.0) -> Scenario:
        """Progress grows to `at` percent; there the job is revoked."""
        waiting, running = _split(duration, queued)
        phases = (
            Phase(waiting, "PENDING"),
            Phase(running, "STARTED", ((0.0, 0.0), (1.0, at))),
            Phase(math.inf, "REVOKED", ((0.0, at),)),
        )
        return Scenario("revoked", phases)

    @staticmethod
    def retry(duration: float = 10.0, queued: float | None = None) -> Scenario:
        """The job stops at 45 %, goes to RETRY, starts again at 0 and succeeds."""
        waiting, running = _split(duration, queued)
        phases = (
            Phase(waiting, "PENDING"),
            Phase(0.3 * running, "STARTED", ((0.0, 0.0), (1.0, 45.0))),
            Phase(0.2 * running, "RETRY"),
            Phase(0.5 * running, "STARTED", ((0.0, 0.0), (1.0, 100.0))),
            Phase(math.inf, "SUCCESS", ((0.0, 100.0),)),
        )
        return Scenario("retry", phases)

    @staticmethod
    def instant(duration: float = 0.0, queued: float | None = None) -> Scenario:
        """The job has succeeded at its first look."""
        _split(duration, queued)
        return Scenario("instant", (Phase(math.inf, "SUCCESS", ((0.0, 100.0),)),))

    @staticmethod
    def stuck(duration: float = 10.0, queued: float | None = None, *, at: float = 60.0) -> Scenario:
        """Progress grows to `at` percent, and the job stalls there for ever."""
        waiting, running = _split(duration, queued)
        phases = (
            Phase(waiting, "PENDING"),
            Phase(running, "STARTED", ((0.0, 0.0), (1.0, at))),
            Phase(math.inf, "STARTED", ((0.0, at),)),
        )
        return Scenario("stuck", phases)


SCENARIOS: Mapping[str, Callable[[float, float | None], Scenario]] = {
    "failing": Scenario.failing,
    "in_tasks": Scenario.in_tasks,
    "instant": Scenario.instant,
    "linear": Scenario.linear,
    "no_progress": Scenario.no_progress,
    "retry": Scenario.retry,
    "revoked": Scenario.revoked,
    "stepwise": Scenario.stepwise,
    "stuck": Scenario.stuck,
    "subtasks": Scenario.subtasked,
    "uneven": Scenario.uneven,
    "unknown": Scenario.unknown,
}
"""The scenarios that have a name, each called with its duration and queue time."""


def _run(
    name: str,
    duration: float,
    queued: float | None,
    points: Points,
    *,
    steps: int = 0,
    subtasks: tuple[Subtask, ...] = (),
) -> Scenario:
    waiting, running = _split(duration, queued)
    phases = (
        Phase(waiting, "PENDING", points and ((0.0, 0.0),)),
        Phase(running, "STARTED", points, steps),
        Phase(math.inf, "SUCCESS", ((0.0, 100.0),)),
    )
    return Scenario(name, phases, subtasks)


def _split(duration: float, queued: float | None) -> tuple[float, float]:
    waiting = min(_LONGEST_QUEUE, duration / 10) if queued is None else queued
    if not 0 <= waiting <= duration < math.inf:
        raise ValueError(f"duration={duration} and queued={queued}: need 0 <= queued <= duration.")
    return waiting, duration - waiting

"""One job on the simulator, which follows its scenario or is set by hand."""

from __future__ import annotations

import copy
import math
from threading import Lock
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from fiddler_widgets.simulator.faults import Misbehaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fiddler_widgets.simulator.faults import Fault
    from fiddler_widgets.simulator.scenarios import Scenario

__all__ = ["SimulatedJob"]


class SimulatedJob:
    """A job that `Simulator.add_job` made; safe to use from any thread.

    Attributes:
        id: The job's id, a UUID as text unless another text was passed.
        name: The job's name.
        scenario: How the job changes as time passes.
    """

    def __init__(
        self,
        id_: str,
        name: str,
        info: Mapping[str, object],
        scenario: Scenario,
        clock: Callable[[], float],
        *,
        extras: Mapping[str, object] | None = None,
        rest: float | None = None,
    ) -> None:
        """Make a job that begins now; `Simulator.add_job` calls this."""
        self.id = id_
        self.name = name
        self.scenario = scenario
        self._info = dict(info)
        self._extras = extras
        self._rest = rest
        self._clock = clock
        self._lock = Lock()
        self._started = clock()
        self._manual_fields: dict[str, object] | None = None
        self._misbehaviour = Misbehaviour()

    def __repr__(self) -> str:
        """Return the job's id, name and scenario."""
        return f"<SimulatedJob {self.id} {self.name!r} {self.scenario.name}>"

    @property
    def elapsed(self) -> float:
        """Seconds since the job began, or began again."""
        seconds = self._clock() - self._started
        if self._rest is not None and math.isfinite(self.scenario.seconds):
            # At least a millisecond, since the remainder of a division by 0 is an error.
            seconds %= max(0.001, self.scenario.seconds + self._rest)
        return seconds

    def answer(self, *, verbose: bool = False) -> dict[str, object]:
        """Return the `data` of an answer about the job now.

        Args:
            verbose: Whether `extras` has the subtasks; otherwise it is empty.
        """
        with self._lock:
            fields = self._manual_fields or self._scenario_fields()
            answer = copy.deepcopy(fields)
        if not verbose and isinstance(answer.get("extras"), dict):
            answer["extras"] = {}
        return answer

    def set(self, **fields: object) -> None:
        """Stop following the scenario: keep the present values, with these fields changed.

        The job keeps these values until the next `set`, `release` or `restart`.

        Args:
            **fields: Any field of an answer with any JSON value, such as
                `status="STARTED", progress=40`. Fields that the platform does not
                have are sent, too.
        """
        with self._lock:
            self._manual_fields = {**(self._manual_fields or self._scenario_fields()), **fields}

    def release(self) -> None:
        """Follow the scenario again, which has gone on in the meantime."""
        with self._lock:
            self._manual_fields = None

    def restart(self) -> None:
        """Begin the scenario again now, under the same id."""
        with self._lock:
            self._manual_fields = None
            self._started = self._clock()

    def misbehave(self, fault: Fault, *, after: int = 0, times: int | None = None) -> None:
        """Answer requests about this job with a fault. If several are due, the latest wins.

        A request without the right token gets its 401 and is not counted.

        Args:
            fault: What goes wrong.
            after: How many further requests go well first.
            times: How many then go wrong; `None` is all until `behave`.

        Raises:
            ValueError: If `after` or `times` is negative.
        """
        self._misbehaviour.plan(fault, after, times)

    def behave(self) -> None:
        """Forget every fault planned with `misbehave`."""
        self._misbehaviour.clear()

    def next_fault(self) -> Fault | None:
        """Count one request, and return the fault that it meets, if any."""
        return self._misbehaviour.next()

    def _scenario_fields(self) -> dict[str, object]:
        elapsed = self.elapsed
        extras = self._extras
        if extras is None:
            extras = self.scenario.extras(elapsed, uuid5(NAMESPACE_OID, self.id))
        return {
            "id": self.id,
            "name": self.name,
            "info": self._info,
            **self.scenario.fields(elapsed),
            "extras": extras,
        }

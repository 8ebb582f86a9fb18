"""Starting a job for a request: its name, its info, its tasks, and the effect of its success."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets.simulator.job_kinds import reference_to
from fiddler_widgets.simulator.listing import compact
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.scenarios import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fiddler_widgets.simulator.jobs import SimulatedJob
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["AddJob", "Starts", "Work", "accepted"]


class AddJob(Protocol):
    """The part of `Simulator.add_job` that is used here."""

    def __call__(self, scenario: Scenario, *, name: str, info: Mapping[str, object]) -> SimulatedJob:
        """Add a job that begins now."""


@dataclass(frozen=True)
class Work:
    """A kind of job that a client starts.

    Attributes:
        name: The name that the platform gives such a job; `{model}` and
            `{resource}` stand for their names.
        lengths: The relative durations of its tasks, which run one after the other.
        resource_type: The type of the resource that it works on.
        result: The result of a task, as `Subtask.result`.
    """

    name: str
    lengths: tuple[float, ...]
    resource_type: str = "MODEL"
    result: str | None = "Success"


class Starts:
    """Starts jobs, and runs an action when they have succeeded; used only on the server's thread.

    Attributes:
        scenario: The scenario of further jobs; with `None`, they run in the tasks of
            their kind.
        seconds: How long jobs take if `scenario` is `None`.
    """

    def __init__(self, add_job: AddJob) -> None:
        """Begin with nothing started."""
        self.scenario: Scenario | None = None
        self.seconds = 20.0
        self._add_job = add_job
        self._on_success: list[tuple[SimulatedJob, Callable[[], object]]] = []

    def begin(
        self,
        work: Work,
        model: Item,
        *,
        resource: str = "",
        on_success: Callable[[], object] | None = None,
        info: Mapping[str, object] | None = None,
    ) -> SimulatedJob:
        """Start a job.

        Args:
            work: Its kind.
            model: The model that it is about.
            resource: The name of the resource that it works on; by default the model.
            on_success: Called when it has succeeded, before the next answer.
            info: Further fields of its info.
        """
        project = model["project"]
        names = compact(model, "version")
        item = reference_to(work.resource_type.lower(), resource) if resource else compact(model)
        job = self._add_job(
            self.scenario or Scenario.in_tasks(self.seconds, lengths=work.lengths, result=work.result),
            name=work.name.format(model=model["name"], resource=resource),
            info={
                "resource_type": work.resource_type,
                "resource_name": item["name"],
                "project_name": project["name"] if isinstance(project, dict) else None,
                "resource": item,
                "project": project,
                "model": names,
                **(info or {}),
            },
        )
        if on_success is not None:
            self._on_success.append((job, on_success))
        return job

    def settle(self) -> None:
        """Run the actions of the jobs that have succeeded by now, and forget those of jobs that ended otherwise."""
        pending, self._on_success = self._on_success, []
        for job, on_success in pending:
            status = job.answer()["status"]
            if status == "SUCCESS":
                on_success()
            elif status not in {"FAILURE", "REVOKED"}:
                self._on_success.append((job, on_success))


def accepted(job: SimulatedJob, **data: object) -> Reply:
    """Return the answer to a request that has started a job.

    Args:
        job: The job.
        **data: Further fields of the answer.
    """
    return data_reply({**data, "job": {"id": job.id, "name": job.name}}, status=202)

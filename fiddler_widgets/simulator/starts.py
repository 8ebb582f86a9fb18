"""The one way in which a request starts a job: its name, its info, its tasks, and what its success brings about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fiddler_widgets.simulator.job_kinds import named
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
    """What is needed of `Simulator.add_job`."""

    def __call__(self, scenario: Scenario, *, name: str, info: Mapping[str, object]) -> SimulatedJob:
        """Add a job that begins now."""


@dataclass(frozen=True)
class Work:
    """A kind of job that a client starts.

    Attributes:
        name: The name that the platform gives such a job; `{model}` and
            `{resource}` stand for theirs.
        lengths: How long each of its tasks takes, one after the other, against the
            others.
        resource_type: What it works on.
        result: What a task results in, as `Subtask.result`.
    """

    name: str
    lengths: tuple[float, ...]
    resource_type: str = "MODEL"
    result: str | None = "Success"


class Starts:
    """Starts jobs, and keeps what is to happen when they succeed; used on the server's thread alone.

    Attributes:
        scenario: How the jobs from now on go; `None`: in tasks, as each kind has
            them.
        seconds: How long they take where `scenario` is `None`.
    """

    def __init__(self, add_job: AddJob) -> None:
        """Begin with nothing started."""
        self.scenario: Scenario | None = None
        self.seconds = 20.0
        self._add_job = add_job
        self._then: list[tuple[SimulatedJob, Callable[[], object]]] = []

    def begin(
        self,
        work: Work,
        model: Item,
        *,
        resource: str = "",
        then: Callable[[], object] | None = None,
        info: Mapping[str, object] | None = None,
    ) -> SimulatedJob:
        """Start a job.

        Args:
            work: Its kind.
            model: The model that it is about.
            resource: The name of what it works on; by default that is the model.
            then: What to do when it has succeeded, before the next answer.
            info: What its info says beyond the usual.
        """
        project = model["project"]
        names = compact(model, "version")
        what = named(work.resource_type.lower(), resource) if resource else compact(model)
        job = self._add_job(
            self.scenario or Scenario.in_tasks(self.seconds, lengths=work.lengths, result=work.result),
            name=work.name.format(model=model["name"], resource=resource),
            info={
                "resource_type": work.resource_type,
                "resource_name": what["name"],
                "project_name": project["name"] if isinstance(project, dict) else None,
                "resource": what,
                "project": project,
                "model": names,
                **(info or {}),
            },
        )
        if then is not None:
            self._then.append((job, then))
        return job

    def settle(self) -> None:
        """Do what is to happen after the jobs that have succeeded by now, and forget those that ended otherwise."""
        waiting, self._then = self._then, []
        for job, then in waiting:
            status = job.answer()["status"]
            if status == "SUCCESS":
                then()
            elif status not in {"FAILURE", "REVOKED"}:
                self._then.append((job, then))


def accepted(job: SimulatedJob, **data: object) -> Reply:
    """Return the answer to a request that has started a job.

    Args:
        job: The job.
        **data: What the answer says beside it.
    """
    return data_reply({**data, "job": {"id": job.id, "name": job.name}}, status=202)

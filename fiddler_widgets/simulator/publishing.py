"""The part of a simulator that the official client uses: projects, models and the like, and the jobs that it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fiddler_widgets.simulator.artifacts import Artifacts
from fiddler_widgets.simulator.baselines import Baselines
from fiddler_widgets.simulator.endpoints import Endpoints
from fiddler_widgets.simulator.events import Events, Publication
from fiddler_widgets.simulator.explainability import Explainability
from fiddler_widgets.simulator.models import Models
from fiddler_widgets.simulator.projects import Projects
from fiddler_widgets.simulator.request_bodies import Refused
from fiddler_widgets.simulator.starts import Starts
from fiddler_widgets.simulator.uploads import Uploads

if TYPE_CHECKING:
    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.replies import Reply
    from fiddler_widgets.simulator.scenarios import Scenario
    from fiddler_widgets.simulator.starts import AddJob

__all__ = ["Publication", "Publishing"]

_NAME = "bank_churn"


class Publishing:
    """The part of a simulator that the official client uses, except for the jobs: `Simulator.publishing`.

    There is one project with one model, which `Project.from_name` and
    `Model.from_name` find; `create` adds further ones. Each published file starts a
    job. So does everything else that starts one on the platform: deleting events or a
    model, adding or updating an artifact or a surrogate, changing a deployment, and
    computing feature impact, feature importance or predictions beforehand::

        with Simulator() as sim:
            sim.publishing.scenario = Scenario.failing(5.0)
            ...  # fiddler: init, from_name, publish, wait
            assert sim.publishing.published[0].job is sim.jobs[0]

    The bytes of a file are counted, and only its columns are read. The effect of a
    job comes with its success: a deleted model is gone, an artifact is deployed. A
    dataset exists as soon as its publishing begins.

    A fault changes only the answer, not the effect of a request: a client that
    publishes again after a 503 starts a second job.

    Attributes:
        project: The project's name.
        model: The model's name.
    """

    project: Final = _NAME
    model: Final = _NAME

    def __init__(self, add_job: AddJob) -> None:
        """Begin with one project and one model; `Simulator` calls this."""
        self._starts = Starts(add_job)
        uploads = Uploads()
        projects = Projects(_NAME)
        models = Models(_NAME, projects, uploads, self._starts)
        baselines = Baselines(models)
        self._events = Events(models, uploads, baselines, self._starts)
        self._endpoints = Endpoints(
            projects.table,
            models.table,
            uploads.table,
            baselines.table,
            self._events.table,
            Artifacts(models, uploads, baselines, self._starts).table,
            Explainability(models, baselines, self._starts).table,
        )

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the jobs that clients start from now on.

        With `None`, the default, a job runs in the tasks of its kind for `seconds`,
        and succeeds.
        """
        return self._starts.scenario

    @scenario.setter
    def scenario(self, scenario: Scenario | None) -> None:
        self._starts.scenario = scenario

    @property
    def seconds(self) -> float:
        """How long the jobs take that clients start from now on if `scenario` is `None`; by default 20 s."""
        return self._starts.seconds

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self._starts.seconds = seconds

    @property
    def published(self) -> list[Publication]:
        """All publications so far, the oldest first."""
        return list(self._events.published)

    def answer(self, request: Request) -> Reply | None:
        """Answer an authorized request; `None` if its path is not one of these."""
        try:
            self._starts.settle()
            return self._endpoints.answer(request)
        except Refused as refused:
            return refused.reply

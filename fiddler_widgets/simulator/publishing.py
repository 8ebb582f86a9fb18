"""What the official client finds on a simulator and changes there, and the jobs that it starts so."""

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
    """The part of a simulator that the official client talks to, but for the jobs: `Simulator.publishing`.

    There is one project with one model, which `Project.from_name` and
    `Model.from_name` find; `create` adds further ones. Each file that is published
    starts a job, and so does all else that does on the platform: the deletion of
    events or of a model, an artifact or a surrogate that is added or updated, a
    deployment that is changed, and feature impact, feature importance or predictions
    that are computed beforehand::

        with Simulator() as sim:
            sim.publishing.scenario = Scenario.failing(5.0)
            ...  # fiddler: init, from_name, publish, wait
            assert sim.publishing.published[0].job is sim.jobs[0]

    The bytes of a file are counted, and looked into for the names of its columns
    alone. What a job is to bring about is there once it has succeeded: a deleted model
    is gone, an artifact is deployed. A dataset is there when it begins to be published.

    What the simulator is told to get wrong spoils the answer, not the deed: a client
    that publishes again after a 503 starts a second job.

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
        """How the jobs go that clients start from now on.

        At first `None`: in as many tasks as that kind of job has, for `seconds`, and
        they succeed.
        """
        return self._starts.scenario

    @scenario.setter
    def scenario(self, scenario: Scenario | None) -> None:
        self._starts.scenario = scenario

    @property
    def seconds(self) -> float:
        """How long the jobs take that clients start from now on, where `scenario` is `None`; at first 20."""
        return self._starts.seconds

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self._starts.seconds = seconds

    @property
    def published(self) -> list[Publication]:
        """What was published so far, oldest first."""
        return list(self._events.published)

    def answer(self, request: Request) -> Reply | None:
        """Answer an authorized request, or say that it is about none of this: `None`."""
        try:
            self._starts.settle()
            return self._endpoints.answer(request)
        except Refused as refused:
            return refused.reply

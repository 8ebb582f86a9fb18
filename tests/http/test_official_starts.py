"""Everything with which the official client starts a job, on the simulator; whichever version is installed."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import fiddler
import pandas as pd  # type: ignore[import-untyped]
import pytest

from fiddler_widgets.simulator import Scenario, Simulator
from tests.http.official_init import official_init

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# What the client does itself: 3.14.1 would have `publish` called by another name, and all leave the file open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:publish.. is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
FRAME = pd.DataFrame({"CreditScore": [619, 608], "Age": [42, 41], "Balance": [0.0, 83807.86], "Churned": [1, 0]})
HASTE = 200.0
"""How many of the simulator's seconds pass in one: a job of 20 s takes a tenth of one."""
OFTEN = 0.02
"""Seconds between two looks of the official `wait`."""


@dataclass
class Ground:
    """What a start needs.

    Attributes:
        sim: The platform.
        model: The official client's model on it.
        dataset: The id of its dataset "training".
        folder: Where files can be written, with a model's package in it.
    """

    sim: Simulator
    model: Any
    dataset: Any
    folder: Path

    def file(self, kind: str) -> Path:
        """Write the events as a file."""
        path = self.folder / f"events.{kind}"
        if kind == "csv":
            FRAME.to_csv(path, index=False)
        else:
            FRAME.to_parquet(path, index=False)
        return path


@dataclass(frozen=True)
class Start:
    """One way to start a job.

    Attributes:
        call: Does it, and returns the official job.
        name: What the job is called.
        resource: Type and name of what it works on.
        environment: Type and name of the environment that its info tells of.
        method: The method of the official model that not every version has.
    """

    call: Callable[[Ground], Any]
    name: str
    resource: tuple[str, str] = ("MODEL", "bank_churn")
    environment: tuple[str, str] | None = None
    method: str = "publish"


PRE: dict[str, Any] = {"environment": "PRE_PRODUCTION", "dataset_name": "q3"}
TRAINING = ("PRE_PRODUCTION", "training")
DATASET: dict[str, Any] = {"resource": ("DATASET", "q3"), "environment": ("PRE_PRODUCTION", "q3")}
PRODUCTION: dict[str, Any] = {"resource": ("EVENT", "bank_churn"), "environment": ("PRODUCTION", "production")}
ARTIFACT, SURROGATE = "Deploy artifact model - manual", "Add model surrogate - manual"
IMPACT, IMPORTANCE = "Pre-compute feature impact", "Pre-compute feature importance"
PREDICTIONS = "Pre-compute predictions"
TIMES = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-02-01T00:00:00Z"}


def change_deployment(on: Ground) -> Any:
    """Ask for more replicas."""
    deployment = fiddler.ModelDeployment(model_id=on.model.id)
    deployment.active, deployment.replicas = True, 2
    return deployment.update()


STARTS = {
    "frame": Start(lambda on: on.model.publish(FRAME, **PRE), "Upload dataset q3", **DATASET),
    "csv": Start(lambda on: on.model.publish(on.file("csv"), **PRE), "Upload dataset q3", **DATASET),
    "parquet": Start(lambda on: on.model.publish(on.file("parquet"), **PRE), "Upload dataset q3", **DATASET),
    "dataset-update": Start(lambda on: on.model.publish(FRAME, **PRE, update=True), "Update dataset q3", **DATASET),
    "production": Start(lambda on: on.model.publish(FRAME), "Publish events of bank_churn", **PRODUCTION),
    "update": Start(lambda on: on.model.publish(FRAME, update=True), "Update events of bank_churn", **PRODUCTION),
    "batch": Start(
        lambda on: on.model.publish_batch(FRAME), "Publish events of bank_churn", **PRODUCTION, method="publish_batch"
    ),
    "delete-times": Start(
        lambda on: on.model.delete_events(**TIMES), "Delete events", **PRODUCTION, method="delete_events"
    ),
    "delete-ids": Start(
        lambda on: on.model.delete_events(event_ids=["a"]), "Delete events", **PRODUCTION, method="delete_events"
    ),
    "artifact-add": Start(lambda on: on.model.add_artifact(on.folder), ARTIFACT),
    "artifact-update": Start(lambda on: on.model.update_artifact(on.folder), ARTIFACT),
    "surrogate-add": Start(lambda on: on.model.add_surrogate(on.dataset), SURROGATE),
    "surrogate-update": Start(lambda on: on.model.update_surrogate(on.dataset), SURROGATE),
    "deployment": Start(change_deployment, ARTIFACT),
    "impact": Start(lambda on: on.model.precompute_feature_impact(on.dataset), IMPACT, environment=TRAINING),
    "impact-update": Start(
        lambda on: on.model.precompute_feature_impact(on.dataset, num_samples=9, update=True),
        IMPACT,
        environment=TRAINING,
    ),
    "importance": Start(
        lambda on: on.model.precompute_feature_importance(on.dataset), IMPORTANCE, environment=TRAINING
    ),
    "importance-update": Start(
        lambda on: on.model.precompute_feature_importance(on.dataset, ci_level=0.9, update=True),
        IMPORTANCE,
        environment=TRAINING,
    ),
    "predictions": Start(lambda on: on.model.precompute_predictions(on.dataset), PREDICTIONS, environment=TRAINING),
    "predictions-update": Start(
        lambda on: on.model.precompute_predictions(on.dataset, chunk_size=9, update=True),
        PREDICTIONS,
        environment=TRAINING,
    ),
    "model-delete": Start(lambda on: on.model.delete(), "Deleting model bank_churn"),
}
every_start = pytest.mark.parametrize(
    "start",
    [
        pytest.param(
            start,
            id=name,
            marks=pytest.mark.skipif(
                not hasattr(fiddler.Model, start.method), reason=f"this version has no Model.{start.method}"
            ),
        )
        for name, start in STARTS.items()
    ],
)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Ground]:
    """A platform in haste, whose model has a dataset, and a first artifact that never gets deployed."""
    # By default the client goes on for five minutes before it raises.
    monkeypatch.setenv("FIDDLER_CLIENT_RETRY_MAX_DURATION_SECONDS", "1")
    monkeypatch.setattr(fiddler, "conn", None)
    (tmp_path / "package.py").write_text("def get_model(): ...\n", encoding="utf-8")
    with Simulator(clock=lambda: HASTE * time.monotonic()) as sim:
        official_init(sim)
        project = fiddler.Project.from_name(sim.publishing.project)
        model = fiddler.Model.from_name(sim.publishing.model, project_id=project.id)
        sim.publishing.scenario = Scenario.stuck(1.0)
        model.publish(FRAME, environment="PRE_PRODUCTION", dataset_name="training")
        model.add_artifact(tmp_path)
        sim.publishing.scenario = None
        yield Ground(sim, model, fiddler.Dataset.from_name("training", model_id=model.id).id, tmp_path)
        fiddler.conn.client.session.close()


@every_start
def test_start_returns_a_job_that_says_what_it_does(on: Ground, start: Start) -> None:
    """An official job, with the platform's name for it and all of its info."""
    on.sim.publishing.scenario = Scenario.in_tasks(3600.0 * HASTE)
    job = start.call(on)
    assert isinstance(job, fiddler.Job)
    assert job.name == start.name
    assert str(job.id) == on.sim.jobs[-1].id
    assert job.status in {"PENDING", "STARTED"}
    kind, resource = start.resource
    what = job.info.pop("resource")
    assert what["name"] == resource
    assert kind != "MODEL" or what["id"] == str(on.model.id)
    environment = start.environment and {"env_type": start.environment[0], "env_name": start.environment[1]}
    assert job.info == {
        "resource_type": kind,
        "resource_name": resource,
        "project_name": "bank_churn",
        "project": {"id": str(on.model.project.id), "name": "bank_churn"},
        "model": {"id": str(on.model.id), "name": "bank_churn", "version": "v1"},
        **(environment or {}),
    }


@every_start
def test_job_runs_to_its_end_in_tasks(on: Ground, start: Start) -> None:
    """The official `wait` comes back; progress is tasks done of all, in uneven steps, which `verbose` shows."""
    job = start.call(on)
    job.wait(interval=OFTEN, timeout=30)
    assert (job.status, job.progress) == ("SUCCESS", 100)
    tasks = fiddler.Job.get(job.id, verbose=True).extras
    assert len(tasks) >= 3
    assert all(task["status"] == "SUCCESS" and task["result"] for task in tasks.values())
    scenario = on.sim.jobs[-1].scenario
    steps: list[tuple[float, float]] = []
    for i in range(1, 2000):
        fields = scenario.fields(i / 100)
        if fields["status"] == "STARTED" and (not steps or fields["progress"] != steps[-1][1]):
            steps.append((i / 100, float(str(fields["progress"]))))
    assert [progress for _, progress in steps] == [round(100 * i / len(tasks), 2) for i in range(len(tasks))]
    lengths = [round(later - earlier, 1) for (earlier, _), (later, _) in itertools.pairwise(steps)]
    assert len(set(lengths)) > 1


@every_start
def test_failed_job_raises(on: Ground, start: Start) -> None:
    """The official `wait` says why."""
    on.sim.publishing.scenario = Scenario.failing(20.0, reason="DiskFull", message="no space")
    job = start.call(on)
    with pytest.raises(fiddler.AsyncJobFailed, match="DiskFull"):
        job.wait(interval=OFTEN, timeout=30)
    assert (job.status, job.error_reason, job.error_message) == ("FAILURE", "DiskFull", "no space")


@every_start
def test_nothing_starts_for_a_model_that_is_gone(on: Ground, start: Start) -> None:
    """The client's own exception."""
    on.sim.publishing.scenario = Scenario.instant()
    on.model.delete()
    count = len(on.sim.jobs)
    with pytest.raises(fiddler.NotFound):
        start.call(on)
    assert len(on.sim.jobs) == count


# ---- what a job has brought about


def test_artifact_is_there_when_its_job_has_succeeded(on: Ground) -> None:
    """From then on the model says so, and there is nothing to add, but to update."""
    on.model.add_artifact(on.folder).wait(interval=OFTEN, timeout=30)
    assert fiddler.Model.get(on.model.id).artifact_status == "user_uploaded"
    assert on.model.deployment.artifact_type == "PYTHON_PACKAGE"
    with pytest.raises(fiddler.ApiError, match="already has artifact"):
        on.model.add_surrogate(on.dataset)
    params = fiddler.DeploymentParams(deployment_type="MANUAL", cpu=1000)
    on.model.update_surrogate(on.dataset, params).wait(interval=OFTEN, timeout=30)
    assert fiddler.Model.get(on.model.id).artifact_status == "surrogate"
    deployment = fiddler.ModelDeployment.of(on.model.id)
    assert (deployment.deployment_type, deployment.active, deployment.cpu) == ("MANUAL", False, 1000)
    deployment.active, deployment.memory = True, 512
    deployment.update().wait(interval=OFTEN, timeout=30)
    assert (deployment.active, deployment.memory, deployment.replicas) == (True, 512, 1)


def test_deleted_model_is_gone_when_its_job_has_succeeded(on: Ground) -> None:
    """Not before, and not when the job fails."""
    on.sim.publishing.scenario = Scenario.failing(20.0)
    with pytest.raises(fiddler.AsyncJobFailed):
        on.model.delete().wait(interval=OFTEN, timeout=30)
    on.sim.publishing.scenario = Scenario.stuck(20.0)
    job = on.model.delete()
    assert fiddler.Model.get(on.model.id).name == "bank_churn"
    on.sim.jobs[-1].set(status="SUCCESS", progress=100)
    job.wait(interval=OFTEN, timeout=30)
    with pytest.raises(fiddler.NotFound):
        fiddler.Model.get(on.model.id)


@pytest.mark.parametrize("what", ["impact", "importance"])
def test_explanation_is_there_when_its_job_has_succeeded(on: Ground, what: str) -> None:
    """A value for each input; without the job there is none, but it can be computed at once."""
    look_up = getattr(on.model, f"get_precomputed_feature_{what}")
    with pytest.raises(fiddler.NotFound):
        look_up()
    getattr(on.model, f"precompute_feature_{what}")(on.dataset).wait(interval=OFTEN, timeout=30)
    assert look_up().feature_names == ["CreditScore", "Age", "Balance"]
    assert look_up().env_name == "training"
    for source in ({"env_type": "PRODUCTION"}, {"env_type": "PRE_PRODUCTION", "dataset_id": on.dataset}):
        data_source = fiddler.DatasetDataSource(**source)
        assert len(getattr(on.model, f"get_feature_{what}")(data_source).feature_names) == 3


def test_published_dataset_is_a_baseline(on: Ground) -> None:
    """As the platform does it: what is published before production is compared with from then on."""
    assert [dataset.name for dataset in on.model.datasets] == ["training"]
    assert [baseline.name for baseline in on.model.baselines] == ["training"]
    assert fiddler.Dataset.get(on.dataset).name == "training"
    assert fiddler.Baseline.from_name("training", model_id=on.model.id).dataset.id == on.dataset


# ---- what starts no job


def test_baseline_and_upload_start_no_job(on: Ground) -> None:
    """The client gets what it made at once."""
    before = len(on.sim.jobs)
    baseline = fiddler.Baseline(
        name="rolling",
        model_id=on.model.id,
        environment="PRODUCTION",
        type_="ROLLING",
        window_bin_size="Month",
        offset_delta=1,
    ).create()
    assert fiddler.Baseline.get(baseline.id).offset_delta == 1
    with pytest.raises(fiddler.Conflict):
        baseline.create()
    baseline.delete()
    with pytest.raises(fiddler.NotFound):
        fiddler.Baseline.get(baseline.id)
    uploaded = on.model.upload_feature_impact({"creditscore": 0.3, "age": 0.1})
    assert uploaded["feature_impact_scores"] == [0.3, 0.1]
    assert on.model.get_precomputed_feature_impact().system_generated is False
    with pytest.raises(fiddler.ApiError, match="no input shoe"):
        on.model.upload_feature_impact({"shoe size": 0.3}, update=True)
    assert len(on.sim.jobs) == before


def test_row_is_explained_and_predicted(on: Ground) -> None:
    """Each input has its share, each row its prediction."""
    row = FRAME.to_dict("records")[0]
    explained = on.model.explain(fiddler.RowDataSource(row=row))
    assert len(explained.explanations["probability_churned"]["GEM"]["contents"]) == 3
    assert on.model.predict(FRAME).shape == (2, 1)


# ---- a model from the beginning


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet"])
def test_model_is_made_from_data(on: Ground, kind: str) -> None:
    """As notebooks begin: a project, a model of what the data look like, and what is published to it."""
    project = fiddler.Project("lending").create()
    source = FRAME if kind == "frame" else on.file(kind)
    model = fiddler.Model.from_data(source=source, name="loans", project_id=project.id)
    assert [column.name for column in model.schema.columns] == list(FRAME.columns)
    if kind != "frame":
        # The client sends the values of a frame as text.
        assert [column.data_type for column in model.schema.columns] == ["int", "int", "float", "int"]
    assert model.create().version == "v1"
    with pytest.raises(fiddler.Conflict):
        model.create()
    second = model.duplicate(version="v2").create()
    assert [each.version for each in fiddler.Model.list(project_id=project.id)] == ["v1", "v2"]
    assert fiddler.Model.from_name("loans", project_id=project.id, latest=True).id == second.id
    job = second.publish(FRAME)
    assert job.info["model"] == {"id": str(second.id), "name": "loans", "version": "v2"}
    assert job.info["project_name"] == "lending"
    second.description = "The second"
    second.update()
    assert fiddler.Model.get(second.id).description == "The second"


def test_project_goes_with_its_models(on: Ground) -> None:
    """Neither is found any more."""
    on.model.project.fetch().delete()
    with pytest.raises(fiddler.NotFound):
        fiddler.Project.from_name("bank_churn")
    with pytest.raises(fiddler.NotFound):
        fiddler.Model.get(on.model.id)

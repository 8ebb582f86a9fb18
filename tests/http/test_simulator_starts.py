"""The endpoints that start a job other than a publication: what they refuse, and what is said of the job."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from fiddler_widgets.simulator import Fault, Scenario, Simulator
from tests.clock import Clock
from tests.http.raw_http import get, get_job
from tests.http.test_simulator_publishing import NOWHERE, events, model_id, refusal, send, uploaded

if TYPE_CHECKING:
    from collections.abc import Iterator

BAD, NOT_FOUND = (400, "BadRequest"), (404, "ObjectNotFound")
TIMES = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-02T00:00:00+02:00"}
MODEL = {"name": "loans", "schema": {"columns": []}, "spec": {}}


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Iterator[Simulator]:
    """A simulator by that clock that listens, whose model has the dataset "baseline"."""
    with Simulator(clock=clock) as simulator:
        send(simulator, "/v3/events", events(simulator))
        yield simulator


def listed(sim: Simulator, path: str) -> list[Any]:
    """Return the things on the first page of a list."""
    return list(json.loads(get(sim, path)[2])["data"]["items"])


def dataset_id(sim: Simulator) -> str:
    """Return the id of the one dataset."""
    return str(listed(sim, "/v3/environments")[0]["id"])


def bodies(sim: Simulator) -> dict[tuple[str, str], dict[str, Any]]:
    """Return a good body for each method and path that starts a job."""
    model, dataset = model_id(sim), dataset_id(sim)
    of = f"/v3/models/{model}"
    good: dict[tuple[str, str], dict[str, Any]] = {
        ("POST", f"{of}/deploy-artifact"): {"file_id": uploaded(sim), "deployment_params": {}},
        ("PUT", f"{of}/deploy-artifact"): {"file_id": uploaded(sim)},
        ("POST", f"{of}/deploy-surrogate"): {"env_id": dataset, "deployment_params": {"deployment_type": "MANUAL"}},
        ("PUT", f"{of}/deploy-surrogate"): {"env_id": dataset},
        ("PATCH", f"{of}/deployment"): {"active": True, "cpu": 500},
        ("DELETE", "/v3/events"): {"model_id": model, "event_ids": ["a"], "update_metrics": False},
        ("DELETE", of): {},
    }
    for what in ("feature-impact", "feature-importance", "predictions"):
        for method in ("POST", "PUT"):
            body = {"model_id": model, "env_id": dataset, "env_type": "PRE_PRODUCTION"}
            good[method, f"/v3/analytics/precompute-{what}"] = body
    return good


def test_each_starts_a_job_and_says_which(sim: Simulator) -> None:
    """202, with the job's id and name; the wire's answer about the job has the same name."""
    for (method, path), body in bodies(sim).items():
        status, document = send(sim, path, body, method=method)
        job = sim.jobs[-1]
        assert (status, document["data"]["job"]) == (202, {"id": job.id, "name": job.name}), path
        assert get_job(sim, job)["name"] == job.name
    assert len(sim.jobs) == 1 + len(bodies(sim))


def test_progress_is_tasks_done_of_all(sim: Simulator, clock: Clock) -> None:
    """At every moment of every kind of job: what the tasks in `extras` say, uneven in time, and never back."""
    for (method, path), body in bodies(sim).items():
        send(sim, path, body, method=method)
    began, seen = clock.now, []
    for i in range(82):
        clock.now = began + i / 4
        answers = [job.answer(verbose=True) for job in sim.jobs]
        for answer in answers:
            extras = answer["extras"]
            assert isinstance(extras, dict)
            done = [task["status"] for task in extras.values()].count("SUCCESS")
            assert answer["progress"] == round(100 * done / len(extras), 2)
        seen.append([float(str(answer["progress"])) for answer in answers])
    assert seen[0] == [0.0] * len(sim.jobs)
    assert seen[-1] == [100.0] * len(sim.jobs)
    for progress in zip(*seen, strict=True):
        assert all(earlier <= later for earlier, later in pairwise(progress))
        lengths = [progress.count(step) for step in sorted(set(progress))][1:-1]
        assert len(set(lengths)) > 1


@pytest.mark.parametrize("gone", [False, True])
def test_model_has_to_be_there(sim: Simulator, clock: Clock, *, gone: bool) -> None:
    """404 in the platform's envelope for an id that was never given, and for one that was."""
    good = bodies(sim)
    model, count = model_id(sim), len(sim.jobs)
    if gone:
        send(sim, f"/v3/models/{model}", {}, method="DELETE")
        clock.now += 100
        count += 1
    for (method, path), body in good.items():
        known = (path, body) if gone else (path.replace(model, NOWHERE), {**body, "model_id": NOWHERE})
        assert refusal(send(sim, *known, method=method)) == NOT_FOUND, path
    assert len(sim.jobs) == count


@pytest.mark.parametrize(
    ("method", "path", "changes", "expected"),
    [
        ("POST", "{model}/deploy-artifact", {"file_id": None}, BAD),
        ("POST", "{model}/deploy-artifact", {"file_id": NOWHERE}, NOT_FOUND),
        ("POST", "{model}/deploy-artifact", {"deployment_params": []}, BAD),
        ("POST", "{model}/deploy-surrogate", {"env_id": None}, BAD),
        ("PUT", "{model}/deploy-surrogate", {"env_id": NOWHERE}, NOT_FOUND),
        ("PATCH", "{model}/deployment", {}, NOT_FOUND),
        ("DELETE", "/v3/events", {"model_id": None}, BAD),
        ("DELETE", "/v3/events", {"event_ids": None}, BAD),
        ("DELETE", "/v3/events", {"event_ids": []}, BAD),
        ("DELETE", "/v3/events", {"event_ids": ["a"] * 10_001}, BAD),
        ("DELETE", "/v3/events", {"update_metrics": True}, BAD),
        ("DELETE", "/v3/events", {"time_range": TIMES}, BAD),
        ("DELETE", "/v3/events", {"event_ids": None, "time_range": {}}, BAD),
        ("DELETE", "/v3/events", {"event_ids": None, "time_range": {**TIMES, "end_time": "2026-02-01"}}, BAD),
        ("DELETE", "/v3/events", {"event_ids": None, "time_range": {**TIMES, "end_time": "soon"}}, BAD),
        ("DELETE", "/v3/events", {"event_ids": None, "time_range": dict.fromkeys(TIMES, TIMES["end_time"])}, BAD),
        ("POST", "/v3/analytics/precompute-predictions", {"env_id": None}, BAD),
        ("PUT", "/v3/analytics/precompute-feature-impact", {"env_id": NOWHERE}, NOT_FOUND),
    ],
)
def test_bad_start_is_refused(
    sim: Simulator, method: str, path: str, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    """What is missing or makes no sense; `None` leaves a field away. No job begins."""
    path = path.format(model=f"/v3/models/{model_id(sim)}")
    body = {name: value for name, value in {**bodies(sim)[method, path], **changes}.items() if value is not None}
    assert refusal(send(sim, path, body, method=method)) == expected
    assert len(sim.jobs) == 1


def test_time_range_is_read_with_its_offsets(sim: Simulator) -> None:
    """The end comes after the start, though its text does not."""
    times = {"start_time": "2026-01-01T00:00:00+02:00", "end_time": "2025-12-31T23:00:00Z"}
    assert send(sim, "/v3/events", {"model_id": model_id(sim), "time_range": times}, method="DELETE")[0] == 202


@pytest.mark.parametrize(
    "change", [{"active": "yes"}, {}, {"active": True, "cpu": 0}, {"active": True, "memory": "1G"}]
)
def test_bad_change_of_a_deployment_is_refused(sim: Simulator, change: dict[str, Any]) -> None:
    """Where there is one; it stays as it was."""
    path = f"/v3/models/{model_id(sim)}"
    send(sim, f"{path}/deploy-surrogate", {"env_id": dataset_id(sim)})
    before = get(sim, f"{path}/deployment")[2]
    assert refusal(send(sim, f"{path}/deployment", change, method="PATCH")) == BAD
    assert get(sim, f"{path}/deployment")[2] == before


def test_dataset_has_to_be_the_models_own(sim: Simulator) -> None:
    """Another model's is not found."""
    project = listed(sim, "/v3/projects")[0]["id"]
    other = send(sim, "/v3/models", {**MODEL, "project_id": project})[1]["data"]["id"]
    body = {"model_id": other, "env_id": dataset_id(sim)}
    assert refusal(send(sim, "/v3/analytics/precompute-predictions", body)) == NOT_FOUND
    assert listed(sim, f"/v3/models/{other}/environments") == []
    assert listed(sim, f"/v3/models/{other}/baselines") == []
    assert len(listed(sim, f"/v3/models/{model_id(sim)}/baselines")) == 1


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/v3/models", {}, BAD),
        ("/v3/models", {**MODEL, "project_id": NOWHERE}, NOT_FOUND),
        ("/v3/models", {**MODEL, "schema": {"columns": [1]}}, BAD),
        ("/v3/models", {**MODEL, "spec": []}, BAD),
        ("/v3/models", {**MODEL, "name": "bank_churn"}, (409, "Conflict")),
        ("/v3/model-factory", {}, BAD),
        ("/v3/model-factory", {"file_id": NOWHERE}, NOT_FOUND),
        ("/v3/baselines", {"name": "b", "type": "MOVING", "env_type": "PRODUCTION"}, BAD),
        ("/v3/baselines", {"name": "b", "type": "STATIC", "env_type": "STAGING"}, BAD),
        ("/v3/baselines", {"name": "b", "type": "STATIC", "env_type": "PRE_PRODUCTION", "env_id": NOWHERE}, NOT_FOUND),
        ("/v3/baselines", {"name": "baseline", "type": "ROLLING", "env_type": "PRODUCTION"}, (409, "Conflict")),
        ("/v3/analytics/upload-feature-impact", {"feature_impact_map": {}}, BAD),
        ("/v3/analytics/upload-feature-impact", {"feature_impact_map": {"Age": "much"}}, BAD),
        ("/v3/analytics/upload-feature-impact", {"feature_impact_map": {"Shoe": 1}}, BAD),
        ("/v3/analytics/feature-impact", {}, BAD),
        ("/v3/analytics/feature-impact/precomputed", {}, NOT_FOUND),
        ("/v3/explain", {}, BAD),
        ("/v3/predict", {"data": [1]}, BAD),
    ],
)
def test_bad_request_is_refused(sim: Simulator, path: str, body: dict[str, Any], expected: tuple[int, str]) -> None:
    """About what starts no job, too."""
    project = listed(sim, "/v3/projects")[0]["id"]
    assert refusal(send(sim, path, {"model_id": model_id(sim), "project_id": project, **body})) == expected
    assert len(sim.jobs) == 1


@pytest.mark.parametrize("content", [b"", b"\n", b"PAR1" + b"x" * 50 + b"PAR1", b'PAR1{"index_columns": []}'])
def test_file_without_columns_makes_no_model(sim: Simulator, content: bytes) -> None:
    """That is said, and the server goes on."""
    assert refusal(send(sim, "/v3/model-factory", {"file_id": uploaded(sim, content)})) == BAD


def test_columns_are_guessed_from_the_first_rows(sim: Simulator) -> None:
    """Whole numbers, others, and text; a gap decides nothing. A spec that is given stays."""
    content = b"n,x,s,gap\n1,1.5,a,\n-2,nan,7,\n3,1e5,8,\n4,cut o"
    body = {"file_id": uploaded(sim, content), "spec": {"inputs": ["n"]}}
    data = send(sim, "/v3/model-factory", body)[1]["data"]
    assert [(column["name"], column["data_type"]) for column in data["schema"]["columns"]] == [
        ("n", "int"),
        ("x", "float"),
        ("s", "str"),
        ("gap", "str"),
    ]
    assert data["spec"] == {"inputs": ["n"]}


def test_lost_answer_starts_a_second_job(sim: Simulator, clock: Clock) -> None:
    """A client that asks again to deploy or delete is not refused for what it asked before."""
    of = f"/v3/models/{model_id(sim)}"
    for method, path, body in (("POST", f"{of}/deploy-artifact", {"file_id": uploaded(sim)}), ("DELETE", of, {})):
        sim.misbehave(Fault.status(503), times=1)
        assert [send(sim, path, body, method=method)[0] for _ in range(2)] == [503, 202]
    assert len(sim.jobs) == 5
    clock.now += 100
    assert listed(sim, "/v3/models") == []


def test_scenario_goes_for_every_start(sim: Simulator) -> None:
    """Until it is `None` again."""
    sim.publishing.scenario = Scenario.instant()
    for (method, path), body in bodies(sim).items():
        send(sim, path, body, method=method)
    assert {job.answer()["status"] for job in sim.jobs[1:]} == {"SUCCESS"}


def test_seconds_are_how_long_jobs_take(sim: Simulator, clock: Clock) -> None:
    """From then on, in tasks as before."""
    sim.publishing.seconds = 5.0
    send(sim, "/v3/events", events(sim))
    clock.now += 5.1
    assert [job.answer()["status"] for job in sim.jobs] == ["STARTED", "SUCCESS"]


@pytest.mark.parametrize("lengths", [(), (1, 0), (1, -1), (1, float("nan")), (1, float("inf"))])
def test_tasks_need_lengths(lengths: tuple[float, ...]) -> None:
    """At least one, each of which takes a time."""
    with pytest.raises(ValueError, match="lengths"):
        Scenario.in_tasks(10, lengths=lengths)

"""What the official client publishes to: projects, a model, files, and a job for each publication."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import parse_qs
from uuid import uuid4

from fiddler_widgets.simulator.job_kinds import Kind, named
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import Refused, bad, conflict, json_of, missing, text_in
from fiddler_widgets.simulator.routes import NOT_ALLOWED, ORGANIZATION
from fiddler_widgets.simulator.scenarios import Scenario
from fiddler_widgets.simulator.uploads import Uploads, stamps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.jobs import SimulatedJob
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Publication", "Publishing"]

Item = dict[str, object]

_PROJECTS, _MODELS, _EVENTS = "/v3/projects", "/v3/models", "/v3/events"
_PROJECT, _MODEL, _VERSION = "bank_churn", "bank_churn", "v1"
_COLUMNS = {
    "CreditScore": "int",
    "Age": "int",
    "Balance": "float",
    "Churned": "int",
    "probability_churned": "float",
}
_SPEC: Mapping[str, object] = {
    "schema_version": 1,
    "inputs": ["CreditScore", "Age", "Balance"],
    "outputs": ["probability_churned"],
    "targets": ["Churned"],
    "decisions": [],
    "metadata": [],
    "custom_features": [],
}
_LARGEST_PAGE = 100


@dataclass(frozen=True)
class Publication:
    """What a client published.

    Attributes:
        environment: `"PRODUCTION"` or `"PRE_PRODUCTION"`.
        dataset: The name of the dataset; `None` where there is none, as in production.
        update: Whether it changes events that were published before.
        job: The job that it started; `None` for events that came without a file.
        file: The file's name; `None` for events that came without one.
        size: How many bytes of that file were uploaded.
        events: How many events came without a file.
    """

    environment: str
    dataset: str | None
    update: bool
    job: SimulatedJob | None = None
    file: str | None = None
    size: int = 0
    events: int = 0


class AddJob(Protocol):
    """What is needed of `Simulator.add_job`."""

    def __call__(self, scenario: Scenario, *, name: str, info: Mapping[str, object]) -> SimulatedJob:
        """Add a job that begins now."""


class Publishing:
    """The part of a simulator that `fiddler.Model.publish` talks to: `Simulator.publishing`.

    There is one project with one model, which `Project.from_name` and
    `Model.from_name` find; `Project.create` adds further, empty projects. The bytes
    of a published file are counted, never looked into, and each file that is
    published starts a job, as `scenario` says::

        with Simulator() as sim:
            sim.publishing.scenario = Scenario.failing(5.0)
            ...  # fiddler: init, from_name, publish, wait
            assert sim.publishing.published[0].job is sim.jobs[0]

    What the simulator is told to get wrong spoils the answer, not the deed: a client
    that publishes again after a 503 starts a second job.

    Attributes:
        project: The project's name.
        model: The model's name.
        scenario: How the jobs of publications from now on go; at first they succeed
            after 20 s.
    """

    project: Final = _PROJECT
    model: Final = _MODEL

    def __init__(self, add_job: AddJob) -> None:
        """Begin with one project and one model; `Simulator` calls this."""
        self.scenario = Scenario.linear(20.0)
        self._add_job = add_job
        self._uploads = Uploads()
        self._projects = [_new_project(_PROJECT)]
        self._models = [_the_model()]
        self._published: list[Publication] = []

    @property
    def published(self) -> list[Publication]:
        """What was published so far, oldest first."""
        return list(self._published)

    def answer(self, request: Request) -> Reply | None:
        """Answer an authorized request, or say that it is about none of this: `None`."""
        try:
            return self._answer(request)
        except Refused as refused:
            return refused.reply

    def _answer(self, request: Request) -> Reply | None:
        path, method = request.path, request.method
        if self._uploads.handles(path):
            return self._uploads.answer(request) if method == "POST" else NOT_ALLOWED
        if path == _EVENTS:
            return self._publish(request) if method in {"POST", "PATCH"} else NOT_ALLOWED
        if path == _PROJECTS and method == "POST":
            return self._create_project(request)
        return self._look_up(request)

    def _look_up(self, request: Request) -> Reply | None:
        path = request.path
        for collection, items, what in ((_PROJECTS, self._projects, "Project"), (_MODELS, self._models, "Model")):
            if path == collection or path.startswith(f"{collection}/"):
                if request.method != "GET":
                    return NOT_ALLOWED
                if path == collection:
                    return _page(request.query, items)
                return data_reply(_by_id(items, path[len(collection) + 1 :], what))
        return None

    def _create_project(self, request: Request) -> Reply:
        project = _new_project(text_in(json_of(request), "name"))
        if any(project["name"] == other["name"] for other in self._projects):
            raise conflict("Project already exists")
        self._projects.append(project)
        return data_reply(project)

    def _publish(self, request: Request) -> Reply:
        document = json_of(request)
        model = _by_id(self._models, text_in(document, "model_id"), "Model")
        environment = text_in(document, "env_type")
        if environment not in {"PRODUCTION", "PRE_PRODUCTION"}:
            raise bad("env_type: PRODUCTION or PRE_PRODUCTION is required.")
        dataset = text_in(document, "env_name") if environment == "PRE_PRODUCTION" else None
        source = document.get("source")
        if not isinstance(source, dict):
            raise bad("source: an object is required.")
        update = request.method == "PATCH"
        if source.get("type") == "FILE":
            return self._publish_file(model, text_in(source, "file_id"), environment, dataset, update=update)
        if source.get("type") == "EVENTS":
            return self._publish_events(source.get("events"), environment, dataset, update=update)
        raise bad("source.type: FILE or EVENTS is required.")

    def _publish_file(self, model: Item, file_id: str, environment: str, dataset: str | None, *, update: bool) -> Reply:
        file = self._uploads.whole(file_id)
        what = _kind(str(model["name"]), dataset, update=update)
        info = {**what.info(), "env_type": environment, "env_name": dataset or "production"}
        job = self._add_job(self.scenario, name=what.name, info=info)
        self._published.append(Publication(environment, dataset, update, job, file.name, file.size))
        return data_reply({"source_type": "FILE", "job": {"id": job.id, "name": job.name}}, status=202)

    def _publish_events(self, events: object, environment: str, dataset: str | None, *, update: bool) -> Reply:
        if dataset is not None:
            raise bad("source.type: events without a file are for PRODUCTION alone.")
        if not isinstance(events, list) or not events or not all(isinstance(event, dict) for event in events):
            raise bad("source.events: a list of objects is required.")
        self._published.append(Publication(environment, dataset, update, events=len(events)))
        return data_reply({"source_type": "EVENTS", "event_ids": [str(uuid4()) for _ in events]}, status=202)


def _kind(model: str, dataset: str | None, *, update: bool) -> Kind:
    """Return the job of publishing a file, whose name says what is published."""
    if dataset is not None:
        verb = "Update" if update else "Upload"
        return Kind(f"{verb} dataset {dataset}", "DATASET", dataset, _PROJECT, model, _VERSION)
    verb = "Update" if update else "Publish"
    return Kind(f"{verb} events of {model}", "EVENT", model, _PROJECT, model, _VERSION)


def _new_project(name: str) -> Item:
    return {**named("project", name), **stamps(), "organization": ORGANIZATION}


def _the_model() -> Item:
    return {
        **named("model", _MODEL),
        **stamps(),
        "version": _VERSION,
        "project": named("project", _PROJECT),
        "project_id": named("project", _PROJECT)["id"],
        "organization": ORGANIZATION,
        "input_type": "TABULAR",
        "task": "BINARY_CLASSIFICATION",
        "task_params": {},
        "schema": {
            "schema_version": 1,
            "columns": [{"name": name, "data_type": data_type} for name, data_type in _COLUMNS.items()],
        },
        "spec": _SPEC,
        "description": "A model on the simulator",
        "event_id_col": None,
        "event_ts_col": None,
        "event_ts_format": None,
        "xai_params": None,
        "artifact_status": "no_model",
        "artifact_files": [],
        "is_binary_ranking_model": False,
    }


def _by_id(items: Sequence[Item], id_: str, what: str) -> Item:
    for item in items:
        if item["id"] == id_.lower():
            return item
    raise missing(what)


def _page(query: str, items: Sequence[Item]) -> Reply:
    """Return one page of those items that a query's filter lets through."""
    asked = parse_qs(query)
    rules = _rules(asked.get("filter", ["{}"])[-1])
    matching = [item for item in items if all(item.get(name) == value for name, value in rules.items())]
    size = min(_LARGEST_PAGE, _number(asked, "limit", _LARGEST_PAGE, least=1))
    offset = _number(asked, "offset", 0, least=0)
    page = matching[offset : offset + size]
    data = {
        "page_size": size,
        "total": len(matching),
        "item_count": len(page),
        "page_count": -(-len(matching) // size),
        "page_index": offset // size + 1,
        "offset": offset,
        "items": page,
    }
    return data_reply(data, kind="PAGINATED")


def _rules(text: str) -> dict[str, object]:
    """Return what fields a filter asks for: it knows equality alone, and that all rules must hold."""
    try:
        document = json.loads(text)
        rules = document.get("rules", [])
        if document.get("condition", "AND") != "AND" or any(rule["operator"] != "equal" for rule in rules):
            raise bad("filter: here there is only AND, and the operator equal.")
        return {str(rule["field"]): rule["value"] for rule in rules}
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise bad("filter: rules of field, operator and value are required.") from None


def _number(asked: Mapping[str, Sequence[str]], name: str, default: int, *, least: int) -> int:
    text = asked.get(name, [str(default)])[-1]
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**31)) and int(text) >= least):
        raise bad(f"{name}: a whole number from {least} is required.")
    return int(text)

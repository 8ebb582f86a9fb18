"""The models of a simulator; a model can be guessed from a file, and is deleted by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.job_kinds import reference_to
from fiddler_widgets.simulator.listing import by_id, compact, page
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, conflict, json_of, object_in, text_in
from fiddler_widgets.simulator.routes import ORGANIZATION
from fiddler_widgets.simulator.samples import columns_of
from fiddler_widgets.simulator.starts import Work, accepted
from fiddler_widgets.simulator.uploads import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.projects import Projects
    from fiddler_widgets.simulator.replies import Reply
    from fiddler_widgets.simulator.starts import Starts
    from fiddler_widgets.simulator.uploads import Uploads

__all__ = ["Models", "column_names"]

_VERSION = "v1"
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
_EMPTY_SPEC: Mapping[str, object] = {**_SPEC, "inputs": [], "outputs": [], "targets": []}
_CHANGEABLE = ("description", "event_id_col", "event_ts_col", "event_ts_format", "xai_params")
_DELETION = Work("Deleting model {model}", (2, 1, 4))


class Models:
    """The models; used only on the server's thread."""

    def __init__(self, name: str, projects: Projects, uploads: Uploads, starts: Starts) -> None:
        """Begin with one model, in the project of the same name."""
        self._projects, self._uploads, self._starts = projects, uploads, starts
        projects.when_removed(self._forget_project)
        first = {"task": "BINARY_CLASSIFICATION", "input_type": "TABULAR", "description": "A model on the simulator"}
        columns = [{"name": column, "data_type": data_type} for column, data_type in _COLUMNS.items()]
        project = projects.find(str(reference_to("project", name)["id"]))
        self._items = [
            _new(name, _VERSION, project, columns, _SPEC, {**first, "id": reference_to("model", name)["id"]})
        ]
        self.table: Table = {
            "/v3/models": {"GET": self._list, "POST": self._create},
            "/v3/models/*": {"GET": self._get, "PATCH": self._change, "DELETE": self._delete},
            "/v3/model-factory": {"POST": self._guess},
        }

    def find(self, id_: str) -> Item:
        """Return the model with this id.

        Raises:
            Refused: There is none.
        """
        return by_id(self._items, id_, "Model")

    def model_in(self, document: Mapping[str, object]) -> Item:
        """Return the model with the `model_id` of a request.

        Raises:
            Refused: There is none, or no such field.
        """
        return self.find(text_in(document, "model_id"))

    def _list(self, request: Request, _: str) -> Reply:
        return page(request.query, self._items)

    def _get(self, _: Request, id_: str) -> Reply:
        return data_reply(self.find(id_))

    def _create(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        name, version = text_in(document, "name"), str(document.get("version") or _VERSION)
        project = self._projects.find(text_in(document, "project_id"))
        columns, spec = _columns_in(object_in(document, "schema")), object_in(document, "spec")
        others = (model for model in self._items if model["project_id"] == project["id"])
        if any((model["name"], model["version"]) == (name, version) for model in others):
            raise conflict("Model already exists")
        more = {field: document.get(field) for field in ("input_type", "task", "task_params", *_CHANGEABLE)}
        model = _new(name, version, project, columns, spec, more)
        self._items.append(model)
        return data_reply(model)

    def _change(self, request: Request, id_: str) -> Reply:
        model, document = self.find(id_), json_of(request)
        changes = {name: document[name] for name in (*_CHANGEABLE, "version") if name in document}
        if "schema" in document:
            changes["schema"] = {"schema_version": 1, "columns": _columns_in(object_in(document, "schema"))}
        if "spec" in document:
            changes["spec"] = object_in(document, "spec")
        model.update(changes, updated_at=stamps()["updated_at"])
        return data_reply(model)

    def _delete(self, _: Request, id_: str) -> Reply:
        model = self.find(id_)
        return accepted(self._starts.begin(_DELETION, model, on_success=lambda: self._remove(model)))

    def _forget_project(self, id_: str) -> None:
        self._items = [model for model in self._items if model["project_id"] != id_]

    def _remove(self, model: Item) -> None:
        self._items = [other for other in self._items if other is not model]

    def _guess(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        file = self._uploads.whole(text_in(document, "file_id"))
        try:
            columns = columns_of(file.name, file.beginning, file.end)
        except ValueError as error:
            raise bad_request(str(error)) from None
        names = [column["name"] for column in columns]
        spec = document.get("spec") or {**_EMPTY_SPEC, "inputs": names}
        return data_reply({"schema": {"schema_version": 1, "columns": columns}, "spec": spec})


def column_names(model: Item, *roles: str) -> list[str]:
    """Return the names of a model's columns in these roles, such as `"inputs"`."""
    lists = [object_in(model, "spec").get(role) for role in roles]
    return [str(name) for names in lists if isinstance(names, list) for name in names]


def _columns_in(schema: Mapping[str, object]) -> list[object]:
    columns = schema.get("columns")
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        raise bad_request("schema.columns: a list of objects is required.")
    return columns


def _new(
    name: str,
    version: str,
    project: Item,
    columns: Sequence[object],
    spec: Mapping[str, object],
    more: Mapping[str, object],
) -> Item:
    return {
        "id": str(uuid4()),
        "name": name,
        **stamps(),
        "version": version,
        "project": compact(project),
        "project_id": project["id"],
        "organization": ORGANIZATION,
        "schema": {"schema_version": 1, "columns": columns},
        "spec": dict(spec),
        **dict.fromkeys(_CHANGEABLE),
        **more,
        "input_type": more.get("input_type") or "TABULAR",
        "task": more.get("task") or "NOT_SET",
        "task_params": more.get("task_params") or {},
        "artifact_status": "no_model",
        "artifact_files": [],
        "is_binary_ranking_model": False,
    }

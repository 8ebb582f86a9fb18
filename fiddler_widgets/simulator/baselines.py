"""The datasets of models, which the REST API calls environments, and their baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.job_kinds import reference_to
from fiddler_widgets.simulator.listing import by_id, compact, page
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, conflict, json_of, not_found, text_in
from fiddler_widgets.simulator.routes import ORGANIZATION
from fiddler_widgets.simulator.uploads import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.models import Models
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["ENVIRONMENTS", "Baselines"]

ENVIRONMENTS = ("PRODUCTION", "PRE_PRODUCTION")
"""The environments to which events are published."""

_TYPES = ("STATIC", "ROLLING")
_OPTIONS = ("start_time", "end_time", "offset_delta", "window_bin_size")


class Baselines:
    """The datasets and baselines; used only on the server's thread."""

    def __init__(self, models: Models) -> None:
        """Begin without datasets and baselines."""
        self._models = models
        self._datasets: list[Item] = []
        self._baselines: list[Item] = []
        self.table: Table = {
            "/v3/environments": {"GET": self._list_datasets},
            "/v3/environments/*": {"GET": self._get_dataset},
            "/v3/models/*/environments": {"GET": self._datasets_of},
            "/v3/baselines": {"GET": self._list, "POST": self._create},
            "/v3/baselines/*": {"GET": self._get, "DELETE": self._remove},
            "/v3/models/*/baselines": {"GET": self._baselines_of},
        }

    def published(self, model: Item, name: str) -> None:
        """Take note that a dataset is published; the first time, it also becomes a static baseline."""
        if any((known["model_id"], known["name"]) == (model["id"], name) for known in self._datasets):
            return
        dataset = {
            "id": str(uuid4()),
            "name": name,
            "type": "PRE_PRODUCTION",
            "row_count": None,
            **_belongings(model),
            **stamps(),
        }
        self._datasets.append(dataset)
        if not self._has(model, name):
            self._baselines.append(_new(name, "STATIC", model, dataset, {}))

    def dataset_in(self, document: Mapping[str, object], model: Item) -> Item:
        """Return the dataset of a model with the `env_id` of a request.

        Raises:
            Refused: There is none, or no such field.
        """
        dataset = by_id(self._datasets, text_in(document, "env_id"), "Environment")
        if dataset["model_id"] != model["id"]:
            raise not_found("Environment")
        return dataset

    def _has(self, model: Item, name: str) -> bool:
        return any((baseline["model_id"], baseline["name"]) == (model["id"], name) for baseline in self._baselines)

    def _list_datasets(self, request: Request, _: str) -> Reply:
        return page(request.query, self._datasets)

    def _get_dataset(self, _: Request, id_: str) -> Reply:
        return data_reply(by_id(self._datasets, id_, "Environment"))

    def _datasets_of(self, request: Request, model_id: str) -> Reply:
        model = self._models.find(model_id)
        return page(request.query, [dataset for dataset in self._datasets if dataset["model_id"] == model["id"]])

    def _list(self, request: Request, _: str) -> Reply:
        return page(request.query, self._baselines)

    def _get(self, _: Request, id_: str) -> Reply:
        return data_reply(by_id(self._baselines, id_, "Baseline"))

    def _baselines_of(self, request: Request, model_id: str) -> Reply:
        model = self._models.find(model_id)
        return page(request.query, [baseline for baseline in self._baselines if baseline["model_id"] == model["id"]])

    def _create(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model, name = self._models.model_in(document), text_in(document, "name")
        type_, environment = document.get("type"), document.get("env_type")
        if type_ not in _TYPES or environment not in ENVIRONMENTS:
            raise bad_request("type: STATIC or ROLLING is required, and env_type: PRODUCTION or PRE_PRODUCTION.")
        if environment == "PRODUCTION":
            dataset = {**reference_to("environment", "production"), "type": environment}
        else:
            dataset = self.dataset_in(document, model)
        if self._has(model, name):
            raise conflict("Baseline already exists")
        baseline = _new(name, str(type_), model, dataset, document)
        self._baselines.append(baseline)
        return data_reply(baseline)

    def _remove(self, _: Request, id_: str) -> Reply:
        self._baselines.remove(by_id(self._baselines, id_, "Baseline"))
        return data_reply({})


def _new(name: str, type_: str, model: Item, dataset: Item, options: Mapping[str, object]) -> Item:
    return {
        "id": str(uuid4()),
        "name": name,
        "type": type_,
        **{option: options.get(option) for option in _OPTIONS},
        "row_count": None,
        **_belongings(model),
        "environment": compact(dataset, "type"),
        "environment_type": dataset["type"],
        **stamps(),
    }


def _belongings(model: Item) -> Item:
    return {
        "model": compact(model, "version"),
        "model_id": model["id"],
        "project": model["project"],
        "organization": ORGANIZATION,
    }

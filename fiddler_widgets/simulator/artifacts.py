"""The artifact or surrogate of a model, and its deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.listing import compact
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, json_of, not_found, object_in, text_in
from fiddler_widgets.simulator.routes import ORGANIZATION
from fiddler_widgets.simulator.starts import Work, accepted
from fiddler_widgets.simulator.uploads import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.simulator.baselines import Baselines
    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.models import Models
    from fiddler_widgets.simulator.replies import Reply
    from fiddler_widgets.simulator.starts import Starts
    from fiddler_widgets.simulator.uploads import Uploads

__all__ = ["Artifacts"]

# The platform uses one name for adding and updating, and the name for artifacts also when a deployment changes.
_ARTIFACT = Work("Deploy artifact model - manual", (1, 2, 8, 3, 5))
_SURROGATE = Work("Add model surrogate - manual", (1, 3, 9, 2, 4, 3))
_DEPLOYMENT = Work("Deploy artifact model - manual", (1, 6, 2))
_SIZES = ("replicas", "cpu", "memory")


class Artifacts:
    """The deployments of the models; used only on the server's thread."""

    def __init__(self, models: Models, uploads: Uploads, baselines: Baselines, starts: Starts) -> None:
        """Begin with nothing deployed."""
        self._models, self._uploads, self._baselines, self._starts = models, uploads, baselines, starts
        self._deployments: dict[object, Item] = {}
        self.table: Table = {
            "/v3/models/*/deploy-artifact": {"POST": self._deploy_artifact, "PUT": self._deploy_artifact},
            "/v3/models/*/deploy-surrogate": {"POST": self._deploy_surrogate, "PUT": self._deploy_surrogate},
            "/v3/models/*/deployment": {"GET": self._get, "PATCH": self._change},
        }

    def _deploy_artifact(self, request: Request, model_id: str) -> Reply:
        model, document = self._models.find(model_id), json_of(request)
        self._uploads.whole(text_in(document, "file_id"))
        return self._deploy(request, model, document, _ARTIFACT, "PYTHON_PACKAGE", "user_uploaded")

    def _deploy_surrogate(self, request: Request, model_id: str) -> Reply:
        model, document = self._models.find(model_id), json_of(request)
        self._baselines.dataset_in(document, model)
        return self._deploy(request, model, document, _SURROGATE, "SURROGATE", "surrogate")

    def _deploy(
        self, request: Request, model: Item, document: Mapping[str, object], work: Work, kind: str, status: str
    ) -> Reply:
        params = object_in({"deployment_params": {}, **document}, "deployment_params")
        if request.method == "POST" and model["artifact_status"] != "no_model":
            raise bad_request(
                f"Model {model['name']} already has artifact. "
                "Please use update_model_artifact or update_model_surrogate instead"
            )
        self._deployments[model["id"]] = _deployment(model, kind, params)
        job = self._starts.begin(work, model, on_success=lambda: model.update(artifact_status=status))
        return accepted(job)

    def _get(self, _: Request, model_id: str) -> Reply:
        return data_reply(self._find(self._models.find(model_id)))

    def _change(self, request: Request, model_id: str) -> Reply:
        model = self._models.find(model_id)
        deployment, document = self._find(model), json_of(request)
        active, sizes = document.get("active"), {name: document[name] for name in _SIZES if name in document}
        if not isinstance(active, bool) or not all(type(size) is int and size > 0 for size in sizes.values()):
            raise bad_request(
                "active: true or false is required, and whole numbers above 0 for replicas, cpu and memory."
            )
        deployment.update(sizes, active=active, updated_at=stamps()["updated_at"])
        return accepted(self._starts.begin(_DEPLOYMENT, model), **deployment)

    def _find(self, model: Item) -> Item:
        if model["id"] not in self._deployments:
            raise not_found("Model deployment")
        return self._deployments[model["id"]]


def _deployment(model: Item, kind: str, params: Mapping[str, object]) -> Item:
    deployment_type = params.get("deployment_type", "BASE_CONTAINER")
    return {
        "id": str(uuid4()),
        "model": compact(model, "version"),
        "project": model["project"],
        "organization": ORGANIZATION,
        "artifact_type": kind,
        "deployment_type": deployment_type,
        "active": deployment_type != "MANUAL",
        "image_uri": params.get("image_uri"),
        **{name: params.get(name, 1 if name == "replicas" else None) for name in _SIZES},
        **stamps(),
    }

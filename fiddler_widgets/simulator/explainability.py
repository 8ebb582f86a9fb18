"""Explanations of models: jobs that compute them beforehand, and numbers that are made up from the columns' names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

from fiddler_widgets.simulator.models import column_names
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, json_of, not_found, object_in
from fiddler_widgets.simulator.starts import Work, accepted
from fiddler_widgets.simulator.uploads import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fiddler_widgets.simulator.baselines import Baselines
    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Handler, Table
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.models import Models
    from fiddler_widgets.simulator.replies import Reply
    from fiddler_widgets.simulator.starts import Starts

__all__ = ["Explainability"]

_IMPACT, _IMPORTANCE, _PREDICTIONS = "impact", "importance", "predictions"
_WORKS = {
    _IMPACT: Work("Pre-compute feature impact", (1, 2, 7, 4)),
    _IMPORTANCE: Work("Pre-compute feature importance", (1, 2, 5, 5, 3)),
    _PREDICTIONS: Work("Pre-compute predictions", (1, 4, 9, 2, 3, 1)),
}


class Explainability:
    """The explanations of the models; used only on the server's thread."""

    def __init__(self, models: Models, baselines: Baselines, starts: Starts) -> None:
        """Begin with nothing computed."""
        self._models, self._baselines, self._starts = models, baselines, starts
        self._computed: dict[tuple[str, object], Item] = {}
        self.table: Table = {
            "/v3/analytics/precompute-feature-impact": _post_and_put(partial(self._start, _IMPACT)),
            "/v3/analytics/precompute-feature-importance": _post_and_put(partial(self._start, _IMPORTANCE)),
            "/v3/analytics/precompute-predictions": _post_and_put(partial(self._start, _PREDICTIONS)),
            "/v3/analytics/feature-impact": {"POST": partial(self._compute, _IMPACT)},
            "/v3/analytics/feature-importance": {"POST": partial(self._compute, _IMPORTANCE)},
            "/v3/analytics/feature-impact/precomputed": {"POST": partial(self._look_up, _IMPACT)},
            "/v3/analytics/feature-importance/precomputed": {"POST": partial(self._look_up, _IMPORTANCE)},
            "/v3/analytics/upload-feature-impact": _post_and_put(self._upload),
            "/v3/explain": {"POST": self._explain},
            "/v3/predict": {"POST": self._predict},
        }

    def _start(self, explanation: str, request: Request, _: str) -> Reply:
        document = json_of(request)
        model = self._models.model_in(document)
        dataset = self._baselines.dataset_in(document, model)
        names = {"env_type": "PRE_PRODUCTION", "env_name": dataset["name"]}

        def store() -> None:
            self._computed[explanation, model["id"]] = _global_explanation(explanation, model, dataset)

        return accepted(self._starts.begin(_WORKS[explanation], model, on_success=store, info=names))

    def _compute(self, explanation: str, request: Request, _: str) -> Reply:
        document = json_of(request)
        model, source = self._models.model_in(document), object_in(document, "data_source")
        if source.get("env_type") == "PRE_PRODUCTION":
            return data_reply(_global_explanation(explanation, model, self._baselines.dataset_in(source, model)))
        return data_reply(_global_explanation(explanation, model, {"id": None, "name": "production"}))

    def _look_up(self, explanation: str, request: Request, _: str) -> Reply:
        computed = self._computed.get((explanation, self._models.model_in(json_of(request))["id"]))
        if computed is None:
            raise not_found(f"Feature {explanation}")
        return data_reply(computed)

    def _upload(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model, values = self._models.model_in(document), object_in(document, "feature_impact_map")
        inputs = {name.lower() for name in column_names(model, "inputs")}
        if not values or not all(type(value) in {int, float} for value in values.values()):
            raise bad_request("feature_impact_map: a number for each feature is required.")
        unknown_names = [name for name in values if name.lower() not in inputs]
        if unknown_names:
            raise bad_request(f"feature_impact_map: the model has no input {', '.join(unknown_names)}.")
        uploaded = {
            "feature_names": list(values),
            "feature_impact_scores": list(values.values()),
            "system_generated": False,
            **_about(model),
        }
        self._computed[_IMPACT, model["id"]] = uploaded
        return data_reply(uploaded)

    def _explain(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model, source = self._models.model_in(document), object_in(document, "input_data_source")
        row = source.get("row")
        values = row if isinstance(row, dict) else {}
        contents = [
            {
                "type": "simple",
                "feature-name": name,
                "value": values.get(name),
                "attribution": _made_up(name) - 0.5,
                "attribution-uncertainty": 0.01,
            }
            for name in column_names(model, "inputs")
        ]
        explanations = {
            name: {
                "model_prediction": _made_up(name),
                "baseline_prediction": 0.2,
                "GEM": {"type": "container", "contents": contents, "attribution": round(_made_up(name) - 0.2, 4)},
            }
            for name in column_names(model, "outputs")
        }
        method = document.get("explanation_type") or "FIDDLER_SHAP"
        return data_reply(
            {
                "explanation_type": method,
                "num_permutations": document.get("num_permutations", 50),
                "ci_level": document.get("ci_level", 0.95),
                "explanations": explanations,
                "num_refs": 30,
            }
        )

    def _predict(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model, rows = self._models.model_in(document), document.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise bad_request("data: a list of objects is required.")
        outputs = column_names(model, "outputs")
        return data_reply({"predictions": [{name: _made_up(f"{name} of {row}") for name in outputs} for row in rows]})


def _post_and_put(handler: Handler) -> Mapping[str, Handler]:
    """Use the handler for POST and for PUT, by which clients replace what exists already."""
    return {"POST": handler, "PUT": handler}


def _made_up(text: str) -> float:
    """Return a number from 0 to 1 that depends only on the text."""
    return crc32(text.encode("utf-8", "surrogatepass")) % 10_000 / 10_000


def _about(model: Item) -> Item:
    return {
        "model_task": model["task"],
        "model_input_type": model["input_type"],
        "created_at": stamps()["created_at"],
    }


def _global_explanation(explanation: str, model: Item, dataset: Mapping[str, object]) -> Item:
    names = column_names(model, "inputs")
    values = [_made_up(f"{explanation} of {name}") for name in names]
    widths: Sequence[float] = [0.001] * len(names)
    common = {
        "num_refs": 10_000,
        "ci_level": 0.95,
        "feature_names": names,
        "random_sample_ci": widths,
        "fixed_sample_ci": widths,
        "env_id": dataset["id"],
        "env_name": dataset["name"],
        "system_generated": True,
        **_about(model),
    }
    if explanation == _IMPORTANCE:
        return {
            **common,
            "loss": "pointwise_logloss",
            "mean_loss": 0.36,
            "mean_loss_ci": 0.09,
            "mean_loss_increase_importance": values,
            "total_input_samples": 100,
            "valid_input_samples": 100,
        }
    return {
        **common,
        "num_inputs": 100,
        "mean_prediction": 0.09,
        "mean_prediction_ci": 0.007,
        "mean_abs_prediction_change_impact": values,
    }

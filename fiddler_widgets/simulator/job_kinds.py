"""The kinds of jobs that a Fiddler platform runs, with their names and their info."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Kind", "kind_of", "reference_to"]


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        name: The name that the platform gives such a job.
        resource_type: The type of the resource that it works on, such as `"DATASET"`.
        resource: The name of that resource.
        project: The project of the resource.
        model: The model of the resource.
        version: The model's version.
    """

    name: str
    resource_type: str
    resource: str
    project: str = "bank_churn"
    model: str = "bank_churn"
    version: str = "v1"

    def info(self) -> dict[str, object]:
        """Return the `info` in answers about a job of this kind."""
        return {
            "resource_type": self.resource_type,
            "resource_name": self.resource,
            "project_name": self.project,
            "resource": reference_to(self.resource_type.lower(), self.resource),
            "project": reference_to("project", self.project),
            "model": {**reference_to("model", self.model), "version": self.version},
        }


KINDS: Mapping[str, Kind] = {
    "artifact": Kind("Deploy artifact model - manual", "MODEL", "fraud_detector",
                     "payments", "fraud_detector", "v3"),
    "baseline": Kind("Compute baseline statistics", "BASELINE", "q2_reference"),
    "delete": Kind("Delete events", "EVENTS", "churn_events_2023"),
    "importance": Kind("Pre-compute feature importance", "MODEL", "loan_default",
                       "lending", "loan_default", "v2"),
    "ingestion": Kind("Ingestion dataset Upload", "DATASET", "bank_churn"),
    "predictions": Kind("Pre-compute predictions", "MODEL", "loan_default",
                        "lending", "loan_default", "v2"),
    "publish": Kind("Publish production events", "EVENTS", "churn_events_2024_q3"),
    "pre_production": Kind("Ingestion pre-production dataset", "DATASET",
                           "claims_validation", "insurance", "claims_triage", "v4"),
    "surrogate": Kind("Add model surrogate - manual", "MODEL", "claims_triage",
                      "insurance", "claims_triage", "v4"),
}  # fmt: skip
"""The kinds by name."""

_USUAL: Mapping[str, str] = {
    "failing": "publish",
    "instant": "delete",
    "no_progress": "baseline",
    "retry": "pre_production",
    "revoked": "importance",
    "stepwise": "artifact",
    "stuck": "predictions",
    "subtasks": "surrogate",
    "uneven": "surrogate",
    "unknown": "baseline",
}


def kind_of(scenario: str) -> Kind:
    """Return the kind of job that suits the scenario of this name."""
    return KINDS[_USUAL.get(scenario, "ingestion")]


def reference_to(kind: str, name: str) -> dict[str, object]:
    """Return id and name of a project, model or the like; the id depends only on kind and name."""
    return {"id": str(uuid5(NAMESPACE_URL, f"{kind}/{name}")), "name": name}

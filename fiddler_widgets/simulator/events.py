"""The events that clients publish, change and delete, and the jobs that this starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.baselines import ENVIRONMENTS
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, json_of, object_in, text_in
from fiddler_widgets.simulator.starts import Work, accepted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.simulator.baselines import Baselines
    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.jobs import SimulatedJob
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.models import Models
    from fiddler_widgets.simulator.replies import Reply
    from fiddler_widgets.simulator.starts import Starts
    from fiddler_widgets.simulator.uploads import Uploads

__all__ = ["Events", "Publication"]

# A file is read, then ingested in parts; then the statistics of the data are updated.
_PARTS = (1, 4, 6, 3, 5, 2, 1)
_DATASET = {
    False: Work("Upload dataset {resource}", _PARTS, "DATASET", result=None),
    True: Work("Update dataset {resource}", _PARTS, "DATASET", result=None),
}
_PRODUCTION = {
    False: Work("Publish events of {model}", _PARTS, "EVENT", result=None),
    True: Work("Update events of {model}", _PARTS, "EVENT", result=None),
}
_DELETION = Work("Delete events", (1, 6, 2), "EVENT")
_MOST_DELETED = 10_000


@dataclass(frozen=True)
class Publication:
    """Events that a client has published.

    Attributes:
        environment: `"PRODUCTION"` or `"PRE_PRODUCTION"`.
        dataset: The name of the dataset; `None` in production, which has none.
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


class Events:
    """The events that are published to the models; used only on the server's thread.

    Attributes:
        published: All publications so far, the oldest first.
    """

    def __init__(self, models: Models, uploads: Uploads, baselines: Baselines, starts: Starts) -> None:
        """Begin with nothing published."""
        self._models, self._uploads, self._baselines, self._starts = models, uploads, baselines, starts
        self.published: list[Publication] = []
        self.table: Table = {"/v3/events": {"POST": self._publish, "PATCH": self._publish, "DELETE": self._delete}}

    def _publish(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model = self._models.model_in(document)
        environment = text_in(document, "env_type")
        if environment not in ENVIRONMENTS:
            raise bad_request("env_type: PRODUCTION or PRE_PRODUCTION is required.")
        dataset = text_in(document, "env_name") if environment == "PRE_PRODUCTION" else None
        source = object_in(document, "source")
        update = request.method == "PATCH"
        if source.get("type") == "FILE":
            return self._publish_file(model, text_in(source, "file_id"), environment, dataset, update=update)
        if source.get("type") == "EVENTS":
            return self._publish_events(source.get("events"), environment, dataset, update=update)
        raise bad_request("source.type: FILE or EVENTS is required.")

    def _publish_file(self, model: Item, file_id: str, environment: str, dataset: str | None, *, update: bool) -> Reply:
        file = self._uploads.whole(file_id)
        work, resource = (_PRODUCTION, str(model["name"])) if dataset is None else (_DATASET, dataset)
        names = {"env_type": environment, "env_name": dataset or "production"}
        job = self._starts.begin(work[update], model, resource=resource, info=names)
        if dataset is not None:
            self._baselines.published(model, dataset)
        self.published.append(Publication(environment, dataset, update, job, file.name, file.size))
        return accepted(job, source_type="FILE")

    def _publish_events(self, events: object, environment: str, dataset: str | None, *, update: bool) -> Reply:
        if dataset is not None:
            raise bad_request("source.type: events without a file are for PRODUCTION alone.")
        if not isinstance(events, list) or not events or not all(isinstance(event, dict) for event in events):
            raise bad_request("source.events: a list of objects is required.")
        self.published.append(Publication(environment, dataset, update, events=len(events)))
        return data_reply({"source_type": "EVENTS", "event_ids": [str(uuid4()) for _ in events]}, status=202)

    def _delete(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        model = self._models.model_in(document)
        _check_selection(document)
        names = {"env_type": "PRODUCTION", "env_name": "production"}
        return accepted(self._starts.begin(_DELETION, model, resource=str(model["name"]), info=names))


def _check_selection(document: Mapping[str, object]) -> None:
    """Refuse a deletion that selects events neither by time nor by id, or by both."""
    if ("time_range" in document) == ("event_ids" in document):
        raise bad_request("Either time_range or event_ids is required.")
    if "time_range" in document:
        times = object_in(document, "time_range")
        if _moment(times, "start_time") >= _moment(times, "end_time"):
            raise bad_request("time_range: the end has to come after the start.")
        return
    ids = document["event_ids"]
    if not isinstance(ids, list) or not 0 < len(ids) <= _MOST_DELETED:
        raise bad_request(f"event_ids: a list of 1 to {_MOST_DELETED:,} ids is required.")
    if document.get("update_metrics"):
        raise bad_request("update_metrics: this is for a time_range alone.")


def _moment(times: Mapping[str, object], name: str) -> float:
    refusal = bad_request(f"time_range.{name}: date, time and offset in ISO 8601 are required.")
    try:
        # Python 3.10 does not read "Z".
        moment = datetime.fromisoformat(text_in(times, name).replace("Z", "+00:00"))
    except ValueError:
        raise refusal from None
    if moment.tzinfo is None:
        raise refusal
    return moment.timestamp()

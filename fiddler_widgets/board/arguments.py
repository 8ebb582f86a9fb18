"""Checks and conversions of the arguments and results of a board."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ipywidgets

from fiddler_widgets.board.protocol import GROUPS, ORDERS
from fiddler_widgets.client import fiddler_client
from fiddler_widgets.jobs.job import Job
from fiddler_widgets.models import normal_id
from fiddler_widgets.widget.saved_state import lasting_ids

__all__ = ["first_view", "height_of", "id_of", "lasting_layout", "moment_of"]


def first_view(order: str, group_by: str | None) -> dict[str, Any]:
    """How a board shows its rows until the reader changes it; raises a `ValueError` for an unknown order or group."""
    return {
        "order": _one_of("order", order, ORDERS),
        "descending": False,
        "group": _one_of("group_by", group_by or "", GROUPS),
        "statuses": [],
        "shut": [],
        "open": [],
        "looked": [],
    }


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    """An argument that must be one of the known values; raises a `ValueError` otherwise."""
    if value not in known:
        msg = f"{name} is one of {', '.join(repr(option) for option in known if option)}, not {value!r}"
        raise ValueError(msg)
    return value


def height_of(height: float | None) -> float:
    """A height in pixels, 0 for the usual one; raises a `ValueError` if it is negative or NaN."""
    if height is not None and not height >= 0:
        msg = f"height must be 0 pixels or more, not {height}"
        raise ValueError(msg)
    return float(height or 0)


def id_of(job: object) -> str:
    """The id of a value that a user passes as a job, in the spelling of `normal_id`."""
    return normal_id(job.id if isinstance(job, Job) or fiddler_client.is_job(job) else job)  # type: ignore[arg-type, attr-defined]


def moment_of(at: float | None) -> datetime | None:
    """Epoch seconds as a time in UTC."""
    return None if at is None else datetime.fromtimestamp(at, timezone.utc)


def lasting_layout(layout: object) -> dict[str, Any]:
    """The layout and the model id of a board without a page, which are the same in each run of its notebook."""
    model_id, layout_id = lasting_ids("board")
    options = layout if isinstance(layout, dict) else {}
    return {"layout": ipywidgets.Layout(**options, model_id=layout_id), "model_id": model_id}

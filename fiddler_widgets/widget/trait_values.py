"""What a report means for a card: the values of its traits, and the times that its page counts on from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import traitlets

from fiddler_widgets.models import Health
from fiddler_widgets.rendering.card_content import card_content
from fiddler_widgets.rendering.static_card import CardSnapshot
from fiddler_widgets.widget.links import Links, links

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.models import JobState
    from fiddler_widgets.polling.report import Report

__all__ = ["FIELDS", "OBSERVABLE", "fields", "seen"]

FIELDS = ("health", "name", "status", "progress", "indeterminate", "error_reason", "error_message", "info", "extras")
"""The traits that tell of the job."""

OBSERVABLE = (*FIELDS, "health_detail", "time_left", traitlets.All)
"""Those whose change may run code of users."""

_NOWHERE = Links()


def fields(
    job_id: str, report: Report, known: JobState | None = None, aside: str = "", where: Links = _NOWHERE
) -> dict[str, Any]:
    """The traits that a report sets, by name.

    Args:
        job_id: The job's id.
        report: What there is to show about it.
        known: What was known of it already; counts as long as a report comes without an answer.
        aside: What the card has to say while all is well.
        where: Where the card leads to.
    """
    detail = (aside if report.health is Health.LIVE else "") or report.detail
    values: dict[str, Any] = {"health": report.health.value, "health_detail": detail}
    state = report.state or known
    values["_said"] = card_content(job_id, state, report.health, detail, platform=where.platform, page=where.page)
    if state is not None:
        values |= {
            "name": state.name,
            "status": str(state.status),
            "progress": state.progress if state.progress is not None else 0.0,
            "indeterminate": state.progress is None,
            "error_reason": state.error_reason or "",
            "error_message": state.error_message or "",
            "info": state.info,
            "extras": state.extras,
        }
    return values


def seen(job: Job, health: str, detail: str, clock: dict[str, Any], history: dict[str, Any]) -> CardSnapshot:
    """What a card knows, for a view that will not change; the clock and the history are those of its page."""
    silent = clock.get("silent")
    at = job.__job_record__.known_since() if silent is None else clock["now"] - silent
    watched, retries, now = clock.get("watched", 0.0), clock.get("retries", 0), time.time()
    return CardSnapshot(str(job.id), job.state, Health(health), detail, watched, at, retries, history, now, *links(job))

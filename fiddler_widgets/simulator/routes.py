"""Which answer a request gets where all is well; what goes wrong on demand is not known here."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from fiddler_widgets.simulator.replies import data_reply, error_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.jobs import SimulatedJob
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["NOT_ALLOWED", "ORGANIZATION", "good_reply", "is_authorized", "job_id_in", "wants_verbose"]

_JOBS = "/v3/jobs/"
ORGANIZATION: Mapping[str, object] = {
    "id": "5531bfd9-2ca2-4a7b-bb5a-136c8da09ca2",
    "name": "simulated",
}
"""The organisation that everything on the simulator belongs to."""
_SERVER_INFO: Mapping[str, object] = {
    "feature_flags": {},
    "server_version": "25.2.0",
    "organization": ORGANIZATION,
}
_UNAUTHORIZED = error_reply(401, "The API token is missing, unknown or expired.", "Unauthorized")
_JOB_NOT_FOUND = error_reply(404, "Job not found for the given identifier", "ObjectNotFound")
_PATH_NOT_FOUND = error_reply(404, "The requested URL was not found", "NotFound")
NOT_ALLOWED = error_reply(405, "The method is not allowed here", "MethodNotAllowed")
"""The answer to a method that a path does not know."""


def is_authorized(request: Request, token: str) -> bool:
    """Say whether the request carries this token."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    return right and scheme.lower() == "bearer"


def job_id_in(path: str) -> str | None:
    """Return the id of the job that a path asks about; `None` if it asks about no job."""
    rest = unquote(path[len(_JOBS) :]) if path.startswith(_JOBS) else ""
    return None if not rest or "/" in rest else rest


def wants_verbose(query: str) -> bool:
    """Say whether a query asks for a job's subtasks."""
    values = parse_qs(query).get("verbose", ["false"])
    return values[-1].lower() in {"true", "1"}


def good_reply(
    request: Request,
    job: SimulatedJob | None,
    elsewhere: Callable[[Request], Reply | None],
    *,
    authorized: bool,
) -> Reply:
    """Return the answer of a platform that works.

    Args:
        request: What is asked.
        job: The job it asks about, if there is such a job.
        elsewhere: Answers what is about no job, or says `None`.
        authorized: Whether it came with the token.
    """
    if not authorized:
        return _UNAUTHORIZED
    data: Mapping[str, object]
    if job is not None:
        data = job.answer(verbose=wants_verbose(request.query))
    elif job_id_in(request.path) is not None:
        return _JOB_NOT_FOUND
    elif request.path == "/v3/server-info":
        data = _SERVER_INFO
    elif request.path == "/v3/version-compatibility":
        data = {}
    else:
        return elsewhere(request) or _PATH_NOT_FOUND
    return data_reply(data) if request.method == "GET" else NOT_ALLOWED

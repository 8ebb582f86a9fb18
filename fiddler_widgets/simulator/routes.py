"""The good answer to each request, without faults."""

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
"""The organisation of everything on the simulator."""
_SERVER_INFO: Mapping[str, object] = {
    "feature_flags": {},
    "server_version": "25.2.0",
    "organization": ORGANIZATION,
}
_UNAUTHORIZED = error_reply(401, "The API token is missing, unknown or expired.", "Unauthorized")
_JOB_NOT_FOUND = error_reply(404, "Job not found for the given identifier", "ObjectNotFound")
_PATH_NOT_FOUND = error_reply(404, "The requested URL was not found", "NotFound")
NOT_ALLOWED = error_reply(405, "The method is not allowed here", "MethodNotAllowed")
"""The answer to a method that a path does not have."""


def is_authorized(request: Request, token: str) -> bool:
    """Return whether the request has this token."""
    scheme, _, sent_token = request.headers.get("Authorization", "").partition(" ")
    token_matches = hmac.compare_digest(sent_token.strip().encode(), token.encode())
    return token_matches and scheme.lower() == "bearer"


def job_id_in(path: str) -> str | None:
    """Return the id of the job in a path; `None` if the path is not about a job."""
    id_part = unquote(path[len(_JOBS) :]) if path.startswith(_JOBS) else ""
    return None if not id_part or "/" in id_part else id_part


def wants_verbose(query: str) -> bool:
    """Return whether a query asks for a job's subtasks."""
    values = parse_qs(query).get("verbose", ["false"])
    return values[-1].lower() in {"true", "1"}


def good_reply(
    request: Request,
    job: SimulatedJob | None,
    answer_others: Callable[[Request], Reply | None],
    *,
    authorized: bool,
) -> Reply:
    """Return the answer of a platform that works.

    Args:
        request: The request.
        job: The job it is about, if there is such a job.
        answer_others: Answers requests with other paths; returns `None` for unknown paths.
        authorized: Whether the request has the token.
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
        return answer_others(request) or _PATH_NOT_FOUND
    return data_reply(data) if request.method == "GET" else NOT_ALLOWED

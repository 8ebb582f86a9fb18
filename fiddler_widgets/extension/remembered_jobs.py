"""The extension and the journal: the jobs that cells start are remembered, and ``%fiddler_jobs recent`` shows them.

Whatever takes longer than a few microseconds runs in the journal's thread.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fiddler_widgets.client import default_connection
from fiddler_widgets.environment import in_notebook
from fiddler_widgets.exceptions import NotConnected
from fiddler_widgets.extension.job_outputs import JobOutput
from fiddler_widgets.jobs.job import Job
from fiddler_widgets.jobs.record import JobRecord
from fiddler_widgets.models import JobState, parse_id
from fiddler_widgets.rendering import static_list

if TYPE_CHECKING:
    from contextvars import Context

    from fiddler_widgets.journal import RememberedJob
    from fiddler_widgets.journal.sightings import Moment

__all__ = ["remember_start", "show_recent"]

_MOST = 100
"""The most jobs that are shown at once."""


def remember_start(job_id: object, official: Any) -> None:
    """Have the journal remember a job that the official client has started.

    Args:
        job_id: Its id, as the official client has it.
        official: The official client's object for it; ``None`` if the first request for it failed.
    """
    from fiddler_widgets.journal import api, switches  # noqa: PLC0415 (imported only if a job is started)

    try:
        if switches.switch() is not False:
            api.shared().run_later(functools.partial(_remember, job_id, official, *switches.capture_context()))
    except Exception:  # noqa: BLE001 (a failure of the journal must not keep the start from being shown)
        api.log_failure()


def _remember(job_id: object, official: Any, started: Moment, context: Context) -> None:
    record = JobRecord(parse_id(job_id if official is None else official.id), connection=None)
    if official is not None:
        record.adopt(official)
        # The object's fields are as of the start.
        record.known_at = started.steady
    record.remember(started, context, started=True)


def show_recent(days: float = 7) -> None:
    """Show the jobs of the last days, of all kernels of this user; those that were not over are watched again."""
    from fiddler_widgets import journal  # noqa: PLC0415 (imported only if it is needed)

    remembered = journal.jobs(days)[:_MOST]
    if not remembered:
        print(f"No job is remembered of the last {days:g} days ({journal.path}).")  # noqa: T201 (a magic speaks)
        return
    try:
        connection = default_connection.latest_of_official(None)
    except NotConnected:
        connection = None
    url = str(getattr(connection, "url", ""))
    connected = [job for job in remembered if url and _same_server(job.server, url)]
    others = [job for job in remembered if job not in connected]
    if connected and in_notebook():
        # Jobs of the connected platform are shown live.
        output = JobOutput()
        output.add(Job(job.id, connection=connection, state=_state(job)) for job in connected)
        output.show()
        if others:
            print(f"As last seen, on platforms that this kernel is not connected to:\n{_text(others)}")  # noqa: T201
    else:
        print(f"As last seen:\n{_text(remembered)}")  # noqa: T201


def _same_server(server: str, url: str) -> bool:
    from fiddler_widgets.journal.entries import server_name  # noqa: PLC0415

    return server == server_name(url)


def _state(job: RememberedJob) -> JobState | None:
    """A remembered job as a state; ``None`` if there was no answer about it."""
    if not job.status:
        return None
    return JobState(parse_id(job.id), name=job.name, status=job.status, info=job.kind.info)


def _text(jobs: list[RememberedJob]) -> str:
    return static_list.text([static_list.Row(job.id, _state(job)) for job in jobs])

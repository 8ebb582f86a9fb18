"""Jobs and exceptions in a pickle, as process pools send them; the token never travels."""

from __future__ import annotations

import pickle
import sys
from typing import TYPE_CHECKING, Any

import fiddler
import pytest

import fiddler_widgets as fw
from fiddler_widgets.client import default_connection, fiddler_client
from fiddler_widgets.models import JobState

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
URL, TOKEN = "https://acme.fiddler.example", "canary-token"

FACTS: dict[type[fw.ApiError], dict[str, Any]] = {
    fw.ApiError: {"code": 403, "errors": [{"reason": "Forbidden"}], "retry_after": 2.5, "foreign": True},
    fw.NotFound: {"code": 404, "errors": [{"reason": "ObjectNotFound"}]},
    fw.ApiConnectionError: {"permanent": True, "advice": "Give them in HTTPS_PROXY.", "code": 407},
}
ABOUT_JOBS = [fw.AsyncJobFailed, fw.JobRevoked, fw.JobTimeoutError, fw.WatchStopped]
WITH_COUNTERPART: list[type[fw.FiddlerWidgetsError]] = [*FACTS, fw.AsyncJobFailed, fw.JobRevoked]

both = pytest.mark.parametrize("made", [lambda kind: kind, fiddler_client.also_official], ids=["ours", "joined"])


def there_and_back(thing: Any) -> Any:
    """What arrives at the other end."""
    sent = pickle.dumps(thing)
    assert TOKEN.encode() not in sent
    return pickle.loads(sent)  # noqa: S301 (just made)


@pytest.fixture
def job() -> fw.Job:
    """A job that has been looked at, on a connection with a token."""
    fw.init(URL, TOKEN)
    state = JobState(id=ID, name="Upload", status=fw.JobStatus.FAILURE, error_message="no space")
    return fw.Job(ID, connection=default_connection.current(), state=state, verbose=True)


def test_job_arrives_with_what_is_known_of_it(job: fw.Job) -> None:
    """Its last answer, and whether it is asked for with subtasks."""
    arrived = there_and_back(job)
    assert type(arrived) is fw.Job
    assert (arrived.id, arrived.state, arrived.__job_record__.verbose) == (job.id, job.state, True)


def test_job_that_arrived_is_asked_for_where_it_is(job: fw.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """It uses the connection of the process that it came to; without one, it says so when it is asked for."""
    arrived = there_and_back(job)
    assert arrived.__job_record__.newest_connection() is default_connection.current()
    monkeypatch.setattr(default_connection, "_current", None)
    with pytest.raises(fw.NotConnected):
        there_and_back(job).refresh()


@both
@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_error_of_the_server_arrives_whole(kind: type[fw.ApiError], made: Callable[[Any], Any]) -> None:
    """Its class, message and facts, also where the official client's users catch it."""
    error = made(kind)("what happened", **FACTS[kind])
    arrived = there_and_back(error)
    assert type(arrived) is made(kind)
    assert str(arrived) == "what happened"
    assert vars(arrived) == vars(error)


@both
@pytest.mark.parametrize("kind", ABOUT_JOBS, ids=lambda kind: kind.__name__)
def test_error_about_a_job_arrives_with_the_job(
    job: fw.Job, kind: type[fw.AsyncJobFailed], made: Callable[[Any], Any]
) -> None:
    """Its class, its message, and the job in its `job`."""
    arrived = there_and_back(made(kind)("what happened", job=job))
    assert type(arrived) is made(kind)
    assert (arrived.message, arrived.args) == ("what happened", ("what happened",))
    assert arrived.job.state == job.state


@pytest.mark.parametrize("kind", WITH_COUNTERPART, ids=lambda kind: kind.__name__)
def test_official_except_clause_catches_what_arrived(kind: type[fw.FiddlerWidgetsError]) -> None:
    """`except fiddler.…` holds at the other end, too."""
    arrived = there_and_back(fiddler_client.also_official(kind)("what happened"))
    assert isinstance(arrived, (fiddler.ApiError, fiddler.AsyncJobFailed))


@pytest.mark.parametrize("kind", WITH_COUNTERPART, ids=lambda kind: kind.__name__)
def test_error_arrives_without_the_official_client(
    kind: type[fw.FiddlerWidgetsError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process that has not imported it, what arrives is ours alone, and nothing is imported for it."""
    sent = pickle.dumps(fiddler_client.also_official(kind)("what happened"))
    monkeypatch.delitem(sys.modules, "fiddler.exceptions")
    arrived = pickle.loads(sent)  # noqa: S301 (just made)
    assert type(arrived) is kind
    assert "fiddler.exceptions" not in sys.modules

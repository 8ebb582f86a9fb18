"""The official client's own tests of its job, run against ours, and against the extension's `wait`."""

from __future__ import annotations

import inspect
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import fiddler
import pytest
import responses
from fiddler.tests.apis import test_job as theirs
from fiddler.tests.constants import JOB_ID, URL
from IPython.core.interactiveshell import InteractiveShell

import fiddler_widgets as fw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THEIR_TESTS = [test for name, test in vars(theirs).items() if name.startswith("test_") and inspect.isfunction(test)]


@pytest.fixture(autouse=True)
def connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The official client connected to the address of its tests, without asking there."""
    monkeypatch.setattr(fiddler, "conn", fiddler.Connection(url=URL, token="canary", validate=False))


@pytest.fixture
def extension() -> Iterator[None]:
    """The extension, loaded."""
    shell: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    fw.load_ipython_extension(shell)
    yield
    fw.unload_ipython_extension(shell)
    shell.history_manager.end_session()


def test_there_are_tests_of_theirs() -> None:
    """Get, not found, and watch at least."""
    assert len(THEIR_TESTS) >= 3


@pytest.mark.parametrize("test", THEIR_TESTS, ids=lambda test: test.__name__)
def test_our_job_passes_theirs(test: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """With our class in the place of theirs."""
    monkeypatch.setattr(theirs, "Job", fw.Job)
    monkeypatch.setattr(theirs, "NotFound", fw.NotFound)
    test()


@pytest.mark.usefixtures("extension")
@pytest.mark.parametrize("test", THEIR_TESTS, ids=lambda test: test.__name__)
def test_extension_changes_nothing_for_theirs(test: Callable[[], None]) -> None:
    """With the extension loaded, their class passes as before."""
    test()


@pytest.mark.usefixtures("extension")
@pytest.mark.parametrize(("last", "outcome"), [("SUCCESS", None), ("FAILURE", fiddler.AsyncJobFailed)])
@responses.activate
def test_extensions_wait_passes_on_their_answers(last: str, outcome: type[Exception] | None) -> None:
    """Their answer, first as a running job's, through an outage to its end."""
    answer: dict[str, Any] = theirs.API_RESPONSE_200
    url = f"{URL}/v3/jobs/{JOB_ID}"
    responses.get(url=url, json={**answer, "data": {**answer["data"], "status": "STARTED", "progress": 50}})
    responses.get(url=url, status=HTTPStatus.BAD_GATEWAY)
    responses.get(url=url, json={**answer, "data": {**answer["data"], "status": last}})
    job = fiddler.Job.get(JOB_ID)
    assert job.status == "STARTED"
    if outcome is None:
        assert job.wait(interval=0.2, timeout=20) is None
    else:
        with pytest.raises(outcome):
            job.wait(interval=0.2, timeout=20)
    assert job.status == last
    assert job.progress == 100

"""Hosts with a page that tell the kernel of no cell: nbclassic, PyCharm, Databricks. Here they are stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.http.a_kernel import Kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob, Simulator

HOSTS = {
    # A person can be asked for input, at a notebook of one of Jupyter's servers.
    "PyCharm": ({"JPY_SESSION_NAME": "a.ipynb"}, True),
    "Databricks": ({"DATABRICKS_RUNTIME_VERSION": "15.4"}, False),
}


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """A job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", duration=600)
    job.set(status="STARTED", progress=20.0)
    return job


@pytest.fixture(params=sorted(HOSTS))
def host(sim: Simulator, request: pytest.FixtureRequest) -> Iterator[tuple[Kernel, bool]]:
    """A kernel of such a host, connected to the simulator, and whether its cells can ask for input."""
    variables, stdin = HOSTS[request.param]
    with kernel(**variables) as started:
        started.run(f"import fiddler_widgets as fw\nfw.init({sim.url!r}, {sim.token!r})", page=False)
        yield started, stdin


def test_wait_says_nothing_on_stderr(host: tuple[Kernel, bool], job: SimulatedJob) -> None:
    """A host with a page has the card: no lines as for papermill, though the page says nothing."""
    running, stdin = host
    cell = running.begin(f"fw.Job.get({job.id!r}).wait(interval=0.2)", page=False, stdin=stdin)
    running.until(lambda: "draws no widgets" in str(running.outputs()[-1:]))
    job.set(progress=55.0)
    running.until(lambda: "55 %" in running.outputs()[-1]["text/html"])
    job.set(status="SUCCESS", progress=100.0)
    running.until_done(cell)
    running.until(lambda: "Succeeded" in running.outputs()[-1]["text/html"])
    assert running.errors() == []


def test_page_that_updates_no_output_keeps_one_true_card(host: tuple[Kernel, bool], job: SimulatedJob) -> None:
    """What it was given first says as of when it is true; nothing is displayed beside it, and no widget is blanked."""
    running, stdin = host
    cell = running.begin(f"fw.Job.get({job.id!r}).wait(interval=0.2)", page=False, stdin=stdin)
    running.until(lambda: "draws no widgets" in str(running.outputs()[-1:]))
    job.set(status="FAILURE", error_message="no space")
    running.until_done(cell)
    (shown,) = [one["content"]["data"] for one in running.of(cell, "display_data")]
    assert "as of" in shown["text/html"] or "not seen yet" in shown["text/plain"]
    assert running.updates("_esm")[1:] == []

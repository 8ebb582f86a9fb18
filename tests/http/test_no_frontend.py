"""Kernels that no page answers, old and new, idle and blocked: what is in the output, and when the widget is back.

`.ci/test-kernel` runs this file with every ipykernel that takes in messages in another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.http.a_kernel import Kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob, Simulator

WIDGET = "application/vnd.jupyter.widget-view+json"
NOBODY = "draws no widgets"


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """A job that stands at 20 % until the test says otherwise."""
    job = sim.add_job("linear", duration=600)
    job.set(status="STARTED", progress=20.0)
    return job


@pytest.fixture
def running(sim: Simulator) -> Iterator[Kernel]:
    """A kernel that is connected to the simulator."""
    with kernel(JPY_SESSION_NAME="a.ipynb") as started:
        started.run(f"import fiddler_widgets as fw\nfw.init({sim.url!r}, {sim.token!r})")
        yield started


def last_html(running: Kernel) -> str:
    """What the output says now."""
    shown = running.outputs()
    return str(shown[-1].get("text/html", "")) if shown else ""


def beats(running: Kernel) -> int:
    """Signs of life of the card that told of nothing else."""
    updates = [one["content"]["data"].get("state") or {} for one in running.messages if one["msg_type"] == "comm_msg"]
    return sum(state.keys() <= {"_clock", "_number", "time_left"} and "_clock" in state for state in updates)


WAYS = {
    "card": "card = fw.JobWidget({id!r}, interval=0.2)\ncard",
    "wait": "fw.Job.get({id!r}).wait(interval=0.2)",
    "await": "await fw.Job.get({id!r}).wait_async(interval=0.2)",
    "board": "board = fw.JobBoard([{id!r}], interval=0.2)\nboard",
    "wait for several": "_ = fw.wait([fw.Job.get({id!r})])",
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_output_becomes_html_where_nobody_answers(running: Kernel, job: SimulatedJob, way: str) -> None:
    """Also while the cell blocks the kernel's thread; each change is written, and the end is the usual card."""
    cell = running.begin(WAYS[way].format(id=job.id))
    running.until(lambda: NOBODY in last_html(running))
    assert WIDGET in running.outputs()[0]
    assert WIDGET not in running.outputs()[-1]
    assert running.is_done(cell) == (way in ("card", "board"))
    job.set(progress=55.0)
    running.until(lambda: "55 %" in last_html(running))
    job.set(status="SUCCESS", progress=100.0)
    running.until(lambda: "ucceeded" in last_html(running) and NOBODY not in last_html(running))
    running.until_done(cell)
    assert running.errors() == []


@pytest.mark.parametrize("way", ["card", "wait", "await"])
def test_page_that_answers_keeps_the_widget(running: Kernel, job: SimulatedJob, way: str) -> None:
    """Also by a message that the kernel cannot handle before the cell is done, as without subshells."""
    cell = running.begin(WAYS[way].format(id=job.id))
    running.until(running.cards)
    running.page_says(running.cards()[0], {"type": "ready"}, None)
    job.set(progress=55.0)
    running.until(lambda: any(value == 55 for value, _ in running.updates("progress")))
    # Longer than a page is given to answer.
    running.until(lambda: beats(running) >= 2)
    assert all(WIDGET in shown for shown in running.outputs())
    job.set(status="SUCCESS", progress=100.0)
    running.until_done(cell)
    assert running.errors() == []


@pytest.mark.parametrize("way", ["card", "wait"])
def test_widget_comes_back_when_a_page_answers_after_all(running: Kernel, job: SimulatedJob, way: str) -> None:
    """In the output that became HTML."""
    cell = running.begin(WAYS[way].format(id=job.id))
    running.until(lambda: NOBODY in last_html(running))
    running.page_says(running.cards()[0], {"type": "ready"}, None)
    running.until(lambda: WIDGET in running.outputs()[-1])
    assert NOBODY not in last_html(running)
    job.set(status="SUCCESS", progress=100.0)
    running.until_done(cell)


@pytest.mark.parametrize("way", ["card", "wait"])
def test_page_that_closes_the_comm_gets_html_and_the_job_is_followed(
    running: Kernel, job: SimulatedJob, way: str
) -> None:
    """As JupyterLab does without the manager of widgets."""
    cell = running.begin(WAYS[way].format(id=job.id))
    running.until(running.cards)
    running.page_closes(running.cards()[0])
    running.until(lambda: NOBODY in last_html(running))
    job.set(progress=55.0)
    running.until(lambda: "55 %" in last_html(running))
    job.set(status="SUCCESS", progress=100.0)
    running.until(lambda: "ucceeded" in last_html(running))
    running.until_done(cell)
    assert running.errors() == []

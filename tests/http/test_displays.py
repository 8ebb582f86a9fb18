"""A job or card is displayed where, and as often as, it was asked to be: real kernels, without a page."""

from __future__ import annotations

import textwrap
import threading
from typing import TYPE_CHECKING, Any

import nbclient
import nbformat
import papermill
import pytest
from nbconvert import HTMLExporter

from fiddler_widgets.widget.output_type import OUTPUT_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fiddler_widgets.simulator import SimulatedJob, Simulator

WIDGET = "application/vnd.jupyter.widget-view+json"
SEEN = """
import time
def seen(status):
    while card.status != status:
        time.sleep(0.02)
    card.__card_watcher__.mailbox.settle(5)
"""
WAYS = {
    "job": "job = fw.Job.get({id!r})\nfrom fiddler_widgets.widget.shared_widgets import jobs_display\n"
    "card = jobs_display.card(job)",
    "card": "job = card = fw.JobWidget({id!r}, interval=0.2)",
    "official": "%load_ext fiddler_widgets\nimport fiddler\nfiddler.init(url={url!r}, token={token!r})\n"
    "job = fiddler.Job.get({id!r})\nfrom fiddler_widgets.widget.shared_widgets import jobs_display\n"
    "from fiddler_widgets.jobs.job import job_of\ncard = jobs_display.card(job_of(job), 0.2)",
}


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """A job that is queued until the test says otherwise."""
    job = sim.add_job("linear", duration=600)
    job.set(status="PENDING", progress=0.0)
    return job


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """What is displayed."""
    name: str = request.param
    return name


def notebook(sim: Simulator, *sources: str) -> Any:
    """A notebook that connects first."""
    connect = f"import fiddler_widgets as fw\nfw.init({sim.url!r}, {sim.token!r})\n{SEEN}"
    v4: Any = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [v4.new_code_cell(textwrap.dedent(source)) for source in (connect, *sources)]
    return v4.new_notebook(cells=cells, metadata=kernel)


def run(sim: Simulator, job: SimulatedJob, way: str, *sources: str) -> list[list[Any]]:
    """Run cells after one that makes ``job`` and ``card``; return each one's outputs."""
    make = WAYS[way].format(id=job.id, url=sim.url, token=sim.token)
    content = notebook(sim, f"{make}\nseen('PENDING')", *sources)
    nbclient.NotebookClient(content, timeout=60).execute()
    return [cell.outputs for cell in content.cells[2:]]


@pytest.fixture
def ends(sim: Simulator, job: SimulatedJob) -> Iterator[None]:
    """The job succeeds once it has been asked for some more times than the cells before the last one take."""

    def end() -> None:
        sim.wait_for_requests(5, job.id, timeout=40)
        job.set(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=end)
    thread.start()
    yield
    thread.join()


@pytest.mark.usefixtures("ends")
def test_handle_updates_the_output_that_it_is_for(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """One output, however often it is updated, and kept up to date to the end of the job."""
    (outputs,) = run(
        sim,
        job,
        way,
        """
        handle = display(job, display_id=True)
        for _ in range(3):
            handle.update(job)
        card.wait(0.2)
        seen("SUCCESS")
        """,
    )
    (output,) = [output for output in outputs if output.output_type != "stream"]
    assert output.output_type == "display_data"
    assert output.data.keys() == {"text/plain", "text/html"}
    assert "SUCCESS" in output.data["text/plain"]


@pytest.mark.usefixtures("ends")
def test_output_that_shows_something_else_by_now_is_left_alone(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """A handle's place is its user's; what was put there after a job stays there."""
    (outputs,) = run(
        sim,
        job,
        way,
        """
        handle = display(job, display_id="place")
        display("first", display_id="other")
        handle.update("done with it")
        display(job)
        display(job, display_id="other", update=True)
        card.wait(0.2)
        seen("SUCCESS")
        """,
    )
    texts = [output.data["text/plain"] for output in outputs if "data" in output]
    assert texts[0] == "'done with it'"
    assert len(texts) == 3
    assert all("SUCCESS" in text for text in texts[1:])


@pytest.mark.usefixtures("ends")
def test_each_display_is_one_output(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """As many as were asked for, all with the end of the job in the end."""
    shows = {"display(job)": 1, "display(job, display_id='x')": 1, "job": 1, "display(job, job)": 2}
    *each, last = run(sim, job, way, *shows, "card.wait(0.2)\nseen('SUCCESS')")
    for wanted, outputs in zip(shows.values(), each, strict=True):
        cards = [output for output in outputs if "Succeeded" in output.get("data", {}).get("text/html", "")]
        assert len(cards) == wanted
        assert all(output.data.keys() == {"text/plain", "text/html"} for output in cards)
    assert [output for output in last if output.output_type == "display_data"] == []


def test_formatting_shows_nothing(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """Neither what a formatter is asked for, nor what is put elsewhere, nor what is captured, is in the cell."""
    formats = (
        "_ = get_ipython().display_formatter.format(job)",
        "_ = job._repr_mimebundle_()" if way != "official" else "",
        "import ipywidgets\nbox = ipywidgets.Output()\nbox.append_display_data(job)",
        "from IPython.utils.capture import capture_output\nwith capture_output(): display(job)",
        "%%capture\njob",
    )
    assert run(sim, job, way, *formats) == [[]] * len(formats)


def test_card_is_appended_to_an_output_widget(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """Once, with the widget, and with text and HTML for those who have none."""
    (outputs,) = run(
        sim,
        job,
        way,
        """
        import ipywidgets
        box = ipywidgets.Output()
        box.append_display_data(job)
        print(len(box.outputs), sorted(box.outputs[0]["data"]))
        """,
    )
    assert [output.text for output in outputs] == [f"1 {sorted([WIDGET, OUTPUT_TYPE, 'text/html', 'text/plain'])}\n"]


def test_list_of_jobs_stays_a_list(sim: Simulator, job: SimulatedJob, way: str) -> None:
    """Displayed, or as a last expression."""
    (displayed, expression) = run(sim, job, way, "display([job])", "[job]")
    (first,), (second,) = displayed, expression
    assert first.data.keys() == second.data.keys() == {"text/plain"}
    assert (first.output_type, second.output_type) == ("display_data", "execute_result")


@pytest.mark.usefixtures("ends")
def test_formats_that_were_not_asked_for_do_not_come_later(sim: Simulator, job: SimulatedJob) -> None:
    """`include` and `exclude` hold for as long as the output is there."""
    (outputs,) = run(
        sim,
        job,
        "card",
        """
        display(job, include=["text/plain"])
        display(job, exclude=["text/html"])
        card.wait(0.2)
        seen("SUCCESS")
        """,
    )
    bundles = [set(output.data) for output in outputs if "data" in output]
    assert bundles == [{"text/plain"}, {"text/plain", WIDGET, OUTPUT_TYPE}]


# ---- a wait within an output widget


@pytest.mark.parametrize("runner", ["nbclient", "papermill"])
@pytest.mark.parametrize("waits", ["job.wait(interval=0.2)", "await job"])
@pytest.mark.usefixtures("ends")
def test_wait_in_an_output_widget_leaves_the_final_card(
    sim: Simulator, job: SimulatedJob, tmp_path: Path, runner: str, waits: str
) -> None:
    """In its place among what else is printed there, and in the page that nbconvert makes of it."""
    source = tmp_path / "in.ipynb"
    content = notebook(
        sim,
        "import ipywidgets\nout = ipywidgets.Output()\nout",
        f"fw.configs.JOB_POLL_INTERVAL = 0.2\njob = fw.Job.get({job.id!r})\n"
        f"with out:\n    print('before')\n    {waits}\n    print('after')",
    )
    if runner == "nbclient":
        nbclient.NotebookClient(content, timeout=60).execute()
    else:
        nbformat.write(content, source)  # type: ignore[no-untyped-call]
        result = str(tmp_path / "out.ipynb")
        content = papermill.execute_notebook(str(source), result, progress_bar=False, execution_timeout=30)
    states = content.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    (outputs,) = [model["state"]["outputs"] for model in states if model["model_name"] == "OutputModel"]
    before, card, after = [output for output in outputs if output.get("name") != "stderr"]
    assert (before["text"], after["text"]) == ("before\n", "after\n")
    assert card["data"].keys() == {"text/plain", "text/html"}
    assert "SUCCESS" in card["data"]["text/plain"]
    exporter: Any = HTMLExporter()  # type: ignore[no-untyped-call]
    html, _ = exporter.from_notebook_node(content)
    assert "Succeeded" in html


@pytest.mark.usefixtures("ends")
def test_card_displayed_in_an_output_widget_is_saved_with_its_frontend(sim: Simulator, job: SimulatedJob) -> None:
    """Nothing can take its place there, so it is the widget that shows the end."""
    content = notebook(
        sim,
        "import ipywidgets\nout = ipywidgets.Output()\nout",
        f"card = fw.JobWidget({job.id!r}, interval=0.2)\nwith out:\n    display(card)\n    card.wait()",
    )
    nbclient.NotebookClient(content, timeout=60).execute()
    states = content.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    (card,) = [model["state"] for model in states if model["model_name"] == "AnyModel"]
    assert card["status"] == "SUCCESS"
    assert len(card["_esm"]) > 10_000


# ---- waiting without a busy cell


@pytest.mark.parametrize("way", ["job", "card"])
@pytest.mark.parametrize("starts", ["asyncio.ensure_future(job)", "asyncio.create_task(job.wait_async())"])
@pytest.mark.usefixtures("ends")
def test_task_leaves_the_kernel_free(sim: Simulator, job: SimulatedJob, way: str, starts: str) -> None:
    """The cell that starts it is done before the job is, and shows its card; the cells after it run."""
    started, free, over = run(
        sim,
        job,
        way,
        f"import asyncio\ntask = {starts}\nawait asyncio.sleep(0)",
        "print(job.status, task.done())",
        "card.wait(0.2)\nawait task\nprint(job.status, task.done())\nseen('SUCCESS')",
    )
    (output,) = [output for output in started if output.output_type == "display_data"]
    assert "SUCCESS" in output.data["text/plain"]
    assert "".join(output.text for output in free if output.get("name") == "stdout") == "PENDING False\n"
    assert "".join(output.text for output in over if output.get("name") == "stdout") == "SUCCESS True\n"

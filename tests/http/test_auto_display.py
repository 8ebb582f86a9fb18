"""Every job that a cell starts is on screen: notebooks as people have them, real kernels, the official client."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import fiddler
import nbclient
import nbformat
import pytest

from tests.http.a_kernel import kernel

if TYPE_CHECKING:
    from fiddler_widgets.simulator import SimulatedJob, Simulator

# As the client's own modules do: whoever else calls `Job.get` starts nothing.
STARTING = """
import time
namespace = {"__name__": "fiddler.entities.model", "Job": fiddler.Job}
exec("def start(id_):\\n    return Job.get(id_=id_)", namespace)
start = namespace["start"]
"""
RUN = """
import pathlib, tempfile
path = pathlib.Path(tempfile.mkdtemp()) / "starts.py"
path.write_text("start({id!r})")
get_ipython().run_line_magic("run", f"-i {{path}}")
"""
SETTLED = """
import time
time.sleep(0.5)
"""


@pytest.fixture
def jobs(sim: Simulator) -> list[SimulatedJob]:
    """Three jobs that run until the test says otherwise."""
    made = [sim.add_job("linear", duration=600, name=f"Upload {number}") for number in range(3)]
    for job in made:
        job.set(status="STARTED", progress=20.0)
    return made


def run(sim: Simulator, *cells: str, load: str = "%load_ext fiddler_widgets") -> list[Any]:
    """Run cells in a kernel of their own, after some that load the extension and connect; return their outputs."""
    connect = f"import fiddler\nfiddler.init(url={sim.url!r}, token={sim.token!r})\n{STARTING}"
    v4: Any = nbformat.v4
    sources = [textwrap.dedent(cell) for cell in (load, connect, *cells)]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, timeout=60, allow_errors=True).execute()
    return [cell.outputs for cell in notebook.cells[2:]]


def displays(outputs: list[Any]) -> list[Any]:
    """What of a cell's outputs is neither printed nor raised."""
    return [output.data for output in outputs if output.output_type in ("display_data", "execute_result")]


def printed(outputs: list[Any]) -> str:
    """What a cell printed; the official client logs on stderr."""
    return "".join(one.text for one in outputs if one.output_type == "stream" and one.name == "stdout").strip()


def mentions(outputs: list[Any], job: SimulatedJob) -> int:
    """In how many displays of a cell a job is named."""
    return sum(job.name in data["text/plain"] for data in displays(outputs))


def test_started_job_is_shown_under_its_cell(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """The id is printed and the wait commented out, as people have it: the card is there all the same."""
    (outputs, after) = run(sim, f"job = start({jobs[0].id!r})\nprint(job.id)\n# job.wait()", SETTLED)
    assert mentions(outputs, jobs[0]) == 1
    assert displays(after) == []
    assert "STARTED" in displays(outputs)[0]["text/plain"]
    assert printed(outputs) == jobs[0].id


def test_started_job_is_shown_while_its_cell_goes_on(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """A moment after the start: before what is printed a second later."""
    (outputs,) = run(sim, f"start({jobs[0].id!r})\ntime.sleep(1)\nprint('a second later')")
    kinds = [one.output_type for one in outputs if one.get("name") != "stderr"]
    assert kinds == ["display_data", "stream"]


def test_job_that_is_looked_up_is_no_start(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """`Job.get` called by the user shows nothing by itself."""
    (outputs,) = run(sim, f"job = fiddler.Job.get({jobs[0].id!r})\n{SETTLED}")
    assert displays(outputs) == []


@pytest.mark.parametrize(
    "cell",
    [
        "job = start({id!r})\njob",
        "job = start({id!r})\ntime.sleep(0.6)\njob",
        "job = start({id!r})\ndisplay(job)",
        "import fiddler_widgets as fw\njob = start({id!r})\ncard = fw.JobWidget(job)\ndisplay(card)",
        "import fiddler_widgets as fw\njob = start({id!r})\ntime.sleep(0.6)\ncard = fw.JobWidget(job)\ndisplay(card)",
        "job = start({id!r})\ntry:\n    job.wait(timeout=1)\nexcept TimeoutError:\n    pass",
        "job = start({id!r})\ntime.sleep(0.6)\ntry:\n    job.wait(timeout=1)\nexcept TimeoutError:\n    pass",
        "start({id!r}), start({id!r})\nNone",
    ],
    ids=[
        "expression",
        "later expression",
        "display",
        "own card",
        "later own card",
        "wait",
        "later wait",
        "started twice",
    ],
)
def test_job_that_the_run_shows_itself_is_not_shown_twice(sim: Simulator, jobs: list[SimulatedJob], cell: str) -> None:
    """Last expression, wait or a card of its own: that is the one."""
    (outputs,) = run(sim, cell.format(id=jobs[0].id))
    assert mentions(outputs, jobs[0]) == 1


def test_several_jobs_share_one_output(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """The second start turns the card into a board, with the counts above."""
    ids = [job.id for job in jobs]
    (outputs,) = run(sim, f"for id_ in {ids!r}:\n    start(id_)\n    time.sleep(0.5)")
    (data,) = displays(outputs)
    assert data["text/plain"].startswith("3 jobs: 3 running.")
    assert all(job.name in data["text/html"] for job in jobs)


def test_loop_of_waits_has_one_output(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """`publish(batch).wait()` for each batch: one output, not one for each."""
    for job in jobs:
        job.set(status="SUCCESS", progress=100.0)
    (outputs,) = run(sim, f"for id_ in {[job.id for job in jobs]!r}:\n    start(id_).wait()")
    (data,) = displays(outputs)
    assert data["text/plain"].startswith("3 jobs: 3 succeeded.")


@pytest.mark.parametrize(
    "cell",
    [
        "def publish():\n    return start({id!r})\npublish()\nNone",
        "start({id!r})\nraise ValueError('later')",
        "import threading\nthread = threading.Thread(target=start, args=({id!r},))\nthread.start()\nthread.join()",
        "import asyncio\nasync def publish():\n    start({id!r})\nawait asyncio.create_task(publish())\nNone",
        'get_ipython().run_cell("start({id!r}); None")\nNone',
        RUN,
        "%load_ext autoreload\n%autoreload 2\nstart({id!r})\nNone",
        "import ipywidgets\nwith ipywidgets.Output():\n    start({id!r})\nNone",
    ],
    ids=["function", "raising cell", "thread", "task", "nested run_cell", "%run", "%autoreload", "with Output()"],
)
def test_job_is_shown_however_the_cell_started_it(sim: Simulator, jobs: list[SimulatedJob], cell: str) -> None:
    """In a function, a thread, a task or a script, and in a cell that raises: under that cell."""
    outputs, after = run(sim, cell.format(id=jobs[0].id), SETTLED)
    assert (mentions(outputs, jobs[0]), displays(after)) == (1, [])


def test_job_that_a_button_starts_is_in_the_kernels_board_only(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """A host shows what a widget's callback displays nowhere."""
    with kernel() as cells:
        cells.run(f"%load_ext fiddler_widgets\nimport fiddler\nfiddler.init(url={sim.url!r}, token={sim.token!r})")
        cells.run(STARTING)
        click = f"button.on_click(lambda _: start({jobs[0].id!r}))"
        made = cells.run(f"import ipywidgets\nbutton = ipywidgets.Button()\n{click}\nprint(button.comm.comm_id)")
        cells.until(lambda: cells.printed(made))
        cells.page_says(cells.printed(made).strip(), {"event": "click"}, None)
        sim.wait_for_requests(1, jobs[0].id, timeout=30)
        later = cells.run(SETTLED)
        shown = cells.run("%fiddler_jobs")
        cells.until(lambda: cells.of(shown, "display_data"))
        assert cells.of(later, "display_data") == []
        (message,) = [one for one in cells.messages if one["msg_type"] == "display_data"]
        assert jobs[0].name in message["content"]["data"]["text/plain"]


def test_captured_cell_shows_nothing(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """`%%capture` captures the card like all else."""
    outputs, after = run(sim, f"%%capture captured\njob = start({jobs[0].id!r})", "print(len(captured.outputs))")
    assert displays(outputs) == []
    assert printed(after) == "1"


def test_start_whose_first_request_fails_is_shown(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """Its id is known, though the user does not learn it; the exception is the official one."""
    cell = f"""
    fiddler.Job._from_response, kept = None, fiddler.Job._from_response
    try:
        start({jobs[0].id!r})
    except TypeError as error:
        print("raised", type(error).__name__)
    fiddler.Job._from_response = kept
    {SETTLED.strip().replace(chr(10), chr(10) + "    ")}
    """
    (outputs,) = run(sim, cell)
    assert printed(outputs) == "raised TypeError"
    (data,) = displays(outputs)
    assert jobs[0].id in data["text/plain"]


def test_switched_off_shows_nothing_and_on_again_does(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """`%fiddler_jobs off` and `on`, read at each start."""
    _, first, _, second = run(
        sim, "%fiddler_jobs off", f"start({jobs[0].id!r})\nNone", "%fiddler_jobs on", f"start({jobs[1].id!r})\nNone"
    )
    assert displays(first) == []
    assert mentions(second, jobs[1]) == 1


def test_magic_shows_the_jobs_of_this_kernel(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """All that were started, in one output."""
    *_, outputs = run(sim, f"start({jobs[0].id!r})\nNone", f"start({jobs[1].id!r})\nNone", "%fiddler_jobs")
    (data,) = displays(outputs)
    assert data["text/plain"].startswith("2 jobs: 2 running.")


def test_unloading_leaves_no_trace(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """Class, events, magics and completion are as before, and a start shows nothing."""
    looking = """
    def seen():
        shell = get_ipython()
        return (
            vars(fiddler.Job)["get"], vars(fiddler.Job)["wait"], list(shell.events.callbacks["post_run_cell"]),
            "fiddler_jobs" in shell.magics_manager.magics["line"],
            "%fiddler_jobs" in shell.strdispatchers["complete_command"].strs,
        )
    before = seen()
    """
    *_, said, outputs = run(
        sim,
        looking,
        "%load_ext fiddler_widgets\nloaded = seen()",
        "%unload_ext fiddler_widgets\nprint(seen() == before, loaded == before)",
        f"start({jobs[0].id!r})\nNone",
        load="",
    )
    assert printed(said) == "True False"
    assert displays(outputs) == []


def test_signature_and_result_are_the_official_ones(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """Whoever looks at the method, or calls it either way, finds what was there."""
    (outputs,) = run(
        sim,
        f"""
        import inspect
        print(inspect.signature(fiddler.Job.get), type(start({jobs[0].id!r})).__module__)
        print(fiddler.Job.get({jobs[0].id!r}).id == fiddler.Job.get(id_={jobs[0].id!r}, verbose=True).id)
        """,
    )
    (first, second) = printed(outputs).splitlines()
    assert first.endswith(f" {fiddler.Job.__module__}")
    assert second == "True"


def test_terminal_gets_one_line_for_a_start(sim: Simulator, jobs: list[SimulatedJob]) -> None:
    """On stderr, with the job's name and id, and nothing for a job that is looked up."""
    connect = f"import fiddler\nfiddler.init(url={sim.url!r}, token={sim.token!r})\n{STARTING}"
    starts = f"job = start({jobs[0].id!r})\nother = fiddler.Job.get({jobs[1].id!r})"
    script = f"get_ipython().run_line_magic('load_ext', 'fiddler_widgets')\n{connect}\n{starts}"
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    (line,) = [line for line in done.stderr.splitlines() if "Upload" in line]
    assert jobs[0].name in line
    assert jobs[0].id in line
    assert done.stdout == ""
    assert sim.token not in done.stderr

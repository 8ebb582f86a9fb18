"""Where no page shows a card: papermill and nbclient, plain Python, IPython in a terminal."""

from __future__ import annotations

import contextlib
import difflib
import os
import pty
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, Any

import nbclient
import nbformat
import papermill
import pytest

from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fiddler_widgets.simulator import SimulatedJob, Simulator


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """A job that is queued, runs and succeeds within a second."""
    return sim.add_job("linear", duration=0.8, queued=0.4)


def connecting(sim: Simulator, source: str) -> str:
    """A script that connects first."""
    return f"import fiddler_widgets as fw\nfw.init({sim.url!r}, {sim.token!r})\n{textwrap.dedent(source)}"


def lines_about(job: SimulatedJob, text: str) -> list[str]:
    """The lines that name the job, without their times."""
    return [line.split(" ", 1)[1] for line in text.splitlines() if f"job '{job.name}'" in line]


def notebook_of(path: Path, *sources: str) -> None:
    """Write a notebook of code cells."""
    v4: Any = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(v4.writes(v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources], metadata=kernel)))


def papermill_outputs(folder: Path, *sources: str) -> list[Any]:
    """Run cells with papermill, and return the outputs of the last one."""
    source, result = folder / "in.ipynb", folder / "out.ipynb"
    notebook_of(source, *sources)
    papermill.execute_notebook(str(source), str(result), progress_bar=False, execution_timeout=30)
    cells: Any = nbformat.read(result, as_version=4)["cells"]  # type: ignore[no-untyped-call]
    outputs: list[Any] = cells[-1]["outputs"]
    return outputs


CHANGES = ["PENDING, 0 %", "STARTED, 50 %", "SUCCESS, 50 %"]


@pytest.fixture
def changing(sim: Simulator) -> Iterator[SimulatedJob]:
    """A job that goes through `CHANGES` while it is asked for."""
    job = sim.add_job("linear", duration=600)
    job.set(status="PENDING", progress=0.0)

    def go_on() -> None:
        # Each is held until it has been asked for several times, so that all are seen, and each is only once said.
        for requests, changes in ((6, {"status": "STARTED", "progress": 50.0}), (12, {"status": "SUCCESS"})):
            sim.wait_for_requests(requests, job.id, timeout=40)
            job.set(**changes)

    thread = threading.Thread(target=go_on)
    thread.start()
    yield job
    thread.join()


@pytest.mark.parametrize("shell", ["python", "ipython"])
def test_terminal_gets_a_line_for_each_change(sim: Simulator, changing: SimulatedJob, shell: str) -> None:
    """On stderr, each status and progress once, the last one last; nothing of a widget."""
    command = (
        [sys.executable, "-c"] if shell == "python" else [sys.executable, "-m", "IPython", "--colors=NoColor", "-c"]
    )
    script = connecting(sim, f"fw.Job.get({changing.id!r}).wait(interval=0.2)")
    done = subprocess.run([*command, script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = [line.rsplit(": ", 1)[1] for line in lines_about(changing, done.stderr)]
    assert said == CHANGES
    assert "widget" not in (done.stdout + done.stderr).lower()


def test_terminal_shows_one_line_drawn_anew(sim: Simulator, changing: SimulatedJob) -> None:
    """On a real terminal's stderr: each state in the same line, and at the end one line that stays."""
    ours, theirs = pty.openpty()
    script = connecting(sim, f"fw.Job.get({changing.id!r}).wait(interval=0.2)")
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "300"}
    with subprocess.Popen([sys.executable, "-c", script], stderr=theirs, env=environment) as run:
        os.close(theirs)
        said = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 4096):
                said += piece
        assert run.wait(60) == 0
    os.close(ours)
    drawn = said.decode().replace("\r\n", "\n").split("\r\x1b[2K")
    assert any(one.startswith("[##########          ] 50 %  STARTED") for one in drawn), drawn
    (end,) = lines_about(changing, "".join(one for one in drawn if one.endswith("\n")))
    assert end.endswith(": SUCCESS, 50 %")
    assert said.count(b"\n") == 1


def test_papermill_gets_a_line_for_each_change(sim: Simulator, changing: SimulatedJob, tmp_path: Path) -> None:
    """The same ones as in a terminal, beside the card that nobody can see before the end."""
    outputs = papermill_outputs(tmp_path, connecting(sim, ""), f"fw.Job.get({changing.id!r}).wait(interval=0.2)")
    said = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
    assert [line.rsplit(": ", 1)[1] for line in lines_about(changing, said)] == CHANGES
    assert len(said.splitlines()) == len(CHANGES)


def test_papermill_gets_each_line_once_where_logging_is_set_up(
    sim: Simulator, job: SimulatedJob, tmp_path: Path
) -> None:
    """The notebook's own logging shows them in its own way."""
    outputs = papermill_outputs(
        tmp_path,
        connecting(sim, "import logging, sys\nlogging.basicConfig(level=logging.INFO, stream=sys.stdout)"),
        f"fw.Job.get({job.id!r}).wait(interval=0.2)",
    )
    said = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    assert said.count("SUCCESS") == 1
    assert said.startswith("INFO:fiddler_widgets:")


def test_ctrl_c_in_a_terminal_ends_the_wait(sim: Simulator) -> None:
    """As ■ does: `KeyboardInterrupt`, at once, and the process can go on."""
    job = sim.add_job("linear", duration=600)
    job.set(status="STARTED")
    script = connecting(
        sim,
        f"""
        job = fw.Job.get({job.id!r})
        try:
            job.wait(interval=0.2)
        except KeyboardInterrupt:
            print("interrupted at", job.status)
        """,
    )
    # A shell that runs the tests in its background has its children ignore Ctrl-C.
    script = f"import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n{script}"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        sim.wait_for_requests(3, job.id, timeout=30)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=20)
    assert said == "interrupted at STARTED\n"
    assert time.monotonic() - began < 10


def test_papermill_leaves_the_final_card(sim: Simulator, job: SimulatedJob, tmp_path: Path) -> None:
    """Run without a browser: text and HTML of the end, no widget that nobody can show."""
    outputs = papermill_outputs(tmp_path, connecting(sim, ""), f"fw.Job.get({job.id!r}).wait(interval=0.2)")
    (output,) = [output for output in outputs if output["output_type"] == "display_data"]
    assert output["data"].keys() == {"text/plain", "text/html"}
    assert "SUCCESS, 100 %" in output["data"]["text/plain"]


@pytest.mark.parametrize("shown", ["fw.JobWidget({0!r}, interval=0.2)", "fw.JobBoard([{0!r}, {1!r}], interval=0.2)"])
def test_end_between_two_cells_is_saved(sim: Simulator, tmp_path: Path, shown: str) -> None:
    """A runner hears nothing then; the next cell says it again."""
    jobs = [sim.add_job("linear", duration=1000) for _ in range(2)]
    notebook_of(tmp_path / "in.ipynb", connecting(sim, ""), shown.format(*(job.id for job in jobs)), "3")
    notebook: Any = nbformat.read(tmp_path / "in.ipynb", as_version=4)  # type: ignore[no-untyped-call]

    def end_jobs(cell_index: int, **_: object) -> None:
        if cell_index != 1:
            return
        for job in jobs:
            job.set(status="SUCCESS", progress=100)
        asked = len(sim.requests)
        # Nobody asks for a job that is known to be over.
        until(lambda: len(sim.requests) > asked and sim.clock() - sim.requests[-1].at > 1.5)

    nbclient.NotebookClient(notebook, timeout=60, on_cell_executed=end_jobs).execute()
    (output,) = [output for output in notebook.cells[1].outputs if output.output_type == "display_data"]
    assert "2 succeeded" in output.data["text/plain"] or "SUCCESS, 100 %" in output.data["text/plain"]
    assert not output.metadata


def test_papermill_stops_at_a_job_that_failed(sim: Simulator, tmp_path: Path) -> None:
    """The failed card is in the notebook that it leaves, above the traceback."""
    failing = sim.add_job("failing", duration=0.5)
    source, result = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    notebook_of(source, connecting(sim, ""), f"fw.Job.get({failing.id!r}).wait(interval=0.2)", "never = 1")
    with pytest.raises(papermill.PapermillExecutionError, match="AsyncJobFailed"):
        papermill.execute_notebook(str(source), str(result), progress_bar=False, execution_timeout=30)
    cells: Any = nbformat.read(result, as_version=4)["cells"]  # type: ignore[no-untyped-call]
    cards = [output for cell in cells for output in cell.get("outputs", ()) if "FAILURE" in str(output.get("data", ""))]
    assert cards
    assert "Failed" in cards[0]["data"]["text/html"]


RUNNER_TIMES = re.compile(r'^[+-] *"(start_time|end_time|duration|iopub|shell)')
"""When each cell was run, as papermill and nbclient note it themselves."""


@pytest.mark.parametrize("runner", ["papermill", "nbclient"])
def test_two_runs_of_a_notebook_differ_in_few_lines(sim: Simulator, tmp_path: Path, runner: str) -> None:
    """Whole files, with three cards: a reviewer sees when it was, and no style, frontend or ids."""
    source, result = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    jobs = [sim.add_job("instant") for _ in range(3)]
    notebook_of(source, connecting(sim, ""), *(f"fw.Job.get({job.id!r}).wait(interval=0.2)" for job in jobs))
    texts = []
    for _ in range(2):
        if runner == "papermill":
            papermill.execute_notebook(str(source), str(result), progress_bar=False, execution_timeout=30)
        else:
            notebook: Any = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
            nbclient.NotebookClient(notebook, timeout=60).execute()
            nbformat.write(notebook, result)  # type: ignore[no-untyped-call]
        texts.append(result.read_text(encoding="utf-8"))
    first, second = texts
    assert len(first) < 40_000
    changed = [
        line
        for line in difflib.unified_diff(first.splitlines(), second.splitlines(), lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---") and not RUNNER_TIMES.match(line)
    ]
    assert len(changed) <= 40
    assert sum(map(len, changed)) < 4_000


def test_card_put_into_a_layout_afterwards_is_saved_in_full(sim: Simulator, job: SimulatedJob, tmp_path: Path) -> None:
    """Its widget is what the box shows, so the frontend is in the notebook; once, and not before it is needed."""
    source, result = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    show = f"card = fw.JobWidget({job.id!r})\ncard.wait(interval=0.2)"
    notebook_of(source, connecting(sim, "import ipywidgets"), show, "ipywidgets.VBox([card])", "card")
    papermill.execute_notebook(str(source), str(result), progress_bar=False, execution_timeout=30)
    notebook: Any = nbformat.read(result, as_version=4)  # type: ignore[no-untyped-call]
    models = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    (model,) = [model["state"] for model in models.values() if model["model_name"] == "AnyModel"]
    assert len(model["_esm"]) > 10_000
    assert model["status"] == "SUCCESS"
    again = [output["data"] for output in notebook["cells"][-1]["outputs"]]
    assert [bundle.keys() for bundle in again] == [{"text/plain", "text/html"}]


def test_official_client_is_imported_by_nobody_but_its_user(sim: Simulator, job: SimulatedJob) -> None:
    """Whoever uses this package alone pays for no other: not for a wait, a card, or the extension."""
    script = connecting(
        sim,
        f"""
        import importlib.util, sys
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_line_magic("load_ext", "fiddler_widgets")
        job = fw.Job.get("{job.id}")
        card = fw.JobWidget(job)
        shell.display_formatter.format(job)
        shell.display_formatter.format(card)
        job.wait(interval=0.2)
        card.wait()
        shell.run_line_magic("unload_ext", "fiddler_widgets")
        assert importlib.util.find_spec("fiddler"), "it is there to be imported"
        print(job.status, [name for name in sys.modules if name.partition(".")[0] == "fiddler"])
        """,
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "SUCCESS []"

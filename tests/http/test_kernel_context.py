"""In a real kernel: each message and each printed line belongs to the cell that it comes from.

`.ci/test-kernel` runs this file with every ipykernel that keeps it in another way.
"""

from __future__ import annotations

import importlib.metadata
import time
from typing import TYPE_CHECKING, Any

import nbclient
import nbformat
import pytest
from jupyter_core.utils import ensure_event_loop

from tests.http.a_kernel import Kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob, Simulator

CONNECT = "import fiddler_widgets as fw, threading, time\nfw.init({!r}, {!r})"

COMMS_KNOW_THEIR_CELL = int(importlib.metadata.version("ipykernel").split(".")[0]) >= 7
"""Before, messages of comms and display updates belong to the cell that runs; pages do not mind."""


@pytest.fixture(autouse=True)
def _no_loop_left_over() -> Iterator[None]:
    """Close the loop in which jupyter_client and nbclient run what is asynchronous of theirs."""
    yield
    ensure_event_loop().close()


@pytest.fixture
def job(sim: Simulator) -> SimulatedJob:
    """A job that goes on until the test ends it."""
    job = sim.add_job("linear", duration=600)
    job.set(status="STARTED", progress=10.0)
    return job


@pytest.fixture
def cells(sim: Simulator) -> Iterator[Kernel]:
    """A kernel whose first cell has connected."""
    with kernel() as running:
        running.run(CONNECT.format(sim.url, sim.token))
        yield running


def show(job: SimulatedJob) -> str:
    """A cell that shows a card."""
    return f"card = fw.JobWidget({job.id!r}, interval=0.2)\ncard"


def test_card_goes_on_after_its_cell(cells: Kernel, job: SimulatedJob) -> None:
    """Each change is sent, as part of the cell that made the card, and the output becomes the static card."""
    made = cells.run(show(job))
    cells.until(lambda: ("STARTED", made) in cells.updates("status"))
    later = cells.run("1 + 1")
    job.set(status="SUCCESS", progress=100.0)
    belongs = made if COMMS_KNOW_THEIR_CELL else later
    cells.until(lambda: ("SUCCESS", belongs) in cells.updates("status"))
    cells.until(lambda: any("SUCCESS" in str(one) for one in cells.of(belongs, "update_display_data")))
    assert cells.errors() == []


@pytest.mark.parametrize("page", [True, False])
def test_waits_in_a_thread_pool(cells: Kernel, sim: Simulator, *, page: bool) -> None:
    """Threads that are part of no cell show the cards in the one that ran last."""
    ids = [sim.add_job("linear", duration=0.6).id for _ in range(3)]
    waited = cells.run(
        f"""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor() as pool:
            print(list(pool.map(lambda id_: fw.Job.get(id_).wait(interval=0.2), {ids!r})))
        """,
        page=page,
    )
    cells.until(lambda: cells.printed(waited))
    assert cells.printed(waited) == "[None, None, None]\n"
    assert len(cells.of(waited, "display_data")) == 3
    assert [one for one in cells.messages if one["msg_type"] == "error"] == []


def test_callback_prints_under_the_cell_that_registered_it(cells: Kernel, job: SimulatedJob) -> None:
    """Whatever cell ran since, and whatever made the card."""
    cells.run(show(job))
    registered = cells.run("card.on_complete(lambda card: print('over', card.status))\nNone")
    later = cells.run("print('later')")
    job.set(status="SUCCESS")
    cells.until(lambda: cells.printed(registered))
    assert cells.printed(registered) == "over SUCCESS\n"
    assert cells.printed(later) == "later\n"


def test_observer_prints_under_the_cell_of_its_card(cells: Kernel, job: SimulatedJob) -> None:
    """It runs for the card, whenever that is."""
    made = cells.run(show(job) + ".observe(lambda change: print('now', change['new']), 'status')")
    cells.run("print('later')")
    job.set(status="SUCCESS")
    cells.until(lambda: "now SUCCESS" in cells.printed(made))


def test_card_made_in_a_thread_of_the_users(cells: Kernel, job: SimulatedJob) -> None:
    """Where a thread is part of no cell, the card belongs to the one that ran last, and goes on."""
    made = cells.run(
        f"""
        def make():
            global card
            card = fw.JobWidget({job.id!r}, interval=0.2)
            card.on_complete(lambda card: print('over'))
        thread = threading.Thread(target=make)
        thread.start(); thread.join()
        """
    )
    later = cells.run("1 + 1")
    job.set(status="SUCCESS")
    cells.until(lambda: cells.printed(made))
    assert ("SUCCESS", made if COMMS_KNOW_THEIR_CELL else later) in cells.updates("status")
    assert cells.errors() == []


LINES = 150


@pytest.mark.parametrize("shown", [True, False], ids=["with a card", "without"])
@pytest.mark.parametrize("by_subshell", [True, False], ids=["by subshell", "by the main shell"])
def test_lines_of_a_users_thread_are_all_there(
    cells: Kernel, job: SimulatedJob, *, shown: bool, by_subshell: bool
) -> None:
    """Under its cell, however much the pages of a card have to say meanwhile."""
    if shown:
        cells.run(show(job))
    opened = cells.cards()
    subshell = cells.subshell() if by_subshell else None
    started = cells.run(
        f"""
        def count():
            for number in range({LINES}):
                print(number)
                time.sleep(0.01)
        threading.Thread(target=count).start()
        """
    )
    while f"{LINES - 1}\n" not in "".join(one["content"].get("text", "") for one in list(cells.messages)):
        for comm_id in opened:
            cells.page_says(comm_id, {"type": "hello", "view": "a view"}, subshell)
        time.sleep(0.01)
    cells.until(lambda: cells.printed(started).count("\n") == LINES, patience=3)
    assert cells.printed(started) == "".join(f"{number}\n" for number in range(LINES))


def test_notebook_without_a_page_hears_of_what_ends_in_a_later_cell(sim: Simulator, job: SimulatedJob) -> None:
    """A runner takes in only what belongs to the cell that runs: the saved card is true, and no line is lost."""
    v4: Any = nbformat.v4
    sources = [
        CONNECT.format(sim.url, sim.token),
        show(job),
        "card.on_complete(lambda card: print('over', card.status))\nNone",
        "card.wait(interval=0.2)\ntime.sleep(0.5)",
    ]
    kernelspec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources], metadata=kernelspec)

    def begins(cell_index: int, **_: Any) -> None:
        if cell_index == len(sources) - 1:
            job.set(status="SUCCESS", progress=100.0)

    nbclient.NotebookClient(notebook, timeout=60, on_cell_execute=begins).execute()
    (card,) = [one for one in notebook.cells[1].outputs if one["output_type"] == "display_data"]
    assert "SUCCESS, 100 %" in card["data"]["text/plain"]
    # A line of stderr may come between two parts of one of stdout.
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert "over SUCCESS\n" in "".join(output["text"] for output in outputs if output.get("name") == "stdout")


# What Python 3.14 does with PYTHON_THREAD_INHERIT_CONTEXT=1: a thread begins in a copy of its starter's context.
INHERITING = """
import contextvars, threading
begin = threading.Thread.start
def start(self):
    run, context = self.run, contextvars.copy_context()
    self.run = lambda: context.run(run)
    begin(self)
threading.Thread.start = start
"""


def test_threads_that_inherit_the_context_of_one_cell_do_not_speak_there_for_others(
    sim: Simulator, job: SimulatedJob
) -> None:
    """The package's threads begin in the first cell, and go on: each cell's card and lines are its own."""
    ids = [sim.add_job("linear", duration=0.8, name=f"Upload {number}").id for number in range(3)]
    show = "card = fw.JobWidget({!r}, interval=0.2)\ncard.on_complete(lambda card: print('over', card.name))"
    first = f"{INHERITING}\n{CONNECT.format(sim.url, sim.token)}\nkept = fw.JobWidget({job.id!r}, interval=0.2)"
    sources = [first, *(f"{show.format(id_)}\ncard.wait()\ntime.sleep(0.5)" for id_ in ids)]
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, timeout=60).execute()
    assert notebook.cells[0].outputs == []
    for number, ran in enumerate(notebook.cells[1:]):
        said = str(ran.outputs)
        # A line of stderr may come between two parts of one of stdout.
        printed = "".join(output["text"] for output in ran.outputs if output.get("name") == "stdout")
        assert printed == f"over Upload {number}\n"
        for other in {0, 1, 2} - {number}:
            assert f"Upload {other}" not in said

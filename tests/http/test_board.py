"""Boards against the simulated platform, by real sockets."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
import pytest

import fiddler_widgets as fw
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from pathlib import Path

    from fiddler_widgets.simulator import Simulator


def test_board_of_ids_waits_for_all(sim: Simulator) -> None:
    """Some succeed, one fails: the others are waited for all the same."""
    ids = [sim.add_job("linear", duration=0.5 + 0.1 * number).id for number in range(8)]
    failing = sim.add_job("failing", duration=0.3)
    board = fw.JobBoard([*ids, failing.id])
    with pytest.raises(fw.AsyncJobFailed) as caught:
        board.wait(timeout=60)
    assert [str(job.id) for job in caught.value.failed] == [str(failing.id)]
    assert board.counts == {"SUCCESS": 8, "FAILURE": 1}
    assert (board.progress, board.health) == (100.0, "over")


def test_a_job_on_two_boards_has_one_stream_of_requests(sim: Simulator) -> None:
    """And a card of it, too."""
    job = sim.add_job("stuck", duration=600)
    first, second = fw.JobBoard([job.id], interval=0.2), fw.JobBoard([job.id], interval=0.2)
    card = fw.JobWidget(str(job.id), interval=0.2)
    began = time.monotonic()
    until(lambda: len(sim.requests_for(job.id)) >= 10)
    assert time.monotonic() - began >= 1.7
    until(lambda: first.counts == second.counts == {"STARTED": 1})
    card.close()


def test_job_that_does_not_exist_is_said_in_its_row(sim: Simulator) -> None:
    """The others go on."""
    missing = "00000000-0000-4000-8000-000000000000"
    board = fw.JobBoard([sim.add_job("stuck", duration=600).id, missing], interval=0.2)
    until(lambda: board.rows()[1]["health"] == "not found", 20)
    assert board.rows()[0]["health"] == "live"
    assert board.health == "live"


def test_refused_token_is_one_notice(sim: Simulator) -> None:
    """All rows have it; `wait` raises it."""
    jobs = [sim.add_job("stuck", duration=600).id for _ in range(3)]
    fw.init(sim.url, "another")
    board = fw.JobBoard(jobs)
    with pytest.raises(fw.ApiError, match="401"):
        board.wait(timeout=20)
    assert board.health == "refused"


def test_interrupt_leaves_the_board_watching(sim: Simulator) -> None:
    """Whoever presses ■ stops the wait alone."""
    import _thread  # noqa: PLC0415 (as the kernel does it)

    board = fw.JobBoard([sim.add_job("stuck", duration=600).id], interval=0.2)
    threading.Timer(0.3, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        board.wait(timeout=20)
    assert board.health == "live"


def test_official_jobs_are_kept_up_to_date(sim: Simulator) -> None:
    """An object of the official client on a board has the fields of the last answer."""
    fiddler = pytest.importorskip("fiddler")
    job = sim.add_job("linear", duration=0.5)
    fiddler.init(url=sim.url, token=sim.token)
    official = fiddler.Job.get(job.id)
    board = fw.JobBoard([official])
    board.wait(timeout=20)
    assert str(official.status) in ("SUCCESS", "JobStatus.SUCCESS")
    assert official in board


def test_saved_notebook_has_the_board_as_of_its_end(sim: Simulator, tmp_path: Path) -> None:
    """Run by papermill: text and HTML, no widget, and no token."""
    ids = [str(sim.add_job("linear", duration=0.5).id) for _ in range(3)]
    failing = str(sim.add_job("failing", duration=0.5).id)
    v4: Any = nbformat.v4
    cells = [
        f"import fiddler_widgets as fw\nfw.init({sim.url!r}, {sim.token!r})",
        f"board = fw.JobBoard({[*ids, failing]!r})\nboard",
        "try:\n    board.wait()\nexcept fw.AsyncJobFailed:\n    pass",
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    source, result = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    source.write_text(v4.writes(v4.new_notebook(cells=[v4.new_code_cell(one) for one in cells], metadata=kernel)))
    papermill.execute_notebook(str(source), str(result), progress_bar=False, execution_timeout=30)
    saved: Any = nbformat.read(result, as_version=4)  # type: ignore[no-untyped-call]
    output = saved["cells"][1]["outputs"][0]["data"]
    assert output.keys() == {"text/plain", "text/html"}
    assert "4 jobs: 1 failed, 3 succeeded" in output["text/html"]
    assert re.search(r"4 jobs: 1 failed, 3 succeeded", output["text/plain"])
    whole = result.read_text()
    assert len(str(saved["metadata"].get("widgets", ""))) < 20_000
    assert sim.token not in whole.replace(f"'{sim.token}'", "")


def test_token_is_in_nothing_that_leaves_the_kernel(sim: Simulator) -> None:
    """Neither in the state of the widget, nor in what is printed of it."""
    sim.add_job("failing", duration=0.2)
    board = fw.JobBoard([job.id for job in sim.jobs], interval=0.2)
    board._handle_custom_msg({"type": "hello", "view": "one", "have": 0}, [])
    board._handle_custom_msg({"type": "open", "row": 0}, [])
    until(lambda: board.health == "over" and bool(board._cards))
    everything = f"{board.get_state()} {board.__table_snapshot__()!r} {board!r} {board.rows()} {vars(board)}"
    assert sim.token not in everything

"""The notebooks that users start from: they run from top to bottom, and lie in the repository without outputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.servers import isolated_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.simulator import Simulator

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
QUICKSTART = next(path for path in NOTEBOOKS if path.stem == "quickstart")
EXISTING = next(path for path in NOTEBOOKS if path.stem == "existing")


def run(notebook: Path, folder: Path, variables: Mapping[str, str]) -> str:
    """Run a notebook from top to bottom in a kernel of its own; return the text that its cells showed."""
    command = [
        *(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(notebook)),
        *("--output-dir", str(folder), "--ExecutePreprocessor.timeout=60"),
    ]
    environment = {**isolated_environment(folder), **variables}
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    shown: list[str] = []
    for cell in cells_of(folder / notebook.name):
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error", output
            shown.extend(output.get("text", []))
            shown.extend(output.get("data", {}).get("text/plain", []))
    return "".join(shown)


def cells_of(notebook: Path) -> list[dict[str, Any]]:
    """Return a notebook's cells."""
    cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return cells


def test_the_quickstart_runs_without_a_platform(tmp_path: Path) -> None:
    """Without FIDDLER_URL it brings a platform of its own, and gets to its last cell."""
    shown = run(QUICKSTART, tmp_path, {})
    assert "is done: SUCCESS" in shown
    assert "DataValidationError" in shown
    assert shown.rstrip().endswith(": SUCCESS")


def test_the_quickstart_runs_against_a_platform(sim: Simulator, tmp_path: Path) -> None:
    """With FIDDLER_URL, FIDDLER_TOKEN and FIDDLER_JOBS it shows those jobs, and asks for no others."""
    ends = ("linear", "failing", "linear", "linear", "linear", "linear")
    jobs = [sim.add_job(scenario, duration=2) for scenario in ends]
    variables = {"FIDDLER_URL": sim.url, "FIDDLER_TOKEN": sim.token, "FIDDLER_JOBS": ",".join(job.id for job in jobs)}
    shown = run(QUICKSTART, tmp_path, variables)
    assert f"{jobs[0].name} is done: SUCCESS" in shown
    assert {request.job_id for request in sim.requests} == {job.id for job in jobs}
    assert {request.status for request in sim.requests} == {200}


def test_the_existing_notebook_publishes_and_waits(tmp_path: Path) -> None:
    """The official client's own code, on a platform that it brings: each job is shown under the cell that starts it."""
    shown = run(EXISTING, tmp_path, {})
    assert "Upload dataset baseline: SUCCESS" in shown
    assert "Upload dataset validation: FAILURE, DataValidationError" in shown
    outputs = [
        "".join(output["data"]["text/html"])
        for cell in cells_of(tmp_path / EXISTING.name)
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    baseline, batches, explanations, failed, expression = outputs
    assert "Succeeded" in baseline
    assert "3 jobs: 3 succeeded" in batches
    assert "3 jobs: " in explanations
    assert "Failed" in failed
    assert "Failed" in expression


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_lies_in_the_repository_without_outputs(notebook: Path) -> None:
    """What a cell once showed is no source."""
    for cell in cells_of(notebook):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None

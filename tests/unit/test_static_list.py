"""Several jobs without a page: what is said of them, how much of it, and that server text stays text."""

from __future__ import annotations

import re

import pytest

import fiddler_widgets as fw
from fiddler_widgets.rendering import static_list
from fiddler_widgets.rendering.static_list import Row


def row(number: int, status: str = "STARTED", **fields: object) -> Row:
    """Return a job of a list."""
    wire = {"id": f"job-{number}", "name": f"Upload {number}", "status": status, "progress": 40.0, **fields}
    return Row(f"job-{number}", fw.JobState.from_wire({"data": wire}, expected_id=f"job-{number}"))


def test_counts_begin_with_what_failed() -> None:
    """Failures first, then what goes on, then what is over."""
    rows = [row(1, "SUCCESS"), row(2), row(3, "FAILURE"), row(4, "SUCCESS"), Row("job-5", None)]
    assert static_list.counts(rows) == "5 jobs: 1 failed, 1 running, 1 unknown, 2 succeeded"


def test_text_names_the_first_ten() -> None:
    """The failed one is among them, wherever it stands."""
    rows = [*(row(number) for number in range(30)), row(99, "FAILURE", error_reason="DataValidationError")]
    lines = static_list.text(rows).splitlines()
    assert lines[0] == "31 jobs: 1 failed, 30 running."
    assert "job-99" in lines[1]
    assert lines[1].endswith("FAILURE, 40 %: DataValidationError")
    assert lines[-1] == "  and 21 more, all running"
    assert len(lines) == 12


def test_html_of_any_size_is_below_20_kilobytes() -> None:
    """Also where the server says as much as it can of each job."""
    long = {
        "name": "n" * 5000,
        "error_reason": "r" * 5000,
        "info": {"project_name": "p" * 5000, "model_name": "m" * 5000},
    }
    rows = [row(number, "FAILURE", **long) for number in range(10_000)]
    assert len(static_list.html(rows).encode()) < 20 * 1024


def test_server_text_is_text() -> None:
    """Names, subjects and reasons are escaped."""
    hostile = "<script>alert(1)</script>"
    html = static_list.html([row(1, "FAILURE", name=hostile, error_reason=hostile, info={"project_name": hostile})])
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("status", [*fw.JobStatus, "WAITING_FOR_QUOTA"])
def test_each_status_has_its_word_and_its_icon(status: str) -> None:
    """Never by colour alone."""
    html = static_list.html([row(1, status)])
    name = re.search(r'class="fw-static" data-fw-tone="\w+" data-fw-icon="(\w+)"', html)
    assert name is not None
    assert f'[data-fw-icon="{name[1]}"]{{--fw-icon: url(' in html


def test_job_that_succeeded_is_at_100_per_cent() -> None:
    """Whatever its last progress was."""
    assert "100 %" in static_list.html([row(1, "SUCCESS")])

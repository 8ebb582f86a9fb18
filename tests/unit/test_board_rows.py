"""What a row says of its job, and what a board says of all: words, times, counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.board.countdown import Countdown
from fiddler_widgets.board.rows import first_values, row_values
from fiddler_widgets.board.summary import Summary, time_left
from fiddler_widgets.board.table import COLUMNS
from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


def state(**fields: Any) -> fw.JobState:
    """Return an answer."""
    wire = {"id": ID, "name": "Upload", "status": "STARTED", "progress": 42.5, **fields}
    return fw.JobState.from_wire({"data": wire}, expected_id=ID)


def row(report: Report, *, at: float = 100.0, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a row after a report that comes with a good answer."""
    first = first_values(ID, None, 0.0) if before is None else before
    return {**first, **row_values(first, ID, report, now=at, age=0.0, pause=6.0)}


def test_row_has_a_value_for_each_column_from_the_start() -> None:
    """Before the first answer its name is the beginning of its id."""
    first = first_values(ID, None, 100.4, "https://example.com/jobs")
    assert first.keys() == set(COLUMNS)
    assert (first["id"], first["name"], first["word"], first["began"]) == (ID, "Job e9a2a782", "Connecting", 100)
    assert first_values(ID, state(), 100.0).keys() == set(COLUMNS)


def test_row_says_what_the_card_says() -> None:
    """Name, what it works on, word, tone, icon."""
    info = {"project_name": "bank", "model": {"name": "churn", "version": "v1"}, "resource_name": "train"}
    values = row(Report(state(info=info), Health.LIVE, answered=True, left=(60.04, 120.0)))
    assert (values["name"], values["kind"], values["project"], values["model"]) == (
        "Upload",
        "Upload",
        "bank",
        "churn v1",
    )
    assert values["what"].replace("\u00a0", " ") == "project bank · model churn v1 · resource train"
    assert (values["word"], values["tone"], values["icon"], values["status"]) == (
        "Running",
        "run",
        "spinner",
        "STARTED",
    )
    assert (values["progress"], values["low"], values["high"], values["pause"]) == (42.5, 60, 120, 6)
    assert (values["trouble"], values["error"], values["final"], values["held"]) == ("", "", False, False)


def test_time_since_a_status_is_since_it_was_first_seen() -> None:
    """Other reports do not change it; how long a job took is known if it was seen before its end."""
    running = row(Report(state(), Health.LIVE), at=100.0)
    later = row(Report(state(progress=50), Health.LIVE), at=130.0, before=running)
    over = row(Report(state(status="SUCCESS", progress=None), Health.OVER), at=160.0, before=later)
    assert (running["phase"], later["phase"], over["phase"]) == (100, 100, 160)
    assert (over["took"], over["progress"], over["final"], over["low"]) == (160, 100, True, None)
    assert row(Report(state(status="SUCCESS"), Health.OVER))["took"] is None


@pytest.mark.parametrize("health", Health)
def test_trouble_is_said_in_a_word(health: Health) -> None:
    """Nothing while all is well; nobody watches what is held."""
    values = row(Report(state(), health, "The server is away."))
    well = health in (Health.STARTING, Health.LIVE, Health.OVER)
    assert (values["trouble"] == "") is well
    assert len(values["trouble"]) <= 14
    assert values["held"] is health.ended


def test_failure_is_one_bounded_line() -> None:
    """Reason and lead; a traceback says its last line."""
    long = "Traceback (most recent call last)\n" + "  File x\n" * 300 + "ValueError: row 7\n"
    failed = state(status="FAILURE", error_reason="Oops", error_message=long)
    assert row(Report(failed, Health.OVER))["error"] == "Oops: ValueError: row 7"
    silent = row(Report(state(status="FAILURE"), Health.OVER))
    assert silent["error"] == "The job failed without saying why"
    much = row(Report(state(status="FAILURE", error_reason="r" * 900, error_message="m" * 900), Health.OVER))
    assert len(much["error"]) <= 160


def test_row_is_strict_json_whatever_the_server_sends() -> None:
    """Bounded, without control characters."""
    hostile = "n\u202e\x07" * 5000
    odd = state(name=hostile, status=hostile, progress=1e308, info={"project_name": hostile, "model_name": [hostile]})
    values = row(Report(odd, Health.LIVE, left=(1.0, float("inf"))))
    assert len(json.dumps(values, allow_nan=False).encode()) < 4000
    assert values["high"] is None
    assert "\x07" not in values["name"]


# ---- of all


def summed(*rows: dict[str, Any]) -> Summary:
    """Return a summary of rows."""
    summary = Summary()
    for values in rows:
        summary.add(values)
    return summary


def test_summary_forgets_what_is_taken_out() -> None:
    """However often rows change, nothing is left over of what they were."""
    one, other = row(Report(state(progress=33.3), Health.LIVE)), row(Report(state(status="FAILURE"), Health.OVER))
    summary = summed(one, other)
    assert (summary.counts, summary.progress, summary.done) == ({"STARTED": 1, "FAILURE": 1}, 66.7, 1)
    summary.add(one, -1)
    summary.add(other, -1)
    assert (summary.counts, summary.progress, summary.total) == ({}, 0.0, 0)


@pytest.mark.parametrize(
    ("healths", "expected"),
    [
        ([], Health.STARTING),
        ([Health.OVER], Health.OVER),
        ([Health.STARTING, Health.STARTING, Health.LIVE], Health.LIVE),
        ([Health.RETRYING, Health.RETRYING, Health.LIVE], Health.RETRYING),
        ([Health.RETRYING, Health.LIVE, Health.LIVE], Health.LIVE),
        ([Health.REFUSED, Health.OVER, Health.OVER], Health.REFUSED),
    ],
)
def test_health_of_a_board_is_that_of_most(healths: list[Health], expected: Health) -> None:
    """Of the jobs that are not over."""
    over = state(status="SUCCESS")
    rows = [row(Report(over if health is Health.OVER else state(), health)) for health in healths]
    assert summed(*rows).health is expected


def test_notice_is_for_what_most_rows_have() -> None:
    """None of them has to say it alone."""
    away = [row(Report(state(), Health.RETRYING)) for _ in range(3)]
    notice = summed(*away).notice("the server is away")
    assert notice == {
        "tone": "warn",
        "icon": "warning",
        "head": "Reconnecting",
        "detail": "The server is away. The board keeps trying.",
    }
    assert summed(row(Report(state(), Health.LIVE))).notice("") is None


def test_all_jobs_take_as_long_as_the_longest() -> None:
    """As of now, and not less than nothing."""
    rows = [(10.0, 20.0, 100.0), (30.0, 90.0, 90.0)]
    assert time_left(rows, 105.0) == (15.0, 75.0)
    assert time_left(rows, 130.0) == (0.0, 50.0)
    assert time_left([], 105.0) is None


def test_time_left_is_known_when_it_is_known_of_each_job() -> None:
    """One that is over needs none."""
    known = row(Report(state(), Health.LIVE, left=(1.0, 2.0)))
    over = row(Report(state(status="SUCCESS"), Health.OVER))
    assert summed(known, over).knows_time_left
    assert not summed(known, row(Report(state(), Health.LIVE))).knows_time_left
    assert not summed(over).knows_time_left


def test_what_counts_down_as_told_is_no_news() -> None:
    """A page counts down by itself."""
    told = Countdown()
    assert told.has_changed((60.0, 120.0), 0.0)
    told.restart((60.0, 120.0), 0.0)
    assert not told.has_changed((50.5, 110.0), 10.0)
    assert told.has_changed((80.0, 110.0), 10.0)
    assert told.has_changed(None, 10.0)

"""`info`, `extras` and errors of any shape, in words."""

from __future__ import annotations

from typing import Any

import pytest

from fiddler_widgets.rendering.job_facts import facts, lead, subject, subtasks

INFO: dict[str, Any] = {
    "resource_type": "DATASET",
    "resource_name": "churn_2025",
    "project_name": "bank",
    "resource": {"id": "1", "name": "churn_2025"},
    "project": {"id": "2", "name": "bank"},
    "model": {"id": "3", "name": "churn", "version": "v1"},
}


@pytest.mark.parametrize(
    ("info", "said"),
    [
        (None, ""),
        ({}, ""),
        ({"project_name": "p", "model": {"name": "m", "version": "v1"}}, "project p · model m v1"),
        ({"model": "m", "resource_type": "MODEL", "resource_name": "m"}, "model m"),
        ({"resource_type": "DATASET", "resource": {"name": "train"}}, "dataset train"),
        ({"project": ["odd"], "model": {"name": {}}}, ""),
        ({"model": 7, "project": []}, "model 7"),
        ({"resource_name": "r", "resource_type": None}, "resource r"),
        (INFO, "project bank · model churn v1 · dataset churn_2025"),
    ],
)
def test_subject_says_what_a_job_works_on(info: object, said: str) -> None:
    """Most general first; what has an odd shape is left out."""
    assert subject(info).replace("\u00a0", " ") == said


def test_a_part_of_the_subject_is_not_broken() -> None:
    """Lines break between its parts, not between "dataset" and its name."""
    assert subject({"project_name": "a b", "model": "m"}) == "project\u00a0a\u00a0b · model\u00a0m"


def test_subtasks_of_any_shape() -> None:
    """What is no mapping has none."""
    assert subtasks(["a"]) == []
    assert subtasks({"a": None}) == [("a", "", "")]


def test_subject_is_bounded() -> None:
    """A megabyte in a name does not reach the page."""
    assert len(subject({"project_name": "x" * 1_000_000, "resource_type": "t" * 1_000_000})) < 400


def test_facts_give_the_subjects_first_and_then_the_rest() -> None:
    """Unknown fields are shown, known ones once; what holds nothing is left out."""
    info = {"env_name": "prod", "rows": 12, "nested": {"a": 1}, "none": None, "empty": "", "yes": True, **INFO}
    assert facts(info) == [
        ("Project", "bank"),
        ("Model", "churn v1"),
        ("Dataset", "churn_2025"),
        ("Env name", "prod"),
        ("Rows", "12"),
        ("Nested", '{"a": 1}'),
        ("Yes", "true"),
    ]


def test_facts_are_bounded() -> None:
    """Ten thousand fields do not make ten thousand rows, nor a megabyte one long one."""
    rows = facts({f"key {number}": "v" * 10_000 for number in range(10_000)})
    assert len(rows) == 24
    assert max(len(value) for _, value in rows) <= 401


def test_short_message_is_its_own_lead() -> None:
    """There is nothing to fold."""
    assert lead("row 3\nrow 4") == "row 3\nrow 4"


def test_lead_of_one_long_line_is_cut() -> None:
    """A thousand characters say enough."""
    assert lead("x" * 1_000_000) == "x" * 999 + "…"

"""Reading what the server says, tolerating what is harmless and nothing else."""

from __future__ import annotations

import json
import math
import pickle
from dataclasses import FrozenInstanceError
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.models import JobState, JobStatus, MalformedAnswer, normal_id, parse_id

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


def read(**fields: Any) -> JobState:
    """Read an answer with these fields."""
    document = {"data": {"id": ID, "name": "Upload", "status": "STARTED", "progress": 42.5, **fields}}
    return JobState.from_body(json.dumps(document).encode(), expected_id=ID)


def test_status_equals_its_word() -> None:
    """A status is a str, in comparisons, text and JSON."""
    assert JobStatus.SUCCESS == "SUCCESS"
    assert f"{JobStatus.SUCCESS} {JobStatus.SUCCESS!s}" == "SUCCESS SUCCESS"
    assert json.dumps(JobStatus.SUCCESS) == '"SUCCESS"'


def test_final_statuses() -> None:
    """SUCCESS, FAILURE and REVOKED are final, the others are not."""
    assert {status for status in JobStatus if status.final} == {"SUCCESS", "FAILURE", "REVOKED"}


def test_whole_answer() -> None:
    """Every field of the wire arrives."""
    state = read(
        info={"project_name": "bank"}, error_message="m", error_reason="r", extras={"a": {"status": "SUCCESS"}}
    )
    assert state == JobState(
        UUID(ID), "Upload", JobStatus.STARTED, 42.5, {"project_name": "bank"}, "m", "r", {"a": {"status": "SUCCESS"}}
    )


def test_snapshot_is_immutable() -> None:
    """A field of a snapshot cannot be assigned."""
    with pytest.raises(FrozenInstanceError):
        read().progress = 1.0  # type: ignore[misc]


def test_unknown_status_is_kept_and_live() -> None:
    """A status that is not in the list is shown as it came, and treated as live."""
    state = read(status="PAUSED")
    assert state.status == "PAUSED"
    assert not state.final


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("null", None),
        ("NaN", None),
        ("true", None),
        ("false", None),
        ('"42"', None),
        ("[42]", None),
        ("-3", 0.0),
        ("250", 100.0),
        ("1e999", 100.0),
        ("1" + "0" * 400, 100.0),
        ("0", 0.0),
        ("100", 100.0),
        ("33.3", 33.3),
    ],
)
def test_progress(wire: str, expected: float | None) -> None:
    """Progress is a number from 0 to 100, or unknown."""
    body = f'{{"data": {{"id": "{ID}", "status": "STARTED", "progress": {wire}}}}}'
    progress = JobState.from_body(body.encode(), expected_id=ID).progress
    assert progress == expected
    assert progress is None or type(progress) is float


def test_missing_progress_is_unknown() -> None:
    """An answer without progress is a good one."""
    body = json.dumps({"data": {"id": ID, "status": "STARTED"}}).encode()
    assert JobState.from_body(body, expected_id=ID).progress is None


@pytest.mark.parametrize("odd", [None, 7, "text", ["list"], True])
def test_odd_info_and_extras_are_tolerated(odd: object) -> None:
    """`info` and `extras` of another type count as empty."""
    state = read(info=odd, extras=odd)
    assert state.info == {}
    assert state.extras == {}


def test_unknown_fields_are_tolerated() -> None:
    """A newer server may say more."""
    assert read(priority=3, owner={"name": "x"}).progress == 42.5


def test_odd_texts_are_tolerated() -> None:
    """A name that is null is empty; an error message that is an object is shown as JSON."""
    state = read(name=None, error_message={"code": 3}, error_reason=None)
    assert (state.name, state.error_message, state.error_reason) == ("", '{"code": 3}', None)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html>Sign in</html>", "HTML"),
        (b'{"data": {"id"', "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1, 2]", "no job"),
        (b"null", "no job"),
        (b'{"api_version": "3.0"}', "no job"),
        (b'{"data": null}', "no job"),
        (b'{"data": {"id": "x"}}', "no status"),
        (b'{"data": {"status": "STARTED"}}', "no job id"),
        (b'{"data": {"id": 7, "status": "STARTED"}}', "no job id"),
        (b'{"data": {"id": "another", "status": "SUCCESS"}}', "another job"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_malformed_answers(body: bytes, problem: str) -> None:
    """What describes no job, or another one, is said to."""
    with pytest.raises(MalformedAnswer, match=problem):
        JobState.from_body(body, expected_id=ID)


def test_id_is_compared_by_value() -> None:
    """A UUID in another spelling is the same id."""
    assert read(id=ID.upper()).id == UUID(ID)


@pytest.mark.parametrize(
    ("given_id", "error"), [("", ValueError), ("  ", ValueError), (7, TypeError), (None, TypeError)]
)
def test_ids_that_cannot_be(given_id: object, error: type[Exception]) -> None:
    """An id is a UUID or a str with something in it."""
    with pytest.raises(error):
        parse_id(given_id)


def test_ids_have_one_spelling() -> None:
    """UUIDs are normalised, other ids stay as they are."""
    assert normal_id(UUID(ID)) == normal_id(ID.upper()) == ID
    assert normal_id("job-7") == "job-7"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["name", "status", "progress", "info", "extras", "error_message"]), JSON))
def test_any_json_gives_a_state_or_a_malformed_answer(fields: dict[str, object]) -> None:
    """Whatever the fields are, what comes out is strict JSON in UTF-8, or a MalformedAnswer."""
    try:
        state = JobState.from_wire({"data": {"id": ID, "status": "STARTED", **fields}}, expected_id=ID)
    except MalformedAnswer:
        assert not isinstance(fields.get("status"), str) or not str(fields["status"]).strip()
        return
    shown = [state.name, state.status, state.info, state.extras, state.error_message, state.error_reason]
    json.dumps(shown, allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert state.progress is None or 0 <= state.progress <= 100


@given(st.binary(max_size=300))
def test_any_bytes_give_a_state_or_a_malformed_answer(body: bytes) -> None:
    """No body raises anything else."""
    with pytest.raises(MalformedAnswer):
        JobState.from_body(body, expected_id=ID)


def test_deep_nesting_in_info_is_bounded() -> None:
    """A thousand levels that json can just read do not reach the page."""
    deep: object = "bottom"
    for _ in range(200):
        deep = [deep]
    text = json.dumps(read(info={"deep": deep}).info)
    assert "bottom" not in text
    assert "\\u2026" in text


def test_lone_surrogates_can_be_encoded() -> None:
    """Half a character from a careless server does not break the connection to the page."""
    half = '"name": "a\\ud800b", "info": {"\\udfff": "\\ud800"}'
    state = JobState.from_body(f'{{"data": {{"id": "{ID}", "status": "STARTED", {half}}}}}'.encode(), expected_id=ID)
    json.dumps([state.name, state.info], ensure_ascii=False).encode("utf-8")


def test_nan_in_info_is_null() -> None:
    """NaN is no JSON, and does not reach the page as such."""
    assert read(info={"score": math.nan}).info == {"score": None}


def test_snapshot_can_be_pickled() -> None:
    """A snapshot holds nothing but the answer."""
    assert pickle.loads(pickle.dumps(read())) == read()  # noqa: S301

"""Entries of the journal: their lines, what is tolerated in these, and how many entries become one."""

from __future__ import annotations

import itertools
import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.journal.entries import (
    ENDED,
    EVERYTHING,
    FORGOT,
    SEEN,
    STARTED,
    Entry,
    Kind,
    fold,
    kind_of,
)
from fiddler_widgets.journal.lines import line_of, read
from fiddler_widgets.rendering.job_facts import subject

NOW = 1_700_000_000.0
ENTRY = Entry(
    ENDED,
    NOW,
    "https://acme.fiddler.ai",
    "e9a2a782-1db4-4bb8-8db0-3fa5a278c068",
    NOW - 60,
    "Upload",
    Kind("bank_churn", "churn", "v1", "DATASET", "train"),
    "SUCCESS",
    NOW,
    (50.0, 55.25),
    (1.0, None),
    "/home/me/churn.ipynb#0f1a",
)

times = st.integers(0, 100).map(lambda number: NOW + number)
words = st.text(string.ascii_lowercase + "ü", max_size=4)
bounds = st.none() | st.tuples(st.integers(0, 9).map(float), st.none() | st.integers(0, 9).map(float))


@st.composite
def sightings(draw: st.DrawFn) -> Entry:
    """Return what any process may have written about one of three jobs."""
    at = draw(times)
    status = draw(st.sampled_from(["", "PENDING", "STARTED", "RETRY", "NEW", "SUCCESS", "FAILURE"]))
    return Entry(
        draw(st.sampled_from([SEEN, STARTED, ENDED])),
        at,
        "https://acme.fiddler.ai",
        draw(st.sampled_from(["a", "b", "c"])),
        min(at, draw(times)),
        draw(words),
        Kind(draw(words), draw(words)),
        status,
        at if status else 0.0,
        draw(bounds),
        draw(bounds),
        draw(words),
        draw(st.dictionaries(st.sampled_from(["later", "more"]), st.integers(0, 3) | words, max_size=2)),
    )


def test_entry_is_what_its_line_says() -> None:
    """Nothing is lost on the way to the file and back."""
    line = line_of(ENTRY)
    assert line is not None
    assert read(line) == ([ENTRY], [])


@given(sightings())
def test_every_entry_is_what_its_line_says(entry: Entry) -> None:
    """Whatever it holds, fields of later versions too."""
    line = line_of(entry)
    assert line is not None
    assert read(line)[0] == [entry]


@given(st.lists(st.text(max_size=400), min_size=8, max_size=8), st.dictionaries(st.text(max_size=9), st.text()))
def test_line_is_one_kilobyte_at_most(texts: list[str], rest: dict[str, str]) -> None:
    """Long texts are cut, and a line stays one line, whatever is in them."""
    name, where, status, *kind = texts
    line = line_of(ENTRY._replace(name=name, place=where, status=status, kind=Kind(*kind), rest=rest))
    assert line is not None
    assert len(line) <= 1024
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    entries, _ = read(line)
    assert [entry.key for entry in entries] == [ENTRY.key]


def test_job_whose_id_would_have_to_be_cut_has_no_line() -> None:
    """Cut, it would be another job."""
    assert line_of(ENTRY._replace(job="x" * 400)) is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"v":1,"e":"seen","t":1,"job":"half',
        b'{"v":1,"e":"seen","t":1}',
        b'{"v":1,"e":"seen","t":"late","job":"a"}',
        b'{"v":1,"e":"seen","t":NaN,"job":"a"}',
        b'{"v":1,"e":"seen","t":1,"job":17}',
        b'{"v":1,"e":"danced","t":1,"job":"a"}',
        b'{"v":1,"e":["seen"],"t":1,"job":"a"}',
        b'{"v":2,"e":"seen","t":1,"job":"a"}',
        b"[1,2]",
        b"{" * 10_000 + b"}",
        b"\x00\xff\xfe",
        b"",
    ],
    ids=lambda line: line[:45].decode("ascii", "replace"),
)
def test_what_is_no_line_is_passed_over(line: bytes) -> None:
    """And costs none of the others."""
    good = line_of(ENTRY)
    assert good is not None
    assert read(good + line + b"\n" + good + line)[0] == [ENTRY, ENTRY]


def test_lines_of_other_versions_are_kept_as_they_are() -> None:
    """A merger does not throw away what only a later version can read."""
    later = b'{"v":2,"whatever":[1,2]}'
    assert read(later + b"\n") == ([], [later])


@pytest.mark.parametrize("field", ["kind", "ran", "queued", "name", "status", "where", "first", "server", "told"])
@pytest.mark.parametrize("value", [None, 17, "x", [], [[]], {}, [None, None], [1, "x"], ["a", "b", "c", "d", "e", "f"]])
def test_field_of_another_shape_does_no_harm(field: str, value: object) -> None:
    """The rest of the line counts, where it says which job it is about."""
    line = line_of(ENTRY)
    assert line is not None
    for entry in read(json.dumps({**json.loads(line), field: value}).encode())[0]:
        assert entry.job == ENTRY.job
        assert line_of(entry) is not None


@given(st.lists(sightings(), min_size=3, max_size=3))
def test_joining_entries_is_a_join(three: list[Entry]) -> None:
    """Commutative, associative, idempotent: order, repetition and mergers in between change nothing."""
    one, two, three_ = (entry._replace(job="a") for entry in three)
    assert one.merged_with(one) == one
    assert one.merged_with(two) == two.merged_with(one)
    assert one.merged_with(two).merged_with(three_) == one.merged_with(two.merged_with(three_))


@given(st.lists(sightings(), max_size=6), st.data())
def test_folding_does_not_depend_on_order_or_repetition(entries: list[Entry], data: st.DataObject) -> None:
    """Nor on what was folded before, which is what a merged file is."""
    folded = fold(entries)
    shuffled = data.draw(st.permutations(entries))
    assert fold(shuffled).jobs == folded.jobs
    cut = data.draw(st.integers(0, len(shuffled)))
    assert fold([*fold(shuffled[:cut]).entries(), *shuffled[cut:], *shuffled]).jobs == folded.jobs


def test_newest_status_counts_but_an_end_is_an_end() -> None:
    """A clock that was set back makes no job of those that are over live again."""
    live = ENTRY._replace(event=SEEN, status="STARTED")
    later = live._replace(at=NOW + 10, status_at=NOW + 10, status="RETRY")
    assert fold([later, live]).jobs[ENTRY.key].status == "RETRY"
    assert fold([ENTRY, later, live]).jobs[ENTRY.key].status == "SUCCESS"
    assert fold([ENTRY, later]).jobs[ENTRY.key].at == NOW + 10


def test_bounds_of_several_processes_narrow_each_other() -> None:
    """One saw it begin, the other saw it end."""
    one, other = ENTRY._replace(ran=(100.0, None)), ENTRY._replace(ran=(20.0, 130.0))
    assert one.merged_with(other).ran == (100.0, 130.0)
    assert one.merged_with(other._replace(ran=None)).ran == (100.0, None)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_forgotten_job_is_gone_in_any_order_and_can_come_again(order: tuple[int, ...]) -> None:
    """What is said of it before the mark does not count, what is said later does."""
    mark = Entry(FORGOT, NOW + 1, ENTRY.server, ENTRY.job, NOW + 1)
    other = ENTRY._replace(job="other")
    entries = [ENTRY, mark, other]
    assert set(fold(entries[index] for index in order).jobs) == {other.key}
    again = ENTRY._replace(at=NOW + 2, first=NOW + 2)
    assert fold([*(entries[index] for index in order), again]).jobs[ENTRY.key].first == NOW + 2


def test_everything_can_be_forgotten() -> None:
    """By one mark, of which a server's job that is called so is none."""
    mark = Entry(FORGOT, NOW, "", EVERYTHING, NOW)
    assert fold([ENTRY, mark]).jobs == {}
    one = Entry(FORGOT, NOW, ENTRY.server, EVERYTHING, NOW)
    assert set(fold([ENTRY, one]).jobs) == {ENTRY.key}


@pytest.mark.parametrize(
    "info",
    [
        {},
        {"project_name": "churn", "model": {"name": "m", "version": "v2"}},
        {"project": {"name": "churn"}, "resource_type": "DATASET", "resource_name": "train"},
        {"resource_type": "MODEL", "model": "m", "resource": {"name": "m"}},
        {"resource": {"name": 17}, "model_version": "v3", "model_name": "m"},
        {"resource": ["x"], "project": {"name": None}, "model": {"name": True}, "resource_type": {}},
    ],
    ids=str,
)
def test_what_a_job_works_on_reads_as_on_its_card(info: dict[str, Any]) -> None:
    """Whatever `info` looks like; and what is remembered gives the same once more."""
    kind = kind_of(info)
    assert kind.what == subject(info).replace("\u00a0", " ")
    assert kind_of(kind.info) == kind

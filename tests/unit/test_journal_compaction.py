"""Files of the journal are merged: when, which ones, what is kept, and that nothing is lost whatever comes between."""

from __future__ import annotations

import contextlib
import os
import pathlib
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.journal.compaction import (
    DAYS,
    FileFacts,
    Writer,
    entries_to_keep,
    mergeable,
    needs_merge,
    writer_of,
)
from fiddler_widgets.journal.entries import ENDED, FORGOT, Entry, Folded, fold
from fiddler_widgets.journal.files import Folder, file_name, process_lives
from fiddler_widgets.journal.lines import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = 86_400.0
NOW = 1_700_000_000.0
ME = Writer("here", 10)
OWN = "here-10-00000000.jsonl"


def entry(job: str, at: float = NOW, status: str = "SUCCESS", event: str = ENDED) -> Entry:
    """Return one of that job."""
    return Entry(event, at, "https://acme.fiddler.ai", job, at, "Upload", status=status, status_at=at)


def size(one: Entry) -> int:
    """Return the bytes of an entry's line."""
    return len(line_of(one) or b"")


@pytest.mark.parametrize(
    ("name", "writer"),
    [
        (OWN, ME),
        ("a-host-17-0a1b2c3d.jsonl", Writer("a-host", 17)),
        ("here-10-00000000.jsonl.tmp", None),
        ("here-ten-00000000.jsonl", None),
        ("-10-00000000.jsonl", None),
        ("notes.jsonl", None),
        (".nfs0001", None),
    ],
)
def test_writer_is_in_the_name(name: str, writer: Writer | None) -> None:
    """Whatever else lies in the directory is none of the journal's."""
    assert writer_of(name) == writer
    if writer is not None:
        assert writer_of(file_name(writer)) == writer


def test_many_files_or_large_ones_are_due() -> None:
    """More than 20, or more than a megabyte."""
    assert not needs_merge([FileFacts(OWN, 1000, 0)] * 20)
    assert needs_merge([FileFacts(OWN, 1000, 0)] * 21)
    assert not needs_merge([FileFacts(OWN, 999_000, 0)])
    assert needs_merge([FileFacts(OWN, 600_000, 0)] * 2)


@pytest.mark.parametrize(
    ("name", "age", "taken"),
    [
        (OWN, 30 * DAY, False),
        ("here-10-00000001.jsonl", 100, True),
        ("here-11-00000001.jsonl", 100, False),
        ("here-11-00000001.jsonl", 8 * DAY, True),
        ("here-12-00000001.jsonl", 100, True),
        ("here-12-00000001.jsonl", 10, False),
        ("here-12-00000001.jsonl", -8 * DAY, True),
        ("there-12-00000001.jsonl", 6 * DAY, False),
        ("there-12-00000001.jsonl", 8 * DAY, True),
        ("notes.jsonl", 8 * DAY, False),
    ],
    ids=[
        "own",
        "made by this process before",
        "of one that lives",
        "of one whose number lives again",
        "of one that is gone",
        "of one that is just gone",
        "from the future",
        "elsewhere",
        "elsewhere, and old",
        "another's",
    ],
)
def test_files_of_ended_writers_are_taken(name: str, age: float, *, taken: bool) -> None:
    """And no others: process 11 lives, 12 does not."""
    found = mergeable([FileFacts(name, 100, age)], ME, OWN, lambda pid: pid == 11)
    assert found == ([name] if taken else [])


def test_2000_jobs_of_90_days_are_kept() -> None:
    """The newest, and no more bytes than would call for the next merger."""
    old, new = entry("old", NOW - 91 * DAY), entry("new", NOW - 89 * DAY)
    assert entries_to_keep(fold([old, new, entry("now")]), NOW, size) == [new, entry("now")]
    many = fold(entry(str(number), NOW - number) for number in range(3000))
    assert [one.job for one in entries_to_keep(many, NOW, lambda _: 1)] == [
        str(number) for number in reversed(range(2000))
    ]
    assert len(entries_to_keep(many, NOW, lambda _: 1000)) == 800


def test_clock_that_is_years_ahead_ends_no_memory() -> None:
    """Nor does one that was ahead when an entry was written."""
    jobs = [entry("a", NOW - DAY), entry("b", NOW)]
    assert entries_to_keep(fold(jobs), NOW + 3650 * DAY, size) == jobs
    ahead = entry("c", NOW + 3650 * DAY)
    assert entries_to_keep(fold([*jobs, ahead]), NOW, size) == [*jobs, ahead]


def test_what_was_forgotten_stays_so() -> None:
    """Marks outlive all that they are about, and go then."""
    mark = entry("a", NOW - 100 * DAY, "", FORGOT)
    old = entry("b", NOW - (2 * DAYS + 1) * DAY, "", FORGOT)
    assert [one.job for one in entries_to_keep(fold([mark, old, entry("c")]), NOW, size)] == ["a", "c"]


def test_process_lives() -> None:
    """This one does; none has such a number."""
    assert process_lives(os.getpid())
    assert not process_lives(2**22 + 12345) or os.name != "posix"
    assert process_lives(10**30) or os.name != "posix"


# ---- two processes, and whatever comes between


class Crash(BaseException):
    """The process ends here."""


class Steps:
    """Has something happen before each n-th thing that is done to the disk.

    Args:
        at: Before which, from 0.
        what: What happens.
    """

    _NAMES = ("rename", "replace", "unlink", "stat")

    def __init__(self, at: int, what: Callable[[], None]) -> None:
        self._left, self._what = at, what

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """While it is on."""
        with contextlib.ExitStack() as patches:
            for name in self._NAMES:
                patches.enter_context(
                    mock.patch.object(pathlib.Path, name, self._stepping(getattr(pathlib.Path, name)))
                )
            for name in ("open", "fsync"):
                patches.enter_context(mock.patch.object(os, name, self._stepping(getattr(os, name))))
            yield

    def _stepping(self, original: Any) -> Any:
        def step(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == -1:
                self._what()
            return original(*args, **kwargs)

        return step


class Disk:
    """A directory, and processes on one machine that write to it.

    Args:
        path: The directory.
    """

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.known: list[Entry] = []
        self.living: set[int] = set()
        self.folders: dict[int, Folder] = {}

    def process(self, pid: int) -> Folder:
        """Return the journal of a process, which lives."""
        self.living.add(pid)
        if pid not in self.folders:
            writer = Writer("here", pid)
            # An hour later: whatever was written is settled.
            clock = time.time() + 3600
            alive = self.living.__contains__
            self.folders[pid] = Folder(self.path, file_name(writer), writer, lambda: clock, alive)
        return self.folders[pid]

    def write(self, pid: int, job: str, number: int) -> None:
        """Have a process write about a job."""
        one = entry(job, NOW + number, "STARTED" if number % 3 else "SUCCESS")
        self.known.append(one)
        self.process(pid).append([line_of(one) or b""])

    def merge(self, pid: int) -> None:
        """Have a process merge what it can."""
        folder = self.process(pid)
        folder.merge(folder.files())

    def read(self) -> Folded:
        """What a reader finds."""
        return self.process(99).read()[0]


jobs = st.sampled_from("abcdef")


@given(
    written=st.lists(st.tuples(st.integers(1, 6), jobs), min_size=4, max_size=12),
    living=st.sets(st.integers(1, 6), max_size=2),
    first=st.integers(0, 40),
    second=st.integers(0, 40),
    crashes=st.tuples(st.booleans(), st.booleans()),
    between=st.lists(st.tuples(st.integers(1, 6), jobs), max_size=3),
)
def test_two_processes_that_merge_at_any_moment_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    written: list[tuple[int, str]],
    living: set[int],
    first: int,
    second: int,
    crashes: tuple[bool, bool],
    between: list[tuple[int, str]],
) -> None:
    """One stops at some moment, perhaps for ever; meanwhile another merges, perhaps not to its end, and some write."""
    disk = Disk(tmp_path_factory.mktemp("journal"))
    for number, (pid, job) in enumerate(written):
        disk.write(pid, job, number)
    disk.living &= living

    def other() -> None:
        for number, (pid, job) in enumerate(between, 100):
            disk.write(pid, job, number)
        with contextlib.suppress(Crash), Steps(second, crash if crashes[1] else lambda: None).on():
            disk.merge(8)
        if crashes[1]:
            disk.living.discard(8)
        if crashes[0]:
            crash()

    with contextlib.suppress(Crash), Steps(first, other).on():
        disk.merge(7)
    if crashes[0]:
        disk.living.discard(7)
    assert disk.read().jobs == fold(disk.known).jobs
    disk.merge(9)
    assert disk.read().jobs == fold(disk.known).jobs


def crash() -> None:
    """End the process that is at work."""
    raise Crash


def test_merger_makes_one_file_of_many(tmp_path: pathlib.Path) -> None:
    """Lines of other versions are in it as they were, and the next merger has nothing to do."""
    disk = Disk(tmp_path)
    for pid in range(1, 31):
        disk.write(pid, f"job-{pid}", pid)
    foreign = b'{"v":2,"new":true}\n'
    disk.process(1).append([foreign])
    half = b'{"v":1,"e":"seen","t":1,"job":"ha'
    disk.process(2).append([half])
    disk.living.clear()
    before = disk.read().jobs
    disk.merge(50)
    (file,) = tmp_path.iterdir()
    data = file.read_bytes()
    assert foreign in data
    assert half not in data
    assert disk.read().jobs == before
    assert file.stat().st_mode & 0o777 == 0o600 or os.name != "posix"
    disk.merge(50)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_what_a_crash_has_left_is_swept_up(tmp_path: pathlib.Path) -> None:
    """A day later; and a stranger's file is left alone."""
    disk = Disk(tmp_path)
    unfinished = tmp_path / "here-1-00000000.jsonl.tmp"
    unfinished.write_bytes(b"{")
    os.utime(unfinished, (1, 1))
    fresh = tmp_path / "here-2-00000000.jsonl.tmp"
    fresh.write_bytes(b"{")
    strange = tmp_path / "notes.txt"
    strange.write_text("mine")
    for pid in (3, 4):
        disk.write(pid, "job", pid)
    disk.living.clear()
    disk.merge(50)
    assert not unfinished.exists()
    assert fresh.exists()
    assert strange.read_text() == "mine"


class Interrupted(Folder):
    """One that has something happen between reading and writing."""

    between: Callable[[], object]

    def _replace(self, name: str, data: bytes) -> None:
        self.between()
        super()._replace(name, data)


def test_line_that_comes_at_that_very_moment_is_kept(tmp_path: pathlib.Path) -> None:
    """From a writer that lives after all, and had opened its file before that was renamed."""
    disk = Disk(tmp_path)
    disk.write(1, "a", 1)
    disk.write(2, "b", 2)
    handles = [os.open(path, os.O_WRONLY | os.O_APPEND) for path in tmp_path.iterdir()]
    folder = Interrupted(tmp_path, OWN, ME, lambda: time.time() + 3600, lambda _: False)
    late = entry("late")
    folder.between = lambda: os.write(handles[0], line_of(late) or b"")
    assert folder.merge(folder.files()) == 2
    for handle in handles:
        os.close(handle)
    assert disk.read().jobs == fold([*disk.known, late]).jobs


def test_two_machines_that_take_the_same_files_lose_nothing(tmp_path: pathlib.Path) -> None:
    """Files that look abandoned may be taken from one that is just merging them."""
    disk = Disk(tmp_path)
    for pid in (1, 2, 3):
        disk.write(pid, f"job-{pid}", pid)
    week = time.time() + 8 * DAY
    other = Folder(tmp_path, "there-1-00000000.jsonl", Writer("there", 1), lambda: week)
    folder = Interrupted(tmp_path, OWN, ME, lambda: week, lambda _: True)
    folder.between = lambda: other.merge(other.files())
    assert folder.merge(folder.files()) == 3
    assert disk.read().jobs == fold(disk.known).jobs

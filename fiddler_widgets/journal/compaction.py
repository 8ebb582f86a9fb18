"""Which files of the journal may be merged, when, and which of their entries are kept.

Pure: it decides by names, sizes and ages. Each file has one writer, which opens it anew for every few lines. So if a
file is merged by mistake while its writer still lives, at most the line written at that moment is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets.journal.entries import FORGOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fiddler_widgets.journal.entries import Entry, Folded

__all__ = [
    "DAYS",
    "MOST_JOBS",
    "SUFFIX",
    "FileFacts",
    "Writer",
    "entries_to_keep",
    "mergeable",
    "needs_merge",
    "writer_of",
]

SUFFIX = ".jsonl"
DAYS = 90
"""A job is forgotten so many days after it was last seen."""
MOST_JOBS = 2000
"""How many jobs are remembered."""

DAY = 86_400.0
_MOST_FILES = 20
_MOST_BYTES = 1_000_000
_KEPT_BYTES = 800_000
"""The most bytes of a merged file; fewer than `_MOST_BYTES`, so that it alone does not cause the next merge."""
_SETTLED = 60.0
"""A file is merged so many seconds after its last line, if its writer has ended."""
_ABANDONED = 7 * DAY
"""A file is merged so many seconds after its last line, if it is unknown whether its writer has ended."""


class FileFacts(NamedTuple):
    """A file as its directory lists it.

    Attributes:
        name: Its name.
        size: Its size in bytes.
        age: Seconds since it was last written to; negative if a clock was set.
    """

    name: str
    size: int
    age: float


class Writer(NamedTuple):
    """The process that writes a file.

    Attributes:
        host: The machine's name.
        pid: The process id on that machine.
    """

    host: str
    pid: int


def writer_of(name: str) -> Writer | None:
    """The writer of the file with that name; ``None`` if it is no file of the journal."""
    if not name.endswith(SUFFIX):
        return None
    host, _, rest = name.removesuffix(SUFFIX).rpartition("-")[0].rpartition("-")
    return Writer(host, int(rest)) if host and rest.isascii() and rest.isdigit() else None


def needs_merge(files: Sequence[FileFacts]) -> bool:
    """Whether the files are to be merged, as there are too many or they are too large."""
    return len(files) > _MOST_FILES or sum(file.size for file in files) > _MOST_BYTES


def mergeable(files: Sequence[FileFacts], process: Writer, own_file: str, alive: Callable[[int], bool]) -> list[str]:
    """The names of files that no process writes to any more.

    Args:
        files: All files of the journal.
        process: This process.
        own_file: The name of the file that it writes to.
        alive: Whether a process with that id runs on this machine.
    """
    names = []
    for file in files:
        writer = writer_of(file.name)
        # A file whose time is in the future was not written to just now, either.
        age = abs(file.age)
        if writer is None or file.name == own_file or age < _SETTLED:
            continue
        writer_ended = writer == process or (writer.host == process.host and not alive(writer.pid))
        if writer_ended or age >= _ABANDONED:
            names.append(file.name)
    return names


def entries_to_keep(folded: Folded, now: float, size: Callable[[Entry], int]) -> list[Entry]:
    """The entries to keep: those of 90 days and 2,000 jobs at most, and no more bytes than a merged file may have.

    Args:
        folded: All entries.
        now: The time in epoch seconds.
        size: Returns how many bytes an entry takes.
    """
    jobs = sorted(folded.jobs.values(), key=lambda entry: (-entry.at, entry.key))
    # If the clock is ahead of the newest entry, that entry counts as today: else a clock years ahead would erase all.
    today = min(now, jobs[0].at) if jobs else now
    newest, free_bytes = [], _KEPT_BYTES
    for entry in jobs[:MOST_JOBS]:
        free_bytes -= size(entry)
        if entry.at < today - DAYS * DAY or free_bytes < 0:
            break
        newest.append(entry)
    # Marks are kept longer than any entry that they are about, which may be in a file that is merged later.
    since = today - 2 * DAYS * DAY
    marks = [entry for entry in folded.entries() if entry.event == FORGOT and entry.at >= since]
    return [*marks, *reversed(newest)]

"""Which files of the journal may be merged, when, and what of them is kept.

Pure: from names, sizes and ages. A file has one writer, which opens it anew for each few lines; so one that was taken
away by mistake, from a writer that still lives, costs at most a line that comes at that very moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets.journal.entries import FORGOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fiddler_widgets.journal.entries import Entry, Folded

__all__ = ["DAYS", "MOST_JOBS", "SUFFIX", "FileFacts", "Writer", "due", "kept", "mergeable", "writer_of"]

SUFFIX = ".jsonl"
DAYS = 90
"""Days after which a job that was not seen any more is no longer remembered."""
MOST_JOBS = 2000
"""How many jobs are remembered."""

DAY = 86_400.0
_MOST_FILES = 20
_MOST_BYTES = 1_000_000
_KEPT_BYTES = 800_000
"""Bytes that a merged file has at most, so that it does not by itself call for the next merger."""
_SETTLED = 60.0
"""Seconds for which a file was not written to, before it is taken from a writer that has ended."""
_ABANDONED = 7 * DAY
"""Seconds after which one is taken from a writer of which nothing else can be known."""


class FileFacts(NamedTuple):
    """What a directory says of a file.

    Attributes:
        name: Its name.
        size: In bytes.
        age: Seconds since it was last written to; below zero where a clock was set.
    """

    name: str
    size: int
    age: float


class Writer(NamedTuple):
    """Who writes a file.

    Attributes:
        host: The machine's name.
        pid: The process's number there.
    """

    host: str
    pid: int


def writer_of(name: str) -> Writer | None:
    """Who writes the file of that name; ``None`` for one that is no file of the journal."""
    if not name.endswith(SUFFIX):
        return None
    host, _, rest = name.removesuffix(SUFFIX).rpartition("-")[0].rpartition("-")
    return Writer(host, int(rest)) if host and rest.isascii() and rest.isdigit() else None


def due(files: Sequence[FileFacts]) -> bool:
    """Whether there are too many files, or too large ones."""
    return len(files) > _MOST_FILES or sum(file.size for file in files) > _MOST_BYTES


def mergeable(files: Sequence[FileFacts], me: Writer, own: str, alive: Callable[[int], bool]) -> list[str]:
    """The names of files that nobody writes to any more.

    Args:
        files: All there are.
        me: This process.
        own: The file that it writes to.
        alive: Whether there is a process with that number on this machine.
    """
    found = []
    for file in files:
        writer = writer_of(file.name)
        # In the future or in the past: either way it was not written to just now.
        age = abs(file.age)
        if writer is None or file.name == own or age < _SETTLED:
            continue
        gone = writer == me or (writer.host == me.host and not alive(writer.pid))
        if gone or age >= _ABANDONED:
            found.append(file.name)
    return found


def kept(folded: Folded, now: float, size: Callable[[Entry], int]) -> list[Entry]:
    """The entries to keep: of 90 days, of 2,000 jobs, and of no more bytes than a merged file is to have.

    Args:
        folded: All that is known.
        now: In epoch seconds.
        size: How many bytes an entry takes.
    """
    jobs = sorted(folded.jobs.values(), key=lambda entry: (-entry.at, entry.key))
    # By the newest entry where that is older than the clock says, lest one that is years ahead ends all memory.
    today = min(now, jobs[0].at) if jobs else now
    found, room = [], _KEPT_BYTES
    for entry in jobs[:MOST_JOBS]:
        room -= size(entry)
        if entry.at < today - DAYS * DAY or room < 0:
            break
        found.append(entry)
    # Longer than any entry that they are about, also one in a file that is merged late.
    since = today - 2 * DAYS * DAY
    marks = [entry for entry in folded.entries() if entry.event == FORGOT and entry.at >= since]
    return [*marks, *reversed(found)]

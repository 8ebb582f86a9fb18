"""The journal of this process: its thread writes what is to be remembered; answers come from there or from memory.

The methods that are called while jobs are watched take microseconds and wait for nothing. Only `jobs`, `forget` and
`clear`, which users call, wait for the disk, for a few seconds at most.
"""

from __future__ import annotations

import atexit
import functools
import logging
import os
import threading
from typing import TYPE_CHECKING, TypeVar

from fiddler_widgets.journal import compaction, entries, files, lines
from fiddler_widgets.journal.past import Past
from fiddler_widgets.journal.remembered import RememberedJob, remembered
from fiddler_widgets.journal.sightings import Moment
from fiddler_widgets.journal.watched import Watched
from fiddler_widgets.journal.writer import Writer
from fiddler_widgets.models import normal_id

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable
    from uuid import UUID

__all__ = ["Journal", "close", "log_failure", "shared"]

_log = logging.getLogger("fiddler_widgets")
_T = TypeVar("_T")

_PATIENCE = 5.0
"""Seconds that a user's call waits for the disk."""
_AT_EXIT = 0.5
"""Seconds that the exit of the interpreter waits for unwritten entries."""
_MOST_WATCHED = 20_000
_DAY = 86_400.0


class Journal:
    """What one process remembers and writes down.

    Args:
        directory: Returns the directory of the files; called by the journal's thread.
        wall: The clock, in epoch seconds.
        linger: Seconds that the idle thread stays.
    """

    def __init__(
        self,
        directory: Callable[[], pathlib.Path] = files.directory,
        wall: Callable[[], float] = lambda: Moment.now().wall,
        linger: float = 2.0,
    ) -> None:
        self._directory, self._wall = directory, wall
        self._file_name = ""
        self._writer = Writer(self._write_down, linger)
        self._watched: dict[entries.Key, Watched] = {}
        self._local = entries.Folded()
        """What this process has seen; used alone if the disk cannot be read."""
        self._past = Past()
        self._loading = False

    # ---- for those who start and watch jobs

    def watch(
        self, url: str, job_id: UUID | str, mask: Callable[[str], str], place: str, since: Moment
    ) -> Watched | None:
        """Begin to remember a job that is watched.

        Args:
            url: The address of its platform.
            job_id: Its id.
            mask: Removes secrets from a text.
            place: The notebook and cell in which it is watched.
            since: When the watching began.

        Returns:
            What takes the answers about the job; ``None`` if the job is not remembered, since its id or address
            contains a secret.
        """
        server, job = entries.server_name(url), normal_id(job_id)
        if not server or mask(server) != server or mask(job) != job:
            return None
        self.load()
        key = (server, job)
        watched = self._watched.get(key)
        if watched is None:
            while len(self._watched) >= _MOST_WATCHED:
                self._watched.pop(next(iter(self._watched)))
            watched = self._watched.setdefault(key, Watched(key, mask(place), since, _write_shared))
        return watched

    def write(self, entry: entries.Entry | Callable[[], entries.Entry]) -> None:
        """Have an entry written and remembered; a function is called in the journal's thread to make the entry."""
        self._writer.put(entry)

    def run_later(self, action: Callable[[], None]) -> bool:
        """Run an action in the journal's thread; returns whether there was room for it in the queue."""
        return self._writer.call(action)

    def load(self) -> None:
        """Have the files read in the journal's thread, once; returns at once."""
        if not self._loading:
            self._loading = True
            self._writer.call(self._load)

    def past_durations(self, server: str, name: str, project: str, model: str, resource: str) -> tuple[float, ...]:
        """As `fiddler_widgets.journal.past_durations`."""
        self.load()
        return self._past.durations(entries.server_name(server), name, project, model, resource)

    # ---- for users

    def jobs(self, days: float, status: str | None, server: str | None) -> list[RememberedJob]:
        """As `fiddler_widgets.journal.jobs`."""
        folded = self._ask_disk(self._read, self._local)
        now = self._wall()
        since, only = now - days * _DAY, None if server is None else entries.server_name(server)
        matching = [
            remembered(entry, now)
            for entry in list(folded.jobs.values())
            if entry.at >= since and status in (None, entry.status) and only in (None, entry.server)
        ]
        return sorted(matching, key=lambda job: (job.first_seen, job.id), reverse=True)

    def forget(self, ids: set[str]) -> int:
        """As `fiddler_widgets.journal.forget`.

        Raises:
            OSError: The files cannot be written.
        """
        folded = self._ask_disk(self._read, self._local)
        keys = [key for key in list(folded.jobs) if key[1] in ids]
        marks = []
        for key in keys:
            if key in self._watched:
                self._watched[key].muted = True
            # Never earlier than the entry that is to be forgotten, even if a clock was set.
            at = max(self._wall(), folded.jobs[key].at)
            marks.append(entries.Entry(entries.FORGOT, at, *key, at))
        if marks:
            self._writer.ask(functools.partial(self._forget, marks), _PATIENCE)
        return len(keys)

    def _forget(self, marks: list[entries.Entry]) -> None:
        # Also if writing is off: the user must know whether the job is forgotten.
        self._folder().append(line for mark in marks if (line := lines.line_of(mark)) is not None)
        for mark in marks:
            self._local.add(mark)

    def clear(self) -> None:
        """As `fiddler_widgets.journal.clear`.

        Raises:
            OSError: The files cannot be removed.
        """
        for watched in list(self._watched.values()):
            watched.muted = True

        def clear() -> None:
            known = self._folder().read()[0].jobs.values()
            at = max([self._wall(), *(entry.at for entry in known), *(entry.at for entry in self._local.jobs.values())])
            self._folder().clear()
            self._local, self._past = entries.Folded(), Past()
            if known:
                # Another process may write at this moment what it has read before: this mark has it forgotten, too.
                mark = entries.Entry(entries.FORGOT, at, "", entries.EVERYTHING, at)
                self._folder().append([lines.line_of(mark) or b""])

        self._writer.ask(clear, _PATIENCE)

    def close(self, patience: float = _AT_EXIT) -> None:
        """Write the waiting entries, within ``patience`` seconds, and end the thread."""
        self._writer.close(patience)

    # ---- in the journal's thread

    def _folder(self) -> files.Folder:
        process = files.this_process()
        self._file_name = self._file_name or files.file_name(process)
        return files.Folder(self._directory(), self._file_name, process, self._wall)

    def _read(self) -> entries.Folded:
        folder = self._folder()
        folded, found_files = folder.read()
        if compaction.needs_merge(found_files):
            # Merging comes after the caller has got what was read; its errors do not matter.
            self._writer.call(lambda: folder.merge(found_files))
        return folded

    def _write_down(self, items: list[entries.Entry | Callable[[], entries.Entry]]) -> None:
        new_entries = [item if isinstance(item, entries.Entry) else item() for item in items]
        for entry in new_entries:
            self._local.add(entry)
            self._past.add(self._local.jobs.get(entry.key, entry))
        new_lines = [line for entry in new_entries if (line := lines.line_of(entry)) is not None]
        if new_lines:
            self._folder().append(new_lines)

    def _load(self) -> None:
        past = Past(self._read().jobs.values())
        for entry in self._local.jobs.values():
            past.add(entry)
        self._past = past

    def _ask_disk(self, action: Callable[[], _T], fallback: _T) -> _T:
        """The result of an action that reads the disk, or the fallback if that fails."""
        try:
            # First all that is waiting: actions among it may write further lines.
            self._writer.ask(lambda: None, _PATIENCE)
            result: _T = self._writer.ask(action, _PATIENCE)
        except OSError as error:
            _log.warning("the journal cannot be read, so that only jobs of this process are known: %s", error)
            return fallback
        return result


# ---- the journal of the process

_shared: Journal | None = None
_shared_lock = threading.Lock()
_failure_logged = False


def shared() -> Journal:
    """The journal of this process."""
    global _shared  # noqa: PLW0603
    if _shared is None:
        with _shared_lock:
            if _shared is None:
                _shared = Journal()
                atexit.register(close)
    return _shared


def _write_shared(entry: entries.Entry | Callable[[], entries.Entry]) -> None:
    """Have an entry written by the journal of this process; a forked child has another one."""
    shared().write(entry)


def close() -> None:
    """Write the waiting entries, and end the journal's thread."""
    if _shared is not None:
        _shared.close()


def _begin_after_fork() -> None:
    """Give a forked child a journal with its own file and thread."""
    global _shared, _shared_lock  # noqa: PLW0603
    _shared_lock = threading.Lock()
    _shared = None


def log_failure() -> None:
    """Log an unexpected exception in the journal, once per process."""
    global _failure_logged  # noqa: PLW0603
    if not _failure_logged:
        _failure_logged = True
        _log.exception("a job could not be written into the journal")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_after_fork)

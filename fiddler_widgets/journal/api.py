"""The journal of this process: what it is told of jobs goes to its thread, what it is asked comes from there or memory.

What is called where jobs are watched costs microseconds and waits for nothing. Only `jobs`, `forget` and `clear`, which
users call, wait for the disk, for some seconds at most.
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

__all__ = ["Journal", "close", "complain", "shared"]

_log = logging.getLogger("fiddler_widgets")
_T = TypeVar("_T")

_PATIENCE = 5.0
"""Seconds that a user's call waits for the disk."""
_AT_EXIT = 0.5
"""Seconds that the end of the interpreter waits for what is left to write."""
_MOST_WATCHED = 20_000
_DAY = 86_400.0


class Journal:
    """What one process remembers and writes down.

    Args:
        directory: Finds the directory of the files; called by the journal's thread.
        wall: The clock, in epoch seconds.
        linger: Seconds that its thread stays without anything to do.
    """

    def __init__(
        self,
        directory: Callable[[], pathlib.Path] = files.directory,
        wall: Callable[[], float] = lambda: Moment.now().wall,
        linger: float = 2.0,
    ) -> None:
        self._directory, self._wall = directory, wall
        self._own = ""
        self._writer = Writer(self._write_down, linger)
        self._watched: dict[entries.Key, Watched] = {}
        self._here = entries.Folded()
        """What this process has seen; all there is where the disk cannot be read."""
        self._past = Past()
        self._loading = False

    # ---- from where jobs are started and watched

    def watch(
        self, url: str, job_id: UUID | str, mask: Callable[[str], str], place: str, since: Moment
    ) -> Watched | None:
        """A job is watched.

        Args:
            url: The address of its platform.
            job_id: Its id.
            mask: Takes what is secret out of a text.
            place: In which notebook.
            since: From when on.

        Returns:
            Whom to tell of answers; ``None`` for one that is not to be remembered, since a secret is its id.
        """
        server, job = entries.server_name(url), normal_id(job_id)
        if not server or mask(server) != server or mask(job) != job:
            return None
        self.load()
        key = (server, job)
        known = self._watched.get(key)
        if known is None:
            while len(self._watched) >= _MOST_WATCHED:
                self._watched.pop(next(iter(self._watched)))
            known = self._watched.setdefault(key, Watched(key, mask(place), since, _write_shared))
        return known

    def write(self, entry: entries.Entry | Callable[[], entries.Entry]) -> None:
        """Have an entry, or what the journal's thread is to make one by, written down and remembered."""
        self._writer.put(entry)

    def later(self, action: Callable[[], None]) -> bool:
        """Have something done by the journal's thread, which has time; returns whether it has not too much to do."""
        return self._writer.call(action)

    def load(self) -> None:
        """Read the files, if this has not been done; returns at once."""
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
        folded = self._asked(self._read, self._here)
        now = self._wall()
        since, only = now - days * _DAY, None if server is None else entries.server_name(server)
        found = [
            remembered(entry, now)
            for entry in list(folded.jobs.values())
            if entry.at >= since and status in (None, entry.status) and only in (None, entry.server)
        ]
        return sorted(found, key=lambda job: (job.first_seen, job.id), reverse=True)

    def forget(self, ids: set[str]) -> int:
        """As `fiddler_widgets.journal.forget`.

        Raises:
            OSError: That cannot be written down.
        """
        known = self._asked(self._read, self._here)
        keys = [key for key in list(known.jobs) if key[1] in ids]
        marks = []
        for key in keys:
            if key in self._watched:
                self._watched[key].muted = True
            # Not before what is to be forgotten, whatever the clock says.
            at = max(self._wall(), known.jobs[key].at)
            marks.append(entries.Entry(entries.FORGOT, at, *key, at))
        if marks:
            self._writer.ask(functools.partial(self._forget, marks), _PATIENCE)
        return len(keys)

    def _forget(self, marks: list[entries.Entry]) -> None:
        # Also where writing is off: whoever wants it forgotten has to know whether it is.
        self._folder().append(line for mark in marks if (line := lines.line_of(mark)) is not None)
        for mark in marks:
            self._here.take(mark)

    def clear(self) -> None:
        """As `fiddler_widgets.journal.clear`.

        Raises:
            OSError: The files cannot be removed.
        """
        for watched in list(self._watched.values()):
            watched.muted = True

        def clear() -> None:
            known = self._folder().read()[0].jobs.values()
            at = max([self._wall(), *(entry.at for entry in known), *(entry.at for entry in self._here.jobs.values())])
            self._folder().clear()
            self._here, self._past = entries.Folded(), Past()
            if known:
                # For what others write at this moment of what they have read before.
                mark = entries.Entry(entries.FORGOT, at, "", entries.EVERYTHING, at)
                self._folder().append([lines.line_of(mark) or b""])

        self._writer.ask(clear, _PATIENCE)

    def close(self, patience: float = _AT_EXIT) -> None:
        """Write down what is left, for at most so many seconds, and end the thread."""
        self._writer.close(patience)

    # ---- in the journal's thread

    def _folder(self) -> files.Folder:
        me = files.this_process()
        self._own = self._own or files.file_name(me)
        return files.Folder(self._directory(), self._own, me, self._wall)

    def _read(self) -> entries.Folded:
        folder = self._folder()
        folded, there = folder.read()
        if compaction.due(there):
            # After whoever waits for what was read. What goes wrong with it, nobody misses.
            self._writer.call(lambda: folder.merge(there))
        return folded

    def _write_down(self, items: list[entries.Entry | Callable[[], entries.Entry]]) -> None:
        found = [item if isinstance(item, entries.Entry) else item() for item in items]
        for entry in found:
            self._here.take(entry)
            self._past.take(self._here.jobs.get(entry.key, entry))
        written = [line for entry in found if (line := lines.line_of(entry)) is not None]
        if written:
            self._folder().append(written)

    def _load(self) -> None:
        past = Past(self._read().jobs.values())
        for entry in self._here.jobs.values():
            past.take(entry)
        self._past = past

    def _asked(self, action: Callable[[], _T], otherwise: _T) -> _T:
        """What a user's call wants of the disk; what this process knows itself where that gives nothing."""
        try:
            # First what is still to be done: starts among it give lines of their own.
            self._writer.ask(lambda: None, _PATIENCE)
            found: _T = self._writer.ask(action, _PATIENCE)
        except OSError as error:
            _log.warning("the journal cannot be read, so that only jobs of this process are known: %s", error)
            return otherwise
        return found


# ---- the journal of the process

_shared: Journal | None = None
_shared_lock = threading.Lock()
_complained = False


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
    """Have something written down by the journal of this process, which is another one after a fork."""
    shared().write(entry)


def close() -> None:
    """Write down what is left, and end the journal's thread."""
    if _shared is not None:
        _shared.close()


def _begin_after_fork() -> None:
    """A forked child writes a file of its own, and has none of the parent's threads."""
    global _shared, _shared_lock  # noqa: PLW0603
    _shared_lock = threading.Lock()
    _shared = None


def complain() -> None:
    """Log what is the matter with the journal, once."""
    global _complained  # noqa: PLW0603
    if not _complained:
        _complained = True
        _log.exception("a job could not be written into the journal")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_after_fork)

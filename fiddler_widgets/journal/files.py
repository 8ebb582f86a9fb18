"""The files of the journal: appending to one, reading all, and merging those of processes that have ended.

Only this module uses the disk, and only the journal's thread calls it. It works on NFS, too: a file has one writer,
there are no locks, and a file is replaced only by a rename. Every failure is an `OSError`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import platform
import re
import stat
import time
from typing import TYPE_CHECKING

from fiddler_widgets.journal import compaction, entries, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fiddler_widgets.journal.entries import Folded

__all__ = ["Folder", "directory", "file_name", "process_lives", "this_process"]

_LONGEST_FILE = 8 * 2**20
"""The most bytes that are read of one file; of a longer file, the last ones."""
_READINGS = 3
"""How often a directory is read at most if files in it are renamed at the same time."""
_UNFINISHED = ".tmp"
_DAY = 86_400.0
# As far as the system has these flags: do not follow a symbolic link, and do not block on a pipe in a file's place.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CAREFUL |= getattr(os, "O_BINARY", 0)


def directory() -> pathlib.Path:
    """The directory of this user's journal: ``FIDDLER_WIDGETS_STATE_DIR``, or the system's directory for state.

    Raises:
        OSError: There is none, as the user has no home directory.
    """
    configured = os.environ.get("FIDDLER_WIDGETS_STATE_DIR")
    if configured:
        return pathlib.Path(os.path.expanduser(configured)).absolute() / "v1"  # noqa: PTH111 (Path's own raises without a home)
    from platformdirs import user_state_path  # noqa: PLC0415 (only here)

    try:
        path = user_state_path("fiddler-widgets", appauthor=False)
    except RuntimeError:
        path = None
    # Older versions of platformdirs raise nothing and return a path with "~" if the home is unknown.
    if path is None or not path.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "there is no home directory; set FIDDLER_WIDGETS_STATE_DIR")
    return path / "v1"


def this_process() -> compaction.Writer:
    """This process as a writer."""
    host = re.sub(r"[^A-Za-z0-9_.]", "_", platform.node())[:40].strip(".")
    return compaction.Writer(host or "unknown", os.getpid())


def file_name(writer: compaction.Writer) -> str:
    """A unique name of a file, which contains the process that writes it."""
    host, pid = writer
    return f"{host}-{pid}-{os.urandom(4).hex()}{compaction.SUFFIX}"


class Folder:
    """The directory of the journal.

    Args:
        path: Its path.
        own_file: The name of the file that this process writes to.
        process: This process.
        wall: The clock, in epoch seconds.
        alive: Whether a process with that id runs on this machine.
    """

    def __init__(
        self,
        path: pathlib.Path,
        own_file: str,
        process: compaction.Writer,
        wall: Callable[[], float] = time.time,
        alive: Callable[[int], bool] | None = None,
    ) -> None:
        self.path, self.own_file, self._process, self._wall, self._alive = (
            path,
            own_file,
            process,
            wall,
            alive or process_lives,
        )

    def append(self, written: Iterable[bytes]) -> None:
        """Append lines, each with one write. The file is opened anew, as another process may have renamed it.

        Raises:
            OSError: The lines cannot be written, or not completely.
        """
        self._make()
        path = self.path / self.own_file
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _CAREFUL, 0o600)
        try:
            _check_is_file(handle, path)
            for line in written:
                if os.write(handle, line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        finally:
            os.close(handle)

    def files(self) -> list[compaction.FileFacts]:
        """The journal's files; none if the directory does not exist yet."""
        now, file_facts = self._wall(), []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.path) as listed:
            for file in listed:
                if compaction.writer_of(file.name) is not None and file.is_file(follow_symlinks=False):
                    # Another process may be merging the file at this moment.
                    with contextlib.suppress(FileNotFoundError):
                        facts = file.stat(follow_symlinks=False)
                        file_facts.append(compaction.FileFacts(file.name, facts.st_size, now - facts.st_mtime))
        return file_facts

    def read(self) -> tuple[Folded, list[compaction.FileFacts]]:
        """All entries of all files, and the files. A file that cannot be read is ignored.

        Raises:
            OSError: The directory cannot be read.
        """
        for _ in range(_READINGS):
            files = self.files()
            contents = [self._entries(file.name) for file in files]
            if None not in contents:
                break
        return entries.fold(entry for content in contents for entry in content or ()), files

    def merge(self, files: list[compaction.FileFacts]) -> int:
        """Merge the files that no process writes to any more into one; returns how many there were.

        Raises:
            OSError: The directory cannot be written to. Nothing is lost: a file is removed only when its entries are in
                another one.
        """
        wanted = compaction.mergeable(files, self._process, self.own_file, self._alive)
        if len(wanted) < 2:  # noqa: PLR2004 (merging one file changes nothing)
            return 0
        # Other processes leave files named after this process alone. If this one ends now, they can merge them later.
        claimed = [name for name in wanted for name in self._claimed(name)]
        merged_entries: list[entries.Entry] = []
        foreign_lines: dict[bytes, None] = {}
        sizes: dict[str, int] = {}
        for name in claimed:
            with contextlib.suppress(OSError):
                data = self._bytes(name, whole=True)
                read, others = lines.read(data)
                merged_entries += read
                foreign_lines.update(dict.fromkeys(others))
                sizes[name] = len(data)
        written = [
            line for entry in self._kept(entries.fold(merged_entries)) if (line := lines.line_of(entry)) is not None
        ]
        self._replace(file_name(self._process), b"".join([*written, *(line + b"\n" for line in foreign_lines)]))
        for name, size in sizes.items():
            path = self.path / name
            # A writer that opened the file before it was renamed may have written to it since, so its size is compared;
            # and another process, to which it looked abandoned, may have renamed it.
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size == size:
                    path.unlink()
        self._sweep()
        return len(sizes)

    def clear(self) -> None:
        """Remove all files.

        Raises:
            OSError: A file cannot be removed.
        """
        for file in self.files():
            with contextlib.suppress(FileNotFoundError):
                (self.path / file.name).unlink()

    # ---- internals

    def _make(self) -> None:
        if not self.path.is_dir():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=0o700, exist_ok=True)

    def _bytes(self, name: str, *, whole: bool = False) -> bytes:
        path = self.path / name
        handle = os.open(path, os.O_RDONLY | _CAREFUL)
        with os.fdopen(handle, "rb") as file:
            _check_is_file(handle, path)
            size = os.fstat(handle).st_size
            if size > _LONGEST_FILE:
                if whole:
                    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
                file.seek(size - _LONGEST_FILE)
            return file.read(_LONGEST_FILE)

    def _entries(self, name: str) -> list[entries.Entry] | None:
        """The entries of a file; ``None`` if it is gone, so that its entries are in another file by now."""
        try:
            return lines.read(self._bytes(name))[0]
        except FileNotFoundError:
            return None
        except OSError:
            return []

    def _claimed(self, name: str) -> Iterator[str]:
        """Rename a file so that only this process merges it; yields its new name, or nothing if it is gone."""
        own_name = file_name(self._process)
        with contextlib.suppress(FileNotFoundError):
            (self.path / name).rename(self.path / own_name)
            yield own_name

    def _kept(self, folded: Folded) -> list[entries.Entry]:
        return compaction.entries_to_keep(folded, self._wall(), lambda entry: len(lines.line_of(entry) or b""))

    def _replace(self, name: str, data: bytes) -> None:
        unfinished = self.path / f"{name}{_UNFINISHED}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFUL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            unfinished.replace(self.path / name)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise

    def _sweep(self) -> None:
        """Remove the unfinished files of processes that ended while merging; their entries are in other files."""
        for path in self.path.glob(f"*{_UNFINISHED}"):
            with contextlib.suppress(OSError):
                if abs(self._wall() - path.stat().st_mtime) > _DAY:
                    path.unlink()


def _check_is_file(handle: int, path: pathlib.Path) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))


def process_lives(pid: int) -> bool:
    """Whether a process with that id runs on this machine; true if that cannot be known."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True

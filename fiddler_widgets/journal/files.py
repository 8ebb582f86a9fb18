"""The files of the journal: where they are, a line to one, all of them read, and those of ended processes merged.

The only part that touches the disk, and called by the journal's own thread alone. The rules are those of NFS: a file
has one writer, nobody locks, and whatever replaces a file does so by a rename. Whatever fails is an `OSError`.
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
"""Bytes of one file that are read, the last ones of it."""
_READINGS = 3
"""How often a directory is read at most, where files are renamed meanwhile."""
_UNFINISHED = ".tmp"
_DAY = 86_400.0
# Where there are these: a symbolic link is none of ours, and a pipe in a file's place must not hold us up.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CAREFUL |= getattr(os, "O_BINARY", 0)


def directory() -> pathlib.Path:
    """Where the journal of this user is: ``FIDDLER_WIDGETS_STATE_DIR``, else where the system keeps such things.

    Raises:
        OSError: There is no such place: the user has no home.
    """
    given = os.environ.get("FIDDLER_WIDGETS_STATE_DIR")
    if given:
        return pathlib.Path(os.path.expanduser(given)).absolute() / "v1"  # noqa: PTH111 (Path's own raises without a home)
    from platformdirs import user_state_path  # noqa: PLC0415 (only here)

    try:
        found = user_state_path("fiddler-widgets", appauthor=False)
    except RuntimeError:
        found = None
    # Older ones raise nothing, and have "~" for a home that nobody knows.
    if found is None or not found.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "there is no home directory; set FIDDLER_WIDGETS_STATE_DIR")
    return found / "v1"


def this_process() -> compaction.Writer:
    """This process as a writer."""
    host = re.sub(r"[^A-Za-z0-9_.]", "_", platform.node())[:40].strip(".")
    return compaction.Writer(host or "unknown", os.getpid())


def file_name(writer: compaction.Writer) -> str:
    """A name that no other file has, by which the process is known that writes it."""
    host, pid = writer
    return f"{host}-{pid}-{os.urandom(4).hex()}{compaction.SUFFIX}"


class Folder:
    """The directory of the journal.

    Args:
        path: Where it is.
        own: The name of the file that this process writes to.
        me: This process.
        wall: The clock, in epoch seconds.
        alive: Whether there is a process of that number on this machine.
    """

    def __init__(
        self,
        path: pathlib.Path,
        own: str,
        me: compaction.Writer,
        wall: Callable[[], float] = time.time,
        alive: Callable[[int], bool] | None = None,
    ) -> None:
        self.path, self.own, self._me, self._wall, self._alive = path, own, me, wall, alive or process_lives

    def append(self, written: Iterable[bytes]) -> None:
        """Write lines, each at once. The file is opened anew: whoever has taken it away has not taken the next one.

        Raises:
            OSError: It cannot be done, or only half of it.
        """
        self._make()
        path = self.path / self.own
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _CAREFUL, 0o600)
        try:
            _check_is_file(handle, path)
            for line in written:
                if os.write(handle, line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        finally:
            os.close(handle)

    def files(self) -> list[compaction.FileFacts]:
        """The files that are there; none where there is no directory yet."""
        now, found = self._wall(), []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.path) as listed:
            for file in listed:
                if compaction.writer_of(file.name) is not None and file.is_file(follow_symlinks=False):
                    # One that is merged at this moment is gone.
                    with contextlib.suppress(FileNotFoundError):
                        facts = file.stat(follow_symlinks=False)
                        found.append(compaction.FileFacts(file.name, facts.st_size, now - facts.st_mtime))
        return found

    def read(self) -> tuple[Folded, list[compaction.FileFacts]]:
        """All that the files say, and the files. One that cannot be read is passed over.

        Raises:
            OSError: The directory cannot be read.
        """
        for _ in range(_READINGS):
            files = self.files()
            found = [self._entries(file.name) for file in files]
            if None not in found:
                break
        return entries.fold(entry for read in found for entry in read or ()), files

    def merge(self, files: list[compaction.FileFacts]) -> int:
        """Make one file of those that nobody writes to any more; returns of how many.

        Raises:
            OSError: The directory cannot be written to. Nothing is lost: a file goes when what it says is in another.
        """
        wanted = compaction.mergeable(files, self._me, self.own, self._alive)
        if len(wanted) < 2:  # noqa: PLR2004 (of one file comes one file)
            return 0
        # Under a name of this process, nobody else takes it; should this process end now, it is a file like any other.
        mine = [name for name in wanted for name in self._claimed(name)]
        found: list[entries.Entry] = []
        foreign: dict[bytes, None] = {}
        sizes: dict[str, int] = {}
        for name in mine:
            with contextlib.suppress(OSError):
                data = self._bytes(name, whole=True)
                read, others = lines.read(data)
                found += read
                foreign.update(dict.fromkeys(others))
                sizes[name] = len(data)
        written = [line for entry in self._kept(entries.fold(found)) if (line := lines.line_of(entry)) is not None]
        self._replace(file_name(self._me), b"".join([*written, *(line + b"\n" for line in foreign)]))
        for name, size in sizes.items():
            path = self.path / name
            # A writer that had opened it before it was renamed may have written to it since; and somebody else, to whom
            # it looked abandoned, may have taken it from us.
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size == size:
                    path.unlink()
        self._sweep()
        return len(sizes)

    def clear(self) -> None:
        """Remove all files.

        Raises:
            OSError: One cannot be removed.
        """
        for file in self.files():
            with contextlib.suppress(FileNotFoundError):
                (self.path / file.name).unlink()

    # ---- how

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
        """What a file says; ``None`` where it is gone, so that it is in another by now."""
        try:
            return lines.read(self._bytes(name))[0]
        except FileNotFoundError:
            return None
        except OSError:
            return []

    def _claimed(self, name: str) -> Iterator[str]:
        """The new name of a file that is ours from here on; nothing where somebody else was quicker."""
        ours = file_name(self._me)
        with contextlib.suppress(FileNotFoundError):
            (self.path / name).rename(self.path / ours)
            yield ours

    def _kept(self, folded: Folded) -> list[entries.Entry]:
        return compaction.kept(folded, self._wall(), lambda entry: len(lines.line_of(entry) or b""))

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
        """Remove what a process that ended in mid-merger has left; what was in it is in other files."""
        for path in self.path.glob(f"*{_UNFINISHED}"):
            with contextlib.suppress(OSError):
                if abs(self._wall() - path.stat().st_mtime) > _DAY:
                    path.unlink()


def _check_is_file(handle: int, path: pathlib.Path) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))


def process_lives(pid: int) -> bool:
    """Whether there is a process of that number here; true where that cannot be known."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True

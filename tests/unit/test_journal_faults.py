"""Whatever is the matter with the disk, the clock or a file: each fault, and what is lost by it.

Nothing but the journal is, ever: the wait ends as it would, on time, and the log has one line at most.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import journal
from fiddler_widgets.journal import api, files
from fiddler_widgets.journal.entries import ENDED, Entry
from fiddler_widgets.journal.lines import line_of
from tests.unit.fake_server import until
from tests.unit.test_journal import run

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from tests.unit.fake_server import FakeServer

NOTHING = "nothing"
THIS_PROCESS = "what this process would have written"
ALL = "all, until the disk is well again; this process still knows what it has seen itself"
SUSPENDED = "what this process has seen, from when the disk began to hang"

UNREACHED = "nothing, once there is a thread again"

posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")


@dataclass
class Place:
    """Where a fault is brought about.

    Attributes:
        patch: What the test changes.
        path: The journal's directory, with the file of another process in it.
        own: The name of the file that this process will write to.
        free: Called at the end, to let go of what hangs.
    """

    patch: pytest.MonkeyPatch
    path: pathlib.Path
    own: str
    free: threading.Event

    def fail(self, name: str, code: int, condition: Callable[..., bool] = lambda *_: True) -> None:
        """Have a function of `os` fail where it has to do with the journal."""
        original = getattr(os, name)

        def failing(target: Any, *args: Any, **kwargs: Any) -> Any:
            if (isinstance(target, int) or str(target).startswith(str(self.path))) and condition(target, *args):
                raise OSError(code, os.strerror(code), str(self.path))
            return original(target, *args, **kwargs)

        self.patch.setattr(os, name, failing)

    def hang(self, name: str) -> None:
        """Have a method of `Folder` hang until the test is over."""
        original = getattr(files.Folder, name)

        def hanging(*args: Any) -> Any:
            self.free.wait(30)
            return original(*args)

        self.patch.setattr(files.Folder, name, hanging)

    def beside(self, name: str, data: bytes) -> None:
        """Have something lie in the directory."""
        (self.path / name).write_bytes(data)


def writing(_path: object, flags: int, *_: object) -> bool:
    """Whether a file is opened to be written to."""
    return bool(flags & os.O_WRONLY)


def half_a_write(place: Place) -> None:
    """Have the disk become full in mid-line."""
    original = os.write
    place.patch.setattr(os, "write", lambda handle, data: original(handle, data[: len(data) // 2]))


def nobody_home(place: Place) -> None:
    """Have no home, and nobody who knows of one."""
    place.patch.delenv("FIDDLER_WIDGETS_STATE_DIR")
    for name in ("HOME", "XDG_STATE_HOME", "USERPROFILE", "LOCALAPPDATA"):
        place.patch.delenv(name, raising=False)
    place.patch.setattr(os.path, "expanduser", lambda path: path)


def clock(seconds: float) -> Callable[[Place], None]:
    """Have the clock be so far ahead."""

    def arrange(place: Place) -> None:
        real = time.time
        place.patch.setattr(time, "time", lambda: real() + seconds)

    return arrange


def no_directory(place: Place) -> None:
    """Have a file in the directory's place."""
    state = place.path.parent / "file"
    state.write_text("a file")
    place.patch.setenv("FIDDLER_WIDGETS_STATE_DIR", str(state))


def a_defect(place: Place) -> None:
    """Have a defect of our own."""
    place.patch.setattr(files.Folder, "append", lambda *_: 1 / 0)


def no_thread(place: Place) -> None:
    """Have no thread begin."""
    original = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name == "fiddler-widgets-journal" and not place.free.is_set():
            msg = "can't start new thread"
            raise RuntimeError(msg)
        original(thread)

    place.patch.setattr(threading.Thread, "start", start)


def pipe(place: Place) -> None:
    """Have a pipe in the file's place, which blocks whoever opens it."""
    os.mkfifo(place.path / place.own)


def pipe_that_nobody_empties(place: Place) -> None:
    """Have one that can be opened, for somebody reads it; only that he does not."""
    pipe(place)
    reader = os.open(place.path / place.own, os.O_RDONLY | os.O_NONBLOCK)

    def close() -> None:
        place.free.wait(30)
        os.close(reader)

    threading.Thread(target=close, daemon=True).start()


def strange_neighbours(place: Place) -> None:
    """Have all that is no file of the journal lie where it looks like one."""
    os.mkfifo(place.path / "elsewhere-2-00000000.jsonl")
    (place.path / "elsewhere-3-00000000.jsonl").mkdir()
    (place.path / "elsewhere-4-00000000.jsonl").symlink_to("/dev/zero")
    place.beside("elsewhere-5-00000000.jsonl", os.urandom(100_000))
    place.beside("elsewhere-6-00000000.jsonl", b"x" * 20 * 2**20)
    place.beside("elsewhere-7-00000000.jsonl", b"\n" * 1000 + b"{" * 100_000 + b"}")


FAULTS: dict[str, tuple[Callable[[Place], None], str]] = {
    "none": (lambda _: None, NOTHING),
    "the directory is read-only": (lambda place: place.fail("open", errno.EROFS, writing), THIS_PROCESS),
    "the directory is somebody else's": (lambda place: place.fail("open", errno.EACCES, writing), THIS_PROCESS),
    "the disk is full": (lambda place: place.fail("write", errno.ENOSPC), THIS_PROCESS),
    "the disk becomes full in mid-line": (half_a_write, THIS_PROCESS),
    "the quota is used up": (lambda place: place.fail("write", errno.EDQUOT), THIS_PROCESS),
    "the file is gone stale (NFS)": (lambda place: place.fail("open", errno.ESTALE, writing), THIS_PROCESS),
    "a write hangs (FUSE, NFS)": (lambda place: place.hang("append"), SUSPENDED),
    "a read hangs": (lambda place: place.hang("read"), SUSPENDED),
    "a pipe in the file's place": (pipe, THIS_PROCESS),
    "a pipe that nobody empties": (pipe_that_nobody_empties, THIS_PROCESS),
    "the directory cannot be read": (lambda place: place.fail("scandir", errno.EIO), ALL),
    "the directory is a file": (no_directory, ALL),
    "there is no home": (nobody_home, ALL),
    "half a line of a crash": (
        lambda place: place.beside("elsewhere-2-00000000.jsonl", b'{"v":1,"e":"seen","t":17,"job":"ha'),
        NOTHING,
    ),
    "lines of a later version": (
        lambda place: place.beside("elsewhere-2-00000000.jsonl", b'{"v":2,"e":"seen","t":17,"job":"a"}\n'),
        NOTHING,
    ),
    "pipes, directories, links and rubbish": (strange_neighbours, NOTHING),
    "the clock was set back a year": (clock(-365 * 86_400), NOTHING),
    "the clock was set ahead a day": (clock(86_400), NOTHING),
    "a defect of our own": (a_defect, THIS_PROCESS),
    "no thread can be started": (no_thread, UNREACHED),
}
"""Each fault, and what is lost by it."""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Have the journal of another process there, and little patience."""
    monkeypatch.setattr(api, "_PATIENCE", 0.5)
    monkeypatch.setattr(api, "_failure_logged", False)
    own = files.file_name(files.this_process())
    monkeypatch.setattr(files, "file_name", lambda _writer: own)
    path = journal.path
    path.mkdir(parents=True)
    at = time.time() - 60
    before = Entry(ENDED, at, "https://acme.fiddler.ai", "before", at, "Upload", status="SUCCESS", status_at=at)
    (path / "elsewhere-1-00000000.jsonl").write_bytes(line_of(before) or b"")
    made = Place(monkeypatch, path, own, threading.Event())
    yield made
    made.free.set()


@pytest.mark.parametrize(("arrange", "lost"), FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_fault_costs_nothing_but_the_journal(
    place: Place, server: FakeServer, caplog: pytest.LogCaptureFixture, arrange: Callable[[Place], None], lost: str
) -> None:
    """The wait ends as it would, on time; the log has one line at most; and no more is lost than the table says."""
    if os.name != "posix" and arrange in (pipe, pipe_that_nobody_empties, strange_neighbours):
        pytest.skip("of POSIX")
    arrange(place)
    looks = iter(["PENDING", "STARTED", "SUCCESS"])
    server.before = lambda: server.fields.update(status=next(looks))
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "fiddler_widgets"):
        fw.Job("a-job", connection=server).wait(interval=0.2)
        assert time.monotonic() - began < 5
        if lost == THIS_PROCESS:
            until(lambda: caplog.records)
        assert len(caplog.records) <= 1, caplog.text
        began = time.monotonic()
        found = {job.id for job in journal.jobs(days=400)}
        assert time.monotonic() - began < 5
    expected: dict[str, list[set[str]]] = {
        NOTHING: [{"before", "a-job"}],
        THIS_PROCESS: [{"before"}],
        ALL: [set(), {"a-job"}],
        SUSPENDED: [set(), {"a-job"}],
        UNREACHED: [set()],
    }
    assert found in expected[lost]
    if arrange is no_thread:
        place.free.set()
        assert {job.id for job in journal.jobs()} == {"before", "a-job"}


def test_job_that_ended_before_the_clock_was_set_back_stays_so(place: Place, server: FakeServer) -> None:
    """Nor does a run last less than no time."""
    real = time.time
    looks = iter(["PENDING", "STARTED", "STARTED", "SUCCESS"])

    def look() -> None:
        status = next(looks)
        server.fields.update(status=status)
        if status == "SUCCESS":
            place.patch.setattr(time, "time", lambda: real() - 3600)

    server.before = look
    fw.Job("a-job", connection=server).wait(interval=0.2)
    (job,) = (one for one in journal.jobs() if one.id == "a-job")
    assert job.status == "SUCCESS"
    assert job.ran is not None
    assert job.ran[1] is not None
    assert 0 <= job.ran[0] <= job.ran[1] < 10


@posix
def test_file_that_may_grow_no_more_is_a_full_disk(place: Place) -> None:
    """In earnest, by the limit of the process."""
    done = run("""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        for number in range(3):
            fw.Job(f"job-{number}", connection=server).wait()
        fw.journal.jobs()
        print("went well")
    """)
    assert done.stdout == "went well\n", done.stderr
    assert done.stderr.count("the journal of jobs is off in this process: ") == 1
    assert "before" in {job.id for job in journal.jobs()}, place
    assert all(file.stat().st_size <= 300 for file in place.path.iterdir())


@pytest.mark.parametrize("method", ["append", "read"])
def test_disk_that_hangs_holds_up_no_end_of_the_interpreter(method: str) -> None:
    """The program ends soon after its wait, without a word."""
    done = run(f"""
        from fiddler_widgets.journal import files
        files.Folder.{method} = lambda *_: time.sleep(60)
        began = time.monotonic()
        fw.Job("a-job", connection=server).wait()
        for number in range(2000):
            fw.Job(f"job-{{number}}", connection=server).__job_record__._remember_soon()
        print(time.monotonic() - began < 5, flush=True)
        import atexit
        atexit.register(lambda: print(time.monotonic() - began < 10))
    """)
    assert (done.returncode, done.stdout) == (0, "True\nTrue\n"), done.stderr
    assert "Error" not in done.stderr


def test_queue_before_a_disk_that_hangs_is_bounded(place: Place, server: FakeServer) -> None:
    """What comes when it is full is not written; memory does not grow."""
    place.hang("append")
    for number in range(3000):
        fw.Job(f"job-{number}", connection=server).__job_record__._remember_soon()
    assert len(api.shared()._writer._queue) <= 1000
    place.free.set()
    until(lambda: not api.shared()._writer._queue)
    assert 100 < len(journal.jobs()) <= 1300


def wait(event: threading.Event) -> None:
    """Hang, as a disk does."""
    event.wait(30)


def test_job_for_which_there_was_no_room_is_remembered_with_its_next_answer(place: Place, server: FakeServer) -> None:
    """A board of thousands has them all in the end."""
    writer = api.shared()._writer
    api.shared().run_later(lambda: wait(place.free))
    until(lambda: not writer._queue)
    while writer.call(lambda: None):
        pass
    late = fw.Job("late", connection=server).__job_record__
    late._remember_soon()
    place.free.set()
    until(lambda: not writer._queue)
    assert "late" not in {job.id for job in journal.jobs()}
    late.fetch()
    assert "late" in {job.id for job in journal.jobs()}


def test_clearing_what_cannot_be_cleared_says_so(place: Place) -> None:
    """A user who asks for it has to know."""
    place.hang("clear")
    with pytest.raises(OSError, match="does not answer"):
        journal.clear()


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC])
def test_forgetting_what_cannot_be_forgotten_says_so(place: Place, code: int) -> None:
    """Likewise."""
    place.fail("open", code, writing)
    with pytest.raises(OSError, match=os.strerror(code)):
        journal.forget("before")
    assert [job.id for job in journal.jobs()] == ["before"]


def test_forgetting_works_again_once_the_disk_does(place: Place, server: FakeServer) -> None:
    """Though nothing else is written by a process that has met a full disk."""
    with place.patch.context() as full:
        Place(full, place.path, place.own, place.free).fail("open", errno.ENOSPC, writing)
        with pytest.raises(fw.JobTimeoutError):
            fw.Job("a-job", connection=server).wait(timeout=0)
        assert [job.id for job in journal.jobs()] == ["before"]
    assert journal.forget("before") == 1
    assert journal.jobs() == []


def test_files_that_another_process_clears_are_no_fault(place: Place, server: FakeServer) -> None:
    """The next line makes a new one."""
    with pytest.raises(fw.JobTimeoutError):
        fw.Job("a-job", connection=server).wait(timeout=0)
    assert len(journal.jobs()) == 2
    for file in place.path.iterdir():
        file.unlink()
    place.path.rmdir()
    server.fields["status"] = "SUCCESS"
    fw.Job("a-job", connection=server).wait()
    assert [(job.id, job.status) for job in journal.jobs()] == [("a-job", "SUCCESS")]


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="other system calls")
def test_each_line_is_one_write(place: Place, server: FakeServer) -> None:
    """So that a crash leaves whole lines, but for one."""
    written: list[bytes] = []
    original = os.write

    def write(handle: int, data: bytes) -> int:
        written.append(data)
        return original(handle, data)

    place.patch.setattr(os, "write", write)
    server.fields["status"] = "SUCCESS"
    fw.Job("a-job", connection=server).wait()
    journal.jobs()
    lines = [data for data in written if data.startswith(b'{"v":1')]
    assert lines
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in lines)

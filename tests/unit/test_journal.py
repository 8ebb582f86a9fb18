"""The journal of a process: what goes in, what comes out, the switches, the command, several processes."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import pickle
import subprocess
import sys
import textwrap
import threading
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs, environment, journal
from fiddler_widgets.cli import main
from fiddler_widgets.journal import lines, switches
from fiddler_widgets.journal.entries import ENDED, Entry, Kind
from fiddler_widgets.journal.lines import line_of
from fiddler_widgets.models import JobState
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from tests.unit.fake_server import FakeServer

INFO = {"resource_type": "DATASET", "resource_name": "train", "project_name": "churn", "model_name": "m"}
SERVER = "https://acme.fiddler.ai"


def write(*entries: Entry, name: str = "elsewhere-1-00000000.jsonl") -> None:
    """Have another process have written these."""
    journal.path.mkdir(parents=True, exist_ok=True)
    (journal.path / name).write_bytes(b"".join(line_of(entry) or b"" for entry in entries))


def ended(number: int, *, ago: float = 60.0, status: str = "SUCCESS", server: str = SERVER) -> Entry:
    """Return the entry of a job that was over so many seconds ago."""
    at = time.time() - ago
    kind = Kind("churn", "m", "", "DATASET", "train")
    return Entry(ENDED, at, server, f"job-{number}", at - 30, "Upload", kind, status, at, (30.0, 31.0))


def run(program: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, with the same journal."""
    prelude = """
import os, sys, time
import fiddler_widgets as fw
from tests.unit.fake_server import FakeServer
server = FakeServer()
server.fields = {"name": "Upload", "status": "SUCCESS"}
"""
    return subprocess.run(
        [sys.executable, "-c", prelude + textwrap.dedent(program)],
        cwd=pathlib.Path(__file__).parents[2],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_job_that_is_waited_for_is_remembered(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that section 6 of the contract lists."""
    monkeypatch.setattr(switches, "notebook", lambda: "/home/me/churn.ipynb")
    monkeypatch.setattr(switches, "running_cell", lambda: ("0f1a", "1"))
    looks = iter(["PENDING", "STARTED", "SUCCESS"])
    server.before = lambda: server.fields.update(status=next(looks), info=INFO)
    began = datetime.now(timezone.utc)
    fw.Job("a-job", connection=server).wait(interval=0.2)
    (job,) = fw.journal.jobs()
    assert (job.id, job.server, job.name, job.status) == ("a-job", "http://fake.invalid", "Upload", "SUCCESS")
    assert job.status is fw.JobStatus.SUCCESS
    assert job.final
    assert job.kind == ("churn", "m", "", "DATASET", "train")
    assert job.what == "project churn · model m · dataset train"
    assert job.notebook == "/home/me/churn.ipynb#0f1a"
    assert began - timedelta(seconds=1) <= job.first_seen <= job.last_seen <= datetime.now(timezone.utc)
    assert job.ran is not None
    assert job.ran[1] is not None
    assert 0 <= job.ran[0] <= job.ran[1] < 10
    assert job.queued is not None
    (file,) = journal.path.iterdir()
    assert len(file.read_text().splitlines()) <= 4


@pytest.mark.parametrize("way", ["card", "watch", "as_completed", "fw.wait"])
def test_every_way_of_watching_counts(server: FakeServer, way: str) -> None:
    """Cards, loops and waits for several."""
    server.fields["status"] = "SUCCESS"
    job = fw.Job("a-job", connection=server)
    if way == "card":
        card = fw.JobWidget(job)
        until(lambda: card.health == "over")
    elif way == "watch":
        list(job.watch())
    elif way == "as_completed":
        list(fw.as_completed([job]))
    else:
        fw.wait([job])
    assert [one.status for one in journal.jobs()] == ["SUCCESS"]


def test_job_of_which_no_answer_came_is_remembered(server: FakeServer) -> None:
    """Its id is what one needs when the server is back."""
    server.error = fw.ApiConnectionError("the connection was refused")
    with pytest.raises(fw.JobTimeoutError):
        fw.Job("a-job", connection=server).wait(timeout=0.3)
    (job,) = journal.jobs()
    assert (job.id, job.name, job.status, job.final) == ("a-job", "", "", False)


def test_job_that_is_only_looked_up_is_not_remembered(server: FakeServer) -> None:
    """`Job.get` and `refresh` watch nothing; after a wait they tell of its end all the same."""
    job = fw.Job("a-job", connection=server).refresh()
    assert journal.jobs() == []
    with pytest.raises(fw.JobTimeoutError):
        job.wait(timeout=0)
    assert [one.status for one in journal.jobs()] == ["STARTED"]
    server.fields["status"] = "FAILURE"
    job.refresh()
    assert [one.status for one in journal.jobs()] == ["FAILURE"]


def test_many_watches_of_one_job_are_few_lines(server: FakeServer) -> None:
    """However many tell of it."""
    handles = [fw.Job("a-job", connection=server) for _ in range(10)]
    for handle in handles:
        with pytest.raises(fw.JobTimeoutError):
            handle.wait(timeout=0)
    assert len(journal.jobs()) == 1
    (file,) = journal.path.iterdir()
    assert len(file.read_text().splitlines()) <= 2


def test_jobs_come_newest_first_and_can_be_chosen() -> None:
    """By days, status and server."""
    write(
        ended(1, ago=30),
        ended(2, ago=10, status="FAILURE"),
        ended(3, ago=20, server="https://else.where"),
        ended(4, ago=8 * 86_400),
    )
    assert [job.id for job in journal.jobs()] == ["job-2", "job-3", "job-1"]
    assert [job.id for job in journal.jobs(days=90)] == ["job-2", "job-3", "job-1", "job-4"]
    assert [job.id for job in journal.jobs(status="FAILURE")] == ["job-2"]
    assert [job.id for job in journal.jobs(status=fw.JobStatus.SUCCESS, server=f"{SERVER}/")] == ["job-1"]
    assert journal.jobs(days=0) == []
    for days in (-1, float("nan")):
        with pytest.raises(ValueError, match="days must be 0 or more"):
            journal.jobs(days)


def test_record_cannot_be_changed_and_can_be_pickled() -> None:
    """It is what was remembered at the time."""
    write(ended(1))
    (job,) = journal.jobs()
    with pytest.raises(dataclasses.FrozenInstanceError):
        job.name = "another"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 (made here)
    assert hash(job) == hash(journal.jobs()[0])


def test_forgotten_jobs_are_gone() -> None:
    """Those, and no others; a clock that was ahead when they were written changes nothing."""
    write(ended(1), ended(2), ended(3, ago=-86_400))
    assert journal.forget("job-1", "job-3", "unknown") == 2
    assert [job.id for job in journal.jobs()] == ["job-2"]
    assert journal.forget() == 0


def test_job_that_is_forgotten_while_it_is_watched_does_not_come_back(server: FakeServer) -> None:
    """This process does not write it down again."""
    card = fw.JobWidget(fw.Job("a-job", connection=server), interval=0.2)
    until(journal.jobs)
    assert journal.forget("a-job") == 1
    server.fields["status"] = "SUCCESS"
    until(lambda: card.health == "over")
    assert journal.jobs() == []


def test_everything_can_be_cleared() -> None:
    """The files are gone, and what another process writes late of what it has read before does not count."""
    write(ended(1), ended(2))
    write(ended(3), name="elsewhere-2-00000000.jsonl")
    journal.clear()
    assert journal.jobs(90) == []
    assert "job-" not in "".join(file.read_text() for file in journal.path.iterdir())
    write(ended(1))
    assert journal.jobs(90) == []
    write(ended(4, ago=-1))
    assert [job.id for job in journal.jobs(90)] == ["job-4"]


def test_clearing_nothing_leaves_nothing() -> None:
    """No directory comes of it."""
    journal.clear()
    assert not journal.path.exists()


def test_path_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """Else where the system keeps such things of a user."""
    monkeypatch.setenv("FIDDLER_WIDGETS_STATE_DIR", str(tmp_path))
    assert journal.path == tmp_path / "v1"
    monkeypatch.delenv("FIDDLER_WIDGETS_STATE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert journal.path.name == "v1"
    assert journal.path.parent.name == "fiddler-widgets"
    assert tmp_path in journal.path.parents or sys.platform == "win32"
    with pytest.raises(AttributeError):
        journal.nothing  # noqa: B018


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_it(server: FakeServer) -> None:
    """The directory is 0700, its files are 0600, whatever the umask."""
    before = os.umask(0)
    try:
        with pytest.raises(fw.JobTimeoutError):
            fw.Job("a-job", connection=server).wait(timeout=0)
        assert len(journal.jobs()) == 1
    finally:
        os.umask(before)
    assert journal.path.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in journal.path.iterdir()] == [0o600]


@pytest.mark.parametrize(
    ("config", "variable", "where", "expected"),
    [
        (None, None, "a script", True),
        (None, "", "a script", True),
        (None, "off", "a script", False),
        (None, "OFF", "a script", False),
        (None, "0", "a script", False),
        (False, None, "a script", False),
        (False, "on", "a script", False),
        (True, "off", "a script", False),
        (None, None, "Voilà", False),
        (None, None, "papermill", False),
        (True, None, "Voilà", True),
        (None, "on", "Voilà", True),
        (None, "on", "papermill", True),
        (True, "off", "Voilà", False),
    ],
)
def test_switches(
    server: FakeServer,
    monkeypatch: pytest.MonkeyPatch,
    config: bool | None,  # noqa: FBT001 (a column of the table)
    variable: str | None,
    where: str,
    *,
    expected: bool,
) -> None:
    """What either switch turns off is off; in Voilà and papermill it is off unless one turns it on."""
    monkeypatch.setattr(configs, "JOURNAL", config)
    if variable is not None:
        monkeypatch.setenv("FIDDLER_WIDGETS_JOURNAL", variable)
    if where == "Voilà":
        monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    monkeypatch.setattr(switches, "headless", lambda: where == "papermill")
    with pytest.raises(fw.JobTimeoutError):
        fw.Job("a-job", connection=server).wait(timeout=0)
    assert len(journal.jobs()) == (1 if expected else 0)


def test_switch_that_is_turned_while_a_job_is_watched(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing more is written from then on."""
    card = fw.JobWidget(fw.Job("a-job", connection=server), interval=0.2)
    until(lambda: "STARTED" in {job.status for job in journal.jobs()})
    monkeypatch.setattr(configs, "JOURNAL", False)
    server.fields["status"] = "SUCCESS"
    until(lambda: card.health == "over")
    assert [job.status for job in journal.jobs()] == ["STARTED"]


@pytest.mark.parametrize(
    ("variable", "user_ns", "expected"),
    [
        ("/home/me/a.ipynb", {}, "/home/me/a.ipynb"),
        (None, {"__vsc_ipynb_file__": "/home/me/b.ipynb"}, "/home/me/b.ipynb"),
        (None, {}, ""),
        (None, {"__vsc_ipynb_file__": 17}, ""),
    ],
)
def test_notebook_is_what_its_host_says(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, user_ns: dict[str, Any], expected: str
) -> None:
    """Jupyter's servers by the environment, VS Code by a variable of the user's."""
    if variable is not None:
        monkeypatch.setenv("JPY_SESSION_NAME", variable)
    else:
        monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    shell = type("Shell", (), {"kernel": None, "user_ns": user_ns})()
    monkeypatch.setattr(environment, "shell", lambda: shell)
    assert environment.notebook() == expected
    monkeypatch.setattr(environment, "shell", lambda: None)
    assert environment.notebook() == ""


def test_past_durations_come_from_memory(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at first, what the files say once they are read, and what ends here at once."""
    write(ended(1), ended(2, status="FAILURE"))
    kind = (SERVER, "Upload", "churn", "m", "train")
    assert journal.past_durations(*kind) == ()
    until(lambda: journal.past_durations(*kind) == (30.5,))
    monkeypatch.setattr(server, "url", SERVER, raising=False)
    looks = iter(["PENDING", "STARTED", "SUCCESS"])
    server.before = lambda: server.fields.update(status=next(looks), info=INFO)
    fw.Job("a-job", connection=server).wait(interval=0.2)
    until(lambda: len(journal.past_durations(*kind)) == 2)
    assert 0 < journal.past_durations(*kind)[-1] < 10


def test_record_knows_how_long_its_kind_took(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what an answer says that it is; nothing where the journal is off."""
    write(ended(1))
    server.fields.update(info=INFO)
    monkeypatch.setattr(server, "url", SERVER, raising=False)
    record = fw.Job("a-job", connection=server).__job_record__
    record.fetch()
    state = record.state
    assert state is not None
    until(lambda: record.past_durations(state) == (30.5,))
    monkeypatch.setattr(configs, "JOURNAL", False)
    assert record.past_durations(state) == ()


def test_two_thousand_jobs_are_read_by_the_thread_of_the_journal(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the cell nor a look has to wait for them; `benchmarks/journal.py` says how long it takes."""
    write(*(ended(number, ago=number) for number in range(2000)))
    readers = []
    original = lines.read

    def read(data: bytes) -> Any:
        readers.append(threading.current_thread().name)
        return original(data)

    monkeypatch.setattr(lines, "read", read)
    with pytest.raises(fw.JobTimeoutError):
        fw.Job("a-job", connection=server).wait(timeout=0)
    assert len(journal.jobs()) == 2001
    assert set(readers) == {"fiddler-widgets-journal"}


def test_where_it_is_switched_off_no_thread_begins(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not want it does not pay for it."""
    monkeypatch.setenv("FIDDLER_WIDGETS_JOURNAL", "off")
    with pytest.raises(fw.JobTimeoutError):
        fw.Job("a-job", connection=server).wait(timeout=0)
    assert "fiddler-widgets-journal" not in {thread.name for thread in threading.enumerate()}


def test_start_counts_from_the_moment_that_it_was_made(server: FakeServer) -> None:
    """So that the time in the queue, and that of a run never seen otherwise, have an upper bound."""
    record = fw.Job("a-job", connection=server).__job_record__
    record.remember(*switches.capture_context(), started=True)
    (job,) = journal.jobs()
    assert (job.status, job.ran, job.notebook) == ("", None, "")
    record.update(JobState("a-job", status=fw.JobStatus.SUCCESS), time.monotonic(), None)
    (job,) = journal.jobs()
    assert job.ran is not None
    assert job.ran[1] is not None
    assert job.ran[1] < 10


def test_whoever_watches_nothing_pays_nothing() -> None:
    """The journal is not imported before the first watch, nor is what it needs."""
    done = run("""
        job = fw.Job("a-job", connection=server).refresh()
        print([name for name in sys.modules if "journal" in name or "platformdirs" in name])
        assert "journal" in dir(fw)
        job.wait()
        print([str(job.status) for job in fw.journal.jobs()])
    """)
    assert done.stdout.splitlines() == ["[]", "['SUCCESS']"], done.stderr


def test_several_processes_write_at_once(server: FakeServer) -> None:
    """Each a file of its own; each reads what all have written."""
    programs = [f'fw.Job("other-{number}", connection=server).wait()' for number in range(3)]
    for program in programs:
        assert run(program).returncode == 0
    server.fields["status"] = "SUCCESS"
    fw.Job("mine", connection=server).wait()
    assert {job.id for job in journal.jobs()} == {"mine", "other-0", "other-1", "other-2"}
    assert len(list(journal.path.iterdir())) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_child_has_a_file_of_its_own() -> None:
    """Parent and child go on, and nothing is written twice."""
    done = run("""
        fw.Job("before", connection=server).wait()
        assert len(fw.journal.jobs()) == 1
        child = os.fork()
        fw.Job("child" if child == 0 else "parent", connection=server).wait()
        jobs = fw.journal.jobs()
        if child == 0:
            assert {"before", "child"} <= {job.id for job in jobs}, jobs
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert {job.id for job in fw.journal.jobs()} == {"before", "child", "parent"}
    """)
    assert (done.returncode, done.stderr.count("Error")) == (0, 0), done.stderr
    files = list(journal.path.iterdir())
    assert len(files) == 2
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert len(lines) == len(set(lines))


def test_what_is_in_the_queue_is_written_at_the_end() -> None:
    """A program that ends right after its wait has written all."""
    done = run('fw.Job("a-job", connection=server).wait()')
    assert (done.returncode, [job.status for job in journal.jobs()]) == (0, ["SUCCESS"]), done.stderr


def test_many_files_are_merged_by_whoever_reads_them() -> None:
    """After the answer; all is there before and after."""
    for number in range(30):
        write(ended(number), name=f"elsewhere-{number}-00000000.jsonl")
    for file in journal.path.iterdir():
        os.utime(file, (1e9, 1e9))
    before = journal.jobs()
    assert len(before) == 30
    until(lambda: len(list(journal.path.iterdir())) == 1)
    assert journal.jobs() == before


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It lists, says where, and clears."""
    assert main(["journal"]) == 0
    assert "No job is remembered of the last 7 days" in capsys.readouterr().out
    write(ended(1, status="FAILURE"), ended(2, ago=8 * 86_400))
    assert main(["journal"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("FAILURE   job-1  Upload  project churn · model m · dataset train")
    assert main(["journal", "--days", "30"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["journal", "--path"]) == 0
    assert capsys.readouterr().out.strip() == str(journal.path)
    assert main(["journal", "--clear"]) == 0
    assert journal.jobs(90) == []
    for days in ("-1", "nan", "many"):
        with pytest.raises(SystemExit):
            main(["journal", "--days", days])

"""Existing notebooks, unchanged but for one line: real kernels, the official client, whichever version is installed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import fiddler
import nbclient
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

import fiddler_widgets as fw
from fiddler_widgets.simulator import Fault, Simulator
from fiddler_widgets.widget.output_type import OUTPUT_TYPE
from tests.http.official_init import official_init

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob

WIDGET = "application/vnd.jupyter.widget-view+json"
ALL_ARE_SEEN = """
import time
from fiddler_widgets.widget.shared_widgets import jobs_display
for card in jobs_display._cards.values():
    while card.health == "starting":
        time.sleep(0.02)
    card.__card_watcher__.mailbox.settle(5)
"""


@pytest.fixture
def official() -> Iterator[Simulator]:
    """A simulator for the kernels to connect to."""
    with Simulator() as simulator:
        yield simulator


def run(sim: Simulator, *cells: str, raises: bool = False) -> list[Any]:
    """Run cells in a kernel of their own, after a first one that connects; return each one's outputs."""
    connect = f"import fiddler\nfiddler.init(url={sim.url!r}, token={sim.token!r})"
    sources = [textwrap.dedent(cell) for cell in ("%load_ext fiddler_widgets", connect, *cells)]
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, timeout=60, allow_errors=raises).execute()
    notebook.cells[1].source = ""
    assert sim.token not in v4.writes(notebook)
    return [cell.outputs for cell in notebook.cells[2:]]


def printed(outputs: list[Any]) -> str:
    """What a cell printed on its standard output."""
    return "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")


def displays(outputs: list[Any]) -> list[Any]:
    """The bundles that a cell displayed."""
    return [output.data for output in outputs if output.output_type == "display_data"]


def test_quickstart_pattern_runs_unchanged(official: Simulator) -> None:
    """A job, `wait(interval=20)`, and the question how it went: one card, which ends as a static one."""
    job = official.add_job("linear", duration=1.0, queued=0.3)
    (outputs,) = run(
        official,
        f"""
        job = fiddler.Job.get("{job.id}")
        job.wait(interval=0.3)
        if job.status == "SUCCESS":
            print("published", job.progress, type(job.status).__name__)
        """,
    )
    assert printed(outputs) == "published 100.0 str\n"
    (card,) = displays(outputs)
    assert card.keys() == {"text/plain", "text/html"}
    assert "Succeeded" in card["text/html"]


def test_last_expression_shows_the_card(official: Simulator) -> None:
    """Text, HTML and the widget; at the end of the job the widget gives way."""
    running, quick = official.add_job("linear", duration=600), official.add_job("linear", duration=600)

    def end() -> None:
        # By then the last cell runs: between two cells nbclient hears nothing.
        official.wait_for_requests(4, quick.id, timeout=40)
        quick.set(status="SUCCESS", progress=100.0)

    thread = threading.Thread(target=end)
    thread.start()
    first, second, _ = run(
        official,
        f'fiddler.Job.get("{running.id}")',  # which nothing but its card holds on to
        f'job = fiddler.Job.get("{quick.id}")\njob',
        f"job.wait()\n{ALL_ARE_SEEN}",
    )
    thread.join()
    assert displays(first)[0].keys() == {WIDGET, OUTPUT_TYPE, "text/plain", "text/html"}
    assert "as of" in displays(first)[0]["text/plain"]
    assert displays(second)[0].keys() == {"text/plain", "text/html"}


def test_last_expression_of_the_last_cell_says_as_of_when(official: Simulator) -> None:
    """Without a browser the notebook ends before the first answer comes: as of when it was displayed, or earlier."""
    job = official.add_job("linear", duration=600)
    job.set(status="STARTED", progress=30)
    # The client's own question is answered, and what the card asks never is.
    job.misbehave(Fault.status(503), after=1)
    (outputs,) = run(official, f'fiddler.Job.get("{job.id}")')
    for kind in ("text/plain", "text/html"):
        assert re.search(r"as of 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC or earlier", displays(outputs)[0][kind])
    assert "STARTED, 30 %" in displays(outputs)[0]["text/plain"]


def test_failure_is_caught_as_ever_and_leaves_a_card(official: Simulator) -> None:
    """`except fiddler.AsyncJobFailed`, with the fields on the official object."""
    job = official.add_job("failing", duration=0.5)
    (outputs,) = run(
        official,
        f"""
        job = fiddler.Job.get("{job.id}")
        try:
            job.wait()
        except fiddler.exceptions.AsyncJobFailed as error:
            print(type(error).__name__, job.status, bool(job.error_message), job.error_message in str(error))
        """,
    )
    assert printed(outputs) == "AsyncJobFailed FAILURE True True\n"
    assert "Failed" in displays(outputs)[0]["text/html"]


def test_revoked_job_raises(official: Simulator) -> None:
    """The one deliberate difference: it is no success."""
    job = official.add_job("linear")
    job.set(status="REVOKED")
    (outputs,) = run(
        official,
        f"""
        try:
            fiddler.Job.get("{job.id}").wait()
        except fiddler.exceptions.AsyncJobFailed as error:
            print(type(error).__name__)
        """,
    )
    assert printed(outputs) == "JobRevoked\n"


def test_timeout_is_a_timeout_error(official: Simulator) -> None:
    """At the deadline that was given by position, and the card stays live."""
    job = official.add_job("linear", duration=600)
    (outputs,) = run(
        official,
        f"""
        try:
            fiddler.Job.get("{job.id}").wait(0.2, 0.5)
        except TimeoutError:
            print("too late")
        """,
    )
    assert printed(outputs) == "too late\n"
    assert WIDGET in displays(outputs)[0]


def test_unloading_gives_the_official_wait_back(official: Simulator) -> None:
    """No card, and the official lines."""
    job = official.add_job("instant")
    _, outputs, last = run(
        official,
        "%unload_ext fiddler_widgets",
        f'job = fiddler.Job.get("{job.id}")\njob.wait()\nprint(job.status)',
        "job",
    )
    assert printed(outputs) == "SUCCESS\n"
    assert displays(outputs) == []
    assert [output.output_type for output in last] == ["execute_result"]


IN_A_TERMINAL = """
# A shell that runs the tests in its background has its children ignore Ctrl-C.
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
get_ipython().run_line_magic("load_ext", "fiddler_widgets")
import fiddler
fiddler.init(url={url!r}, token={token!r})
job = fiddler.Job.get({id!r})
"""


@contextmanager
def in_a_terminal(sim: Simulator, job: SimulatedJob, script: str) -> Iterator[subprocess.Popen[str]]:
    """A script in IPython without a notebook, with the extension, the client connected, and the job as ``job``."""
    script = IN_A_TERMINAL.format(url=sim.url, token=sim.token, id=job.id) + textwrap.dedent(script)
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process


def test_terminal_gets_clean_text(official: Simulator) -> None:
    """A line for each change and no other, and one for the job as an expression; no object's address."""
    job = official.add_job("linear", duration=600)
    job.set(status="PENDING", progress=0.0)
    with in_a_terminal(official, job, "job.wait(interval=0.2)\nget_ipython().run_cell('job')") as process:
        # Each is held until it has been asked for several times, so that it is seen, and said only once.
        for requests, changes in ((6, {"status": "STARTED", "progress": 50.0}), (12, {"status": "SUCCESS"})):
            official.wait_for_requests(requests, job.id, timeout=40)
            job.set(**changes)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert f"<job '{job.name}' ({job.id}): SUCCESS, 50 %>" in out
    lines = [line for line in err.splitlines() if f"job '{job.name}'" in line]
    assert [line.rsplit(": ", 1)[1] for line in lines] == ["PENDING, 0 %", "STARTED, 50 %", "SUCCESS, 50 %"]
    assert official.token not in out + err


def test_ctrl_c_in_a_terminal_ends_the_official_wait(official: Simulator) -> None:
    """At once, with the fields as they were last seen, and IPython goes on."""
    job = official.add_job("linear", duration=600)
    job.set(status="STARTED", progress=30.0)
    script = """
    try:
        job.wait(interval=0.2)
    except KeyboardInterrupt:
        print("interrupted at", job.status, job.progress)
    """
    with in_a_terminal(official, job, script) as process:
        official.wait_for_requests(4, job.id, timeout=40)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < 10
    assert process.returncode == 0, err
    assert out == "interrupted at STARTED 30.0\n"
    assert "Traceback" not in err


# ---- in this process


@pytest.fixture
def here(official: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """The extension loaded, and the official client connected, in this process."""
    shell: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(fiddler, "conn", None)
    official_init(official)
    fw.load_ipython_extension(shell)
    yield official
    fw.unload_ipython_extension(shell)
    shell.history_manager.end_session()
    fiddler.conn.client.session.close()


def test_session_auth_of_the_user_is_applied_to_each_request(here: Simulator) -> None:
    """As on SageMaker, where each request is signed."""

    class Signed:
        count = 0

        def __call__(self, request: Any) -> Any:
            Signed.count += 1
            request.headers["User-Agent"] = f"signed {Signed.count}"
            return request

    job = here.add_job("linear", duration=0.5)
    theirs = fiddler.Job.get(job.id)
    fiddler.conn.client.session.auth = Signed()
    begun = len(here.requests)
    theirs.wait(0.2)
    seen = [request.user_agent for request in here.requests[begun:]]
    assert len(seen) > 1
    assert len(set(seen)) == len(seen)
    assert all(signature.startswith("signed ") for signature in seen)


def test_outage_is_survived_calmly(here: Simulator) -> None:
    """Where the official client hammers or gives up, there are a few requests and the outcome."""
    job = here.add_job("linear", duration=0.5)
    theirs = fiddler.Job.get(job.id)
    job.misbehave(Fault.status(503), times=2)
    begun = len(here.requests_for(job.id))
    theirs.wait(0.2)
    assert theirs.status == "SUCCESS"
    assert len(here.requests_for(job.id)) - begun < 12


def test_not_found_is_the_official_one_too(here: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """`except fiddler.NotFound` holds."""
    monkeypatch.setattr("fiddler_widgets.configs.NOT_FOUND_TOLERANCE", 0.3)
    job = here.add_job("linear", duration=600)
    theirs = fiddler.Job.get(job.id)
    job.misbehave(Fault.status(404))
    with pytest.raises(fiddler.exceptions.NotFound):
        theirs.wait(0.2)


def test_another_init_is_honoured(here: Simulator) -> None:
    """A job is asked for where the official client would ask by now."""
    with Simulator() as second:
        job = second.add_job("instant")
        other = here.add_job("linear", id=job.id, duration=600)
        theirs = fiddler.Job.get(other.id)
        theirs.status = None
        fiddler.conn.client.session.close()
        official_init(second)
        theirs.wait(0.2, 10)
        assert theirs.status == "SUCCESS"

"""The commands as a user runs them: `fiddler-widgets demo` and `fiddler-widgets simulate`."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets as fw
from fiddler_widgets import cli
from fiddler_widgets.client import default_connection
from tests.e2e.cards import CARD
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

COMMAND = [sys.executable, "-c", "import sys; from fiddler_widgets.cli import main; sys.exit(main())"]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command until the block ends."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def read_until(process: subprocess.Popen[str], pattern: str) -> str:
    """Read what a command prints up to a line that matches; return the match's first group."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if match := re.search(pattern, line):
            return match.group(1)
    raise AssertionError("".join(said))


def listens(port: int) -> bool:
    """Say whether anything listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_demo_shows_live_jobs_and_ends_cleanly(page: Page) -> None:
    """It prints its address, the page has moving cards, and Ctrl-C ends it with all that it started."""
    with running("demo", "--port=0", "--no-browser") as process:
        address = read_until(process, r"Live jobs: +(http://127\.0\.0\.1:\d+/)")
        page.goto(address)
        page.locator(CARD).nth(6).wait_for(timeout=60_000)
        moving = page.get_by_role("progressbar", name=re.compile("Ingestion dataset")).first
        before = moving.get_attribute("aria-valuetext")
        until(lambda: moving.get_attribute("aria-valuetext") != before, "a bar to move", 30)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        rest = process.stdout.read()
        assert process.wait(20) == 0
        assert "The demo has stopped." in rest
        assert "Traceback" not in rest
        assert not listens(int(address.rstrip("/").rpartition(":")[2]))


def test_the_demo_says_when_its_port_is_taken() -> None:
    """The message names the port and what to do, and nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        began = time.monotonic()
        done = subprocess.run(
            [*COMMAND, "demo", f"--port={port}", "--no-browser"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert done.stdout == ""
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_the_simulator_alone_says_how_to_connect(how: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints is enough to get a job from it, and it ends cleanly."""
    monkeypatch.setattr(default_connection, "_current", None)
    with running("simulate", "--port=0", "--token=a-token-of-mine") as process:
        url = read_until(process, r"(http://127\.0\.0\.1:\d+)")
        assert process.stdout is not None
        job_id = read_until(process, r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
        fw.init(url, "a-token-of-mine")
        assert fw.Job.get(job_id).name
        process.send_signal(how)
        process.stdout.read()
        assert process.wait(20) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required"),
        (["demo", "--port=x"], "is no port"),
        (["simulate", "--port=70000"], "is no port"),
        (["dance"], "invalid choice"),
    ],
)
def test_wrong_arguments_are_explained(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong command line ends with 2 and a sentence."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the demo's packages, the command says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert cli.main(["demo"]) == 1
    assert "pip install 'fiddler-widgets[demo]'" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints it."""
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out.strip() == fw.__version__


def test_the_dashboards_notebook_is_found() -> None:
    """In a checkout and in a wheel, the demo has its page."""
    assert cli._dashboard().name == "dashboard.ipynb"
    assert cli._dashboard().exists()

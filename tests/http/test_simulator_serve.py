"""The simulator on its own: what it prints, how it ends, and what it says when it cannot."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest

from fiddler_widgets.simulator import Simulator
from fiddler_widgets.simulator.command import serve
from tests.http.raw_http import get

PROGRAM = "import sys; from fiddler_widgets.simulator.command import serve; sys.exit(serve(0))"


def test_greeting_is_enough_to_connect() -> None:
    """Address, token and jobs are printed, and they are right."""
    said: Queue[str] = Queue()
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(serve, 0, token="a-fixed-token", out=said.put, stop=stop)
        try:
            greeting = said.get(timeout=10)
            address = re.search(r"http://127\.0\.0\.1:(\d+)", greeting)
            assert address
            client = Simulator(port=int(address[1]), token="a-fixed-token")
            ids = re.findall(r"^  ([0-9a-f-]{36})  \S", greeting, re.MULTILINE)
            assert [get(client, f"/v3/jobs/{id_}")[0] for id_ in ids] == [200] * 7
        finally:
            stop.set()
        assert ended.result(10) == 0
    assert f'fw.init("{address[0]}", "a-fixed-token")' in greeting
    assert f'fiddler.init(url="{address[0]}", token="a-fixed-token")' in greeting
    assert f'fiddler.Model.from_name("{client.publishing.model}", project_id=project.id)' in greeting


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_cleanly(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it with code 0 and without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-X", "dev", "-W", "error", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        while "Ctrl-C stops it." not in (line := process.stdout.readline()):
            assert line, "it ended before it had greeted"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "has stopped" in out


def test_taken_port_is_named_with_what_to_do() -> None:
    """The message names the port and a way out, and the code is 2."""
    said: list[str] = []
    with Simulator() as sim:
        assert serve(sim.port, out=said.append) == 2
    assert len(said) == 1
    assert f"Port {sim.port} is taken" in said[0]
    assert "choose another port" in said[0]


def test_impossible_port_is_named() -> None:
    """A number that is no port gets a message, too."""
    said: list[str] = []
    assert serve(70_000, out=said.append) == 2
    assert "70000" in said[0]

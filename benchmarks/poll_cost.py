#!/usr/bin/env python3
"""CPU per poll, side by side with the official client, in one run.

    python benchmarks/poll_cost.py [rounds]

Each round makes a few hundred polls with every method in turn, against a simulator in a process of its own; what counts
is this process's CPU time per poll.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import fiddler
import requests

from fiddler_widgets.client.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POLLS = 300


@contextlib.contextmanager
def simulator() -> Iterator[tuple[str, str, str]]:
    """A simulator in a process of its own: its address, its token, and the id of a job."""
    program = "import sys; from fiddler_widgets.cli import main; sys.exit(main())"
    command = [sys.executable, "-u", "-c", program, "simulate", "--port=0", "--token=benchmark"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own command)
        try:
            url = job = ""
            while not job:
                line = process.stdout.readline() if process.stdout else ""
                url = url or next(iter(re.findall(r"http://127\.0\.0\.1:\d+", line)), "")
                job = next(iter(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", line)), "")
            yield url, "benchmark", job
        finally:
            process.terminate()


def microseconds(poll: Callable[[], object]) -> float:
    """CPU time of one poll, averaged over a few hundred."""
    poll()
    began = time.process_time()
    for _ in range(POLLS):
        poll()
    return (time.process_time() - began) / POLLS * 1e6


def main() -> None:
    """Print medians, and ratios to the official client."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    logging.disable(logging.CRITICAL)
    with simulator() as (url, token, job):
        with contextlib.redirect_stderr(io.StringIO()):
            fiddler.init(url=url, token=token)
        connection = Connection(url, token)
        session = requests.Session()
        headers = {"Authorization": f"Bearer {token}"}
        methods: dict[str, Callable[[], object]] = {
            "fiddler.Job.get (official)": lambda: fiddler.Job.get(job),
            "requests.Session.get, .json()": lambda: session.get(f"{url}/v3/jobs/{job}", headers=headers).json(),
            "fiddler_widgets": lambda: connection.fetch(job),
        }
        runs: dict[str, list[float]] = {name: [] for name in methods}
        for _ in range(rounds):
            for name, poll in methods.items():
                runs[name].append(microseconds(poll))
    medians = {name: statistics.median(row) for name, row in runs.items()}
    base = next(iter(medians.values()))
    print(f"{'one poll':32} {'CPU':>8} {'ratio':>6}   (medians of {rounds} rounds of {POLLS})")
    for name, value in medians.items():
        print(f"{name:32} {value:5.0f} µs {value / base:6.2f}")


if __name__ == "__main__":
    main()

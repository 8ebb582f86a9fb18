#!/usr/bin/env python3
"""How late a deadline, an interrupt and a stop come, whatever the server is doing: the worst of many, row by row.

    python benchmarks/deadlines.py --rounds 10

For each fault, and in each of the four ways to wait: seconds from the deadline to `JobTimeoutError` (promise: 0.25 s),
from SIGINT to `KeyboardInterrupt` in a `wait` (0.25 s), and from `stop()` to `WatchStopped` (2 s). The exit code is 1
when a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.polling.poller import WORKERS
from fiddler_widgets.simulator import Fault, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fiddler_widgets.simulator import SimulatedJob

LIMITS = {"wait": 0.25, "watch": 0.25, "await": 0.25, "card": 0.25, "interrupt": 0.25, "stop": 2.0}

FAULTS: dict[str, Fault | None] = {
    "live": None,
    "never answers": Fault.hang(),
    "slow header": Fault.slow_header(),
    "slow body": Fault.slow_body(),
    "503": Fault.status(503),
    "503, Retry-After 60": Fault.status(503, retry_after=60),
    "429, Retry-After 60": Fault.status(429, retry_after=60),
    "404": Fault.status(404),
    "reset": Fault.reset(),
    "reset in mid-body": Fault.reset(in_body=True),
    "closed": Fault.close(),
    "cut body": Fault.cut_body(),
    "truncated JSON": Fault.truncated_json(),
    "HTML": Fault.html(),
    "64 MiB": Fault.huge_body(),
    "gzip bomb": Fault.gzip_bomb(),
    "another job": Fault.wrong_id(),
    "no data": Fault.without_data(),
}


class Row:
    """A server that does one thing, and what was measured against it.

    Attributes:
        worst: The worst lateness by what was measured, in seconds.
    """

    def __init__(self, name: str, sim: Simulator) -> None:
        self.name = name
        self.worst: dict[str, float] = defaultdict(float)
        self._sim = sim
        self._chance = random.Random(name)  # noqa: S311 (different moments, the same each time)

    def _job(self) -> SimulatedJob:
        job = self._sim.add_job("stuck")
        if (fault := FAULTS.get(self.name)) is not None:
            job.misbehave(fault)
        return job

    def _note(self, what: str, late: float) -> None:
        if late < 0:
            message = f"{self.name}: {what} came {-late:.3f} s early"
            raise AssertionError(message)
        self.worst[what] = max(self.worst[what], late)

    def measure(self) -> None:
        """One round: each measurement once, on a job of its own."""
        for way, follow in WAYS.items():
            timeout = self._chance.uniform(0.3, 0.8)
            card = fw.JobWidget(self._job().id, interval=0.2)
            began = time.monotonic()
            with contextlib.suppress(fw.JobTimeoutError):
                follow(card, timeout)
                message = f"{self.name}: {way} came to an end"
                raise AssertionError(message)
            self._note(way, time.monotonic() - began - timeout)
            card.close()
        self._interrupt()
        self._stop()

    def _interrupt(self) -> None:
        card = fw.JobWidget(self._job().id, interval=0.2)
        pressed: list[float] = []

        def press() -> None:
            pressed.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        timer = threading.Timer(self._chance.uniform(0.2, 0.6), press)
        timer.start()
        with contextlib.suppress(KeyboardInterrupt):
            card.wait(timeout=20)
        self._note("interrupt", time.monotonic() - pressed[0])
        timer.join()
        card.close()

    def _stop(self) -> None:
        card = fw.JobWidget(self._job().id, interval=0.2)
        stopped: list[float] = []

        def stop() -> None:
            stopped.append(time.monotonic())
            card.stop()

        timer = threading.Timer(self._chance.uniform(0.2, 0.6), stop)
        timer.start()
        with contextlib.suppress(fw.WatchStopped):
            card.wait(timeout=20)
        self._note("stop", time.monotonic() - stopped[0])
        timer.join()
        card.close()


def by_await(card: fw.JobWidget, timeout: float) -> None:
    """Await the job, with the timeout as the default that it is."""

    async def wait() -> None:
        await card.job

    before, configs.JOB_WAIT_TIMEOUT = configs.JOB_WAIT_TIMEOUT, timeout
    try:
        asyncio.run(wait())
    finally:
        configs.JOB_WAIT_TIMEOUT = before


def by_watch(card: fw.JobWidget, timeout: float) -> None:
    """Watch the job to its end."""
    for _ in card.job.watch(timeout=timeout):
        pass


WAYS: dict[str, Callable[[fw.JobWidget, float], None]] = {
    "wait": lambda card, timeout: card.job.wait(timeout=timeout),
    "watch": by_watch,
    "await": by_await,
    "card": lambda card, timeout: card.wait(timeout=timeout),
}


@contextlib.contextmanager
def refused(sim: Simulator) -> Iterator[None]:
    """Nobody listens at the server's port."""
    sim.pause()
    yield
    sim.resume()


@contextlib.contextmanager
def unknown_host(sim: Simulator) -> Iterator[None]:
    """The server's name does not resolve."""
    fw.init("http://no-such-host.invalid", sim.token)
    yield


@contextlib.contextmanager
def full_backlog(sim: Simulator) -> Iterator[None]:
    """Connecting neither succeeds nor fails."""
    with contextlib.ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = sockets.enter_context(socket.socket())
            filler.setblocking(False)  # noqa: FBT003 (the standard library's signature)
            filler.connect_ex(listener.getsockname())
        fw.init(f"http://127.0.0.1:{listener.getsockname()[1]}", sim.token)
        yield


@contextlib.contextmanager
def busy_workers(sim: Simulator) -> Iterator[None]:
    """So many other jobs hang that every worker waits for one."""
    cards = []
    for _ in range(2 * WORKERS):
        job = sim.add_job("stuck")
        job.misbehave(Fault.hang())
        cards.append(fw.JobWidget(job.id))
    yield
    for card in cards:
        card.close()


PLACES: dict[str, Callable[[Simulator], contextlib.AbstractContextManager[None]]] = {
    "port refused": refused,
    "unknown host": unknown_host,
    "connecting hangs": full_backlog,
    "16 other jobs hang": busy_workers,
}


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (5)")
    parser.add_argument("--only", default="", help="only rows with this in their name")
    options = parser.parse_args()
    # Not into the journal of whoever runs this.
    os.environ["FIDDLER_WIDGETS_STATE_DIR"] = tempfile.mkdtemp(prefix="fiddler-journal-")
    logging.basicConfig(level=logging.WARNING)
    broken = 0
    print(f"{'worst of ' + str(options.rounds) + ', in s':22}" + "".join(f"{what:>11}" for what in LIMITS))
    print(f"{'promised':22}" + "".join(f"{limit:11.2f}" for limit in LIMITS.values()))
    worst: dict[str, float] = defaultdict(float)
    for name in [name for name in (*FAULTS, *PLACES) if options.only in name]:
        with Simulator() as sim:
            fw.init(sim.url, sim.token)
            row = Row(name, sim)
            with PLACES[name](sim) if name in PLACES else contextlib.nullcontext():
                for _ in range(options.rounds):
                    row.measure()
        late = {what: row.worst[what] > limit for what, limit in LIMITS.items()}
        broken += sum(late.values())
        print(
            f"{name:22}" + "".join(f"{row.worst[what]:10.3f}{'!' if late[what] else ' '}" for what in LIMITS),
            flush=True,
        )
        for what in LIMITS:
            worst[what] = max(worst[what], row.worst[what])
    print(f"{'worst of all':22}" + "".join(f"{worst[what]:10.3f} " for what in LIMITS))
    if broken:
        print(f"{broken} promises are broken, marked with !")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

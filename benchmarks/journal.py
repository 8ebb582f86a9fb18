#!/usr/bin/env python3
"""What the journal costs: where jobs are watched and started, and to read 2,000 jobs. In a directory of its own.

python benchmarks/journal.py
"""

from __future__ import annotations

import functools
import os
import statistics
import tempfile
import threading
import time
import uuid
from typing import TYPE_CHECKING

from fiddler_widgets import journal
from fiddler_widgets.extension.remembered_jobs import remember_start
from fiddler_widgets.jobs.record import JobRecord
from fiddler_widgets.journal import api, entries, files
from fiddler_widgets.journal.lines import line_of
from fiddler_widgets.models import JobState, JobStatus
from fiddler_widgets.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JOBS = 2000
ROUNDS = 200
INFO = {"resource_type": "DATASET", "resource_name": "train", "project_name": "churn", "model_name": "m"}
KIND = entries.Kind("bank_churn", "churn", "v1", "DATASET", "train")
SERVER = "https://your-company.fiddler.ai"


def lines() -> list[bytes]:
    """As many jobs as are remembered."""
    now = time.time()
    found = []
    for number in range(JOBS):
        at, job = now - number * 100, str(uuid.uuid4())
        where = "/home/someone/work/notebooks/churn.ipynb#0f1a3b2c"
        entry = entries.Entry("ended", at, SERVER, job, at - 60, "Ingestion dataset Upload", KIND, "SUCCESS", at)
        found.append(line_of(entry._replace(ran=(50.0, 55.0), queued=(1.0, 2.0), place=where)) or b"")
    return found


def microseconds(times: list[float]) -> str:
    """Median and 95 %."""
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e6:6.1f} µs   95 %: {ordered[int(len(ordered) * 0.95)] * 1e6:6.1f} µs"


def timed(action: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def callers() -> None:
    """What whoever watches or starts a job pays."""
    found: dict[str, list[float]] = {
        name: [] for name in ("a job is watched", "a look, nothing new", "a look, its end", "a job is started")
    }
    with Simulator() as sim:
        os.environ.update(FIDDLER_URL=sim.url, FIDDLER_TOKEN=sim.token)
        for _ in range(ROUNDS):
            record = JobRecord(uuid.uuid4(), connection=None)
            record.renew_connection()
            live, over = (
                JobState(record.id, "Upload", status, None, INFO) for status in (JobStatus.STARTED, JobStatus.SUCCESS)
            )
            # What `subscribe` adds.
            found["a job is watched"].append(timed(record._remember_soon))  # noqa: SLF001
            # Until the journal's thread has it.
            journal.jobs(0)
            record.update(live, time.monotonic(), None)
            for name, state in (("a look, nothing new", live), ("a look, its end", over)):
                found[name].append(timed(functools.partial(record.update, state, time.monotonic(), None)))
            found["a job is started"].append(timed(functools.partial(remember_start, uuid.uuid4(), None)))
            time.sleep(0.002)
    for name, seconds_ in found.items():
        print(f"{name:24} {microseconds(seconds_)}")


def reading(path: Path) -> None:
    """What the journal's thread takes to read all, and what memory answers then."""
    written = lines()
    path.mkdir(parents=True)
    for number in range(10):
        (path / f"elsewhere-{number}-00000000.jsonl").write_bytes(b"".join(written[number::10]))
    folder = files.Folder(path, "x", files.this_process())
    cpu: list[float] = []
    wall: list[float] = []
    for _ in range(20):
        began, began_cpu = time.perf_counter(), time.thread_time()
        assert len(folder.read()[0].jobs) == JOBS  # noqa: S101 (a benchmark of something else is none)
        cpu.append(time.thread_time() - began_cpu)
        wall.append(time.perf_counter() - began)
    print(f"{JOBS} jobs in 10 files     {sum(map(len, written)) / JOBS:.0f} bytes a job")
    print(
        f"read off-thread          {statistics.median(wall) * 1e3:6.1f} ms, CPU {statistics.median(cpu) * 1e3:.1f} ms"
    )
    print(f"journal.jobs(days=90)    {timed(lambda: journal.jobs(90)) * 1e3:6.1f} ms")
    kind = (SERVER, "Ingestion dataset Upload", "bank_churn", "churn", "train")
    journal.past_durations(*kind)
    while not journal.past_durations(*kind):
        time.sleep(0.01)
    print(
        f"past_durations           {microseconds([timed(lambda: journal.past_durations(*kind)) for _ in range(200)])}"
    )


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FIDDLER_WIDGETS_STATE_DIR"] = folder
        reading(journal.path)
        callers()
        api.close()
        print(f"threads left             {threading.active_count() - 1}")


if __name__ == "__main__":
    main()

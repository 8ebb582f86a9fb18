#!/usr/bin/env python3
"""What a board of many jobs costs in Python: making one, its snapshot, memory a row, a report, and freshness in view.

    python benchmarks/board.py [--jobs 1000 10000] [--seconds 60]

The server is a simulator in a process of its own that takes 50 ms to answer (`benchmarks/scale.py`); the page is a comm
that throws away what it is sent, and that has 25 rows in view.
"""

# ruff: noqa: SLF001 (what is measured lies behind the public surface)
from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
import tracemalloc
from typing import Any

import comm
from comm.base_comm import BaseComm
from scale import resident, server

import fiddler_widgets as fw
from fiddler_widgets.board import board_traits, job_rows
from fiddler_widgets.board.row_watch import RowReport, RowWatch
from fiddler_widgets.jobs.kernel_jobs import kernel_jobs
from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report

IN_VIEW = 25
REPORTS = 5000


class Page(BaseComm):
    """Counts what a page would be sent."""

    sizes: list[int]

    def publish_msg(
        self,
        msg_type: str,  # noqa: ARG002
        data: Any = None,
        metadata: Any = None,  # noqa: ARG002
        buffers: Any = None,
        **keys: Any,  # noqa: ARG002
    ) -> None:
        """Note its size."""
        self.sizes.append(len(json.dumps(data, default=str)) + sum(len(one) for one in buffers or ()))


def state(id_: str, number: int, progress: float) -> fw.JobState:
    """One answer among many that differ as those of one project do."""
    info = {"project_name": "bank_churn", "model_name": f"churn_{number % 8}", "resource_name": f"batch_{number % 100}"}
    wire = {"id": id_, "name": "Ingestion dataset Upload", "status": "STARTED", "progress": progress, "info": info}
    return fw.JobState.from_wire({"data": wire}, expected_id=id_)


def make(ids: list[str]) -> tuple[float, float, float]:
    """Milliseconds until a board of ids is there: the best, the median and the worst of seven."""
    times = []
    for _ in range(7):
        kernel_jobs._records.clear()
        gc.collect()
        # The journal's thread and the poller are done with the board before.
        time.sleep(1.5)
        began = time.perf_counter()
        board = fw.JobBoard(ids, interval=3600)
        times.append(1000 * (time.perf_counter() - began))
        board.close()
    return min(times), statistics.median(times), max(times)


def memory(ids: list[str]) -> float:
    """KB a row: the table and what watches, with all known; without jobs, states and subscriptions, as on cards."""
    jobs = [fw.Job(id_, connection=None) for id_ in ids]
    states = [state(id_, number, 42.0) for number, id_ in enumerate(ids)]
    gc.collect()
    tracemalloc.start()
    rows = job_rows.JobRows(lambda: None, {})
    for job in jobs:
        rows._put(RowWatch(job, rows._intake), job_rows.first_values(str(job.id), None, time.time()))
    receive(rows, states)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / 1024 / len(ids)


def receive(rows: job_rows.JobRows, states: list[fw.JobState]) -> None:
    """A good answer for each row."""
    for watch, known in zip(rows.watches(), states, strict=True):
        left, now = (60.0, 120.0), time.monotonic()
        rows._intake.post(RowReport(watch, Report(known, Health.LIVE, answered=True, good_at=now, left=left), 9.0))


def reports(ids: list[str]) -> tuple[float, int, float]:
    """Microseconds a report with progress, deltas included at 25 rows each; bytes and milliseconds of a snapshot."""
    board = fw.JobBoard([fw.Job(id_, connection=None, state=None) for id_ in ids[:0]])
    rows = board._rows
    for id_ in ids:
        job = fw.Job(id_, connection=None)
        rows._put(RowWatch(job, rows._intake), job_rows.first_values(id_, None, time.time()))
    receive(rows, [state(id_, number, 1.0) for number, id_ in enumerate(ids)])
    rows.table.skip()
    board._live = False
    watches = rows.watches()
    news = [state(str(watches[n % len(ids)].job.id), n % len(ids), 2.0 + n / REPORTS) for n in range(REPORTS)]
    board._handle_custom_msg({"type": "hello", "view": "one", "have": rows.table.number}, [])
    began = time.process_time()
    for number, known in enumerate(news):
        watch, now = watches[number % len(ids)], time.monotonic()
        report = Report(known, Health.LIVE, answered=True, good_at=now, left=(60.0, 120.0))
        rows._intake.post(RowReport(watch, report, 9.0))
        if number % IN_VIEW == IN_VIEW - 1:
            board._watcher._write(board._watcher.news.take())
    micros = 1e6 * (time.process_time() - began) / REPORTS
    began = time.perf_counter()
    size = len(board.__table_snapshot__())
    milliseconds = 1000 * (time.perf_counter() - began)
    board.close()
    return micros, size, milliseconds


def freshness(count: int, seconds: float) -> list[str]:
    """Watch so many jobs for so long, with some in view: how old what is in view gets, and what the page is sent."""
    with server(count) as (url, ids):
        fw.init(url, "benchmark")
        Page.sizes = []
        board = fw.JobBoard(ids)
        view = list(range(count // 2, count // 2 + IN_VIEW))
        board._handle_custom_msg({"type": "hello", "view": "one", "have": 0}, [])
        board._handle_custom_msg({"type": "look", "rows": view}, [])
        began, cpu = time.monotonic(), time.process_time()
        oldest: list[float] = []
        while time.monotonic() - began < seconds:
            time.sleep(0.5)
            if time.monotonic() - began > min(30.0, seconds / 2):
                seen = [job_rows_seen(board, row) for row in view]
                oldest.append(max(seen))
        cpu = time.process_time() - cpu
        elapsed, sizes = time.monotonic() - began, Page.sizes[1:]
        board.close()
    return [
        f"{max(oldest):.1f} s" if oldest else "-",
        f"{100 * cpu / elapsed:.0f} %",
        f"{len(sizes) / elapsed:.2f}/s",
        f"{statistics.median(sizes):.0f} B" if sizes else "-",
    ]


def job_rows_seen(board: fw.JobBoard, row: int) -> float:
    """Seconds since a row was seen; infinity before."""
    watch = board._rows.watch_of(row)
    at = None if watch is None else watch.report.good_at
    return float("inf") if at is None else time.monotonic() - at


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    comm.create_comm = Page
    Page.sizes = []
    if not (board_traits.pathlib.Path(board_traits.__file__).parents[1] / "static" / "job_board.js").exists():
        board_traits.frontend = lambda: ("export default {};", "")  # type: ignore[assignment]
    # Nobody listens there: the requests fail, which costs about as much as answers do.
    fw.init("http://127.0.0.1:9", "benchmark")
    for count in options.jobs:
        ids = [f"e9a2a782-1db4-4bb8-8db0-{number:012d}" for number in range(count)]
        best, middle, worst = make(ids)
        micros, size, milliseconds = reports(ids)
        print(f"{count} jobs: made in {best:.0f}-{worst:.0f} ms, median {middle:.0f}")
        print(f"  {memory(ids):.2f} KB a row; {micros:.0f} µs a report")
        print(f"  snapshot {size / 1000:.0f} KB in {milliseconds:.1f} ms; process {resident() / 1024:.0f} MB")
    for count in options.jobs:
        cells = freshness(count, options.seconds)
        print(f"{count} jobs watched: in view {cells[0]} old at most, CPU {cells[1]}, {cells[2]} of {cells[3]}")


if __name__ == "__main__":
    main()

"""The command `fiddler-widgets simulate`, which runs the simulator alone."""

from __future__ import annotations

import errno
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fiddler_widgets.simulator.demo_jobs import lively_jobs
from fiddler_widgets.simulator.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from fiddler_widgets.simulator.jobs import SimulatedJob

__all__ = ["serve"]

# Windows delivers a signal only between two waits.
_LOOK_FOR_SIGNALS = 1.0


def serve(
    port: int,
    *,
    token: str | None = None,
    out: Callable[[str], object] = print,
    stop: threading.Event | None = None,
) -> int:
    """Run a simulator with lively jobs until Ctrl-C or SIGTERM.

    Args:
        port: The port to listen on; 0 lets the system choose.
        token: The API token to accept; `None` makes a random one.
        out: Called with each text to print.
        stop: Stops the simulator when set, for a caller on another thread.

    Returns:
        An exit code: 0 after a clean end, 2 if the port cannot be used.
    """
    stop = threading.Event() if stop is None else stop
    sim = Simulator(port=port, token=token)
    try:
        with _terminating(stop):
            try:
                sim.start()
            except (OSError, OverflowError) as error:
                out(_cannot_listen(port, error))
                return 2
            with sim:
                out(_greeting(sim, lively_jobs(sim)))
                while not stop.wait(_LOOK_FOR_SIGNALS):
                    pass
    except KeyboardInterrupt:
        pass
    out("The simulator has stopped.")
    return 0


@contextmanager
def _terminating(stop: threading.Event) -> Iterator[None]:
    """Have SIGTERM set `stop`; this is possible only on the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGTERM, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _cannot_listen(port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken: another program listens there, maybe another simulator.\n"
            "End that program, or choose another port; 0 lets the system choose a free one."
        )
    return (
        f"Cannot listen on port {port}: {error}.\n"
        "Choose a port from 1024 to 65535; 0 lets the system choose a free one."
    )


def _greeting(sim: Simulator, jobs: list[SimulatedJob]) -> str:
    lines = [
        f"A simulated Fiddler platform listens on {sim.url} (this machine only).",
        "",
        "  import fiddler_widgets as fw",
        f'  fw.init("{sim.url}", "{sim.token}")',
        f'  fw.JobWidget("{jobs[0].id}")',
        "",
        "or with the official client:",
        "",
        "  import fiddler",
        f'  fiddler.init(url="{sim.url}", token="{sim.token}")',
        f'  fiddler.Job.get("{jobs[0].id}").wait()',
        "",
        "which can publish, too; each file starts a job of 20 s:",
        "",
        f'  project = fiddler.Project.from_name("{sim.publishing.project}")',
        f'  model = fiddler.Model.from_name("{sim.publishing.model}", project_id=project.id)',
        '  job = model.publish("events.csv", environment="PRE_PRODUCTION", dataset_name="baseline")',
        "",
        "Jobs, each of which begins again some seconds after its end:",
        "",
    ]
    lines += [f"  {job.id}  {job.name} ({job.scenario.name})" for job in jobs]
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)

"""Live cards for the long-running jobs of the Fiddler platform, in notebooks and dashboards.

::

    import fiddler_widgets as fw

    fw.init(url="https://your-company.fiddler.ai", token="...")
    job = fw.Job.get("e9a2a782-1db4-4bb8-8db0-3fa5a278c068")
    job            # as a cell's last expression: a live card
    job.wait()     # blocks, with the card live
"""

from __future__ import annotations

from fiddler_widgets import configs
from fiddler_widgets._version import __version__
from fiddler_widgets.client.default_connection import init
from fiddler_widgets.environment import in_notebook as _in_notebook
from fiddler_widgets.exceptions import (
    ApiConnectionError,
    ApiError,
    AsyncJobFailed,
    FiddlerWidgetsError,
    JobRevoked,
    JobTimeoutError,
    NotConnected,
    NotFound,
    WatchStopped,
)
from fiddler_widgets.jobs.job import Job
from fiddler_widgets.jobs.wait_many import as_completed, wait
from fiddler_widgets.jobs.wait_many import register_view as _register_view
from fiddler_widgets.models import JobState, JobStatus
from fiddler_widgets.widget import shared_widgets as _cards  # noqa: F401 (registers how jobs look in a notebook)
from fiddler_widgets.widget.job_widget import JobWidget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fiddler_widgets import journal
    from fiddler_widgets.board.job_board import JobBoard
    from fiddler_widgets.jobs.wait_many import SeveralView

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "AsyncJobFailed",
    "FiddlerWidgetsError",
    "Job",
    "JobBoard",
    "JobRevoked",
    "JobState",
    "JobStatus",
    "JobTimeoutError",
    "JobWidget",
    "NotConnected",
    "NotFound",
    "WatchStopped",
    "__version__",
    "as_completed",
    "configs",
    "init",
    "journal",
    "wait",
]


for _public in (
    ApiConnectionError,
    ApiError,
    AsyncJobFailed,
    FiddlerWidgetsError,
    Job,
    JobRevoked,
    JobState,
    JobStatus,
    JobTimeoutError,
    JobWidget,
    NotConnected,
    NotFound,
    WatchStopped,
    as_completed,
    init,
    wait,
):
    # Their public module, so that modules can move and an older pickle still loads.
    _public.__module__ = __name__
del _public


def __getattr__(name: str) -> object:
    """Import `JobBoard` and `journal` when they are first needed."""
    import importlib  # noqa: PLC0415 (not a name of this package)

    if name == "journal":
        return importlib.import_module("fiddler_widgets.journal")
    if name != "JobBoard":
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    board: Any = importlib.import_module("fiddler_widgets.board.job_board")
    board.JobBoard.__module__ = __name__
    # From now on the name is found without this function.
    globals()[name] = board.JobBoard
    return board.JobBoard


def __dir__() -> list[str]:
    """All names, also those that are not imported yet."""
    return sorted({*globals(), *__all__})


def _show_several(jobs: list[Job]) -> SeveralView | None:
    """The board of a wait for several jobs, in a notebook."""
    if not _in_notebook():
        return None
    from fiddler_widgets.board.shared_boards import show  # noqa: PLC0415 (imported only if a board is shown)

    return show(jobs)


_register_view(_show_several)


def load_ipython_extension(shell: Any) -> None:
    """Show jobs of the official client live from now on; ``%load_ext fiddler_widgets`` calls this."""
    from fiddler_widgets.extension import ipython  # noqa: PLC0415 (imported only if the extension is loaded)

    ipython.load_ipython_extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Restore everything as it was before; ``%unload_ext fiddler_widgets`` calls this."""
    from fiddler_widgets.extension import ipython  # noqa: PLC0415 (the same)

    ipython.unload_ipython_extension(shell)

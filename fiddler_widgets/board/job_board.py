"""`JobBoard`: many jobs in one widget, for users, who show it, wait through it, and hear from it when all are over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import ipywidgets

from fiddler_widgets.board.arguments import first_view, height_of, lasting_layout
from fiddler_widgets.board.board_output import BoardOutput
from fiddler_widgets.board.board_traits import BoardTraits
from fiddler_widgets.board.board_wait import BoardWait, as_they_end
from fiddler_widgets.board.board_watcher import BoardWatcher
from fiddler_widgets.board.job_collection import JobCollection
from fiddler_widgets.board.job_rows import JobRows
from fiddler_widgets.board.recent_jobs import recent_jobs
from fiddler_widgets.board.row_filter import view_filter
from fiddler_widgets.board.wait_view import BoardWaitView
from fiddler_widgets.cell_context import in_cell
from fiddler_widgets.environment import headless
from fiddler_widgets.jobs.job import Job, wait_timeout
from fiddler_widgets.jobs.kernel_jobs import kernel_jobs
from fiddler_widgets.jobs.wait import seconds_argument
from fiddler_widgets.jobs.wait_many import distinct_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator

    from fiddler_widgets.jobs.record import JobRecord

__all__ = ["JobBoard"]

_Callback = TypeVar("_Callback", bound="Callable[[JobBoard], object]")

_SETTLING = 0.5


class JobBoard(JobCollection, BoardTraits):
    """A live board of many jobs, one row each. Watches them from the start, without blocking.

    Its traits `counts`, `progress`, `time_left`, `health` and `filter` are there to `observe`, `link` and `jslink`.

    Args:
        jobs: Jobs of this package or of the official client, and ids, in any mixture; ``None`` for the jobs of this
            kernel: all that were started or are watched here, also those to come.
        interval: Seconds from an answer to the next request for a job (at least 0.2); ``None`` for the adaptive
            schedule.
        timeout: Seconds until the board stops watching a job; ``None`` to watch until it is over.
        group_by: ``"project"``, ``"model"``, ``"kind"`` or ``"status"``; ``None`` for no groups. The reader may change
            it, as the order.
        order: ``"attention"`` (failures not looked at yet, trouble, running, queued, over), ``"newest"``, ``"name"``,
            ``"progress"`` or ``"left"``.
        height: Pixels that the rows take at most; ``None`` for 480.
        verbose: Ask for the jobs' subtasks too.
        notify: Whether the page, while it is hidden, tells when all jobs are over.
        **layout: ``layout``, ``tooltip`` and the like, as for any widget.

    Raises:
        TypeError: ``jobs`` is no iterable of jobs, or a keyword is unknown.
        ValueError: ``interval``, ``timeout`` or ``height`` is negative or NaN, or ``group_by`` or ``order`` is unknown.
        NotConnected: There is an id, and no connection is configured.
    """

    @in_cell
    def __init__(
        self,
        jobs: Iterable[object] | None = None,
        *,
        interval: float | None = None,
        timeout: float | None = None,
        group_by: str | None = None,
        order: str = "attention",
        height: float | None = None,
        verbose: bool = False,
        notify: bool = False,
        **layout: Any,
    ) -> None:
        pause, limit = seconds_argument("interval", interval), seconds_argument("timeout", timeout)
        view, pixels = first_view(order, group_by), height_of(height)
        self._check_options("JobBoard", layout)
        self._verbose = verbose
        options = {"interval": pause, "timeout": float("inf") if limit is None else limit}
        self._rows = JobRows(self._changed, {**options, "verbose": True} if verbose else options)
        self._rows.add([] if jobs is None else distinct_jobs(jobs, verbose=verbose), watch=False)
        self._headless, self._live = headless(), False
        self._watcher = BoardWatcher(self, self._rows, self._publish)
        self._output = BoardOutput(self._rows, self._watcher, super()._repr_mimebundle_, grows=jobs is None)
        self._view_of_waits = BoardWaitView(self, self._watcher)
        own_layout = not isinstance(layout.get("layout"), ipywidgets.Layout)
        if jobs is None:
            self._rows.add(map(Job.__of_record__, kernel_jobs.follow(self._take_kernel_job)), watch=False)
        if self._headless and own_layout:
            layout |= lasting_layout(layout.get("layout"))
        first = {**self._watcher.news.first_values(), "_view": view, "_height": pixels, "_notify": bool(notify)}
        super().__init__(**first, **layout)
        self._own_layout = self.layout if own_layout else None
        self.on_msg(self._watcher.on_message)
        self.observe(self._watcher.view_changed, "_view")
        self._prepare_comm(self._watcher.frontend)
        self._live = True
        try:
            self._rows.start()
        except BaseException:
            # An interrupt: nobody will ever have this board.
            self.close()
            raise

    @classmethod
    def recent(cls, days: float = 7, status: str | None = None, **options: Any) -> JobBoard:
        """The board of the jobs that the journal remembers, of the platform that is connected to.

        Args:
            days: Those that were started or watched in so many days, by any kernel of this user.
            status: Those with that status when they were last seen, such as ``"FAILURE"``; ``None`` for all.
            **options: As for `JobBoard`.

        Returns:
            The board; of its jobs those are looked at that were not over.

        Raises:
            NotConnected: No connection is configured.
            ValueError: ``days`` is negative or NaN.
        """
        found = recent_jobs(days, status)
        board = cls([], **options)
        board._rows.add(found, began=found)
        return board

    @property
    def shown(self) -> list[Job]:
        """Those that the page shows now, by its search and its chips, in the order in which they were added."""
        shows = view_filter(self.filter, self._view)
        return [watch.job for watch, values in self._rows_now() if shows(values)]

    # ---- watching its jobs

    def start(self) -> None:
        """Watch (again) the jobs that are not over; does nothing for those that are watched.

        Raises:
            RuntimeError: The board is closed.
        """
        self._check_open()
        self._watcher.resumed()
        self._rows.start()

    def stop(self) -> None:
        """Stop the board's watching, and the waits through it, which raise `WatchStopped`. The jobs go on."""
        self._rows.stop()
        self._watcher.settle(_SETTLING)

    @in_cell
    def close(self) -> None:
        """Stop, and take the board off every page."""
        watcher = getattr(self, "_watcher", None)
        if watcher is None or watcher.closed:
            return
        kernel_jobs.unfollow(self._take_kernel_job)
        self._rows.stop()
        self._rows.settle(_SETTLING)
        watcher.close()
        self._rows.close()
        super().close()

    def wait(self, timeout: float | None = None) -> None:
        """Block until all jobs are over, those included that are added meanwhile, with the board shown and live.

        Failures and each tenth of the way are logged.

        Args:
            timeout: Seconds until giving up; ``None`` for ``configs.JOB_WAIT_TIMEOUT``, ``math.inf`` for never.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            RuntimeError: The board is closed.
            AsyncJobFailed: Some ended without success: ``failed`` lists them. Raised when the rest have ended too; a
                `JobRevoked` where all of them were revoked.
            JobTimeoutError: The time is over before all jobs are.
            WatchStopped: Somebody stopped it, for instance on the page.
            ApiError: The server refuses, or does not know, one of the jobs.
        """
        limit = wait_timeout(timeout)
        self._view_of_waits.make_ready()
        with BoardWait(self._rows, limit, self._view_of_waits) as wait:
            wait.block()
        wait.raise_for_failures()

    def wait_async(self, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """As `wait`, as a coroutine: for ``asyncio.create_task``, by which a cell is done at once, and ``TaskGroup``.

        Raises:
            RuntimeError: The board is closed; raised at the call.
        """
        limit = wait_timeout(timeout)
        self._view_of_waits.make_ready()
        return self._wait_async(limit)

    async def _wait_async(self, limit: float) -> None:
        with BoardWait(self._rows, limit, self._view_of_waits) as wait:
            await wait.until_ended()
        wait.raise_for_failures()

    def __await__(self) -> Generator[Any, None, None]:
        """As `wait` with its defaults, for asyncio; may be awaited more than once."""
        return self.wait_async().__await__()

    def as_completed(self, timeout: float | None = None) -> Iterator[Job]:
        """Yield the jobs as they end, those first that are over; nothing is raised for one that fails.

        Args:
            timeout: Seconds after which to give up; ``None`` for no limit.

        Yields:
            Each job once, when it is over, or when nothing more can be learned of it (refused, not found, stopped).

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            RuntimeError: The board is closed.
            JobTimeoutError: The time is over before all jobs are.
        """
        limit = seconds_argument("timeout", timeout)
        self.start()
        return as_they_end(self._rows, limit)

    def on_complete(self, callback: _Callback) -> _Callback:
        """Have a function called once, when all jobs have reached their final status, or soon if they have already.

        Args:
            callback: Called with this board, in a thread of its own for such callbacks. What it raises is logged.

        Returns:
            The callback, so that this serves as a decorator.

        Raises:
            TypeError: It cannot be called.
        """
        self._watcher.callbacks.add(self, callback)
        return callback

    # ---- its output in a notebook

    @in_cell
    def _ipython_display_(self) -> None:
        if not self._output.display():
            # Has IPython take the next way, which is the bundle, without a word.
            raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self._output.formats(repr(self), **kwargs)

    def __repr__(self) -> str:
        """Counts, and a line for each of the first jobs, failures before all others."""
        return self._output.text()

    # ---- for this package

    def __in_turn__(self, action: Callable[[], None]) -> None:
        """Have something done between two messages of the board, soon and by another thread."""
        self._watcher.post(action)

    def __publish_again__(self) -> None:
        """Bring the output up to date on a page that was not there when the last job ended."""
        self._output.publish(again=True)

    def __table_snapshot__(self) -> bytes:
        """All rows as they are now, as the page reads them; none where there is no page."""
        if self._headless:
            return b""
        with self._rows.lock:
            return self._rows.table.snapshot(time.time())

    @property
    def __board_watcher__(self) -> BoardWatcher:
        """What tells the pages of this board; a name with two underscores, so that no user's completion offers it."""
        return self._watcher

    @property
    def __job_rows__(self) -> JobRows:
        """Its jobs; likewise."""
        return self._rows

    @property
    def __wait_view__(self) -> BoardWaitView:
        """What shows waits on this board; likewise."""
        return self._view_of_waits

    def _changed(self) -> None:
        if self._live:
            self._watcher.changed()

    def _take_kernel_job(self, record: JobRecord) -> None:
        self._watcher.post(lambda: self._rows.add([Job.__of_record__(record)]))

    def _publish(self) -> None:
        self._output.publish()

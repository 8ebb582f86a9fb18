"""Where one module meets another: what each expects of the other, for type checkers and readers alone.

Imported under ``TYPE_CHECKING`` only, so that it costs nothing at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from fiddler_widgets.channels import Subscription
    from fiddler_widgets.job import Job
    from fiddler_widgets.models import JobState
    from fiddler_widgets.reports import Report
    from fiddler_widgets.waiting import Wait

__all__ = ["Display", "Engine", "Fetcher", "Schedule", "WaitView"]


class Fetcher(Protocol):
    """What the poller asks for jobs: in earnest, a `transport.Connection`. Equal ones share their streams."""

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """The job's state; raises an `ApiError` for anything else."""
        ...

    def close_idle(self) -> None:
        """Close what is kept open for reuse."""
        ...

    def __hash__(self) -> int:
        """By address."""
        ...


class Schedule(Protocol):
    """Decides how long to pause between two looks at one job, and learns from them how long it may take."""

    def time_left(self, elapsed: float) -> tuple[float, float] | None:
        """From what to what many seconds the job may take yet, seen from ``elapsed``; ``None`` while unknown."""
        ...

    def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
        """Seconds to pause, from seconds watched, the status, and the progress in per cent."""
        ...


class Engine(Protocol):
    """What a subscription asks of its poller."""

    def unsubscribe(self, subscription: Subscription, farewell: Callable[[Report], Report] | None = None) -> None:
        """End a subscription, perhaps with a last report made from the current one."""
        ...

    def hurry(self, subscription: Subscription) -> None:
        """Look at a subscription's job as soon as may be."""
        ...


class WaitView(Protocol):
    """What shows a wait to the user, and can end it."""

    def wait_begins(self, wait: Wait) -> None:
        """A wait starts; `Wait.stop` ends it."""
        ...

    def wait_goes_on(self, wait: Wait, elapsed: float) -> None:
        """A sign of life from where the wait runs, once a second at least; ``elapsed`` in seconds."""
        ...

    def wait_says(self, line: str) -> None:
        """The job has changed, in a line that is logged too but that no log shows."""
        ...

    def wait_ends(self, wait: Wait, *, interrupted: bool) -> None:
        """The wait is over, perhaps because the user interrupted it."""
        ...


class Display(Protocol):
    """How jobs look in a notebook."""

    def card(self, job: Job) -> object:
        """The widget that shows a job."""
        ...

    def show(self, job: Job) -> bool:
        """Show a job in the running cell; false where that is left to its `mimebundle`."""
        ...

    def mimebundle(self, job: Job, **kwargs: Any) -> Any:
        """What IPython is to show for a job, as of ``_repr_mimebundle_``."""
        ...

    def wait_view(self, job: Job, interval: float | None) -> WaitView | None:
        """What shows a wait for a job, with a pause of that many seconds; ``None`` where nothing can be shown."""
        ...

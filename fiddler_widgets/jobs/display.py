"""How jobs look in a notebook: registered here by `widget`, and nowhere known below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.wait import WaitView

__all__ = ["Display", "display", "register_display"]


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


class _Nothing:
    """Where nothing shows jobs: they are text."""

    def card(self, job: Job) -> object:
        return repr(job)

    def show(self, job: Job) -> bool:  # noqa: ARG002
        return False

    def mimebundle(self, job: Job, **kwargs: Any) -> Any:  # noqa: ARG002
        return {"text/plain": repr(job)}

    def wait_view(self, job: Job, interval: float | None) -> None:
        pass


_display: Display = _Nothing()


def register_display(new: Display) -> None:
    """Say how jobs look in a notebook."""
    global _display  # noqa: PLW0603
    _display = new


def display() -> Display:
    """What was registered last."""
    return _display

"""How jobs look in a notebook: `widget` registers it here, so that no folder below it needs to import widgets."""

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
        """Show a job in the running cell; false if its `mimebundle` is to show it instead."""
        ...

    def mimebundle(self, job: Job, **kwargs: Any) -> Any:
        """The result of a job's ``_repr_mimebundle_``, which IPython shows."""
        ...

    def wait_view(self, job: Job, interval: float | None) -> WaitView | None:
        """The view of a wait for a job, with an interval in seconds; ``None`` if nothing can be shown."""
        ...


class _TextDisplay:
    """Shows jobs as text; used until another display is registered."""

    def card(self, job: Job) -> object:
        return repr(job)

    def show(self, job: Job) -> bool:  # noqa: ARG002
        return False

    def mimebundle(self, job: Job, **kwargs: Any) -> Any:  # noqa: ARG002
        return {"text/plain": repr(job)}

    def wait_view(self, job: Job, interval: float | None) -> None:
        pass


_display: Display = _TextDisplay()


def register_display(new: Display) -> None:
    """Register how jobs look in a notebook."""
    global _display  # noqa: PLW0603
    _display = new


def display() -> Display:
    """The display that was registered last."""
    return _display

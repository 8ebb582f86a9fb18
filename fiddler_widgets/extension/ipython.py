"""``%load_ext fiddler_widgets``: jobs of the official client as live cards, in existing notebooks.

While the extension is loaded, each job that the client starts is shown under its cell. A ``fiddler.Job`` as a cell's
last expression shows its card, and ``fiddler.Job.wait`` shows it and blocks. Nothing here imports the official client:
if the user has not yet, an import hook patches its module when it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fiddler_widgets.extension.auto_display import AutoDisplay
from fiddler_widgets.extension.job_starts import noting_get
from fiddler_widgets.extension.magics import fiddler_jobs
from fiddler_widgets.extension.official_patch import MODULE, OfficialPatch
from fiddler_widgets.extension.official_wait import live_wait
from fiddler_widgets.extension.remembered_jobs import remember_start
from fiddler_widgets.jobs.job import job_of
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job

__all__ = ["load_ipython_extension", "unload_ipython_extension"]

_loaded: dict[int, _Loaded] = {}
"""What unloading has to undo, by the shell's identity; a process has one shell, tests have several."""


def load_ipython_extension(shell: Any) -> None:
    """Have jobs of the official client shown as cards, and its ``Job.wait`` keep the card live.

    Args:
        shell: The running IPython.
    """
    if id(shell) in _loaded:
        return
    _loaded[id(shell)] = _Loaded(shell)
    if len(_loaded) == 1:
        _patch.on()


def unload_ipython_extension(shell: Any) -> None:
    """Put everything back as it was before `load_ipython_extension`.

    Args:
        shell: The running IPython.
    """
    loaded = _loaded.pop(id(shell), None)
    if loaded is not None:
        loaded.undo()
        if not _loaded:
            _patch.off()


class _Loaded:
    """One shell's formatters for the official job, and those that were registered before."""

    def __init__(self, shell: Any) -> None:
        display = shell.display_formatter
        self._functions = {display.ipython_display_formatter: _display, display.mimebundle_formatter: _mimebundle}
        self._before = {formatter: formatter.deferred_printers.get(_MODULE_AND_CLASS) for formatter in self._functions}
        for formatter, function in self._functions.items():
            formatter.for_type_by_name(*_MODULE_AND_CLASS, function)
        self.auto_display = AutoDisplay(shell)
        self._magic = fiddler_jobs(shell, self.auto_display)

    def renew(self) -> None:
        """Register again, for a new class of the same name: IPython drops a name once it has met a class with it."""
        for formatter, function in self._functions.items():
            formatter.deferred_printers.setdefault(_MODULE_AND_CLASS, function)

    def undo(self) -> None:
        """Restore the formatters from before, unless others have been registered since."""
        self.auto_display.close()
        self._magic.remove()
        for formatter, function in self._functions.items():
            by_name = formatter.deferred_printers
            # A function that is registered by a class's name is moved to the class when IPython first meets it.
            moved = [kind for kind, registered in formatter.type_printers.items() if registered is function]
            for kind in moved:
                del formatter.type_printers[kind]
            if by_name.get(_MODULE_AND_CLASS, function if moved else None) is function:
                by_name.pop(_MODULE_AND_CLASS, None)
                if self._before[formatter] is not None:
                    by_name[_MODULE_AND_CLASS] = self._before[formatter]


_MODULE_AND_CLASS = (MODULE, "Job")


def _job_of_official(official: Any) -> Job | None:
    """The `Job` for an official job; ``None`` if it cannot be asked for, as without a connection or an id."""
    try:
        return job_of(official)
    except Exception:  # noqa: BLE001 (a job that cannot be shown as a card is shown as without the extension)
        return None


def _display(official: Any) -> None:
    job = _job_of_official(official)
    # After NotImplementedError, IPython silently tries the mimebundle.
    if job is None or not jobs_display.show(job):
        raise NotImplementedError


def _mimebundle(official: Any, **kwargs: Any) -> Any:
    job = _job_of_official(official)
    return None if job is None else jobs_display.mimebundle(job, **kwargs)


def _renew_all() -> None:
    for loaded in _loaded.values():
        loaded.renew()


def _note(job_id: object, official: Any) -> None:
    remember_start(job_id, official)
    for loaded in list(_loaded.values()):
        loaded.auto_display.note(job_id, official)


_patch = OfficialPatch({"wait": live_wait, "get": noting_get(_note)}, _renew_all)

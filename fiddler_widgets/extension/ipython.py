"""``%load_ext fiddler_widgets``: jobs of the official client, in notebooks that exist already, as live cards.

While the extension is loaded, each job that the client starts is shown under its cell; a ``fiddler.Job`` as a cell's
last expression shows its card, and ``fiddler.Job.wait`` shows it and blocks. Nothing here imports the official client:
where the user has not yet, its module is met on its way in, by an import hook that does nothing else.
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
"""What is undone at unloading, by the shell's identity; a process has one shell, tests have several."""


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
    """One shell's formatters for the official job, and what they replaced."""

    def __init__(self, shell: Any) -> None:
        formatter = shell.display_formatter
        self._shown = {formatter.ipython_display_formatter: _display, formatter.mimebundle_formatter: _mimebundle}
        self._before = {each: each.deferred_printers.get(_MODULE_AND_CLASS) for each in self._shown}
        for each, ours in self._shown.items():
            each.for_type_by_name(*_MODULE_AND_CLASS, ours)
        self.auto_display = AutoDisplay(shell)
        self._magic = fiddler_jobs(shell, self.auto_display)

    def renew(self) -> None:
        """Register for a class that takes the place of the one before, whose name IPython has met and dropped."""
        for formatter, ours in self._shown.items():
            formatter.deferred_printers.setdefault(_MODULE_AND_CLASS, ours)

    def undo(self) -> None:
        """Register again what was registered before, where nobody has registered anything since."""
        self.auto_display.close()
        self._magic.remove()
        for formatter, ours in self._shown.items():
            by_name = formatter.deferred_printers
            # IPython moves what is registered by name to a class when it first meets that.
            moved = [kind for kind, function in formatter.type_printers.items() if function is ours]
            for kind in moved:
                del formatter.type_printers[kind]
            if by_name.get(_MODULE_AND_CLASS, ours if moved else None) is ours:
                by_name.pop(_MODULE_AND_CLASS, None)
                if self._before[formatter] is not None:
                    by_name[_MODULE_AND_CLASS] = self._before[formatter]


_MODULE_AND_CLASS = (MODULE, "Job")


def _adopted(theirs: Any) -> Job | None:
    """Our handle on an official job; ``None`` for one that cannot be asked for: not connected, or without an id."""
    try:
        return job_of(theirs)
    except Exception:  # noqa: BLE001 (showing something is no occasion to complain, whatever is the matter with it)
        return None


def _display(theirs: Any) -> None:
    job = _adopted(theirs)
    # NotImplementedError has IPython take the next way, without a word.
    if job is None or not jobs_display.show(job):
        raise NotImplementedError


def _mimebundle(theirs: Any, **kwargs: Any) -> Any:
    job = _adopted(theirs)
    return None if job is None else jobs_display.mimebundle(job, **kwargs)


def _renew_all() -> None:
    for each in _loaded.values():
        each.renew()


def _note(job_id: object, official: Any) -> None:
    remember_start(job_id, official)
    for each in list(_loaded.values()):
        each.auto_display.note(job_id, official)


_patch = OfficialPatch({"wait": live_wait, "get": noting_get(_note)}, _renew_all)

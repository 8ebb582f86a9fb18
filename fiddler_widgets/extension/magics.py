"""``%fiddler_jobs``: show the jobs of this kernel, and switch whether cells show the jobs that they start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fiddler_widgets import configs
from fiddler_widgets.extension.remembered_jobs import show_recent

if TYPE_CHECKING:
    from fiddler_widgets.extension.auto_display import AutoDisplay

__all__ = ["Magic", "fiddler_jobs"]

_NAME = "fiddler_jobs"
_SWITCHES = ("on", "off")
_RECENT = "recent"
_HELP = """Show the jobs that this kernel has started, or switch whether cells show the jobs that they start.

    %fiddler_jobs           the jobs of this kernel
    %fiddler_jobs recent    the jobs of the last 7 days, of all your kernels
    %fiddler_jobs on        cells show the jobs that they start (also on a page of Voilà)
    %fiddler_jobs off       they do not
"""


class Magic:
    """The line magic of one shell, and its completion."""

    def __init__(self, shell: Any, auto_display: AutoDisplay) -> None:
        self._shell = shell
        self._before = shell.magics_manager.magics["line"].get(_NAME)

        def run(line: str) -> None:
            argument = line.strip().lower()
            if argument in _SWITCHES:
                configs.AUTO_DISPLAY = auto_display.asked_for = argument == "on"
            elif argument == _RECENT:
                show_recent()
            elif argument:
                from IPython.core.error import UsageError  # noqa: PLC0415 (only a shell comes here)

                msg = f"%{_NAME} takes recent, on, off or nothing, not {line.strip()!r}"
                raise UsageError(msg)
            else:
                auto_display.show_all()

        run.__doc__ = _HELP
        self._run = run
        shell.register_magic_function(run, "line", _NAME)
        shell.set_hook("complete_command", _complete, str_key=f"%{_NAME}")

    def remove(self) -> None:
        """Unregister the magic and restore the one before, unless another one was registered since."""
        magics = self._shell.magics_manager.magics["line"]
        if magics.get(_NAME) is self._run:
            del magics[_NAME]
            if self._before is not None:
                magics[_NAME] = self._before
        chains = self._shell.strdispatchers.get("complete_command")
        if chains is not None and f"%{_NAME}" in chains.strs:
            del chains.strs[f"%{_NAME}"]


def fiddler_jobs(shell: Any, auto_display: AutoDisplay) -> Magic:
    """Register the magic with a shell."""
    return Magic(shell, auto_display)


def _complete(_shell: Any, _event: Any) -> list[str]:
    return [_RECENT, *_SWITCHES]

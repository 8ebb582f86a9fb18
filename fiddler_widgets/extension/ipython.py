"""``%load_ext fiddler_widgets``: jobs of the official client, in notebooks that exist already, as live cards.

While the extension is loaded, a ``fiddler.Job`` as a cell's last expression shows its card, and ``fiddler.Job.wait``
shows it and blocks. Nothing here imports the official client: where the user has not yet, its module is met on its way
in, by an import hook that does nothing else.
"""

from __future__ import annotations

import functools
import importlib.abc
import inspect
import sys
from typing import TYPE_CHECKING, Any

from fiddler_widgets.client import fiddler_client
from fiddler_widgets.jobs.job import job_of
from fiddler_widgets.widget.shared_widgets import jobs_display

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from fiddler_widgets.jobs.job import Job

__all__ = ["load_ipython_extension", "unload_ipython_extension"]

_MODULE = "fiddler.entities.job"

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

    def renew(self) -> None:
        """Register for a class that takes the place of the one before, whose name IPython has met and dropped."""
        for formatter, ours in self._shown.items():
            formatter.deferred_printers.setdefault(_MODULE_AND_CLASS, ours)

    def undo(self) -> None:
        """Register again what was registered before, where nobody has registered anything since."""
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


_MODULE_AND_CLASS = (_MODULE, "Job")


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


# ---- fiddler.Job.wait


def _live(original: Callable[..., None]) -> Callable[..., None]:
    """The official ``wait`` with its signature, kept by our engine."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def wait(*args: Any, **kwargs: Any) -> None:
        given = signature.bind(*args, **kwargs)
        # Its default pause is what the adaptive schedule is there to do without; one that is asked for is kept.
        interval = given.arguments.get("interval")
        given.apply_defaults()
        theirs = given.args[0]
        if not fiddler_client.is_job(theirs):
            # Of a class that its module, loaded anew, has replaced.
            return original(*args, **kwargs)
        return job_of(theirs).wait(interval=interval, timeout=given.arguments.get("timeout"))

    return wait


class _Patch(importlib.abc.MetaPathFinder):
    """Our `wait` in the official class: now if that is there, and whenever its module has been executed."""

    def __init__(self) -> None:
        self._patched: list[tuple[Any, Callable[..., None] | None, Callable[..., None]]] = []

    def on(self) -> None:
        """Patch, and watch for the module."""
        sys.meta_path.insert(0, self)
        self.apply()

    def off(self) -> None:
        """Undo it."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for kind, own, ours in self._patched:
            # Whoever has put something over it since is left alone.
            if vars(kind).get("wait") is not ours:
                continue
            if own is None:
                del kind.wait
            else:
                kind.wait = own
        self._patched = []

    def apply(self) -> None:
        """Patch the class, if it is there and has a method that we know how to stand in for."""
        kind = getattr(sys.modules.get(_MODULE), "Job", None)
        original = getattr(kind, "wait", None)
        if isinstance(kind, type) and inspect.isfunction(original):
            ours = _live(original)
            # One that is inherited is not in the class.
            self._patched.append((kind, vars(kind).get("wait"), ours))
            kind.wait = ours  # type: ignore[attr-defined]
            for each in _loaded.values():
                each.renew()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find that one module as all others would, and patch it once it is complete."""
        if fullname != _MODULE:
            return None
        for find in [getattr(finder, "find_spec", None) for finder in sys.meta_path if finder is not self]:
            spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Then(spec.loader, self)
                return spec
        return None


class _Then(importlib.abc.Loader):
    """A module's own loader, and the patch after it."""

    def __init__(self, loader: Any, patch: _Patch) -> None:
        self._loader, self._patch = loader, patch

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the module's own loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """As the module's own loader does; from here on the module is as if it had never met us."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._patch.apply()

    def __getattr__(self, name: str) -> Any:
        """What else the module's own loader has, for whoever only looks."""
        return getattr(self._loader, name)


_patch = _Patch()

"""``%load_ext fiddler_widgets``: jobs of the official client, in notebooks that exist already, as live cards.

While the extension is loaded, a ``fiddler.Job`` as a cell's last expression shows its card, and ``fiddler.Job.wait``
shows it and blocks. Nothing here imports the official client: where the user has not yet, its module is met on its way
in, by an import hook that does nothing else.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import inspect
import sys
from typing import TYPE_CHECKING, Any

from fiddler_widgets.cards import jobs_display
from fiddler_widgets.job import job_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

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
        shown = {formatter.ipython_display_formatter: _display, formatter.mimebundle_formatter: _mimebundle}
        self._before = {each: _registered(each) for each in shown}
        for each, function in shown.items():
            each.for_type_by_name(*_MODULE_AND_CLASS, function)

    def undo(self) -> None:
        """Register again what was registered before, and nothing else."""
        for formatter, (by_name, by_type) in self._before.items():
            _restore(formatter.deferred_printers, _MODULE_AND_CLASS, by_name)
            # IPython moves what is registered by name to the class when it first meets that.
            _restore(formatter.type_printers, _official_class(), by_type)


_MODULE_AND_CLASS = (_MODULE, "Job")


def _registered(formatter: Any) -> tuple[Any, Any]:
    """What a formatter has for the official job: by its name, and by its class."""
    return formatter.deferred_printers.get(_MODULE_AND_CLASS), formatter.type_printers.get(_official_class())


def _restore(table: dict[Any, Any], key: object, before: object) -> None:
    if before is None:
        table.pop(key, None)
    else:
        table[key] = before


def _display(theirs: Any) -> None:
    # NotImplementedError has IPython take the next way, without a word.
    if not jobs_display.show(job_of(theirs)):
        raise NotImplementedError


def _mimebundle(theirs: Any, **kwargs: Any) -> Any:
    return jobs_display.mimebundle(job_of(theirs), **kwargs)


# ---- fiddler.Job.wait


def _official_class() -> Any:
    kind = getattr(sys.modules.get(_MODULE), "Job", None)
    return kind if isinstance(kind, type) else None


def _live(original: Callable[..., None]) -> Callable[..., None]:
    """The official ``wait`` with its signature, kept by our engine."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def wait(*args: Any, **kwargs: Any) -> None:
        given = signature.bind(*args, **kwargs)
        # Its default pause is what the adaptive schedule is there to do without; one that is asked for is kept.
        interval = given.arguments.get("interval")
        given.apply_defaults()
        theirs = given.arguments["self"]
        job_of(theirs).wait(interval=interval, timeout=given.arguments["timeout"])

    return wait


class _Patch(importlib.abc.MetaPathFinder):
    """Our `wait` in the official class: now if that is there, else as soon as its module has been executed."""

    def __init__(self) -> None:
        self._patched: tuple[Any, Callable[..., None], Callable[..., None]] | None = None

    def on(self) -> None:
        """Patch, or wait for the module."""
        if _official_class() is not None:
            self.apply()
        else:
            sys.meta_path.insert(0, self)

    def off(self) -> None:
        """Undo it."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if self._patched is not None:
            kind, original, ours = self._patched
            # Whoever has put something over it since is left alone.
            if vars(kind).get("wait") is ours:
                kind.wait = original
            self._patched = None

    def apply(self) -> None:
        """Patch the class, which is there."""
        kind = _official_class()
        if kind is not None:
            original = vars(kind)["wait"]
            kind.wait = _live(original)
            self._patched = (kind, original, kind.wait)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Find that one module as all others would, and patch it once it is complete."""
        if fullname != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Then(spec.loader, self)
        return spec


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
        try:
            self._loader.exec_module(module)
        except BaseException:
            # Half a module is thrown away; the next attempt is to be met as well.
            sys.meta_path.insert(0, self._patch)
            raise
        self._patch.apply()


_patch = _Patch()

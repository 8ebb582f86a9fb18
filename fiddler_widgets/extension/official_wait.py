"""`fiddler.Job.wait` with our engine behind it: put into the official class, and taken out again.

Nothing here imports the official client: where the user has not yet, its module is met on its way in, by an import hook
that does nothing else.
"""

from __future__ import annotations

import functools
import importlib.abc
import inspect
import sys
from typing import TYPE_CHECKING, Any

from fiddler_widgets.client import fiddler_client
from fiddler_widgets.jobs.job import job_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["MODULE", "WaitPatch"]

MODULE = "fiddler.entities.job"
"""The module of the official client that has its `Job`."""


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


class WaitPatch(importlib.abc.MetaPathFinder):
    """Our `wait` in the official class: now if that is there, and whenever its module has been executed.

    Args:
        patched_anew: Called when a class has been patched.
    """

    def __init__(self, patched_anew: Callable[[], None]) -> None:
        self._patched_anew = patched_anew
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
        kind = getattr(sys.modules.get(MODULE), "Job", None)
        original = getattr(kind, "wait", None)
        if isinstance(kind, type) and inspect.isfunction(original):
            ours = _live(original)
            # One that is inherited is not in the class.
            self._patched.append((kind, vars(kind).get("wait"), ours))
            kind.wait = ours  # type: ignore[attr-defined]
            self._patched_anew()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find that one module as all others would, and patch it once it is complete."""
        if fullname != MODULE:
            return None
        for find in [getattr(finder, "find_spec", None) for finder in sys.meta_path if finder is not self]:
            spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _PatchAfter(spec.loader, self)
                return spec
        return None


class _PatchAfter(importlib.abc.Loader):
    """A module's own loader, and the patch after it."""

    def __init__(self, loader: Any, patch: WaitPatch) -> None:
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

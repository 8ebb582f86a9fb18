"""Methods of ours in the official client's `Job`: put into the class, and taken out again without a trace.

Nothing here imports the official client: where the user has not yet, its module is met on its way in, by an import hook
that does nothing else.
"""

from __future__ import annotations

import importlib.abc
import inspect
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["MODULE", "OfficialPatch"]

MODULE = "fiddler.entities.job"
"""The module of the official client that has its `Job`."""


class OfficialPatch(importlib.abc.MetaPathFinder):
    """Our methods in the official class: now if that is there, and whenever its module has been executed.

    Args:
        methods: By name, what makes ours of what the class has; ``None`` for one that we cannot stand in for.
        patched_anew: Called when a class has been patched.
    """

    def __init__(self, methods: dict[str, Callable[[Any], Any]], patched_anew: Callable[[], None]) -> None:
        self._methods, self._patched_anew = methods, patched_anew
        self._patched: list[tuple[Any, str, Any, Any]] = []

    def on(self) -> None:
        """Patch, and watch for the module."""
        sys.meta_path.insert(0, self)
        self.apply()

    def off(self) -> None:
        """Undo it."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for kind, name, own, ours in self._patched:
            # Whoever has put something over it since is left alone.
            if vars(kind).get(name) is not ours:
                continue
            if own is None:
                delattr(kind, name)
            else:
                setattr(kind, name, own)
        self._patched = []

    def apply(self) -> None:
        """Patch the class, if it is there, as far as it has what we know how to stand in for."""
        kind = getattr(sys.modules.get(MODULE), "Job", None)
        if not isinstance(kind, type):
            return
        patched = False
        for name, make in self._methods.items():
            ours = make(inspect.getattr_static(kind, name, None))
            if ours is not None:
                # One that is inherited is not in the class.
                self._patched.append((kind, name, vars(kind).get(name), ours))
                setattr(kind, name, ours)
                patched = True
        if patched:
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

    def __init__(self, loader: Any, patch: OfficialPatch) -> None:
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

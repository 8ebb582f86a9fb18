"""Patching methods of the official client's `Job`, and restoring them.

Nothing here imports the official client: if the user has not yet, an import hook patches its module when imported.
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
    """Patches the official class: at once if it is loaded, and whenever its module has been executed.

    Args:
        methods: For each name, a function that makes the replacement from the original method; it returns ``None`` if
            the original cannot be replaced.
        patched_anew: Called when a class has been patched.
    """

    def __init__(self, methods: dict[str, Callable[[Any], Any]], patched_anew: Callable[[], None]) -> None:
        self._methods, self._patched_anew = methods, patched_anew
        self._patched: list[tuple[Any, str, Any, Any]] = []

    def on(self) -> None:
        """Patch the class, and watch for imports of its module."""
        sys.meta_path.insert(0, self)
        self.apply()

    def off(self) -> None:
        """Restore the class, and watch no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for kind, name, original, replacement in self._patched:
            # A method that others have replaced since is left as it is.
            if vars(kind).get(name) is not replacement:
                continue
            if original is None:
                delattr(kind, name)
            else:
                setattr(kind, name, original)
        self._patched = []

    def apply(self) -> None:
        """Patch the class if it is loaded, as far as its methods can be replaced."""
        kind = getattr(sys.modules.get(MODULE), "Job", None)
        if not isinstance(kind, type):
            return
        patched = False
        for name, make in self._methods.items():
            replacement = make(inspect.getattr_static(kind, name, None))
            if replacement is not None:
                # The original is `None` if the method is inherited, so that it is deleted again later.
                self._patched.append((kind, name, vars(kind).get(name), replacement))
                setattr(kind, name, replacement)
                patched = True
        if patched:
            self._patched_anew()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the official module with the other finders, and have it patched after it was executed."""
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
    """A module's own loader, followed by the patch."""

    def __init__(self, loader: Any, patch: OfficialPatch) -> None:
        self._loader, self._patch = loader, patch

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the module's own loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """As the module's own loader does; after that, the module has no trace of this loader."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._patch.apply()

    def __getattr__(self, name: str) -> Any:
        """The other attributes of the module's own loader."""
        return getattr(self._loader, name)

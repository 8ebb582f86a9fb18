"""No search for cyclic garbage while many objects are made that all stay."""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    _Parameters = ParamSpec("_Parameters")

__all__ = ["without_collections"]

_Result = TypeVar("_Result")


def without_collections(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """While this function runs, Python's garbage collector does not start by itself.

    For each quarter that the objects of a process grow by, it goes through all of them; of those that rows are made of
    none can be garbage yet, and for ten thousand jobs it takes as long as all the rest. It must be a matter of
    milliseconds, since other threads go without collections, too. Where the user has switched them off they stay so.
    """

    @functools.wraps(function)
    def run(*args: _Parameters.args, **keys: _Parameters.kwargs) -> _Result:
        enabled = gc.isenabled()
        # No context manager: an interrupt that comes as its `__enter__` returns would leave the collector disabled.
        try:
            gc.disable()
            return function(*args, **keys)
        finally:
            if enabled:
                gc.enable()

    return run

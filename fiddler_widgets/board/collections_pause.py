"""No search for cyclic garbage while many objects are made that all stay."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["no_collections"]


@contextlib.contextmanager
def no_collections() -> Iterator[None]:
    """Within the block, or the function that this decorates, Python's garbage collector does not start by itself.

    For each quarter that the objects of a process grow by, it goes through all of them; of those that rows are made of
    none can be garbage yet, and for ten thousand jobs it takes as long as all the rest. It must be a matter of
    milliseconds, since other threads go without collections, too. Where the user has switched them off they stay so.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

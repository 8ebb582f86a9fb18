"""The poller of this process: made when first needed, ended at exit, and left behind by forked children."""

from __future__ import annotations

import atexit
import os
import threading

from fiddler_widgets.polling.poller import Poller

__all__ = ["shared"]

_shared: Poller | None = None
_shared_lock = threading.Lock()


def shared() -> Poller:
    """The poller of this process."""
    global _shared  # noqa: PLW0603
    with _shared_lock:
        if _shared is None:
            _shared = Poller()
            atexit.register(_shared.close)
        return _shared


def _forget_after_fork() -> None:
    """A forked child has none of the parent's threads, and locks that may be held for ever: it starts with nothing."""
    global _shared, _shared_lock  # noqa: PLW0603
    _shared_lock = threading.Lock()
    if _shared is not None:
        atexit.unregister(_shared.close)
        _shared.abandon_after_fork()
        _shared = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)

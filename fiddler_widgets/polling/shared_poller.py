"""The poller of this process: made when first needed, closed at exit, and not used by forked children."""

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
    """Start with no poller in a forked child: it has none of the parent's threads, and a lock may stay locked."""
    global _shared, _shared_lock  # noqa: PLW0603
    _shared_lock = threading.Lock()
    if _shared is not None:
        atexit.unregister(_shared.close)
        _shared.abandon_after_fork()
        _shared = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)

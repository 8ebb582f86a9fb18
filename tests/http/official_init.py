"""`fiddler.init` of any version of the official client, without its log lines."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import fiddler

if TYPE_CHECKING:
    from fiddler_widgets.simulator import Simulator

__all__ = ["official_init"]


def official_init(sim: Simulator, **options: Any) -> None:
    """Connect the official client of this process, perhaps with other arguments than the simulator's."""
    # The older ones know nothing of it, and attach no handler either.
    quiet = {"auto_attach_log_handler": False} if "auto_attach" in str(inspect.signature(fiddler.init)) else {}
    fiddler.init(**{"url": sim.url, "token": sim.token, **quiet, **options})

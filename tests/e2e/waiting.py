"""Waiting for a condition, never for a time."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY_SECONDS = 0.05


def until(condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Return once `condition()` holds.

    Args:
        condition: Looked at every 50 ms.
        what: Words for the failure: "waited 15 s for …".
        seconds: How long at most.

    Raises:
        AssertionError: It did not come to hold in time.
    """
    deadline = time.monotonic() + seconds
    pause = Event()
    while not condition():
        if time.monotonic() > deadline:
            message = f"waited {seconds:g} s for {what}"
            raise AssertionError(message)
        pause.wait(LOOK_EVERY_SECONDS)

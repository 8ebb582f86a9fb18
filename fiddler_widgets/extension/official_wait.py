"""`fiddler.Job.wait` as `Job.wait` of this package."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from fiddler_widgets.client import fiddler_client
from fiddler_widgets.jobs.job import job_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["live_wait"]


def live_wait(original: Any) -> Callable[..., None] | None:
    """A replacement for the official ``wait`` with the same signature; ``None`` if the original is no method."""
    if not inspect.isfunction(original):
        return None
    signature = inspect.signature(original)

    @functools.wraps(original)
    def wait(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        # An explicit interval is kept; the official default is not, so that the adaptive schedule is used.
        interval = bound.arguments.get("interval")
        bound.apply_defaults()
        official = bound.args[0]
        if not fiddler_client.is_job(official):
            # The job is of an older class, which was replaced when its module was reloaded.
            return original(*args, **kwargs)
        return job_of(official).wait(interval=interval, timeout=bound.arguments.get("timeout"))

    return wait

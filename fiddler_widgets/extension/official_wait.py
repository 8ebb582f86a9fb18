"""`fiddler.Job.wait` with our engine behind it."""

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
    """The official ``wait`` with its signature, kept by our engine; ``None`` for what is no method."""
    if not inspect.isfunction(original):
        return None
    signature = inspect.signature(original)

    @functools.wraps(original)
    def wait(*args: Any, **kwargs: Any) -> Any:
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

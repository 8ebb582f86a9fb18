"""The four ways to follow a job to its end, alike for the tests: each returns, or raises what the user would see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import fiddler_widgets as fw
from fiddler_widgets import configs

if TYPE_CHECKING:
    import pytest

Way = Callable[["fw.Job", float | None, "pytest.MonkeyPatch"], None]
"""Follow a job, with this timeout in seconds."""


def by_wait(job: fw.Job, timeout: float | None, _patch: pytest.MonkeyPatch) -> None:
    """`Job.wait`."""
    job.wait(interval=0.2, timeout=timeout)


def by_watch(job: fw.Job, timeout: float | None, _patch: pytest.MonkeyPatch) -> None:
    """`Job.watch`; what `wait` raises for FAILURE and REVOKED is the end of the loop here."""
    for update in job.watch(interval=0.2, timeout=timeout):
        assert update is job


def by_await(job: fw.Job, timeout: float | None, patch: pytest.MonkeyPatch) -> None:
    """`await job`."""

    async def wait() -> None:
        await job

    if timeout is not None:
        patch.setattr(configs, "JOB_WAIT_TIMEOUT", timeout)
    asyncio.run(wait())


def by_widget(job: fw.Job, timeout: float | None, _patch: pytest.MonkeyPatch) -> None:
    """`JobWidget.wait`."""
    fw.JobWidget(job, interval=0.2).wait(interval=0.2, timeout=timeout)


WAYS: list[Way] = [by_wait, by_watch, by_await, by_widget]

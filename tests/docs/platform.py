"""The platform that the pages speak of: their address leads to a simulator, and their jobs are there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fiddler_widgets.simulator import Scenario, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "https://your-company.fiddler.ai"
"""The one text of the pages that is replaced before they run: by the simulator's address."""

TOKEN = "..."
"""What the pages show for an API key; the simulator takes it as it stands."""

JOBS = {
    "e9a2a782-1db4-4bb8-8db0-3fa5a278c068": ("linear", 2.0),
    "b1d2f3a4-0c5e-4f6a-8b7c-9d0e1f2a3b4c": ("stepwise", 2.0),
    "7c1f6c0e-5a0e-4a7d-9c51-2f3b8d6a9e14": ("failing", 2.0),
}
"""The jobs whose ids the pages use, and how they go on: a scenario, and seconds until their end."""

PUBLISHED_SECONDS = 2.0
"""How long a job takes that a page starts with the official client's ``publish``."""

UNKNOWN = "00000000-0000-4000-8000-000000000000"
"""An id that the pages use for a job that is not there."""

PRELUDE = """
def _hurry():
    import time

    import fiddler_widgets
    from fiddler_widgets.simulator import Simulator

    # Jobs that a page adds by itself go ten times as fast, and are looked at more often than a reader's.
    Simulator.__init__.__kwdefaults__["clock"] = lambda: 10 * time.monotonic()
    fiddler_widgets.configs.JOB_POLL_INTERVAL = 0.6


_hurry()
del _hurry
"""
"""What runs before a page's own cells, so that a page takes seconds; everything else is as the reader has it."""


@contextmanager
def platform() -> Iterator[Simulator]:
    """Run the platform of one page."""
    with Simulator(token=TOKEN) as sim:
        for id_, (scenario, duration) in JOBS.items():
            sim.add_job(scenario, duration=duration, id=id_)
        sim.publishing.scenario = Scenario.linear(PUBLISHED_SECONDS)
        yield sim

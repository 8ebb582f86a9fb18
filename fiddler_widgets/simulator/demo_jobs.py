"""A few jobs for a demonstration, of which some always make progress."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fiddler_widgets.simulator.scenarios import Scenario

if TYPE_CHECKING:
    from fiddler_widgets.simulator.jobs import SimulatedJob
    from fiddler_widgets.simulator.simulator import Simulator

__all__ = ["lively_jobs"]

_REST = 12.0


def lively_jobs(sim: Simulator) -> list[SimulatedJob]:
    """Add seven jobs that together go through every status, and begin again after their end.

    Each begins again under the same id, 12 s after its end. A client that takes
    SUCCESS, FAILURE and REVOKED for final, as it should, sees one round of each; a
    demonstration that goes on makes a new card for each round.

    Args:
        sim: The simulator to add them to.

    Returns:
        The jobs: an even ingestion, a stepwise upload, a surrogate's training with
        subtasks, one that fails, one that is retried, one of unknown progress, and
        one that is revoked.
    """
    training = replace(Scenario.subtasked(90.0, 4.0), name="uneven, subtasks")
    return [
        sim.add_job(scenario, kind=kind, restart=True, rest=_REST)
        for scenario, kind in (
            (Scenario.linear(40.0, 3.0), "ingestion"),
            (Scenario.stepwise(60.0, 5.0, steps=6), "artifact"),
            (training, "surrogate"),
            (Scenario.failing(35.0, 2.0), "publish"),
            (Scenario.retry(50.0, 3.0), "pre_production"),
            (Scenario.unknown(45.0, 3.0), "baseline"),
            (Scenario.revoked(30.0, 3.0), "importance"),
        )
    ]

"""A Fiddler platform to practise on: a real HTTP server with jobs that move.

It speaks the part of Fiddler's REST API v3 that jobs need, on the loopback
interface, and misbehaves on demand::

    with Simulator() as sim:
        job = sim.add_job("linear", duration=20)
        requests.get(
            f"{sim.url}/v3/jobs/{job.id}",
            headers={"Authorization": f"Bearer {sim.token}"},
        ).json()
        job.misbehave(Fault.status(503, retry_after=2), after=3, times=5)
        job.set(status="STARTED", progress=40)

`Simulator` is the server and `SimulatedJob` a job on it. `Scenario` says how a
job changes as time passes, `Fault` how an answer goes wrong, and `SeenRequest`
is the server's record of one request.

The official client can publish to it, and start every other kind of job that it
knows. `Simulator.publishing`, a `Publishing`, has the project and model that the client
finds, the scenario of the jobs that it starts, and a list of `Publication` objects::

    sim.publishing.scenario = Scenario.failing(30)
"""

from fiddler_widgets.simulator.faults import Fault
from fiddler_widgets.simulator.jobs import SimulatedJob
from fiddler_widgets.simulator.publishing import Publication, Publishing
from fiddler_widgets.simulator.request_log import SeenRequest
from fiddler_widgets.simulator.scenarios import Scenario
from fiddler_widgets.simulator.simulator import Simulator

__all__ = ["Fault", "Publication", "Publishing", "Scenario", "SeenRequest", "SimulatedJob", "Simulator"]

"""The simulator: its jobs, its REST routes, and the log of requests."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from fiddler_widgets.simulator.faults import Misbehaviour
from fiddler_widgets.simulator.job_kinds import KINDS, kind_of
from fiddler_widgets.simulator.jobs import SimulatedJob
from fiddler_widgets.simulator.publishing import Publishing
from fiddler_widgets.simulator.request_log import RequestLog, SeenRequest
from fiddler_widgets.simulator.routes import good_reply, is_authorized, job_id_in, wants_verbose
from fiddler_widgets.simulator.scenarios import Scenario
from fiddler_widgets.simulator.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.faults import Fault
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Simulator"]


class Simulator:
    """A Fiddler platform on the loopback interface; use it as a context manager.

    Its methods may be called from any thread, also from one that runs an event loop.

    Attributes:
        token: The API token it accepts.
        latency: Seconds that every answer takes.
        clock: The clock in seconds for the scenarios and for `SeenRequest.at`.
        publishing: What the official client finds, and the scenario of the jobs that it starts.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str | None = None,
        latency: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a simulator that does not listen yet.

        Args:
            port: The port to listen on; 0 lets the system choose.
            token: The API token it accepts; `None` makes a random one.
            latency: Seconds that every answer takes.
            clock: The clock in seconds for the scenarios and for `SeenRequest.at`.
        """
        self.token = secrets.token_urlsafe(32) if token is None else token
        self.latency = latency
        self.clock = clock
        self._server = Server(self._answer, port)
        self._jobs: dict[str, SimulatedJob] = {}
        self._log = RequestLog()
        self._misbehaviour = Misbehaviour()
        self.publishing = Publishing(self.add_job)

    def __enter__(self) -> Self:
        """Start, and return the simulator."""
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def __repr__(self) -> str:
        """Return its address, and how many jobs it has."""
        address = self.url if self._server.running else "not running"
        return f"<Simulator {address}, {len(self._jobs)} jobs>"

    @property
    def port(self) -> int:
        """The port it listens on; 0 before the first start if the system chooses it."""
        return self._server.port

    @property
    def url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def jobs(self) -> list[SimulatedJob]:
        """The jobs, in the order in which they were added."""
        return list(self._jobs.values())

    @property
    def connections(self) -> int:
        """How many connections clients hold open."""
        return self._server.connections

    @property
    def requests(self) -> list[SeenRequest]:
        """The requests so far, oldest first; the latest 100,000 are kept."""
        return self._log.snapshot()

    def start(self) -> None:
        """Listen, in a new thread. Starting twice does nothing.

        Raises:
            OSError: If the port is taken or not allowed.
        """
        self._server.start()

    def stop(self) -> None:
        """Drop every connection and end the thread. Stopping twice does nothing."""
        self._server.stop()

    def pause(self) -> None:
        """Refuse new connections and drop the open ones, until `resume`.

        Raises:
            RuntimeError: If the simulator is not running.
        """
        self._server.pause()

    def resume(self) -> None:
        """Listen again, on the same port.

        Raises:
            RuntimeError: If the simulator is not running.
        """
        self._server.resume()

    def add_job(  # noqa: PLR0913 - all optional, and named
        self,
        scenario: str | Scenario = "linear",
        *,
        duration: float | None = None,
        queued: float | None = None,
        kind: str | None = None,
        name: str | None = None,
        id: str | UUID | None = None,  # noqa: A002 - the name in the REST API
        info: Mapping[str, object] | None = None,
        extras: Mapping[str, object] | None = None,
        restart: bool = False,
        rest: float = 12.0,
    ) -> SimulatedJob:
        """Add a job, which begins now.

        Args:
            scenario: The name of one of `scenarios.SCENARIOS`, or a `Scenario`.
            duration: With a scenario's name: seconds until the job ends, by default
                10.
            queued: With a scenario's name: how many of these seconds it first waits.
            kind: The kind of job, one of `job_kinds.KINDS`; by default one that suits
                the scenario.
            name: The job's name; by default that of its kind.
            id: The job's id; by default a random UUID.
            info: The `info` in answers; by default that of its kind.
            extras: The `extras` in verbose answers; by default the subtasks of the
                scenario.
            restart: Whether to begin again, under the same id, some time after the
                end. A client takes an end for final, and does not notice that
                unless it asks again.
            rest: With `restart`: seconds from the end to the next beginning.

        Raises:
            ValueError: If there is no such scenario or kind, if the id is taken, or
                if `duration` or `queued` makes no sense.
            TypeError: If `duration` or `queued` is given with a `Scenario`.
        """
        if isinstance(scenario, str):
            seconds = 10.0 if duration is None else duration
            scenario = Scenario.named(scenario, seconds, queued)
        elif duration is not None or queued is not None:
            raise TypeError("duration and queued are for a scenario given by its name.")
        if kind is not None and kind not in KINDS:
            raise ValueError(f"No kind of job {kind!r}. There are: {', '.join(sorted(KINDS))}.")
        job_kind = kind_of(scenario.name) if kind is None else KINDS[kind]
        job = SimulatedJob(
            str(uuid4() if id is None else id),
            job_kind.name if name is None else name,
            job_kind.info() if info is None else info,
            scenario,
            self.clock,
            extras=extras,
            rest=rest if restart else None,
        )
        if self._jobs.setdefault(job.id, job) is not job:
            raise ValueError(f"There is a job {job.id} already.")
        return job

    def misbehave(self, fault: Fault, *, after: int = 0, times: int | None = None) -> None:
        """Answer every request with a fault, whatever its path and token.

        This comes before the faults that are planned for a job, and does not use
        them up.

        Args:
            fault: The fault.
            after: How many further requests go well first.
            times: How many then go wrong; `None` is all until `behave`.

        Raises:
            ValueError: If `after` or `times` is negative.
        """
        self._misbehaviour.plan(fault, after, times)

    def behave(self) -> None:
        """Forget every fault planned with `misbehave`; those of jobs remain."""
        self._misbehaviour.clear()

    def requests_for(self, job_id: str | UUID) -> list[SeenRequest]:
        """Return the requests about one job so far, oldest first."""
        return self._log.snapshot(str(job_id))

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._log.clear()

    def wait_for_requests(self, n: int, job_id: str | UUID | None = None, timeout: float = 10.0) -> list[SeenRequest]:
        """Wait until `n` requests were seen since the beginning, or the last clear.

        Args:
            n: How many requests.
            job_id: Count only the requests about this job.
            timeout: The most seconds to wait.

        Returns:
            The requests seen, oldest first.

        Raises:
            TimeoutError: If fewer came in that time.
        """
        return self._log.wait_for(n, None if job_id is None else str(job_id), timeout)

    def _answer(self, request: Request) -> Reply:
        authorized = is_authorized(request, self.token)
        job_id = job_id_in(request.path)
        job = None if job_id is None else self._jobs.get(job_id)
        reply = good_reply(request, job, self.publishing.answer, authorized=authorized)
        fault = self._misbehaviour.next()
        if fault is None and job is not None and authorized:
            fault = job.next_fault()
        if fault is not None:
            reply = fault.change(reply)
        self._log.add(
            SeenRequest(
                at=self.clock(),
                method=request.method,
                path=request.path,
                query=request.query,
                job_id=job_id,
                verbose=wants_verbose(request.query),
                authorized=authorized,
                status=reply.status,
                fault=None if fault is None else fault.name,
                user_agent=request.headers.get("User-Agent", ""),
            )
        )
        if self.latency > 0:
            reply = replace(reply, delay=reply.delay + self.latency)
        return reply

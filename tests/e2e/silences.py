"""Connections that die without a word while a job comes to its end, for the tests of each host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

    from fiddler_widgets.simulator import SimulatedJob, Simulator
    from tests.e2e.cards import Card
    from tests.e2e.relay import Relay

SILENCE = 60.0
"""Seconds; the card says after 12 that the connection is lost."""


def queued_job(sim: Simulator) -> SimulatedJob:
    """Return a job that is queued until the test says otherwise."""
    job = sim.add_job("linear", name="Upload of churn")
    job.set(status="PENDING", progress=0)
    return job


def unasked_for(sim: Simulator, job: SimulatedJob) -> float:
    """Return for how many seconds no kernel has asked for the job."""
    return sim.clock() - max(request.at for request in sim.requests_for(job.id))


def outlive_a_silence(relay: Relay, card: Card, job: SimulatedJob, sim: Simulator) -> None:
    """Let the way go dead, and the job come to its end meanwhile; five seconds after its return the card shows it."""
    relay.go_silent()
    begun = sim.clock()
    job.set(status="STARTED", progress=50)
    until(lambda: sim.clock() > begun + 2, "some looks at the running job")
    job.set(status="SUCCESS", progress=100)
    until(lambda: unasked_for(sim, job) > 3, "the kernel to know of the end")
    card.shows("Connection to the kernel lost")
    until(lambda: sim.clock() > begun + SILENCE, "the end of the silence", SILENCE + 5)
    card.lacks("Succeeded")
    relay.restore()
    until(relay.kernel_asked_for.is_set, "the page to be connected again")
    card.shows("Succeeded", seconds=5)
    card.lacks("Connection to the kernel lost")


class Frames:
    """What kernels say to a page, as it passes.

    Args:
        page: Before it is connected to any kernel.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._passed: list[bytes] = []
        self._lost: bytes | None = None
        page.route_web_socket("**/channels*", self._pass_on)

    def has_passed(self, word: bytes) -> bool:
        """Say whether a frame with a word in it has come to the page."""
        # Whatever is asked of the page lets Playwright tell of the frames that have come meanwhile.
        self._page.evaluate("() => true")
        return any(word in frame for frame in self._passed)

    def lose(self, word: bytes = b"") -> None:
        """Have every frame with a word in it get lost from now on, by default each; connections stay open."""
        self._lost = word

    def restore(self) -> None:
        """Have all pass again."""
        self._lost = None

    def _pass_on(self, route: WebSocketRoute) -> None:
        def take(message: str | bytes) -> None:
            frame = message.encode() if isinstance(message, str) else message
            if self._lost is not None and self._lost in frame:
                return
            self._passed.append(frame)
            route.send(message)

        route.connect_to_server().on_message(take)


def outlive_losses(frames: Frames, card: Card, job: SimulatedJob) -> None:
    """Let the job come to its end unheard of; nobody tells the page, which has to find out by itself."""
    frames.lose()
    job.set(status="SUCCESS", progress=100)
    card.shows("Connection to the kernel lost")
    frames.restore()
    card.shows("Succeeded", seconds=5)
    card.lacks("Connection to the kernel lost")

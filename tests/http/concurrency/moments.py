"""Jobs that stand still, tasks that begin at once, and what a page has heard."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from comm.base_comm import BaseComm

import fiddler_widgets as fw
from fiddler_widgets.polling import shared_poller
from fiddler_widgets.widget.traits import CardTraits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fiddler_widgets.simulator import SimulatedJob, Simulator


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[tuple[str, str, Any]]
    seconds = 0.0
    """How long sending an update takes."""

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a copy of a message as it is now."""
        del metadata, buffers, keys
        time.sleep(self.seconds if msg_type == "comm_msg" else 0)
        self.sent.append((self.comm_id, msg_type, json.loads(json.dumps(data, allow_nan=False))))


TOLD = [name for name, trait in fw.JobWidget.class_traits(sync=True).items() if trait.this_class is CardTraits]
"""The traits that the page is told of."""


def shown(sent: Sequence[tuple[str, str, Any]], card: fw.JobWidget) -> dict[str, Any]:
    """The state that a page has after all messages for a card."""
    state: dict[str, Any] = {}
    for comm_id, _, data in list(sent):
        if comm_id == card.model_id and isinstance(data, dict):
            state |= data.get("state", {})
    return state


def running(sim: Simulator, progress: float = 40.0) -> SimulatedJob:
    """Return a job that stands still while running."""
    job = sim.add_job("linear")
    job.set(status="STARTED", progress=progress)
    return job


def in_threads(*tasks: Callable[[], object]) -> None:
    """Run all tasks at once, begun together; what one raises is raised."""
    barrier = threading.Barrier(len(tasks))
    errors: list[BaseException] = []

    def run(task: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            task()
        except Exception as error:  # noqa: BLE001 (raised again below, in the test's thread)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    if errors:
        raise errors[0]


def subscriptions() -> int:
    """How many subscriptions the poller has."""
    engine = shared_poller.shared()
    with engine._lock:
        return sum(len(channel.subscriptions) for channel in engine._agenda.channels.values())


def is_closed(card: fw.JobWidget) -> bool:
    """Whether a card is off every page."""
    return card.comm is None


def page_says(card: fw.JobWidget, **content: Any) -> None:
    """A message arrives from the page."""
    card._handle_custom_msg(content, [])

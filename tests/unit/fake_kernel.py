"""A kernel of the test's own: what it is asked to run, what it displays, and what a notebook would save of widgets."""

from __future__ import annotations

import threading
from typing import Any

from comm.base_comm import BaseComm


class FakePublisher:
    """The display publisher of a kernel."""

    session = object()

    def __init__(self) -> None:
        self.published: list[tuple[str, bool, dict[str, Any]]] = []
        self.metadata: list[dict[str, Any]] = []
        """Of the same publications."""
        self.broken = False
        self.lock = threading.Lock()

    def publish(
        self, formats: dict[str, Any], metadata: dict[str, Any], *, transient: dict[str, str], update: bool = False
    ) -> None:
        """Note it."""
        assert isinstance(metadata, dict)
        if self.broken:
            raise OSError("the kernel is on its way out")
        with self.lock:
            self.published.append((transient["display_id"], update, formats))
            self.metadata.append(metadata)

    def last(self) -> dict[str, Any]:
        """What was published last."""
        return self.published[-1][2]


class FakeKernel:
    """A kernel's shell, to which a page tells what it runs."""

    kernel = object()

    def __init__(self) -> None:
        self.display_pub = FakePublisher()
        self.request: dict[str, object] = {}
        self.runs = 0

    def run(self, cell: str | None) -> None:
        """Begin another run of a cell; ``None`` for what does not tell which, as nbclient and papermill."""
        self.runs += 1
        metadata = {} if cell is None else {"cellId": cell}
        header = {"msg_id": f"run {self.runs}", "msg_type": "execute_request"}
        self.request = {"header": header, "metadata": metadata}

    def get_parent(self) -> dict[str, object]:
        """As ipykernel has it."""
        return self.request


class SavingComm(BaseComm):
    """Keeps the state of each widget by its model's id, as nbclient does for what it saves."""

    states: dict[str, dict[str, Any]]

    def publish_msg(
        self,
        msg_type: str,  # noqa: ARG002
        data: Any = None,
        metadata: Any = None,  # noqa: ARG002
        buffers: Any = None,  # noqa: ARG002
        **keys: Any,  # noqa: ARG002
    ) -> None:
        """Bring it up to date."""
        if "state" in (data or {}):
            self.states.setdefault(self.comm_id, {}).update(data["state"])

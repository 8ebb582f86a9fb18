"""A real kernel and what a notebook hears from it, with a page that this test plays."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_client.blocking.client import BlockingKernelClient

__all__ = ["Kernel", "kernel"]


class Kernel:
    """A running kernel of this interpreter, and all that it has published."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self.messages: list[dict[str, Any]] = []
        self._listening = True
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        while self._listening:
            with contextlib.suppress(queue.Empty):
                self.messages.append(self._client.get_iopub_msg(timeout=0.1))
        # One of this thread's own, which jupyter_client leaves open.
        ensure_event_loop().close()

    def stop(self) -> None:
        """Listen no more."""
        self._listening = False
        self._listener.join()

    def _send(self, channel: Any, kind: str, content: dict[str, Any], **parts: Any) -> str:
        message = self._client.session.msg(kind, content, metadata=parts.get("metadata"))
        message["header"].update(parts.get("header", {}))
        channel.send(message)
        sent: str = message["header"]["msg_id"]
        return sent

    def run(self, source: str, *, page: bool = True) -> str:
        """Run a cell to its end, as a page does or as nbclient does; its outputs carry the id that is returned."""
        sent = self.begin(source, page=page)
        self.until_done(sent)
        return sent

    def begin(self, source: str, *, page: bool = True, stdin: bool = False) -> str:
        """Have a cell run.

        Args:
            source: The cell.
            page: Whether to tell of the cell, as JupyterLab does.
            stdin: Whether there is somebody who can be asked for input.

        Returns:
            The id that its outputs carry.
        """
        content = {"code": textwrap.dedent(source), "silent": False, "store_history": True, "allow_stdin": stdin}
        metadata = {"cellId": "a cell"} if page else {}
        return self._send(self._client.shell_channel, "execute_request", content, metadata=metadata)

    def is_done(self, cell: str) -> bool:
        """Whether a cell has been run."""
        return any(one["content"]["execution_state"] == "idle" for one in self.of(cell, "status"))

    def until_done(self, cell: str) -> None:
        """Wait until a cell has been run."""
        self.until(lambda: self.is_done(cell))

    def subshell(self) -> str | None:
        """The id of a new subshell; ``None`` on a kernel without them."""
        self._send(self._client.control_channel, "create_subshell_request", {})
        try:
            reply = self._client.get_control_msg(timeout=5)
        except queue.Empty:
            return None
        made: str | None = reply["content"].get("subshell_id")
        return made

    def page_says(self, comm_id: str, content: dict[str, Any], subshell: str | None) -> None:
        """Send what a page of a card sends."""
        header = {} if subshell is None else {"subshell_id": subshell}
        data = {"method": "custom", "content": content}
        self._send(self._client.shell_channel, "comm_msg", {"comm_id": comm_id, "data": data}, header=header)

    def of(self, cell: str, kind: str) -> list[dict[str, Any]]:
        """The messages of a kind that belong to a run of a cell."""
        return [one for one in list(self.messages) if one["msg_type"] == kind and _parent(one) == cell]

    def printed(self, cell: str, name: str = "stdout") -> str:
        """What was printed under a cell."""
        return "".join(one["content"]["text"] for one in self.of(cell, "stream") if one["content"]["name"] == name)

    def errors(self) -> list[str]:
        """What any cell raised, and what was said on stderr."""
        heard = list(self.messages)
        said = [one["content"]["text"] for one in heard if one["content"].get("name") == "stderr"]
        return said + ["\n".join(one["content"]["traceback"]) for one in heard if one["msg_type"] == "error"]

    def cards(self) -> list[str]:
        """The ids of the cards' comms."""
        opened = [one["content"] for one in list(self.messages) if one["msg_type"] == "comm_open"]
        return [one["comm_id"] for one in opened if "job_id" in one["data"]["state"]]

    def outputs(self) -> list[dict[str, Any]]:
        """What was put into outputs, in its order: formats by MIME type."""
        kinds = ("display_data", "execute_result", "update_display_data")
        return [one["content"]["data"] for one in list(self.messages) if one["msg_type"] in kinds]

    def page_closes(self, comm_id: str) -> None:
        """Send what a page sends that knows no widgets."""
        self._send(self._client.shell_channel, "comm_close", {"comm_id": comm_id, "data": {}})

    def updates(self, trait: str) -> list[tuple[object, str]]:
        """The values of a trait that pages were told, each with the run of the cell that the message belongs to."""
        states = [
            (one["content"]["data"].get("state") or {}, _parent(one))
            for one in list(self.messages)
            if one["msg_type"] in ("comm_open", "comm_msg")
        ]
        return [(state[trait], parent) for state, parent in states if trait in state]

    def until(self, condition: Callable[[], object], patience: float = 30.0) -> None:
        """Wait until something has been heard."""
        give_up = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < give_up, "\n".join(["not heard", *self.errors()])
            time.sleep(0.02)


def _parent(message: dict[str, Any]) -> str:
    parent: str = message["parent_header"].get("msg_id", "")
    return parent


@contextlib.contextmanager
def kernel(**variables: str) -> Iterator[Kernel]:
    """Start one, with variables in its environment, and stop it."""
    manager = KernelManager()
    manager.kernel_spec.argv[0] = sys.executable  # type: ignore[union-attr]
    manager.start_kernel(env={**os.environ, **variables})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    running = Kernel(client)
    try:
        yield running
    finally:
        running.stop()
        client.stop_channels()
        manager.shutdown_kernel(now=True)

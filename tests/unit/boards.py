"""Boards in tests: what their pages are sent, and what a page says."""

from __future__ import annotations

import json
from typing import Any

from comm.base_comm import BaseComm

import fiddler_widgets as fw
from tests.unit.fake_server import FakeServer

IDS = [f"e9a2a782-1db4-4bb8-8db0-{number:012d}" for number in range(2000)]


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[dict[str, Any]]

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a message, if it can be sent at all."""
        json.dumps([data, metadata, keys], allow_nan=False, ensure_ascii=False).encode("utf-8")
        self.sent.append({"type": msg_type, "comm": self.comm_id, "data": data, "buffers": buffers})


class ManyJobs(FakeServer):
    """A server whose jobs differ: what each says, by the end of its id."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, dict[str, object]] = {}

    def fetch(self, job_id: object, *, verbose: bool = False) -> fw.JobState:
        """One request."""
        state = super().fetch(job_id, verbose=verbose)  # type: ignore[arg-type]
        wire = {**self.fields, **self.of.get(str(job_id), {}), "id": str(job_id)}
        return fw.JobState.from_wire({"data": wire}, expected_id=state.id)


def updates(sent: list[dict[str, Any]], board: fw.JobBoard) -> list[dict[str, Any]]:
    """The states that the page of a board was sent, message by message; a table as it is read."""
    found = []
    for message in sent:
        if message["comm"] != board.model_id or message["type"] not in ("comm_msg", "comm_open"):
            continue
        data = message["data"]
        if message["type"] == "comm_msg" and data.get("method") != "update":
            continue
        state = dict(data["state"])
        for path, buffer in zip(data.get("buffer_paths", ()), message["buffers"] or (), strict=True):
            state[path[0]] = json.loads(bytes(buffer))
        found.append(state)
    return found


def page_says(board: fw.JobBoard, **content: Any) -> None:
    """A message arrives from the page."""
    board._handle_custom_msg(content, [])


def page_comes(board: fw.JobBoard) -> None:
    """A page shows the board, as it was sent."""
    page_says(board, type="hello", view="one", have=board._rows.table.number)


def all_live(board: fw.JobBoard) -> bool:
    """Whether each job was seen."""
    return "" not in board.counts

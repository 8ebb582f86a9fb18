"""What a card's page would receive, and says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from comm.base_comm import BaseComm

from tests.unit.fake_server import until

if TYPE_CHECKING:
    import fiddler_widgets as fw

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


class RecordingComm(BaseComm):
    """What the page would receive."""

    sent: list[dict[str, Any]]

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a message, if it can be sent at all."""
        json.dumps([data, metadata, keys], allow_nan=False, ensure_ascii=False).encode("utf-8")
        self.sent.append({"type": msg_type, "comm": self.comm_id, "data": data, "buffers": buffers})


def updates(sent: list[dict[str, Any]], card: fw.JobWidget) -> list[dict[str, Any]]:
    """The states that the page of a card was sent, message by message."""
    return [
        message["data"]["state"]
        for message in sent
        if message["type"] == "comm_msg" and message["comm"] == card.model_id and message["data"]["method"] == "update"
    ]


def page_says(card: fw.JobWidget, **content: Any) -> None:
    """A message arrives from the page."""
    card._handle_custom_msg(content, [])


def until_told(card: fw.JobWidget, health: str) -> None:
    """Wait until a card has told its page of its health; its traits change before the message is sent."""
    until(lambda: card.health == health)
    card.__card_watcher__.mailbox.settle(5)

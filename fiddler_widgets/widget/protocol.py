"""What kernel and page say to each other: the names of messages, and what the traits that only the page reads hold.

The page's side is ``js/src/protocol.js``; ``tests/unit/test_protocol.py`` compares the two. All payloads are strict
JSON; times are in seconds.
"""

from __future__ import annotations

from typing import Final, Literal, TypedDict

__all__ = [
    "BYE",
    "CHECK",
    "HELLO",
    "NEED",
    "PING",
    "READY",
    "RESUME",
    "STOP",
    "Clock",
    "HistoryPayload",
    "Notice",
    "Said",
    "Tasks",
]

PING: Final = "ping"
"""Kernel to page: is anybody there? A page answers with `HELLO`."""

HELLO: Final = "hello"
"""Page to kernel: a view is there, whose page has all messages up to number ``have``."""

READY: Final = "ready"
"""Page to kernel: the widget's model is there, so the page can draw it, whether or not there is a view."""

BYE: Final = "bye"
"""Page to kernel: a view goes."""

NEED: Final = "need"
"""Page to kernel: a message was lost, or none has come for too long; send the whole state."""

CHECK: Final = "check"
"""Page to kernel: look at the job now. Until answered this and the next two come again, with the same ``click``."""

STOP: Final = "stop"
"""Page to kernel: stop watching."""

RESUME: Final = "resume"
"""Page to kernel: watch again."""

Tone = Literal["idle", "run", "warn", "ok", "bad"]


class Clock(TypedDict):
    """Times that the page counts on from (trait ``_clock``)."""

    now: float
    """Epoch seconds by the kernel's clock."""
    watched: float
    """How long the job was watched."""
    running: bool
    """Whether the kernel watches."""
    beat: float
    """Between two heartbeats of a kernel that watches."""
    silent: float | None
    """Since the last good answer; ``None`` before it."""
    retry: float | None
    """To the next try, in an outage."""
    phase: float
    """Since the job was first seen with its status."""
    still: float
    """Since its progress was last seen to move."""
    stall: float | None
    """Seconds without progress that are out of keeping with its own pace."""
    retries: int
    """How often it was seen to begin anew."""


class Notice(TypedDict):
    """What the card says of its health."""

    tone: Tone
    icon: str
    head: str
    detail: str


class Failure(TypedDict):
    """Why the job failed."""

    tone: Tone
    reason: str
    lead: str
    """What of a long message to show first; empty for a short one."""


class Said(TypedDict):
    """All that the card says besides its times and progress (trait ``_said``)."""

    status: str
    """In the reader's words."""
    tone: Tone
    icon: str
    final: bool
    """Whether the job is over."""
    held: bool
    """Whether nobody watches it though it may go on."""
    name: str
    what: str
    """What it works on."""
    chip: str
    """A quiet word on a good health."""
    tasks: str
    """How its subtasks do."""
    ill: bool
    """Whether some of them failed."""
    notice: Notice | None
    failure: Failure | None
    next: str
    """What to do now."""
    rows: list[list[str]]
    """For the details: status and watching, as label and value."""
    facts: list[list[str]]
    """For the details: what it works on, as label and value."""
    platform: str
    """The platform's address, http or https; empty where it is not known."""
    link: str
    """The address of the job's page, likewise."""


class Tasks(TypedDict, total=False):
    """The subtasks, for the details (trait ``_tasks``); empty where there are none."""

    counted: str
    """How they do."""
    kinds: list[list[str]]
    """Word, tone and icon of each status among them."""
    rows: list[list[object]]
    """Id, number of the kind, and error; those first that need looking at."""
    more: str
    """How many are left out, in words."""


class HistoryPayload(TypedDict, total=False):
    """What was seen of the job, for its timeline (trait ``_history``); empty before the first answer."""

    start: float
    """Epoch seconds of the first answer."""
    steps: list[list[object]]
    """Seconds since the start, and per cent and kind of phase from then on."""

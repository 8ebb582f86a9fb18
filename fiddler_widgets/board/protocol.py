"""The messages and payloads between a board and its page, besides those that a card and its page have, too.

All payloads are strict JSON; times are in seconds. A card's messages (``widget/protocol.py``) mean the same here:
`HELLO` with the number of the last delta that the page has, `NEED` for the whole table, `CHECK`, `STOP` and `RESUME`
for one row, or without one for all.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypedDict

from fiddler_widgets.widget.protocol import BYE, CHECK, HELLO, NEED, PING, RESUME, STOP, Notice

__all__ = [
    "BYE",
    "CHECK",
    "CLEAR",
    "GROUPS",
    "HELLO",
    "LOOK",
    "NEED",
    "OPEN",
    "ORDERS",
    "PING",
    "RESTORE",
    "RESUME",
    "SHUT",
    "STOP",
    "Delta",
    "Head",
    "Snapshot",
    "View",
]

LOOK: Final = "look"
"""Page to kernel: the rows in view, which are preferred."""

OPEN: Final = "open"
"""Page to kernel: a row is opened into its card."""

SHUT: Final = "shut"
"""Page to kernel: a row's card is closed."""

CLEAR: Final = "clear"
"""Page to kernel: remove the rows of jobs that are over."""

RESTORE: Final = "restore"
"""Page to kernel: add the rows again that were removed last."""

Order = Literal["attention", "newest", "name", "progress", "left"]
ORDERS: Final = ("attention", "newest", "name", "progress", "left")
GROUPS: Final = ("", "project", "model", "kind", "status")


class Snapshot(TypedDict):
    """The whole table (trait ``_table``, as UTF-8)."""

    number: int
    """The number of the last delta."""
    now: float
    """Epoch seconds by the kernel's clock."""
    base: int
    """Epoch seconds; ``began``, ``phase`` and ``seen`` are seconds before it, which makes a table a sixth smaller."""
    rows: list[int]
    strings: list[str]
    """All texts; the columns of texts have indexes into this list."""
    columns: dict[str, list[Any]]
    """A value for each of the rows, without the columns that are empty in all rows. Flags are 0 and 1."""


class Delta(TypedDict):
    """The changes since the delta before (trait ``_delta``)."""

    number: int
    """The number of the delta before, plus 1."""
    now: float
    """Epoch seconds by the kernel's clock."""
    rows: list[int]
    columns: dict[str, list[Any]]
    """A value for each of the rows, only for the columns in which one of them has changed."""
    removed: list[int]
    """Rows that were removed."""


class Head(TypedDict):
    """What is shown above the rows; each is also a heartbeat (trait ``_head``)."""

    beat: float
    """Seconds between two heartbeats of a kernel that watches."""
    now: float
    """Epoch seconds by the kernel's clock."""
    number: int
    """The number of the last delta."""
    watching: bool
    """Whether any row is watched."""
    notice: Notice | None
    """A notice about the watching of most rows."""
    left: list[float] | None
    """The least and most seconds until all jobs are over; ``None`` while unknown."""
    done: int
    total: int
    cleared: int
    """How many rows `RESTORE` would add again."""
    controls: bool
    """Whether a click can reach the kernel."""


class View(TypedDict):
    """How the reader wants to see the rows (trait ``_view``), written by the page."""

    order: Order
    descending: bool
    statuses: list[str]
    """The statuses to show; all if empty."""
    group: str
    """The column to group by: one of `GROUPS`."""
    shut: list[str]
    """The groups that are closed."""
    open: list[int]
    """The rows that are open."""
    looked: list[int]
    """Rows of failed jobs that were open once, and no longer come first."""

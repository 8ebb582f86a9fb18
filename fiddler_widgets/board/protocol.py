"""What a board and its page say to each other, beside the messages that a card and its page have too.

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
"""Page to kernel: the rows in view, which are looked at first."""

OPEN: Final = "open"
"""Page to kernel: a row is opened into its card."""

SHUT: Final = "shut"
"""Page to kernel: it is closed again."""

CLEAR: Final = "clear"
"""Page to kernel: take out the rows of jobs that are over."""

RESTORE: Final = "restore"
"""Page to kernel: put those back that were taken out last."""

Order = Literal["attention", "newest", "name", "progress", "left"]
ORDERS: Final = ("attention", "newest", "name", "progress", "left")
GROUPS: Final = ("", "project", "model", "kind", "status")


class Snapshot(TypedDict):
    """The whole table (trait ``_table``, as UTF-8)."""

    number: int
    """Of the last delta."""
    now: float
    """Epoch seconds by the kernel's clock."""
    rows: list[int]
    strings: list[str]
    """All texts, to which the columns of texts refer."""
    columns: dict[str, list[Any]]
    """A value for each of the rows; those are left out that are empty in all of them. Flags are 0 and 1."""


class Delta(TypedDict):
    """What has changed since the delta before (trait ``_delta``)."""

    number: int
    """One more than that of the delta before."""
    now: float
    """Epoch seconds by the kernel's clock."""
    rows: list[int]
    columns: dict[str, list[Any]]
    """A value for each of the rows; only the columns in which one of them has changed."""
    removed: list[int]
    """Rows that are there no more."""


class Head(TypedDict):
    """What stands above the rows, and the sign of life (trait ``_head``)."""

    beat: float
    """Between two heartbeats of a kernel that watches."""
    now: float
    """Epoch seconds by the kernel's clock."""
    number: int
    """Of the last delta."""
    watching: bool
    """Whether any row is watched."""
    notice: Notice | None
    """What there is to say of the watching of most rows."""
    left: list[float] | None
    """From what to what many seconds all jobs may take yet; ``None`` while unknown."""
    done: int
    total: int
    cleared: int
    """How many rows `RESTORE` would put back."""
    controls: bool
    """Whether a click can reach the kernel."""


class View(TypedDict):
    """How the reader wants to see the rows (trait ``_view``), written by the page."""

    order: Order
    descending: bool
    statuses: list[str]
    """The statuses to show; all if empty."""
    group: str
    """What to group by: one of `GROUPS`."""
    shut: list[str]
    """The groups that are closed."""
    open: list[int]
    """The rows that are open."""
    looked: list[int]
    """Rows of failures that were open once, and rank first no more."""

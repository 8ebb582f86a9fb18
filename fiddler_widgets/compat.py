"""All that rests on private parts of other libraries, each with what is lost where it goes.

Everything here works without them too, only less well; `tests/unit/test_compat.py` shows which ones the installed
versions have. A leaf: it may be imported from everywhere.
"""

from __future__ import annotations

import contextvars
import inspect
import json
import sys
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from urllib3.connection import HTTPConnection

    Hear = Callable[[str, bool], None]
    """Called with the comm id of a widget about which a page has said something, and whether it has closed the comm."""

__all__ = [
    "ShellQueue",
    "answer_on_arrival_shell",
    "closed_by_host",
    "format_caller",
    "hear_shell_channel",
    "keep_outputs_in_place",
    "kernel_loop",
    "knows_its_cell",
    "live_widgets",
    "name_to_resolve",
    "observers",
    "without_buffers",
]

_quiet_comms: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
"""Those whose messages are nobody's cell, by their ids."""


_TURN = 0.25
"""Seconds in which a thread that only takes messages in has taken in what arrived."""

_FRAMES = 18
"""How far up the asker may be: between it and a card there are a decorator and the ways of a `Job` to its card."""


def answer_on_arrival_shell(comm: Any) -> None:
    """Have messages of a page handled on the shell that they arrive on (ipykernel 7).

    A message would otherwise be routed to the shell that sent last, and wait there for the end of a blocking cell.
    Without it, clicks on a card wait while a cell waits; ■ works all the same.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001


def closed_by_host(comm: Any) -> bool:
    """Whether the host has thrown a widget away (comm, marimo).

    Without it, a card in marimo whose cell ran again is found unseen only after `configs.UNSEEN_TIMEOUT`.
    """
    return bool(getattr(comm, "_closed", False))


def knows_its_cell(shell: Any) -> bool:
    """Whether what this thread sends and prints is known to belong to a cell (ipykernel).

    Without it, a card that a thread of the user's makes fails with a `LookupError` on ipykernel 7.0, and elsewhere its
    callbacks print under whichever cell runs at the time.
    """
    for holder in (shell, sys.stdout):
        variable = getattr(holder, "_parent_header", None)
        if isinstance(variable, contextvars.ContextVar):
            return variable.get(None) is not None
    return True


def keep_outputs_in_place(comm: Any, kernel: Any) -> None:
    """Have messages of a page about a card leave alone what threads without a cell say meanwhile (ipykernel).

    A kernel takes what such threads print or display to belong to the message that it took in last: after one of a
    card's page, it would be shown nowhere. Without it, lines of a thread may be lost while a card is on a page.
    """
    if not hasattr(kernel, "set_parent") or not hasattr(comm, "comm_id"):
        return
    _quiet_comms[comm.comm_id] = comm
    if getattr(kernel, "__fiddler_widgets__", None) is not None:
        return
    set_parent = kernel.set_parent

    def set_parent_here(ident: Any, parent: Any, channel: str = "shell") -> None:
        content = parent.get("content") if isinstance(parent, dict) and channel == "shell" else None
        ours = isinstance(content, dict) and content.get("comm_id") in _quiet_comms
        if not (ours and _set_parent_of_thread(kernel, ident, parent)):
            set_parent(ident, parent, channel)

    kernel.set_parent = kernel.__fiddler_widgets__ = set_parent_here


def _set_parent_of_thread(kernel: Any, ident: Any, parent: dict[str, Any]) -> bool:
    """Have what this thread alone says belong to a message; false where this kernel does not tell threads apart."""
    shell = getattr(kernel, "shell", None)
    outputs = [getattr(shell, "displayhook", None), getattr(shell, "display_pub", None), sys.stdout, sys.stderr]
    values: list[tuple[Any, str, Any]] = [
        (kernel, "_shell_parent_ident", ident),
        (kernel, "_shell_parent", parent),
        (shell, "_parent_header", parent),
        *((output, "_parent_header", dict(parent["header"])) for output in outputs if hasattr(output, "set_parent")),
    ]
    # Before 7.1 a thread's lines are known to belong to the cell that started it.
    if not hasattr(kernel, "_shell_context"):
        return False
    for holder, name, value in values:
        variable = getattr(holder, name, None)
        if not isinstance(variable, contextvars.ContextVar):
            return False
        variable.set(value)
    return True


def kernel_loop(kernel: Any) -> asyncio.AbstractEventLoop | None:
    """The loop that runs the cells (ipykernel).

    Without it, that no page draws a card is noticed where a subshell could have heard one, and nowhere else.
    """
    return getattr(getattr(kernel, "io_loop", None), "asyncio_loop", None)


def hear_shell_channel(kernel: Any, hear: Hear) -> Callable[[Callable[[], None]], None] | None:
    """Hear of each message of a page about a widget when it arrives, whatever blocks the cell's thread (ipykernel 7).

    Without it, that no page draws a card is noticed when the kernel is idle: not in a wait.

    Args:
        kernel: The kernel.
        hear: Called by the thread that takes messages in.

    Returns:
        Calls a function back once all that has arrived was heard; ``None`` where there is no such thread.
    """
    thread, stream = getattr(kernel, "shell_channel_thread", None), getattr(kernel, "shell_stream", None)
    through = getattr(kernel, "shell_channel_thread_main", None)
    if thread is None or stream is None or through is None:
        return None

    def take(frames: Any) -> Any:
        _hear(frames, hear)
        return through(frames)

    loop = thread.io_loop
    loop.add_callback(lambda: stream.on_recv(take, copy=False))
    # Later than what has arrived by then.
    return lambda then: loop.add_callback(lambda: loop.call_later(_TURN, then))


class ShellQueue:
    """What waits for the end of the running cell (ipykernel 6), in the kernel's own thread.

    Without it, that no page draws a card is noticed when the kernel is idle: not in a wait.

    Args:
        kernel: The kernel.
        hear: Called for each.
    """

    def __init__(self, kernel: Any, hear: Hear) -> None:
        self._kernel, self._hear = kernel, hear
        self._last = -1

    @classmethod
    def of(cls, kernel: Any, hear: Hear) -> ShellQueue | None:
        """That of a kernel; ``None`` where it has none that can be looked at."""
        known = hasattr(getattr(kernel, "msg_queue", None), "_queue") and hasattr(
            getattr(kernel, "shell_stream", None), "flush"
        )
        return cls(kernel, hear) if known and not getattr(kernel, "shell_channel_thread", None) else None

    def look(self) -> None:
        """Hear all that has arrived since the last look; it stays where it is, in its order."""
        # As the kernel does itself when it takes in what is to be aborted; 1 is for what comes in.
        self._kernel.shell_stream.flush(1)
        for number, _, args in list(self._kernel.msg_queue._queue):  # noqa: SLF001
            if number > self._last:
                self._last = number
                for frames in args:
                    _hear(frames, self._hear)


def _hear(frames: Any, hear: Hear) -> None:
    """Tell of a message if it is a page's about a widget; it has passed no check yet, so only that it came counts."""
    try:
        parts = [getattr(frame, "bytes", frame) for frame in frames]
        begin = parts.index(b"<IDS|MSG>")
        # Then come the signature, the header, its parent's, the metadata and the content.
        closes = b'"comm_close"' in parts[begin + 2]
        if closes or b'"comm_msg"' in parts[begin + 2]:
            content = json.loads(parts[begin + 5])
            if closes or content.get("data", {}).get("method") == "custom":
                hear(content["comm_id"], closes)
    except Exception:  # noqa: BLE001 (whatever it is, the kernel knows what to do with it)
        return


def format_caller() -> str | None:
    """The function that has IPython format the thing whose method runs; ``None`` if its method was called directly.

    For a cell's last expression that is ``compute_format_data``: IPython does not say so in any other way. Without it,
    everything counts as that, and whatever asks for a card's formats without displaying it displays it in the cell.
    """
    frame = inspect.currentframe()
    for _ in range(_FRAMES):
        frame = frame.f_back if frame is not None else None
        if frame is None:
            return None
        if frame.f_code.co_name == "format" and frame.f_globals.get("__name__") == "IPython.core.formatters":
            return frame.f_back.f_code.co_name if frame.f_back is not None else None
    return None


def name_to_resolve(connection: HTTPConnection) -> str:
    """A connection's host as the resolver is to be asked for it: with the dot at its end, if there is one (urllib3).

    Without it, a name that is complete is looked up in the search domains of this machine too.
    """
    return getattr(connection, "_dns_host", connection.host)


def live_widgets() -> list[Any]:
    """All widgets that are open (ipywidgets).

    Without it, a card within a layout widget counts as not displayed, and a wait displays it once more.
    """
    from ipywidgets.widgets import widget  # noqa: PLC0415 (whoever shows no card pays nothing for it)

    return list(getattr(widget, "_instances", {}).values())


def observers(widget: Any, names: Iterable[Any]) -> bool:
    """Whether anybody observes one of these traits (traitlets).

    Without it, a card that is only observed pauses once no page shows it.
    """
    notifiers = getattr(widget, "_trait_notifiers", {})
    return any(handlers for name in names for handlers in notifiers.get(name, {}).values())


def without_buffers(state: dict[str, Any]) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """A widget's state without its binary values, their paths, and they (ipywidgets).

    Without it, a board is not live on a page that was reloaded while a cell waits.
    """
    from ipywidgets.widgets import widget  # noqa: PLC0415 (whoever shows no card pays nothing for it)

    remove: Any = getattr(widget, "_remove_buffers", lambda whole: (whole, [], []))
    rest, paths, buffers = remove(state)
    return rest, paths, buffers

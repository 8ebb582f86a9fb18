"""Comms that a page opens to a widget of ours, beside the widget's own.

A page that was reloaded while a cell blocks cannot have the widget's model: the shell that it would have to ask is
busy. The JupyterLab extension opens a comm over a subshell instead. All that the widget sends goes there too, beginning
with its whole state, and what comes from there the widget takes as if it had come by its own.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets

from fiddler_widgets import compat
from fiddler_widgets.environment import shell
from fiddler_widgets.widget.output_type import COMM_TARGET
from fiddler_widgets.widget.protocol import BYE, READY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.widget.frontend_check import FrontendCheck

__all__ = ["ReachableWidget"]

_lock = threading.Lock()


class ReachableWidget(anywidget.AnyWidget):
    """A widget that pages reach by comms of their own too; what cards and boards have in common as widgets."""

    _page_comms: tuple[Any, ...] = ()
    _own_layout: ipywidgets.Layout | None = None
    """The layout that was made with the widget, and not given to it."""

    @staticmethod
    def _check_options(name: str, options: Iterable[str]) -> None:
        """Raise a `TypeError` for an option of a class, given by its name, that widgets do not have."""
        unknown = sorted(set(options).difference(ipywidgets.DOMWidget.class_trait_names()))
        if unknown:
            msg = f"{name}() got an unexpected keyword argument {unknown[0]!r}"
            raise TypeError(msg)

    def __in_turn__(self, action: Callable[[], None]) -> None:
        """Have something done between two messages of the widget; each kind of widget says how."""
        raise NotImplementedError

    def __take_comm__(self, comm: Any) -> None:
        """Have a page follow the widget by a comm that it has opened; on any thread, and quick."""
        _prepare(comm)
        comm.on_msg(lambda message: self._hear(comm, message))
        comm.on_close(lambda _message: self._leave(comm))
        self.__in_turn__(lambda: self._join(comm))

    def _prepare_comm(self, frontend: FrontendCheck) -> None:
        """Have what pages say by the widget's comm, which may be a new one, handled as it has to be."""
        _offer_comms()
        _prepare(self.comm)
        frontend.follow(self.comm)

    def close(self) -> None:
        """Close the widget, its own layout, and the comms of its pages."""
        super().close()
        # Kept by ipywidgets for ever unless it is closed too.
        if self._own_layout is not None:
            self._own_layout.close()
        for comm in self._page_comms:
            self._leave(comm)
            with contextlib.suppress(Exception):
                comm.close()

    def _open_again(self) -> None:
        """Have the widget's model on its page anew, under the same id, and before it that of its own layout.

        A page that is loaded at this moment knows neither, is busy, and waits 2 s for what a model refers to. A layout
        that another widget has, too, is left alone: what that one shows would not follow the new model.
        """
        layout: Any = self._own_layout
        shown = (each for each in compat.live_widgets() if isinstance(each, ipywidgets.DOMWidget))
        users = [each for each in shown if each.layout is layout]
        alone = users == [self] and layout.comm is not None
        for each in (layout, self) if alone else (self,):
            each.comm.close()
            each.set_trait("comm", None)
            each.open()

    def _hear(self, comm: Any, message: dict[str, Any]) -> None:
        data = message["content"].get("data")
        content = data.get("content") if isinstance(data, dict) else None
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == READY:
            # Such a page has no model that would be saved, but its widget manager may have one all the same, as a page
            # does that was slow to draw it; counted twice, it would seem to be on two pages, and never leave them.
            return
        if kind == BYE:
            # There is one view to a comm, and a page that goes closes none.
            self._leave(comm)
        self._handle_msg(message)

    def _join(self, comm: Any) -> None:
        state, paths, buffers = compat.without_buffers(self.get_state())
        comm.send(data={"method": "update", "state": state, "buffer_paths": paths}, buffers=buffers)
        with _lock:
            self._page_comms = (*self._page_comms, comm)

    def _leave(self, comm: Any) -> None:
        with _lock:
            self._page_comms = tuple(each for each in self._page_comms if each is not comm)

    def _send(self, msg: Any, buffers: Any = None) -> None:
        super()._send(msg, buffers=buffers)
        for comm in self._page_comms:
            # One page's comm may be closed at this moment; the others are owed the message.
            with contextlib.suppress(Exception):
                comm.send(data=msg, buffers=buffers)


def _offer_comms() -> None:
    """Let pages open such comms in this kernel; does nothing where there is no kernel, or where they may already."""
    manager = getattr(getattr(shell(), "kernel", None), "comm_manager", None)
    if manager is not None and COMM_TARGET not in getattr(manager, "targets", {COMM_TARGET: None}):
        manager.register_target(COMM_TARGET, _opened)


def _prepare(comm: Any) -> None:
    compat.answer_on_arrival_shell(comm)
    compat.keep_outputs_in_place(comm, getattr(shell(), "kernel", None))


def _opened(comm: Any, message: dict[str, Any]) -> None:
    data = message["content"].get("data")
    model_id = data.get("model_id") if isinstance(data, dict) else None
    for widget in compat.live_widgets():
        if isinstance(widget, ReachableWidget) and getattr(widget.comm, "comm_id", None) == model_id:
            widget.__take_comm__(comm)
            return
    comm.close()

"""A card's own outputs in a notebook: displayed under ids by which they can be published again.

Whoever opens the saved notebook later has no kernel and no widget, so each output holds text and HTML beside it; both
are refreshed when the job's status changes, and at its end they take the widget's place.

A cell's last expression we display ourselves. All else is displayed by whoever asked for the card's formats, where and
under which id they like, or not at all: a hook of IPython's sees what is displayed, and adds an id where there is none.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import threading
import uuid
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from fiddler_widgets.cell_context import send_within_cell
from fiddler_widgets.environment import headless, in_notebook, in_voila, shell
from fiddler_widgets.widget.output_type import OUTPUT_MARK, OUTPUT_TYPE, PUBLISHED_AGAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    Bundle = tuple[dict[str, Any], dict[str, Any]]

__all__ = ["Outputs", "can_be_renewed", "release"]

_log = logging.getLogger("fiddler_widgets")

_MOST = 20
"""Outputs of one card that are kept up to date; a notebook seldom has more than two."""

_WIDGET = "application/vnd.jupyter.widget-view+json"

_owners: weakref.WeakValueDictionary[str, Outputs] = weakref.WeakValueDictionary()
"""Whose output it is, by display id: the card's that was displayed there last."""


_ownership = threading.RLock()
"""Held from the look at who owns an output until what follows from that is sent: else a card whose output is taken over
at that moment, by another thread, would publish over what has been put there."""


def release(display_id: str) -> None:
    """Have no card keep an output up to date any more: something else is about to be displayed there."""
    with _ownership:
        _owners.pop(display_id, None)


def can_be_renewed() -> bool:
    """Whether what is displayed now is saved, and can be published again once it is displayed.

    Not so in a terminal, in Voilà, whose page is drawn once, and where a cell's displays are captured.
    """
    return in_notebook() and not in_voila() and hasattr(_publisher(), "session")


def _publisher() -> Any:
    return getattr(shell(), "display_pub", None)


class _Given(NamedTuple):
    """Formats of a card that were given to somebody, who may or may not display them."""

    formats: dict[str, Any]
    renew: bool
    displayed: Callable[[bool], None]


class Outputs:
    """Where one card was displayed by itself; a card within a layout widget has no output of its own."""

    def __init__(self) -> None:
        self._shown: deque[tuple[Any, str]] = deque(maxlen=_MOST)
        self.given: dict[int, _Given] = {}
        """What was given away last and not displayed since, by the thread that took it."""
        self._model_id = ""
        self._headless = headless()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._shown)

    def formats(self, live: Bundle | None, static: dict[str, Any]) -> Bundle:
        """What to display now, beside the formats of the widget one of ours for the JupyterLab extension.

        Args:
            live: The widget's own formats; ``None`` where nothing is live any more.
            static: What can be read without it.
        """
        if live is None:
            return static, {}
        formats, metadata = live
        self._model_id = formats.get(_WIDGET, {}).get("model_id", "")
        ours = {OUTPUT_TYPE: {"model_id": self._model_id}} if self._model_id else {}
        return {**formats, **static, **ours}, metadata

    def show(self, formats: dict[str, Any], metadata: dict[str, Any]) -> bool:
        """Display in the running cell.

        Args:
            formats: What to display, by MIME type.
            metadata: As for IPython's ``display``.

        Returns:
            Whether it was displayed: only where it `can_be_renewed`.
        """
        if not can_be_renewed():
            return False
        publisher, display_id = _publisher(), uuid.uuid4().hex
        publisher.publish(formats, self.marked(metadata, display_id), transient={"display_id": display_id})
        self.take(publisher, display_id)
        return True

    def expect(self, formats: dict[str, Any], displayed: Callable[[bool], None], *, renew: bool) -> bool:
        """See whether formats that are given away now are displayed by this thread.

        Args:
            formats: What was given, by MIME type.
            displayed: Called once they are, with whether it is in an output that was there already.
            renew: Take that output for one of these.

        Returns:
            Whether it will be known.
        """
        publisher = _publisher()
        if not hasattr(publisher, "register_hook") or not hasattr(publisher, "pub_socket"):
            return False
        self.given[threading.get_ident()] = _Given(formats, renew, displayed)
        _listener(publisher).expecting.add(self)
        return True

    def marked(self, metadata: dict[str, Any], display_id: str) -> dict[str, Any]:
        """An output's metadata, with the id by which pages know it again; without, where there are none."""
        return metadata if self._headless else {**metadata, OUTPUT_MARK: {"output_id": display_id}}

    def take(self, publisher: Any, display_id: str) -> None:
        """Keep an output up to date from now on."""
        _owners[display_id] = self
        if (publisher, display_id) not in self._shown:
            self._shown.append((publisher, display_id))

    def publish(self, formats: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Put something else in their places; from any thread, and never with an exception."""
        if self._headless:
            send_within_cell(self, functools.partial(self._publish, formats, metadata))
        else:
            self._publish(formats, metadata)

    def _publish(self, formats: dict[str, Any], metadata: dict[str, Any]) -> None:
        _thread.publishing = True
        try:
            for publisher, display_id in list(self._shown):
                transient = {"display_id": display_id, PUBLISHED_AGAIN: self._model_id}
                # A kernel that is on its way out raises all sorts of things; the watching goes on all the same.
                with _ownership, contextlib.suppress(Exception):
                    # Somebody may have put something else there.
                    if _owners.get(display_id) is self:
                        marked = self.marked(metadata, display_id)
                        publisher.publish(formats, marked, transient=transient, update=True)
        finally:
            _thread.publishing = False


class _Listener:
    """Sees what one thread displays by one publisher; a hook as of ``ZMQDisplayPublisher.register_hook``."""

    def __init__(self, publisher: Any) -> None:
        self._publisher = weakref.ref(publisher)
        self.expecting: weakref.WeakSet[Outputs] = weakref.WeakSet()

    def __call__(self, message: Any) -> Any:
        """Return the message, or send it and return ``None``, as hooks may."""
        with _ownership:
            try:
                meant = self._meant(message)
            except Exception:  # noqa: BLE001 (what others display is none of our business)
                _log.exception("a display could not be looked at")
                return message
            publisher = self._publisher()
            if meant is None or publisher is None:
                return message
            outputs, given = meant
            if given.renew:
                content = message["content"]
                display_id = content["transient"].setdefault("display_id", uuid.uuid4().hex)
                content["metadata"] = outputs.marked(content.get("metadata") or {}, display_id)
                outputs.take(publisher, display_id)
            # Now, since nothing may be published in its place before it is there.
            publisher.session.send(publisher.pub_socket, message, ident=publisher.topic)
        try:
            given.displayed(message["header"]["msg_type"] == "update_display_data")
        except Exception:  # noqa: BLE001 (it is displayed, which is what was asked for)
            _log.exception("a display could not be noted")
        return None

    def _meant(self, message: Any) -> tuple[Outputs, _Given] | None:
        """Whose formats these are; an output in which there is something else now is nobody's."""
        content = message["content"]
        if getattr(_thread, "publishing", False) or "data" not in content:
            return None
        data, me = content["data"], threading.get_ident()
        for outputs in list(self.expecting):
            given = outputs.given.get(me)
            same = [kind for kind, value in given.formats.items() if data.get(kind) == value] if given else []
            if given is not None and (_WIDGET in same or len(same) == len(given.formats)):
                self.expecting.discard(outputs)
                del outputs.given[me]
                # Whoever leaves some formats out does not want them later either.
                return outputs, given._replace(renew=given.renew and len(same) == len(given.formats))
        _owners.pop(content["transient"].get("display_id"), None)
        return None


_thread = threading.local()


def _listener(publisher: Any) -> _Listener:
    """The one of this thread, which comes after all other hooks, since it may send the message itself."""
    listeners = getattr(_thread, "listeners", None)
    if listeners is None:
        listeners = _thread.listeners = weakref.WeakKeyDictionary()
    listener: _Listener = listeners.setdefault(publisher, _Listener(publisher))
    publisher.unregister_hook(listener)
    publisher.register_hook(listener)
    return listener


def _begin_after_fork() -> None:
    """A thread of the parent that held the lock is not there in a forked child."""
    global _ownership  # noqa: PLW0603
    _ownership = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_after_fork)

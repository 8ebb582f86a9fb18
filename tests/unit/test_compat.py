"""The private parts of other libraries that `compat` rests on: the installed versions have them."""

from __future__ import annotations

from typing import Any

import traitlets
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets import HTML, VBox
from urllib3.connection import HTTPConnection

from fiddler_widgets import compat


class Comm:
    """A comm without any private part."""


def test_comm_without_subshells_is_left_alone() -> None:
    """On a kernel without subshells there is nothing to do."""
    comm = Comm()
    compat.answer_on_arrival_shell(comm)
    assert vars(comm) == {}


def test_messages_are_handled_on_the_shell_that_they_arrive_on() -> None:
    """Where a comm routes replies, the shell that a message came by is the one that is taken."""
    comm = Comm()
    comm._reply_subshell_for = lambda _data, _default: "the shell that sent last"  # type: ignore[attr-defined]
    compat.answer_on_arrival_shell(comm)
    assert comm._reply_subshell_for({}, "the one it came by") == "the one it came by"  # type: ignore[attr-defined]


def test_comm_that_does_not_say_whether_it_is_closed_counts_as_open() -> None:
    """A host that says nothing has thrown nothing away."""
    assert not compat.closed_by_host(Comm())


def test_name_to_resolve_keeps_the_dot_at_its_end() -> None:
    """The installed urllib3 tells a connection's host as it was given; ``host`` is without the dot."""
    connection = HTTPConnection("platform.example.")
    assert connection.host == "platform.example"
    assert compat.name_to_resolve(connection) == "platform.example."


def test_widget_that_was_closed_is_live_no_more() -> None:
    """The installed ipywidgets tells which widgets are open, a layout widget's among them."""
    inner = HTML()
    outer = VBox([inner])
    assert outer in compat.live_widgets()
    assert inner in compat.live_widgets()
    outer.close()
    inner.close()
    assert outer not in compat.live_widgets()


def test_observer_of_a_trait_is_found_until_it_is_taken_off() -> None:
    """The installed traitlets tells who observes."""

    class Thing(traitlets.HasTraits):
        progress = traitlets.Float()
        status = traitlets.Unicode()

    thing = Thing()
    assert not compat.observers(thing, ["progress"])

    def see(_change: object) -> None: ...

    thing.observe(see, "progress")
    assert compat.observers(thing, ["status", "progress"])
    assert not compat.observers(thing, ["status"])
    thing.unobserve(see, "progress")
    assert not compat.observers(thing, ["progress"])


def test_binary_values_are_taken_out_of_a_state() -> None:
    """The installed ipywidgets: with the way to each, so that a page can put them back."""
    rest, paths, buffers = compat.without_buffers({"name": "one", "table": b"rows"})
    assert (rest, paths, buffers) == ({"name": "one"}, [["table"]], [b"rows"])


def test_who_has_a_thing_formatted_is_found() -> None:
    """The installed IPython: a cell's last expression, `display`, a formatter called by name, and no formatter."""
    asked: list[str | None] = []

    class Thing:
        def _ipython_display_(self) -> None:
            asked.append(compat.format_caller())

    shell: Any = InteractiveShell.instance()
    shell.user_ns["thing"] = thing = Thing()
    with capture_output():
        shell.run_cell("display(thing)")
    shell.run_cell("thing")
    shell.display_formatter.format(thing)
    thing._ipython_display_()
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    assert asked == ["display", "compute_format_data", "test_who_has_a_thing_formatted_is_found", None]

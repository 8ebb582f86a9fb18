"""What a card and its page share: the traits, and the files of the frontend."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any, Final

import traitlets

from fiddler_widgets.models import Health
from fiddler_widgets.widget.page_comms import ReachableWidget

if TYPE_CHECKING:
    import anywidget

__all__ = ["PAGE_TRAITS", "CardTraits", "write_traits"]

_static = pathlib.Path(__file__).parent.parent / "static"


class CardTraits(ReachableWidget):
    """The traits of a card; those without an underscore are for users to observe."""

    # The texts, not the paths: anywidget would have the file's watcher hold every widget for ever.
    _esm = (_static / "job_widget.js").read_text(encoding="utf-8")
    _css = (_static / "job_widget.css").read_text(encoding="utf-8")

    job_id = traitlets.Unicode(help="The job's id.").tag(sync=True)
    name = traitlets.Unicode(help="The job's name.").tag(sync=True)
    status = traitlets.Unicode(help="The job's status; empty before the first answer.").tag(sync=True)
    progress = traitlets.Float(0.0, help="Per cent, 0 to 100; 0 while unknown.").tag(sync=True)
    indeterminate = traitlets.Bool(default_value=True, help="Whether the progress is unknown.").tag(sync=True)
    error_reason = traitlets.Unicode(help="Why the job failed, in a word or two.").tag(sync=True)
    error_message = traitlets.Unicode(help="Why the job failed, in full.").tag(sync=True)
    # As the server gave them, for users: the page is told in its own words.
    info = traitlets.Dict(help="What the job works on.")
    extras = traitlets.Dict(help="The job's subtasks by id.")
    time_left = traitlets.Tuple(
        traitlets.Float(),
        traitlets.Float(),
        default_value=None,
        allow_none=True,
        help="From what to what many seconds the job may take yet, as of the last update; None while unknown.",
    ).tag(sync=True)
    health = traitlets.Unicode(Health.STARTING.value, help="How the watching goes.").tag(sync=True)
    health_detail = traitlets.Unicode(help="That, as a sentence.").tag(sync=True)
    _clock = traitlets.Dict(help="Times that the page counts on from.").tag(sync=True)
    _said = traitlets.Dict(help="What the page says of the job, besides its times and progress.").tag(sync=True)
    _tasks = traitlets.Dict(help="Its subtasks, for the details.").tag(sync=True)
    _history = traitlets.Dict(help="What was seen of the job, for its timeline.").tag(sync=True)
    _controls = traitlets.Bool(default_value=True, help="Whether a click can reach the kernel.").tag(sync=True)
    _notify = traitlets.Bool(default_value=False, help="Whether the page tells when the job is over.").tag(sync=True)
    _number = traitlets.Int(0, help="How many messages were written, this one included.").tag(sync=True)
    # Not synced: sent with all others or not at all.
    _whole = traitlets.Int(0, help="How many times the whole state was sent to a page that asked for it.")


PAGE_TRAITS: Final = tuple(sorted(CardTraits.class_own_traits(sync=True)))
"""The traits that the kernel tells its pages, without the files of the frontend."""


def write_traits(card: anywidget.AnyWidget, **values: Any) -> None:
    """Set traits together: one message to the page, and observers that see a consistent state."""
    # Each of the two alone does not.
    with card.hold_sync(), card.hold_trait_notifications():
        for name, value in values.items():
            card.set_trait(name, value)

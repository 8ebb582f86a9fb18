"""What a widget's own display methods have in common, whether it shows one job or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from fiddler_widgets import compat

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.widget.page_presence import Presence

    Bundle = tuple[dict[str, Any], dict[str, Any]]

__all__ = ["asked_to_display", "give_formats"]


class Saved(Protocol):
    """The outputs of a widget."""

    def give_live(self, formats: dict[str, Any], displayed: Callable[[bool], None]) -> bool:
        """Formats that stay as they are were given to somebody; whether ``displayed`` will be called."""
        ...


def asked_to_display() -> bool:
    """Whether the widget is to display itself: whoever else has it formatted displays it where they like, or not."""
    return compat.format_caller() in (None, "compute_format_data")


def give_formats(
    given: tuple[Bundle, bool] | None,
    live: Callable[[], Bundle | None],
    text: Callable[[], str],
    saved: Saved,
    displayed: Callable[[bool], None],
    presence: Presence,
) -> Bundle | None:
    """The formats for whoever asks a widget for them, noted as displayed or as about to be.

    Args:
        given: Formats that are kept up to date, and whether ``displayed`` will be called; ``None`` where nothing is.
        live: Gives the widget's own formats, which are given otherwise.
        text: Gives what stands beside those, without a page.
        saved: The widget's outputs.
        displayed: Called once the formats are displayed, with whether it is in an output that was there already.
        presence: Knows who looks at the widget.

    Returns:
        The formats and their metadata; ``None`` where the widget has none.
    """
    if given is None:
        bundle = live()
        if bundle is None:
            return None
        formats, metadata = bundle
        bundle = {**formats, "text/plain": text()}, metadata
        given = bundle, saved.give_live(bundle[0], displayed)
    bundle, will_be_known = given
    if will_be_known and compat.format_caller() != "compute_format_data":
        presence.offered()
    else:
        presence.shown()
    return bundle

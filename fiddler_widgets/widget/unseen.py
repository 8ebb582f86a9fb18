"""When a card stops watching because nobody looks at it, and what it says then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets import compat, configs
from fiddler_widgets.durations import setting
from fiddler_widgets.environment import in_voila
from fiddler_widgets.widget import trait_values

if TYPE_CHECKING:
    from fiddler_widgets.widget.card_watcher import CardWatcher
    from fiddler_widgets.widget.job_widget import JobWidget

__all__ = ["RETURNED", "why_unseen"]

RETURNED = "Was paused while nobody looked; watching again."
_CLOSED = "Paused, because the card is on no page any more; the job goes on."
_UNSEEN = "Paused, because nobody has looked for {}; the job goes on."


def why_unseen(card: JobWidget, watcher: CardWatcher) -> str | None:
    """Why a card need not watch any more, in a sentence for the user; ``None`` while somebody sees or needs it."""
    if watcher.frontend.absent:
        # What is published is all that there is to see, and nobody can say whether it is seen.
        return None
    # The host closes it when it has thrown the widget away: marimo, when the cell runs again or is deleted.
    thrown_away = compat.closed_by_host(card.comm)
    if thrown_away or watcher.presence.closed_everywhere():
        why = _CLOSED
    elif watcher.presence.silent(card):
        why = _UNSEEN.format(setting(configs.UNSEEN_TIMEOUT))
    else:
        return None
    # Voilà ends the kernel of a page that is closed, with all that observes the card there.
    needed = not in_voila() and bool(watcher.callbacks or compat.observers(card, trait_values.FIELDS))
    return None if needed and not thrown_away else why

"""What a card leaves in a notebook's outputs: true whenever the notebook is saved, and readable without a kernel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fiddler_widgets.models import Health
from fiddler_widgets.rendering import static_card
from fiddler_widgets.widget.notebook_output import Outputs, can_be_renewed
from fiddler_widgets.widget.renewals import Renewals

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.rendering.static_card import CardSnapshot

    Bundle = tuple[dict[str, Any], dict[str, Any]]

__all__ = ["SavedCard"]


class SavedCard:
    """The outputs of one card, published again when what they say is no longer true.

    Args:
        job: The card's job.
        absent: Says whether no page can draw the widget: the static card is all there is then, and as good as live.
        monotonic: The clock, in seconds.
    """

    def __init__(
        self, job: Job, absent: Callable[[], bool] = bool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._job, self._absent = job, absent
        self._renewals = Renewals(monotonic)
        self._outputs = Outputs()
        self._published: object = None

    def __bool__(self) -> bool:
        """Whether the card has an output of its own."""
        return bool(self._outputs)

    def show(self, seen: CardSnapshot, live: Callable[[], Bundle | None]) -> bool:
        """Display the card in the running cell.

        Args:
            seen: What is known of the job.
            live: Gives the widget's own formats.

        Returns:
            Whether it was displayed, as for `Outputs.show`.
        """
        before = bool(self._outputs)
        if not self._outputs.show(*self._formats(seen, live)):
            return False
        self._says(self._news(seen), alone=not before)
        return True

    def give(
        self, seen: CardSnapshot, live: Callable[[], Bundle | None], displayed: Callable[[bool], None]
    ) -> tuple[Bundle, bool] | None:
        """The card's formats for somebody who may or may not display them.

        Args:
            seen: What is known of the job.
            live: Gives the widget's own formats.
            displayed: Called once they are displayed, with whether it is in an output that was there already.

        Returns:
            The formats, and whether ``displayed`` will be called; ``None`` where nothing is saved.
        """
        if not can_be_renewed():
            return None
        bundle, news, before = self._formats(seen, live), self._news(seen), bool(self._outputs)

        def note(update: bool) -> None:  # noqa: FBT001
            self._says(news, alone=not before)
            displayed(update)

        return bundle, self._outputs.expect(bundle[0], note, renew=True)

    def give_live(self, formats: dict[str, Any], displayed: Callable[[bool], None]) -> bool:
        """Formats that stay as they are were given to somebody; returns whether ``displayed`` will be called."""
        return self._outputs.expect(formats, displayed, renew=False)

    def update(self, seen: CardSnapshot, live: Callable[[], Bundle | None], *, again: bool = False) -> float | None:
        """Publish again if the job's status, or the end of the watching, makes what was published untrue.

        Where no page draws the widget, any change does.

        Args:
            seen: What is known of the job.
            live: Gives the widget's own formats.
            again: Publish in any case: a page has come that may have missed it.

        Returns:
            Seconds after which to be called again, where it is too soon now; ``None`` where that is not so.
        """
        news = self._news(seen)
        changed = again or news != self._published
        pause = self._renewals.due(changed, static=self._absent() and not _over(seen))
        if pause == 0:
            self._published = news
            self._outputs.publish(*self._formats(seen, live))
            return None
        return pause

    def _news(self, seen: CardSnapshot) -> object:
        worth = _worth_publishing(seen)
        return (worth, seen.state, seen.health, seen.detail) if self._absent() and not _over(seen) else worth

    def _says(self, news: object, *, alone: bool) -> None:
        # Where another output says something else, all are published again at the next look.
        self._published = news if alone or news == self._published else None

    def _formats(self, seen: CardSnapshot, live: Callable[[], Bundle | None]) -> Bundle:
        absent = self._absent()
        html = static_card.html(seen, alone=absent)
        static = {"text/plain": static_card.saved_text(self._job, seen), "text/html": html}
        bundle = None if absent or _over(seen) else live()
        return self._outputs.formats(bundle, static)


def _over(seen: CardSnapshot) -> bool:
    # Of a job that was over when it was handed to us nothing is live either, though our own look is under way.
    return seen.health is Health.OVER or (seen.state is not None and seen.state.final)


def _worth_publishing(seen: CardSnapshot) -> tuple[str, str, bool]:
    # Publishing draws the card anew: not at the press of a button, which would lose the keyboard's focus.
    ended = seen.health.ended and seen.health is not Health.STOPPED
    status = "" if seen.state is None else str(seen.state.status)
    return status, seen.health if ended else "", seen.at is not None

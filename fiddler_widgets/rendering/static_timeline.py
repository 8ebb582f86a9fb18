"""The timeline of a saved card: inline SVG on one line, and its phases in words for hosts that drop the drawing."""

from __future__ import annotations

import html as markup
import itertools
from datetime import datetime, timezone
from typing import Any, NamedTuple

from fiddler_widgets.durations import duration

__all__ = ["drawing", "phases", "timeline"]

KINDS = {
    "q": "queued",
    "r": "running",
    "t": "retrying",
    "o": "outage",
    "u": "not watched",
    "x": "another status",
}
"""The words of the live timeline (``js/src/timeline.js``)."""


class Stroke(NamedTuple):
    """How a kind of phase is drawn: kinds differ in weight and dashes, as on the live card, not in colour alone."""

    width: str
    dashes: str = ""

    def attributes(self) -> str:
        """As attributes of an SVG path."""
        dashes = f' stroke-dasharray="{self.dashes}"' if self.dashes else ""
        return f'stroke-width="{self.width}"{dashes}'


_STROKES = {
    "q": Stroke("3"),
    "r": Stroke("7"),
    "t": Stroke("7", "6 2"),
    "o": Stroke("7", "2 2"),
    "u": Stroke("1.5", "1.5 4"),
    "x": Stroke("5"),
}


def phases(history: dict[str, Any] | None, until: float | None) -> str:
    """How long each phase lasted, as in "queued 40 s · running 3 min 12 s · outage 20 s".

    Args:
        history: As `History.as_dict` gives it.
        until: When it was last looked at, in epoch seconds; ``None`` to end with the last step.

    Returns:
        The words; empty where less than a second was seen.
    """
    return " · ".join(words for _, words in _lasted(history, until))


def timeline(history: dict[str, Any] | None, until: float | None) -> list[str]:
    """The drawing, and below it its phases in words with the strokes that they have in it, as lines of HTML.

    Returns:
        No lines where less than a second was seen.
    """
    lasted = _lasted(history, until)
    if not lasted or history is None:
        return []
    start = history["start"]
    end = start + _stretches(history, until)[-1][2]
    keys = [f"<span>{_key(kind)}{words}</span>" for kind, words in lasted]
    return [drawing(history, until), f'<div class="fw-phases">{_span(start, end)}: {" · ".join(keys)}</div>']


def _lasted(history: dict[str, Any] | None, until: float | None) -> list[tuple[str, str]]:
    """Each kind of phase, and how long it lasted, in words; none where less than a second was seen."""
    lasted: dict[str, float] = {}
    for kind, begin, end, *_ in _stretches(history, until):
        lasted[kind] = lasted.get(kind, 0.0) + end - begin
    known = lasted.items() if sum(lasted.values()) >= 1 else ()
    return [(kind, f"{KINDS[kind]} {duration(length)}") for kind, length in known]


def _key(kind: str) -> str:
    return (
        '<svg class="fw-key" viewBox="0 0 20 10" width="20" height="10" stroke="currentColor" aria-hidden="true">'
        f'<path d="M0 5H20" {_STROKES[kind].attributes()} class="fw-{kind}"/></svg>'
    )


def _span(start: float, end: float) -> str:
    """From when to when, as in "11:56 to 12:00 UTC"; with the dates where they are two."""
    first, last = (datetime.fromtimestamp(at, timezone.utc) for at in (start, end))
    style = "%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M"
    return f"{first.strftime(style)} to {last.strftime(style)} UTC"


def drawing(history: dict[str, Any] | None, until: float | None) -> str:
    """The same as a drawing, with progress above the phases.

    Returns:
        SVG without a line break, so that two runs of a notebook differ in one line; empty where `phases` is.
    """
    words = phases(history, until)
    if not words:
        return ""
    stretches = _stretches(history, until)
    end = stretches[-1][2]
    pieces, seen, between = [], "", ""
    # One band for a run of stretches: the joints of many would look like the ticks of an outage.
    for kind, run in itertools.groupby(stretches, key=lambda stretch: stretch[0]):
        band = list(run)
        left, right = _across(band[0][1], end), _across(band[-1][2], end)
        pieces.append(f'<path d="M{left} 92H{right}" {_STROKES[kind].attributes()} class="fw-{kind}"/>')
    for kind, begin, over, progress, then in stretches:
        if progress is None or then is None:
            continue
        piece = f"M{_across(begin, end)} {_up(progress)}L{_across(over, end)} {_up(then)}"
        if kind in "ou":
            between += piece
        else:
            seen += piece
    # Without a line only the strip of phases is in sight.
    top = 0 if seen or between else 80
    if top == 0:
        pieces.insert(0, '<path d="M0 6H1000" stroke-width="1" opacity=".25"/>')
    if seen:
        pieces.append(f'<path d="{seen}" stroke-width="2" stroke-linecap="round" class="fw-seen"/>')
    if between:
        pieces.append(f'<path d="{between}" stroke-width="2" stroke-dasharray="3 4"/>')
    label = markup.escape(f"Timeline: {words}")
    return (
        f'<svg class="fw-timeline" role="img" aria-label="{label}" viewBox="0 {top} 1000 {100 - top}" '
        f'preserveAspectRatio="none" width="100%" height="{20 if top else 64}" fill="none" stroke="currentColor">'
        f"{''.join(pieces)}</svg>"
    )


def _across(at: float, end: float) -> str:
    return f"{at / end * 1000:.4g}"


def _up(percent: float) -> str:
    return f"{78 - 0.72 * percent:.4g}"


def _stretches(
    history: dict[str, Any] | None, until: float | None
) -> list[tuple[str, float, float, float | None, float | None]]:
    """Kind, begin and end in seconds since the start, and progress at both."""
    steps = (history or {}).get("steps", [])
    if not steps:
        return []
    last = steps[-1][0]
    end = last if until is None or steps[-1][2] == "e" else max(last, until - (history or {})["start"])
    following = [*steps[1:], [end, steps[-1][1], "e"]]
    return [
        (kind, at, then, progress, its)
        for (at, progress, kind), (then, its, _) in zip(steps, following, strict=True)
        if kind in KINDS
    ]

"""The timeline of a saved card: inline SVG on one line, and its phases as text for hosts that remove SVG."""

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
"""The names of the phases, as in the live timeline (``js/src/timeline.js``)."""


class Stroke(NamedTuple):
    """How a kind of phase is drawn; kinds differ in width and dashes, as on the live card, not only in colour."""

    width: str
    dashes: str = ""

    def attributes(self) -> str:
        """The attributes of an SVG path with this stroke."""
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
    """How long each phase lasted, such as "queued 40 s · running 3 min 12 s · outage 20 s".

    Args:
        history: The result of `History.as_dict`.
        until: When the job was last seen, in epoch seconds; ``None`` to end with the last step.

    Returns:
        The text; empty if the history is shorter than a second.
    """
    return " · ".join(summary for _, summary in _phase_durations(history, until))


def timeline(history: dict[str, Any] | None, until: float | None) -> list[str]:
    """The drawing, and below it the names of its phases with their strokes, as lines of HTML.

    Returns:
        The lines; none if the history is shorter than a second.
    """
    phase_durations = _phase_durations(history, until)
    if not phase_durations or history is None:
        return []
    start = history["start"]
    end = start + _stretches(history, until)[-1][2]
    keys = [f"<span>{_key(kind)}{summary}</span>" for kind, summary in phase_durations]
    return [drawing(history, until), f'<div class="fw-phases">{_span(start, end)}: {" · ".join(keys)}</div>']


def _phase_durations(history: dict[str, Any] | None, until: float | None) -> list[tuple[str, str]]:
    """Each kind of phase, and a text on how long it lasted; none if the history is shorter than a second."""
    phase_durations: dict[str, float] = {}
    for kind, begin, end, *_ in _stretches(history, until):
        phase_durations[kind] = phase_durations.get(kind, 0.0) + end - begin
    visible = phase_durations.items() if sum(phase_durations.values()) >= 1 else ()
    return [(kind, f"{KINDS[kind]} {duration(length)}") for kind, length in visible]


def _key(kind: str) -> str:
    return (
        '<svg class="fw-key" viewBox="0 0 20 10" width="20" height="10" stroke="currentColor" aria-hidden="true">'
        f'<path d="M0 5H20" {_STROKES[kind].attributes()} class="fw-{kind}"/></svg>'
    )


def _span(start: float, end: float) -> str:
    """A span of time such as "11:56 to 12:00 UTC"; with dates if begin and end have different ones."""
    first, last = (datetime.fromtimestamp(at, timezone.utc) for at in (start, end))
    style = "%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M"
    return f"{first.strftime(style)} to {last.strftime(style)} UTC"


def drawing(history: dict[str, Any] | None, until: float | None) -> str:
    """The phases as a drawing, with progress above them.

    Returns:
        SVG without a line break, so that two runs of a notebook differ in one line; empty if `phases` is.
    """
    summary = phases(history, until)
    if not summary:
        return ""
    stretches = _stretches(history, until)
    end = stretches[-1][2]
    pieces, seen_path, unseen_path = [], "", ""
    # Successive stretches of one kind are drawn as one band: joints between them would look like those of an outage.
    for kind, run in itertools.groupby(stretches, key=lambda stretch: stretch[0]):
        band = list(run)
        left, right = _across(band[0][1], end), _across(band[-1][2], end)
        pieces.append(f'<path d="M{left} 92H{right}" {_STROKES[kind].attributes()} class="fw-{kind}"/>')
    for kind, begin, over, progress, next_progress in stretches:
        if progress is None or next_progress is None:
            continue
        piece = f"M{_across(begin, end)} {_up(progress)}L{_across(over, end)} {_up(next_progress)}"
        if kind in "ou":
            unseen_path += piece
        else:
            seen_path += piece
    # Without a line of progress, only the strip of phases is drawn.
    top = 0 if seen_path or unseen_path else 80
    if top == 0:
        pieces.insert(0, '<path d="M0 6H1000" stroke-width="1" opacity=".25"/>')
    if seen_path:
        pieces.append(f'<path d="{seen_path}" stroke-width="2" stroke-linecap="round" class="fw-seen"/>')
    if unseen_path:
        pieces.append(f'<path d="{unseen_path}" stroke-width="2" stroke-dasharray="3 4"/>')
    label = markup.escape(f"Timeline: {summary}")
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
    """The stretches between steps: kind, begin and end in seconds since the start, and progress at begin and end."""
    steps = (history or {}).get("steps", [])
    if not steps:
        return []
    last = steps[-1][0]
    end = last if until is None or steps[-1][2] == "e" else max(last, until - (history or {})["start"])
    following = [*steps[1:], [end, steps[-1][1], "e"]]
    return [
        (kind, at, next_at, progress, next_progress)
        for (at, progress, kind), (next_at, next_progress, _) in zip(steps, following, strict=True)
        if kind in KINDS
    ]

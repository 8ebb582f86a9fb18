"""How long jobs of a kind took before. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fiddler_widgets.journal.entries import Bounds, Entry

__all__ = ["Past", "duration"]

_MOST = 20
"""Durations of a kind that count, the newest."""
_FEW = 3
"""With fewer than so many, those of the next wider kind are added up to that number."""
_LISTED = 200
"""Runs that are kept by server and name."""
_SURE_SECONDS = 10.0
_SURE_SHARE = 0.2


def duration(ran: Bounds | None) -> float | None:
    """The middle of the bounds of a run in seconds, where they are close enough to each other, else ``None``."""
    if ran is None or ran[1] is None:
        return None
    width, middle = ran[1] - ran[0], (ran[0] + ran[1]) / 2
    sure = 0 <= width < max(_SURE_SECONDS, _SURE_SHARE * middle)
    return middle if sure and middle > 0 else None


class _Run(NamedTuple):
    at: float
    job: str
    project: str
    model: str
    resource: str
    seconds: float


class Past:
    """The runs that succeeded, by server and name. Read by any thread, written to by one.

    Args:
        entries: What is known of jobs.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._runs: dict[tuple[str, str], tuple[_Run, ...]] = {}
        found: dict[tuple[str, str], list[_Run]] = {}
        for entry in entries:
            run = _run(entry)
            if run is not None:
                found.setdefault((entry.server, entry.name), []).append(run)
        for key, runs in found.items():
            self._runs[key] = tuple(sorted(runs)[-_LISTED:])

    def take(self, entry: Entry) -> None:
        """Take in a job that has ended."""
        run = _run(entry)
        if run is not None:
            key = (entry.server, entry.name)
            others = [one for one in self._runs.get(key, ()) if one.job != run.job]
            self._runs[key] = tuple(sorted([*others, run])[-_LISTED:])

    def durations(self, server: str, name: str, project: str, model: str, resource: str) -> tuple[float, ...]:
        """As `fiddler_widgets.journal.past_durations`."""
        runs = self._runs.get((server, name), ())
        if not runs:
            return ()
        kinds: tuple[Callable[[_Run], bool], ...] = (
            lambda run: (run.project, run.model, run.resource) == (project, model, resource),
            lambda run: (run.project, run.model) == (project, model),
            lambda run: run.project == project,
            lambda _: True,
        )
        found: list[_Run] = []
        for kind in kinds:
            of_kind = [run for run in runs if kind(run) and run not in found]
            # Wider ones before: what comes last counts most.
            room = _FEW - len(found) if found else _MOST
            found = [*of_kind[-room:], *found]
            if len(found) >= _FEW:
                break
        return tuple(run.seconds for run in found)


def _run(entry: Entry) -> _Run | None:
    seconds = duration(entry.ran) if entry.status == "SUCCESS" else None
    if seconds is None:
        return None
    kind = entry.kind
    return _Run(entry.at, entry.job, kind.project, kind.model, kind.resource, seconds)

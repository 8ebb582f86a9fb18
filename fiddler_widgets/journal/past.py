"""How long earlier jobs of a kind ran. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fiddler_widgets.journal.entries import Bounds, Entry

__all__ = ["Past", "duration"]

_MOST = 20
"""The most durations of a kind that count, the newest."""
_FEW = 3
"""If there are fewer durations of a kind, those of the next wider kind are added up to that number."""
_SURE_SECONDS = 10.0
_SURE_SHARE = 0.2


def duration(ran: Bounds | None) -> float | None:
    """The middle between the bounds of a run, in seconds; ``None`` if they are too far apart."""
    if ran is None or ran[1] is None:
        return None
    width, middle = ran[1] - ran[0], (ran[0] + ran[1]) / 2
    sure = 0 <= width < max(_SURE_SECONDS, _SURE_SHARE * middle)
    return middle if sure and middle > 0 else None


class _Run(NamedTuple):
    at: float
    job: str
    kinds: tuple[tuple[str, ...], ...]
    seconds: float


class Past:
    """The runs that succeeded, by their kinds. Any thread may read, and only one may add.

    Args:
        entries: The entries to begin with.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._runs: dict[tuple[str, ...], tuple[_Run, ...]] = {}
        runs_by_kind: dict[tuple[str, ...], list[_Run]] = {}
        for run in sorted(run for entry in entries if (run := _run(entry)) is not None):
            for kind in run.kinds:
                runs_by_kind.setdefault(kind, []).append(run)
        for kind, runs in runs_by_kind.items():
            self._runs[kind] = tuple(runs[-_MOST:])

    def add(self, entry: Entry) -> None:
        """Add the run of an entry, if its job has succeeded."""
        run = _run(entry)
        if run is None:
            return
        for kind in run.kinds:
            others = [other for other in self._runs.get(kind, ()) if other.job != entry.job]
            self._runs[kind] = tuple(sorted([*others, run])[-_MOST:])

    def durations(self, server: str, name: str, project: str, model: str, resource: str) -> tuple[float, ...]:
        """As `fiddler_widgets.journal.past_durations`."""
        chosen: tuple[_Run, ...] = ()
        for kind in _kinds(server, name, project, model, resource):
            # Runs of wider kinds come first, since the last ones count most.
            new = tuple(run for run in self._runs.get(kind, ()) if run not in chosen)
            chosen = (*new[-(_FEW - len(chosen) if chosen else _MOST) :], *chosen)
            if len(chosen) >= _FEW:
                break
        return tuple(run.seconds for run in chosen)


def _kinds(server: str, name: str, project: str, model: str, resource: str) -> tuple[tuple[str, ...], ...]:
    """The kinds of such a job, from the narrowest to the widest."""
    widest = (server, name)
    return (*widest, project, model, resource), (*widest, project, model), (*widest, project), widest


def _run(entry: Entry) -> _Run | None:
    seconds = duration(entry.ran) if entry.status == "SUCCESS" else None
    if seconds is None:
        return None
    of_job = entry.kind
    kinds = _kinds(entry.server, entry.name, of_job.project, of_job.model, of_job.resource)
    return _Run(entry.at, entry.job, kinds, seconds)

"""What the journal says of a job, and how many such entries become one.

Pure. Putting entries together is commutative, associative and idempotent, so that lines may be read twice, in any order
and by any number of processes, and files be merged at any time without a lock. Server text is bounded and made harmless
before it becomes part of an entry.
"""

from __future__ import annotations

import functools
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from fiddler_widgets.messages import shown
from fiddler_widgets.models import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "ENDED",
    "EVERYTHING",
    "FORGOT",
    "RANKS",
    "SEEN",
    "STARTED",
    "Bounds",
    "Entry",
    "Folded",
    "Key",
    "Kind",
    "fold",
    "kind_of",
    "name_of",
    "server_name",
]

_LONGEST = 120
"""Characters of a name."""
_TAKEN = 4000
"""Characters of a text of the server's that are looked at in all."""

SEEN, STARTED, ENDED, FORGOT = "seen", "started", "ended", "forgot"
RANKS = {SEEN: 0, STARTED: 1, ENDED: 2}
EVERYTHING = "*"
"""In the place of an id, and without a server: all that was before is forgotten."""

_FINAL = frozenset(str(status) for status in JobStatus if status.final)

Bounds = tuple[float, "float | None"]
"""From what to what many seconds something took; ``None`` for no upper bound."""

Key = tuple[str, str]
"""A job's server and its id."""

_ALL: Key = ("", EVERYTHING)


class Kind(NamedTuple):
    """What a job works on, each part empty where it has none.

    Attributes:
        project: The project's name.
        model: The model's name.
        version: The model's version.
        resource_type: What kind of thing the resource is, such as "DATASET".
        resource: The resource's name.
    """

    project: str = ""
    model: str = ""
    version: str = ""
    resource_type: str = ""
    resource: str = ""

    @property
    def what(self) -> str:
        """As on the card: "project bank_churn · model churn v1 · dataset train"."""
        label = self.resource_type.lower().replace("_", " ") or "resource"
        parts = [f"project {self.project}"] if self.project else []
        if self.model:
            parts.append(f"model {self.model} {self.version}".rstrip())
        if self.resource and self.resource != {"project": self.project, "model": self.model}.get(label):
            parts.append(f"{label} {self.resource}")
        return " · ".join(parts)

    @property
    def info(self) -> dict[str, Any]:
        """The same as a job's ``info``, as far as it is remembered."""
        names = ("project_name", "model_name", "model_version", "resource_type", "resource_name")
        return {name: value for name, value in zip(names, self, strict=True) if value}


@functools.lru_cache(maxsize=64)
def server_name(url: str) -> str:
    """A platform's address as it is remembered: no user, password, query or fragment."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}" if host else ""


def name_of(name: str, mask: Callable[[str], str] = str) -> str:
    """A job's name as it is remembered."""
    return shown(mask(name[:_TAKEN]), _LONGEST)


def kind_of(info: Mapping[str, Any], mask: Callable[[str], str] = str) -> Kind:
    """What a job works on, from its ``info`` of any shape.

    Args:
        info: As the server gave it.
        mask: Takes what is secret out of a text.
    """

    def text(value: object, length: int) -> str:
        return shown(mask(str(value)[:_TAKEN]), length) if isinstance(value, str | int | float) else ""

    def name(key: str) -> str:
        nested = info.get(key)
        return text(info.get(f"{key}_name") or (nested.get("name") if isinstance(nested, dict) else nested), _LONGEST)

    model = info.get("model")
    version = (model.get("version") if isinstance(model, dict) else None) or info.get("model_version")
    return Kind(
        name("project"),
        name("model"),
        text(version, 40) if isinstance(version, str) else "",
        text(info.get("resource_type"), 40),
        name("resource"),
    )


class Entry(NamedTuple):
    """What is known of one job at one time.

    Attributes:
        event: `SEEN`, `STARTED`, `ENDED` or `FORGOT`.
        at: When, in epoch seconds.
        server: The platform's address, without a query or a user's name.
        job: The job's id, or `EVERYTHING`.
        first: When it was first seen, in epoch seconds.
        name: Its name.
        kind: What it works on.
        status: Its status on the wire; empty while unknown.
        told: When that was told, in epoch seconds; 0 while unknown.
        ran: How many seconds it ran; ``None`` while nothing is known of that.
        queued: How many seconds it was queued; likewise.
        where: In which notebook, and in which cell of it.
        rest: Fields that a later version has written, kept as they are.
    """

    event: str
    at: float
    server: str
    job: str
    first: float
    name: str = ""
    kind: Kind = Kind()
    status: str = ""
    told: float = 0.0
    ran: Bounds | None = None
    queued: Bounds | None = None
    where: str = ""
    rest: Mapping[str, Any] = {}

    @property
    def key(self) -> Key:
        """By what entries about one job are known."""
        return self.server, self.job

    @property
    def final(self) -> bool:
        """Whether the job is over."""
        return self.status in _FINAL

    def joined(self, other: Entry) -> Entry:
        """What both say together: the widest times, the newest status, an end for good, the narrowest bounds."""
        newest = max(self, other, key=_by_status)
        return Entry(
            max(self.event, other.event, key=lambda event: RANKS.get(event, -1)),
            max(self.at, other.at),
            self.server,
            self.job,
            min(self.first, other.first),
            max(self.name, other.name, key=_by_length),
            max(self.kind, other.kind, key=lambda kind: (sum(map(len, kind)), kind)),
            newest.status,
            newest.told,
            _narrower(self.ran, other.ran),
            _narrower(self.queued, other.queued),
            max(self.where, other.where, key=_by_length),
            _united(self.rest, other.rest) if self.rest or other.rest else {},
        )


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text


def _by_status(entry: Entry) -> tuple[Any, ...]:
    """A job that is over stays so, whatever a clock that was set back makes of the times."""
    return (2, entry.status, entry.told) if entry.final else (1 if entry.status else 0, entry.told, entry.status)


def _narrower(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    if one is None or other is None:
        return one or other
    highest = min(math.inf if one[1] is None else one[1], math.inf if other[1] is None else other[1])
    return max(one[0], other[0]), None if highest == math.inf else highest


def _united(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    found = {**one, **other}
    for name in one.keys() & other.keys():
        found[name] = max(one[name], other[name], key=lambda value: json.dumps(value, sort_keys=True))
    return found


# ---- many entries


class Folded:
    """All that is known of all jobs.

    Attributes:
        jobs: An entry for each job, by server and id.
        forgotten: Up to when, in epoch seconds, what is said of a job no longer counts.
    """

    def __init__(self) -> None:
        self.jobs: dict[Key, Entry] = {}
        self.forgotten: dict[Key, float] = {}

    def take(self, entry: Entry) -> None:
        """Take an entry in."""
        key = entry.key
        if entry.event == FORGOT:
            self.forgotten[key] = max(entry.at, self.forgotten.get(key, -math.inf))
            for one in list(self.jobs.values()) if key == _ALL else [self.jobs.get(key)]:
                if one is not None and one.at <= entry.at:
                    del self.jobs[one.key]
        elif not self.forgotten or entry.at > self._forgotten_at(key):
            known = self.jobs.get(key)
            self.jobs[key] = entry if known is None else known.joined(entry)

    def entries(self) -> list[Entry]:
        """The fewest entries that say all of it, the oldest first."""
        marks = [Entry(FORGOT, at, server, job, at) for (server, job), at in self.forgotten.items()]
        return sorted([*marks, *self.jobs.values()], key=lambda entry: (entry.at, entry.key))

    def _forgotten_at(self, key: Key) -> float:
        forgotten = self.forgotten
        return max(forgotten.get(key, -math.inf), forgotten.get(_ALL, -math.inf))


def fold(entries: Iterable[Entry]) -> Folded:
    """Put entries together, whatever their order."""
    everything = list(entries)
    folded = Folded()
    for forgotten in (True, False):
        for entry in everything:
            if (entry.event == FORGOT) is forgotten:
                folded.take(entry)
    return folded

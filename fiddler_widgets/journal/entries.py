"""The journal's entries about jobs, and how many entries about one job are merged into one.

Pure. Merging entries is commutative, associative and idempotent, so lines may be read twice, in any order and by any
number of processes, and files may be merged at any time without a lock. Text of the server is cut and sanitised before
it becomes part of an entry.
"""

from __future__ import annotations

import functools
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from fiddler_widgets.messages import safe_text
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
"""The most characters of a name."""
_LONGEST_READ = 4000
"""The most characters of a text from the server that are read."""

SEEN, STARTED, ENDED, FORGOT = "seen", "started", "ended", "forgot"
RANKS = {SEEN: 0, STARTED: 1, ENDED: 2}
EVERYTHING = "*"
"""With this as its id, and no server, a `FORGOT` entry has all jobs forgotten that were seen before."""

_FINAL = frozenset(str(status) for status in JobStatus if status.final)

Bounds = tuple[float, "float | None"]
"""The least and most seconds that something took; ``None`` as the most if there is no upper bound."""

Key = tuple[str, str]
"""A job's server and its id."""

_ALL: Key = ("", EVERYTHING)


class Kind(NamedTuple):
    """What a job works on; each part is empty if the job has none.

    Attributes:
        project: The project's name.
        model: The model's name.
        version: The model's version.
        resource_type: The type of the resource, such as "DATASET".
        resource: The resource's name.
    """

    project: str = ""
    model: str = ""
    version: str = ""
    resource_type: str = ""
    resource: str = ""

    @property
    def what(self) -> str:
        """The text of the card: "project bank_churn · model churn v1 · dataset train"."""
        label = self.resource_type.lower().replace("_", " ") or "resource"
        parts = [f"project {self.project}"] if self.project else []
        if self.model:
            parts.append(f"model {self.model} {self.version}".rstrip())
        if self.resource and self.resource != {"project": self.project, "model": self.model}.get(label):
            parts.append(f"{label} {self.resource}")
        return " · ".join(parts)

    @property
    def info(self) -> dict[str, Any]:
        """As much of the job's ``info`` as is remembered."""
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
    return safe_text(mask(name[:_LONGEST_READ]), _LONGEST)


def kind_of(info: Mapping[str, Any], mask: Callable[[str], str] = str) -> Kind:
    """What a job works on, from its ``info``, which may have any shape.

    Args:
        info: The ``info`` of the server's answer.
        mask: Removes secrets from a text.
    """

    def text(value: object, length: int) -> str:
        return safe_text(mask(str(value)[:_LONGEST_READ]), length) if isinstance(value, str | int | float) else ""

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
        at: The time of the entry, in epoch seconds.
        server: The platform's address, without a query or a user's name.
        job: The job's id, or `EVERYTHING`.
        first: When the job was first seen, in epoch seconds.
        name: The job's name.
        kind: What the job works on.
        status: The job's status in the REST API; empty while unknown.
        status_at: When the job had that status, in epoch seconds; 0 while unknown.
        ran: How many seconds the job ran; ``None`` while nothing is known about that.
        queued: How many seconds the job was queued; ``None`` while nothing is known about that.
        place: The notebook and cell in which the job was watched.
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
    status_at: float = 0.0
    ran: Bounds | None = None
    queued: Bounds | None = None
    place: str = ""
    rest: Mapping[str, Any] = {}

    @property
    def key(self) -> Key:
        """Identifies the job: entries with the same key are about the same job."""
        return self.server, self.job

    @property
    def final(self) -> bool:
        """Whether the job is over."""
        return self.status in _FINAL

    def merged_with(self, other: Entry) -> Entry:
        """Both entries as one: the widest times, the newest or final status, the narrowest bounds."""
        newest = max(self, other, key=_status_order)
        return Entry(
            max(self.event, other.event, key=lambda event: RANKS.get(event, -1)),
            max(self.at, other.at),
            self.server,
            self.job,
            min(self.first, other.first),
            max(self.name, other.name, key=_length_order),
            max(self.kind, other.kind, key=lambda kind: (sum(map(len, kind)), kind)),
            newest.status,
            newest.status_at,
            _narrower(self.ran, other.ran),
            _narrower(self.queued, other.queued),
            max(self.place, other.place, key=_length_order),
            _merged(self.rest, other.rest) if self.rest or other.rest else {},
        )


def _length_order(text: str) -> tuple[int, str]:
    return len(text), text


def _status_order(entry: Entry) -> tuple[Any, ...]:
    """A final status comes last, even if a clock that was set back makes it look older."""
    return (
        (2, entry.status, entry.status_at) if entry.final else (1 if entry.status else 0, entry.status_at, entry.status)
    )


def _narrower(first: Bounds | None, second: Bounds | None) -> Bounds | None:
    if first is None or second is None:
        return first or second
    highest = min(math.inf if first[1] is None else first[1], math.inf if second[1] is None else second[1])
    return max(first[0], second[0]), None if highest == math.inf else highest


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**first, **second}
    for name in first.keys() & second.keys():
        merged[name] = max(first[name], second[name], key=lambda value: json.dumps(value, sort_keys=True))
    return merged


# ---- many entries


class Folded:
    """All entries, merged into one for each job.

    Attributes:
        jobs: The entry of each job, by its key.
        forgotten: The time, in epoch seconds, up to which entries about a job do not count, by the job's key.
    """

    def __init__(self) -> None:
        self.jobs: dict[Key, Entry] = {}
        self.forgotten: dict[Key, float] = {}

    def add(self, entry: Entry) -> None:
        """Merge an entry into those of its job."""
        key = entry.key
        if entry.event == FORGOT:
            self.forgotten[key] = max(entry.at, self.forgotten.get(key, -math.inf))
            for forgotten_entry in list(self.jobs.values()) if key == _ALL else [self.jobs.get(key)]:
                if forgotten_entry is not None and forgotten_entry.at <= entry.at:
                    del self.jobs[forgotten_entry.key]
        elif not self.forgotten or entry.at > self._forgotten_at(key):
            existing = self.jobs.get(key)
            self.jobs[key] = entry if existing is None else existing.merged_with(entry)

    def entries(self) -> list[Entry]:
        """The fewest entries that contain all of this, the oldest first."""
        marks = [Entry(FORGOT, at, server, job, at) for (server, job), at in self.forgotten.items()]
        return sorted([*marks, *self.jobs.values()], key=lambda entry: (entry.at, entry.key))

    def _forgotten_at(self, key: Key) -> float:
        forgotten = self.forgotten
        return max(forgotten.get(key, -math.inf), forgotten.get(_ALL, -math.inf))


def fold(entries: Iterable[Entry]) -> Folded:
    """Merge entries; their order does not matter."""
    everything = list(entries)
    folded = Folded()
    for forgotten in (True, False):
        for entry in everything:
            if (entry.event == FORGOT) is forgotten:
                folded.add(entry)
    return folded

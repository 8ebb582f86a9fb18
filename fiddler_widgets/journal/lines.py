"""Writing an entry as a line of JSON of at most 1 KB, and reading lines, which may be damaged.

Pure. Fields and lines of later versions are kept as they are; incomplete lines are ignored.
"""

from __future__ import annotations

import json
from typing import Any

from fiddler_widgets.journal.entries import FORGOT, RANKS, Bounds, Entry, Kind
from fiddler_widgets.messages import safe_text
from fiddler_widgets.models import clean

__all__ = ["line_of", "read"]

_VERSION = 1
_LONGEST_LINE = 1024
_LENGTHS = (120, 60, 30, 12, 0)
"""The most characters of each text, tried until a line is short enough."""
_LONGEST_KEY = 300
"""The most characters of a job's id or a server's address; these are never cut, and longer ones are not written."""


def line_of(entry: Entry) -> bytes | None:
    """The line for an entry, of at most 1 KB with its line break; ``None`` if the entry cannot be made so short."""
    if max(len(entry.server), len(entry.job)) > _LONGEST_KEY:
        return None
    for length in _LENGTHS:
        fields: dict[str, Any] = {
            "v": _VERSION,
            "e": entry.event,
            "t": round(entry.at, 3),
            "first": round(entry.first, 3),
            "job": entry.job,
            "server": entry.server,
            "name": safe_text(entry.name, length) if length else "",
            "kind": [safe_text(part, length) for part in entry.kind] if length and any(entry.kind) else None,
            "what": safe_text(entry.kind.what, length) if length else "",
            "status": safe_text(entry.status, 40),
            "told": round(entry.status_at, 3) if entry.status and entry.status_at != entry.at else None,
            "ran": _rounded(entry.ran),
            "queued": _rounded(entry.queued),
            "where": entry.place[-length:] if length else "",
        }
        filled = {name: value for name, value in fields.items() if value not in (None, "")}
        rest = {name: value for name, value in entry.rest.items() if name not in fields} if length else {}
        text = json.dumps(clean({**rest, **filled}), ensure_ascii=False, separators=(",", ":"))
        line = text.encode() + b"\n"
        if len(line) <= _LONGEST_LINE:
            return line
    return None


def _rounded(bounds: Bounds | None) -> list[float | None] | None:
    return None if bounds is None else [None if bound is None else round(bound, 2) for bound in bounds]


def read(data: bytes) -> tuple[list[Entry], list[bytes]]:
    """The entries of a file, and its lines of other versions as they are; incomplete lines are ignored."""
    entries: list[Entry] = []
    foreign: list[bytes] = []
    lines = [line for line in data.split(b"\n") if line[:1] == b"{" and line[-1:] == b"}"]
    try:
        # Parsing all lines at once takes a third of the time and almost always works.
        documents = json.loads(b"[" + b",".join(lines) + b"]")
    except (ValueError, RecursionError):
        documents = [_loaded(line) for line in lines]
    if len(documents) != len(lines):
        documents = [_loaded(line) for line in lines]
    for line, fields in zip(lines, documents, strict=True):
        entry = _entry(fields)
        if entry is not None:
            entries.append(entry)
        elif isinstance(fields.get("v"), int) and fields["v"] != _VERSION:
            foreign.append(line)
    return entries, foreign


def _loaded(line: bytes) -> dict[str, Any]:
    """The fields of a line; none if it is no JSON object."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


_KNOWN = frozenset(
    ("v", "e", "t", "first", "job", "server", "name", "kind", "what", "status", "told", "ran", "queued", "where")
)


def _entry(fields: dict[str, Any]) -> Entry | None:
    """The entry with these fields; ``None`` if they are of another version, or one that is required is not valid."""
    get = fields.get
    event, at, job, server = get("e"), _seconds(get("t")), get("job"), get("server", "")
    if get("v") != _VERSION or not isinstance(event, str) or at is None:
        return None
    if (event not in RANKS and event != FORGOT) or not isinstance(job, str) or not job or not isinstance(server, str):
        return None
    first, status_at, kind = _seconds(get("first")), _seconds(get("told")), get("kind")
    status = _string(get("status"))
    parts = [part if isinstance(part, str) else "" for part in kind[:5]] if isinstance(kind, list) else []
    return Entry(
        event,
        at,
        server,
        job,
        at if first is None else first,
        _string(get("name")),
        Kind(*parts),
        status,
        (at if status_at is None else status_at) if status else 0.0,
        _bounds(get("ran")),
        _bounds(get("queued")),
        _string(get("where")),
        {} if fields.keys() <= _KNOWN else {name: fields[name] for name in fields.keys() - _KNOWN},
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: object) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12  # noqa: PLR2004
    return float(value) if plain else None  # type: ignore[arg-type]


def _bounds(value: object) -> Bounds | None:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 (lowest and highest)
        return None
    low, high = _seconds(value[0]), _seconds(value[1])
    return None if low is None else (max(0.0, low), high)

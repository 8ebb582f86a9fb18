"""Things that a platform lists: found by their id, and page by page with a filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad, missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Item", "by_id", "compact", "page"]

Item = dict[str, object]
"""A project, a model or the like, as the wire says it; a filter can ask for each of its fields."""

_LARGEST_PAGE = 100


def by_id(items: Sequence[Item], id_: str, what: str) -> Item:
    """Return the thing of this id.

    Raises:
        Refused: There is none; the answer calls it `what`.
    """
    for item in items:
        if item["id"] == id_.lower():
            return item
    raise missing(what)


def compact(item: Item, *more: str) -> Item:
    """Return id and name of a thing, and more of its fields, as other things refer to it."""
    return {name: item[name] for name in ("id", "name", *more)}


def page(query: str, items: Sequence[Item]) -> Reply:
    """Return one page of those items that a query's filter lets through; they are given oldest first.

    Raises:
        Refused: The query is not understood.
    """
    asked = parse_qs(query)
    rules = _rules(asked.get("filter", ["{}"])[-1])
    matching = [item for item in items if all(item.get(name) == value for name, value in rules.items())]
    ordering = asked.get("ordering", ["created_at"])[-1]
    if ordering not in {"created_at", "-created_at"}:
        raise bad("ordering: here there is only created_at and -created_at.")
    if ordering.startswith("-"):
        matching.reverse()
    size = min(_LARGEST_PAGE, _number(asked, "limit", _LARGEST_PAGE, least=1))
    offset = _number(asked, "offset", 0, least=0)
    here = matching[offset : offset + size]
    data = {
        "page_size": size,
        "total": len(matching),
        "item_count": len(here),
        "page_count": -(-len(matching) // size),
        "page_index": offset // size + 1,
        "offset": offset,
        "items": here,
    }
    return data_reply(data, kind="PAGINATED")


def _rules(text: str) -> dict[str, object]:
    """Return what fields a filter asks for: it knows equality alone, and that all rules must hold."""
    try:
        document = json.loads(text)
        rules = document.get("rules", [])
        if document.get("condition", "AND") != "AND" or any(rule["operator"] != "equal" for rule in rules):
            raise bad("filter: here there is only AND, and the operator equal.")
        return {str(rule["field"]): rule["value"] for rule in rules}
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise bad("filter: rules of field, operator and value are required.") from None


def _number(asked: Mapping[str, Sequence[str]], name: str, default: int, *, least: int) -> int:
    text = asked.get(name, [str(default)])[-1]
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**31)) and int(text) >= least):
        raise bad(f"{name}: a whole number from {least} is required.")
    return int(text)

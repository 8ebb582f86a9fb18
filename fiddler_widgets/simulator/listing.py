"""Lists of projects, models and the like: finding an item by its id, and pages of items with a filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Item", "by_id", "compact", "page"]

Item = dict[str, object]
"""A project, a model or the like, as in answers; a filter can name each of its fields."""

_LARGEST_PAGE = 100


def by_id(items: Sequence[Item], id_: str, kind: str) -> Item:
    """Return the item with this id.

    Raises:
        Refused: There is none; the answer names the `kind`.
    """
    for item in items:
        if item["id"] == id_.lower():
            return item
    raise not_found(kind)


def compact(item: Item, *more: str) -> Item:
    """Return id and name of an item, and more of its fields, as other items refer to it."""
    return {name: item[name] for name in ("id", "name", *more)}


def page(query: str, items: Sequence[Item]) -> Reply:
    """Return one page of the items that match a query's filter.

    Args:
        query: The query of the request.
        items: All items, the oldest first.

    Raises:
        Refused: The query is not understood.
    """
    parameters = parse_qs(query)
    rules = _rules(parameters.get("filter", ["{}"])[-1])
    matching = [item for item in items if all(item.get(name) == value for name, value in rules.items())]
    ordering = parameters.get("ordering", ["created_at"])[-1]
    if ordering not in {"created_at", "-created_at"}:
        raise bad_request("ordering: here there is only created_at and -created_at.")
    if ordering.startswith("-"):
        matching.reverse()
    size = min(_LARGEST_PAGE, _number(parameters, "limit", _LARGEST_PAGE, least=1))
    offset = _number(parameters, "offset", 0, least=0)
    page_items = matching[offset : offset + size]
    data = {
        "page_size": size,
        "total": len(matching),
        "item_count": len(page_items),
        "page_count": -(-len(matching) // size),
        "page_index": offset // size + 1,
        "offset": offset,
        "items": page_items,
    }
    return data_reply(data, kind="PAGINATED")


def _rules(text: str) -> dict[str, object]:
    """Return the fields and values of a filter; it supports only equality, and all rules must hold."""
    try:
        document = json.loads(text)
        rules = document.get("rules", [])
        if document.get("condition", "AND") != "AND" or any(rule["operator"] != "equal" for rule in rules):
            raise bad_request("filter: here there is only AND, and the operator equal.")
        return {str(rule["field"]): rule["value"] for rule in rules}
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise bad_request("filter: rules of field, operator and value are required.") from None


def _number(parameters: Mapping[str, Sequence[str]], name: str, default: int, *, least: int) -> int:
    text = parameters.get(name, [str(default)])[-1]
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**31)) and int(text) >= least):
        raise bad_request(f"{name}: a whole number from {least} is required.")
    return int(text)

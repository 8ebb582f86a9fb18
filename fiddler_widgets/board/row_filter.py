"""The search field of a board; the page has the same search in ``js/src``, and both are tested by one file of examples.

A row matches if it contains all words, anywhere and in upper or lower case, and none that is written as ``!word``;
``"two words"`` is one term, also before the closing quote is typed. ``tests/shared/board_filter.json`` has the special
cases.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SEARCHED", "row_filter", "view_filter"]

SEARCHED: Final = ("name", "what", "id", "word", "error")
"""The columns that are searched."""

_BLANK = re.compile("[\t\r\n\u00a0]")
_WORD = re.compile(r'(!?)(?:"([^"]*)"?|([^ ]+))')


def row_filter(text: str) -> Callable[[Mapping[str, object]], bool]:
    """The filter for a search.

    Args:
        text: The text of the search field; an empty text matches all rows.

    Returns:
        A function that says whether a row matches; it reads the columns `SEARCHED` of the row.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for sign, phrase, word in _WORD.findall(_BLANK.sub(" ", text)):
        term = (phrase or word).lower()
        # An exclamation mark alone is the beginning of a term and matches everything.
        if term and not (word == "!" and not sign):
            (unwanted if sign else wanted).append(term)

    def matches(row: Mapping[str, object]) -> bool:
        # Columns are joined by a line feed, which no term contains, so that no term matches across two columns.
        searched = "\n".join(_BLANK.sub(" ", str(row[column])) for column in SEARCHED).lower()
        return all(word in searched for word in wanted) and not any(word in searched for word in unwanted)

    return matches


def view_filter(text: str, view: Mapping[str, object]) -> Callable[[Mapping[str, object]], bool]:
    """As `row_filter`, but a row must also have one of the statuses that the reader has chosen.

    Args:
        text: The text of the search field.
        view: How the reader wants to see the rows; without ``statuses`` in it any status will do.
    """
    matches, chosen = row_filter(text), view.get("statuses")
    if not isinstance(chosen, list) or not chosen:
        return matches
    return lambda row: row["status"] in chosen and matches(row)

"""What the search field of a board finds; the page has the same in ``js/src``, and both read one file of examples.

Words are to be found all, wherever in a row and in whatever case; ``!word`` is not to be found; ``"two words"`` is one,
also before its end is typed. ``tests/shared/board_filter.json`` has what follows for the odd cases.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SEARCHED", "row_filter"]

SEARCHED: Final = ("name", "what", "id", "word", "error")
"""The columns in which words are looked for."""

_BLANK = re.compile("[\t\r\n\u00a0]")
_WORD = re.compile(r'(!?)(?:"([^"]*)"?|([^ ]+))')


def row_filter(text: str) -> Callable[[Mapping[str, object]], bool]:
    """What tells whether a search shows a row.

    Args:
        text: What is searched for; an empty one shows all.

    Returns:
        A function of a row, of which it reads the columns `SEARCHED`.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for sign, phrase, word in _WORD.findall(_BLANK.sub(" ", text)):
        found = (phrase or word).lower()
        # An exclamation mark alone is the beginning of a word.
        if found and not (word == "!" and not sign):
            (unwanted if sign else wanted).append(found)

    def shows(row: Mapping[str, object]) -> bool:
        # No word goes from one column to the next: in none of them there is a line feed.
        searched = "\n".join(_BLANK.sub(" ", str(row[column])) for column in SEARCHED).lower()
        return all(word in searched for word in wanted) and not any(word in searched for word in unwanted)

    return shows

"""What the search field of a board finds; the page is tested with the same examples."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from fiddler_widgets.board.row_filter import row_filter

_cases = json.loads((pathlib.Path(__file__).parent.parent / "shared" / "board_filter.json").read_text("utf-8"))


@pytest.mark.parametrize("case", _cases, ids=lambda case: repr(case["filter"]))
def test_a_search_shows_the_rows_that_the_page_shows(case: dict[str, Any]) -> None:
    """Each example of the shared file holds."""
    assert row_filter(case["filter"])(case["row"]) is case["shown"]

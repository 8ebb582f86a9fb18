"""Kernel and page agree on a board's messages and columns, and what is sent has the keys that were agreed on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.board import protocol
from fiddler_widgets.board.table import COLUMNS, Table
from fiddler_widgets.models import JobState
from fiddler_widgets.widget import protocol as of_cards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.fake_server import FakeServer

SOURCE = Path(__file__).parents[2] / "js" / "src" / "board_protocol.js"
ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


@pytest.fixture
def page_side() -> str:
    """Return the page's side; the sources are in a checkout, not in a wheel."""
    if not SOURCE.exists():
        pytest.skip("the frontend's sources are in a checkout, not in a wheel")
    return SOURCE.read_text(encoding="utf-8")


def messages(module: Any) -> dict[str, str]:
    """Return the names of messages."""
    return {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


def test_messages_have_the_same_names_on_both_sides(page_side: str) -> None:
    """Beside those of a card, which mean the same."""
    page = dict(re.findall(r'^export const (\w+) = "(\w+)";$', page_side, re.MULTILINE))
    own = messages(protocol).items() - messages(of_cards).items()
    assert page.items() - messages(of_cards).items() == own


def test_columns_have_the_same_names_on_both_sides(page_side: str) -> None:
    """Texts, numbers and flags."""
    lists = re.findall(r"^export const (TEXTS|NUMBERS|FLAGS) = .*?\(\[(.*?)\]\);", page_side, re.MULTILINE | re.DOTALL)
    assert {name for _, names in lists for name in re.findall(r'"(\w+)"', names)} == set(COLUMNS)


def test_times_are_the_same_columns_on_both_sides(page_side: str) -> None:
    """Those that a table holds as seconds before its base."""
    (names,) = re.findall(r"^export const TIMES = .*?\(\[(.*?)\]\);", page_side, re.MULTILINE | re.DOTALL)
    table = Table()
    table.add(dict.fromkeys(COLUMNS, 0) | {"final": False, "held": False})
    columns = json.loads(table.snapshot(1000.0))["columns"]
    assert set(re.findall(r'"(\w+)"', names)) == {name for name, values in columns.items() if values == [1000]}


@pytest.fixture
def sent(server: FakeServer) -> Mapping[str, Mapping[str, Any]]:
    """A payload of each kind, as it is sent."""
    board = fw.JobBoard([fw.Job(ID, connection=server, state=JobState(id=ID, status="STARTED"))], interval=60)
    table = Table()
    return {
        "Snapshot": json.loads(board.__table_snapshot__()),
        "Delta": table.delta(1.0),
        "Head": board._head,
        "View": board._view,
    }


@pytest.mark.parametrize("payload", ["Snapshot", "Delta", "Head", "View"])
def test_what_is_sent_has_the_keys_that_were_agreed_on(payload: str, sent: Mapping[str, Mapping[str, Any]]) -> None:
    """No key is missing, and none is sent that nobody reads."""
    assert sent[payload].keys() == set(getattr(protocol, payload).__annotations__)

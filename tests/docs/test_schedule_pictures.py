"""The pictures of docs/how-it-works.md show what the schedule does now."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """The pictures, drawn anew."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from schedule_pictures import pictures  # type: ignore[import-not-found] # noqa: PLC0415 - needs the path
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    result: dict[str, str] = pictures()
    return result


def test_pictures_are_of_the_schedule_as_it_is(drawn: dict[str, str]) -> None:
    """If not, `python benchmarks/schedule_pictures.py` draws them anew; look at them before they are committed."""
    for name, picture in drawn.items():
        assert (ROOT / "docs" / "images" / name).read_text(encoding="utf-8") == picture, name


def test_the_page_shows_each_of_them(drawn: dict[str, str]) -> None:
    """One picture for each kind of job."""
    page = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    assert len(drawn) == 5
    assert all(f"(images/{name})" in page for name in drawn)

"""The frontend is light: it travels with every widget."""

from __future__ import annotations

from importlib import resources

import pytest

LIMITS = {
    "job_widget.js": 40_000,
    # With some selectors that hold for boards, too.
    "job_widget.css": 17_000,
    "static_card.css": 4_700,
    # The card's own, which a board holds, and as much again: one board stands for hundreds of cards.
    "job_board.js": 108_000,
    "job_board.css": 32_000,
}


@pytest.mark.parametrize(("name", "limit"), list(LIMITS.items()))
def test_frontend_is_light(name: str, limit: int) -> None:
    """In bytes of the file as it is built, unminified; `benchmarks/update_cost.py` says what weighs how much."""
    assert len(resources.files("fiddler_widgets").joinpath("static", name).read_bytes()) < limit


@pytest.mark.parametrize("name", ["job_widget.js", "job_board.js"])
def test_frontend_is_readable(name: str) -> None:
    """Nobody gets below the limit by squeezing: no line is longer than in the sources."""
    bundle = resources.files("fiddler_widgets").joinpath("static", name).read_text("utf-8")
    assert max(len(line) for line in bundle.splitlines() if "M2 14l3-3" not in line) < 160

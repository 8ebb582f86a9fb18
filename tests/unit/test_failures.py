"""How long to wait before a failed request is made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.polling.failures import backoff_pause

if TYPE_CHECKING:
    import random


def test_backoff_doubles_to_its_limit() -> None:
    """With the largest jitter the pauses are the caps, however many failures there were."""
    pauses = [backoff_pause(failures, lambda _, cap: cap) for failures in (1, 2, 3, 7, 8, 10_000)]
    assert pauses == [0.5, 1.0, 2.0, 30.0, 30.0, 30.0]


@given(st.integers(1, 10**9), st.randoms(use_true_random=False))
def test_backoff_is_bounded(failures: int, rng: random.Random) -> None:
    """No pause is shorter than 0.2 s or longer than 30 s."""
    assert 0.2 <= backoff_pause(failures, rng.uniform) <= 30

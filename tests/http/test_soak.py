"""The short form of `benchmarks/soak.py`: chaos for seconds, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[2] / "benchmarks" / "soak.py"


@pytest.mark.timeout(110)
@pytest.mark.skipif(not SOAK.exists(), reason="the benchmarks are in a checkout, not in a wheel")
def test_nothing_is_lost_in_chaos() -> None:
    """Sixty jobs at a time on a failing, restarting server: each end is seen once, and nothing is left over."""
    done = subprocess.run(
        [sys.executable, str(SOAK), "--minutes", "0.15", "--jobs", "60"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stderr == "", done.stdout + done.stderr
    assert done.returncode == 0, done.stdout

"""What pyproject.toml promises to those who install the package."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

import pytest


def test_each_dependency_has_a_lowest_version_and_no_highest() -> None:
    """`.ci/floors` can install the lowest versions, and a user's newer ones are never refused."""
    try:
        found = requires("fiddler-widgets") or []
    except PackageNotFoundError:
        pytest.skip("not installed")
    needed = [one for one in found if "extra ==" not in one]
    assert needed
    assert [one for one in needed if not re.fullmatch(r"[\w-]+>=[\d.]+", one)] == []

"""The hosted workflows, as far as they can be checked here: `make lint` has the rest."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import fiddler_widgets as fw

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"

# By the repository itself, so that a checkout that has lost its workflows fails.
pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the workflows are in a checkout, not in a wheel")

# Their first versions on Node 24 (each one's action.yml); GitHub's runners have had no Node 20 since 2026-09-16.
FIRST_ON_NODE_24 = {
    "actions/checkout": 5,
    "actions/download-artifact": 7,
    "actions/setup-node": 5,
    "actions/setup-python": 6,
    "actions/upload-artifact": 6,
}


@pytest.mark.parametrize("name", ["ci.yml", "release.yml"])
def test_each_action_runs_on_a_node_that_runners_have(name: str) -> None:
    """An action in JavaScript that asks for Node 20 stops a workflow at once."""
    used = re.findall(r"uses: (actions/[\w-]+)@v(\d+)$", (WORKFLOWS / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    assert [action for action, version in used if int(version) < FIRST_ON_NODE_24[action]] == []


def test_pushes_and_weeks_run_what_has_to_hold() -> None:
    """`.ci/run` is what the workflow calls, on each push and weekly."""
    text = (WORKFLOWS / "ci.yml").read_text(encoding="utf-8")
    assert re.search(r"^  push:$", text, re.MULTILINE)
    assert re.search(r'^    - cron: "\d+ \d+ \* \* \d"$', text, re.MULTILINE)
    assert re.search(r"^      - run: \.ci/run$", text, re.MULTILINE)


def test_release_is_published_by_trust_and_not_by_a_token() -> None:
    """The tag is checked against the version first; then PyPI takes the workflow's identity."""
    text = (WORKFLOWS / "release.yml").read_text(encoding="utf-8")
    assert text.index(".ci/check-tag") < text.index("python -m build") < text.index("pypa/gh-action-pypi-publish")
    assert "id-token: write" in text
    assert "secrets." not in text


@pytest.mark.parametrize(
    ("tag", "code"), [(f"v{fw.__version__}", 0), (fw.__version__, 1), (f"v{fw.__version__}.1", 1), ("v", 1)]
)
def test_tag_has_to_name_the_version(tag: str, code: int) -> None:
    """A release is made of no other tag than that of the version in the tree."""
    done = subprocess.run([ROOT / ".ci" / "check-tag", tag], capture_output=True, text=True, check=False)
    assert done.returncode == code

"""Every code block of the documentation does what its page says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import fiddler_widgets
from tests.docs import commands, notebook, platform
from tests.docs.pages import PAGES, PYTHON, ROOT, SHELL, UnknownBlockError, blocks_of, commands_of, exports_of

if TYPE_CHECKING:
    from pathlib import Path

PROJECT_PATH = re.compile(r"`[^`]*?\b((?:tests|benchmarks|notebooks|docs)/[\w./-]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """Its Python as one notebook in a real kernel, its commands as they stand or as `commands.OTHERWISE` says."""
    blocks = blocks_of(page)
    with platform.platform() as sim:
        where = commands.place(blocks, sim, tmp_path, exports_of(blocks))
        if any(block.language == PYTHON for block in blocks):
            notebook.run(blocks, sim, tmp_path, where.environment)
        commands.check(where)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_speaks_of_is_there(page: Path) -> None:
    """Files of the repository in its text, and no job that the platform of the pages does not have."""
    text = page.read_text(encoding="utf-8")
    missing = [path for path in PROJECT_PATH.findall(text) if not (ROOT / path).exists()]
    assert not missing
    ids = set(re.findall(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", text))
    assert ids <= {*platform.JOBS, platform.UNKNOWN}


def test_every_public_name_is_in_the_reference() -> None:
    """What can be imported from the package has a place on the page that Sphinx fills from the docstrings."""
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^\.\. auto\w+:: (?:fiddler_widgets\.)?(\w+)", reference, re.MULTILINE))
    assert set(fiddler_widgets.__all__) - {"__version__"} <= shown


def test_no_exception_from_running_is_out_of_use() -> None:
    """Each command that runs literally or is checked in another way, and each job, is on some page."""
    all_blocks = [block for page in PAGES for block in blocks_of(page)]
    lines = [words for block in all_blocks if block.language in SHELL for words in commands_of(block)]
    used = {entry for words in lines if (entry := commands.entry_for(words))}
    assert used == set(commands.OTHERWISE)
    assert set(commands.LITERALLY) <= {" ".join(words) for words in lines}
    sources = "".join(block.source for block in all_blocks)
    assert all(id_ in sources for id_ in (*platform.JOBS, platform.UNKNOWN))


@pytest.mark.parametrize(
    "text",
    [
        "```\nx\n```",
        "    x\n",
        "```ruby\nx\n```",
        "```python skip\nx\n```",
        "- a list\n\n  ```\n  x\n  ```",
        "```{eval-rst}\n.. code-block:: python\n\n   x\n```",
    ],
    ids=["no language", "indented", "unknown language", "unknown option", "in a list", "in a directive"],
)
def test_a_block_that_nothing_checks_fails_its_page(text: str) -> None:
    """There is no way to write a block that is not checked, other than to say how it is."""
    with pytest.raises(UnknownBlockError):
        blocks_of(ROOT / "README.md", text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\n1 / 0\n```", "raises ZeroDivisionError, not nothing"),
        ("```python raises=KeyError\n1\n```", "raises nothing, not KeyError"),
        ("```python\nprint('one')\n```\n\n```text\ntwo\n```", "the page says\ntwo"),
    ],
    ids=["raises", "does not raise", "prints something else"],
)
def test_a_page_that_is_wrong_fails(text: str, complaint: str, tmp_path: Path) -> None:
    """The page's line and what came instead are in the message."""
    blocks = blocks_of(ROOT / "README.md", text)
    with platform.platform() as sim, pytest.raises(notebook.PageError, match=r"README\.md:\d") as caught:
        notebook.run(blocks, sim, tmp_path, commands.place(blocks, sim, tmp_path, {}).environment)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf x",
        "make no-such-target",
        "python -m pip install '.[no-such-extra]'",
        "fiddler-widgets simulate --nonsense",
    ],
)
def test_a_command_that_is_wrong_fails(line: str, tmp_path: Path) -> None:
    """Whether it is in no list, or its check finds it wrong."""
    blocks = blocks_of(ROOT / "README.md", f"```bash\n{line}\n```")
    with platform.platform() as sim, pytest.raises(notebook.PageError, match=r"README\.md:1"):
        commands.check(commands.place(blocks, sim, tmp_path, {}))

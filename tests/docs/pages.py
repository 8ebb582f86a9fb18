"""The pages of the documentation, and the fenced blocks in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts),
]

PYTHON = "python"
"""A cell of the page's notebook. ``python raises=AsyncJobFailed``: the cell ends in that error."""
SHELL = frozenset({"bash", "console"})
"""A command on each line; `commands` says how each is checked."""
TEXT = "text"
"""What the block before it printed, or the error it ended in; ``…`` stands for anything."""
DIRECTIVES = frozenset({"{eval-rst}", "{toctree}"})
"""What Sphinx itself runs, when it makes the site."""


class UnknownBlockError(ValueError):
    """A block of which nobody says how it is checked."""


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        where: The page and the line, for messages.
        language: The first word after the fence.
        options: The other words, as in ``raises=AsyncJobFailed``.
        source: What is between the fences.
    """

    where: str
    language: str
    options: dict[str, str]
    source: str


def blocks_of(page: Path, text: str | None = None) -> list[Block]:
    """Return a page's blocks, in order.

    Args:
        page: The file.
        text: Its text, where that is not to be read from the file.

    Raises:
        UnknownBlockError: A block has no language, or one that nothing checks, or an unknown option.
    """
    found = []
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8") if text is None else text):
        if token.type not in {"fence", "code_block"}:
            continue
        where = f"{page.name}:{token.map[0] + 1 if token.map else 0}"
        language, *words = token.info.split() or [""]
        if language not in {PYTHON, TEXT, *SHELL, *DIRECTIVES}:
            message = f"{where}: a block in {language or 'no language'!r}, of which nothing says how it is checked"
            raise UnknownBlockError(message)
        if language in DIRECTIVES:
            if "code" in token.content:
                _no_code_within(where, token.content)
            continue
        options = dict(word.partition("=")[::2] for word in words)
        if options.keys() - ({"raises"} if language == PYTHON else set()):
            message = f"{where}: unknown options {words}"
            raise UnknownBlockError(message)
        found.append(Block(where, language, options, token.content))
    return found


def _no_code_within(where: str, source: str) -> None:
    if re.search(r"^\s*\.\. (code|code-block|sourcecode|parsed-literal)::", source, re.MULTILINE):
        message = f"{where}: code within a directive is not run; write it as a block of its own"
        raise UnknownBlockError(message)


def commands_of(block: Block) -> Iterator[list[str]]:
    """Yield the words of each command in a shell block, comments left out."""
    for line in block.source.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words


def exports_of(blocks: list[Block]) -> dict[str, str]:
    """Return the variables that a page tells its reader to export."""
    return {
        name: value
        for block in blocks
        if block.language in SHELL
        for words in commands_of(block)
        if words[0] == "export"
        for name, _, value in (word.partition("=") for word in words[1:])
    }


def matches(shown: str, expected: str) -> bool:
    """Say whether the expected lines, in which ``…`` stands for anything, are among those that were shown."""
    pattern = ".*?".join(re.escape(part) for part in expected.strip().split("…"))
    return re.search(f"^{pattern}$", shown, re.DOTALL | re.MULTILINE) is not None

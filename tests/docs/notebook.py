"""A page's Python as one notebook, run from top to bottom in a real kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient

from tests.docs.pages import PYTHON, TEXT, Block, matches
from tests.docs.platform import ADDRESS, PRELUDE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fiddler_widgets.simulator import Simulator

CELL_SECONDS = 40


class PageError(AssertionError):
    """A block that does not do what its page says."""


def run(blocks: list[Block], sim: Simulator, folder: Path, environment: Mapping[str, str]) -> None:
    """Run the Python blocks of a page, and compare what they show with its text blocks.

    Args:
        blocks: All blocks of the page, in order.
        sim: The platform; its jobs begin anew when the kernel is ready.
        folder: The kernel's working directory.
        environment: The kernel's environment.

    Raises:
        PageError: A block raises, does not raise as it should, or shows something else.
    """
    notebook = notebook_of(blocks, sim.url)
    notebook.cells.insert(0, _cell(PRELUDE))
    cells = iter(enumerate(notebook.cells))
    client: Any = NotebookClient(
        notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    shown = ""
    with client.setup_kernel(env=dict(environment)):
        index, prelude = next(cells)
        client.execute_cell(prelude, index)
        for job in sim.jobs:
            job.restart()
        for block in blocks:
            if block.language == PYTHON:
                index, cell = next(cells)
                client.execute_cell(cell, index)
                shown = _checked(block, cell)
            elif block.language == TEXT and not matches(shown, block.source):
                message = f"{block.where}: the page says\n{block.source}\nand the block before it showed\n{shown}"
                raise PageError(message)


def notebook_of(blocks: list[Block], url: str) -> Any:
    """Return a page's Python blocks as a notebook, the platform's address in the place of the page's."""
    cells = [_cell(block.source.replace(ADDRESS, url)) for block in blocks if block.language == PYTHON]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    v4: Any = nbformat.v4
    return v4.new_notebook(cells=cells, metadata=kernel)


def _cell(source: str) -> Any:
    v4: Any = nbformat.v4
    # What a cell raises is looked at here, with the block at hand, and not by nbclient.
    return v4.new_code_cell(source, metadata={"tags": ["raises-exception"]})


def _checked(block: Block, cell: Any) -> str:
    """What a cell showed, as text, once it has ended as its block says."""
    shown: list[str] = []
    raised = ""
    for output in cell.outputs:
        if output.output_type == "error":
            raised = output.ename
            shown.append(f"{output.ename}: {output.evalue}")
        else:
            shown.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    text = "\n".join(shown)
    expected = block.options.get("raises", "")
    if raised != expected:
        message = f"{block.where}: raises {raised or 'nothing'}, not {expected or 'nothing'}\n{block.source}\n{text}"
        raise PageError(message)
    return text

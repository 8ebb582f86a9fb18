"""A notebook in a real JupyterLab, driven as its reader would: cells, prompts, outputs, buttons."""

from __future__ import annotations

import json
import re
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
from playwright.sync_api import expect

from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from fiddler_widgets.simulator import Simulator

DONE = re.compile(r"^\[\d+\]:?$")
BUSY = re.compile(r"^\[\*\]:?$")
# Before this holds, JupyterLab takes a Shift+Enter and forgets it.
KERNEL_IS_CONNECTED = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return Boolean(session?.isReady) && kernel?.connectionStatus === "connected"
    && ["idle", "busy"].includes(kernel.status);
}"""
TOKEN_FILE = "token.txt"
# By `dispose`, since `close` asks whether changes are to be saved.
OPEN_ALONE = """async path => {
  const { shell, commands } = window.jupyterapp;
  const before = [...shell.widgets("main")];
  await commands.execute("docmanager:open", { path });
  for (const widget of before) widget.dispose();
}"""
CLOSE_NOTEBOOKS = """() => {
  const open = [...(window.jupyterapp?.shell.widgets("main") ?? [])];
  for (const widget of open) if (widget.context) widget.dispose();
  return open.length > 0;
}"""
HAS_NO_NOTEBOOK = """() => {
  const open = window.jupyterapp?.shell.widgets("main");
  return open !== undefined && [...open].every(widget => widget.context === undefined)
    && document.querySelector(".jp-Dialog") === null;
}"""
COUNT_SAVES = """() => {
  const saves = { begun: 0, ended: 0, failed: 0 };
  globalThis.saves = saves;
  window.jupyterapp.shell.currentWidget.context.saveState.connect((_context, state) => {
    if (state === "started") saves.begun += 1;
    else saves[state === "failed" ? "failed" : "ended"] += 1;
  });
}"""
SAVE_IS_BEGUN = "() => globalThis.saves.begun > 0"
IS_SAVED = "() => globalThis.saves.ended === globalThis.saves.begun"
OUTPUTS_HOLD = """([index, text]) => {
  const outputs = window.jupyterapp.shell.currentWidget.content.widgets[index].model.outputs.toJSON();
  return outputs.some(({ data }) => JSON.stringify(data ?? "").includes(text));
}"""


def connecting(sim: Simulator) -> str:
    """Return the source of a cell that connects to `sim`; the token comes from a file beside the notebook."""
    return f"import fiddler_widgets as fw\nfw.init({sim.url!r}, open({TOKEN_FILE!r}).read())"


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells."""
    content = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{index}",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for index, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")


def close_notebooks(page: Page) -> None:
    """Close all that a page of JupyterLab shows, if it is one, without saving."""
    if page.evaluate(CLOSE_NOTEBOOKS):
        # JupyterLab puts its launcher into the empty place when it comes to it, before whatever is opened meanwhile.
        expect(page.locator(".jp-Launcher").first).to_be_visible()


class LabNotebook:
    """One notebook, open in one page of JupyterLab, or of what else is made of its parts.

    Attributes:
        page: The Playwright page, for whatever is not here.
        server: The address of the Lab.
        path: Its file, directly below the Lab's files.

    Args:
        page: The page; one in which this Lab runs already and shows no notebook opens this one, too.
        server: See above.
        path: See above.
    """

    ADDRESS = "lab/tree"

    def __init__(self, page: Page, server: str, path: Path) -> None:
        self.page = page
        self.server = server
        self.path = path
        if page.url.startswith(f"{server}/lab") and page.evaluate(HAS_NO_NOTEBOOK):
            page.evaluate(OPEN_ALONE, path.name)
            self._wait_until_ready()
        else:
            self.open()

    def open(self, *, reset: bool = True) -> None:
        """Open the page, or open it anew, and wait until a cell can be run.

        Args:
            reset: Forget the layout of an earlier page.
        """
        query = "?reset" if reset else ""
        self.page.goto(f"{self.server}/{self.ADDRESS}/{self.path.name}{query}")
        self._wait_until_ready()

    def reload(self) -> None:
        """Reload the page, as F5 does."""
        self.page.reload()
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=60_000)
        self.page.wait_for_function(KERNEL_IS_CONNECTED, timeout=60_000)

    def cell(self, index: int) -> Locator:
        """Return the cell at `index`, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """Return the output area of the cell at `index`."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def traceback(self, index: int) -> Locator:
        """Return the traceback in the output of the cell at `index`."""
        return (
            self.output(index)
            .locator(
                '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
            )
            .last
        )

    def expect_to_save(self, index: int, text: str, seconds: float = 15) -> None:
        """Wait until the outputs of the cell at `index` hold a text in what would be saved of them.

        A card's output is published after the card itself has changed on the page, and is drawn anew then.
        """
        self.page.wait_for_function(OUTPUTS_HOLD, arg=[index, text], timeout=seconds * 1000)

    def prompt(self, index: int) -> Locator:
        """Return the input prompt of the cell at `index`: ``[ ]:``, ``[*]:`` or ``[3]:``."""
        return self.cell(index).locator(".jp-InputArea-prompt")

    def run(self, index: int) -> None:
        """Run the cell at `index` by Shift+Enter; return at once."""
        self.prompt(index).click()
        self.page.keyboard.press("Shift+Enter")

    def run_to_end(self, index: int, seconds: float = 15) -> None:
        """Run the cell at `index` and wait until it is done, by a number that this kernel has not given it before."""
        before = self.prompt(index).inner_text().strip()
        self.run(index)
        # Of a cell that is run again the prompt of the run before stays for a moment.
        if DONE.match(before):
            expect(self.prompt(index)).not_to_have_text(before, timeout=seconds * 1000)
        self.expect_done(index, seconds)

    def run_all(self) -> None:
        """Run all cells, as the menu does; return at once."""
        # In braces, so that the promise, which lasts as long as the cells do, is not waited for.
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def expect_done(self, index: int, seconds: float = 15) -> None:
        """Wait until the cell at `index` has been run."""
        expect(self.prompt(index)).to_have_text(DONE, timeout=seconds * 1000)

    def expect_busy(self, index: int, seconds: float = 15) -> None:
        """Wait until the cell at `index` shows ``[*]``."""
        expect(self.prompt(index)).to_have_text(BUSY, timeout=seconds * 1000)

    def is_busy(self, index: int) -> bool:
        """Say whether the cell at `index` shows ``[*]`` now."""
        return BUSY.match(self.prompt(index).inner_text().strip()) is not None

    def save(self) -> None:
        """Save by Ctrl+S, and wait until the file is written, with the outputs as they are now."""

        def is_begun() -> bool:
            # While an earlier save winds up, JupyterLab takes a Ctrl+S and forgets it.
            self.page.keyboard.press("Control+s")
            return bool(self.page.evaluate(SAVE_IS_BEGUN))

        self.page.locator(".jp-Notebook").click(position={"x": 1, "y": 1})
        # That nothing is left to save says little: it holds before an output comes in, and while the file is written.
        self.page.evaluate(COUNT_SAVES)
        until(is_begun, "a save to begin")
        self.page.wait_for_function(IS_SAVED)

    def interrupt(self) -> None:
        """Click the toolbar's ■."""
        self.page.locator('[data-command="notebook:interrupt-kernel"]').first.click()

    def kernel_id(self) -> str:
        """Return the id of the notebook's kernel, as the server knows it."""
        for session in self._api("GET", "/api/sessions"):
            if session["path"] == self.path.name:
                return str(session["kernel"]["id"])
        message = f"no session for {self.path.name}"
        raise LookupError(message)

    def discard(self) -> None:
        """End the notebook's session and kernel, whatever is left of them."""
        for session in self._api("GET", "/api/sessions"):
            if session["path"] == self.path.name:
                self._api("DELETE", f"/api/sessions/{session['id']}")

    @contextmanager
    def frozen_kernel(self) -> Iterator[None]:
        """Let the kernel's process stand still for the length of the block, so that nobody tells the page."""
        process = self._kernel_process()
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def kill_kernel(self) -> None:
        """Kill the kernel's process, as the system does when memory runs out."""
        process = self._kernel_process()
        process.kill()
        until(lambda: not process.is_running() or process.status() == "zombie", "the kernel's end")

    def _kernel_process(self) -> psutil.Process:
        name = f"kernel-{self.kernel_id()}.json"
        for process in psutil.process_iter(["cmdline"]):
            if any(argument.endswith(name) for argument in process.info["cmdline"] or ()):
                return process
        message = f"no process of {name}"
        raise LookupError(message)

    def _api(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"{self.server}{path}", method=method)
        with urllib.request.urlopen(request, timeout=15) as response:
            body = response.read()
        return json.loads(body) if body else None


class Notebook7(LabNotebook):
    """One notebook, open in one page of Notebook 7."""

    ADDRESS = "notebooks"

"""How the commands on the pages are checked.

Most run as they are written, in an empty folder. Those that would not end, or would change the machine, are in
`OTHERWISE`, which says what is done in their place. A command that is in neither list fails its page.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import nbformat
from packaging.requirements import Requirement

from tests.docs.notebook import PageError, notebook_of
from tests.docs.pages import ROOT, SHELL, Block, commands_of
from tests.docs.platform import ADDRESS
from tests.e2e.servers import isolated_environment, serving
from tests.e2e.waiting import until
from tests.jupyter_faults import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fiddler_widgets.simulator import Simulator

LITERALLY = (
    "fiddler-widgets --version",
    "fiddler-widgets enable",
    "fiddler-widgets status",
    "fiddler-widgets disable",
    "fiddler-widgets journal",
    "fiddler-widgets journal --days 30",
    "fiddler-widgets journal --path",
    "fiddler-widgets journal --clear",
)
"""The commands that run as they are written; each has to end with 0."""


@dataclass(frozen=True)
class Place:
    """Where a page's commands run.

    Attributes:
        blocks: All blocks of the page.
        sim: The platform.
        folder: An empty folder.
        environment: What the page exports, in an environment of its own; ``PATH`` leads to this installation.
    """

    blocks: list[Block]
    sim: Simulator
    folder: Path
    environment: Mapping[str, str]


def place(blocks: list[Block], sim: Simulator, folder: Path, exports: Mapping[str, str]) -> Place:
    """Return where the commands of a page run, with the variables that it exports."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    own = {name: value.replace(ADDRESS, sim.url) for name, value in exports.items()}
    # A reader has a page before them, where jobs are remembered.
    environment = {**isolated_environment(folder), "PATH": path, "FIDDLER_WIDGETS_JOURNAL": "on"}
    return Place(blocks, sim, folder, {**environment, **own})


def check(where: Place) -> None:
    """Check every command of a page.

    Raises:
        PageError: A command fails, or nothing says how to check it.
    """
    for block in where.blocks:
        for words in commands_of(block) if block.language in SHELL else ():
            _check_one(words, f"{block.where}: {' '.join(words)}", where)


def _check_one(words: list[str], title: str, where: Place) -> None:
    entry = entry_for(words)
    try:
        if " ".join(words) in LITERALLY:
            _run(words, where)
        elif entry is not None:
            entry.check(words, where)
        else:
            _fail("is in neither list of tests/docs/commands.py, so nothing checks it")
    except (AssertionError, OSError, ValueError) as error:
        message = f"{title}\n{error}"
        raise PageError(message) from error


def _fail(message: str) -> NoReturn:
    raise AssertionError(message)


# ---- what is done in the place of a command


def _export(words: list[str], where: Place) -> None:
    for word in words[1:]:
        assert word.partition("=")[0] in where.environment, word


def _make(words: list[str], where: Place) -> None:
    _run(["make", "-C", str(ROOT), "-n", *words[1:]], where)


def _venv(words: list[str], where: Place) -> None:
    _run([*words[:-1], "--without-pip", words[-1]], where)


def _activate(words: list[str], where: Place) -> None:
    script = f'set -e; . {words[1]}; [ "$VIRTUAL_ENV" = "$PWD/{words[1].partition("/")[0]}" ]'
    _run(["bash", "-c", script], where)


def _pip(words: list[str], where: Place) -> None:
    del where
    known = set(importlib.metadata.metadata("fiddler-widgets").get_all("Provides-Extra", []))
    for wanted in words[4:]:
        extras = Requirement(f"fiddler-widgets{wanted.removeprefix('.')}").extras
        assert extras <= known, f"no such extra: {', '.join(sorted(extras - known))}"


def _simulate(words: list[str], where: Place) -> None:
    with _talking(_without_port(words), where, r"listens on (\S+)") as address, _asking(f"{address}/v3/jobs/x") as code:
        assert code == 401, f"the platform answers {code} without a token"


def _demo(words: list[str], where: Place) -> None:
    with (
        _talking([*_without_port(words), "--no-browser"], where, r"Live jobs:\s+(\S+)") as address,
        _asking(address) as code,
    ):
        assert code == 200, f"the page answers {code}"


def _voila(words: list[str], where: Place) -> None:
    nbformat.write(notebook_of(where.blocks, where.sim.url), where.folder / words[1])  # type: ignore[no-untyped-call]
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", *words, "--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}"]
    with serving(command, f"{url}/voila/static/none", where.environment, where.folder):
        with urllib.request.urlopen(url, timeout=60) as page:
            text = page.read().decode()
        assert "There was an error when executing cell" not in text, text[-2000:]
        assert "application/vnd.jupyter.widget-view+json" in text, "no widget is on the page"


@dataclass(frozen=True)
class Entry:
    """A kind of command that is not run as it is written.

    Attributes:
        pattern: What it looks like, as a whole.
        instead: What is done in its place, for a reader of this list.
        check: Does it.
    """

    pattern: str
    instead: str
    check: Callable[[list[str], Place], None]


OTHERWISE = (
    Entry(r"export( \w+=\S+)+", "is the environment of the page's notebook and of its commands", _export),
    Entry(r"make \w+", "`make -n` knows the target and all that it needs", _make),
    Entry(r"python3 -m venv \S+", "runs, but without pip, which takes seconds", _venv),
    Entry(r"\. \S+/bin/activate", "runs in a shell of its own, after the line that makes it", _activate),
    Entry(r"python -m pip install \.\S*", "the package has such extras; CI installs its wheel", _pip),
    Entry(r"fiddler-widgets simulate.*", "runs on a free port, is asked something, and ends at Ctrl-C", _simulate),
    Entry(r"fiddler-widgets demo.*", "runs on a free port, its page answers 200, and it ends at Ctrl-C", _demo),
    Entry(r"voila \w+\.ipynb.*", "runs on a free port with the page's notebook, which answers 200 with cards", _voila),
)
"""The commands that are not run as they are written, and what is done instead."""


def entry_for(words: list[str]) -> Entry | None:
    """Return what is done in the place of a command; `None` if it is in no list."""
    line = " ".join(words)
    return next((entry for entry in OTHERWISE if re.fullmatch(entry.pattern, line)), None)


# ---- how it is done


def _run(command: list[str], where: Place) -> None:
    done = subprocess.run(
        command, cwd=where.folder, env=dict(where.environment), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def _without_port(words: list[str]) -> list[str]:
    """A command on any free port, whatever port the page gives it."""
    if "--port" in words:
        at = words.index("--port")
        words = [*words[:at], *words[at + 2 :]]
    return [*words, "--port", "0"]


@contextmanager
def _talking(command: list[str], where: Place, says: str) -> Iterator[str]:
    """Run a command that prints its address and goes on; interrupt it at the end, which it takes for a good one."""
    log_path = where.folder / "said.log"

    def said() -> str:
        found = re.search(says, log_path.read_text(encoding="utf-8"))
        return found[1].rstrip(".") if found else ""

    with log_path.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=where.folder, env=dict(where.environment), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            until(lambda: bool(said()) or process.poll() is not None, f"{command[0]} to say its address", 60)
            assert said(), log_path.read_text(encoding="utf-8")[-2000:]
            yield said()
            process.send_signal(signal.SIGINT)
            code = process.wait(30)
            assert code == 0, f"ended with {code} at Ctrl-C"
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


@contextmanager
def _asking(url: str) -> Iterator[int]:
    """The status that an address answers with."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            yield answer.status
    except urllib.error.HTTPError as error:
        with error:
            yield error.code

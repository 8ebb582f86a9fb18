"""`%load_ext fiddler_widgets`: what it puts in place, that it imports nothing, and that unloading leaves no trace."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import fiddler
import pytest
from IPython.core.interactiveshell import InteractiveShell

import fiddler_widgets as fw
from fiddler_widgets import official
from fiddler_widgets.job import job_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


def tables(shell: Any) -> list[dict[Any, Any]]:
    """All that could be registered for the official job."""
    formatter = shell.display_formatter
    each = (formatter.ipython_display_formatter, formatter.mimebundle_formatter)
    return [dict(table) for one in each for table in (one.type_printers, one.deferred_printers)]


@pytest.fixture
def shell() -> Iterator[Any]:
    """An IPython of the test's own."""
    made: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    yield made
    fw.unload_ipython_extension(made)
    made.history_manager.end_session()


def official_job(**fields: Any) -> Any:
    """A job of the official client."""
    data = {"id": ID, "name": "Upload", "status": "STARTED", "progress": 1.0, "info": {}, "extras": {}}
    return fiddler.Job._from_dict({**data, "error_message": None, "error_reason": None, **fields})


def test_wait_keeps_its_signature_and_texts(shell: Any) -> None:
    """Name, parameters with defaults, and docstring are the official ones."""
    original = fiddler.Job.wait
    fw.load_ipython_extension(shell)
    assert fiddler.Job.wait is not original
    assert inspect.signature(fiddler.Job.wait) == inspect.signature(original)
    assert fiddler.Job.wait.__doc__ == original.__doc__
    assert fiddler.Job.wait.__qualname__ == original.__qualname__


def test_unloading_restores_everything(shell: Any) -> None:
    """The method, the formatters and the import hooks are what they were, whatever was shown meanwhile."""
    before = (vars(fiddler.Job)["wait"], tables(shell), list(sys.meta_path))
    fw.load_ipython_extension(shell)
    shell.display_formatter.mimebundle_formatter.lookup_by_type(fiddler.Job)
    fw.unload_ipython_extension(shell)
    assert (vars(fiddler.Job)["wait"], tables(shell), list(sys.meta_path)) == before


def test_unloading_restores_the_users_own_formatter(shell: Any) -> None:
    """One that was registered by name before is there again."""

    def theirs(_: object) -> dict[str, str]:
        return {"text/plain": "mine"}

    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type_by_name("fiddler.entities.job", "Job", theirs)
    fw.load_ipython_extension(shell)
    fw.unload_ipython_extension(shell)
    assert formatter.lookup_by_type("fiddler.entities.job.Job") is theirs


def test_loading_twice_and_unloading_twice_are_harmless(shell: Any) -> None:
    """One of each is enough to undo it."""
    original = vars(fiddler.Job)["wait"]
    fw.unload_ipython_extension(shell)
    fw.load_ipython_extension(shell)
    fw.load_ipython_extension(shell)
    fw.unload_ipython_extension(shell)
    fw.unload_ipython_extension(shell)
    assert vars(fiddler.Job)["wait"] is original


def test_what_somebody_put_over_it_is_left_alone(shell: Any) -> None:
    """Unloading takes away what is ours and nothing else."""
    original = vars(fiddler.Job)["wait"]
    fw.load_ipython_extension(shell)
    theirs = object()
    fiddler.Job.wait = theirs
    try:
        fw.unload_ipython_extension(shell)
        assert vars(fiddler.Job)["wait"] is theirs
    finally:
        fiddler.Job.wait = original


@pytest.mark.parametrize("first", ["fiddler", "extension"])
def test_line_works_before_and_after_the_import(first: str) -> None:
    """In both orders `wait` is ours after it, and the official one again after unloading; the module is as always."""
    script = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
if {first == "fiddler"}: import fiddler
shell.run_line_magic("load_ext", "fiddler_widgets")
assert {first == "fiddler"} == ("fiddler" in sys.modules), "it imported fiddler"
hooks = len(sys.meta_path)
import fiddler, inspect, fiddler.entities.job as module
assert hasattr(fiddler.Job.wait, "__wrapped__")
assert type(module.__spec__.loader) is type(sys.modules["fiddler.entities.model"].__spec__.loader)
assert module.__loader__ is module.__spec__.loader and inspect.getsource(module)
shell.run_line_magic("unload_ext", "fiddler_widgets")
assert not hasattr(fiddler.Job.wait, "__wrapped__")
assert not any("fiddler_widgets" in type(hook).__module__ for hook in sys.meta_path)
print("well")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip().endswith("well"), done.stdout + done.stderr


def test_unloading_before_the_import_leaves_no_hook(monkeypatch: pytest.MonkeyPatch, shell: Any) -> None:
    """Who never imports the official client keeps nothing of us."""
    monkeypatch.delitem(sys.modules, "fiddler.entities.job")
    before = list(sys.meta_path)
    fw.load_ipython_extension(shell)
    assert len(sys.meta_path) == len(before) + 1
    fw.unload_ipython_extension(shell)
    assert sys.meta_path == before


def test_one_handle_serves_an_official_job_as_long_as_it_lives() -> None:
    """Shown twice it is followed once, and when it is gone so is the handle."""
    fw.init("https://acme.fiddler.example", "token")
    theirs = official_job()
    assert job_of(theirs) is job_of(theirs)
    assert theirs in official.handles
    count = len(official.handles)
    del theirs
    assert len(official.handles) == count - 1

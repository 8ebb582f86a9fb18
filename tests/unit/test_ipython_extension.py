"""`%load_ext fiddler_widgets`: what it puts in place, that it imports nothing, and that unloading leaves no trace."""

from __future__ import annotations

import inspect
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import fiddler
import pytest
from IPython.core.interactiveshell import InteractiveShell

import fiddler_widgets as fw
from fiddler_widgets.client import fiddler_client
from fiddler_widgets.jobs.job import job_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.mark.parametrize("registered", ["by class", "by name"])
@pytest.mark.parametrize("shown", [True, False])
def test_unloading_keeps_what_the_user_registered_since(shell: Any, registered: str, *, shown: bool) -> None:
    """A formatter of theirs that came after ours is theirs to keep, whether or not a job was shown before it."""

    def theirs(_: object) -> dict[str, str]:
        return {"text/plain": "mine"}

    formatter = shell.display_formatter.mimebundle_formatter
    fw.load_ipython_extension(shell)
    if shown:
        formatter.lookup_by_type(fiddler.Job)
    if registered == "by class":
        formatter.for_type(fiddler.Job, theirs)
    else:
        formatter.for_type_by_name("fiddler.entities.job", "Job", theirs)
    fw.unload_ipython_extension(shell)
    assert formatter.lookup_by_type(fiddler.Job) is theirs


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


@pytest.mark.parametrize("connected", [True, False])
def test_official_job_that_cannot_be_adopted_is_shown_as_ever(
    shell: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, connected: bool
) -> None:
    """Without a connection, or without an id: its own text, and no traceback of ours."""
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    if connected:
        fw.init("http://127.0.0.1:9", "token")
    job = object.__new__(fiddler.Job) if connected else official_job()
    usual = shell.display_formatter.format(job)
    fw.load_ipython_extension(shell)
    assert shell.display_formatter.format(job) == usual
    assert capsys.readouterr() == ("", "")


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


JOB = """
class Job:
    def wait(self, interval=None, timeout=None): "Wait."
"""


def with_client(folder: Path, script: str, job: str = JOB) -> None:
    """Run a script in an IPython with our extension, beside a client whose job module is as given."""
    entities = folder / "fiddler" / "entities"
    entities.mkdir(parents=True)
    (folder / "fiddler" / "__init__.py").write_text("from fiddler.entities.job import Job\n")
    (entities / "__init__.py").touch()
    (entities / "job.py").write_text(job)
    begin = f"""
import sys
sys.path.insert(0, {str(folder)!r})
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "fiddler_widgets")
def live(kind): return hasattr(kind.wait, "__wrapped__")
"""
    end = """
shell.run_line_magic("unload_ext", "fiddler_widgets")
assert not any("fiddler_widgets" in type(hook).__module__ for hook in sys.meta_path)
print("well")
"""
    command = [sys.executable, "-c", f"{begin}{textwrap.dedent(script)}{end}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip().endswith("well"), done.stdout + done.stderr


def test_wait_that_is_inherited_is_met_where_it_is_called(tmp_path: Path) -> None:
    """A client that moves it to a base class can be imported as ever; the base itself is left alone."""
    job = "class Base:\n    def wait(self, interval=None, timeout=None): 'Wait.'\nclass Job(Base): pass\n"
    script = """
    import fiddler
    assert live(fiddler.Job)
    assert not live(fiddler.Job.__base__)
    shell.run_line_magic("unload_ext", "fiddler_widgets")
    assert "wait" not in vars(fiddler.Job)
    """
    with_client(tmp_path, script, job)


@pytest.mark.parametrize("job", ["class Job: pass\n", "class Job:\n    wait = None\n", "Job = None\n"])
def test_client_without_a_wait_can_be_imported(tmp_path: Path, job: str) -> None:
    """Whatever becomes of the official class, we are no reason for `import fiddler` to fail."""
    with_client(tmp_path, "import fiddler", job)


def test_look_at_the_module_does_not_use_the_hook_up(tmp_path: Path) -> None:
    """A tool may ask where the module is, and its source, without importing it."""
    script = f"""
    for finder in list(sys.meta_path):
        if "fiddler_widgets" in type(finder).__module__:
            spec = finder.find_spec("fiddler.entities.job", [{str(tmp_path / "fiddler" / "entities")!r}])
    assert "def wait" in spec.loader.get_source("fiddler.entities.job")
    import fiddler
    assert live(fiddler.Job)
    """
    with_client(tmp_path, script)


def test_import_that_failed_can_be_tried_again(tmp_path: Path) -> None:
    """The attempt that succeeds is the one that is met."""
    script = """
    try:
        import fiddler
    except ImportError:
        sys.ready = True
    else:
        raise AssertionError("no failure")
    import fiddler
    assert live(fiddler.Job)
    """
    with_client(tmp_path, script, f"import sys\nif not hasattr(sys, 'ready'): raise ImportError('not yet')\n{JOB}")


def test_module_that_is_loaded_anew_is_met_again(tmp_path: Path) -> None:
    """As `%autoreload` does: the new class is live and shown, the old one still is, and unloading restores both."""
    script = """
    import importlib
    import fiddler
    formatter = shell.display_formatter.mimebundle_formatter
    old = fiddler.Job
    ours = formatter.lookup_by_type(old)
    for _ in range(2):
        new = importlib.reload(sys.modules["fiddler.entities.job"]).Job
        assert new is not old and live(new) and live(old)
        assert formatter.lookup_by_type(new) is ours
    shell.run_line_magic("unload_ext", "fiddler_widgets")
    assert not live(new) and not live(old)
    assert ours not in formatter.type_printers.values()
    assert ours not in formatter.deferred_printers.values()
    """
    with_client(tmp_path, script)


def test_job_of_a_class_from_before_a_reload_can_still_be_waited_for(tmp_path: Path) -> None:
    """It is no job that we know any more, so the official wait does what it did."""
    job = "class Job:\n    def wait(self, interval=None, timeout=None): return ('official', interval)\n"
    script = """
    import importlib
    import fiddler
    job = fiddler.Job()
    importlib.reload(sys.modules["fiddler.entities.job"])
    assert job.wait(3) == ("official", 3)
    """
    with_client(tmp_path, script, job)


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
    assert theirs in fiddler_client.handles
    count = len(fiddler_client.handles)
    del theirs
    assert len(fiddler_client.handles) == count - 1

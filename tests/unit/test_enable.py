"""`fiddler-widgets enable`, `disable` and `status`: one startup file, written and taken away exactly."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fiddler_widgets import cli
from fiddler_widgets.extension import enable

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTUP_FILE = Path(enable.__file__).with_name("startup_file.py")


@pytest.fixture
def ipython_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which IPython's profiles are."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def _import_hooks() -> Iterator[None]:
    before = list(sys.meta_path)
    yield
    sys.meta_path[:] = before


def files(folder: Path) -> list[str]:
    """Return what is in a folder, by relative path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_disable_undoes_exactly_what_enable_did(ipython_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The user's own files stay as they are."""
    own = ipython_dir / "profile_default" / "startup" / "00-mine.py"
    own.parent.mkdir(parents=True)
    own.write_text("x = 1\n", encoding="utf-8")
    before = files(ipython_dir)
    assert cli.main(["enable"]) == 0
    assert files(ipython_dir) == sorted([*before, "profile_default/startup/50-fiddler-widgets.py"])
    assert cli.main(["disable"]) == 0
    assert files(ipython_dir) == before
    assert own.read_text(encoding="utf-8") == "x = 1\n"
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("ipython_dir")
def test_status_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    """Enabled or not, and where."""
    assert cli.main(["status"]) == 0
    assert capsys.readouterr().out == "not enabled (fiddler-widgets enable)\n"
    cli.main(["enable"])
    capsys.readouterr()
    assert cli.main(["status"]) == 0
    assert capsys.readouterr().out.startswith("enabled (")


@pytest.mark.usefixtures("ipython_dir")
def test_each_command_may_be_given_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """The second time nothing changes, and that is said."""
    cli.main(["enable"])
    assert cli.main(["enable"]) == 0
    assert "Was enabled already" in capsys.readouterr().out
    cli.main(["disable"])
    assert cli.main(["disable"]) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_file_of_an_older_version_is_renewed(ipython_dir: Path) -> None:
    """Whoever enables again after an update gets the new one."""
    cli.main(["enable"])
    path = ipython_dir / "profile_default" / "startup" / "50-fiddler-widgets.py"
    path.write_text("# old\n", encoding="utf-8")
    assert cli.main(["enable"]) == 0
    assert path.read_text(encoding="utf-8") == STARTUP_FILE.read_text(encoding="utf-8")


def test_folder_that_cannot_be_written_is_said(ipython_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the path, and without a traceback."""
    (ipython_dir / "profile_default").write_text("a file where a folder should be", encoding="utf-8")
    assert cli.main(["enable"]) == 1
    assert "profile_default" in capsys.readouterr().err


@pytest.mark.usefixtures("_import_hooks")
def test_environment_without_the_package_starts_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of another environment gets no import hook, and no name in its namespace."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    before = list(sys.meta_path)
    namespace: dict[str, Any] = {}
    exec(compile(STARTUP_FILE.read_text(encoding="utf-8"), "startup", "exec"), namespace)  # noqa: S102 (as IPython runs it)
    assert sys.meta_path == before
    assert namespace.keys() == {"__builtins__", "__doc__"}


def in_ipython(ipython_dir: Path, code: str) -> str:
    """Run code in a terminal IPython with the default profile of that folder; returns what it printed."""
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "--no-banner", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(ipython_dir))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def environment(ipython_dir: Path) -> dict[str, str]:
    """Return this process's environment, with that folder for IPython."""
    import os  # noqa: PLC0415

    return {**os.environ, "IPYTHONDIR": str(ipython_dir)}


def test_nothing_is_imported_before_the_official_client(ipython_dir: Path) -> None:
    """An enabled kernel that never needs it pays for a look at each import alone."""
    cli.main(["enable"])
    program = "import sys; print('fiddler_widgets' in sys.modules, any(n.startswith('_watch') for n in globals()))"
    assert in_ipython(ipython_dir, program) == "False False"


def test_importing_the_official_client_loads_the_extension(ipython_dir: Path) -> None:
    """Its `wait` is ours from then on, with the notebook as it is."""
    pytest.importorskip("fiddler")
    cli.main(["enable"])
    program = (
        "import fiddler; print('fiddler_widgets' in get_ipython().extension_manager.loaded, "
        "fiddler.Job.wait.__wrapped__.__module__)"
    )
    assert in_ipython(ipython_dir, program) == "True fiddler.entities.job"

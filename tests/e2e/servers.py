"""JupyterLab and Voilà as processes of the test session: own port, own configuration, own files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.waiting import until
from tests.jupyter_faults import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EXTENSION = Path(__file__).parents[2] / "fiddler_widgets" / "labextension"

START_SECONDS = 60
STOP_SECONDS = 15

# Nothing may cover a cell: no news, no update notice, no toast.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
}


# What every server runs when it starts.
OWN_PORTS = f"""
import sys
sys.path.append({str(Path(__file__).parents[2])!r})
from tests.jupyter_faults import choose_own_ports
choose_own_ports()
"""


# Not every reader has it, and it is saved with the notebook where they have.
SAVED_STATE = {"@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings": {"saveState": True}}


def isolated_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which Jupyter reads and writes only below `folder`."""
    lab_settings = folder / "lab-settings"
    for name, values in LAB_SETTINGS.items():
        path = lab_settings / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    extension = installed_extension(folder)
    if not extension.exists():
        extension.parent.mkdir(parents=True, exist_ok=True)
        extension.symlink_to(EXTENSION)
    config = folder / "config" / "jupyter_config.py"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(OWN_PORTS, encoding="utf-8")
    own = {
        "JUPYTER_PATH": "installed",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "FIDDLER_WIDGETS_STATE_DIR": "state",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FIDDLER_")}
    return {
        **kept,
        **{key: str(folder / value) for key, value in own.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(lab_settings),
        # A debugger in every kernel costs a second of start-up and prints warnings.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def installed_extension(folder: Path) -> Path:
    """Return where a server finds the JupyterLab extension of these sources, before one that may be installed."""
    return folder / "installed" / "labextensions" / "fiddler-widgets"


def answers(url: str) -> bool:
    """Say whether a server answers there, whatever it answers."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def serving(
    command: list[str], url: str, environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in `folder` until the block ends; it answers at `url` when the block begins."""
    log_path = folder / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=log, stderr=subprocess.STDOUT)
        try:
            until(
                lambda: process.poll() is not None or answers(url),
                f"{command[2]} to answer at {url}",
                START_SECONDS,
            )
            if process.poll() is not None:
                message = f"{command[2]} ended at its start:\n{log_path.read_text()[-4000:]}"
                raise RuntimeError(message)
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and wait for it; Jupyter's servers end their kernels on SIGTERM."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def lab_server(
    folder: Path,
    without: Sequence[str] = (),
    settings: Mapping[str, object] | None = None,
    beside: Path | None = None,
) -> Iterator[tuple[str, Path]]:
    """Run a JupyterLab whose files are in `folder`/files; yield its address and that folder.

    Args:
        folder: Where all that it writes is.
        without: Names of prebuilt extensions that its pages do without, as if they were not installed.
        settings: Settings of its user, by their files.
        beside: A folder of packages that it alone finds, as ``pip install --target`` makes it.
    """
    for name, values in (settings or {}).items():
        path = folder / "lab-settings" / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    if without:
        page = folder / "config" / "labconfig" / "page_config.json"
        page.parent.mkdir(parents=True)
        page.write_text(json.dumps({"disabledExtensions": dict.fromkeys(without, True)}), encoding="utf-8")
    options = (
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        "--expose-app-in-browser",
    )
    with _jupyter_server("jupyterlab", options, folder, beside) as (url, files):
        yield url, files


@contextmanager
def notebook_server(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run a Notebook 7 whose files are in `folder`/files; yield its address and that folder."""
    with _jupyter_server("notebook", ("--expose-app-in-browser",), folder) as (url, files):
        yield url, files


@contextmanager
def classic_server(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the classic notebook, as nbclassic has it, whose files are in `folder`/files; yield the same."""
    # Beside Notebook 7 it keeps to addresses of its own.
    with _jupyter_server("nbclassic", (), folder) as (url, files):
        yield url, files


@contextmanager
def _jupyter_server(
    module: str, options: Sequence[str], folder: Path, beside: Path | None = None
) -> Iterator[tuple[str, Path]]:
    files = folder / "files"
    files.mkdir()
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(sys.executable, "-m", module, "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={files}",
        *options,
    ]
    environment = isolated_environment(folder)
    if beside is not None:
        environment["PYTHONPATH"] = str(beside)
        environment["JUPYTER_PATH"] += f"{os.pathsep}{beside / 'share' / 'jupyter'}"
        environment["JUPYTER_CONFIG_PATH"] = str(beside / "etc" / "jupyter")
    with serving(command, f"{url}/api/status", environment, folder):
        yield url, files


@contextmanager
def voila_server(notebook: Path, folder: Path, variables: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run Voilà on one notebook, with `variables` in its environment; yield its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(sys.executable, "-m", "voila", str(notebook), "--no-browser"),
        *("--Voila.ip=127.0.0.1", f"--port={port}"),
    ]
    environment = {**isolated_environment(folder), **(variables or {})}
    # Its page runs the notebook, so readiness is asked of an address that does not.
    with serving(command, f"{url}/voila/static/none", environment, folder):
        yield url


@contextmanager
def marimo_server(app: Path, folder: Path, variables: Mapping[str, str], *, edit: bool = False) -> Iterator[str]:
    """Run a marimo notebook as an app, or to be edited, with `variables` in its environment; yield its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(sys.executable, "-m", "marimo", "--quiet", "edit" if edit else "run", str(app), "--no-token"),
        *("--headless", "--host", "127.0.0.1", "--port", str(port)),
        *(("--skip-update-check",) if edit else ()),
    ]
    # Its own settings, and no look for a newer version.
    own = {"XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "MARIMO_SKIP_UPDATE_CHECK": "1"}
    with serving(command, f"{url}/health", {**isolated_environment(folder), **own, **variables}, folder):
        yield url

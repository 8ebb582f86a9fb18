"""The commands: ``fiddler-widgets demo``, ``simulate``, ``journal``, ``enable``, ``disable`` and ``status``."""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib.util
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from typing import TYPE_CHECKING

from fiddler_widgets._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_START_SECONDS = 60.0
_DEMO_PORT = 8866
_SWITCHES = {
    "enable": "have every IPython kernel of yours load the extension, so that notebooks need no line for it",
    "disable": "undo that",
    "status": "say whether that is so",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What follows the command's name; ``None`` takes the process's own.

    Returns:
        The exit code: 0 after a clean end, 1 for a failure, 2 where the request cannot be met as it stands.
    """
    parser = argparse.ArgumentParser(prog="fiddler-widgets", description="Live cards for long Fiddler jobs.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="a live dashboard in your browser, on a simulated platform")
    demo.add_argument("--port", type=_port, default=_DEMO_PORT, help="the dashboard's port (default: %(default)s)")
    demo.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    simulate = commands.add_parser("simulate", help="the simulated platform alone, to connect notebooks to")
    simulate.add_argument("--port", type=_port, default=8080, help="its port; 0 for any (default: %(default)s)")
    simulate.add_argument("--token", help="the API token to accept (default: a random one)")
    listing = commands.add_parser("journal", help="your jobs of the last days, as the journal has them")
    listing.add_argument("--days", type=_days, default=7, help="how far back (default: %(default)s)")
    listing.add_argument("--clear", action="store_true", help="forget all of them")
    listing.add_argument("--path", action="store_true", help="say where the journal is")
    for name, what in _SWITCHES.items():
        commands.add_parser(name, help=what)
    chosen = parser.parse_args(arguments)
    if chosen.command in _SWITCHES:
        return _switch(chosen.command)
    if chosen.command == "journal":
        return _journal(chosen.days, clear=chosen.clear, path=chosen.path)
    missing = [name for name in ("tornado", "voila") if importlib.util.find_spec(name) is None]
    if "tornado" in missing or (chosen.command == "demo" and missing):
        print(f"This needs {' and '.join(missing)}: pip install 'fiddler-widgets[demo]'", file=sys.stderr)
        return 1
    if chosen.command == "simulate":
        from fiddler_widgets.simulator.command import serve  # noqa: PLC0415 (tornado is not always there)

        # Whoever reads it through a pipe wants the address now, not at the end.
        return serve(chosen.port, token=chosen.token, out=functools.partial(print, flush=True))
    return _demo(chosen.port, browser=not chosen.no_browser)


def _switch(command: str) -> int:
    from fiddler_widgets.extension.enable import startup  # noqa: PLC0415 (the other commands need no IPython)

    try:
        file = startup()
        if command == "enable":
            changed = file.enable()
            print("Enabled" if changed else "Was enabled already", end=": ")
            print(f"kernels that start from now on show the jobs of the official client live ({file.path}).")
        elif command == "disable":
            changed = file.disable()
            print(f"Disabled: {file.path} is gone." if changed else "Was not enabled; nothing has changed.")
        else:
            print(f"enabled ({file.path})" if file.is_enabled() else "not enabled (fiddler-widgets enable)")
    except ImportError:
        print("There is no IPython in this environment: pip install ipykernel", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or 'The startup file'} cannot be changed: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _journal(days: float, *, clear: bool, path: bool) -> int:
    from fiddler_widgets import journal  # noqa: PLC0415 (the other commands need it not)
    from fiddler_widgets.messages import shown  # noqa: PLC0415

    try:
        if path:
            print(journal.path)
        elif clear:
            journal.clear()
            print("The journal is empty.")
        else:
            found = journal.jobs(days)
            for job in found:
                seen = job.first_seen.astimezone().strftime("%Y-%m-%d %H:%M")
                print(f"{seen}  {job.status or 'not seen':8}  {job.id}  {shown(job.name)}  {shown(job.what)}".rstrip())
            if not found:
                print(f"No job is remembered of the last {days:g} days ({journal.path}).")
    except OSError as error:
        print(f"The journal cannot be changed or found: {error.strerror or error}.", file=sys.stderr)
        return 1
    return 0


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1
    if not 0 <= days < float("inf"):
        msg = f"{text!r} is no number of days"
        raise argparse.ArgumentTypeError(msg)
    return days


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port < 2**16:
        msg = f"{text!r} is no port; it is a number from 0 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return port


def _demo(port: int, *, browser: bool) -> int:
    from fiddler_widgets.simulator import Simulator  # noqa: PLC0415
    from fiddler_widgets.simulator.demo_jobs import lively_jobs  # noqa: PLC0415

    try:
        port = _free(port)
    except OSError:
        print(
            f"Port {port} is taken by another program (perhaps another demo). "
            f"End that one, or choose another port: fiddler-widgets demo --port {port + 1}\n"
            f"(from a checkout: make demo DEMO_ARGS='--port {port + 1}')",
            file=sys.stderr,
        )
        return 2
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with Simulator() as platform:
            jobs = ",".join(str(job.id) for job in lively_jobs(platform))
            return _show_dashboard(port, platform.url, platform.token, jobs, browser=browser)
    except KeyboardInterrupt:
        print("\nThe demo has stopped.")
        return 0
    finally:
        signal.signal(signal.SIGTERM, previous)


def _show_dashboard(port: int, url: str, token: str, jobs: str, *, browser: bool) -> int:
    address = f"http://127.0.0.1:{port}/"
    command = [
        *(sys.executable, "-m", "voila", str(_dashboard()), "--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}"),
        *("--Voila.log_level=ERROR", "--show_tracebacks=True"),
        # A page that is closed leaves its kernel: end it when it has been idle and without a page for a minute.
        *("--MappingKernelManager.cull_idle_timeout=60", "--MappingKernelManager.cull_interval=20"),
    ]
    environment = {
        **os.environ,
        "FIDDLER_URL": url,
        "FIDDLER_TOKEN": token,
        "FIDDLER_JOBS": jobs,
        # Seconds after which the simulator's lively jobs have begun again.
        "FIDDLER_JOBS_BEGIN_AGAIN": "13",
    }
    print("Starting the dashboard ...", flush=True)
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl-C is for this process, which then ends Voilà in order, kernels included.
        voila = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
        try:
            if _listens(port, voila):
                print(
                    f"\n    Live jobs:  {address}    (dark: {address}?theme=dark)\n\n    Ctrl-C ends the demo.\n",
                    flush=True,
                )
                if browser and _has_browser():
                    webbrowser.open(address)
                voila.wait()
        finally:
            _end(voila)
        log.seek(0)
        print(f"Voilà, which shows the dashboard, has ended. It said:\n{log.read().decode()[-4000:]}", file=sys.stderr)
        return 1


def _free(port: int) -> int:
    """The port, or any free one for 0; OSError where it is taken."""
    with socket.socket() as probe:
        # As servers do: a port that only waits out its last connections is free.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def _dashboard() -> pathlib.Path:
    """The dashboard's notebook: within the installed package, or beside it in a checkout."""
    here = pathlib.Path(__file__).resolve().parent
    installed = here / "demo" / "dashboard.ipynb"
    return installed if installed.exists() else here.parent / "notebooks" / "dashboard.ipynb"


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server takes connections; False if its process ends or it takes too long."""
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    return False


def _has_browser() -> bool:
    """Whether a window can be opened; a text browser in the terminal would take the place of the demo."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt

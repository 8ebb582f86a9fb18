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
        arguments: The arguments after the program's name; ``None`` for those of this process.

    Returns:
        The exit code: 0 for success, 1 for a failure, 2 if the arguments have to be changed.
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
    for name, help_text in _SWITCHES.items():
        commands.add_parser(name, help=help_text)
    options = parser.parse_args(arguments)
    if options.command in _SWITCHES:
        return _switch(options.command)
    if options.command == "journal":
        return _journal(options.days, clear=options.clear, path=options.path)
    missing = [name for name in ("tornado", "voila") if importlib.util.find_spec(name) is None]
    if "tornado" in missing or (options.command == "demo" and missing):
        print(f"This needs {' and '.join(missing)}: pip install 'fiddler-widgets[demo]'", file=sys.stderr)
        return 1
    if options.command == "simulate":
        from fiddler_widgets.simulator.command import serve  # noqa: PLC0415 (tornado is not always there)

        # A reader at the end of a pipe needs the address at once.
        return serve(options.port, token=options.token, out=functools.partial(print, flush=True))
    return _demo(options.port, browser=not options.no_browser)


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
    from fiddler_widgets.messages import safe_text  # noqa: PLC0415

    try:
        if path:
            print(journal.path)
        elif clear:
            journal.clear()
            print("The journal is empty.")
        else:
            remembered = journal.jobs(days)
            for job in remembered:
                first_seen = job.first_seen.astimezone().strftime("%Y-%m-%d %H:%M")
                name, what = safe_text(job.name), safe_text(job.what)
                print(f"{first_seen}  {job.status or 'not seen':8}  {job.id}  {name}  {what}".rstrip())
            if not remembered:
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
        # A closed page leaves its kernel, which is ended after it has been idle for a minute.
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
        # In a new session, Ctrl-C does not reach Voilà: this process ends it in order, with its kernels.
        voila = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
        try:
            if _listens(port, voila):
                print(
                    f"\n    Live jobs:  {address}\n    In dark:    {address}?theme=dark\n\n    Ctrl-C ends the demo.\n",
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
    """The port, or any free one for 0; raises `OSError` if it is taken."""
    with socket.socket() as probe:
        # As servers do: a port on which only old connections are closing counts as free.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def _dashboard() -> pathlib.Path:
    """The path of the dashboard's notebook: in the installed package, or beside it in a checkout."""
    package = pathlib.Path(__file__).resolve().parent
    installed = package / "demo" / "dashboard.ipynb"
    return installed if installed.exists() else package.parent / "notebooks" / "dashboard.ipynb"


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server accepts connections; false if its process ends or it takes too long."""
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    return False


def _has_browser() -> bool:
    """Whether a browser can open a window; a text browser would use the terminal in which the demo runs."""
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

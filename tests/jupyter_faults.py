"""Two faults of Jupyter's own runners, each of which fails tests by chance, kept away from ours."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.connect import LocalPortCache
from nbclient import output_widget

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["choose_own_ports", "free_port", "no_jupyter_faults"]

_FIRST_PORT = 10_000
"""Below those that a system gives to whoever asks for any: 32,768 and up on Linux."""

_PORTS = 2_500
"""How many each worker of pytest-xdist has."""

_WORKERS = 8


def choose_own_ports() -> None:
    """Give the kernels that this process starts ports that no other worker's kernels and connections can get.

    jupyter_client asks the system for free ports, gives them back, and has the kernel take them half a second later.
    Two of 700 kernels beside six others died at their start because somebody else had one by then.
    """
    cache: Any = LocalPortCache
    cache.find_available_port = lambda _, ip: free_port(ip)


def _own_ports() -> Iterator[int]:
    worker = int("0" + "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "")))) % _WORKERS
    first, start = _FIRST_PORT + worker * _PORTS, os.getpid() * 10
    return (first + (start + step) % _PORTS for step in itertools.count())


_ports = _own_ports()


def free_port(ip: str = "127.0.0.1") -> int:
    """Return a port that nothing listens on, and that nothing but this worker's tests gets."""
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind((ip, port))
            except OSError:
                continue
        return port
    raise AssertionError


def _take_each_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nbclient look for a cell's reply after it has sent what an ``Output`` widget holds.

    To send takes the note of a reply that came meanwhile, and nbclient waits for it until its timeout, which papermill
    does not set (jupyter/nbclient, issue 312): 26 of 471 runs of two cells, with our package or without it.
    """
    send = output_widget.OutputWidget._publish_msg  # the one place where it sends

    def send_and_look(self: Any, *args: Any, **kwargs: Any) -> None:
        send(self, *args, **kwargs)
        looks = asyncio.ensure_future(self.kernel_client.shell_channel.socket.poll(1))
        looks.add_done_callback(asyncio.Future.exception)

    monkeypatch.setattr(output_widget.OutputWidget, "_publish_msg", send_and_look)


@pytest.fixture(autouse=True)
def no_jupyter_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start kernels on ports of their own, and lose no cell's reply."""
    choose_own_ports()
    _take_each_reply(monkeypatch)

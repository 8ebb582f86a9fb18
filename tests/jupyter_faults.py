"""Two faults of Jupyter's own runners, each of which fails tests by chance, kept away from ours."""

from __future__ import annotations

import asyncio
import random
import socket
from typing import Any

import pytest
from jupyter_client.connect import LocalPortCache
from nbclient import output_widget

__all__ = ["choose_own_ports", "free_port", "no_jupyter_faults"]

_PORTS = range(10_000, 32_768)
"""Below those that a system gives to whoever asks for any: 32,768 and up on Linux."""

_reserved: dict[int, socket.socket] = {}
"""By port, what tells the other processes that it is taken."""


def choose_own_ports() -> None:
    """Give the kernels that this process starts ports that nobody else gets.

    jupyter_client asks the system for free ports, gives them back, and has the kernel take them half a second later.
    Two of 700 kernels beside six others died at their start because somebody else had one by then.
    """
    cache: Any = LocalPortCache
    cache.find_available_port = lambda _, ip: free_port(ip)
    cache.return_port = lambda _, port: _give_back(port)


def free_port(ip: str = "127.0.0.1") -> int:
    """Return a port that nothing listens on, for a server that takes it later."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311 (nothing secret)
        # Its namesake of the other protocol, which nobody wants, is kept until the port is given back.
        mark = socket.socket(type=socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind((ip, port))
        except OSError:
            mark.close()
        else:
            _reserved[port] = mark
            return port


def _give_back(port: int) -> None:
    mark = _reserved.pop(port, None)
    if mark is not None:
        mark.close()


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

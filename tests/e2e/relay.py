"""A way between browser and server that can go dead without a word, as behind a router that forgets."""

from __future__ import annotations

import contextlib
import socket
import threading


class Relay:
    """Passes TCP connections on to a server on loopback, until it is told to go silent.

    Args:
        url: The server's address, ``http://127.0.0.1:port``.

    Attributes:
        url: The same server by way of the relay.
        kernel_asked_for: Set when a page has opened a connection to its kernel since the last silence began.
    """

    def __init__(self, url: str) -> None:
        self._target = int(url.rpartition(":")[2])
        self._open = threading.Event()
        self._open.set()
        self.kernel_asked_for = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Carry nothing any more."""
        # Waking a thread that waits in `accept` takes more than closing.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.restore()

    def go_silent(self) -> None:
        """Lose what comes from either side from now on, and tell nobody; who connects meanwhile waits."""
        self._open.clear()
        self.kernel_asked_for.clear()

    def restore(self) -> None:
        """Carry new connections again; those of before are ended, on both sides."""
        with self._lock:
            forgotten = list(self._sockets)
            self._sockets.clear()
        for one in forgotten:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.set()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(browser,), daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        self._open.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            browser.close()
            return
        with self._lock:
            self._sockets |= {browser, server}
        with contextlib.suppress(OSError):
            first = browser.recv(65536)
            server.sendall(first)
            if b"/channels" in first.partition(b"\r\n")[0]:
                self.kernel_asked_for.set()
        for one, other in ((browser, server), (server, browser)):
            threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                # What was on its way when the way went dead is lost, and so is every later byte.
                if self._open.is_set():
                    other.sendall(data)
        # Nobody is told of an end in the silence either.
        self._open.wait()
        with self._lock:
            self._sockets -= {one, other}
        for end in (one, other):
            # Closing alone would leave the other thread waiting, and the connection open.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()

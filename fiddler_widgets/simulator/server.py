"""The thread on which Tornado listens, and its open connections."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tornado.tcpserver import TCPServer

from fiddler_widgets.simulator.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tornado.iostream import IOStream

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Server"]

logger = logging.getLogger("fiddler_widgets.simulator")

_LOOPBACK = "127.0.0.1"
_BACKLOG = 1024


class Server:
    """An HTTP server on the loopback interface, with its own thread and event loop.

    Every method may be called from any thread except the server's own.
    """

    def __init__(self, answer: Callable[[Request], Reply], port: int = 0) -> None:
        """Make a server that does not listen yet.

        Args:
            answer: Returns the reply to a request, at once; runs on the server's thread.
            port: The port to listen on; 0 lets the system choose.
        """
        self.port = port
        self._answer = answer
        self._lifecycle = threading.RLock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._halt: asyncio.Event
        self._listener: _Listener | None = None
        self._reserved: socket.socket | None = None
        self._tasks: dict[asyncio.Task[None], Connection] = {}

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._thread is not None

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._tasks)

    def start(self) -> None:
        """Listen; a server that was stopped uses the same port again.

        Raises:
            OSError: If the port is taken or not allowed.
        """
        with self._lifecycle:
            if self._thread is not None:
                return
            reserved = _bind(self.port)
            self.port = reserved.getsockname()[1]
            ready: Future[None] = Future()
            self._thread = threading.Thread(
                target=self._run,
                args=(reserved, ready),
                name=f"fiddler-simulator-{self.port}",
                daemon=True,
            )
            self._thread.start()
            try:
                ready.result()
            except BaseException:
                reserved.close()
                self._thread.join()
                self._thread = None
                raise

    def stop(self) -> None:
        """Drop every connection, close the port and end the thread."""
        with self._lifecycle:
            if self._thread is None:
                return
            self._loop.call_soon_threadsafe(self._halt.set)
            self._thread.join()
            self._thread = None

    def pause(self) -> None:
        """Refuse new connections, and drop the open ones."""
        self._on_loop(self._pause)

    def resume(self) -> None:
        """Listen again, on the same port."""
        self._on_loop(self._resume)

    def _on_loop(self, step: Callable[[], Coroutine[None, None, None]]) -> None:
        with self._lifecycle:
            if self._thread is None:
                raise RuntimeError("The simulator is not running: call start() first.")
            asyncio.run_coroutine_threadsafe(step(), self._loop).result()

    def _run(self, reserved: socket.socket, ready: Future[None]) -> None:
        try:
            asyncio.run(self._main(reserved, ready))
        except BaseException as error:
            if ready.done():
                raise
            # `start` waits for this, and raises it to its caller.
            ready.set_exception(error)

    async def _main(self, reserved: socket.socket, ready: Future[None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._halt = asyncio.Event()
        self._reserved = reserved
        await self._resume()
        ready.set_result(None)
        await self._halt.wait()
        await self._drop()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    async def _resume(self) -> None:
        if self._reserved is None:
            return
        self._reserved.listen(_BACKLOG)
        self._listener = _Listener(self._accept)
        self._listener.add_socket(self._reserved)
        self._reserved = None

    async def _pause(self) -> None:
        if self._listener is None:
            return
        await self._drop()
        # A socket that is bound and does not listen refuses connections, and keeps
        # others from taking the port meanwhile.
        self._reserved = _bind(self.port)

    async def _drop(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
        # Closing a connection ends all that it waits for; cancelling its task would cancel
        # futures that Tornado still uses.
        for connection in self._tasks.values():
            connection.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, stream: IOStream) -> None:
        connection = Connection(stream, self._answer)
        task = self._loop.create_task(connection.serve())
        self._tasks[task] = connection
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A connection failed.", exc_info=error)


class _Listener(TCPServer):
    """Tornado's accept loop, which passes each new connection to a function."""

    def __init__(self, accept: Callable[[IOStream], None]) -> None:
        super().__init__()
        self._on_stream = accept

    def handle_stream(self, stream: IOStream, address: tuple[object, ...]) -> None:
        """Pass a new connection to the function."""
        del address
        self._on_stream(stream)


def _bind(port: int) -> socket.socket:
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((_LOOPBACK, port))
        reserved.setblocking(False)  # noqa: FBT003 - the standard library's signature
    except BaseException:
        reserved.close()
        raise
    return reserved

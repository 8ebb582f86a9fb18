"""HTTP/1.1 on one connection: reads requests, and sends replies, with or without faults."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders, HTTPInputError, parse_request_start_line
from tornado.iostream import StreamClosedError

from fiddler_widgets.simulator.replies import Reply, error_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tornado.iostream import IOStream

__all__ = ["Connection", "Request"]

_HEAD_LIMIT = 64 * 1024
# The official client uploads a file in parts of 100 MiB.
_BODY_LIMIT = 128 * 2**20
_BLANKS = b" " * (64 * 1024)
# With a linger time of zero, closing a socket sends RST instead of FIN.
_LINGER_ZERO = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


@dataclass(frozen=True)
class Request:
    """A request as it was received.

    Attributes:
        method: The HTTP method.
        path: The path, without the query.
        query: The query, without the question mark.
        headers: The header fields.
        keep_alive: Whether the client wants to use the connection again.
        body: The body.
    """

    method: str
    path: str
    query: str
    headers: HTTPHeaders
    keep_alive: bool
    body: bytes = field(default=b"", repr=False)


class Connection:
    """One client's connection, served by `serve` until either side ends it."""

    def __init__(self, stream: IOStream, answer: Callable[[Request], Reply]) -> None:
        """Take a connection over.

        Args:
            stream: The accepted connection.
            answer: Returns the reply to a request, at once.
        """
        self._stream = stream
        self._answer = answer
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stream.set_nodelay(True)
        stream.set_close_callback(self._on_close)

    async def serve(self) -> None:
        """Answer requests one after the other until the connection ends."""
        try:
            while await self._exchange():
                pass
        except StreamClosedError:
            pass
        finally:
            self._stream.close()

    def drop(self) -> None:
        """End the connection from the server's side, whatever is under way."""
        self._stream.close()

    async def _exchange(self) -> bool:
        head = await self._stream.read_until(b"\r\n\r\n", max_bytes=_HEAD_LIMIT)
        try:
            request = _parse(head)
            length = _body_length(request.headers)
        except (HTTPInputError, ValueError) as error:
            return await self._send(error_reply(400, str(error), "BadRequest"), keep_alive=False)
        if length:
            request = replace(request, body=await self._read(length))
        return await self._send(self._answer(request), keep_alive=request.keep_alive)

    async def _read(self, length: int) -> bytes:
        # In several reads, since one read is limited to the stream's buffer.
        body = bytearray()
        while len(body) < length:
            body += await self._stream.read_bytes(length - len(body), partial=True)
        return bytes(body)

    async def _send(self, reply: Reply, *, keep_alive: bool) -> bool:
        keep_alive = keep_alive and reply.then == "keep"
        if reply.delay > 0:
            await self._pause(reply.delay)
        if reply.status is not None:
            await self._send_message(reply, reply.head(keep_alive=keep_alive))
        if reply.then == "hang":
            await self._pause(None)
        if reply.then == "reset":
            self._stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        return keep_alive

    async def _send_message(self, reply: Reply, head: bytes) -> None:
        body = b"" if reply.bodiless else reply.body
        if not (reply.head_pace or reply.body_pace):
            await self._stream.write(head + body)
        else:
            await self._write(head, reply.head_pace)
            await self._write(body, reply.body_pace)
        remaining = reply.padding
        while remaining > 0:
            await self._stream.write(_BLANKS[:remaining])
            remaining -= len(_BLANKS)

    async def _write(self, data: bytes, pace: float) -> None:
        if not pace:
            await self._stream.write(data)
            return
        for i in range(len(data)):
            await self._stream.write(data[i : i + 1])
            await self._pause(pace)

    async def _pause(self, seconds: float | None) -> None:
        """Sleep, but only until the client closes the connection."""
        done, _ = await asyncio.wait({self._closed}, timeout=seconds)
        if done:
            raise StreamClosedError

    def _on_close(self) -> None:
        if not self._closed.done():
            self._closed.set_result(None)


def _parse(head: bytes) -> Request:
    start_text, _, header_text = head.decode("latin-1").lstrip("\r\n").partition("\r\n")
    start = parse_request_start_line(start_text)
    headers = HTTPHeaders.parse(header_text)
    target = urlsplit(start.path)
    connection_header = headers.get("Connection", "").lower()
    keep_alive = "close" not in connection_header if start.version == "HTTP/1.1" else "keep-alive" in connection_header
    return Request(start.method, target.path, target.query, headers, keep_alive)


def _body_length(headers: HTTPHeaders) -> int:
    if "Transfer-Encoding" in headers:
        raise ValueError("A request body must have a Content-Length.")
    length = int(headers.get("Content-Length", "0"))
    if not 0 <= length <= _BODY_LIMIT:
        raise ValueError(f"A request body of {length} bytes is not accepted.")
    return length

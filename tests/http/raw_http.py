"""Plain HTTP for tests that must see every byte: nothing is retried, pooled or decoded."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.simulator import SimulatedJob, Simulator

TIMEOUT = 10.0


def request_bytes(sim: Simulator, path: str, *, close: bool = True) -> bytes:
    """Return a GET request with the right token, as it goes over the wire."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{sim.port}\r\n"
        f"Authorization: Bearer {sim.token}\r\n"
        f"Connection: {'close' if close else 'keep-alive'}\r\n\r\n"
    ).encode()


def job_path(job: SimulatedJob, *, verbose: bool = False) -> str:
    """Return the path that asks about a job."""
    return f"/v3/jobs/{job.id}" + ("?verbose=true" if verbose else "")


@contextmanager
def asking(sim: Simulator, job: SimulatedJob) -> Iterator[socket.socket]:
    """Return a socket on which a request about the job was sent."""
    with socket.create_connection(("127.0.0.1", sim.port), TIMEOUT) as sock:
        sock.sendall(request_bytes(sim, job_path(job)))
        yield sock


def read_all(sock: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def raw_answer(sim: Simulator, job: SimulatedJob) -> tuple[bytes, bytes]:
    """Ask about a job on a connection of its own; return header and body as they came."""
    with asking(sim, job) as sock:
        head, _, body = read_all(sock).partition(b"\r\n\r\n")
    return head, body


def get(
    sim: Simulator, path: str, *, token: str | None = None, method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Ask for a path with the simulator's or another token; return status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=TIMEOUT)
    try:
        bearer = sim.token if token is None else token
        connection.request(method, path, headers={"Authorization": f"Bearer {bearer}"})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def get_job(sim: Simulator, job: SimulatedJob, *, verbose: bool = False) -> dict[str, Any]:
    """Return the `data` of a good answer about a job."""
    status, _, body = get(sim, job_path(job, verbose=verbose))
    assert status == 200
    data: dict[str, Any] = json.loads(body)["data"]
    return data

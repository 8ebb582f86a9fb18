"""Which job is asked for next: requests are bounded in number, each server has its rate limit, and no job starves.

Not safe to share between threads: the poller's lock guards it.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from typing import TYPE_CHECKING

from fiddler_widgets.configs import REQUEST_TIMEOUT
from fiddler_widgets.polling.subscriptions import Server

if TYPE_CHECKING:
    from fiddler_widgets.polling.subscriptions import Channel, Fetcher

__all__ = ["PREFERRED", "Turns"]

PREFERRED = 5
"""Of so many turns of a server, at most one goes to a job in view, as long as others wait."""

_RESERVED = 2
"""How many requests one server must leave to the others, so that a server that hangs does not stop them."""

_MANY = 100
"""Requests within a second from which on it is worth while to make several at a time."""

_LOST = REQUEST_TIMEOUT + 5.0
"""Seconds after which a request counts no more as under way: an adapter of a user's may have no time-out."""


class Turns:
    """The servers, the channels that wait for a request to each of them, and the requests under way.

    Args:
        most: How many requests may be under way at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._servers: dict[Fetcher, Server] = {}
        self._numbers = itertools.count()
        self._saturated = False
        self._sent: deque[float] = deque(maxlen=_MANY)

    def server(self, fetcher: Fetcher) -> Server:
        """The `Server` that all channels of one fetcher share."""
        return self._servers.setdefault(fetcher, Server())

    @property
    def under_way(self) -> bool:
        """Whether there are requests without an answer."""
        return any(server.under_way for server in self._servers.values())

    def wait(self, channel: Channel, now: float) -> None:
        """Have a channel wait for its turn: among those in view if it is preferred, otherwise among the rest.

        Args:
            channel: The channel.
            now: Monotonic seconds.
        """
        server = channel.server
        channel.queue = server.preferred if channel.preferred_until > now else server.ready
        channel.queue.append(channel)

    def prefer(self, channel: Channel) -> None:
        """Move a waiting channel to those in view; its old place in the queue is passed over."""
        server = channel.server
        if channel.queue is server.ready:
            # The order matters: an interrupt must not leave it in neither.
            server.preferred.append(channel)
            channel.queue = server.preferred
            _pass_over(server)

    def take(self, now: float) -> tuple[Channel, int] | None:
        """The channel to ask for now, and the number of that request; ``None`` while none may be asked for.

        Args:
            now: Monotonic seconds.
        """
        ready = [server for server in self._able(now) if server.rate_limit.next_at <= now]
        if not ready:
            return None
        # The server with the fewest requests under way is first, so that a slow one keeps nobody waiting.
        server = min(ready, key=lambda candidate: len(candidate.under_way))
        number = next(self._numbers)
        first = server.preferred and (server.others >= PREFERRED - 1 or not server.ready)
        server.others = 0 if first else server.others + 1
        channel = (server.preferred if first else server.ready).popleft()
        channel.queue = None
        _pass_over(server)
        return channel, number

    def sent(self, channel: Channel, number: int, now: float) -> None:
        """Count the request that `take` returned as under way."""
        channel.server.rate_limit.note_request(now)
        channel.server.under_way[number] = now
        self._sent.append(now)

    @property
    def last_of_many(self) -> float:
        """When the last request was made, if there were many within a second; minus infinity otherwise."""
        sent = self._sent
        return sent[-1] if len(sent) == _MANY and sent[-1] - sent[0] <= 1 else -math.inf

    def over(self, channel: Channel, number: int) -> bool:
        """Count a request as over; returns whether a channel waits for its place."""
        channel.server.under_way.pop(number, None)
        return self._saturated

    def next_at(self, now: float) -> float:
        """When the next request may be made, in monotonic seconds; infinity while too many are under way."""
        return min((server.rate_limit.next_at for server in self._able(now)), default=math.inf)

    def clear(self) -> list[Fetcher]:
        """Forget all servers; returns them."""
        servers, self._servers = self._servers, {}
        return list(servers)

    def _able(self, now: float) -> list[Server]:
        """The servers with waiting channels that may have another request under way."""
        servers = self._servers.values()
        waiting = [server for server in servers if server.ready or server.preferred]
        if not waiting:
            self._saturated = False
            return waiting
        for server in servers:
            for number in [number for number, at in server.under_way.items() if now - at >= _LOST]:
                del server.under_way[number]
        share = self._most if len(servers) == 1 else max(1, self._most - _RESERVED)
        slots = self._most - sum(len(server.under_way) for server in servers)
        able = [server for server in waiting if len(server.under_way) < share] if slots > 0 else []
        self._saturated = len(able) < len(waiting)
        return able


def _pass_over(server: Server) -> None:
    """Remove from the front of the queue the channels that wait elsewhere by now, or have had their turn."""
    while server.ready and server.ready[0].queue is not server.ready:
        server.ready.popleft()

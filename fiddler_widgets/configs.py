"""The settings and limits.

``JOB_POLL_INTERVAL`` and ``JOB_WAIT_TIMEOUT`` are read at each call, so a new value counts from the next call on.
"""

from __future__ import annotations

from typing import Final

JOB_POLL_INTERVAL: float = 6
"""Seconds between two looks of a fixed schedule; the adaptive schedule pauses at most three times as long."""

JOB_WAIT_TIMEOUT: float = 1800
"""Seconds after which ``wait`` and ``watch`` give up when they are called without a ``timeout``."""

REQUEST_RATE_LIMIT: float = 50
"""The most requests a second to one server for all jobs together; it overrides every interval."""

SHORTEST_PAUSE: Final = 0.2
"""The least seconds between two requests for one job, also after failures."""

REQUEST_TIMEOUT: Final = 30.0
"""The most seconds that one request may take in all, from connecting to the last byte."""

CONNECT_TIMEOUT: Final = 10.0
"""The most seconds that connecting may take, for all addresses of the host together."""

RESPONSE_LIMIT: Final = 8 * 1024 * 1024
"""The most bytes that one answer may have after decompression."""

NOT_FOUND_TOLERANCE: Final = 10.0
"""Seconds from the first 404 in a watch until the job counts as not existing."""

FOREIGN_TOLERANCE: Final = 300.0
"""The most seconds in a row for which something on the way, such as a gateway, may answer instead of the platform."""

RETRY_AFTER_LIMIT: Final = 60.0
"""The longest pause in seconds that a server can ask for, with ``Retry-After`` and similar headers."""

ADDRESS_PATIENCE: Final = 0.25
"""Seconds after which the next address of a host is tried, while the first one has not answered (RFC 8305)."""

BACKOFF_FIRST: Final = 0.5
"""The cap in seconds of the first back-off pause; it doubles with each failure."""

BACKOFF_LIMIT: Final = 30.0
"""The largest cap in seconds of a back-off pause."""

UNSEEN_TIMEOUT: float = 600
"""Seconds without a message from any page, the kernel idle, after which a card stops, unless code waits for its job."""

HEARTBEAT: Final = 5.0
"""Seconds between two heartbeats from a watching card to its page."""

JOB_PAGE: str | None = None
"""A template of the address of a job's page, such as ``"{url}/jobs?id={id}"``: cards link the job's name to it."""

FREEZE: bool = True
"""Whether a card's output becomes a static card at the job's end, which a saved notebook shows without a kernel."""

AUTO_DISPLAY: bool = True
"""Whether the extension shows each job that the official client starts; read at each start."""

JOURNAL: bool | None = None
"""Whether jobs are remembered across kernels. ``None``: yes, but not in Voilà and papermill; ``True``: there, too.

Read at the start of each watch. The environment variable ``FIDDLER_WIDGETS_JOURNAL``, ``on`` or ``off``, does the same;
if either of the two switches the journal off, it is off."""

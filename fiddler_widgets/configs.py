"""The few constants of the contract.

``JOB_POLL_INTERVAL`` and ``JOB_WAIT_TIMEOUT`` are read at the time of each call, so assigning to them works at once.
"""

from __future__ import annotations

from typing import Final

JOB_POLL_INTERVAL: float = 6
"""Seconds between two looks that a fixed schedule would make; the adaptive one pauses at most twice that."""

JOB_WAIT_TIMEOUT: float = 1800
"""Seconds after which ``wait`` and ``watch`` give up when they are called without a ``timeout``."""

REQUEST_RATE_LIMIT: float = 50
"""Requests a second to one server, all jobs together, above which they are spread out; it overrides every interval."""

SHORTEST_PAUSE: Final = 0.2
"""Seconds that lie at least between two requests for one job, whatever fails."""

REQUEST_TIMEOUT: Final = 30.0
"""Seconds that one request may take in all, from connecting to the last byte."""

CONNECT_TIMEOUT: Final = 10.0
"""Seconds that connecting may take, all addresses of the host together."""

RESPONSE_LIMIT: Final = 8 * 1024 * 1024
"""Bytes that one answer may have after decompression."""

NOT_FOUND_TOLERANCE: Final = 10.0
"""Seconds from the first 404 in a watch until the job counts as not existing."""

FOREIGN_TOLERANCE: Final = 300.0
"""Seconds in a row for which something between a watched job and us may answer in the platform's place."""

RETRY_AFTER_LIMIT: Final = 60.0
"""Seconds up to which a server's ``Retry-After`` and the like are honoured."""

ADDRESS_PATIENCE: Final = 0.25
"""Seconds that connecting to one address of a host may take before the next one is tried beside it (RFC 8305)."""

BACKOFF_FIRST: Final = 0.5
"""The cap in seconds of the first back-off pause; it doubles with each failure."""

BACKOFF_LIMIT: Final = 30.0
"""The largest cap in seconds of a back-off pause."""

UNSEEN_TIMEOUT: float = 600
"""Seconds without a sign of life from any page, the kernel idle, after which a card nobody waits for stops asking."""

HEARTBEAT: Final = 5.0
"""Seconds between two signs of life from a watching card to its page."""

JOB_PAGE: str | None = None
"""A template of the address of a job's page, such as ``"{url}/jobs?id={id}"``: cards link the job's name to it."""

FREEZE: bool = True
"""Whether a card's output in a notebook becomes a card without the widget at the job's end, for saved notebooks."""

AUTO_DISPLAY: bool = True
"""Whether the extension shows each job that the official client starts; read at each start."""

JOURNAL: bool | None = None
"""Whether jobs are remembered across kernels. ``None``: yes, but not in Voilà and papermill; ``True``: there, too.

Read at the start of each watch. The environment variable ``FIDDLER_WIDGETS_JOURNAL``, ``on`` or ``off``, says the same
from outside; what either switches off is off."""

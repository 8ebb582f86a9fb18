"""What a failed request means for the watching of a job: whether to ask again, and when. Without I/O.

The pause before the next try is that of exponential back-off with full jitter (Brooker, "Exponential Backoff And
Jitter", 2015): ``max(0.2, uniform(0, cap))`` seconds, with the cap doubling from 0.5 s to 30 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fiddler_widgets import configs
from fiddler_widgets.exceptions import ApiConnectionError, ApiError, NotFound
from fiddler_widgets.messages import advice, sentence
from fiddler_widgets.models import Health
from fiddler_widgets.polling.rate_limit import asked_pause

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Failures", "Verdict", "backoff_pause"]

_TRANSIENT = frozenset((408, 425, 429, 500))


class Verdict(NamedTuple):
    """What follows from a failed request.

    Attributes:
        health: How the watching goes.
        detail: Why, in sentences for the user.
        pause: Seconds until the next try; ``None`` if there will be none.
        asked: Seconds for which the server asked to be left alone, by whomever.
    """

    health: Health
    detail: str
    pause: float | None = None
    asked: float = 0.0


class Failures:
    """The failures of one job's requests since the last success.

    Args:
        uniform: The source of jitter, such as `random.uniform`.
    """

    def __init__(self, uniform: Callable[[float, float], float]) -> None:
        self._uniform = uniform
        self.forget()

    def forget(self) -> None:
        """A request succeeded."""
        self._count = 0
        self._first_404: float | None = None
        self._foreign_since: float | None = None

    def judge(self, error: ApiError, now: float, *, known: bool) -> Verdict:
        """Take note of a failure, and decide what follows from it.

        Args:
            error: What went wrong.
            now: Seconds, of the same clock each time.
            known: Whether the job's state has been seen, so that the platform itself has answered before.
        """
        foreign = error.foreign and known
        self._foreign_since = (now if self._foreign_since is None else self._foreign_since) if foreign else None
        if self._foreign_since is not None and now - self._foreign_since < configs.FOREIGN_TOLERANCE:
            remaining = self._foreign_since + configs.FOREIGN_TOLERANCE - now
            return Verdict(Health.RETRYING, sentence(error.message), min(self._backoff(), remaining))
        if isinstance(error, NotFound) and not foreign:
            return self._missing(error, now, known=known)
        if is_transient(error):
            asked = asked_pause(error)
            return Verdict(Health.RETRYING, sentence(error.message), max(self._backoff(), asked), asked)
        if error.code in (401, 403) and not error.foreign:
            return Verdict(Health.REFUSED, f"The token was refused ({error.code}). {advice(error)}")
        health = Health.NOT_FOUND if isinstance(error, NotFound) else Health.ERROR
        return Verdict(health, f"{sentence(error.message)} {advice(error)}")

    def _missing(self, error: NotFound, now: float, *, known: bool) -> Verdict:
        self._first_404 = now if self._first_404 is None else self._first_404
        remaining = self._first_404 + configs.NOT_FOUND_TOLERANCE - now
        problem = sentence(error.message) if error.foreign else "The server does not know this job (404)."
        if remaining <= 0:
            return Verdict(Health.NOT_FOUND, f"{problem} {advice(error)}")
        detail = problem if error.foreign else f"{problem[:-1]}; a new job can take a moment to appear."
        return Verdict(Health.RETRYING if known else Health.STARTING, detail, min(self._backoff(), remaining))

    def _backoff(self) -> float:
        self._count += 1
        return backoff_pause(self._count, self._uniform)


def backoff_pause(failures: int, uniform: Callable[[float, float], float]) -> float:
    """The pause after a number of failures in a row.

    Args:
        failures: How many, at least 1.
        uniform: The source of jitter, such as `random.uniform`.

    Returns:
        Seconds.
    """
    cap = min(configs.BACKOFF_LIMIT, configs.BACKOFF_FIRST * 2 ** min(failures - 1, 30))
    return max(configs.SHORTEST_PAUSE, uniform(0, cap))


def is_transient(error: ApiError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, ApiConnectionError):
        return not error.permanent
    code = error.code or 0
    return error.malformed or code in _TRANSIENT or 502 <= code <= 599  # noqa: PLR2004

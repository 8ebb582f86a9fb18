"""Every sentence in exceptions and logs: what happened, to which job, and what to do now.

Text of the server is cut and stripped of control characters before it becomes part of a sentence, so that it misleads
neither a terminal nor a reader.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from fiddler_widgets.durations import setting, whole_percent
from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.models import JobState, JobStatus

if TYPE_CHECKING:
    from uuid import UUID

    from fiddler_widgets.jobs.job import Job

__all__ = [
    "CERTIFICATE_ADVICE",
    "JOB_GOES_ON",
    "PROXY_ADVICE",
    "PROXY_ASKS",
    "SOCKS_ADVICE",
    "SOCKS_ASKS",
    "SOCKS_FORMS",
    "SOCKS_LOGIN",
    "SOCKS_MISSING",
    "STOPPED_WATCHING",
    "UNVERIFIED",
    "UPGRADE_ADVICE",
    "advice",
    "api_error_text",
    "failure_text",
    "foreign_clause",
    "job_line",
    "job_name",
    "redirect_clause",
    "safe_text",
    "sentence",
    "several_failed_text",
    "several_stopped_text",
    "several_timeout_text",
    "socks_unknown",
    "started_text",
    "stopped_text",
    "timeout_text",
]

STOPPED_WATCHING = "Stopped watching; the job goes on."
JOB_GOES_ON = "The job goes on."
CERTIFICATE_ADVICE = "Give fw.init(verify=...) the path of the right CA bundle, or ask who runs the server."
PROXY_ASKS = "the proxy asks for a name and password, with status 407"
PROXY_ADVICE = (
    'Give them with its address, in fw.init(proxies={"https": "http://name:password@host:port"}) or in the environment '
    "variable HTTPS_PROXY."
)
SOCKS_ASKS = "the SOCKS proxy asks for another name and password"
SOCKS_LOGIN = (
    'Give them with its address, in fw.init(proxies={"https": "socks5h://name:password@host:port"}) or in the '
    "environment variable ALL_PROXY."
)
SOCKS_MISSING = "a SOCKS proxy is given, and the package that speaks with it is not installed"
SOCKS_ADVICE = 'Install it with pip install "requests[socks]", then restart the kernel.'
SOCKS_FORMS = "Write its address as socks5h://host:port, or with socks5, socks4a or socks4 in front."
UNVERIFIED = (
    "verify=False: the server's certificate is not checked, so that whoever sits on the way to it can read the API "
    "key. fw.init(verify=...) takes the path of a CA bundle as well."
)
UPGRADE_ADVICE = "The token was not sent there."

_NAME_LENGTH = 120
_TITLE_LENGTH = 60
_MESSAGE_LENGTH = 2000
_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe_text(text: str, limit: int = _NAME_LENGTH, *, lines: bool = False) -> str:
    """Sanitise a text of the server: no control characters, no bidirectional overrides, bounded.

    Args:
        text: The text of the server.
        limit: The most characters to keep; "…" marks a text that was cut.
        lines: Whether to keep line breaks; otherwise they become blanks, so that a text cannot imitate a log line.
    """
    cut = text[:limit].replace("\r\n", "\n")
    # Most texts are printable as they are, and a card may have a thousand of them.
    if not cut.isprintable():
        cut = "".join(_safe_character(character, lines=lines) for character in cut if character not in _BIDI_CONTROLS)
    return cut + "…" if len(text) > limit else cut


def _safe_character(character: str, *, lines: bool) -> str:
    if character in _BREAKS:
        return "\n" if lines else " "
    if character == "\t":
        return "\t" if lines else " "
    return "" if unicodedata.category(character) == "Cc" else character


def job_name(state: JobState | None, job_id: UUID | str) -> str:
    """A job's name and id, such as "job 'Upload' (e9a2…)"; the id alone while the name is unknown."""
    id_ = safe_text(str(job_id))
    return f"job '{safe_text(state.name)}' ({id_})" if state is not None and state.name else f"job {id_}"


def job_line(state: JobState) -> str:
    """Status and progress on one line, such as "STARTED, 42 %"."""
    progress = "" if state.progress is None else f", {whole_percent(state.progress)}"
    return f"{safe_text(str(state.status), 40)}{progress}"


def _last_seen(state: JobState | None) -> str:
    return f"It was last seen at {job_line(state)}." if state is not None else "It has not been seen yet."


def sentence(clause: str) -> str:
    """A clause as a sentence, with a capital and a full stop."""
    text = safe_text(clause, _MESSAGE_LENGTH).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def foreign_clause(code: int, title: str) -> str:
    """A clause that something between here and the platform has answered, with the title of its page."""
    quoted = f' "{safe_text(title, _TITLE_LENGTH)}"' if title else ""
    return f"something between here and the platform answers in its place ({code}{quoted})"


def socks_unknown(scheme: str) -> str:
    """A clause that the scheme of a SOCKS proxy's address is unknown."""
    return (
        f"a proxy is given whose address begins with {safe_text(scheme, 20)}://, which leaves open how to speak with it"
    )


def redirect_clause(code: int, target: str, *, upgrade: bool = False) -> str:
    """A clause on where a redirect leads; ``upgrade`` if that is https on the same host."""
    use = f"; use {target} in fw.init(url=...)" if upgrade else ""
    return f"the server redirected ({code}) to {target}{use}"


def advice(error: ApiError) -> str:
    """What the user can do about an error of the server or the network, as a sentence."""
    if error.advice:
        return error.advice
    if error.foreign:
        return (
            "It may be a proxy, a firewall or a gateway, or the platform being deployed anew: try again a little "
            "later, and ask who runs the network if it goes on."
        )
    return _connection_advice(error) if isinstance(error, ApiConnectionError) else _answer_advice(error)


def _connection_advice(error: ApiConnectionError) -> str:
    if not error.permanent:
        return "Check the address, the network and any proxy, then try again."
    return "Correct what fw.init() was given."


def _answer_advice(error: ApiError) -> str:
    code = error.code or 0
    if code in (401, 403):
        return "Create a new API key in the platform's settings (Credentials) and give it to fw.init(token=...)."
    if code == 404:  # noqa: PLR2004
        return "Check the id, and that fw.init() leads to the platform on which the job was started."
    if 300 <= code < 400:  # noqa: PLR2004
        return (
            "The token was not sent there. If that is the right place, give its address to fw.init(url=...); "
            "if not, ask who runs the platform."
        )
    if error.malformed:
        return "Check that fw.init(url=...) leads to the Fiddler platform, not to a login page or a proxy."
    if code in (408, 425, 429) or (code >= 500 and code != 501):  # noqa: PLR2004
        return "The server may be busy or starting; try again."
    return "Check the id and the versions of the platform and of fiddler-widgets."


def api_error_text(error: ApiError, state: JobState | None, job_id: UUID | str) -> str:
    """The text of an `ApiError` that a user gets."""
    refused = "The token was refused: " if error.code in (401, 403) and not error.foreign else ""
    problem = sentence(error.message) if not refused else safe_text(error.message, _MESSAGE_LENGTH).rstrip(".") + "."
    last = f" {_last_seen(state)}" if state is not None else ""
    return f"{_capital(job_name(state, job_id))}: {refused}{problem}{last} {advice(error)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def failure_text(state: JobState) -> str:
    """The text of `AsyncJobFailed` and `JobRevoked`."""
    name = _capital(job_name(state, state.id))
    at = "" if state.progress is None else f" at {whole_percent(state.progress)}"
    reason = safe_text(state.error_reason or "")
    message = safe_text(state.error_message or "", _MESSAGE_LENGTH, lines=True)
    cause = ": ".join(part for part in (reason, message) if part)
    if state.status == JobStatus.REVOKED:
        return (
            f"{name} was revoked{at}{': ' + cause if cause else ''}. It did not finish; start it again if it is needed."
        )
    return (
        f"{name} failed{at} (status FAILURE) with {cause or 'no reason given'}\n"
        "Fix the cause and start the job again; Job.get(id, verbose=True).extras holds the errors of its subtasks."
    )


def timeout_text(state: JobState | None, job_id: UUID | str, timeout: float, failure: str) -> str:
    """The text of `JobTimeoutError`."""
    name = _capital(job_name(state, job_id))
    if failure:
        clause = safe_text(failure, _MESSAGE_LENGTH).rstrip(".")
        return (
            f"{name} could not be seen to its end within {setting(timeout)}: {clause}. {_last_seen(state)} "
            "As far as is known it goes on; when the trouble is mended, wait again."
        )
    return (
        f"{name} was not over after {setting(timeout)}. {_last_seen(state)} "
        "It goes on; wait again, or with a longer timeout (math.inf for none)."
    )


def several_timeout_text(
    pending: int,
    jobs: int,
    timeout: float,
    example: JobState | None,
    example_id: UUID | str,
    again: str = "as_completed",
) -> str:
    """The text of the `JobTimeoutError` of `as_completed`, or of another wait for several jobs."""
    return (
        f"{pending} of {jobs} jobs were not over after {setting(timeout)}, such as {job_name(example, example_id)}. "
        f"They go on; call {again} again to follow them."
    )


def several_failed_text(failed: int, jobs: int, first: JobState) -> str:
    """The text of the `AsyncJobFailed` of a board: how many jobs failed, and the text about the first of them."""
    return f"{failed} of {jobs} jobs did not succeed; .failed lists them. The first: {failure_text(first)}"


def several_stopped_text(pending: int, jobs: int) -> str:
    """The text of the `WatchStopped` of a board."""
    return (
        f"Watching was stopped before {pending} of {jobs} jobs were over. They go on; call wait() again to follow them."
    )


def started_text(job: Job) -> str:
    """The line in a terminal about a job that was started."""
    name = job_name(job.state, job.id)
    return f"Started {name}. fiddler_widgets.Job.get('{safe_text(str(job.id))}').wait() follows it."


def stopped_text(state: JobState | None, job_id: UUID | str) -> str:
    """The text of `WatchStopped`."""
    return (
        f"Watching {job_name(state, job_id)} was stopped before it was over. {_last_seen(state)} "
        "The job goes on; call wait() again to follow it."
    )
